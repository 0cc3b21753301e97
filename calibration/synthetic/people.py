"""Who the people of a made-up council are, as far as its return says: nobody, but told apart as real people are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.synthetic.chance import Chance, Floats, Purpose
from stepdown.calibration.synthetic.days import OPEN, day_of, days_of
from stepdown.calibration.synthetic.recording import Recording
from stepdown.scenarios.schema import DIED

GENDERS = ("Male", "Female", "Other", "Unknown")
GENDER_SHARES = (0.56, 0.42, 0.01, 0.01)

ETHNICITIES = (
    "White: English, Welsh, Scottish, Northern Irish or British",
    "White: Any other White background",
    "Asian or Asian British: Indian",
    "Asian or Asian British: Pakistani",
    "Black, Black British, Caribbean or African: Caribbean",
    "Mixed or multiple ethnic groups: White and Black Caribbean",
    "Other ethnic group: Any other ethnic group",
    "No data: Undeclared or not known",
)
ETHNICITY_SHARES = (0.62, 0.06, 0.12, 0.05, 0.05, 0.03, 0.03, 0.04)

WITH_CARER = 0.15
"""The share of people who have an unpaid carer whom the council supports."""

YOUNGEST, OLDEST = 20, 75
"""Years of age when the records begin, all alike likely."""


def people_of(history: CouncilHistory, recording: Recording, chance: Chance) -> pd.DataFrame:
    """Return the people of a history, in the order of their first stays, then the carers of some, and then strangers.

    Strangers ask for care, and never draw on it: as many as there are requests in the history.

    Returns
    -------
    DataFrame
        ``code`` (the person in the history), ``nhs_traced``, ``nhs_provided`` and ``la_person`` (identifiers; blank
        where there is none), ``gender``, ``ethnicity``, ``birth_year``, ``birth_month``, ``died`` (a day), ``reason``
        (primary support reason), ``area``, ``cared_for`` (the position of the person whom a carer cares for, else -1),
        ``carer`` (the position of somebody's carer, else -1) and ``asks`` (the day on which a stranger asks).
    """
    stays = history.stays
    firsts = stays.drop_duplicates("person")
    count = len(firsts)
    deaths = stays[stays["to"] == DIED].set_index("person")["left"]
    carers = np.flatnonzero(chance.chosen(Purpose.CARER, count, WITH_CARER))
    users = pd.DataFrame(
        {
            "code": firsts["person"].to_numpy(),
            "nhs_traced": _nhs_numbers(chance.uniform(Purpose.NHS_NUMBER, count)),
            "died": days_of(deaths.reindex(firsts["person"])),
            "reason": firsts["group"].astype("object").map(dict(recording.reasons)).to_numpy(),
            "area": firsts["area"].astype("object").fillna("").to_numpy(),
            "cared_for": -1,
            "carer": _positions(count, carers),
            "asks": OPEN,
        }
    )
    theirs = users.iloc[carers].assign(
        code="",
        nhs_traced=_nhs_numbers(chance.uniform(Purpose.CARER_NHS_NUMBER, count)[carers]),
        died=OPEN,
        reason="",
        cared_for=carers,
        carer=-1,
    )
    people = pd.concat([users, theirs, _strangers(users, history, chance)], ignore_index=True)
    everybody = len(people)
    born = chance.uniform(Purpose.BIRTH, everybody) * (OLDEST - YOUNGEST) * 12
    months = history.begins.year * 12 - YOUNGEST * 12 - born.astype(np.int64)
    return people.assign(
        nhs_provided=people["nhs_traced"],
        la_person=[f"{chance.council + 1:03d}-{number:06d}" for number in range(1, everybody + 1)],
        gender=_picked(GENDERS, GENDER_SHARES, chance.uniform(Purpose.GENDER, everybody)),
        ethnicity=_picked(ETHNICITIES, ETHNICITY_SHARES, chance.uniform(Purpose.ETHNICITY, everybody)),
        birth_year=months // 12,
        birth_month=months % 12 + 1,
    )


def _strangers(users: pd.DataFrame, history: CouncilHistory, chance: Chance) -> pd.DataFrame:
    """Return people who ask in vain; their groups and areas are those of the people of the history."""
    count = len(history.requests)
    like = np.floor(chance.uniform(Purpose.ASKS_LIKE, count) * len(users)).astype(np.int64)
    return users.iloc[like].assign(
        code="",
        nhs_traced=_nhs_numbers(chance.uniform(Purpose.ASKS_NHS_NUMBER, count)),
        died=OPEN,
        carer=-1,
        asks=day_of(history.begins) + np.floor(chance.uniform(Purpose.ASKS_ON, count) * history.days).astype(np.int64),
    )


def _nhs_numbers(draws: Floats) -> list[str]:
    """Return pseudonyms of NHS numbers, which look like none."""
    return [f"P{int(draw * 2**53):014X}" for draw in draws]


def _positions(count: int, carers: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return for each person the position of their carer, who come after all of them; -1 where there is none."""
    positions = np.full(count, -1)
    positions[carers] = count + np.arange(len(carers))
    return positions


def _picked(names: tuple[str, ...], shares: tuple[float, ...], draws: Floats) -> Any:
    return np.array(names, dtype=object)[
        np.searchsorted(np.cumsum(shares), draws, side="right").clip(max=len(names) - 1)
    ]
