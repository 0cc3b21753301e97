"""Steps at work: cases queue, are taken on, and are done: `stepdown.simulation.desks`, compiled."""

from __future__ import annotations

import math

from stepdown.simulation.compiled.arrivals import advance, begin_stream, stream_of
from stepdown.simulation.compiled.clock import KIND, REACTION_KIND, at, then
from stepdown.simulation.compiled.draws import PURPOSE, come_to, draw, drawn
from stepdown.simulation.compiled.facts import DELAY, GRANT, LETTINGS, PANEL, TEAM
from stepdown.simulation.compiled.job_queues import dequeue_job, enqueue_job, first_job, next_job
from stepdown.simulation.compiled.layout import DESK, NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, accessor, compiled, larger, number_at
from stepdown.simulation.compiled.people import ABANDONED, DONE, UNDECIDED, begun_job, case_of, job_of, step_of
from stepdown.simulation.compiled.schedules import piece_from, piece_value, schedule_of, value_at

desk_of = accessor("desks", DESK)


@compiled
def begin_desks(world: World) -> None:
    """Begin with nobody waiting, and note what will happen at each desk by itself."""
    world.hand_out_due = False
    for position in range(world.number_of_steps):
        desk, step = desk_of(world, position), step_of(world, position)
        desk.busy = 0
        desk.left = 0.0
        desk.asked = False
        if step.kind == TEAM:
            await_workers(world, position)
        elif step.kind == PANEL:
            desk.piece = desk.meetings = 0
            await_meeting(world, position)
        elif step.kind == LETTINGS:
            begin_stream(next_home(world, position), step.code, step.homes)
            begin_stream(oldest_home(world, position), step.code, step.homes)
            advance(world, oldest_home(world, position))
            await_home(world, position)
        elif step.kind == GRANT:
            for budget in range(step.budgets_from, step.budgets_until, 2):
                at(world, number_at(world.numbers, budget), KIND.WORKERS, position, budget + 1)


@compiled
def look(world: World, position: int) -> None:
    """Have a desk take on cases before the instant ends."""
    desk_of(world, position).asked = True
    world.hand_out_due = True


@compiled
def hand_out(world: World) -> None:
    """Let the desks that asked for it take on cases, in their declared order."""
    for position in range(world.number_of_steps):
        desk = desk_of(world, position)
        if desk.asked:
            desk.asked = False
            take_on(world, position)


@compiled
def take_on(world: World, position: int) -> None:
    """Take on the cases that a desk can take on now."""
    kind = step_of(world, position).kind
    if kind == DELAY:
        start_all(world, position)
    elif kind == TEAM:
        start_while_workers_are_free(world, position)
    elif kind == LETTINGS:
        let_homes(world, position)
    elif kind == GRANT:
        grant(world, position)


# Work -----------------------------------------------------------------------------------------------------------------


@compiled
def join_desk(world: World, job: Record) -> None:
    """Let a case queue, at a grant with the amount that it needs."""
    step = step_of(world, job.step)
    if step.kind == GRANT:
        luck = case_of(world, job.case).luck
        job.amount = drawn(world, step.amount, luck, PURPOSE.AMOUNT, step.code, job.visit)
    enqueue_job(world, job)
    look(world, job.step)


@compiled
def own_draw(world: World, job: Record, purpose: int, visit: int) -> float:
    """Return the case's own draw for a step."""
    return draw(world, case_of(world, job.case).luck, purpose, step_of(world, job.step).code, visit)


@compiled
def withdraw(world: World, job: Record) -> None:
    """Let a case go that no longer needs the step."""
    if job.queued:
        dequeue_job(world, job)
    else:
        let_go(world, job.step)
    job.outcome = ABANDONED
    job.finished_day = world.now


@compiled
def let_go(world: World, position: int) -> None:
    """Free whoever works on a case that is finished or withdrawn."""
    if step_of(world, position).kind == TEAM:
        desk_of(world, position).busy -= 1
        look(world, position)


@compiled
def finish(world: World, job: Record) -> None:
    """Tell the case that the step is done."""
    job.outcome = DONE
    job.finished_day = world.now
    then(world, REACTION_KIND.JOB_DONE, job.position)


@compiled
def work_on(world: World, job: Record) -> None:
    """Take the job out of its queue, start on it, and finish it when its time has passed."""
    dequeue_job(world, job)
    step, case = step_of(world, job.step), case_of(world, job.case)
    days = drawn(world, step.takes, case.luck, PURPOSE.TAKES, step.code, job.visit)
    job.started_day = world.now
    case.begun += 1
    job.turn = case.begun
    at(world, world.now + days, KIND.STEP, job.case, job.turn)


@compiled
def finish_work(world: World, case: Record, turn: int) -> None:
    """Finish the job that a case began at a turn, unless it was abandoned."""
    job = begun_job(world, case, turn)
    if job.outcome == UNDECIDED:
        let_go(world, job.step)
        finish(world, job)


# Delays and teams -----------------------------------------------------------------------------------------------------


@compiled
def start_all(world: World, position: int) -> None:
    """Start all: nobody works on a delay."""
    step = step_of(world, position)
    first = first_job(world, step)
    while first != NOWHERE:
        work_on(world, job_of(world, first))
        first = first_job(world, step)


@compiled
def await_workers(world: World, position: int) -> None:
    """Note when the number of workers changes."""
    schedule = schedule_of(world, step_of(world, position).workers)
    for piece in range(schedule.length):
        day = piece_from(world, schedule, piece)
        if world.now < day:
            at(world, day, KIND.WORKERS, position, PLAIN.NONE)


@compiled
def start_while_workers_are_free(world: World, position: int) -> None:
    """Start cases while workers are free; when workers leave, they finish what they have begun."""
    step, desk = step_of(world, position), desk_of(world, position)
    workers = value_at(world, step.workers, world.now)
    first = first_job(world, step)
    while first != NOWHERE and desk.busy < workers:
        desk.busy += 1
        work_on(world, job_of(world, first))
        first = first_job(world, step)


# Panels ---------------------------------------------------------------------------------------------------------------


@compiled
def await_meeting(world: World, position: int) -> None:
    """Wait for the next meeting; a new series begins when the interval changes."""
    desk = desk_of(world, position)
    intervals = schedule_of(world, step_of(world, position).meetings)
    while desk.piece < intervals.length:
        first = larger(piece_from(world, intervals, desk.piece), world.opening_day)
        day = first + desk.meetings * piece_value(world, intervals, desk.piece)
        if day >= piece_from(world, intervals, desk.piece + 1):
            desk.piece += 1
            desk.meetings = 0
        else:
            desk.meetings += 1
            at(world, day, KIND.MEETING, position, PLAIN.NONE)
            return


@compiled
def meet(world: World, position: int) -> None:
    """Consider the first cases; one that is not approved keeps its place for the next meeting."""
    step = step_of(world, position)
    left = value_at(world, step.cases_per_meeting, world.now)
    approves = value_at(world, step.approves, world.now)
    considered = first_job(world, step)
    while considered != NOWHERE and left >= 1:
        left -= 1
        job = job_of(world, considered)
        considered = next_job(world, step, job)
        if math.isnan(job.started_day):  # no earlier meeting has considered it
            job.started_day = world.now
        times = come_to(world, case_of(world, job.case).luck, world.number_of_settings + position, PURPOSE.APPROVES)
        if own_draw(world, job, PURPOSE.APPROVES, times) < approves:
            dequeue_job(world, job)
            finish(world, job)
    await_meeting(world, position)


# Lettings -------------------------------------------------------------------------------------------------------------


@compiled
def next_home(world: World, position: int) -> Record:
    """Return the stream of a step's homes, as far as they have come."""
    return stream_of(world, world.number_of_sources + 1 + 2 * position)


@compiled
def oldest_home(world: World, position: int) -> Record:
    """Return the stream of a step's homes, as far as they have been let or lost: at the oldest that is kept."""
    return stream_of(world, world.number_of_sources + 2 + 2 * position)


@compiled
def await_home(world: World, position: int) -> None:
    """Wait for the next home."""
    at(world, advance(world, next_home(world, position)), KIND.HOME, position, PLAIN.NONE)


@compiled
def homes_kept(world: World, position: int) -> int:
    """Return how many homes have come and are kept, after those that were kept too long are lost.

    The next home, which is awaited, is already the stream's last.
    """
    oldest, coming = oldest_home(world, position), next_home(world, position)
    while oldest.number < coming.number and oldest.day + step_of(world, position).kept_for < world.now:
        advance(world, oldest)
    return coming.number - oldest.number


@compiled
def let_homes(world: World, position: int) -> None:
    """Let homes, the oldest first, to the first cases."""
    step = step_of(world, position)
    first = first_job(world, step)
    kept = homes_kept(world, position)
    while first != NOWHERE and kept > 0:
        advance(world, oldest_home(world, position))
        kept -= 1
        job = job_of(world, first)
        dequeue_job(world, job)
        job.started_day = world.now
        finish(world, job)
        first = first_job(world, step)


# Grants ---------------------------------------------------------------------------------------------------------------


@compiled
def new_year(world: World, position: int, budget: float) -> None:
    """Begin a year with its budget; what was left is lost."""
    desk_of(world, position).left = budget
    look(world, position)


@compiled
def grant(world: World, position: int) -> None:
    """Grant what the money left allows, in the order of the queue: smaller cases may go ahead."""
    step, desk = step_of(world, position), desk_of(world, position)
    number = first_job(world, step)
    while number != NOWHERE:
        job = job_of(world, number)
        number = next_job(world, step, job)
        if job.amount <= desk.left:
            desk.left -= job.amount
            dequeue_job(world, job)
            job.started_day = world.now
            finish(world, job)


@compiled
def change_workers(world: World, position: int, budget: int) -> None:
    """Let workers or money change."""
    if step_of(world, position).kind == GRANT:
        new_year(world, position, number_at(world.numbers, budget))
    else:
        look(world, position)
