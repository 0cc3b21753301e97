"""One made-up council's return: what happened, what of it was submitted, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.history import PRICES, CouncilHistory, typed
from stepdown.calibration.synthetic.chance import Chance
from stepdown.calibration.synthetic.days import date_of, day_of
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.events import events_of, places_of
from stepdown.calibration.synthetic.people import people_of
from stepdown.calibration.synthetic.recording import Recording
from stepdown.calibration.synthetic.spoilt_events import EVENT_DEFECTS, Time, spoil_people
from stepdown.calibration.synthetic.spoilt_rows import ROW_DEFECTS, Spelling, first_period
from stepdown.calibration.synthetic.submissions import Periods, periods_of, submitted
from stepdown.scenarios.schema import Scenario


@dataclass(frozen=True)
class Extract:
    """What a council hands over.

    Attributes
    ----------
    people, rows, periods
        Who there is, what was submitted about them, and the reference periods of all submissions.
    begins
        The first day that the extract covers.
    hits
        How many people, or events, each defect concerns.
    """

    people: pd.DataFrame
    rows: pd.DataFrame
    periods: Periods
    begins: dt.date
    hits: Mapping[Defect, int]


class Council(NamedTuple):
    """What is needed to write down a made-up council.

    Attributes
    ----------
    history
        What happened, without prices.
    scenario
        What was simulated.
    recording
        How it is recorded.
    chance
        The draws for what is written down.
    """

    history: CouncilHistory
    scenario: Scenario
    recording: Recording
    chance: Chance


@dataclass(frozen=True)
class Sound:
    """What a council would hand over if nothing were wrong, and the events that it would be about.

    Attributes
    ----------
    people, events, periods, rows
        Who there is, what happened, the reference periods, and what was submitted in them.
    paid
        What was paid for the stays of the last submission: see `prices_of`.
    """

    people: pd.DataFrame
    events: pd.DataFrame
    periods: Periods
    rows: pd.DataFrame
    paid: pd.DataFrame


def sound(council: Council) -> Sound:
    """Return what a council would hand over if nothing were wrong."""
    history, scenario, recording, chance = council
    people = people_of(history, recording, chance)
    events = events_of(history, people, scenario, recording, chance)
    periods = periods_of(history)
    rows = submitted(events, people, periods, scenario).assign(spelling=int(Spelling.AS_RELEASED))
    return Sound(people, events, periods, rows, _paid(rows, people, recording, scenario))


def spoilt(whole: Sound, council: Council, defects: frozenset[Defect]) -> Extract:
    """Return what a council hands over with such defects, each done to what those before it have left."""
    people, events, periods, rows = whole.people, whole.events, whole.periods, whole.rows
    hits: dict[Defect, int] = {}
    time = Time(day_of(council.history.begins), int(periods.ends[-1]))
    if Defect.NO_NHS_NUMBER in defects:
        people, hits[Defect.NO_NHS_NUMBER] = spoil_people(people, council.chance)
    for defect in [defect for defect in EVENT_DEFECTS if defect in defects]:
        events, hits[defect] = EVENT_DEFECTS[defect](events, time, council.chance)
    if hits.keys() & EVENT_DEFECTS.keys():
        again = submitted(events, people, periods, council.scenario)
        rows = again.assign(spelling=int(Spelling.AS_RELEASED))
    for defect in [defect for defect in ROW_DEFECTS if defect in defects]:
        rows, hits[defect] = ROW_DEFECTS[defect](rows, periods, council.chance)
    begins = date_of(periods.begins[first_period(periods, defects)])
    return Extract(people, rows, periods, begins, hits)


def _paid(rows: pd.DataFrame, people: pd.DataFrame, recording: Recording, scenario: Scenario) -> pd.DataFrame:
    latest = rows[(rows["period"] == rows["period"].max()) & (rows["stay"] >= 0) & rows["cost"].notna()]
    settings = np.array([setting for setting, _ in places_of(scenario)], dtype=object)[latest["place"]]
    last = latest.assign(setting=settings).sort_values("ends").drop_duplicates(["person", "setting"], keep="last")
    last = last.sort_index()
    places = np.array(places_of(scenario), dtype=object)[last["place"]]
    with_schemes = np.array([bool(scenario.settings[setting].schemes) for setting in places[:, 0]], dtype=np.bool_)
    who = people.iloc[last["person"]]
    groups = {reason: group for group, reason in recording.reasons.items()}
    return pd.DataFrame(
        {
            "person": who["la_person"].to_numpy(),
            "group": who["reason"].map(groups).to_numpy(),
            "setting": places[:, 0],
            "scheme": pd.Series(places[:, 1]).where(with_schemes),
            "cost": last["cost"].to_numpy(),
        }
    )


def prices_of(paid: pd.DataFrame) -> pd.DataFrame:
    """Return prices by setting and group, and by scheme where a setting has schemes.

    Parameters
    ----------
    paid
        ``person``, ``group``, ``setting``, ``scheme`` (missing where the setting has none) and ``cost``, in pounds a
        week.
    """
    by_setting = _summed_up(paid, ["setting", "group"])
    by_scheme = _summed_up(paid[paid["scheme"].notna()], ["setting", "scheme", "group"])
    return typed(pd.concat([by_setting, by_scheme], ignore_index=True), PRICES)


def _summed_up(paid: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    costs = paid.groupby(by)["cost"]
    summed = {
        "people": paid.groupby(by)["person"].nunique(),
        "mean": costs.mean().round(2),
        "low": costs.quantile(0.1).round(2),
        "high": costs.quantile(0.9).round(2),
    }
    return pd.DataFrame(summed).reset_index()
