"""The sheets that are read rather than reckoned with: assumptions, notes, and the cover."""

from __future__ import annotations

from typing import Any

from stepdown.outputs.money.perspectives import COUNCIL
from stepdown.outputs.words.covers import covers, drawn_inputs
from stepdown.outputs.words.wording import capitalised, say_date
from stepdown.outputs.workbook.checks import Checks
from stepdown.outputs.workbook.distribution import Distribution
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import NOUGHT, words
from stepdown.outputs.workbook.functions import when
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.mtfs import Mtfs
from stepdown.outputs.workbook.npv import EXPECTED, PLANNED, Npv
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import POUNDS, SHARE, THOUSANDS
from stepdown.outputs.workbook.who_pays import WhoPays
from stepdown.scenarios.loader import CARRY_ON
from stepdown.scenarios.published_rates import discount_schedule, price_index

CONTENTS = {
    "Inputs": "everything that may be changed: prices, who bears them, discount rates, growth, optimism bias",
    "Activity": "what is paid for: weeks, moves, payments, as simulated",
    "Cashflow": "activity x price x share, line by line; savings in constant prices and in cash",
    "Who pays": "the same by payer, and for council, public sector, residents and everybody",
    "NPV": "discounted: net present value, the same amount every year, payback; planned and expected",
    "MTFS": "the council's cash in £000: cashable, avoided, non-cashable, one-off",
    "Sensitivity": "each price lower and higher, and where nothing is left of the saving",
    "Distribution": "every paired run, and the range of 8 in 10",
    "Assumptions": "the log: value, range, source, owner, date, quality",
    "Checks": "what must agree, and which inputs were changed",
    "Notes": "what the figures cover, and where they come from",
}
"""What each sheet holds."""


def write_assumptions(book: Book, facts: Facts) -> None:
    """Write the log of assumptions of the option, whose facts are carry-on's but for its levers."""
    sheet = Sheet(book, "Assumptions", [46, 24, 10, 10, 62, 14, 14, 8], with_years=False)
    sheet.title("Assumptions", f"What the scenario of {facts.case.option} says of its values, in its own words.")
    sheet.columns("Value", "What is assumed", "Low", "High", "Source", "Owner", "Dated", "Quality", numbers_from=8)
    sheet.freeze_rows()
    for one in facts.option.assumptions:
        path = ".".join(str(key) for key in one.path)
        dated = say_date(one.dated) if one.dated is not None else ""
        texts = (path, _said(one.value), _said(one.low), _said(one.high), one.source, one.owner, dated, one.quality)
        for column, text in enumerate(texts):
            sheet.put(column, text, look="wrapped")
        sheet.row += 1


def _said(value: Any) -> str:
    """Say a value as a scenario writes it, without brackets where it is one value."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_said(below)}" for key, below in value.items())
    return str(value)


def write_notes(book: Book, facts: Facts) -> None:
    """Write what the figures cover, and where they come from."""
    run, scenario = facts.run, facts.scenario
    manifest, window = run.manifest, run.window
    index = price_index(scenario.appraisal.deflator)
    sheet = Sheet(book, "Notes", [28, 110], with_years=False)
    sheet.title("Notes")
    schedules = [discount_schedule(name) for name in scenario.appraisal.discount]
    lines = {
        "What is compared": (
            f"{facts.case.option} with {CARRY_ON}; savings are {CARRY_ON} minus option, paired run by run."
        ),
        "Period": (
            f"{window.years:.2f} years from {say_date(window.start)}; financial years run from April "
            "to March, and a part of one is marked."
        ),
        "The range of 8 in 10 runs": (
            f"{covers(drawn_inputs(scenario))}. Chance is who comes, how long they need, which flat falls vacant. For "
            "doubt about prices and other inputs, see Sensitivity and Assumptions."
        ),
        "Prices": (
            f"constant prices of {scenario.price_base}; prices of other years are turned over with "
            f"{index.title}, {index.source}"
        ),
        "Cash": "constant prices times the growth on the sheet Inputs. Cash is never discounted with the real rates.",
        "Discounting": "; ".join(f"{one.title}: {one.source}" for one in schedules),
        "Planned and expected": (
            "Planned is as simulated. Expected takes optimism bias and delivery confidence off what "
            "is saved in a year in which the option saves on average, and adds optimism bias to "
            "set-up and capital."
        ),
        "Words for savings": (
            "Cashable: a budget really falls. Avoided: growth that does not happen. Non-cashable: an "
            "average cost that nobody sends a bill for. One-off: set-up and capital. Recurrent: "
            "everything else."
        ),
        "What may be changed": (
            "yellow cells. Prices, shares, rates, growth and bias flow through. Activity does not: "
            "other places, people or dates have to be simulated."
        ),
        "Formulas": (
            "hold no numbers but 0; whatever else they need stands in a cell. One formula per row across the years."
        ),
        "Run": (
            f"{run.folder.name}, made {manifest['made']}, study {manifest['study']}, seed "
            f"{manifest['seed']}, {len(facts.replications)} paired runs, engine {manifest['engine']}"
        ),
        "Command": str(manifest["command"]),
        "Versions": ", ".join(
            [
                f"stepdown {manifest['stepdown']}",
                f"Python {manifest['python']}",
                *(f"{name} {version}" for name, version in manifest["packages"].items()),
            ]
        ),
    }
    for what, text in lines.items():
        sheet.put(0, what, look="wrapped")
        sheet.put(1, text, look="wrapped")
        sheet.row += 1


def write_cover(
    sheet: Sheet,
    facts: Facts,
    inputs: Inputs,
    figures: tuple[WhoPays, Npv, Mtfs, Distribution],
    checks: Checks,
) -> None:
    """Write what it is about, what comes out, and where everything stands."""
    option = facts.option
    window = facts.run.window
    sheet.title(f"{facts.scenario.title}: {option.name}", option.about)
    sheet.text(
        f"{option.name} beside {CARRY_ON}, {window.years:.2f} years from {say_date(window.start)}, "
        f"prices of {facts.scenario.price_base}."
    )
    if option.levers:
        sheet.note(f"Levers: {', '.join(option.levers)}")
    state = when(checks.differ > NOUGHT, words("a check differs: see Checks"), words("every check agrees"))
    changed = when(
        checks.changed > NOUGHT, words("inputs were changed: see Checks"), words("inputs are as stepdown wrote them")
    )
    sheet.heading("State of this workbook")
    for formula in (state, changed):
        sheet.put(0, formula, look="strong left")
        sheet.row += 1
    _headlines(sheet, inputs, figures)
    sheet.heading("Sheets")
    for name, about in CONTENTS.items():
        sheet.link(name)
        sheet.put(1, about)
        sheet.row += 1
    sheet.row += 1
    sheet.put(0, "Yellow", look="input")
    sheet.put(1, "cells may be changed; everything else follows")


def _headlines(sheet: Sheet, inputs: Inputs, figures: tuple[WhoPays, Npv, Mtfs, Distribution]) -> None:
    who, npv, mtfs, distribution = figures
    sheet.heading("What it saves: above 0 saved, below 0 more is paid")
    titles = [schedule.title for schedule in inputs.schedules]
    planned = [f"Net present value, {title}" for title in titles]
    sheet.columns("Whose money", "A year, on average", *planned, "Pays back after years (0: nothing to pay back)")
    for name in inputs.weights:
        sheet.put(0, capitalised(name))
        sheet.put(1, who.yearly[name], POUNDS)
        for at in range(len(titles)):
            sheet.put(2 + at, npv.present[name, PLANNED, at], POUNDS)
        sheet.put(2 + len(titles), npv.payback[name, PLANNED], "0.0")
        sheet.row += 1
    sheet.row += 1
    lines = [
        ("Council, 8 in 10 runs: from, a year", distribution.low, POUNDS),
        ("Council, 8 in 10 runs: to, a year", distribution.high, POUNDS),
        ("Part of the runs in which it costs the council more", distribution.costs_more, SHARE),
        ("Council, net present value, expected", npv.present[COUNCIL, EXPECTED, 0], POUNDS),
    ]
    if mtfs.full_year is not None:
        year, effect = mtfs.full_year
        lines.append((f"Council, full-year effect in cash, £000 ({year})", effect, THOUSANDS))
    for what, figure, number in lines:
        sheet.put(0, what)
        sheet.put(1, figure, number)
        sheet.row += 1
