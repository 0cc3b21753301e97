"""Whether forecasts hold what they promise on councils whose truth is known: writes docs/recovery-backtests.md."""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from blocked_council import COUNCIL
from report import Section, Table, wrapped

from stepdown.calibration.backtesting.forecast import Forecast, forecast
from stepdown.calibration.backtesting.remaking import Remade
from stepdown.calibration.backtesting.scores import LEVELS, Scores
from stepdown.calibration.history import STAYS, CouncilHistory, known_on, typed
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import read_study

DOCUMENT = Path(__file__).parents[1] / "docs" / "recovery-backtests.md"

FROM = dt.date(2024, 4, 1)
"""Three years are known, and three are forecast."""

RUNS, AHEAD = 100, 3
"""Futures of each forecast; and the period, from 0, whose outcomes are counted: one a council, a year ahead."""

HEAD = """\
# Recovery: back-tests

Written by `make recovery` (`benchmarks/recovery_backtests.py`). {councils} small councils are made up with one truth;
three years of each are known, with dates on which people were ready, and three are forecast. Counted is where the
outcomes of the fourth quarter ahead lie, in {series} series: outcomes of one council hang together, so errors
are taken over councils.
"""


def as_it_is(known: CouncilHistory) -> CouncilHistory:
    """Return a history untouched."""
    return known


def without_truncation(known: CouncilHistory) -> CouncilHistory:
    """Return a history that pretends to have seen every stay from its first day, whenever the records began."""
    return replace(known, begins=min(known.begins, known.stays["entered"].min().date()))


def completed_alone(known: CouncilHistory) -> CouncilHistory:
    """Return a history without the stays that have not ended, but for who is there."""
    return replace(known, stays=typed(known.stays[known.stays["left"].notna()], STAYS))


def without_blocked_time(known: CouncilHistory) -> CouncilHistory:
    """Return a history in which people are taken to have been ready on the day on which they left."""
    return replace(known, stays=known.stays.assign(ready=known.stays["left"]))


NEGLECTS: dict[str, Callable[[CouncilHistory], CouncilHistory]] = {
    "fitted to what was known": as_it_is,
    "truncation ignored": without_truncation,
    "completed stays alone": completed_alone,
    "blocked time taken for need": without_blocked_time,
}


class Counted(NamedTuple):
    """What one forecast says of one council, by series: how far off it was, and in which ranges outcomes lie."""

    names: list[str]
    error: np.ndarray
    ranked: np.ndarray
    covered: np.ndarray


def nothing_shown(done: int, of: int) -> None:
    """Show no progress."""


@contextmanager
def shown() -> Iterator[Callable[[int, int], None]]:
    """Give a progress that shows nothing."""
    yield nothing_shown


def one_council(number: int) -> dict[str, Counted]:
    """Forecast one council in every way."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "base.yaml").write_text(COUNCIL.replace("years: 4", "years: 6"), encoding="utf-8")
        study = read_study(folder)
    history = simulate_past(study.options["carry-on"].scenario, 1000 + number, f"council {number}")
    known = known_on(history, FROM)
    found = {"truth": forecast(history, study, FROM, 3, RUNS, 1, 1, nothing_shown)}
    for name, neglect in NEGLECTS.items():
        made = Remade(study, None, 1, 1, shown)(neglect(known))
        found[name] = forecast(history, made, FROM, 3, RUNS, 1, 1, nothing_shown)
    counted = {name: _counted(each, each.scores) for name, each in found.items()}
    return counted | {"naive forecast": _counted(found["truth"], found["truth"].naive_scores)}


def _counted(each: Forecast, scores: Scores) -> Counted:
    return Counted(
        [one.name for one in each.series],
        scores.error[:, AHEAD],
        scores.ranked[:, AHEAD],
        np.array([scores.coverage(level)[:, AHEAD] for level in LEVELS]),
    )


def rows_of(found: list[dict[str, Counted]]) -> list[list[str]]:
    """Return a row for each way to forecast: coverage with its standard error over councils, bias and score."""
    rows = []
    for name in found[0]:
        own = [each[name] for each in found]
        covered = np.array([one.covered.mean(axis=1) for one in own])
        error = covered.std(axis=0, ddof=1) / np.sqrt(len(own))
        shares = [
            f"{100 * share:.0f} ± {100 * near:.0f}" for share, near in zip(covered.mean(axis=0), error, strict=True)
        ]
        off = np.mean([abs(mean) for mean in _mean_errors(own).values()])
        ranked = float(np.mean([one.ranked.mean() for one in own]))
        rows.append([name, *shares, f"{off:.2f}", f"{ranked:.2f}"])
    return rows


def _mean_errors(own: list[Counted]) -> dict[str, float]:
    """Return the mean error over councils, by series; where nobody waits in a council, it has fewer of them."""
    errors: dict[str, list[float]] = {}
    for one in own:
        for name, error in zip(one.names, one.error.tolist(), strict=True):
            errors.setdefault(name, []).append(error)
    return {name: float(np.mean(found)) for name, found in errors.items()}


def main(councils: int, jobs: int) -> str:
    """Forecast every council, and return the document."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(one_council, range(councils)))
    series = len({name for each in found for name in each["truth"].names})
    heads = ["forecast", *(f"in {100 * level:.0f}%" for level in LEVELS), "bias", "score"]
    how = (
        "Truth: the study that the council was made with. The others are fitted to what was known, as they should be "
        "or with something neglected. In 50%, 80%, 95%: percent of outcomes within these ranges, with a standard "
        "error. Bias: the mean error of each series over councils, without its sign, averaged over series, in people. "
        "Score: continuous ranked probability score, in people; lower is better.\n\n"
        f"It took {time.perf_counter() - begun:,.0f} s with {jobs} processes."
    )
    section = Section("Coverage a year ahead", how, [Table(heads, rows_of(found))])
    return wrapped_head(HEAD.format(councils=councils, series=series)) + "\n" + section.markdown()


def wrapped_head(text: str) -> str:
    """Return the head of the document, its paragraph in lines of a common width."""
    title, _, rest = text.partition("\n\n")
    return f"{title}\n\n{wrapped(' '.join(rest.split()))}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    DOCUMENT.write_text(main(asked.councils, asked.jobs), encoding="utf-8")
    print(f"Written: {DOCUMENT}")
