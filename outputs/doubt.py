"""Doubt about the inputs and chance, told apart.

Where inputs are drawn for each run, the runs differ by both. The first runs are made once more with every input at its
central value and the same luck: how these differ is chance alone. By the law of total variance what is left of the
spread is doubt about the inputs: Var(all) = E[Var(all | inputs)] + Var(E[all | inputs]), with the first term taken at
the central values. More runs narrow neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from stepdown.outputs.compare import BASELINE
from stepdown.outputs.measured_runs import Progress, measure_runs
from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.precision import main_measures
from stepdown.outputs.summary import Summary, summarise_history
from stepdown.outputs.words.covers import say_inputs
from stepdown.outputs.words.numbers import percent, pounds, pounds_range
from stepdown.outputs.work import Work, central_work
from stepdown.scenarios.loader import Study
from stepdown.scenarios.uncertainty import Uncertain

MOST = 200
"""Runs that are made again: a variance from so many is known to a tenth."""

COLUMNS = (
    "option",
    "measure",
    "inputs",
    "runs",
    "spread",
    "spread_by_chance",
    "share_of_inputs",
    "low_by_chance",
    "high_by_chance",
    "most_on",
    "most_share",
)
"""What is said of each main measure of each option; see `doubt_apart`."""

_NOTABLE = 0.1
"""An input is named if it goes with at least such a share of the spread."""


def doubt_apart(study: Study, work: Work, summary: Summary, jobs: int, progress: Progress) -> pd.DataFrame:
    """Return how much of the spread of the runs is doubt about the inputs, and how much chance.

    Parameters
    ----------
    study, work
        What was run, with its uncertain options.
    summary
        What is kept of its runs.
    jobs
        Processes that make runs again.
    progress
        Told how far that is.

    Returns
    -------
    pd.DataFrame
        No rows if no input is drawn; else one for each option and measure that varies: ``saving`` (pounds a year, of
        options beside carry-on) and ``wait`` (mean days on all lists). Columns: inputs (how many are drawn in it);
        runs; spread and spread_by_chance (standard deviations); share_of_inputs (of the variance, from 0 to 1);
        low_by_chance and high_by_chance (the range of 8 in 10 runs by chance alone); most_on and most_share (the
        input whose ranks go with most of the variance of the ranks of the measure, and with how much; missing where
        none stands out).
    """
    if not work.uncertain:
        return pd.DataFrame(columns=list(COLUMNS))
    alone = central_work(study, tuple(work.networks), work.plan)
    seen = {one.option: main_measures(Summary((one,)), work.window) for one in summary.options}
    runs = min(MOST, *(len(table) for table in seen.values()))
    parts = measure_runs(alone, runs, _main, jobs, progress)
    by_chance = {option: pd.concat(parts[option]) for option in seen}
    rows = []
    for option, uncertain in work.uncertain.items():
        for measure in _MEASURES:
            both = _values(seen, option, measure), _values(by_chance, option, measure)
            rows += [{"option": option, "measure": measure, **said} for said in _apart(*both, uncertain)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def doubt_sentences(doubt: pd.DataFrame, option: str) -> Iterator[str]:
    """Yield what is to be said of the doubt about an option's saving."""
    for row in doubt[(doubt["option"] == option) & (doubt["measure"] == "saving")].to_dict("records"):
        most = f", {row['most_on']} above all" if isinstance(row["most_on"], str) else ""
        yield (
            f"Of the spread of its saving {percent(row['share_of_inputs'])} is doubt about {say_inputs(row['inputs'])}"
            f"{most}; with these at their central values chance alone leaves "
            f"{pounds_range(row['low_by_chance'], row['high_by_chance'])} in 8 in 10 runs (standard deviation "
            f"{pounds(row['spread_by_chance'])}, with the doubt {pounds(row['spread'])})."
        )


_MEASURES = ("saving", "wait")


def _main(history: History) -> pd.DataFrame:
    return main_measures(summarise_history(history)[0], history.window)


def _values(found: Mapping[str, pd.DataFrame], option: str, measure: str) -> Floats:
    """Return a measure of each run; of the option that others are compared with there is no saving."""
    if measure == "wait":
        return found[option]["wait"].to_numpy(dtype=np.float64)
    if BASELINE not in found or option == BASELINE:
        return np.empty(0)
    saved: Floats = (found[BASELINE]["cost"] - found[option]["cost"]).to_numpy(dtype=np.float64)
    return saved


def _apart(seen: Floats, by_chance: Floats, uncertain: Uncertain) -> Iterator[dict[str, Any]]:
    """Yield the row of one measure; nothing where it does not vary, or is not there in two runs."""
    known, chance = ~np.isnan(seen), by_chance[~np.isnan(by_chance)]
    if known.sum() < 2 or len(chance) < 2 or not seen[known].std() > 0:
        return
    spread, spread_by_chance = float(seen[known].std(ddof=1)), float(chance.std(ddof=1))
    low, high = np.quantile(chance, [0.1, 0.9])
    most_on, most_share = _most_on(seen[known], np.flatnonzero(known), uncertain)
    yield {
        "inputs": len(uncertain.past),
        "runs": int(known.sum()),
        "spread": spread,
        "spread_by_chance": spread_by_chance,
        "share_of_inputs": max(0.0, 1 - (spread_by_chance / spread) ** 2),
        "low_by_chance": float(low),
        "high_by_chance": float(high),
        "most_on": most_on,
        "most_share": most_share,
    }


def _most_on(seen: Floats, runs: np.ndarray[Any, Any], uncertain: Uncertain) -> tuple[str | None, float]:
    """Return the input whose ranks explain most of those of the measure, if that is a notable share."""
    draws = np.array([uncertain.drawn(int(run)) for run in runs])
    ranks = rankdata(seen)
    shares = [_squared_correlation(rankdata(column), ranks) for column in draws.T]
    most = int(np.argmax(shares))
    return (uncertain.past[most].name, shares[most]) if shares[most] >= _NOTABLE else (None, shares[most])


def _squared_correlation(first: Floats, second: Floats) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1] ** 2)
