"""The sheets of a summary: what each measure says of every run, in dense arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stepdown.outputs.measures.adaptations import ADAPTATION_TIME
from stepdown.outputs.measures.areas import AREA_MEASURES, area_amounts, areas_of
from stepdown.outputs.measures.columns import destinations
from stepdown.outputs.measures.delay import CAUSES, delay_by_run, names_of_delay
from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.occupancy import AVERAGES, Amounts, listed_at_end
from stepdown.outputs.measures.over_stays import over_stay_amounts
from stepdown.outputs.measures.periods import Periods
from stepdown.outputs.measures.place_days import PlaceDays
from stepdown.outputs.measures.survival import STATISTICS, statistics, with_entries
from stepdown.outputs.measures.throughput import KINDS as MOVE_KINDS
from stepdown.outputs.measures.throughput import Moves
from stepdown.outputs.measures.waits import COUNTS, Seen, counts_of, target_of
from stepdown.outputs.money.bill import KINDS as COST_KINDS
from stepdown.outputs.money.bill import Bill
from stepdown.outputs.sheets import Keys, Sheet, narrowed, product
from stepdown.outputs.summary_parts import ALL_LISTS, MEASURES

HUNDREDTHS = 100
"""Monthly averages are kept in hundredths of a person or place."""


def measures_sheet(history: History, averages: Amounts, months: Periods, moves: Moves) -> Sheet:
    """Return one value a run for each of `MEASURES` and setting or list that it is of."""
    window, settings = history.window, tuple(history.scenario.settings)
    limited = np.flatnonzero(history.lists.limited)
    over_settings, over = over_stay_amounts(history)
    over_at = np.array([settings.index(name) for name in over_settings], dtype=np.int64)
    by_kind = _by_kind(moves)
    every, whole = np.arange(len(settings)), np.array([-1])
    parts: list[tuple[str, Integers, Floats]] = [
        *((f"{kind}_a_year", whole, count / window.years) for kind, count in zip(MOVE_KINDS, by_kind, strict=True)),
        ("waiting_at_end", limited, listed_at_end(history)[:, limited]),
        ("over_at_end", over_at, over.over_at_end),
        ("over_days_a_year", over_at, over.over_days / window.years),
        *((name, every, getattr(averages, name) @ months.lengths / window.days) for name in ("people", "voids")),
        ("delayed", every, averages.delayed @ months.lengths / window.days),
    ]
    measure = np.repeat([list(MEASURES).index(name) for name, _, _ in parts], [len(names) for _, names, _ in parts])
    codes = np.stack([measure, np.concatenate([names for _, names, _ in parts])], axis=1)
    values = np.concatenate([values for _, _, values in parts], axis=1)
    return Sheet(Keys(("measure", "name"), (tuple(MEASURES), settings), codes), ("value",), values[:, :, None])


def _by_kind(moves: Moves) -> list[Floats]:
    """Return the moves of each kind, shape (runs, 1)."""
    by_route = moves.counts.sum(axis=2)
    return [by_route[:, moves.kind == kind].sum(axis=1, keepdims=True) for kind in range(len(MOVE_KINDS))]


def waits_sheet(history: History, waits: Sequence[Seen]) -> Sheet:
    """Return what the waits of each run on each list and for each step say; NaN where nobody waited."""
    on_lists = waits[0]
    everywhere = on_lists._replace(measure=ALL_LISTS, names=(ALL_LISTS,), name=np.zeros_like(on_lists.name))
    kinds = (*waits, everywhere)
    keys, begins = keys_of_times(kinds)
    rows, runs = len(keys.codes), history.runs.number
    together = np.concatenate(
        [seen.run * rows + (begin + seen.name) for seen, begin in zip(kinds, begins, strict=True)]
    )
    entry, duration, outcome = times_of(kinds)
    ones = np.ones(len(outcome), dtype=np.int64)
    texts, targets = keys.texts(keys.names), history.scenario.targets
    target = np.array([target_of(str(measure), str(name), targets) for measure, name in texts], dtype=np.float64)
    target[keys.where(measure=ALL_LISTS)] = np.nan
    numbers = np.empty((runs * rows, len(COUNTS) + len(STATISTICS)))
    numbers[:, : len(COUNTS)] = counts_of(together, outcome, ones, runs * rows)
    numbers[:, len(COUNTS) :] = statistics(
        with_entries(together, duration, outcome == 0, entry, ones), runs * rows, np.tile(target, runs)
    )
    numbers[numbers[:, 0] == 0] = np.nan
    columns, fixed = (*COUNTS, *STATISTICS), {"target_days": target}
    return Sheet(keys, columns, numbers.reshape(runs, rows, len(columns)), absent=np.nan, fixed=fixed, sparse=True)


def times_of(kinds: Sequence[Seen]) -> tuple[Floats, Floats, Integers]:
    """Return entry, duration and outcome of times of several measures, one after the other."""
    return (
        np.concatenate([seen.entry for seen in kinds]),
        np.concatenate([seen.duration for seen in kinds]),
        np.concatenate([seen.outcome for seen in kinds]),
    )


def keys_of_times(kinds: Sequence[Seen]) -> tuple[Keys, list[int]]:
    """Return a row for each measure and name, and where the rows of each measure begin."""
    measures = tuple(seen.measure for seen in kinds)
    names = tuple(dict.fromkeys(name for seen in kinds for name in seen.names))
    codes = [(at, names.index(name)) for at, seen in enumerate(kinds) for name in seen.names]
    begins = np.cumsum([0, *(len(seen.names) for seen in kinds)])[:-1].tolist()
    return Keys(("measure", "name"), (measures, names), np.array(codes, dtype=np.int64).reshape(-1, 2)), begins


def occupancy_sheet(averages: Amounts, settings: tuple[str, ...], months: Periods) -> Sheet:
    """Return the monthly averages of the runs of one option; those that are never above 0 have no row."""
    kept = [name for name in AVERAGES if name != "places"]
    keys = product(average=kept, setting=settings, month=months.labels)
    numbers = np.stack([getattr(averages, name) for name in kept], axis=1)
    numbers = narrowed(np.rint(numbers * HUNDREDTHS))
    shown = np.asarray(numbers.any(axis=(0, 3)))
    shown[kept.index("people")] = True
    fixed = {"places": np.tile(averages.places[0].ravel(), len(kept))}
    sheet = Sheet(keys, ("value",), numbers.reshape(len(numbers), -1, 1), HUNDREDTHS, fixed=fixed)
    return sheet.some_rows(np.repeat(shown.ravel(), len(months.labels)))


def moves_sheet(history: History, moves: Moves) -> Sheet:
    """Return the moves of each run by route and financial year; zeros for a route that anybody took."""
    runs, routes, years = moves.counts.shape
    of_route = np.repeat(np.stack([moves.origin, moves.destination, moves.kind], axis=1), years, axis=0)
    codes = np.column_stack([of_route, np.tile(np.arange(years), routes)])
    labels = (tuple(history.scenario.settings), destinations(history.scenario), MOVE_KINDS, moves.periods.labels)
    keys = Keys(("from", "to", "kind", "financial_year"), labels, codes)
    fixed = {"days": np.tile(moves.periods.lengths, routes)}
    return Sheet(keys, ("moves",), narrowed(moves.counts.reshape(runs, routes * years, 1)), fixed=fixed)


def delay_sheet(history: History) -> Sheet:
    """Return the days of delay of each run by what caused them."""
    found = delay_by_run(history)
    keys = product(cause=CAUSES, name=names_of_delay(history))
    return Sheet(keys, ("days",), found.reshape(len(found), len(keys.codes), 1), sparse=True)


def costs_sheet(bill: Bill) -> Sheet:
    """Return the pounds of each run by line of the bill and financial year."""
    years, pounds = bill.of_financial_years()
    names = ("payer", "kind", "setting", "item")
    lines = [(line.payer, line.kind, line.setting, line.item) for line in bill.lines]
    columns = list(zip(*lines, strict=True)) or [()] * len(names)
    labels = [tuple(dict.fromkeys(text for text in column if text is not None)) for column in columns]
    labels[1] = COST_KINDS
    codes = [
        [-1 if text is None else known.index(text) for text in column]
        for column, known in zip(columns, labels, strict=True)
    ]
    of_line = np.repeat(np.array(codes, dtype=np.int64).T.reshape(-1, len(names)), len(years), axis=0)
    keys = Keys(
        (*names, "financial_year"),
        (*labels, years),
        np.column_stack([of_line, np.tile(np.arange(len(years)), len(lines))]),
    )
    return Sheet(keys, ("pounds",), _side_by_side(pounds, bill.runs.number))


def costs_by_month_sheet(bill: Bill) -> Sheet:
    """Return the pounds of each run by payer and month."""
    payers, pounds = bill.of_payers()
    numbers = _side_by_side(pounds, bill.runs.number).astype(np.float32)
    return Sheet(product(payer=payers, month=bill.months.labels), ("pounds",), numbers)


def areas_sheet(history: History, ledger: PlaceDays) -> Sheet:
    """Return what each run says of each area."""
    keys = product(measure=tuple(AREA_MEASURES), area=areas_of(history))
    return Sheet(keys, ("value",), area_amounts(history, ledger).reshape(history.runs.number, len(keys.codes), 1))


def _side_by_side(pounds: Sequence[Floats], runs: int) -> Floats:
    return np.concatenate([np.empty((runs, 0)), *pounds], axis=1)[:, :, None]


def keys_of_tally(history: History, waits: Sequence[Seen]) -> tuple[Keys, list[int]]:
    """Return what times are counted by, and where the rows of each measure begin.

    Adaptations come last, with a row for each tier and each tenure, the last of which is none.
    """
    keys, begins = keys_of_times(waits)
    steps = history.steps
    split = np.indices((len(steps.tiers), len(steps.tenures) + 1)).reshape(2, -1).T
    split[split[:, 1] == len(steps.tenures), 1] = -1
    names = tuple(dict.fromkeys((*keys.labels[1], *steps.tiers)))
    name = np.array([names.index(tier) for tier in steps.tiers], dtype=np.int64)[split[:, 0]]
    adaptation = np.column_stack([np.full(len(split), len(waits)), name, split])
    plain = np.column_stack([keys.codes, np.full((len(keys.codes), 2), -1)])
    labels = ((*keys.labels[0], ADAPTATION_TIME), names, steps.tiers, steps.tenures)
    codes = np.concatenate([plain, adaptation])
    return Keys(("measure", "name", "tier", "tenure"), labels, codes), [*begins, len(plain)]
