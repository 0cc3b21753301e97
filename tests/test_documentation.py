"""What the documents say is run: every command, and every answer that they show."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from stepdown.outputs.words.manual import manual
from stepdown.scenarios.loader import read_study, shipped

pytestmark = pytest.mark.documentation

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python|yaml)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOMETHING = "..."
"""Stands in a shown answer for anything, over as many lines as it takes."""


@dataclass(frozen=True)
class Block:
    kind: str
    file: str | None
    text: str


def blocks_of(document: Path) -> list[Block]:
    return [Block(*found.groups()) for found in BLOCK.finditer(document.read_text(encoding="utf-8"))]


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Return the commands of a block (after a dollar sign), each with the answer that is shown below it."""
    commands: list[tuple[str, str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], ""))
        elif commands:
            commands[-1] = (commands[-1][0], f"{commands[-1][1]}{line.rstrip()}\n")
    return commands


PORT = "8786"
"""Where the documents' cluster listens; the tests take a port that is free."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """What is needed to start the parts of a cluster, and to end them when a document is done."""
    with socket.socket() as free, ExitStack() as parts:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        yield Cluster(port, parts)


@dataclass(frozen=True)
class Cluster:
    port: str
    parts: ExitStack

    def start(self, command: str, log: Path) -> None:
        """Start a part as a user would in another window."""
        words = shlex.split(command.replace(PORT, self.port))
        with log.open("a") as said:
            running = subprocess.Popen(
                [Path(sys.executable).with_name(words[0]), *words[1:]], stderr=said, cwd=log.parent
            )
        self.parts.callback(running.wait)
        self.parts.callback(running.terminate)


def expanded(word: str, folder: Path) -> list[str]:
    """Return the files that a word with a star stands for, as a shell does; else the word itself."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.glob(word)) if "*" in word else []
    return found or [word]


def run(command: str, folder: Path) -> str:
    """Run a stepdown command as a user would, 80 columns wide, and return what it printed."""
    words = [part for word in shlex.split(command) for part in expanded(word, folder)]
    assert words[0] == "stepdown", f"only stepdown commands can be run here, not {command!r}"
    program = Path(sys.executable).with_name("stepdown")
    done = subprocess.run(
        [program, *words[1:]],
        cwd=folder,
        env={"COLUMNS": "80", "PATH": "", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    expected = (3,) if "broken" in command else (0,)
    assert done.returncode in expected, f"{command}\n{done.stdout}"
    return done.stdout


MANY_RUNS = re.compile(r"--runs (?:[4-9]\d|\d{3,})\b")
"""Commands whose many runs would take minutes: they are run with two, and must show the same options."""


SMALLER = {
    "--years 15": "--years 6",
    "--pool 2000": "--pool 200",
    " --calibrate": "",
    "--from 2038-04-01": "--from 2031-04-01 --runs 20",
}
"""What would take minutes is done with less; then what follows from it has other numbers, and is not compared."""


def smaller(command: str) -> str:
    """Return a command that does the same with less."""
    for words, fewer in SMALLER.items():
        command = command.replace(words, fewer)
    return command


def assert_first_words(shown: str, printed: str) -> None:
    """Hold the names in the first column against what is printed."""
    for line in shown.splitlines():
        name = re.match(r" ([a-z][a-z-]+)  ", line)
        assert name is None or f" {name[1]} " in printed


def assert_shown(command: str, shown: str, printed: str) -> None:
    """Hold what was printed against what is shown; `...` stands for anything."""
    if not shown.strip():
        return
    lines = "\n".join(line.rstrip() for line in printed.splitlines())
    parts = [re.escape(part) for part in shown.strip("\n").split(SOMETHING)]
    assert re.fullmatch("(?s)" + ".*?".join(parts), lines.strip("\n")), (
        f"{command}\nis shown to print\n{shown}\nand prints\n{printed}"
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_a_document_runs_and_prints_what_is_shown(document, tmp_path, cluster):
    less = False
    for block in blocks_of(document):
        if block.kind == "yaml" and block.file:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.kind == "python":
            subprocess.run([sys.executable, "-c", block.text], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
        elif block.kind == "console":
            for command, shown in commands_of(block):
                less = less or smaller(command) != command
                if command.startswith("dask "):
                    cluster.start(command, tmp_path / "cluster.log")
                elif less:
                    run(MANY_RUNS.sub("--runs 2", smaller(command)), tmp_path)
                elif MANY_RUNS.search(command):
                    assert_first_words(shown, run(MANY_RUNS.sub("--runs 2", command), tmp_path))
                else:
                    assert_shown(command, shown, run(command.replace(PORT, cluster.port), tmp_path))


def test_the_first_screen_names_both_commands_and_the_plain_lines_beside_them():
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:45])
    for words in ("make demo", "make test", "pip install", "stepdown compare orchard-house", "pytest"):
        assert words in first_screen


def test_the_manual_of_scenario_files_is_what_the_schema_says():
    written = (ROOT / "docs" / "scenario-files.md").read_text(encoding="utf-8")
    assert written == manual(), "run `make manual`"


def test_links_between_documents_lead_somewhere():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_shipped_scenario_and_option_is_explained_in_the_tutorial():
    tutorial = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    for name, _ in shipped():
        assert name in tutorial
        for option in read_study(name).options:
            assert f"`{option}`" in tutorial or f"**{option}**" in tutorial, f"{name}: {option}"
