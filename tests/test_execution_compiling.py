"""On a machine that is new to it, two processes compile at once: one the engine, the other the measures."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stepdown.simulation.replicate import Task
from stepdown.simulation.workers import LocalWorkers

pytestmark = pytest.mark.execution

TASK = Task("carry-on", 0, 1)

COUNT = """\
import gc
from numba.core.dispatcher import Dispatcher
from stepdown.outputs.experiment import Plan
from stepdown.outputs.stopping import fixed
from stepdown.outputs.work import work_of
from stepdown.scenarios.loader import read_study
from stepdown.simulation.replicate import Task

def compiled():
    measures = [each for each in gc.get_objects() if isinstance(each, Dispatcher) and "outputs" in each.__module__]
    return {f"{each.__name__}{signature}" for each in measures for signature in each.signatures}

work = work_of(read_study("STUDY", ()), ["carry-on"], Plan(fixed(1), engine="reference"))
work.compile_beside()
beside = compiled()
work(Task("carry-on", 0, 1))
print(len(beside), sorted(compiled() - beside))
"""


@dataclass(frozen=True)
class New:
    """Work that is new to the machine; it writes down who compiled beside the first process."""

    note: Path
    compiled: bool = False

    def __call__(self, task: Task) -> int:
        return os.getpid()

    def seconds(self, tasks: object) -> float:
        return 0.0

    def is_compiled(self) -> bool:
        return self.compiled

    def compile_beside(self) -> None:
        self.note.write_text(f"{os.getpid()}", "utf-8")
        raise ValueError("whatever fails here fails again where it is needed")


@pytest.mark.parametrize("study", ["orchard-house", "adaptations"])
def test_what_is_compiled_beside_the_engine_is_all_that_summarising_needs(study):
    words = [sys.executable, "-c", COUNT.replace("STUDY", study)]
    seen = subprocess.run(words, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    number, _, missing = seen.strip().partition(" ")
    assert int(number) > 10
    assert missing == "[]"


def test_the_measures_are_compiled_by_a_process_of_their_own_that_may_fail(tmp_path):
    with LocalWorkers(New(tmp_path / "note"), 2) as workers:
        assert list(workers.carry_out([TASK])) == [(TASK, os.getpid())]
        assert workers.pool is None
    assert int((tmp_path / "note").read_text("utf-8")) != os.getpid()


@pytest.mark.parametrize(("jobs", "compiled"), [(1, False), (2, True)])
def test_no_process_is_begun_where_one_is_wanted_or_everything_is_compiled(tmp_path, jobs, compiled):
    with LocalWorkers(New(tmp_path / "note", compiled), jobs) as workers:
        assert list(workers.carry_out([TASK])) == [(TASK, os.getpid())]
    assert not (tmp_path / "note").exists()
