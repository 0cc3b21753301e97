"""What the model lived through, as a council would have written it down.

A day counts from the date on which it falls, as in real records. What nobody could have known is left out: a person is
recorded as ready from the first date on which they were ready and somebody knew it, a request is made when a place is
first looked for, and a stay that goes on leads nowhere yet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from stepdown.calibration.history import DATE, REQUESTS, STAYS, STEPS, CouncilHistory, typed
from stepdown.outputs.experiment import window_of
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.engines import DEFAULT_ENGINE, engine
from stepdown.simulation.tables import AND, Tables, Window

Names = np.ndarray[Any, np.dtype[np.object_]]

_BEFORE = ("gave_up:", "died:")
"""What stands before the setting that somebody had been listed for, in the reason why a stay ended."""


def simulate_past(scenario: Scenario, seed: int, name: str, replication: int = 0) -> CouncilHistory:
    """Simulate a scenario, and return its time from start to end as a history.

    Parameters
    ----------
    scenario
        What is simulated: with a warm-up the records begin in a service that has long been there.
    seed, replication
        Address of all chance.
    name
        What the council is called.
    """
    network = compile_network(scenario)
    tables = engine(DEFAULT_ENGINE)(network, name, seed, [replication])
    return past_of(tables, scenario, window_of(network), name, f"simulated with seed {seed}")


def past_of(tables: Tables, scenario: Scenario, window: Window, name: str, source: str) -> CouncilHistory:
    """Return the tables of one replication as a history of the time that was measured.

    Parameters
    ----------
    tables
        Those of one replication of one option.
    scenario
        What was simulated.
    window
        The time that was measured: the records cover it.
    name, source
        What the council is called, and where the history came from.
    """
    begins, ends = window.start, window.date(window.days)
    seen = _recorded(tables.stays, "entered_day", "left_day", window)
    return CouncilHistory(
        name=name,
        begins=begins,
        ends=ends,
        simulated=True,
        source=source,
        stays=typed(_stays(seen, window), STAYS),
        requests=typed(_requests(seen, window, set(scenario.settings)), REQUESTS),
        steps=typed(_steps(_recorded(tables.case_steps, "queued_day", "finished_day", window), window), STEPS),
    )


def _recorded(table: pd.DataFrame, began: str, ended: str, window: Window) -> pd.DataFrame:
    """Return what began before the records end, and had not ended before they begin."""
    return table[(table[began] < window.days).to_numpy() & ~(table[ended] < 0).to_numpy()]


def _stays(seen: pd.DataFrame, window: Window) -> pd.DataFrame:
    known = seen[["ready_day", "identified_day"]].max(axis="columns", skipna=False)
    return pd.DataFrame(
        {
            "person": seen["person"].astype("str"),
            **{name: seen[name] for name in ("group", "area", "setting", "scheme")},
            "entered": _dates(seen["entered_day"], window),
            "ready": _dates(known, window),
            "left": _dates(seen["left_day"], window),
            "to": seen["to"].where(seen["left_day"] < window.days),
        }
    )


def _requests(seen: pd.DataFrame, window: Window, settings: set[str]) -> pd.DataFrame:
    listed_for = _first_listed_for(seen)
    within = seen["identified_day"].between(0, window.days, inclusive="left").to_numpy()
    made = within & np.isin(listed_for.astype("str"), sorted(settings))
    asking = seen[made]
    return pd.DataFrame(
        {
            "person": asking["person"].astype("str"),
            "group": asking["group"],
            "area": asking["area"],
            "requested": _dates(asking["identified_day"], window),
            "from": asking["setting"],
            "to": listed_for[made],
        }
    )


def _first_listed_for(seen: pd.DataFrame) -> Names:
    """Return where each stay was first meant to lead: who gave up, or died waiting, had been listed for another."""
    wanted = seen["to"].astype("object").to_numpy(copy=True)
    reasons = seen["reason"].astype("object").fillna("").to_numpy()
    for at in np.flatnonzero([reason.startswith(_BEFORE) for reason in reasons]):
        wanted[at] = reasons[at].split(AND)[0].partition(":")[2]
    return wanted


def _steps(seen: pd.DataFrame, window: Window) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": seen["case"].astype("str"),
            "person": seen["person"].astype("str").where(seen["person"].notna()),
            **{name: seen[name] for name in ("tier", "tenure", "step")},
            "queued": _dates(seen["queued_day"], window),
            "started": _dates(seen["started_day"], window),
            "finished": _dates(seen["finished_day"], window),
            "outcome": seen["outcome"].where(seen["finished_day"] < window.days),
        }
    )


def _dates(days: pd.Series, window: Window) -> pd.Series:
    """Return the dates on which days fall; those from the end on have not come yet."""
    past = np.floor(days).where(days < window.days)
    return pd.Series(pd.Timestamp(window.start) + pd.to_timedelta(past, unit="D")).astype(pandas_dtype(DATE))
