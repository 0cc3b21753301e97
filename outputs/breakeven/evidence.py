"""What is known of an option beside carry-on, for given scenarios of both: from a finished run, or by simulating.

A finished run can only be costed again. What is simulated has the same seed every time, so that each person keeps their
luck, and what changes is the input's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from stepdown.outputs.experiment import Plan
from stepdown.outputs.finished_run import FinishedRun
from stepdown.outputs.measured_runs import Progress, measure_runs
from stepdown.outputs.measures.activity import Activity
from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.waits import LIST, STEP_WAIT
from stepdown.outputs.money.bill import bill
from stepdown.outputs.money.flows import Flows, flows_in, flows_of, in_a_row, savings_of
from stepdown.outputs.sheets import Sheet, join_sheets
from stepdown.outputs.summary import summarise_history
from stepdown.outputs.work import work_on
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.inputs import bare
from stepdown.scenarios.loader import Option
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import MONEY
from stepdown.simulation.tables import Window


class Pair(NamedTuple):
    """An option and the carry-on that it is held against, each as it is to be tried."""

    carry_on: Option
    option: Option


class Outcome(NamedTuple):
    """What came of a pair.

    Attributes
    ----------
    scenario
        The option's scenario.
    savings
        What the option saves beside carry-on, paired by run.
    window
        The time that was measured.
    waits
        The mean days that people wait in each run of the option, by list or step; of a finished run nothing.
    """

    scenario: Scenario
    savings: Flows
    window: Window
    waits: Mapping[str, Floats]


class Trials(Protocol):
    """Says what comes of pairs."""

    @property
    def simulates(self) -> bool:
        """Whether anything may be changed, and not only money."""

    def __call__(self, pairs: Sequence[Pair]) -> list[Outcome]:
        """Return what comes of each pair."""


class CostingAgain:
    """Costs a finished run at other prices: nothing is simulated.

    Parameters
    ----------
    run
        The finished run.
    """

    simulates = False

    def __init__(self, run: FinishedRun) -> None:
        self._run = run
        self._activities: dict[str, Activity] = {}

    def __call__(self, pairs: Sequence[Pair]) -> list[Outcome]:
        """Return what comes of each pair."""
        # Most inputs leave carry-on as it is: it is costed once.
        costed = {
            id(option): self._cost(option) for option in {id(one): one for pair in pairs for one in pair}.values()
        }
        return [
            Outcome(option.scenario, savings_of(costed[id(carry_on)], costed[id(option)]), self._run.window, {})
            for carry_on, option in pairs
        ]

    def _cost(self, option: Option) -> Flows:
        if option.name not in self._activities:
            self._activities[option.name] = self._run.activity(option.name)
        return flows_in(option.name, bill(self._activities[option.name], option.scenario))


class Simulating:
    """Simulates pairs, a fixed number of runs each, with the same seed every time.

    Parameters
    ----------
    today
        The pair as it is. What happens in its runs is kept, so that other prices need no other runs.
    runs
        Replications of each option.
    plan
        Their seed and engine.
    jobs
        Processes; 1 stays in this one.
    progress
        Told how far it is.
    """

    simulates = True

    def __init__(self, today: Pair, runs: int, plan: Plan, jobs: int, progress: Progress) -> None:
        self._today = today
        self._runs = runs
        self._plan = plan
        self._jobs = jobs
        self._progress = progress
        self._finished = 0
        self._kept: dict[_Way, _Seen] = {}

    def __call__(self, pairs: Sequence[Pair]) -> list[Outcome]:
        """Return what comes of each pair."""
        if not self._kept:
            self._kept = self._simulate([self._today], _with_activity)
        seen = {**self._simulate(pairs, _without_activity), **self._kept}
        return [_outcome(pair, *(seen[_way_of(one, pair.carry_on)] for one in pair)) for pair in pairs]

    def _simulate(self, pairs: Sequence[Pair], measure: Callable[[History], _Seen]) -> dict[_Way, _Seen]:
        """Simulate what is not kept, each way once."""
        ways = {_way_of(one, pair.carry_on): (one, pair.carry_on) for pair in pairs for one in pair}
        new = {str(number): way for number, way in enumerate(way for way in ways if way not in self._kept)}
        if not new:
            return {}
        networks = {label: compile_network(ways[way][0].scenario, ways[way][1].scenario) for label, way in new.items()}
        work = work_on(networks, {label: ways[way][0].scenario for label, way in new.items()}, self._plan)
        before = self._finished

        def told(finished: int, expected: int) -> None:
            self._finished = before + finished
            self._progress(before + finished, before + expected)

        measured = measure_runs(work, self._runs, measure, self._jobs, told)
        return {way: _joined(measured[label]) for label, way in new.items()}


_Way = tuple[str, str]
"""What the history of an option depends on: all that is not money in it and in carry-on, which shaped its caseload."""


class _Seen(NamedTuple):
    """What is kept of runs of one scenario: what they cost, the mean waits of each, and what is paid for in them."""

    window: Window
    flows: Flows
    waits: Sheet
    activities: tuple[Activity, ...] = ()

    def costed(self, option: Option) -> Flows:
        """Return what the runs cost at the prices of an option, where it is known what happened in them."""
        if not self.activities:
            return self.flows
        return in_a_row([flows_in(option.name, bill(activity, option.scenario)) for activity in self.activities])


def _way_of(option: Option, carry_on: Option) -> _Way:
    return _without_money(option), _without_money(carry_on)


def _without_money(option: Option) -> str:
    return repr({key: value for key, value in bare(option.data).items() if key not in MONEY})


def _without_activity(history: History) -> _Seen:
    return _with_activity(history)._replace(activities=())


def _with_activity(history: History) -> _Seen:
    summary, activity = summarise_history(history)
    (one,) = summary.options
    return _Seen(history.window, flows_of(one), one.sheets.waits, (activity,))


def _joined(parts: Sequence[_Seen]) -> _Seen:
    return _Seen(
        parts[0].window,
        in_a_row([part.flows for part in parts]),
        join_sheets([part.waits for part in parts]),
        tuple(activity for part in parts for activity in part.activities),
    )


def _outcome(pair: Pair, carry_on: _Seen, option: _Seen) -> Outcome:
    savings = savings_of(carry_on.costed(pair.carry_on), option.costed(pair.option))
    mean, waits = option.waits.values("mean_days"), {}
    for measure in (STEP_WAIT, LIST):
        for name in option.waits.keys.labels_of("name"):
            rows = option.waits.keys.where(measure=measure, name=name)
            if rows.any():
                waits[name] = mean[:, rows].ravel()
    return Outcome(pair.option.scenario, savings, option.window, waits)
