"""What the next alarms concern is asked for from memory while the present one rings, so that it need not be waited for.

Nothing but time depends on this, and only where there are more people than the processor's cache holds.
"""

from __future__ import annotations

from stepdown.simulation.compiled.clock import KIND, kind_of, number_of
from stepdown.simulation.compiled.draws import luck_of
from stepdown.simulation.compiled.heap import BRANCHES, PLACE, alarm_of, first_of_four
from stepdown.simulation.compiled.memory import World, compiled, fetch, inlined
from stepdown.simulation.compiled.people import case_of, job_of, person_of, stay_of

MANY = 2000
"""With fewer alarms than this, what they concern is at hand."""


@compiled
def look_ahead(world: World) -> None:
    """Ask for those whom the next alarms concern, and for what the very next one needs of them."""
    if world.alarms_used < MANY:
        return
    for position in range(PLACE.BELOW_TOP, PLACE.BELOW_TOP + BRANCHES):
        tag = alarm_of(world, position).tag
        if kind_of(tag) == KIND.STEP:
            fetch(case_of(world, number_of(tag)))
        else:
            fetch(person_of(world, number_of(tag)))
    tag = alarm_of(world, first_of_four(world, PLACE.BELOW_TOP)).tag
    kind = kind_of(tag)
    if kind == KIND.STEP:
        fetch_work(world, number_of(tag))
    elif kind in (KIND.IDENTIFIED, KIND.READY, KIND.MAXIMUM, KIND.GIVE_UP, KIND.DEATH):
        fetch_life(world, number_of(tag))


@inlined
def fetch_life(world: World, number: int) -> None:
    """Ask for a person's stay and luck, and for their neighbours."""
    person = person_of(world, number)
    fetch(stay_of(world, person.stay))
    fetch(luck_of(world, person.luck))
    fetch(person_of(world, person.resident_before))
    fetch(person_of(world, person.resident_after))


@inlined
def fetch_work(world: World, number: int) -> None:
    """Ask for a case's luck, person and job."""
    case = case_of(world, number)
    fetch(luck_of(world, case.luck))
    fetch(person_of(world, case.person))
    fetch(job_of(world, case.last_job))
