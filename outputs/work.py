"""What workers do: simulate some replications of an option with common random numbers, and summarise them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from stepdown.outputs.batch_files import Finished, as_files
from stepdown.outputs.experiment import Plan, networks_of, window_of
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.precision import main_measures
from stepdown.outputs.summary import summarise, summarise_history
from stepdown.scenarios.errors import NotComparableError
from stepdown.scenarios.loader import Study
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.uncertainty import Uncertain, uncertain_options
from stepdown.simulation.engines import engine, is_ready
from stepdown.simulation.records import tables_of
from stepdown.simulation.replicate import Task
from stepdown.simulation.tables import Tables, Window, concatenate


@dataclass(frozen=True)
class Work:
    """What workers do: simulate the replications of a task, and keep what is to be kept of them.

    Attributes
    ----------
    networks, scenarios
        By option.
    window
        The time that is measured.
    plan
        What was asked.
    uncertain
        Options whose inputs are drawn for each run, by name; the others run as their network is.
    """

    networks: Mapping[str, Network]
    scenarios: Mapping[str, Scenario]
    window: Window
    plan: Plan
    uncertain: Mapping[str, Uncertain] = field(default_factory=dict)

    def __call__(self, task: Task) -> Finished:
        """Carry out one task."""
        tables = self.simulate(task)
        known = [(task.option, replication) for replication in task.replications]
        scenario = self.scenarios[task.option]
        history = read_history(tables, scenario, self.window, find_runs(tables, known))
        summary, activity = summarise_history(history)
        files = as_files(summary, activity, scenario, self._detail(tables, task))
        return Finished(files, main_measures(summary, self.window))

    def seconds(self, tasks: Sequence[Task]) -> float:
        """Say about how long tasks would take in this process, from one replication of the first.

        It is made twice, because the first may have to load or compile the engine.
        """
        if not tasks:
            return 0.0
        trial = Task(tasks[0].option, tasks[0].first, tasks[0].first + 1)
        self.simulate(trial)
        begun = time.perf_counter()
        self.simulate(trial)
        return (time.perf_counter() - begun) * sum(len(task.replications) for task in tasks)

    def is_compiled(self) -> bool:
        """Whether this machine has compiled everything before: the measures are compiled after the engine."""
        return is_ready(self.plan.engine)

    def compile_beside(self) -> None:
        """Compile the measures: they are the same for tables without rows."""
        option, network = next(iter(self.networks.items()))
        summarise(tables_of(network, option, 0, [], []), self.scenarios[option], self.window, [(option, 0)])

    def kept_in_detail(self, task: Task) -> bool:
        """Whether tables of some of its replications are kept."""
        return self.plan.detail is None or task.first < self.plan.detail

    def simulate(self, task: Task) -> Tables:
        """Return the tables of the replications of a task."""
        simulate_batch, seed = engine(self.plan.engine), self.plan.seed
        uncertain = self.uncertain.get(task.option)
        if uncertain is None:
            return simulate_batch(self.networks[task.option], task.option, seed, task.replications)
        runs = [simulate_batch(uncertain.network(run), task.option, seed, [run]) for run in task.replications]
        return concatenate(runs)._replace(places=runs[0].places)  # places are the same in every run

    def _detail(self, tables: Tables, task: Task) -> Tables | None:
        if not self.kept_in_detail(task):
            return None
        if self.plan.detail is None or task.beyond <= self.plan.detail:
            return tables
        stays, steps = (
            table[(table["replication"] < self.plan.detail).to_numpy()] for table in (tables.stays, tables.case_steps)
        )
        return Tables(stays, steps, tables.places)


def work_of(study: Study, options: Sequence[str], plan: Plan) -> Work:
    """Return what workers do for options of a study.

    Raises
    ------
    NotComparableError
        If options measure different times: then nothing can be compared.
    """
    return replace(central_work(study, options, plan), uncertain=uncertain_options(study, options))


def central_work(study: Study, options: Sequence[str], plan: Plan) -> Work:
    """Return the same as `work_of` with every input at its central value, so that runs differ by chance alone."""
    scenarios = {option: study.options[option].scenario for option in options}
    return work_on(networks_of(study, options), scenarios, plan)


def work_on(networks: Mapping[str, Network], scenarios: Mapping[str, Scenario], plan: Plan) -> Work:
    """Return what workers do for scenarios that have been made ready to run; see `work_of`."""
    windows = {window_of(network) for network in networks.values()}
    if len(windows) > 1:
        raise NotComparableError(
            "options start or end at different times, so they cannot be compared: "
            "let no lever change `start`, `years` or `warm_up`"
        )
    (window,) = windows
    return Work(networks, scenarios, window, plan)
