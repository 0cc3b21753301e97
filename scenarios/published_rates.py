"""Discount schedules and price indices: dated data with a source, in files and by name, never constants in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.financial_years import financial_year_from, first_year, parse_financial_year
from stepdown.scenarios.quantities import parse_growth
from stepdown.scenarios.trees import plain
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.yaml_text import read_yaml


@dataclass(frozen=True)
class DiscountSchedule:
    """Real discount rates that may fall with distance.

    Attributes
    ----------
    name, title, published, source
        What it is called, and where it comes from.
    rates
        Pairs of a year and the rate from it on, in order; year 0 is not discounted.
    """

    name: str
    title: str
    published: str
    source: str
    rates: tuple[tuple[int, float], ...]

    def rate(self, year: int) -> float:
        """Return the rate of a year, counted from 1."""
        return next((rate for since, rate in reversed(self.rates) if since <= year), 0.0)

    def factors(self, years: int) -> tuple[float, ...]:
        """Return the factors of years 0, 1, … : 1 ÷ Π (1 + rate of each year from 1 to it)."""
        found = [1.0]
        for year in range(1, years):
            found.append(found[-1] / (1 + self.rate(year)))
        return tuple(found[:years])


@dataclass(frozen=True)
class PriceIndex:
    """What the same things cost in different financial years.

    Attributes
    ----------
    name, title, published, source
        What it is called, and where it comes from.
    index
        By financial year, such as ``2026/27``.
    forecast_from
        The first year that is a forecast.
    """

    name: str
    title: str
    published: str
    source: str
    index: Mapping[str, float]
    forecast_from: str

    def at(self, year: str) -> float:
        """Return the index of a financial year; beyond the last one it grows on as in the last year.

        Raises
        ------
        ChoiceError
            For a year before the first.
        """
        if year in self.index:
            return self.index[year]
        known = sorted(self.index)
        beyond = first_year(year) - first_year(known[-1])
        if beyond < 0:
            raise ChoiceError(f"{self.name} begins in {known[0]}, so prices of {year} cannot be turned into others")
        return self.index[known[-1]] * float((self.index[known[-1]] / self.index[known[-2]]) ** beyond)

    def factor(self, of: str, into: str) -> float:
        """Return by how much an amount in prices of one year is multiplied to be in prices of another."""
        return self.at(into) / self.at(of)

    def extended(self, year: str) -> bool:
        """Whether the index of a year goes beyond what was published."""
        return year > max(self.index)


def discount_schedule(name: str) -> DiscountSchedule:
    """Return a discount schedule by its name; a rate such as ``4%`` is one of its own.

    Raises
    ------
    ChoiceError
        If there is none of that name.
    """
    known = _schedules()
    if name in known:
        return known[name]
    try:
        rate = parse_growth(name)
    except ValueError:
        remedy = did_you_mean(name, known) or f". There are {', '.join(known)}; or write a rate, such as 4%"
        raise ChoiceError(f"there is no discount schedule {name!r}{remedy}") from None
    return DiscountSchedule(name, f"{name} a year", "", "the scenario's own rate", ((1, rate),))


def price_index(name: str) -> PriceIndex:
    """Return a price index by its name.

    Raises
    ------
    ChoiceError
        If there is none of that name.
    """
    known = [path.stem for path in sorted(_folder().glob("*.yaml")) if path.stem != "discount-schedules"]
    if name not in known:
        remedy = did_you_mean(name, known) or f". There is {', '.join(known)}"
        raise ChoiceError(f"there is no price index {name!r}{remedy}")
    return _index(name)


@cache
def _schedules() -> dict[str, DiscountSchedule]:
    found = {}
    for name, entry in _read("discount-schedules").items():
        rates = tuple((int(year), parse_growth(rate)) for year, rate in entry["rates"].items())
        found[name] = DiscountSchedule(name, entry["title"], str(entry["published"]), entry["source"], rates)
    return found


@cache
def _index(name: str) -> PriceIndex:
    data = _read(name)
    index = {parse_financial_year(year): float(value) for year, value in data["index"].items()}
    first = [first_year(year) for year in index]
    if first != list(range(first[0], first[0] + len(first))):
        raise ValueError(f"{name} lacks a year after {financial_year_from(first[0])}")
    return PriceIndex(name, data["title"], str(data["published"]), data["source"], index, data["forecast_from"])


def _read(name: str) -> dict[str, Any]:
    return dict(plain(read_yaml(_folder() / f"{name}.yaml").root))


def _folder() -> Path:
    return Path(str(resources.files("stepdown.scenarios"))) / "published"
