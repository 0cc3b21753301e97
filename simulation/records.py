"""From the people and cases of one replication to its tables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from stepdown.scenarios.network import NOWHERE, Network
from stepdown.simulation.people import Job, Person, Stay
from stepdown.simulation.tables import AND, CASE_STEPS, PLACES, STAYS, Tables, frame

DIED_EXIT = -1
"""The destination of those who die: the first exit of every network."""


def tables_of(
    network: Network, option: str, replication: int, stays: list[tuple[Person, Stay]], jobs: list[Job]
) -> Tables:
    """Return the tables of one replication: stays by person, case steps by case, each in the order of time."""
    stays = sorted(stays, key=lambda entry: entry[0].number)
    jobs = sorted(jobs, key=lambda job: job.case.number)
    known = categories(network, option)
    return Tables(
        frame(((option, replication, *_stay_row(network, person, stay)) for person, stay in stays), STAYS, known),
        frame(((option, replication, *_job_row(network, job)) for job in jobs), CASE_STEPS, known),
        places_of(network, option),
    )


def categories(network: Network, option: str) -> dict[str, pd.CategoricalDtype]:
    """Return the names that may stand in each column of names: those of the network, whether or not they occur."""
    adaptations = network.adaptations
    settings = [setting.name for setting in network.settings]
    names = {
        "option": [option],
        "group": network.groups,
        "area": network.areas,
        "setting": settings,
        "scheme": [scheme.name for scheme in network.schemes],
        "to": [*settings, *network.exits],
        "reason": list(reasons(network)),
        "tier": [tier.name for tier in adaptations.tiers] if adaptations else [],
        "tenure": adaptations.tenures if adaptations else [],
        "step": [step.name for step in network.steps],
        "outcome": OUTCOMES,
    }
    return {column: _dtype(tuple(found)) for column, found in names.items()}


@lru_cache(maxsize=256)  # runs whose inputs are drawn each have a network of their own, with the same names
def _dtype(names: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(list(names), dtype="str"))


OUTCOMES = ("done", "rehoused", "abandoned")
"""How a step of a case may end."""


def reasons(network: Network) -> dict[str, tuple[int, int]]:
    """Return the reasons that a stay may have, each with the settings that were given up and died on the list for.

    `NOWHERE` stands for no setting.
    """
    routes = [r for setting in network.settings for r in (*setting.routes, *setting.at_maximum_routes)]
    given_up = {(route.to, route.gives_up.to) for route in routes if route.gives_up and route.to >= 0}
    lists = {route.to for route in routes} | {to for _, to in given_up} | {r.listed_for for r in network.residents}
    found = dict.fromkeys(("route", "maximum_stay", "closing", "died"), (NOWHERE, NOWHERE))
    found |= {died_on_list(network, wanted): (NOWHERE, wanted) for wanted in sorted(lists) if wanted >= 0}
    for wanted, then in sorted(given_up):
        found[gave_up(network, wanted)] = (wanted, NOWHERE)
        if then >= 0:
            found[f"{gave_up(network, wanted)}{AND}{died_on_list(network, then)}"] = (wanted, then)
    return found


def gave_up(network: Network, wanted: int) -> str:
    """Return the reason of those who stop waiting for a setting."""
    return f"gave_up:{network.settings[wanted].name}"


def died_on_list(network: Network, wanted: int) -> str:
    """Return the reason of those who die on the list for a setting."""
    return f"died:{network.settings[wanted].name}"


def _stay_row(network: Network, person: Person, stay: Stay) -> tuple[object, ...]:
    return (
        person.number,
        network.groups[person.group],
        network.areas[person.area],
        network.settings[stay.setting].name,
        network.schemes[stay.scheme].name,
        stay.visit,
        stay.opening,
        stay.entered_day,
        _ready_day(network, stay),
        stay.identified_day,
        stay.prepared_day,
        stay.listed_day,
        stay.left_day,
        _leads_to(network, stay),
        stay.reason or ("route" if stay.identified else None),
    )


def _ready_day(network: Network, stay: Stay) -> float:
    """Return the day of readiness if it came, whether or not anybody knew."""
    came = stay.due < network.end_day if math.isnan(stay.left_day) else stay.due <= stay.left_day
    return stay.due if came else math.nan


def _leads_to(network: Network, stay: Stay) -> str | None:
    """Return where the stay led, or where somebody who is still there prepares or waits to go."""
    if stay.left_for is not None:
        return network.destination(stay.left_for)
    if stay.listed_for != NOWHERE:
        return network.destination(stay.listed_for)
    return network.destination(stay.route.to) if stay.route is not None and stay.identified else None


def _job_row(network: Network, job: Job) -> tuple[object, ...]:
    adaptations = network.adaptations
    adapts = adaptations is not None and job.tier != NOWHERE
    return (
        job.case.number,
        job.case.person.number if job.case.person is not None else None,
        adaptations.tiers[job.tier].name if adaptations is not None and adapts else None,
        adaptations.tenures[job.case.tenure] if adaptations is not None and adapts else None,
        network.steps[job.step].name,
        job.queued_day,
        job.started_day,
        job.finished_day,
        job.outcome,
        job.amount,
    )


def places_of(network: Network, option: str) -> pd.DataFrame:
    """Return the table of places, which no replication changes."""
    return _places(option, tuple(scheme.name for scheme in network.schemes), tuple(_place_rows(network)))


@lru_cache(maxsize=16)  # as above
def _places(option: str, schemes: tuple[str, ...], rows: tuple[tuple[str, float, float], ...]) -> pd.DataFrame:
    known = {"option": _dtype((option,)), "scheme": _dtype(schemes)}
    return frame(((option, *row) for row in rows), PLACES, known)


def _place_rows(network: Network) -> Iterable[tuple[str, float, float]]:
    for scheme in network.schemes:
        yield scheme.name, network.opening_day, scheme.places.at(network.opening_day)
        for day, places in zip(scheme.places.days, scheme.places.values, strict=True):
            if network.opening_day < day < network.end_day:
                yield scheme.name, day, places
