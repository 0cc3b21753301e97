"""Queues for steps, in the order (rank, queued day, case number, visit): `Desk.queue` of the reference, compiled.

A queue for each rank is a chain; cases join at the end of it, but for those that another case of this instant precedes.
"""

from __future__ import annotations

from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, compiled
from stepdown.simulation.compiled.people import job_of, step_of
from stepdown.simulation.compiled.waiting import queue_of


@compiled
def enqueue_job(world: World, job: Record) -> None:
    """Let a case queue: behind those of its rank, in the order (queued day, case number, visit)."""
    queue = queue_of(world, step_of(world, job.step).queues + job.rank)
    before = queue.last
    while before != NOWHERE and is_behind(job_of(world, before), job):
        before = job_of(world, before).before
    after = queue.first if before == NOWHERE else job_of(world, before).after
    job.before, job.after = before, after
    if before == NOWHERE:
        queue.first = job.position
    else:
        job_of(world, before).after = job.position
    if after == NOWHERE:
        queue.last = job.position
    else:
        job_of(world, after).before = job.position
    job.queued = True


@compiled
def dequeue_job(world: World, job: Record) -> None:
    """Take a case out of its queue."""
    queue = queue_of(world, step_of(world, job.step).queues + job.rank)
    before, after = job.before, job.after
    if before == NOWHERE:
        queue.first = after
    else:
        job_of(world, before).after = after
    if after == NOWHERE:
        queue.last = before
    else:
        job_of(world, after).before = before
    job.queued = False


@compiled
def is_behind(job: Record, other: Record) -> bool:
    """Whether a job stands behind another of its rank."""
    if job.queued_day != other.queued_day:
        return job.queued_day > other.queued_day
    if job.case != other.case:
        return job.case > other.case
    return job.visit > other.visit


@compiled
def first_job(world: World, step: Record) -> int:
    """Return the first job in a step's queue, or `NOWHERE`."""
    return first_from(world, step, PLAIN.HIGHEST)


@compiled
def next_job(world: World, step: Record, job: Record) -> int:
    """Return the job behind another in its step's queue, or `NOWHERE`."""
    return job.after if job.after != NOWHERE else first_from(world, step, job.rank + 1)


@compiled
def first_from(world: World, step: Record, rank: int) -> int:
    """Return the first job of a rank or those behind it, or `NOWHERE`."""
    for later in range(rank, step.ranks):
        first = queue_of(world, step.queues + later).first
        if first != NOWHERE:
            return first
    return NOWHERE
