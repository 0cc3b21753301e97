"""One forecast: from what was known on a date, over the periods that came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from stepdown.calibration.backtesting.naive import naive_forecast
from stepdown.calibration.backtesting.scores import Scores, score
from stepdown.calibration.backtesting.series import Numbers, Series, counted, periods, series_of
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.caseload import caseload_of
from stepdown.calibration.history import CouncilHistory, known_on
from stepdown.calibration.matching.layout import Layout, layout_of
from stepdown.calibration.matching.opening import Opening, opening_with
from stepdown.calibration.matching.pool import Pasts, Progress, simulated
from stepdown.calibration.matching.records import Records, records_of_history
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import CARRY_ON, Study
from stepdown.scenarios.schema import UNCERTAINTY
from stepdown.scenarios.schema_places import Resident
from stepdown.scenarios.uncertainty import uncertain_options

SAMPLES = 2000
"""Futures of the naive forecast."""

_NAIVE, _TIES, _NAIVE_TIES = 1, 2, 3
"""Purposes of chance, besides that of the runs."""


@dataclass(frozen=True)
class Forecast:
    """A forecast, and what came.

    Attributes
    ----------
    date
        The first day that was not known.
    edges
        Where its periods begin and end.
    series
        What was forecast.
    past
        Shape (series, past periods): what was known of each, in periods of the same length that end on the date.
    observed
        Shape (series, periods): what came.
    samples
        Shape (runs, series, periods): what the model had said.
    naive
        Shape (samples, series, periods): what no model would have said; NaN where too little was known.
    scores, naive_scores
        How good both were.
    """

    date: dt.date
    edges: tuple[dt.date, ...]
    series: tuple[Series, ...]
    past: Numbers
    observed: Numbers
    samples: Numbers
    naive: Numbers
    scores: Scores
    naive_scores: Scores


def forecast(
    history: CouncilHistory,
    study: Study,
    date: dt.date,
    months: int,
    runs: int,
    seed: int,
    jobs: int,
    progress: Progress,
) -> Forecast:
    """Forecast what was to come on a date, and score it by what came.

    Parameters
    ----------
    history
        Everything; the model and the naive forecast know what was known on the date.
    study
        What is simulated: its carry-on, with the draws of its uncertain inputs. Its own caseload is not used.
    date
        The first day that is not known.
    months
        Length of a period.
    runs, seed, jobs
        Futures of the model, the address of their chance, and processes.
    progress
        Told how far it is.

    Raises
    ------
    ValueError
        If the date is not within the records.
    RunError
        If no whole period follows the date, or no stay is in a setting of the study.
    """
    known = known_on(history, date)
    edges = periods(date, history.ends, months)
    if len(edges) < 2:
        raise RunError(f"from {date} to {history.ends} there is no whole period of {months} months to forecast")
    scenario = study.options[CARRY_ON].scenario
    layout = layout_of(scenario, known)
    before = _past_edges(known, date, months)
    series, past = _counted_before(known, layout, series_of(known, tuple(scenario.settings)), before)
    observed = _observed(history, layout, series, edges)
    samples = _futures(known, study, layout, series, edges, runs, seed, jobs, progress)
    naive = np.stack(
        [
            naive_forecast(past[row], one, len(edges) - 1, 12 // months, SAMPLES, _chance(seed, date, _NAIVE, row))
            for row, one in enumerate(series)
        ],
        axis=1,
    )
    return Forecast(
        date,
        edges,
        series,
        past,
        observed,
        samples,
        naive,
        score(samples, observed, _chance(seed, date, _TIES)),
        score(naive, observed, _chance(seed, date, _NAIVE_TIES)),
    )


def _chance(seed: int, date: dt.date, *purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, date.toordinal(), *purpose])))


def _past_edges(known: CouncilHistory, date: dt.date, months: int) -> tuple[dt.date, ...]:
    """Return the whole periods before a date, back to where the records begin."""
    last, edges = pd.Timestamp(date), [pd.Timestamp(date)]
    while (edge := last - pd.DateOffset(months=months * len(edges))) >= pd.Timestamp(known.begins):
        edges.append(edge)
    return tuple(edge.date() for edge in reversed(edges))


def _counted_before(
    known: CouncilHistory, layout: Layout, series: Sequence[Series], edges: Sequence[dt.date]
) -> tuple[tuple[Series, ...], Numbers]:
    """Return the series with what was counted in each before; where nobody ever waited there is nothing to forecast."""
    if len(edges) < 2:
        return tuple(series), np.empty((len(series), 0))
    past = _observed(known, layout, series, edges)
    kept = [row for row, one in enumerate(series) if one.kind != "waiting" or past[row].any()]
    return tuple(series[row] for row in kept), past[kept]


def _observed(history: CouncilHistory, layout: Layout, series: Sequence[Series], edges: Sequence[dt.date]) -> Numbers:
    records = records_of_history(history, replace(layout, days=history.days))
    return counted(records.stays, layout.settings, series, _days(edges, history.begins))


def _days(edges: Sequence[dt.date], since: dt.date) -> Numbers:
    return np.array([(edge - since).days for edge in edges], dtype=np.float64)


def _futures(
    known: CouncilHistory,
    study: Study,
    layout: Layout,
    series: Sequence[Series],
    edges: Sequence[dt.date],
    runs: int,
    seed: int,
    jobs: int,
    progress: Progress,
) -> Numbers:
    """Simulate from the date on, with the people who were there, each run with a draw of what is uncertain."""
    option = study.options[CARRY_ON]
    uncertain = uncertain_options(study, [CARRY_ON]).get(CARRY_ON)
    days = _days(edges, edges[0])
    amounts = np.array([uncertain.drawn(run) for run in range(runs)]) if uncertain else np.empty((runs, 0))
    data = {key: value for key, value in option.data.items() if key != UNCERTAINTY}
    work = Pasts(
        replace(option, data=data, origins={}, assumptions=()),
        uncertain.past if uncertain else (),
        amounts,
        _opening(known, study, int(days[-1])),
        replace(layout, days=int(days[-1])),
        seed,
        look=partial(_count, series=tuple(series), edges=days),
    )
    return simulated(work, 0, runs, jobs, progress)


def _count(records: Records, layout: Layout, series: Sequence[Series], edges: Numbers) -> Numbers:
    return counted(records.stays, layout.settings, series, edges)


def _opening(known: CouncilHistory, study: Study, days: int) -> Opening:
    """Return how the future begins: with the people who were there, and what they were known to wait for."""
    scenario = study.options[CARRY_ON].scenario
    # Nothing of this is shown to anybody, so that everybody may have a line of their own.
    lines = caseload_of(known, scenario, Disclosure(rounded=False)).lines
    residents = {setting: tuple(map(Resident.model_validate, people)) for setting, people in lines.items()}
    return opening_with(scenario, known, known.ends, days, residents)
