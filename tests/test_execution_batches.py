"""What a worker hands over for a batch of runs."""

from __future__ import annotations

import pytest
from commands import tiny

from stepdown.outputs.experiment import Plan
from stepdown.outputs.stopping import fixed
from stepdown.outputs.work import work_of
from stepdown.scenarios.loader import read_study
from stepdown.simulation.replicate import Task

pytestmark = pytest.mark.execution


def test_tables_do_not_travel_for_runs_without_detail(tmp_path):
    study = read_study(tiny(tmp_path))
    work = work_of(study, ("carry-on",), Plan(fixed(50), detail=10))
    assert set(work(Task("carry-on", 0, 5)).files) > {"summary", "activity"}
    assert set(work(Task("carry-on", 10, 15)).files) == {"summary", "activity"}
