"""Steps at work: cases queue, are taken on, and are done.

Each kind of step is a desk. Cases join its queue as events happen; at the end of the instant every desk that has reason
to takes on what it can, in the order (priority class, queued day, case number).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_left, insort
from collections.abc import Callable, Generator
from functools import partial
from itertools import count

import simpy

from stepdown.scenarios.network import (
    AnyStep,
    DelayRule,
    GrantRule,
    LettingsRule,
    PanelRule,
    TeamRule,
)
from stepdown.simulation.arrivals import random_days
from stepdown.simulation.clock import Clock, Kind
from stepdown.simulation.draws import Draws, Purpose
from stepdown.simulation.people import Job

HandOut = Callable[["Desk"], None]
"""Asks for a desk to take on cases before the instant ends."""


class Desk(ABC):
    """A step's queue. The kinds of step differ in when they take on cases.

    Parameters
    ----------
    clock
        The clock.
    rule
        The step.
    position
        The step's position in the network.
    hand_out
        Asks for `take_on` to be called before the instant ends.
    """

    def __init__(self, clock: Clock, rule: AnyStep, position: int, hand_out: HandOut) -> None:
        self.clock = clock
        self.rule = rule
        self.position = position
        self._hand_out = hand_out
        self.queue: list[tuple[tuple[int, float, int, int], Job]] = []

    def join(self, job: Job) -> None:
        """Let a case queue."""
        insort(self.queue, (job.order, job))
        self.look()

    def look(self) -> None:
        """Take on cases before the instant ends."""
        self._hand_out(self)

    @abstractmethod
    def take_on(self) -> None:
        """Take on the cases that can be taken on now."""

    def withdraw(self, job: Job) -> None:
        """Let a case go that no longer needs the step."""
        at = bisect_left(self.queue, (job.order, job))
        if at < len(self.queue) and self.queue[at][1] is job:
            del self.queue[at]
        else:
            self.let_go()
        job.outcome = "abandoned"
        job.finished_day = self.clock.now

    def let_go(self) -> None:  # noqa: B027 - most kinds of step have nobody to free
        """Free whoever works on a case that is withdrawn."""

    def first(self) -> Job:
        """Take the first case out of the queue."""
        return self.queue.pop(0)[1]

    def finish(self, job: Job) -> None:
        """Tell the case that the step is done."""
        job.outcome = "done"
        job.finished_day = self.clock.now
        job.done.succeed()

    def work_on(self, job: Job, days: float) -> None:
        """Start on a case and finish it after so many days."""
        job.started_day = self.clock.now
        self.clock.call(self.clock.now + days, Kind.STEP, job.case.number, lambda: self._finish_work(job))

    def _finish_work(self, job: Job) -> None:
        if job.outcome is None:
            self.let_go()
            self.finish(job)

    def draw(self, job: Job, purpose: Purpose, visit: int | None = None) -> float:
        """Return the case's own draw for this step."""
        return job.case.luck.draw(purpose, self.rule.code, job.visit if visit is None else visit)


class DelayDesk(Desk):
    """Nobody works on it: every case starts at once."""

    rule: DelayRule

    def take_on(self) -> None:
        """Start all."""
        while self.queue:
            job = self.first()
            self.work_on(job, self.rule.takes.quantile(self.draw(job, Purpose.TAKES)))


class TeamDesk(Desk):
    """As many cases at once as there are workers; when workers leave, they finish what they have begun."""

    rule: TeamRule

    def __init__(self, clock: Clock, rule: TeamRule, position: int, hand_out: HandOut) -> None:
        super().__init__(clock, rule, position, hand_out)
        self._busy = 0
        for day in rule.workers.days:
            if day > clock.now:
                clock.call(day, Kind.WORKERS, position, self.look)

    def take_on(self) -> None:
        """Start cases while workers are free."""
        workers = self.rule.workers.at(self.clock.now)
        while self.queue and self._busy < workers:
            job = self.first()
            self._busy += 1
            self.work_on(job, self.rule.takes.quantile(self.draw(job, Purpose.TAKES)))

    def let_go(self) -> None:
        """Free a worker."""
        self._busy -= 1
        self.look()


class PanelDesk(Desk):
    """Meetings at fixed intervals consider the first cases; one that is not approved waits for the next meeting."""

    rule: PanelRule

    def __init__(self, clock: Clock, rule: PanelRule, position: int, hand_out: HandOut) -> None:
        super().__init__(clock, rule, position, hand_out)
        clock.process(self._meetings())

    def take_on(self) -> None:
        """Do nothing between meetings."""

    def _meetings(self) -> Generator[simpy.Event, None, None]:
        for begin, end, interval in self.rule.meetings.pieces():
            first = max(begin, self.clock.opening_day)
            for number in count():
                day = first + number * interval
                if day >= end:
                    break
                if day >= self.clock.now:
                    yield self.clock.at(day, Kind.MEETING, self.position)
                    self._meet()

    def _meet(self) -> None:
        most = self.rule.cases_per_meeting.at(self.clock.now)
        approves = self.rule.approves.at(self.clock.now)
        considered = self.queue[: len(self.queue) if most >= len(self.queue) else int(most)]
        for entry in considered:
            job = entry[1]
            if math.isnan(job.started_day):  # no earlier meeting has considered it
                job.started_day = self.clock.now
            times = job.case.luck.come_to(self.rule.code, Purpose.APPROVES)
            if self.draw(job, Purpose.APPROVES, times) < approves:
                self.queue.remove(entry)
                self.finish(job)


class LettingsDesk(Desk):
    """Homes come at random, each for the first case waiting; unclaimed ones are kept for a while."""

    rule: LettingsRule

    def __init__(self, clock: Clock, rule: LettingsRule, position: int, hand_out: HandOut, draws: Draws) -> None:
        super().__init__(clock, rule, position, hand_out)
        self._kept_until: list[float] = []
        clock.process(self._homes(draws))

    def _homes(self, draws: Draws) -> Generator[simpy.Event, None, None]:
        for day in random_days(self.rule.homes, draws, self.rule.code):
            yield self.clock.at(day, Kind.HOME, self.position)
            self._kept_until.append(day + self.rule.kept_for)
            self.look()

    def take_on(self) -> None:
        """Let homes, the oldest first, to the first cases."""
        self._kept_until = [until for until in self._kept_until if until >= self.clock.now]
        while self.queue and self._kept_until:
            del self._kept_until[0]
            job = self.first()
            job.started_day = self.clock.now
            self.finish(job)


class GrantDesk(Desk):
    """A yearly budget: a case that finds too little waits, and smaller ones behind it may go ahead."""

    rule: GrantRule

    def __init__(self, clock: Clock, rule: GrantRule, position: int, hand_out: HandOut) -> None:
        super().__init__(clock, rule, position, hand_out)
        self._left = 0.0
        for day, budget in rule.budgets:
            clock.call(day, Kind.WORKERS, position, partial(self._new_year, budget))

    def _new_year(self, budget: float) -> None:
        self._left = budget
        self.look()

    def join(self, job: Job) -> None:
        """Let a case queue with the amount that it needs."""
        job.amount = self.rule.amount.quantile(self.draw(job, Purpose.AMOUNT))
        super().join(job)

    def take_on(self) -> None:
        """Grant what the money left allows, in the order of the queue."""
        for entry in list(self.queue):
            job = entry[1]
            if job.amount <= self._left:
                self._left -= job.amount
                self.queue.remove(entry)
                job.started_day = self.clock.now
                self.finish(job)


def desk(clock: Clock, rule: AnyStep, position: int, hand_out: HandOut, draws: Draws) -> Desk:
    """Return the desk for a step."""
    match rule:
        case DelayRule():
            return DelayDesk(clock, rule, position, hand_out)
        case TeamRule():
            return TeamDesk(clock, rule, position, hand_out)
        case PanelRule():
            return PanelDesk(clock, rule, position, hand_out)
        case LettingsRule():
            return LettingsDesk(clock, rule, position, hand_out, draws)
        case GrantRule():
            return GrantDesk(clock, rule, position, hand_out)
