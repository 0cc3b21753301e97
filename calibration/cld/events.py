"""From rows that were submitted again every quarter to events, each of them once, with the end that it had in truth.

Two rows are of the same service if person, council, service type, component and first day agree; the row of the most
recent reference period is kept, and of that period one that goes on. This is how the Department of Health and Social
Care resolves them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from stepdown.calibration.cld.vocabulary import FURTHER, OUTCOMES
from stepdown.calibration.records.dates import MISSING, OPEN
from stepdown.calibration.records.lives import COLUMNS, UNKNOWN
from stepdown.calibration.records.tally import Tally

SERVICE = ["person", "council", "type", "start"]
"""What the rows of a service share, whichever component it was submitted under."""

EVENT = [*SERVICE, "component"]
"""What the rows of one event share."""

Periods = pd.DataFrame
"""Columns council, period_ends, next_ends (last day of the council's next period; missing of its last) and
last_ends (of its last period)."""


def following(periods: pd.DataFrame) -> Periods:
    """Return the reference periods of each council with the one that follows.

    Parameters
    ----------
    periods
        Columns council and period_ends, in any order and with repetition.
    """
    each = periods[["council", "period_ends"]].drop_duplicates().sort_values(["council", "period_ends"])
    by_council = each.groupby("council")["period_ends"]
    after = by_council.shift(-1).fillna(MISSING).astype("int32")
    return each.assign(next_ends=after, last_ends=by_council.transform("max")).reset_index(drop=True)


def services_of(rows: pd.DataFrame, periods: Periods, died: int, tally: Tally) -> pd.DataFrame:
    """Return the events of services, each of them once.

    Parameters
    ----------
    rows
        All rows of some people: see `sifting.KEPT`.
    periods
        The reference periods of the whole extract.
    died
        The code of death as a destination.
    tally
        What is noticed is counted here.

    Returns
    -------
    pd.DataFrame
        Rows of stays as in `lives`, without rank.
    """
    services = _with_components(rows[rows["service"]], tally)
    services = _before_death(services, _deaths(rows), tally)
    planned = (services["end"] > services["period_ends"]) & (services["end"] < OPEN)
    tally.add("mended", "services were to end after their reference period, and went on at its end", planned.sum())
    services = services.assign(end=services["end"].mask(planned, OPEN))
    events = _restated(_once(services, tally).merge(periods, on=["council", "period_ends"]), tally)
    return _as_stays(_ended(events, tally), died)


def _with_components(services: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Fill in a component that was left empty from other rows of the same service, if these agree on one."""
    blank = services["component"] == UNKNOWN
    if blank.any():
        named = services[~blank].sort_values([*SERVICE, "period_ends", "setting", "scheme"])
        found = named.groupby(SERVICE).agg(
            one=("component", "first"), other=("component", "nunique"), there=("setting", "last"), by=("scheme", "last")
        )
        filled = services[SERVICE].merge(found[found["other"] == 1], how="left", left_on=SERVICE, right_index=True)
        fill = (blank & filled["one"].notna()).to_numpy()
        tally.add("guessed", "services had no component, and took that of other rows of the same service", fill.sum())
        taken = {"component": "one", "setting": "there", "scheme": "by"}
        services = services.assign(
            **{name: np.where(fill, filled[of], services[name]).astype("int32") for name, of in taken.items()}
        )
    nowhere = services["setting"] == UNKNOWN
    tally.add("dropped", "services without a component are no place to live: there is no rule for them", nowhere.sum())
    return services[~nowhere]


def _deaths(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the day on which each person died who did, as the most recent row has it."""
    known = rows.loc[rows["death"] != MISSING, ["person", "period_ends", "death"]]
    latest = known.sort_values(["person", "period_ends", "death"]).drop_duplicates("person", keep="last")
    return latest[["person", "death"]]


def _before_death(services: pd.DataFrame, deaths: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """End services on the person's death, if they were said to end later, and leave out those that begin after it."""
    services = services.drop(columns="death").merge(deaths, how="left", on="person")
    services = services.assign(death=services["death"].fillna(OPEN).astype("int32"))
    after = services["start"] > services["death"]
    tally.add("dropped", "services began after the person had died", after.sum())
    services = services[~after]
    late = (services["end"] > services["death"]) & (services["end"] < OPEN)
    tally.add("mended", "services ended after the person had died, and were taken to end on that day", late.sum())
    return services.assign(end=services["end"].mask(late, services["death"]))


def _once(services: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Keep one row of each event, and note in which period it was first submitted."""
    first = services.groupby(EVENT)["period_ends"].min().rename("first_ends").reset_index()
    preferred = [*EVENT, "period_ends", "end", "outcome", "setting", "scheme", "to", "group", "area"]
    upwards = [name not in {"period_ends", "end"} for name in preferred]
    kept = services.sort_values(preferred, ascending=upwards).drop_duplicates(EVENT)
    tally.add("joined", "rows repeated a service, of which the most recent was kept", len(services) - len(kept))
    return kept.merge(first, on=EVENT)


def _vanished(events: pd.DataFrame) -> pd.Series:
    """Return which events went on at the end of a period, and are not in the next, though there is one."""
    return (events["end"] == OPEN) & (events["next_ends"] != MISSING)


def _restated(events: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Leave out events that went on under another component in the next period, with the same first day.

    Such a service did not end: it was submitted under another name, and the most recent one holds.
    """
    anew = events[[*SERVICE, "first_ends"]].drop_duplicates()
    anew = anew.rename(columns={"first_ends": "next_ends"}).assign(anew=True)
    again = events[[*SERVICE, "next_ends"]].merge(anew, how="left", on=[*SERVICE, "next_ends"])["anew"].notna()
    restated = _vanished(events) & again.to_numpy()
    tally.add("joined", "services went on under another component, which was taken to be right", restated.sum())
    return events[~restated]


def _ended(events: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """End what vanished: on the person's death, if that is within the next period, else with the period itself."""
    vanished = _vanished(events)
    died = events["death"] <= events["next_ends"].where(vanished, OPEN - 1)
    lost = vanished & ~died
    tally.add("guessed", "services vanished from the return without an end, and end with their last period", lost.sum())
    end = events["end"].mask(lost, events["period_ends"]).mask(died, np.minimum(events["end"], events["death"]))
    unsure = events["next_ends"].where(lost, MISSING)
    return events.assign(end=end, unsure=unsure, to=events["to"].mask(lost, UNKNOWN))


def _as_stays(events: pd.DataFrame, died: int) -> pd.DataFrame:
    stays = events.rename(columns={"start": "entered", "end": "left"}).assign(ready=MISSING)
    to = np.where(stays["left"] == stays["death"], died, stays["to"])
    kinds = {name: "int32" for name in COLUMNS if name not in {"person", "rank"}}
    return stays.assign(to=np.where(stays["left"] == OPEN, UNKNOWN, to))[["person", *kinds]].astype(kinds)


def requests_of(rows: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Return the requests, each of them once, that led to something, or of which nobody knows.

    Parameters
    ----------
    rows
        All rows of some people: see `sifting.KEPT`.
    tally
        What is noticed is counted here.
    """
    asked = rows[~rows["service"]].sort_values(["person", "start", "period_ends", "outcome", "group", "area"])
    once = asked.drop_duplicates(["person", "council", "start"], keep="last")
    tally.add("joined", "rows repeated a request of the same person and day", len(asked) - len(once))
    in_vain = once["outcome"].between(len(FURTHER), len(OUTCOMES), inclusive="left")
    tally.add("dropped", "requests led to no assessment, plan or service", in_vain.sum())
    made = once[~in_vain].rename(columns={"start": "requested"})
    return made.assign(**{"from": UNKNOWN, "to": UNKNOWN})[["person", "group", "area", "from", "to", "requested"]]
