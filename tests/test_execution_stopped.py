"""A run that is stopped: what is kept, that nothing looks finished, and that it goes on to the very same results."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commands import PLAIN, PROGRAM, TINY, Stepdown, contents, only, tiny, typing

from stepdown.outputs import run_folder
from stepdown.outputs.stopping import MOST
from stepdown.simulation import software
from stepdown.simulation.replicate import BATCH

pytestmark = pytest.mark.execution

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has other ways to stop a command")

ENDLESS = ("--runs", "100000", "--jobs", "2", "-o", "runs")
"""More runs than any test waits for."""


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stepdown:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_folder, "make_charts", lambda results: [])  # tests of charts are elsewhere, and charts slow
    return typing(monkeypatch)


def stopped(folder: Path, by: signal.Signals, *words: str, everybody: bool = False) -> subprocess.Popen[bytes]:
    """Begin to compare the small study, stop it when two batches are finished, and return what has ended."""
    command = [PROGRAM, "compare", tiny(folder), "--option", "more", *words]
    running = subprocess.Popen(
        command, cwd=folder, env=PLAIN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len([name for name in folder.glob("runs/.*/batches/*") if not name.suffix]) < 2:
        assert running.poll() is None, running.stderr.read().decode()
        assert time.monotonic() < deadline, "no batch was finished in a minute"
        time.sleep(0.01)
    (os.killpg if everybody else os.kill)(running.pid, by)
    return running


def results(folder: Path) -> tuple[dict[str, bytes], dict]:
    """Return the files of the one folder of results, and what its manifest says apart from how it was made."""
    files = contents(only(folder))
    manifest = json.loads(files.pop("manifest.json"))
    return files, {name: said for name, said in manifest.items() if name not in ("command", "made")}


@POSIX
def test_ctrl_c_stops_at_once_keeps_what_is_finished_and_leaves_no_processes(tmp_path):
    # A terminal sends it to every process of the command.
    running = stopped(tmp_path, signal.SIGINT, *ENDLESS, everybody=True)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, b"")
    command = f"stepdown compare {tmp_path / 'tiny.yaml'} --option more {' '.join(ENDLESS)}"
    said = re.fullmatch(rf"\s*Stopped\.\n(\d+) runs are kept\. To go on: {command} --resume\n", err.decode())
    assert said, err.decode()
    assert int(said[1]) >= 2 * BATCH
    assert looks_unfinished(tmp_path / "runs")
    assert alive(running.pid) == []


@POSIX
def test_being_told_to_end_is_as_ctrl_c(tmp_path):
    running = stopped(tmp_path, signal.SIGTERM, *ENDLESS)
    _, err = running.communicate(timeout=20)
    assert (running.returncode, err.strip()[:8]) == (130, b"Stopped.")
    assert alive(running.pid) == []


@POSIX
def test_a_run_that_was_killed_leaves_no_processes_and_goes_on_to_the_same_results(stepdown, tmp_path):
    running = stopped(tmp_path, signal.SIGKILL, *ENDLESS)
    running.communicate(timeout=20)
    assert alive(running.pid) == [], "a worker outlived the process that it works for"
    assert looks_unfinished(tmp_path / "runs")
    words = ["compare", tmp_path / "tiny.yaml", "--option", "more", "--runs", 5 * BATCH // 2, "--jobs", 1]
    assert stepdown(*words, "-o", "runs", "--resume").code == 0
    assert stepdown(*words, "-o", "again").code == 0
    assert results(tmp_path / "runs") == results(tmp_path / "again")


@POSIX
def test_a_run_until_it_is_precise_goes_on_to_the_same_number_of_runs(stepdown, tmp_path):
    words = ["--runs", "auto", "--precision", "£1, 0.01 days", "--most-runs", str(MOST)]
    running = stopped(tmp_path, signal.SIGKILL, *words, "-o", "runs")
    running.communicate(timeout=20)
    words = ["compare", tmp_path / "tiny.yaml", "--option", "more", *words]
    assert stepdown(*words, "-o", "runs", "--resume").code == 0
    assert stepdown(*words, "-o", "again").code == 0
    resumed, again = results(tmp_path / "runs"), results(tmp_path / "again")
    assert resumed == again
    assert again[1]["replications"] == MOST


def interrupted(stepdown: Stepdown, monkeypatch: pytest.MonkeyPatch, study: Path, *words: str) -> str:
    """Stop a run while its files are written; return what was said."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "write_measures", stop)
        answer = stepdown("run", study, "--runs", 30, "--jobs", 1, *words)
    assert (answer.code, answer.out) == (130, "")
    return answer.err


def test_ctrl_c_while_files_are_written_keeps_every_run(stepdown, tmp_path, monkeypatch):
    said = interrupted(stepdown, monkeypatch, tiny(tmp_path))
    again = f"stepdown run {tmp_path / 'tiny.yaml'} --runs 30 --jobs 1 --resume"
    assert said.lstrip() == f"Stopped.\n30 runs are kept. To go on: {again}\n"
    assert looks_unfinished(tmp_path / "runs")


def test_ctrl_c_before_anything_is_finished_leaves_nothing(stepdown, tmp_path, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("stepdown.outputs.work.summarise_history", stop)
    answer = stepdown("run", tiny(tmp_path), "--runs", 1, "--jobs", 1)
    assert (answer.code, answer.out, answer.err.strip()) == (130, "", "Stopped. Nothing was kept.")
    assert list((tmp_path / "runs").iterdir()) == []


def test_what_is_kept_is_not_made_again(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    interrupted(stepdown, monkeypatch, study)
    monkeypatch.setattr("stepdown.outputs.work.summarise_history", lambda *_: pytest.fail("a batch was made again"))
    assert stepdown("run", study, "--runs", 30, "--resume").code == 0


def test_a_batch_that_was_cut_off_is_made_again(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    interrupted(stepdown, monkeypatch, study)
    for summary in tmp_path.glob("runs/.*/batches/*/summary"):
        summary.write_bytes(summary.read_bytes()[:1000])
    assert stepdown("run", study, "--runs", 30, "--resume").code == 0
    assert stepdown("run", study, "--runs", 30, "-o", "again").code == 0
    assert results(tmp_path / "runs") == results(tmp_path / "again")


def test_a_run_whose_files_have_changed_does_not_go_on(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    interrupted(stepdown, monkeypatch, study)
    tiny(tmp_path, TINY.replace("places: 2,", "places: 4,"))
    answer = stepdown("run", study, "--resume")
    assert (answer.code, answer.out) == (1, "")
    assert "cannot go on: the files of carry-on have changed. Run again without --resume" in answer.err
    assert looks_unfinished(tmp_path / "runs"), "what was kept is kept still"


def test_a_run_of_other_software_or_detail_does_not_go_on(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    interrupted(stepdown, monkeypatch, study)
    assert "--detail was 10" in stepdown("run", study, "--resume", "--detail", "all").err
    there = software.software() | {"numpy": "0.1"}
    monkeypatch.setattr("stepdown.outputs.unfinished.software", lambda: there)
    assert re.search(r"numpy is 0\.1 here and \S+ there", stepdown("run", study, "--resume").err)


@pytest.mark.parametrize("words", [["--seed", "2"], ["--option", "more"], ["--set", "settings.flats.places=3"]])
def test_only_the_same_run_goes_on(stepdown, tmp_path, monkeypatch, words):
    study = tiny(tmp_path)
    interrupted(stepdown, monkeypatch, study)
    answer = stepdown("run", study, "--resume", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "have other options, settings or another seed" in answer.err
    assert f"begun with: stepdown run {study} --runs 30 --jobs 1" in answer.err


def test_the_newest_of_several_goes_on_and_the_others_stay(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    for _ in range(2):
        interrupted(stepdown, monkeypatch, study)
    first, second = sorted(tmp_path.glob("runs/.*.unfinished"), key=lambda folder: folder.stat().st_ctime_ns)
    assert stepdown("run", study, "--runs", 30, "--resume").code == 0
    assert first.is_dir()
    assert not second.exists()
    assert (tmp_path / "runs" / second.name[1:-11] / "manifest.json").is_file()


def test_a_run_that_is_being_made_is_not_taken_over(stepdown, tmp_path, monkeypatch):
    study = tiny(tmp_path)
    tried = []

    def try_to_resume(*_: object) -> None:
        if tried:
            return
        done = subprocess.run([PROGRAM, "run", study, "--resume"], env=PLAIN, capture_output=True, check=False)
        tried.append((done.returncode, done.stderr.decode()))

    monkeypatch.setattr(run_folder, "write_measures", try_to_resume)
    assert stepdown("run", study, "--runs", 1).code == 0
    code, said = tried[0]
    assert code == 1
    assert "still being made by another process" in said


def looks_unfinished(folder: Path) -> bool:
    """Whether nothing but unfinished runs lies in a folder of results."""
    return all(name.startswith(".") and name.endswith(".unfinished") for name in os.listdir(folder))


def alive(group: int) -> list[list[str]]:
    """Return the processes of a group that still run, after they had a moment to end."""
    for _ in range(100):
        left = [said for said in map(state, Path("/proc").glob("[0-9]*/stat")) if said and said[2] == str(group)]
        left = [said for said in left if said[0] != "Z"]
        if not left:
            break
        time.sleep(0.05)
    return left


def state(file: Path) -> list[str]:
    """Return the state, parent, group and more of a process: what follows its name in brackets."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:  # it ended just now
        return []
