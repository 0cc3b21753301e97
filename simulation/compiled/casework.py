"""Cases on their way through steps: `stepdown.simulation.casework`, compiled.

Where the reference has a process for each step that is done beside others, here a strand remembers how far it is.
"""

from __future__ import annotations

from stepdown.simulation.compiled.arrivals import await_case, community_stream, tenure_of, tier_of_household
from stepdown.simulation.compiled.clock import REACTION_KIND, then
from stepdown.simulation.compiled.desks import join_desk, own_draw, withdraw
from stepdown.simulation.compiled.draws import PURPOSE, come_to, new_luck
from stepdown.simulation.compiled.layout import NOWHERE, STAGE, STRAND, TIER
from stepdown.simulation.compiled.memory import PLAIN, Record, World, accessor, appender, compiled, integer_at
from stepdown.simulation.compiled.people import (
    REHOUSED,
    UNDECIDED,
    case_of,
    job_of,
    new_case,
    new_job,
    person_of,
    route_of,
    stay_of,
    step_of,
)
from stepdown.simulation.compiled.schedules import value_at

stage_of = accessor("stages", STAGE)
tier_of = accessor("tiers", TIER)
strand_of = accessor("strands", STRAND)
new_strand_row = appender("strands", STRAND)


@compiled
def open_case(world: World, person: Record, route: int) -> int:
    """Begin to prepare a person's move, and return the case."""
    case = new_case(world, person.luck, person.number, person.tier, person.tenure)
    taken = route_of(world, route)
    case.stage = taken.stages_from
    case.stages_until = taken.stages_until
    go_through(world, case)
    return case.number


@compiled
def abandon(world: World, number: int) -> None:
    """Stop work on a case that nobody needs any more; its workers are free at once."""
    position = case_of(world, number).first_job
    while position != NOWHERE:
        job = job_of(world, position)
        if job.outcome == UNDECIDED:
            withdraw(world, job)
        position = job.next


@compiled
def community_case(world: World) -> None:
    """Let a case of the wider community come: it is one strand through the steps of its tier."""
    luck = new_luck(world, world.adaptations_code, community_stream(world).number)
    case = new_case(world, luck, PLAIN.NOWHERE, tier_of_household(world, luck), tenure_of(world, luck))
    case.stage = case.stages_until = NOWHERE
    await_case(world)
    if follow(world, case, PLAIN.ADAPTATION_STEP, PLAIN.TRUE):
        go_through(world, case)


@compiled
def go_through(world: World, case: Record) -> None:
    """Go through the stages of a case, one after the other, until one takes time; the steps of each side by side."""
    while case.stage < case.stages_until:
        stage = stage_of(world, case.stage)
        case.stage += 1
        steps = stage.steps_until - stage.steps_from
        if steps == 1:
            if not follow(world, case, integer_at(world.integers, stage.steps_from), PLAIN.TRUE):
                return
        else:
            case.open_strands = steps
            for position in range(stage.steps_from, stage.steps_until):
                follow(world, case, integer_at(world.integers, position), PLAIN.FALSE)
            return
    if case.person != NOWHERE:
        person = person_of(world, case.person)
        stay_of(world, person.stay).prepared_day = world.now
    then(world, REACTION_KIND.PREPARED, case.number)


@compiled
def follow(world: World, case: Record, step: int, alone: bool) -> bool:
    """Do one step of a stage, and return whether it took no time at all (which others beside it still hear of)."""
    position = new_strand_row(world)
    strand = strand_of(world, position)
    strand.position = position
    strand.case = case.number
    strand.step = step
    strand.alone = alone
    strand.stage = strand.stages_until = NOWHERE
    if step != PLAIN.ADAPTATION_STEP:
        strand.open_jobs = 1
        strand.several_jobs = False
        strand.rehousing_job = NOWHERE
        queue_job(world, case, strand, step, PLAIN.NOWHERE)
        return False
    if case.tier != NOWHERE:
        stages = tier_of(world, case.tier).stages + 2 * case.tenure
        strand.stage = integer_at(world.integers, stages)
        strand.stages_until = integer_at(world.integers, stages + 1)
    if adapt(world, case, strand):
        if not alone:
            then(world, REACTION_KIND.STRAND_DONE, position)
        return True
    return False


@compiled
def adapt(world: World, case: Record, strand: Record) -> bool:
    """Begin the next stage of an adaptation, and return whether there was none left."""
    strand.rehousing_job = NOWHERE
    if strand.stage == strand.stages_until:
        return True
    stage = stage_of(world, strand.stage)
    strand.stage += 1
    strand.open_jobs = stage.steps_until - stage.steps_from
    strand.several_jobs = strand.open_jobs > 1
    rehousing_step = tier_of(world, case.tier).rehousing_step
    for position in range(stage.steps_from, stage.steps_until):
        step = integer_at(world.integers, position)
        job = queue_job(world, case, strand, step, case.tier)
        if step == rehousing_step and strand.rehousing_job == NOWHERE:
            strand.rehousing_job = job
    return False


@compiled
def queue_job(world: World, case: Record, strand: Record, step: int, tier: int) -> int:
    """Let a case queue for a step."""
    visit = come_to(world, case.luck, world.number_of_settings + step, PURPOSE.VISIT)
    job = new_job(world, case, strand.position, step, visit, rank_of(world, case, step), tier)
    join_desk(world, job)
    return job.position


@compiled
def rank_of(world: World, case: Record, step: int) -> int:
    """Return a case's class at a step: the best of its setting's, its group's and its tier's."""
    priority = step_of(world, step).priority
    settings, groups = world.number_of_settings, world.number_of_groups
    if case.person == NOWHERE:
        best = integer_at(world.integers, priority + settings + groups + world.number_of_tiers)
    else:
        person = person_of(world, case.person)
        of_setting = integer_at(world.integers, priority + stay_of(world, person.stay).setting)
        best = min(of_setting, integer_at(world.integers, priority + settings + person.group))
    if case.tier != NOWHERE:
        best = min(best, integer_at(world.integers, priority + settings + groups + case.tier))
    return best


# What follows when something is done ----------------------------------------------------------------------------------


@compiled
def after_job(world: World, position: int) -> None:
    """Go on when a job is done; those of a stage that has several are heard of together."""
    strand = strand_of(world, job_of(world, position).strand)
    strand.open_jobs -= 1
    if not strand.several_jobs:
        go_on(world, strand)
    elif strand.open_jobs == 0:
        then(world, REACTION_KIND.ADAPTATION_STAGE_DONE, strand.position)


@compiled
def go_on(world: World, strand: Record) -> None:
    """Go on with a strand whose jobs are done: the next stage of an adaptation, or what comes after the step."""
    case = case_of(world, strand.case)
    if not rehoused(world, case, strand) and not adapt(world, case, strand):
        return
    if strand.alone:
        go_through(world, case)
    else:
        then(world, REACTION_KIND.STRAND_DONE, strand.position)


@compiled
def rehoused(world: World, case: Record, strand: Record) -> bool:
    """Draw whether rehousing makes the works unnecessary, where the stage that is done could."""
    if strand.rehousing_job == NOWHERE:
        return False
    job = job_of(world, strand.rehousing_job)
    chance = value_at(world, tier_of(world, case.tier).rehoused_first, world.now)
    if own_draw(world, job, PURPOSE.REHOUSED, job.visit) < chance:
        job.outcome = REHOUSED
        return True
    return False


@compiled
def after_strand(world: World, position: int) -> None:
    """Count a step of a stage as done."""
    case = case_of(world, strand_of(world, position).case)
    case.open_strands -= 1
    if case.open_strands == 0:
        then(world, REACTION_KIND.STAGE_DONE, case.number)
