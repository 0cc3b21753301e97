"""A council's past to be simulated: a scenario that begins when the records do, with the people who were there then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario, Source
from stepdown.scenarios.schema_places import Resident

Caseload = dict[str, tuple[Resident, ...]]


SETTLING, MOST_OF_IT = 365, 3
"""Days after which people who were blocked when the records begin no longer matter; at most a third of the records."""


@dataclass(frozen=True)
class Opening:
    """How the simulated past begins, and how long it lasts.

    Attributes
    ----------
    begins, days
        The first day of the records, and how many these cover.
    caseload
        Who was there, by setting; None where the scenario's own warm-up makes the service as it was.
    """

    begins: dt.date
    days: int
    caseload: Caseload | None

    @property
    def settling(self) -> int:
        """The days for which the simulated past is not compared yet.

        Residents are taken for not ready, as far as nobody knows better, and so at first too few are blocked. A warm-up
        has them blocked as they would be.
        """
        return 0 if self.caseload is None else min(SETTLING, self.days // MOST_OF_IT)

    def of(self, scenario: Scenario) -> Scenario:
        """Return a scenario over the time of the records.

        Rates that grow from the scenario's own start on are taken back to what they were when the records begin.
        """
        years = (scenario.start - self.begins).days / DAYS_PER_YEAR
        past: dict[str, Any] = {"start": self.begins, "years": (self.days + 1) / DAYS_PER_YEAR}
        past["demand"] = tuple(_taken_back(source, years) for source in scenario.demand)
        if self.caseload is not None:
            past |= {"caseload": self.caseload, "warm_up": None}
        return scenario.model_copy(update=past)


def opening_in_words(opening: Opening) -> str:
    """Return what simulated pasts open with."""
    if opening.caseload is None:
        return "the study's own warm-up"
    return f"the residents of the records' first day, and are compared after {opening.settling} days"


def _taken_back(source: Source, years: float) -> Source:
    if source.per_year is None or not source.growth:
        return source
    factor = (1 + source.growth) ** -years
    return source.model_copy(update={"per_year": source.per_year.map(lambda rate: rate * factor)})


def opening_of(scenario: Scenario, history: CouncilHistory) -> Opening:
    """Return how the past of a history begins: after the scenario's warm-up, or with the council's residents.

    Settings that the records never mention open with as many people as the scenario says.
    """
    if scenario.warm_up is not None:
        return Opening(history.begins, history.days, None)
    return opening_with(scenario, history, history.begins, history.days, dict(_residents(scenario, history)))


def opening_with(
    scenario: Scenario, history: CouncilHistory, begins: dt.date, days: int, residents: Caseload
) -> Opening:
    """Return how a time begins of which it is known who was there in the settings that a history records."""
    recorded = set(history.stays["setting"].astype("str"))
    others = {name: _as_numbers(people) for name, people in scenario.caseload.items() if name not in recorded}
    return Opening(begins, days, {**residents, **others})


def _as_numbers(people: tuple[Resident, ...]) -> tuple[Resident, ...]:
    """Return people without their dates, which were those of another time."""
    undated = {"people": 1, "admitted": None, "listed": None, "ready": None, "for_": None}
    return tuple(one if one.admitted is None else one.model_copy(update=undated) for one in people)


def _residents(scenario: Scenario, history: CouncilHistory) -> Iterator[tuple[str, tuple[Resident, ...]]]:
    there = history.residents(history.begins)
    for setting, stays in there.groupby("setting", observed=True, sort=True):
        if setting in scenario.settings:
            yield str(setting), tuple(_resident(scenario, history, row) for row in stays.itertuples(index=False))


def _resident(scenario: Scenario, history: CouncilHistory, row: Any) -> Resident:
    """Return who was there: somebody who was known to be ready prepares to go where they went."""
    groups, areas = scenario.groups, scenario.areas
    schemes = scenario.settings[row.setting].schemes
    said: dict[str, Any] = {"admitted": row.entered.date().isoformat()}
    if not pd.isna(row.group) and row.group in groups:
        said["group"] = row.group
    elif len(groups) > 1:
        said["group"] = next(iter(groups))
    if not pd.isna(row.area) and row.area in areas and len(areas) > 1:
        said["area"] = row.area
    if not pd.isna(row.scheme) and row.scheme in schemes:
        said["scheme"] = row.scheme
    if not pd.isna(row.ready) and row.ready < pd.Timestamp(history.begins) and _lists(scenario, row):
        said |= {"ready": row.ready.date().isoformat(), "for": row.to}
    return Resident.model_validate(said)


def _lists(scenario: Scenario, row: Any) -> bool:
    """Whether somebody in this stay can be ready for the setting that they went to."""
    return row.to in scenario.settings and any(route.to == row.to for route in scenario.routes.get(row.setting, ()))
