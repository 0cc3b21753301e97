"""The kernel: one replication from beginning to end."""

from __future__ import annotations

from stepdown.simulation.clock import STANDSTILL
from stepdown.simulation.compiled.allocation import begin_allocation, let_people_move
from stepdown.simulation.compiled.arrivals import begin_arrivals
from stepdown.simulation.compiled.casework import (
    after_job,
    after_strand,
    community_case,
    go_on,
    go_through,
    strand_of,
)
from stepdown.simulation.compiled.clock import (
    KIND,
    REACTION_KIND,
    next_alarm,
    next_reaction,
    reaction_of,
)
from stepdown.simulation.compiled.coming import begin_notices, begin_with_residents, let_person_come
from stepdown.simulation.compiled.desks import (
    await_home,
    begin_desks,
    change_workers,
    finish_work,
    hand_out,
    look,
    meet,
)
from stepdown.simulation.compiled.foresight import look_ahead
from stepdown.simulation.compiled.heap import begin_heap, next_day
from stepdown.simulation.compiled.housing import begin_housing, change_places, turned_around
from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import World, inlined
from stepdown.simulation.compiled.people import case_of, person_of
from stepdown.simulation.compiled.story import (
    NOTICE,
    die,
    give_notice,
    give_up,
    identified,
    is_awaited,
    limit_reached,
    noticed,
    prepared,
    start_patience,
    until_identified,
    until_prepared,
)
from stepdown.simulation.compiled.waiting import queue_of, unbind

ENDED, STOOD_STILL = range(2)
"""How a replication ends."""


@inlined
def begin(world: World) -> None:
    """Begin a replication: nothing has happened, and nobody is there but the opening caseload."""
    world.now = world.opening_day
    world.happened = world.next_reaction = 0
    world.lucks_used = world.counts_used = world.stays_used = world.strands_used = world.jobs_used = 0
    world.reactions_used = 0
    world.people_used = world.cases_used = 1  # people and cases are numbered from 1
    for position in range(world.number_of_queues):
        queue = queue_of(world, position)
        queue.first = queue.last = NOWHERE
    begin_heap(world)
    begin_allocation(world)
    begin_housing(world)
    begin_desks(world)
    begin_notices(world)
    begin_arrivals(world)
    begin_with_residents(world)


@inlined
def run(world: World) -> int:
    """Let everything happen that happens before the end, and return how it ended."""
    begin(world)
    while True:
        reaction = next_reaction(world)
        if reaction != NOWHERE:
            react(world, reaction)
        elif next_day(world) <= world.now or not (world.hand_out_due or world.allocate_due):
            if next_day(world) >= world.end_day:
                return ENDED
            next_alarm(world)
            ring(world)
        elif world.hand_out_due:
            world.hand_out_due = False
            hand_out(world)
        else:
            world.allocate_due = False
            let_people_move(world)
            start_patience(world)
        world.happened += 1
        if world.happened > STANDSTILL:
            return STOOD_STILL


@inlined
def react(world: World, position: int) -> None:
    """Let something happen that an alarm, or what followed from it, has set off."""
    reaction = reaction_of(world, position)
    kind, who = reaction.kind, reaction.who
    if kind == REACTION_KIND.JOB_DONE:
        after_job(world, who)
    elif kind == REACTION_KIND.STRAND_DONE:
        after_strand(world, who)
    elif kind == REACTION_KIND.ADAPTATION_STAGE_DONE:
        go_on(world, strand_of(world, who))
    elif kind == REACTION_KIND.STAGE_DONE:
        go_through(world, case_of(world, who))
    elif kind == REACTION_KIND.PREPARED:
        prepared(world, who)
    elif kind == REACTION_KIND.NOTICED:
        noticed(world, person_of(world, who))
    else:
        until_identified(world, person_of(world, who))


@inlined
def ring(world: World) -> None:
    """Let happen what an alarm was set for."""
    look_ahead(world)
    kind, number = world.kind, world.number
    if kind in (KIND.IDENTIFIED, KIND.READY) or (kind == KIND.MAXIMUM and number != NOTICE.CLOSING):
        ring_for(world, number, kind)
    elif kind == KIND.DEATH:
        die(world, person_of(world, number))
    elif kind == KIND.ARRIVAL:
        let_person_come(world, number)
    elif kind == KIND.GIVE_UP:
        give_up(world, person_of(world, number))
    elif kind == KIND.MAXIMUM:
        give_notice(world, world.detail)
    elif kind == KIND.STEP:
        finish_work(world, case_of(world, number), world.detail)
    else:
        ring_elsewhere(world, kind, number)


@inlined
def ring_for(world: World, number: int, kind: int) -> None:
    """Let a person's story go on, if they wait for this alarm."""
    person = person_of(world, number)
    if not is_awaited(world, person):
        return
    if kind == KIND.IDENTIFIED:
        identified(world, person)
    elif kind == KIND.READY:
        until_prepared(world, person)
    else:
        limit_reached(world, person)


@inlined
def ring_elsewhere(world: World, kind: int, number: int) -> None:
    """Let happen what concerns places, steps and the community."""
    if kind == KIND.PLACES:
        if change_places(world, number):
            unbind(world, number)
    elif kind == KIND.TURNED_AROUND:
        turned_around(world, number)
    elif kind == KIND.WORKERS:
        change_workers(world, number, world.detail)
    elif kind == KIND.CASE_ARRIVAL:
        community_case(world)
    elif kind == KIND.HOME:
        await_home(world, number)
        look(world, number)
    elif kind == KIND.MEETING:
        meet(world, number)
