"""What each lever of an option does: turned on one after the other, and each alone, with the same people and luck.

Levers act on one another: what one does after those before it is not what it does alone, and what they do together is
not the sum of that. The difference is their interaction; it is shown and not spread over the levers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from stepdown.outputs.experiment import Plan, choose_options
from stepdown.outputs.measured_runs import Progress, measure_runs
from stepdown.outputs.measures.activity import activity_of
from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.bill import bill
from stepdown.outputs.money.flows import Flows, flows_in, in_a_row, savings_of
from stepdown.outputs.money.perspectives import perspective
from stepdown.outputs.work import work_of
from stepdown.scenarios.errors import ChoiceError, ScenarioError
from stepdown.scenarios.loader import CARRY_ON, Study, read_study
from stepdown.simulation.tables import Window


class LeverStep(NamedTuple):
    """What one lever does.

    Attributes
    ----------
    lever
        Its name.
    added
        Shape (runs,): pounds a year that it saves when it is added to those before it.
    alone
        Shape (runs,): pounds a year that it saves alone; None where it cannot stand alone.
    """

    lever: str
    added: Floats
    alone: Floats | None


class LeverBridge(NamedTuple):
    """What the levers of an option do.

    Attributes
    ----------
    option
        The option.
    steps
        Its levers, in their order.
    together
        Shape (runs,): pounds a year that the option saves.
    """

    option: str
    steps: tuple[LeverStep, ...]
    together: Floats

    @property
    def interaction(self) -> Floats | None:
        """What they save together beyond the sum of each alone, shape (runs,); None where one cannot stand alone."""
        alone = [step.alone for step in self.steps if step.alone is not None]
        return np.asarray(self.together - sum(alone)) if len(alone) == len(self.steps) else None


class BridgeRuns(NamedTuple):
    """What carry-on, an option and the parts of its levers cost.

    Attributes
    ----------
    study
        What was run: the option, and parts of it as options of their own.
    option, levers
        The option and its levers.
    window
        The time that was measured.
    flows
        What each pays, by name.
    """

    study: Study
    option: str
    levers: tuple[str, ...]
    window: Window
    flows: Mapping[str, Flows]


def study_in_parts(source: str, option: str, settings: Sequence[str]) -> Study:
    """Read a study with the parts of one option beside it: its first levers, and each lever alone.

    A lever that cannot stand alone, because it changes what another brings, is left out.

    Raises
    ------
    ScenarioError
        With every fault of the study, or if the levers cannot be turned on in their order.
    ChoiceError
        If there is no such option, or it is carry-on.
    """
    study = read_study(source, settings)
    choose_options(study, [option])
    if option == CARRY_ON:
        raise ChoiceError(f"a bridge leads from {CARRY_ON} to another option: name one of {', '.join(study.options)}")
    levers = study.options[option].levers
    if len(levers) < 2:
        return study
    first = {_named(part): part for part in _first(levers)}
    alone = {_named((lever,)): (lever,) for lever in levers}
    try:
        return read_study(source, settings, {**first, **alone})
    except ScenarioError:
        standing = {name: parts for name, parts in alone.items() if _stands(source, settings, name, parts)}
        return read_study(source, settings, {**first, **standing})


def _stands(source: str, settings: Sequence[str], name: str, levers: Sequence[str]) -> bool:
    try:
        read_study(source, settings, {name: levers})
    except ScenarioError:
        return False
    return True


def run_bridge(study: Study, option: str, runs: int, plan: Plan, jobs: int, progress: Progress) -> BridgeRuns:
    """Simulate carry-on, an option, and the parts of it that a study has; see `study_in_parts`.

    Parameters
    ----------
    study, option
        What to run.
    runs, plan
        How many replications, and their seed and engine.
    jobs
        Processes; 1 stays in this one.
    progress
        Told how far it is.
    """
    levers = study.options[option].levers
    parts = [_named(part) for part in [*_first(levers), *((lever,) for lever in levers)]]
    names = [CARRY_ON, option, *(name for name in parts if name in study.options)]
    work = work_of(study, list(dict.fromkeys(names)), plan)
    flows = {name: in_a_row(batches) for name, batches in measure_runs(work, runs, _paid, jobs, progress).items()}
    return BridgeRuns(study, option, levers, work.window, flows)


def lever_bridge(runs: BridgeRuns, whose: str) -> LeverBridge:
    """Return what each lever saves.

    Parameters
    ----------
    runs
        What its parts cost.
    whose
        Whose money counts: the name of a perspective.
    """
    base = runs.flows[CARRY_ON]
    counted = perspective(runs.study.options[runs.option].scenario, whose)

    def saved(levers: tuple[str, ...]) -> Floats | None:
        name = runs.option if levers == runs.levers else _named(levers)
        if name not in runs.flows:
            return None
        return np.asarray(counted.of(savings_of(base, runs.flows[name])).sum(axis=1) / runs.window.years)

    so_far = [saved(part) for part in (*_first(runs.levers), runs.levers)]
    together = so_far[-1]
    assert together is not None  # the option itself is always run
    before, steps = np.zeros_like(together), []
    for lever, until_here in zip(runs.levers, so_far, strict=True):
        assert until_here is not None  # a study whose levers cannot be turned on in their order was refused
        steps.append(LeverStep(lever, until_here - before, saved((lever,))))
        before = until_here
    return LeverBridge(runs.option, tuple(steps), together)


def _paid(history: History) -> Flows:
    (option,) = history.runs.options
    return flows_in(option, bill(activity_of(history), history.scenario))


def _first(levers: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the first levers, one more each time, but not all of them."""
    return [levers[:number] for number in range(1, len(levers))]


def _named(levers: Sequence[str]) -> str:
    """Return the name of an option that combines these levers, which nobody would give to one."""
    return f"levers {' + '.join(levers)}"
