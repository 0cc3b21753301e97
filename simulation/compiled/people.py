"""People, their stays, and the cases that are worked on for them: `stepdown.simulation.people`, compiled."""

from __future__ import annotations

import math

from stepdown.simulation.compiled.layout import (
    CASE,
    JOB,
    NOWHERE,
    PERSON,
    ROUTE,
    SCHEME,
    SETTING,
    STAY,
    STEP,
    UNSET,
)
from stepdown.simulation.compiled.memory import Record, World, accessor, appender, compiled, constants

NEVER = math.inf
UNKNOWN = math.nan

CAUSE = constants("CAUSE", OWN_COURSE=0, MAXIMUM_STAY=1, CLOSING=2)
"""What made a stay end, unless the person gave up or died."""

UNDECIDED, DONE, REHOUSED, ABANDONED = range(-1, 3)
"""Outcomes of a job."""

setting_of = accessor("settings", SETTING)
scheme_of = accessor("schemes", SCHEME)
route_of = accessor("routes", ROUTE)
step_of = accessor("steps", STEP)
person_of = accessor("people", PERSON)
stay_of = accessor("stays", STAY)
case_of = accessor("cases", CASE)
job_of = accessor("jobs", JOB)
new_person_row = appender("people", PERSON)
new_stay_row = appender("stays", STAY)
new_case_row = appender("cases", CASE)
new_job_row = appender("jobs", JOB)


@compiled
def new_person(world: World, luck: int, group: int, area: int, tier: int, tenure: int) -> Record:
    """Return a new person, who lives nowhere yet."""
    number = new_person_row(world)
    person = person_of(world, number)
    person.number = number
    person.luck = luck
    person.group = group
    person.area = area
    person.tier = tier
    person.tenure = tenure
    person.first_stay = person.stay = NOWHERE
    person.alarms = 0
    person.gone = person.waits_for_alarm = person.heeds_notice = person.waits_for_case = False
    return person


@compiled
def new_stay(world: World, person: Record, scheme: int, visit: int, entered: float, opening: bool) -> Record:
    """Return a person's new stay, after those that they have had."""
    position = new_stay_row(world)
    if person.stay == NOWHERE:
        person.first_stay = position
    else:
        stay_of(world, person.stay).next = position
    person.stay = position
    stay = stay_of(world, position)
    stay.person = person.number
    stay.scheme = scheme
    stay.setting = scheme_of(world, scheme).setting
    stay.visit = visit
    stay.opening = opening
    stay.entered_day = entered
    stay.due = stay.limit = NEVER
    stay.identified_day = stay.prepared_day = stay.listed_day = stay.left_day = UNKNOWN
    stay.route = stay.case = stay.next = stay.listed_for = stay.bound_to = stay.unbound_from = NOWHERE
    stay.left_for = UNSET
    stay.cause = CAUSE.OWN_COURSE
    stay.gave_up = stay.died_listed_for = stay.patience = NOWHERE
    stay.died = False
    return stay


@compiled
def is_identified(stay: Record) -> bool:
    """Whether it is known that the person is to move on."""
    return not math.isnan(stay.identified_day)


@compiled
def is_listed(stay: Record) -> bool:
    """Whether the person is on a waiting list."""
    return stay.listed_for != NOWHERE


@compiled
def new_case(world: World, luck: int, person: int, tier: int, tenure: int) -> Record:
    """Return a new case; it is nobody's move if the person is `NOWHERE`."""
    number = new_case_row(world)
    case = case_of(world, number)
    case.number = number
    case.luck = luck
    case.person = person
    case.tier = tier
    case.tenure = tenure
    case.first_job = case.last_job = NOWHERE
    case.begun = 0
    case.prepared = False
    return case


@compiled
def new_job(world: World, case: Record, strand: int, step: int, visit: int, rank: int, tier: int) -> Record:
    """Return a new job, after those that its case has had."""
    position = new_job_row(world)
    if case.last_job == NOWHERE:
        case.first_job = position
    else:
        job_of(world, case.last_job).next = position
    case.last_job = position
    job = job_of(world, position)
    job.position = position
    job.case = case.number
    job.strand = strand
    job.step = step
    job.visit = visit
    job.rank = rank
    job.tier = tier
    job.next = NOWHERE
    job.queued_day = world.now
    job.started_day = job.finished_day = job.amount = UNKNOWN
    job.outcome = UNDECIDED
    job.turn = NOWHERE
    job.queued = False
    return job


@compiled
def begun_job(world: World, case: Record, turn: int) -> Record:
    """Return the job that a case began at a turn: mostly its last."""
    job = job_of(world, case.last_job)
    if job.turn != turn:
        job = job_of(world, case.first_job)
    while job.turn != turn:
        job = job_of(world, job.next)
    return job
