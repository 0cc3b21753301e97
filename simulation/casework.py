"""Cases on their way through steps: of people who are to move, and of the wider community's homes."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import simpy

from stepdown.scenarios.network import ADAPTATION_STEP, NOWHERE, Network, Stages
from stepdown.simulation.arrivals import community_cases, tenure_of, tier_of_household
from stepdown.simulation.clock import Clock, Kind
from stepdown.simulation.desks import Desk, desk
from stepdown.simulation.draws import Draws, Luck, Purpose
from stepdown.simulation.people import Case, Job, Person

Story = Generator[simpy.Event, object, None]
"""A SimPy process: it waits for events and tells what happens between them."""


class Casework:
    """All the cases of one replication.

    Parameters
    ----------
    network, clock, draws
        The network, its clock, and the replication's draws.
    """

    def __init__(self, network: Network, clock: Clock, draws: Draws) -> None:
        self._network = network
        self._clock = clock
        self._draws = draws
        self._desks = [desk(clock, rule, at, self._hand_out, draws) for at, rule in enumerate(network.steps)]
        self._to_hand_out: set[int] = set()
        self._cases = 0
        self.jobs: list[Job] = []
        clock.process(self._community())

    def open(self, person: Person, stages: Stages) -> Case:
        """Begin to prepare a person's move."""
        case = self._case(person.luck, person, person.tier, person.tenure)
        self._clock.process(self._prepare(case, stages))
        return case

    def abandon(self, case: Case) -> None:
        """Stop work on a case that nobody needs any more; its workers are free at once."""
        for job in case.open_jobs:
            self._desks[job.step].withdraw(job)
        case.open_jobs.clear()

    def _case(self, luck: Luck, person: Person | None, tier: int, tenure: int) -> Case:
        self._cases += 1
        return Case(self._cases, luck, person, tier, tenure, self._clock.event())

    def _prepare(self, case: Case, stages: Stages) -> Story:
        """Tell a case's story: its stages one after the other, the steps of each side by side."""
        yield from self._go_through(case, stages)
        if case.person is not None:
            case.person.stay.prepared_day = self._clock.now
        case.prepared.succeed()

    def _go_through(self, case: Case, stages: Stages) -> Story:
        for stage in stages:
            if len(stage) == 1:
                yield from self._do(case, stage[0])
            else:
                yield self._clock.all_of([self._clock.process(self._do(case, step)) for step in stage])

    def _do(self, case: Case, step: int) -> Story:
        if step != ADAPTATION_STEP:
            yield self._queue(case, step).done
        elif case.tier != NOWHERE:
            yield from self._adapt(case)

    def _adapt(self, case: Case) -> Story:
        """Adapt a home, unless the household is rehoused first."""
        assert self._network.adaptations is not None
        tier = self._network.adaptations.tiers[case.tier]
        for stage in tier.steps[case.tenure]:
            jobs = [self._queue(case, step, case.tier) for step in stage]
            yield self._clock.all_of([job.done for job in jobs]) if len(jobs) > 1 else jobs[0].done
            rehousing = next((job for job in jobs if job.step == tier.rehousing_step), None)
            if rehousing and self._rehoused(case, rehousing, tier.rehoused_first.at(self._clock.now)):
                return

    def _rehoused(self, case: Case, job: Job, chance: float) -> bool:
        """Draw whether rehousing makes the works unnecessary."""
        rehoused = case.luck.draw(Purpose.REHOUSED, self._network.steps[job.step].code, job.visit) < chance
        if rehoused:
            job.outcome = "rehoused"
        return rehoused

    def _queue(self, case: Case, step: int, tier: int = NOWHERE) -> Job:
        rule = self._network.steps[step]
        job = Job(
            case=case,
            step=step,
            queued_day=self._clock.now,
            visit=case.luck.come_to(rule.code),
            rank=min(rule.priority[name] for name in self._priority_names(case)),
            done=self._clock.event(),
            tier=tier,
        )
        case.open_jobs.append(job)
        job.done.callbacks.append(lambda _: case.open_jobs.remove(job))
        self.jobs.append(job)
        self._desks[step].join(job)
        return job

    def _priority_names(self, case: Case) -> Iterable[int]:
        """Yield the positions of the names under which a case may have priority."""
        settings, groups = len(self._network.settings), len(self._network.groups)
        tiers = len(self._network.adaptations.tiers) if self._network.adaptations else 0
        if case.person is None:
            yield settings + groups + tiers
        else:
            yield case.person.stay.setting
            yield settings + case.person.group
        if case.tier != NOWHERE:
            yield settings + groups + case.tier

    def _community(self) -> Story:
        """Let the wider community's cases come."""
        adaptations = self._network.adaptations
        for arrival in community_cases(self._network, self._draws):
            yield self._clock.at(arrival.day, Kind.CASE_ARRIVAL, arrival.number)
            assert adaptations is not None
            luck = Luck(self._draws, arrival.source, arrival.number)
            case = self._case(luck, None, tier_of_household(adaptations, luck), tenure_of(adaptations, luck))
            self._clock.process(self._prepare(case, ((ADAPTATION_STEP,),)))

    def _hand_out(self, asking: Desk) -> None:
        self._to_hand_out.add(asking.position)
        self._clock.before_the_instant_ends(Kind.HAND_OUT, self._take_on)

    def _take_on(self) -> None:
        """Let the desks that asked for it take on cases, in their declared order."""
        asked, self._to_hand_out = sorted(self._to_hand_out), set()
        for position in asked:
            self._desks[position].take_on()
