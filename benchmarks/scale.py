"""A network many times its size: so many times the people, the places, the workers, the homes and the money."""

from __future__ import annotations

from dataclasses import replace

from stepdown.scenarios import network as n
from stepdown.scenarios.schedules import Intensity, Schedule


def scaled(network: n.Network, times: int) -> n.Network:
    """Return a network so many times its size; settings, schemes, routes and steps stay as many as they are."""
    return replace(
        network,
        sources=tuple(_source(source, times) for source in network.sources),
        schemes=tuple(replace(scheme, places=_schedule(scheme.places, times)) for scheme in network.schemes),
        steps=tuple(_step(step, times) for step in network.steps),
        adaptations=_adaptations(network.adaptations, times),
        residents=_residents(network.residents, times),
    )


def _schedule(schedule: Schedule[float], times: float) -> Schedule[float]:
    return replace(schedule, values=tuple(value * times for value in schedule.values))


def _intensity(intensity: Intensity, times: float) -> Intensity:
    rates, totals = (tuple(value * times for value in values) for values in (intensity.rates, intensity.totals))
    return replace(intensity, rates=rates, totals=totals)


def _source(source: n.Source, times: int) -> n.Source:
    if source.arrivals is None:
        return replace(source, days=tuple(day for day in source.days for _ in range(times)))
    return replace(source, arrivals=_intensity(source.arrivals, times))


def _step(step: n.AnyStep, times: int) -> n.AnyStep:
    match step:
        case n.TeamRule():
            return replace(step, workers=Schedule(step.workers.days, tuple(w * times for w in step.workers.values)))
        case n.PanelRule():
            return replace(step, cases_per_meeting=_schedule(step.cases_per_meeting, times))
        case n.LettingsRule():
            return replace(step, homes=_intensity(step.homes, times))
        case n.GrantRule():
            return replace(step, budgets=tuple((day, pounds * times) for day, pounds in step.budgets))
        case n.DelayRule():
            return step


def _adaptations(adaptations: n.Adaptations | None, times: int) -> n.Adaptations | None:
    if adaptations is None or adaptations.community is None:
        return adaptations
    return replace(adaptations, community=_intensity(adaptations.community, times))


def _residents(residents: tuple[n.Resident, ...], times: int) -> tuple[n.Resident, ...]:
    most = max((resident.number for resident in residents), default=0)
    return tuple(
        replace(resident, number=resident.number + most * copy) for copy in range(times) for resident in residents
    )
