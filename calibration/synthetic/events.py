"""What happened in a made-up council, as events of Client Level Data: requests, assessments, services and reviews.

One row is one event, and nothing is wrong with it. A service lasts from the day on which a stay began until the day on
which it ended, which is the first day of the next. Requests, assessments and reviews are over when they are submitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.synthetic.chance import Chance, Purpose
from stepdown.calibration.synthetic.days import OPEN, day_of, days_of
from stepdown.calibration.synthetic.recording import MOVED_ON, Recording
from stepdown.scenarios.schema import Scenario

COLUMNS: dict[str, Any] = {
    "stay": -1,
    "person": -1,
    "kind": "",
    "starts": OPEN,
    "ends": OPEN,
    "place": -1,
    "type": "",
    "component": "",
    "delivery": "",
    "location": "",
    "accommodation": "",
    "outcome": "",
    "route": "",
    "assessment": "",
    "review": "",
    "cost": np.nan,
    "frequency": "",
    "units": np.nan,
}
"""The columns of events, with what stands there where nothing is said. ``stay`` is a row of the history's stays,
``place`` a position among `places_of`, ``person`` one among the people; ``cost`` of a service that is a stay is a
factor on the price of its place, and else pounds."""

CARE_TAKES = 27
"""An assessment takes so many days at most, and a request half as many."""

REVIEW_EVERY = 365
"""Days from one review of a service to the next, unless the scenario says how often people are reviewed."""

EQUIPMENT = "Equipment"

LONG_ENOUGH = 120
"""A stay of so many days may have other services beside it."""


class Beside(NamedTuple):
    """A service that is no place to live, which some people have beside one that is.

    Attributes
    ----------
    component, location, frequency, cost
        What it is, where, and what is paid for it how often.
    share
        Of longer stays, how many have it.
    chosen, begins, units
        What the draws are for.
    """

    component: str
    location: str
    frequency: str
    cost: float
    share: float
    chosen: Purpose
    begins: Purpose
    units: Purpose


BESIDE = (
    Beside(
        "Day support", "Day centre", "Per session", 62.5, 0.25,
        Purpose.DAY_SUPPORT, Purpose.DAY_SUPPORT_BEGINS, Purpose.DAY_SUPPORT_UNITS,
    ),
    Beside(
        "Professional support: Social worker", "", "Hourly", 48.0, 0.6,
        Purpose.SOCIAL_WORKER, Purpose.SOCIAL_WORKER_BEGINS, Purpose.SOCIAL_WORKER_UNITS,
    ),
    Beside(
        "Transport", "", "Daily", 11.2, 0.2,
        Purpose.TRANSPORT, Purpose.TRANSPORT_BEGINS, Purpose.TRANSPORT_UNITS,
    ),
)  # fmt: skip
"""The services of which some people have several."""


def places_of(scenario: Scenario) -> list[tuple[str, str]]:
    """Return every setting with each of its schemes; a setting without schemes is one of its own name."""
    return [(name, scheme) for name, setting in scenario.settings.items() for scheme in (setting.schemes or [name])]


def events_of(
    history: CouncilHistory, people: pd.DataFrame, scenario: Scenario, recording: Recording, chance: Chance
) -> pd.DataFrame:
    """Return everything that happened; the position of an event is its address for what goes wrong with it."""
    codes = {code: at for at, code in enumerate(people["code"]) if code}
    stays = _services(history, codes, scenario, recording, chance)
    last = day_of(history.ends) - 1
    requests = _requests(history, codes, recording, chance)
    parts = [
        stays,
        requests,
        _in_vain(people, chance),
        _assessments(requests, chance),
        _reviews(stays, scenario, last, chance),
        *(_beside(stays, service, last, chance) for service in BESIDE),
        _equipment(stays, last, chance),
        _carers(people, stays),
    ]
    return together([_complete(part).assign(event=-1) for part in parts]).assign(
        event=lambda all_: np.arange(len(all_))
    )


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the events of several tables, one after the other; an empty table has no say in the types."""
    whole = [name for name, value in COLUMNS.items() if isinstance(value, int)]
    return pd.concat(parts, ignore_index=True).astype(dict.fromkeys([*whole, "event"], "int64"))


def _complete(part: pd.DataFrame) -> pd.DataFrame:
    return part.assign(**{name: value for name, value in COLUMNS.items() if name not in part})[list(COLUMNS)]


def _services(
    history: CouncilHistory, codes: dict[str, int], scenario: Scenario, recording: Recording, chance: Chance
) -> pd.DataFrame:
    """Return the stays in settings that are recorded."""
    draws = chance.uniform(Purpose.PRICE, len(history.stays))
    stays = history.stays[history.stays["setting"].isin(list(recording.recorded)).to_numpy()]
    settings = stays["setting"].astype("object")
    services = [recording.recorded[setting] for setting in settings]
    places = {place: at for at, place in enumerate(places_of(scenario))}
    going_on = stays["left"].isna().to_numpy()
    outcomes = stays["to"].astype("object").map(lambda to: recording.outcomes.get(to, MOVED_ON))
    return pd.DataFrame(
        {
            "stay": stays.index.to_numpy(),
            "person": stays["person"].map(codes).to_numpy(),
            "kind": words.SERVICE,
            "starts": days_of(stays["entered"]),
            "ends": days_of(stays["left"]),
            "place": [places[place] for place in zip(settings, stays["scheme"].astype("object"), strict=True)],
            "type": [service.type for service in services],
            "component": [service.component for service in services],
            "delivery": "CASSR managed personal budget",
            "location": stays["scheme"].astype("object").to_numpy(),
            "accommodation": [service.accommodation for service in services],
            "outcome": np.where(going_on, "", outcomes),
            "cost": 0.9 + 0.2 * draws[stays.index],
            "frequency": "Weekly",
            "units": 1.0,
        }
    )


def _requests(history: CouncilHistory, codes: dict[str, int], recording: Recording, chance: Chance) -> pd.DataFrame:
    takes = chance.days(Purpose.REQUEST_TAKES, len(history.requests), 0, CARE_TAKES // 2)
    for_care = history.requests["to"].isin(list(recording.recorded)).to_numpy()
    requests = history.requests[for_care]
    starts = days_of(requests["requested"])
    from_hospital = requests["from"].astype("object").map(recording.outcomes).eq("Admitted to hospital").to_numpy()
    return pd.DataFrame(
        {
            "person": requests["person"].map(codes).to_numpy(),
            "kind": words.REQUEST,
            "starts": starts,
            "ends": starts + takes[for_care],
            "outcome": "Progress to assessment, review or reassessment",
            "route": np.where(from_hospital, "Discharge from hospital", "Community / other route"),
        }
    )


def _in_vain(people: pd.DataFrame, chance: Chance) -> pd.DataFrame:
    """Return the requests of strangers, which led to nothing."""
    strangers = np.flatnonzero(people["asks"] < OPEN)
    starts = people["asks"].to_numpy()[strangers]
    takes = chance.days(Purpose.ASKS_FOR, len(strangers), 0, CARE_TAKES // 2)
    return pd.DataFrame(
        {
            "person": strangers,
            "kind": words.REQUEST,
            "starts": starts,
            "ends": starts + takes,
            "outcome": "NFA: Information and advice or signposting",
            "route": "Community / other route",
        }
    )


def _assessments(requests: pd.DataFrame, chance: Chance) -> pd.DataFrame:
    takes = chance.days(Purpose.ASSESSMENT_TAKES, len(requests), 0, CARE_TAKES)
    return pd.DataFrame(
        {
            "person": requests["person"],
            "kind": words.ASSESSMENT,
            "starts": requests["ends"],
            "ends": requests["ends"] + takes,
            "outcome": "Progress to support planning or services",
            "assessment": "Long term assessment",
        }
    )


def _reviews(stays: pd.DataFrame, scenario: Scenario, last: int, chance: Chance) -> pd.DataFrame:
    """Return the reviews of services, counted from the day on which each began."""
    every = np.array([_review_days(scenario, setting) for setting, _ in places_of(scenario)])[stays["place"]]
    lasted = np.minimum(stays["ends"], last) - stays["starts"]
    times = (lasted // every).to_numpy()
    of = np.repeat(np.arange(len(stays)), times)
    number = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times) + 1
    starts = stays["starts"].to_numpy()[of] + number * every[of]
    takes = chance.days(Purpose.REVIEW_TAKES, len(of), 0, 6)
    return pd.DataFrame(
        {
            "person": stays["person"].to_numpy()[of],
            "kind": words.REVIEW,
            "starts": starts,
            "ends": starts + takes,
            "accommodation": stays["accommodation"].to_numpy()[of],
            "outcome": MOVED_ON,
            "review": "Planned",
        }
    )


def _review_days(scenario: Scenario, setting: str) -> int:
    return round(scenario.settings[setting].review_every.on(scenario.start) or REVIEW_EVERY)


def _beside(stays: pd.DataFrame, service: Beside, last: int, chance: Chance) -> pd.DataFrame:
    """Return a service that some have from some weeks into a longer stay until its end."""
    starts = stays["starts"] + chance.days(service.begins, len(stays), 14, 90)
    units = 1.0 + np.floor(3 * chance.uniform(service.units, len(stays)))
    lasted = np.minimum(stays["ends"], last) - stays["starts"]
    has = chance.chosen(service.chosen, len(stays), service.share) & (lasted >= LONG_ENOUGH)
    said: dict[str, Any] = {name: getattr(service, name) for name in ("component", "location", "frequency", "cost")}
    beside: pd.DataFrame = stays.assign(starts=starts, units=units, stay=-1, place=-1, type=words.COMMUNITY, **said)
    had: pd.DataFrame = beside[has]
    return had


def _equipment(stays: pd.DataFrame, last: int, chance: Chance) -> pd.DataFrame:
    """Return pieces of equipment, each bought on a day within a stay."""
    starts, ends = stays["starts"].to_numpy(), np.minimum(stays["ends"].to_numpy(), last)
    share = chance.uniform(Purpose.EQUIPMENT_DAY, len(stays))
    bought = starts + np.floor(share * (ends - starts + 1)).astype(np.int64)
    has = chance.chosen(Purpose.EQUIPMENT, len(stays), 0.2)
    pieces = stays.assign(
        starts=bought, ends=bought, stay=-1, place=-1, type="Short term support: Other short term",
        component=EQUIPMENT, location="", delivery="", outcome="NFA: Support ended as planned", cost=145.0,
        frequency=words.ONE_OFF, units=np.nan,
    )  # fmt: skip
    return pieces[has]


def _carers(people: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Return the respite of unpaid carers: as long as the people whom they care for have been known."""
    known = stays.groupby("person").agg(starts=("starts", "min"), ends=("ends", "max"))
    cared = known.index.isin(people.index[people["carer"] >= 0])
    return pd.DataFrame(
        {
            "person": people["carer"].to_numpy()[known.index[cared]],
            "kind": words.SERVICE,
            "starts": known["starts"][cared].to_numpy(),
            "ends": known["ends"][cared].to_numpy(),
            "type": "Unpaid carer support: Direct to unpaid carer",
            "component": "Unpaid carer respite",
            "outcome": np.where(known["ends"][cared] < OPEN, "NFA: Support ended as planned", ""),
            "cost": 55.0,
            "frequency": "Weekly",
            "units": 1.0,
        }
    )
