"""The part of the inputs that says what is paid at which price, and who bears it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from stepdown.outputs.workbook.facts import SIDES, Facts, Price
from stepdown.outputs.workbook.formulas import Formula, cell, down
from stepdown.outputs.workbook.functions import total_where
from stepdown.outputs.workbook.sheet import Sheet
from stepdown.outputs.workbook.styles import FACTOR, PENCE, PLAIN, SHARE
from stepdown.scenarios.assumptions import Assumption
from stepdown.scenarios.published_rates import price_index

Sides: TypeAlias = tuple[Formula, Formula]
"""A cell, or a range, of carry-on and one of the option."""


class Prices(NamedTuple):
    """The cells of prices, each for carry-on and for the option.

    Attributes
    ----------
    numbers
        The range of the prices' numbers.
    based
        By price: pounds in prices of the price base.
    shares
        By price and bearer: the part that is borne.
    council
        The ranges of what one of each costs the council.
    """

    numbers: Formula
    based: Mapping[int, Sides]
    shares: Mapping[tuple[int, str], Sides]
    council: Sides


def write_prices(sheet: Sheet, facts: Facts, whole: Formula, council: Mapping[str, Formula]) -> Prices:
    """Write prices, who bears them, and what one of each costs the council."""
    factors = _indices(sheet, facts)
    based, numbers = _prices(sheet, facts, factors)
    shares, number_of, parts = _shares(sheet, facts, whole, council)
    ones = _council(sheet, facts, based, number_of, parts)
    return Prices(numbers, based, shares, ones)


def _indices(sheet: Sheet, facts: Facts) -> dict[str, Formula]:
    """Write the price index of each year whose prices are used, and return their cells."""
    base = facts.scenario.price_base
    years = sorted({base, *(price.price_year for price in facts.prices if price.price_year)})
    index = price_index(facts.scenario.appraisal.deflator)
    sheet.heading("Price index: what the same things cost in the years of the prices")
    sheet.note(f"{index.title} (published {index.published}). {index.source}")
    sheet.columns("", "Financial year", "Unit", "Index", numbers_from=3)
    cells = {}
    for year in years:
        sheet.put(1, year)
        sheet.put(2, "price base" if year == base else "index")
        cells[year] = sheet.input(3, f"Price index of {year}", index.at(year), FACTOR)
        sheet.row += 1
    return cells


def _prices(sheet: Sheet, facts: Facts, index: Mapping[str, Formula]) -> tuple[dict[int, Sides], Formula]:
    base = facts.scenario.price_base
    sheet.heading("Prices")
    sheet.columns(
        "No.", "Price", "Unit", "Carry-on", "Option", "Carry-on, price base", "Option, price base", "", numbers_from=3
    )
    first, based = sheet.row, {}
    for price in facts.prices:
        sheet.put(0, float(price.number), PLAIN, "number")
        sheet.put(1, price.name)
        own = price.price_year if price.price_year != base else None
        sheet.put(2, f"{price.unit}{f', {own} prices' if own else ''}")
        found = []
        for side, pounds in enumerate(price.pounds):
            if pounds is None:
                found.append(cell(sheet.name, sheet.row, 5 + side, 0.0))
                continue
            written = sheet.input(3 + side, f"{price.name}, {price.unit}, {SIDES[side]}", pounds, PENCE)
            turned = written * (index[base] / index[own]) if own else written
            found.append(sheet.put(5 + side, turned, PENCE))
        sheet.across(7, _source(facts, price), "note")
        based[price.number] = (found[0], found[1])
        sheet.row += 1
    return based, down(sheet.name, first, 0, [float(price.number) for price in facts.prices])


def _shares(
    sheet: Sheet, facts: Facts, whole: Formula, council: Mapping[str, Formula]
) -> tuple[dict[tuple[int, str], Sides], Formula, Sides]:
    """Write who bears which part of each price; whoever pays it bears what others do not."""
    sheet.heading("Who bears which part of each price, and what of that is the council's")
    sheet.columns(
        "Price", "Price", "Borne by", "Carry-on", "Option", "Council's, carry-on", "Council's, option", numbers_from=3
    )
    first, numbers = sheet.row, list[float]()
    shares: dict[tuple[int, str], Sides] = {}
    parts: tuple[list[float], list[float]] = ([], [])
    for price in facts.prices:
        others = [bearer for bearer in price.shares if bearer != price.payer]
        for bearer in (*others, price.payer):
            sheet.put(0, float(price.number), PLAIN, "number")
            sheet.put(1, price.name)
            sheet.put(2, bearer)
            found = [
                _share(
                    sheet,
                    price,
                    bearer,
                    side,
                    whole,
                    [shares[price.number, one] for one in others if one != bearer and (price.number, one) in shares],
                )
                for side in (0, 1)
            ]
            for side, place in enumerate(found):
                parts[side].append(sheet.put(5 + side, place * council[bearer], SHARE).value)
            shares[price.number, bearer] = (found[0], found[1])
            numbers.append(float(price.number))
            sheet.row += 1
    ranges = (down(sheet.name, first, 5, parts[0]), down(sheet.name, first, 6, parts[1]))
    return shares, down(sheet.name, first, 0, numbers), ranges


def _share(sheet: Sheet, price: Price, bearer: str, side: int, whole: Formula, others: Sequence[Sides]) -> Formula:
    """Write the part of a price that somebody bears: an input, but for what is left to whoever pays it."""
    share = price.shares[bearer][side]
    if share is None:
        return cell(sheet.name, sheet.row, 3 + side, 0.0)
    if price.is_contribution:
        return sheet.put(3 + side, whole if share > 0 else -whole, SHARE)
    if bearer != price.payer:
        return sheet.input(3 + side, f"{price.name}: what {bearer} bears, {SIDES[side]}", share, SHARE)
    left = whole
    for other in others:
        left = left - other[side]
    return sheet.put(3 + side, left, SHARE)


def _council(sheet: Sheet, facts: Facts, based: Mapping[int, Sides], numbers: Formula, parts: Sides) -> Sides:
    """Write what one of each costs the council, in prices of the price base."""
    sheet.heading("What one of each costs the council")
    sheet.columns("No.", "Price", "Unit", "", "", "Carry-on", "Option", numbers_from=3)
    first, found = sheet.row, (list[float](), list[float]())
    for price in facts.prices:
        number = sheet.put(0, float(price.number), PLAIN, "number")
        sheet.put(1, price.name)
        sheet.put(2, price.unit)
        for side, pounds in enumerate(based[price.number]):
            borne = total_where(numbers, number, parts[side])
            found[side].append(sheet.put(5 + side, pounds * borne, PENCE).value)
        sheet.row += 1
    return down(sheet.name, first, 5, found[0]), down(sheet.name, first, 6, found[1])


def _source(facts: Facts, price: Price) -> str:
    """Say where a price stands in the scenario, and where it comes from."""
    said = next((one for one in facts.option.assumptions if _is_of(one, price)), None)
    path = ".".join(price.path)
    return f"{path}: {said.source}" if said is not None and said.source else f"{path}: no source is given"


def _is_of(assumption: Assumption, price: Price) -> bool:
    keys = tuple(str(key) for key in assumption.path)
    return keys == price.path[: len(keys)]
