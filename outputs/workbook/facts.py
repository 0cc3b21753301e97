"""What a workbook is made from: one option beside carry-on, by price, kind, place and financial year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stepdown.outputs.finished_run import FinishedRun
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.periods import parts_of_financial_years
from stepdown.outputs.money.budget import need_price_base
from stepdown.outputs.money.case import Case
from stepdown.outputs.money.paid_for import PaidFor, paid_for
from stepdown.outputs.money.price_points import PricePoint, price_points
from stepdown.scenarios.errors import ChoiceError, NotComparableError
from stepdown.scenarios.loader import CARRY_ON, Option
from stepdown.scenarios.quantities import looks_like_date
from stepdown.scenarios.schema import Scenario

SIDES = (CARRY_ON, "option")
"""What is compared."""


SECTIONS = {
    "prices": "",
    "voids": "empty places",
    "contributions": "contribution",
    "running_costs": "running cost",
    "steps": "grant",
}
ONCE = {"moves": "move", "adaptations": "adaptation", "set_up": "set-up", "capital": "capital"}
"""What people call the parts of a scenario that hold prices."""

DATED = {"set-up", "capital"}
"""Of these, those that are paid on dates."""

FIELDS = {"per_person_per_week", "per_place_per_week", "tapers_to", "grant", "amount"}
"""Keys that a price's unit says already."""


class Price(NamedTuple):
    """One price, of carry-on, of the option, or of both.

    Attributes
    ----------
    number
        Its number in the workbook.
    path, unit, price_year
        See `stepdown.outputs.money.price_points.PricePoint`.
    pounds
        What it is in carry-on and in the option; None where there is no such price.
    shares
        Who bears which part of it, in carry-on and in the option; None as above.
    payer
        Who pays it.
    """

    number: int
    path: tuple[str, ...]
    unit: str
    price_year: str | None
    pounds: tuple[float | None, float | None]
    shares: Mapping[str, tuple[float | None, float | None]]
    payer: str

    @property
    def is_contribution(self) -> bool:
        """Whether one payer pays it to another."""
        return self.path[0] == "contributions"

    @property
    def name(self) -> str:
        """What people call it."""
        section, *keys = self.path
        kind = ONCE[keys.pop(0)] if section == "one_off_costs" else SECTIONS[section]
        *keys, last = (key for key in keys if key not in FIELDS)
        if "tapers_to" in self.path:
            last = f"after {last}"
        elif looks_like_date(last):
            last = f"{'on' if section == 'one_off_costs' and kind in DATED else 'from'} {last}"
        return ", ".join(part for part in (kind, *keys, last) if part)


class Amount(NamedTuple):
    """What is paid for at a price, of one kind and in one place: shape (runs, years), for each side."""

    price: Price
    kind: str
    setting: str
    item: str
    runs: tuple[Floats, Floats]


@dataclass(frozen=True)
class Facts:
    """Everything that a workbook holds.

    Attributes
    ----------
    run
        The finished run.
    case
        What the model says that the option is worth: the workbook is held against it.
    parts
        Shape (years,): the part of each financial year that was measured.
    prices, amounts
        The prices, and what is paid for at each.
    """

    run: FinishedRun
    case: Case
    parts: Floats
    prices: tuple[Price, ...]
    amounts: tuple[Amount, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years."""
        return self.case.savings.years

    @property
    def scenario(self) -> Scenario:
        """The option's scenario, whose rules of appraisal hold."""
        return self.case.scenario

    @property
    def option(self) -> Option:
        """The option."""
        return self.run.options[self.case.option]

    @property
    def replications(self) -> Integers:
        """The runs that were paired."""
        return self.case.savings.replications


def facts_of(run: FinishedRun, case: Case) -> Facts:
    """Gather what the workbook of one option holds.

    Raises
    ------
    ChoiceError
        If the scenario does not say of which year its prices are, or has none.
    NotComparableError
        If carry-on and the option are in prices of different years.
    """
    need_price_base(case.scenario)
    scenarios = [run.options[name].scenario for name in (CARRY_ON, case.option)]
    bases = {(scenario.price_base, scenario.appraisal.deflator) for scenario in scenarios}
    if len(bases) > 1:
        raise NotComparableError(
            f"{CARRY_ON} and {case.option} are in prices of different years, or of different indices. "
            "Give both one price_base and one appraisal.deflator"
        )
    paid = [_paid(run, name, case) for name in (CARRY_ON, case.option)]
    used = {_key(one.point) for found in paid for one in found}
    if not any(paid):
        raise ChoiceError(
            f"nothing is paid for in {CARRY_ON} or {case.option}. Give the scenario prices, or use --prices"
        )
    prices = _prices([[point for point in price_points(one) if _key(point) in used] for one in scenarios])
    return Facts(run, case, parts_of_financial_years(run.window), prices, tuple(_amounts(paid, prices, case)))


def _paid(run: FinishedRun, name: str, case: Case) -> list[PaidFor]:
    """Return what is paid for in the runs that were paired."""
    activity = run.activity(name)
    _, _, kept = np.intersect1d(case.savings.replications, activity.runs.replication, return_indices=True)
    found = paid_for(activity, run.options[name].scenario)
    return [one._replace(amounts=one.amounts[kept]) for one in found]


def _key(point: PricePoint) -> tuple[tuple[str, ...], str | None]:
    return point.path, point.price_year


def _prices(found: Sequence[list[PricePoint]]) -> tuple[Price, ...]:
    sides = [{_key(point): point for point in points} for points in found]
    prices = []
    for number, key in enumerate(dict.fromkeys([*sides[0], *sides[1]]), 1):
        points = [side.get(key) for side in sides]
        known = next(point for point in points if point is not None)
        bearers = dict.fromkeys(name for point in points if point is not None for name in point.shares)
        shares = {
            name: tuple(None if point is None else point.shares.get(name, 0.0) for point in points) for name in bearers
        }
        pounds = tuple(None if point is None else point.pounds for point in points)
        prices.append(Price(number, known.path, known.unit, known.price_year, pounds, shares, known.payer))  # type: ignore[arg-type]
    return tuple(prices)


def _amounts(paid: Sequence[list[PaidFor]], prices: Sequence[Price], case: Case) -> list[Amount]:
    sides = [{(*_key(one.point), one.kind, one.setting, one.item): one.amounts for one in found} for found in paid]
    number = {(price.path, price.price_year): price for price in prices}
    nothing = np.zeros((len(case.savings.replications), len(case.savings.years)))
    found = []
    for path, year, kind, setting, item in dict.fromkeys([*sides[0], *sides[1]]):
        runs = tuple(side.get((path, year, kind, setting, item), nothing) for side in sides)
        found.append(Amount(number[path, year], kind, setting, item, (runs[0], runs[1])))
    return sorted(found, key=lambda one: one.price.number)
