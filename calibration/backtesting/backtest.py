"""Back-tests from one or several dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from stepdown.calibration.backtesting.forecast import forecast
from stepdown.calibration.backtesting.report import Backtest
from stepdown.calibration.history import CouncilHistory, known_on
from stepdown.calibration.matching.pool import Progress
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import Study

Shown = Callable[[], AbstractContextManager[Progress]]
"""Makes something to tell how far it is."""

Remake = Callable[[CouncilHistory], Study]
"""Fits a study again to what is known."""


def backtest(
    history: CouncilHistory,
    study: Study,
    dates: Sequence[dt.date],
    months: int,
    runs: int,
    seed: int,
    jobs: int,
    shown: Shown,
    remake: Remake | None = None,
) -> Backtest:
    """Forecast from past dates what is known by now.

    Parameters
    ----------
    history
        Everything that is known.
    study
        What is simulated.
    dates
        The dates from which is forecast, each with what was known at its beginning.
    months
        Length of the periods that are counted.
    runs, seed, jobs
        Futures from each date, the address of their chance, and processes.
    shown
        Makes something to tell how far it is.
    remake
        Fits the study again to what was known on a date; None takes it as it is.

    Raises
    ------
    RunError
        If a date leaves nothing to know or nothing to forecast.
    """
    for date in dates:
        if not history.begins < date < history.ends:
            raise RunError(
                f"{date} is not within the records, which cover {history.begins} until before {history.ends}. "
                "Name a date between with --from"
            )
    found = []
    for date in sorted(set(dates)):
        mine = study if remake is None else remake(known_on(history, date))
        with shown() as progress:
            found.append(forecast(history, mine, date, months, runs, seed, jobs, progress))
    return Backtest(history.name, history.simulated, months, runs, seed, remake is not None, tuple(found))
