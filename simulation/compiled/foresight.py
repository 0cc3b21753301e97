"""Memory of the next alarms: it is asked for while the present one rings, so that it need not be waited for.

Nothing depends on it but time; and that only where there are more people than the processor's cache holds.
"""

from __future__ import annotations

from stepdown.simulation.compiled.clock import DETAILS, KIND, NUMBERS
from stepdown.simulation.compiled.draws import luck_of
from stepdown.simulation.compiled.heap import BRANCHES, alarm_of, first_of_four
from stepdown.simulation.compiled.memory import World, compiled, fetch
from stepdown.simulation.compiled.people import case_of, job_of, person_of, stay_of

MANY = 2000
"""With fewer alarms than this, what they concern is at hand."""


@compiled
def look_ahead(world: World) -> None:
    """Ask for those whom the next alarms concern, and for what the very next one needs of them."""
    if world.alarms_used < MANY:
        return
    for position in range(BRANCHES, 2 * BRANCHES):
        tag = alarm_of(world, position).tag
        if tag // (DETAILS * NUMBERS) == KIND.STEP:
            fetch(case_of(world, tag // DETAILS % NUMBERS))
        else:
            fetch(person_of(world, tag // DETAILS % NUMBERS))
    tag = alarm_of(world, first_of_four(world, BRANCHES)).tag
    kind = tag // (DETAILS * NUMBERS)
    if kind == KIND.STEP:
        fetch_work(world, tag // DETAILS % NUMBERS)
    elif kind in (KIND.IDENTIFIED, KIND.READY, KIND.MAXIMUM, KIND.GIVE_UP, KIND.DEATH):
        fetch_life(world, tag // DETAILS % NUMBERS)


@compiled
def fetch_life(world: World, number: int) -> None:
    """Ask for a person's stay and luck, and for their neighbours."""
    person = person_of(world, number)
    fetch(stay_of(world, person.stay))
    fetch(luck_of(world, person.luck))
    fetch(person_of(world, person.resident_before))
    fetch(person_of(world, person.resident_after))


@compiled
def fetch_work(world: World, number: int) -> None:
    """Ask for a case's luck, person and job."""
    case = case_of(world, number)
    fetch(luck_of(world, case.luck))
    fetch(person_of(world, case.person))
    fetch(job_of(world, case.last_job))
