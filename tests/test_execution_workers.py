"""How a run is carried out never shows: in this process, in several, on a cluster, and where workers die."""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from commands import Stepdown, contents, only, tiny, typing

from stepdown.outputs import run_folder
from stepdown.outputs.batch_files import BatchFiles
from stepdown.outputs.table_files import read_tables
from stepdown.scenarios.errors import RunError
from stepdown.simulation import cluster, replicate, software, workers
from stepdown.simulation.cluster import ClusterWorkers
from stepdown.simulation.engines import engine
from stepdown.simulation.replicate import BATCH, Task, tasks_of
from stepdown.simulation.workers import LocalWorkers

pytestmark = pytest.mark.execution

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows cannot kill a process without a word")


@dataclass(frozen=True)
class Echo:
    """Work that says who did it; some tasks end the process that does them."""

    deadly: str = ""

    def __call__(self, task: Task) -> tuple[Task, int]:
        if task.option == self.deadly:
            os._exit(1)
        return task, os.getpid()

    def seconds(self, tasks: object) -> float:
        return 1000.0

    def is_compiled(self) -> bool:
        return True


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stepdown:
    """Commands whose work is cut into many tasks, each thought worth a process, and that draw nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(replicate, "BATCH", 2)
    monkeypatch.setattr(workers, "WORTH_STARTING", 0.0)
    monkeypatch.setattr(run_folder, "make_charts", lambda results: [])
    return typing(monkeypatch)


def made(stepdown: Stepdown, folder: Path, *words: object) -> dict[str, bytes]:
    """Compare the small study; return the files that were made, without what is said of the command."""
    answer = stepdown("compare", tiny(folder.parent), "--option", "more", "--runs", 9, "-o", folder, *words)
    assert answer.code == 0, answer.err
    files = contents(only(folder))
    manifest = json.loads(files.pop("manifest.json"))
    hashes = manifest["outputs"]
    return files | {"outputs": json.dumps(hashes).encode()}


class Killed(list[int]):
    """The processes that were killed when the first batch came."""


def kill_one_of(pids: list[int], monkeypatch: pytest.MonkeyPatch) -> Killed:
    """Kill one of these processes, or of this one's children if there are none, when the first batch is finished."""
    killed = Killed()
    add = BatchFiles.add

    def add_and_kill(self: BatchFiles, task: Task, files: dict[str, bytes]) -> None:
        if not killed:
            killed.append((pids or [child.pid for child in multiprocessing.active_children()])[0])
            os.kill(killed[0], signal.SIGKILL)
        add(self, task, files)

    monkeypatch.setattr(BatchFiles, "add", add_and_kill)
    return killed


def test_tasks_cover_every_run_once_and_begin_where_they_always_begin():
    tasks = tasks_of(["a", "b"], 240)
    assert [(task.first, task.beyond) for task in tasks if task.option == "a"] == [(0, 100), (100, 200), (200, 240)]
    assert tasks_of(["a"], 240, done=200) == [Task("a", 200, 240)]
    assert sorted((task.option, run) for task in tasks for run in task.replications) == [
        (option, run) for option in "ab" for run in range(240)
    ]


def test_processes_share_the_tasks_and_one_process_stays_at_home():
    with LocalWorkers(Echo(), jobs=2) as pool:
        seen = dict(pool.carry_out(tasks_of("ab", 8 * BATCH)))
    assert {task for task, _ in seen.values()} == set(tasks_of("ab", 8 * BATCH)) == set(seen)
    assert os.getpid() not in {pid for _, pid in seen.values()}
    with LocalWorkers(Echo(), jobs=1) as alone:
        assert {pid for _, (_, pid) in alone.carry_out(tasks_of("ab", 8 * BATCH))} == {os.getpid()}


def test_little_work_is_done_at_home_whatever_the_number_of_processes(monkeypatch):
    monkeypatch.setattr(Echo, "seconds", lambda self, tasks: workers.WORTH_STARTING / 2)
    with LocalWorkers(Echo(), jobs=2) as pool:
        assert {pid for _, (_, pid) in pool.carry_out(tasks_of("ab", 8 * BATCH))} == {os.getpid()}


@POSIX
def test_work_that_kills_its_worker_every_time_ends_in_a_message(monkeypatch):
    monkeypatch.setattr(replicate, "DEATHS", 2)
    with LocalWorkers(Echo(deadly="b"), jobs=2) as pool, pytest.raises(RunError, match=r"died 2 times.*--jobs"):
        list(replicate.replicate(tasks_of("b", 2 * BATCH), pool))
    assert multiprocessing.active_children() == []


@POSIX
def test_a_process_that_is_killed_is_noticed_and_its_work_done_again(stepdown, tmp_path, monkeypatch):
    alone = made(stepdown, tmp_path / "one", "--jobs", 1)
    assert made(stepdown, tmp_path / "two", "--jobs", 2) == alone
    killed = kill_one_of([], monkeypatch)
    assert made(stepdown, tmp_path / "killed", "--jobs", 2) == alone
    assert killed


@POSIX
def test_a_run_whose_workers_die_says_how_to_go_on(stepdown, tmp_path, monkeypatch):
    monkeypatch.setattr(replicate, "DEATHS", 2)
    add = BatchFiles.add

    def add_and_kill(self: BatchFiles, task: Task, files: dict[str, bytes]) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)
        add(self, task, files)

    monkeypatch.setattr(BatchFiles, "add", add_and_kill)
    answer = stepdown("run", tiny(tmp_path), "--runs", 40, "--jobs", 2)
    assert (answer.code, answer.out) == (1, "")
    assert re.search(r"workers died 2 times; .*\n\d+ runs are kept\. To go on: stepdown run .* --resume", answer.err)


# A cluster ------------------------------------------------------------------------------------------------------------


def dask(log: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a part of Dask in a process of its own, which says to a file what it does."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:], "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}  # the work of these tests is known there
    with log.open("w") as said:
        return subprocess.Popen(command, stderr=said, env=environment)


@pytest.fixture
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler without workers."""
    log = tmp_path_factory.mktemp("scheduler") / "log"
    running = dask(log, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-jupyter")
    deadline = time.monotonic() + 30
    while not (address := re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    yield address[0]
    end(running)


@pytest.fixture
def two_workers(scheduler: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[int]]:
    """The process numbers of two workers of the scheduler."""
    folder = tmp_path_factory.mktemp("workers")
    running = [dask(folder / name, "worker", scheduler, "--nthreads", "1", "--no-nanny") for name in "ab"]
    yield [worker.pid for worker in running]
    for worker in running:
        end(worker)


def end(running: subprocess.Popen[bytes]) -> None:
    running.kill()
    running.wait()


@POSIX
def test_a_cluster_gives_the_same_results_even_if_a_worker_is_killed(
    stepdown, scheduler, two_workers, tmp_path, monkeypatch
):
    alone = made(stepdown, tmp_path / "one", "--jobs", 1)
    assert made(stepdown, tmp_path / "cluster", "--cluster", scheduler) == alone
    killed = kill_one_of(two_workers, monkeypatch)
    assert made(stepdown, tmp_path / "killed", "--cluster", scheduler) == alone
    assert killed == two_workers[:1]


def test_a_scheduler_that_goes_away_is_noticed(scheduler, two_workers):
    with ClusterWorkers(Slow(), scheduler) as pool:
        finished = pool.carry_out(tasks_of("a", 300 * BATCH))
        next(finished)
        os.kill(pool._client.run_on_scheduler(os.getpid), signal.SIGKILL)
        with pytest.raises(RunError, match="given up the work or gone away"):
            list(finished)


def test_a_cluster_whose_work_is_stopped_is_left_with_nothing_to_do(scheduler, two_workers):
    with ClusterWorkers(Slow(), scheduler) as pool:
        finished = pool.carry_out(tasks_of("a", 300 * BATCH))
        next(finished)
        assert waiting(pool) > 200
        finished.close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and waiting(pool):
            gc.collect()  # the scheduler keeps what was handed out last until nothing here knows of it
            time.sleep(0.1)
        assert waiting(pool) == 0


class Slow:
    def __call__(self, task: Task) -> int:
        time.sleep(0.05)
        return task.first

    def seconds(self, tasks: object) -> float:
        return 1000.0

    def is_compiled(self) -> bool:
        return True


def waiting(pool: ClusterWorkers[int]) -> int:
    """Return the number of tasks that the scheduler knows, but for the work itself."""
    return pool._client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) - 1


def test_an_address_at_which_nobody_answers_is_told(stepdown, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    answer = stepdown("run", tiny(tmp_path), "--cluster", "127.0.0.1:1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("no scheduler answers at 127.0.0.1:1. Start one with 'dask scheduler'")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(scheduler, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(RunError, match=r"has no workers\. Start some with 'dask worker"):
        ClusterWorkers(Echo(), scheduler)


def test_workers_with_other_software_are_refused(scheduler, two_workers, monkeypatch):
    here = software.software()
    monkeypatch.setattr(cluster, "software", lambda: here | {"stepdown": "9.9"})
    with pytest.raises(RunError, match=r"has other software.* stepdown is 9\.9 here and \S+ there"):
        ClusterWorkers(Echo(), scheduler)


def test_a_worker_that_joins_late_with_other_software_is_refused():
    with pytest.raises(RunError, match=r"a worker that joined the cluster has other software: numpy is 0\.1 here"):
        cluster._carry_out(Task("a", 0, 1), Echo(), software.software() | {"numpy": "0.1"})


def test_a_cluster_without_its_packages_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "stepdown.simulation.cluster")
    with pytest.raises(RunError, match=r"pip install 'stepdown\[cluster\]'"):
        importlib.import_module("stepdown.simulation.cluster")


# Engines and detail ---------------------------------------------------------------------------------------------------


def test_the_engine_is_named_in_the_manifest_and_an_unknown_one_is_refused(stepdown, tmp_path):
    answer = stepdown("run", tiny(tmp_path), "--runs", 1, "--jobs", 1, "--engine", "reference")
    assert answer.code == 0
    manifest = json.loads((only(tmp_path / "runs") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["engine"] == "reference"
    with pytest.raises(RunError, match=r"'referense' is not an engine\. Did you mean 'reference'\?"):
        engine("referense")


@pytest.mark.parametrize(("words", "expected"), [([], 5), (["--detail", "3"], 3), (["--detail", "all"], 5)])
def test_tables_are_kept_of_the_first_runs_and_measures_of_all(stepdown, tmp_path, words, expected):
    answer = stepdown("run", tiny(tmp_path), "--runs", 5, "--jobs", 1, *words)
    assert answer.code == 0, answer.err
    folder = only(tmp_path / "runs")
    tables, measures = read_tables(folder / "tables"), pd.read_parquet(folder / "measures" / "measures.parquet")
    assert set(tables.stays["replication"]) == set(tables.case_steps["replication"]) == set(range(expected))
    assert set(measures["replication"]) == set(range(5))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replications_with_tables"] == expected
