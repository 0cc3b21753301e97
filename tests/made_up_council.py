"""A small council that is made up, for several kinds of test."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.synthetic.chance import Chance
from stepdown.calibration.synthetic.cld_text import COLUMNS, Release, as_text
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.extracts import Council, Extract, Sound, sound, spoilt
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.calibration.synthetic.recording import Recording, recording_of
from stepdown.scenarios.schema import Scenario

BOROUGH = {
    "title": "A borough",
    "start": "2021-04-01",
    "years": 3,
    "warm_up": "2 years",
    "groups": {
        "mental_health": {"deaths_per_1000_per_year": 40},
        "learning_disabilities": {"deaths_per_1000_per_year": 40},
    },
    "areas": ["north", "south"],
    "exits": ["left", "own-means"],
    "settings": {
        "hospital": {"places": "unlimited"},
        "residential": {"places": "unlimited", "review_every": "6 months"},
        "intensive": {"places": 4},
        "transitional": {"schemes": {"oak-house": {"places": 10}, "elm-court": {"places": 12}}},
        "own-home": {"places": "unlimited"},
    },
    "routes": {
        "hospital": [
            {"to": "intensive", "share": "50%", "ready_after": {"exponential": {"mean": "2 months"}}},
            {"to": "residential", "share": "50%", "ready_after": {"exponential": {"mean": "3 months"}}},
        ],
        "residential": [
            {"to": "transitional", "share": "60%", "ready_after": {"exponential": {"mean": "1 year"}}},
            {"to": "own-means", "share": "40%", "ready_after": {"exponential": {"mean": "2 years"}}},
        ],
        "intensive": [{"to": "transitional", "share": "100%", "ready_after": {"exponential": {"mean": "4 months"}}}],
        "transitional": [
            {"to": "own-home", "share": "80%", "ready_after": {"exponential": {"mean": "1 year"}}},
            {"to": "hospital", "share": "20%", "ready_after": {"exponential": {"mean": "1 year"}}},
        ],
        "own-home": [{"to": "left", "share": "100%", "ready_after": {"exponential": {"mean": "2 years"}}}],
    },
    "demand": [
        {"from": "hospital", "group": "mental_health", "per_year": 18},
        {"from": "hospital", "group": "learning_disabilities", "per_year": 8},
    ],
    "payers": {"council": {"sector": "council"}, "nhs": {"sector": "nhs"}},
    "prices": {
        "hospital": {"nhs": {"per_person_per_week": 4000}},
        "residential": {"council": {"per_person_per_week": 1000}},
        "intensive": {"council": {"per_place_per_week": 1200}, "nhs": {"per_person_per_week": 50}},
        "transitional": {"council": {"per_person_per_week": {"2021-04-01": 600, "2023-04-01": 660}}},
        "own-home": {"council": {"per_person_per_week": 200, "tapers_to": {"6 months": 100}}},
    },
}
"""A scenario with everything that is written down: two groups, schemes, deaths, prices that change and taper."""

SEED = 3


@cache
def borough() -> tuple[Scenario, CouncilHistory, Recording]:
    """Return the scenario, what happened in it, and how that is recorded."""
    scenario = Scenario.model_validate(BOROUGH)
    return scenario, simulate_past(scenario, SEED, "borough"), recording_of(scenario, {})


@cache
def whole() -> tuple[Council, Sound]:
    """Return the borough, and what it would hand over if nothing were wrong."""
    scenario, history, recording = borough()
    council = Council(history, scenario, recording, Chance(SEED, 0))
    return council, sound(council)


@cache
def handed_over(*defects: Defect) -> Extract:
    """Return what the borough hands over, with such defects."""
    council, extract = whole()
    return spoilt(extract, council, frozenset(defects))


@cache
def submissions(*defects: Defect, release: Release = 2) -> pd.DataFrame:
    """Return the same as it stands in files: text under the names of release 2, blank where nothing is said."""
    extract = handed_over(*defects)
    table = as_text(extract.rows, extract.people, extract.periods, release, "9001", "borough").to_pandas()
    return table.fillna("").set_axis([str(column) for column in COLUMNS], axis="columns")


def as_rows(table: pd.DataFrame, columns: Iterable[str] = COLUMNS) -> list[tuple[str, ...]]:
    """Return rows as plain tuples, in order."""
    return list(table[[str(column) for column in columns]].itertuples(index=False, name=None))
