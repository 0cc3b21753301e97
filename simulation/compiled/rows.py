"""From what came to be in a replication to the rows of its tables, as columns of numbers.

`stepdown.simulation.records`, compiled: stays by person, case steps by case, each in the order of time.
"""

from __future__ import annotations

import math
from typing import Any

from stepdown.simulation.compiled.layout import NOWHERE, UNSET
from stepdown.simulation.compiled.memory import Record, World, compiled
from stepdown.simulation.compiled.people import (
    CAUSE,
    case_of,
    is_identified,
    is_listed,
    job_of,
    person_of,
    route_of,
    stay_of,
)

STAY_CODES = ("group", "area", "setting", "scheme", "to", "reason")
STAY_DAYS = ("entered_day", "ready_day", "identified_day", "prepared_day", "listed_day", "left_day")
OWN_REASONS = 3
"""Reasons of those who neither gave up nor died: the route, the maximum stay, the closing."""

STEP_CODES = ("tier", "tenure", "step", "outcome")
STEP_NUMBERS = ("queued_day", "started_day", "finished_day", "amount")


@compiled
def ready_day(world: World, stay: Record) -> float:
    """Return the day of readiness if it came, whether or not anybody knew."""
    came = stay.due < world.end_day if math.isnan(stay.left_day) else stay.due <= stay.left_day
    return stay.due if came else math.nan


@compiled
def leads_to(world: World, stay: Record) -> int:
    """Return where the stay led, or where somebody who is still there prepares or waits to go; else `UNSET`."""
    if stay.left_for != UNSET:
        return stay.left_for
    if is_listed(stay):
        return stay.listed_for
    return route_of(world, stay.route).to if stay.route != NOWHERE and is_identified(stay) else UNSET


@compiled
def destination_code(world: World, to: int) -> int:
    """Return a destination's place among the settings and then the exits; `NOWHERE` for none."""
    if to == UNSET:
        return NOWHERE
    return to if to >= 0 else world.number_of_settings - 1 - to


@compiled
def reason_code(world: World, stay: Record) -> int:
    """Return which reason a stay has: a key of `stepdown.simulation.compiled.engine.reason_keys`."""
    if stay.gave_up != NOWHERE or stay.died:
        lists = world.number_of_settings + 1
        return OWN_REASONS + 2 * ((stay.gave_up + 1) * lists + stay.died_listed_for + 1) + stay.died
    if stay.cause != CAUSE.OWN_COURSE:
        return stay.cause
    return 0 if is_identified(stay) else NOWHERE


@compiled
def write_stays(world: World, first: int, people: Any, visits: Any, opening: Any, codes: Any, days: Any) -> None:
    """Write all stays from a row on."""
    row = first
    for number in range(1, world.people_used):
        person = person_of(world, number)
        position = person.first_stay
        while position != NOWHERE:
            stay = stay_of(world, position)
            people[row] = number
            visits[row] = stay.visit
            opening[row] = stay.opening
            codes[0, row] = person.group
            codes[1, row] = person.area
            codes[2, row] = stay.setting
            codes[3, row] = stay.scheme
            codes[4, row] = destination_code(world, leads_to(world, stay))
            codes[5, row] = reason_code(world, stay)
            days[0, row] = stay.entered_day
            days[1, row] = ready_day(world, stay)
            days[2, row] = stay.identified_day
            days[3, row] = stay.prepared_day
            days[4, row] = stay.listed_day
            days[5, row] = stay.left_day
            position = stay.next
            row += 1


@compiled
def write_steps(world: World, first: int, cases: Any, people: Any, codes: Any, numbers: Any) -> None:
    """Write all steps of cases from a row on."""
    row = first
    for number in range(1, world.cases_used):
        case = case_of(world, number)
        position = case.first_job
        while position != NOWHERE:
            job = job_of(world, position)
            cases[row] = number
            people[row] = case.person
            codes[0, row] = job.tier
            codes[1, row] = case.tenure if job.tier != NOWHERE else NOWHERE
            codes[2, row] = job.step
            codes[3, row] = job.outcome
            numbers[0, row] = job.queued_day
            numbers[1, row] = job.started_day
            numbers[2, row] = job.finished_day
            numbers[3, row] = job.amount
            position = job.next
            row += 1
