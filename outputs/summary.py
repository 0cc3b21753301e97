"""Summarising runs: every measure of every run, from the tables to what is kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from stepdown.outputs.measures.activity import Activity, activity_of
from stepdown.outputs.measures.adaptations import adaptation_cases, seen_adaptations
from stepdown.outputs.measures.areas import area_waits
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Integers
from stepdown.outputs.measures.occupancy import Amounts, monthly_averages
from stepdown.outputs.measures.periods import Periods
from stepdown.outputs.measures.place_days import place_days
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.measures.throughput import count_moves
from stepdown.outputs.measures.waits import Seen, list_waits, step_waits
from stepdown.outputs.money.bill import bill_of
from stepdown.outputs.money.terms import terms_of
from stepdown.outputs.sheets import Sheet, without_empty_rows
from stepdown.outputs.summary_parts import (
    ALL_LISTS,
    MEASURES,
    OptionSummary,
    Sheets,
    Summary,
    join_summaries,
)
from stepdown.outputs.summary_sheets import (
    areas_sheet,
    costs_by_month_sheet,
    costs_sheet,
    delay_sheet,
    keys_of_tally,
    measures_sheet,
    moves_sheet,
    occupancy_sheet,
    times_of,
    waits_sheet,
)
from stepdown.outputs.tally import Tally, tally
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

__all__ = ["ALL_LISTS", "MEASURES", "Summary", "join_summaries", "summarise"]


def summarise(tables: Tables, scenario: Scenario, window: Window, known: Iterable[tuple[str, int]] = ()) -> Summary:
    """Return what is kept of runs of one scenario.

    Parameters
    ----------
    tables
        What the runs yielded: any number of replications.
    scenario
        The scenario that was run.
    window
        The time that is measured.
    known
        Option and replication of runs that count although nobody may have come in them.
    """
    return summarise_history(read_history(tables, scenario, window, find_runs(tables, known)))[0]


def summarise_history(history: History) -> tuple[Summary, Activity]:
    """Return what is kept of runs of one scenario, and what is paid for in them."""
    scenario = history.scenario
    cases, terms = adaptation_cases(history), terms_of(scenario, history.sites)
    activity = activity_of(history, cases)
    ledger = place_days(activity, terms.changes)
    averages, moves = monthly_averages(history, ledger), count_moves(history)
    bill = bill_of(activity, scenario, terms, ledger)
    waits = (list_waits(history), *step_waits(history))
    sheets = {
        "measures": measures_sheet(history, averages, ledger.months, moves),
        "waits": waits_sheet(history, waits),
        "moves": moves_sheet(history, moves),
        "delay": delay_sheet(history),
        "costs": costs_sheet(bill),
        "costs_by_month": costs_by_month_sheet(bill),
        "areas": areas_sheet(history, ledger),
    }
    times = (*waits, area_waits(history, waits[0]), seen_adaptations(history, cases))
    options = []
    for number, option in enumerate(history.runs.options):
        runs = np.flatnonzero(history.runs.option == number)
        kept = Sheets(
            occupancy=_occupancy(history, averages, ledger.months, runs),
            **{name: _of_runs(sheet, runs) for name, sheet in sheets.items()},
        )
        options.append(OptionSummary(option, history.runs.replication[runs], kept, _times(history, times, number)))
    return Summary(tuple(options)), activity


def _of_runs(sheet: Sheet, runs: Integers) -> Sheet:
    """Return what a sheet says of some runs, without causes and waits that none of them has."""
    some = sheet.some_runs(runs)
    return without_empty_rows(some) if sheet.sparse else some


def _occupancy(history: History, averages: Amounts, months: Periods, runs: Integers) -> Sheet:
    some = Amounts(*(amount[runs] for amount in averages))
    return occupancy_sheet(some, tuple(history.scenario.settings), months)


def _times(history: History, times: Sequence[Seen], option: int) -> Tally:
    """Count the waits and adaptations of one option; adaptations come last."""
    keys, begins = keys_of_tally(history, times[:-1])
    steps, adaptations = history.steps, times[-1]
    tenures = len(steps.tenures) + 1
    what = [begin + seen.name for begin, seen in zip(begins, times[:-1], strict=False)]
    what.append(begins[-1] + adaptations.name * tenures + steps.tenure[adaptations.row] % tenures)
    columns = (np.concatenate(what), *times_of(times))
    if len(history.runs.options) > 1:
        run = np.concatenate([seen.run for seen in times])
        columns = tuple(column[history.runs.option[run] == option] for column in columns)
    return tally(keys, *columns)
