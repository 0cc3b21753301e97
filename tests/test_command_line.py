"""What a user types and sees: help, results and messages on streams of their own, and codes that say what happened."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from commands import PLAIN, PROGRAM, Stepdown, only, shell, tiny, typing

from stepdown.outputs import run_folder

pytestmark = pytest.mark.command_line

COMMANDS = ["init", "check", "explain", "show", "run", "compare", "needs", "journey", "schema", "list"]

HEAVY = {"numpy", "pandas", "matplotlib", "scipy", "pyarrow", "rich", "simpy", "pydantic", "ruamel"}
"""What takes long to import, and help does not need."""


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tiny(tmp_path)


def test_nothing_typed_shows_short_help_with_examples(stepdown):
    answer = stepdown()
    assert answer == stepdown("--help") == stepdown("-h")
    assert answer.code == 0
    assert "stepdown compare orchard-house" in answer.out
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", answer.out, re.MULTILINE)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_80_columns(stepdown, command):
    answer = stepdown(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Usage: stepdown {command} ")
    assert max(map(len, answer.out.splitlines())) <= 80


def test_help_needs_nothing_that_is_slow_to_import():
    code = (
        "import sys; from stepdown.cli import main; sys.argv = ['stepdown', 'compare', '--help']\n"
        "try: main()\n"
        f"finally: print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8", env=PLAIN)
    assert (done.returncode, done.stderr) == (0, "[]\n")


MISTAKES = {
    "comparr orchard-house": (2, "Did you mean 'compare'?"),
    "compare": (2, "Missing argument 'STUDY'"),
    "compare orchard-house --run 3": (2, "Did you mean one of: '--most-runs', '--resume', '--runs'?"),
    "compare orchard-house --runs 0": (2, "'0' is neither 'auto' nor a whole number from 1"),
    "compare orchard-house --runs many": (2, "'many' is neither 'auto' nor a whole number from 1"),
    "compare orchard-house --runs 5 --precision 1%": (2, "go with --runs auto, not with --runs 5"),
    "compare orchard-house --runs 5 --most-runs 9": (2, "go with --runs auto, not with --runs 5"),
    "compare orchard-house --precision soon": (2, "'soon' says neither how much money nor how many days"),
    "compare orchard-house --detail 0": (2, "'0' is neither 'all' nor a whole number from 1"),
    "compare orchard-house --engine steam": (2, "'steam' is not"),
    "compare orchard-house --jobs 2 --cluster here:1": (2, "name one of them"),
    "run {study} --resume --output {folder}/empty": (2, "holds no unfinished run of tiny"),
    "run orchard-house --jobs 0": (2, "0 is not in the range x>=1"),
    "run orchard-house --seed -1": (2, "-1 is not in the range"),
    "run orchard-house --tables xlsx": (2, "'xlsx' is not one of 'parquet', 'csv'"),
    "run orchard-house --option opne": (2, "Did you mean 'open'?"),
    "compare orchard-house --option nonesuch": (2, "It may be: carry-on, open, open-and-give-up, as-published"),
    "explain orchard-house opne": (2, "Did you mean 'open'?"),
    "show orchard-house --option opne": (2, "Did you mean 'open'?"),
    "needs orchard-house --option opne": (2, "Did you mean 'open'?"),
    "needs orchard-house --by schemes": (2, "'schemes' is not one of 'setting', 'area'"),
    "needs orchard-house --years 0": (2, "0 is not in the range x>=1"),
    "needs orchard-house --runs auto": (2, "'auto' is not a valid integer"),
    "needs {study} -o {folder}/needs.xlsx": (2, "does not end in .csv, and CSV is what is written"),
    "needs {study} --runs 1 -o {study}/below.csv": (1, "tiny.yaml"),
    "needs orchard-hous": (3, "Did you mean 'orchard-house'?"),
    "journey {study} --person 999": (2, "there is no person 999: people are numbered from 1 to"),
    "check nothere.yaml": (3, "nothere.yaml: there is no such file"),
    "check orchard-hous": (3, "Did you mean 'orchard-house'?"),
    "check {folder}/empty": (3, "holds neither options.yaml nor base.yaml"),
    "check {study} --set years": (3, "--set years: this is not path=value"),
    "check {study} --set settings.flts.places=3": (3, "Did you mean 'flats'?"),
    "check {study} --set settings.flats.places=some": (3, "Write a whole number such as 13, or 'unlimited'"),
    "run {study} --output {study}": (2, "is a file"),
    "run {study} --output {study}/below": (1, "cannot hold results"),
    "compare {study} --runs 1": (5, "options start or end at different times"),
    "init {folder}": (1, "nothing is overwritten"),
    "init {study}/below": (1, "cannot be written"),
    "schema -o {folder}/empty": (2, "is a directory"),
    "schema -o {study}/below.json": (1, "tiny.yaml"),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_ends_in_a_message_and_a_code_without_a_traceback(stepdown, study, line):
    (study.parent / "empty").mkdir()
    before = sorted(study.parent.rglob("*"))
    code, message = MISTAKES[line]
    answer = stepdown(*line.format(study=study, folder=study.parent).split())
    assert message in re.sub(r"\s+", " ", answer.err)
    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err
    assert sorted(study.parent.rglob("*")) == before, "a command that fails leaves nothing"


def test_every_fault_of_a_file_is_reported_at_once_with_its_place(stepdown, study):
    text = study.read_text("utf-8")
    for right, wrong in {"places: 2": "beds: 2", "2 weeks": "2 wekes", ": 12": ": x"}.items():
        text = text.replace(right, wrong)
    answer = stepdown("check", tiny(study.parent, text))
    assert answer.code == 3
    places = re.findall(r"^\S*tiny\.yaml:(\d+):\d+: (\S+):", answer.err, re.MULTILINE)
    assert places == [
        ("6", "settings.flats.beds"),
        ("16", "steps.panel.panel.meets_every"),
        ("18", "demand.0.per_year"),
    ]
    assert "Did you mean 'places'?" in answer.err


def test_a_fault_of_the_program_itself_is_shown_in_full(stepdown, study, monkeypatch):
    """Only what users can put right is told briefly: anything else must not be hidden."""
    monkeypatch.setattr(run_folder, "as_yaml", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stepdown("show", study)


def test_a_run_that_fails_half_way_leaves_nothing_that_looks_finished_and_can_go_on(stepdown, study, monkeypatch):
    def no_space(summary, folder, form):
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    words = ["run", study, "--runs", 1, "--jobs", 1, "-o", study.parent / "runs"]
    with monkeypatch.context() as full:
        full.setattr(run_folder, "write_measures", no_space)
        answer = stepdown(*words)
    assert answer.code == 1
    again = f"stepdown run {study} --runs 1 --jobs 1 -o {study.parent / 'runs'} --resume"
    assert answer.err.endswith(f"measures: No space left on device.\n1 run is kept. To go on: {again}\n")
    left = only(study.parent / "runs").name
    assert (left[0], left[-11:]) == (".", ".unfinished")
    assert stepdown(*words, "--resume").code == 0
    assert only(study.parent / "runs").name == left[1:-11]


def test_a_check_says_what_cannot_stabilise_and_what_to_do_next(stepdown, study):
    answer = stepdown("check", study)
    assert (answer.code, answer.err) == (0, f"Next: stepdown compare {study}\n")
    assert "carry-on: flats needs 2.2 places, has 2: this list cannot stabilise." in answer.out.splitlines()
    assert "more: every list can stabilise." in answer.out.splitlines()
    assert answer.out.endswith("No faults: 3 options from 1 files; of 1 values with a source, 1 are assumptions.\n")


def test_the_shipped_scenarios_are_listed_and_can_be_checked_by_name(stepdown):
    listed = stepdown("list")
    names = [line.split()[0] for line in listed.out.splitlines()]
    assert names == ["adaptations", "leicester", "merger", "orchard-house", "recommissioning", "regional"]
    assert listed.err == "Next: stepdown compare orchard-house\n"
    assert stepdown("check", "orchard-house").code == 0


def test_an_example_can_be_begun_checked_and_explained_but_never_overwritten(stepdown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun = stepdown("init", "mine")
    assert (begun.code, begun.err) == (0, "Next: stepdown check mine\n")
    assert [Path(name).name for name in begun.out.split()] == ["base.yaml", "options.yaml", "people.csv", "schema.json"]
    assert stepdown("check", "mine").code == 0
    assert "Six more flats" in stepdown("explain", "mine", "both").out
    Path("mine", "base.yaml").write_text("mine", encoding="utf-8")
    assert stepdown("init", "mine").code == 1
    assert Path("mine", "base.yaml").read_text(encoding="utf-8") == "mine"


def test_a_journey_is_told_in_dated_sentences_and_always_the_same(stepdown, study):
    told = stepdown("journey", study)
    assert (told.code, told.err) == (0, "")
    assert re.search(r"^\d+ \w+ 20\d\d: ", told.out, re.MULTILINE)
    assert told == stepdown("journey", study)
    assert told != stepdown("journey", study, "--seed", 2)
    assert stepdown("journey", study, "--person", 2, "--run", 1).out.startswith("Person 2 ")


def test_the_schema_goes_to_a_file_or_to_the_screen(stepdown, tmp_path):
    printed = stepdown("schema")
    written = stepdown("schema", "-o", tmp_path / "new" / "schema.json")
    assert written.out == ""
    assert "yaml-language-server: $schema=" in written.err
    assert (tmp_path / "new" / "schema.json").read_text(encoding="utf-8") == printed.out
    assert json.loads(printed.out)["$schema"].startswith("https://json-schema.org/")


def test_a_reader_who_goes_away_is_no_disaster():
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as gone:
        done = subprocess.run([PROGRAM, "list"], stdout=gone, stderr=subprocess.PIPE, check=False, env=PLAIN)
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_console_script_is_the_command_line():
    assert shell("--version") == (0, f"stepdown, version {version('stepdown')}\n", "")
