"""What the benchmarks measure with: phases that do not count twice, commands that are looked at while they run."""

import sys
import types

import pytest
from measuring import in_turns, peak_memory, run_command
from phases import WATCHED
from report import Section, Table, figures
from stopwatch import Stopwatch

pytestmark = pytest.mark.execution


def test_a_phase_within_another_does_not_count_twice(monkeypatch):
    clock = iter([0.0, 1.0, 11.0, 13.0])
    monkeypatch.setattr("time.process_time", lambda: next(clock))
    stopwatch = Stopwatch()
    with stopwatch.phase("outer"), stopwatch.phase("inner"):
        pass
    assert stopwatch.seconds == {"outer": 1.0 + 2.0, "inner": 10.0}


def test_a_watched_function_answers_as_before_and_its_time_is_counted(monkeypatch):
    module = types.ModuleType("watched")
    module.doubled = lambda number, plus=0: 2 * number + plus
    monkeypatch.setitem(sys.modules, "watched", module)
    stopwatch = Stopwatch()
    stopwatch.watch("watched:doubled", "doubling")
    assert module.doubled(4, plus=1) == 9
    assert set(stopwatch.seconds) == {"doubling"}


@pytest.mark.parametrize("place", WATCHED)
def test_every_function_that_the_benchmark_watches_is_there(place):
    module, _, path = place.partition(":")
    owner = __import__(module, fromlist=["_"])
    *owners, name = path.split(".")
    for part in owners:
        owner = getattr(owner, part)
    assert callable(getattr(owner, name))


def test_works_take_turns():
    done = []
    times = in_turns({"one": lambda: done.append(1), "two": lambda: done.append(2)}, 3)
    assert done == [1, 2, 1, 2, 1, 2]
    assert [len(each.seconds) for each in times.values()] == [3, 3]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_the_memory_of_a_command_is_its_own_and_that_of_its_children(tmp_path):
    block = "import time; block = b'x' * 150_000_000; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {block!r}], check=True)"
    course = run_command([sys.executable, "-c", parent], tmp_path)
    assert course.peak < 100e6
    assert 150e6 < course.peak_together < 300e6
    assert 0 < course.core_seconds < 60
    assert peak_memory() > 1e6


def test_a_command_that_fails_is_not_measured(tmp_path):
    with pytest.raises(RuntimeError, match="ended with 7: alas"):
        run_command([sys.executable, "-c", "import sys; sys.stderr.write('alas'); sys.exit(7)"], tmp_path)


def test_figures_are_shown_with_three_digits_in_columns_of_one_width():
    assert [figures(value) for value in (0, 0.01234, 1.2, 99.96, 123.4, 1234567.0)] == [
        "0",
        "0.0123",
        "1.20",
        "100",
        "123",
        "1,230,000",
    ]
    section = Section("Title", "How.", [Table(("name", "value"), [("a", "1"), ("long name", "1,000")])])
    assert section.markdown() == (
        "## Title\n\nHow.\n\n"
        "| name      | value |\n| --------- | ----: |\n| a         |     1 |\n| long name | 1,000 |\n"
    )
