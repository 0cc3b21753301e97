"""Runs that were stopped: what is kept of them, and how they go on.

An unfinished run is a hidden folder ``.NAME.unfinished``. It holds what was asked (``asked.json``), its finished tasks
(``batches``), a lock while it is being run, and ``results`` while these are being written. When all is written,
``results`` is given its name beside it in one step, and the folder is removed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from stepdown.outputs.batch_files import BatchFiles
from stepdown.outputs.run_files import free_name
from stepdown.outputs.run_folder import as_json, write_text
from stepdown.scenarios.errors import ChoiceError, RunError
from stepdown.scenarios.loader import Study
from stepdown.simulation.software import differences, software

ENDING = ".unfinished"
ASKED = "asked.json"


@dataclass(frozen=True)
class Asked:
    """What a run was asked to do, as far as the results of its tasks depend on it.

    Attributes
    ----------
    study, options, settings, seed
        What is simulated: a run goes on where these are the same.
    detail
        Runs of each option whose tables are kept; None for all.
    scenarios
        A hash of each option as it was resolved.
    software
        The versions that made it.
    """

    study: str
    options: tuple[str, ...]
    settings: tuple[str, ...]
    seed: int
    detail: int | None
    scenarios: dict[str, str]
    software: dict[str, str]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {**vars(self), "options": list(self.options), "settings": list(self.settings)}

    def is_same_run(self, data: dict[str, Any]) -> bool:
        """Whether data of another run asked for the same."""
        mine = self.as_data()
        return all(data.get(name) == mine[name] for name in ("study", "options", "settings", "seed"))

    def changes_since(self, data: dict[str, Any]) -> list[str]:
        """Say what is otherwise now than in data of the same run, so that it must not go on."""
        changed = [name for name, digest in self.scenarios.items() if data.get("scenarios", {}).get(name) != digest]
        said = [f"the files of {name} have changed" for name in changed]
        said += differences(self.software, data.get("software", {}))
        detail = data.get("detail")
        if self.detail != detail:
            said.append(f"--detail was {'all' if detail is None else detail}")
        return said


def asked_of(study: Study, options: Sequence[str], settings: Sequence[str], seed: int, detail: int | None) -> Asked:
    """Return what a run is asked to do."""
    texts = {name: json.dumps(study.options[name].data, default=str) for name in options}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    return Asked(study.name, tuple(options), tuple(settings), seed, detail, hashes, software())


@dataclass(frozen=True)
class Unfinished:
    """A run under way: where its tasks are kept, where its results are written, and what they will be called."""

    folder: Path
    final: Path
    batches: BatchFiles

    @property
    def results(self) -> Path:
        """The folder to write results into."""
        return self.folder / "results"


@contextmanager
def unfinished_run(parent: Path, name: str, asked: Asked, resume: bool, command: str) -> Iterator[Unfinished]:
    """Begin a run, or go on with one; give its results their name when the block ends.

    Parameters
    ----------
    parent
        Where runs lie; made if need be.
    name
        What a new run is called.
    asked
        What is run.
    resume
        Go on with the newest unfinished run that was asked the same.
    command
        What was typed. If anything stops the run, a note on the exception says how to go on.

    Raises
    ------
    ChoiceError
        If there is nothing to go on with.
    RunError
        If something has changed since the run was stopped, or the folder cannot be written.
    """
    folder, lock = _resumed(parent, asked) if resume else _begun(parent, name, asked, command)
    try:
        final = free_name(parent, folder.name[1:].removesuffix(ENDING))
        run = Unfinished(folder, final, BatchFiles(folder / "batches", asked.options))
        shutil.rmtree(run.results, ignore_errors=True)
        yield run
        run.results.rename(run.final)
    except BaseException as error:
        lock.release()
        runs = BatchFiles(folder / "batches", asked.options).runs()
        if runs:
            error.add_note(_how_to_go_on(runs, command))
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    lock.release()
    shutil.rmtree(folder)


def _begun(parent: Path, name: str, asked: Asked, command: str) -> tuple[Path, FileLock]:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = _new_folder(parent, name)
        write_text(folder / ASKED, as_json({**asked.as_data(), "command": command}))
    except OSError as error:
        raise RunError(f"{parent} cannot hold results: {error.strerror}. Name another folder with --output") from None
    lock = _lock_of(folder)
    lock.acquire()
    return folder, lock


def _new_folder(parent: Path, name: str) -> Path:
    """Make a folder whose name and final name are free; another run may begin in the same second."""
    number = 1
    while True:
        final = parent / (name if number == 1 else f"{name}-{number}")
        folder = parent / f".{final.name}{ENDING}"
        number += 1
        if not final.exists():
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder


def _resumed(parent: Path, asked: Asked) -> tuple[Path, FileLock]:
    found = [(folder, data) for folder, data in _unfinished_in(parent) if asked.is_same_run(data)]
    if not found:
        raise ChoiceError(f"there is nothing to resume: {_what_else(parent, asked)}. Leave out --resume")
    for folder, data in found:
        lock = _lock_of(folder)
        try:
            lock.acquire()
        except Timeout:  # it is being run at this moment
            continue
        said = asked.changes_since(data)
        if said:
            lock.release()
            raise RunError(
                f"the run that was stopped cannot go on: {'; '.join(said)}. Run again without --resume, or put it back"
            )
        return folder, lock
    raise RunError("there is nothing to resume: the run is still being made by another process. Leave out --resume")


def _what_else(parent: Path, asked: Asked) -> str:
    others = [data for _, data in _unfinished_in(parent) if data.get("study") == asked.study]
    if not others:
        return f"{parent} holds no unfinished run of {asked.study}"
    return (
        f"the unfinished runs of {asked.study} in {parent} have other options, settings or another seed; the newest "
        f"was begun with: {others[0]['command']}"
    )


def _unfinished_in(parent: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return unfinished runs with what they were asked, the newest first."""
    found = []
    for file in parent.glob(f".*{ENDING}/{ASKED}"):
        try:
            found.append((file.stat().st_mtime_ns, file.parent, json.loads(file.read_text(encoding="utf-8"))))
        except (OSError, ValueError):  # removed or cut off: nothing to go on with
            continue
    return [(folder, data) for _, folder, data in sorted(found, key=lambda each: each[0], reverse=True)]


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder / "lock", timeout=0)


def _how_to_go_on(runs: int, command: str) -> str:
    again = command if "--resume" in command.split() else f"{command} --resume"
    return f"{'1 run is' if runs == 1 else f'{runs:,} runs are'} kept. To go on: {again}"
