"""The whole workbook, written beside its place and put there when it is complete."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from stepdown.outputs.finished_run import FinishedRun
from stepdown.outputs.money_report import cost_run
from stepdown.outputs.run_files import file_names
from stepdown.outputs.workbook.cashflow import write_activity, write_cashflow
from stepdown.outputs.workbook.checks import Sheets, write_checks
from stepdown.outputs.workbook.distribution import write_distribution
from stepdown.outputs.workbook.facts import Facts, facts_of
from stepdown.outputs.workbook.inputs import write_inputs
from stepdown.outputs.workbook.mtfs import write_mtfs
from stepdown.outputs.workbook.npv import write_npv
from stepdown.outputs.workbook.sensitivity import write_sensitivity
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.texts import write_assumptions, write_cover, write_notes
from stepdown.outputs.workbook.who_pays import write_who_pays
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.loader import CARRY_ON
from stepdown.scenarios.words import did_you_mean


def write_workbooks(
    run: FinishedRun, path: Path, names: Sequence[str] = (), overwrite: bool = False
) -> dict[str, Path]:
    """Write the workbook of each option that is named, or of all, and return their paths.

    Parameters
    ----------
    run
        A finished run, of carry-on and other options.
    path
        Where the workbook goes; with several options each has its own, with its name added.
    names
        Options beside carry-on.
    overwrite
        Whether workbooks that are there may be written over.

    Raises
    ------
    ChoiceError
        If there is no such option, a workbook is there, or nothing can be said of the money in cash.
    NotComparableError
        If the run holds nothing to compare.
    """
    cases = {case.option: case for case in cost_run(run)}
    for name in names:
        if name not in cases:
            remedy = did_you_mean(name, cases) or f". There are {', '.join(cases)}"
            raise ChoiceError(f"{run.folder} holds no option {name!r} beside {CARRY_ON}{remedy}")
    chosen = tuple(dict.fromkeys(names)) or tuple(cases)
    paths = _paths(path, chosen)
    taken = [str(one) for one in paths.values() if one.exists()]
    if taken and not overwrite:
        raise ChoiceError(f"{', '.join(taken)} exists. Name another file, or add --overwrite")
    for name, one in paths.items():
        write_workbook(facts_of(run, cases[name]), one)
    return paths


def _paths(path: Path, options: Sequence[str]) -> dict[str, Path]:
    if len(options) == 1:
        return {options[0]: path}
    names = file_names(options, path.suffix)
    return {option: path.with_name(f"{path.stem}-{name}") for option, name in names.items()}


def write_workbook(facts: Facts, path: Path) -> None:
    """Write a workbook: there is no file, or the one that was there, until all is written."""
    whole = io.BytesIO()
    workbook = Workbook(whole, {"in_memory": True})
    # The date of the run and not of this moment, so that the same run and prices give the same file.
    made = dt.datetime.fromisoformat(facts.run.manifest["made"]).replace(tzinfo=None)
    title = f"{facts.scenario.title}: {facts.case.option}"
    workbook.set_properties({"title": title, "comments": "Made by stepdown", "created": made})
    _write(Book(workbook, facts.years, facts.parts), facts)
    workbook.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.unfinished")
    try:
        partial.write_bytes(whole.getvalue())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write(book: Book, facts: Facts) -> None:
    """Write the sheets in the order in which they build on one another; the cover comes first and is filled last."""
    cover = Sheet(book, "Cover", [46, 24, 24, 24, 24], with_years=False)
    inputs = write_inputs(book, facts)
    activity = write_activity(book, facts)
    cashflow = write_cashflow(book, facts, inputs, activity)
    who = write_who_pays(book, facts, inputs, cashflow)
    npv = write_npv(book, facts, inputs, who)
    mtfs = write_mtfs(book, facts, inputs, cashflow)
    sensitivity = write_sensitivity(book, facts, inputs, activity, who, npv)
    distribution = write_distribution(book, facts, inputs)
    write_assumptions(book, facts)
    checks = write_checks(book, facts, inputs, Sheets(cashflow, who, npv, mtfs, sensitivity, distribution))
    write_notes(book, facts)
    write_cover(cover, facts, inputs, (who, npv, mtfs, distribution), checks)
    book.finish()
