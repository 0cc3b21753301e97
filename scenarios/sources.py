"""Which file is meant: a file, a folder, or the name of a shipped scenario."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.words import nearest
from stepdown.scenarios.yaml_text import read_yaml

ENTRIES = ("options.yaml", "base.yaml")
"""The file that a folder is read by: the first of these that it holds."""


def library() -> Path:
    """Return the folder of the shipped scenarios."""
    return Path(str(resources.files("stepdown.scenarios"))) / "library"


def shipped() -> list[tuple[str, str]]:
    """Return the name and the title of every shipped scenario, in the order of their names."""
    folders = library().iterdir() if library().is_dir() else []
    return [(folder.name, _title(folder)) for folder in sorted(folders) if (folder / "base.yaml").is_file()]


def _title(folder: Path) -> str:
    title = read_yaml(folder / "base.yaml").root.value.get("title")
    return str(title.value) if title is not None else folder.name


def entry_of(source: str | Path) -> tuple[str, Path]:
    """Return the name of a study and the file to begin with.

    Raises
    ------
    ScenarioError
        Where there is no such file, folder or shipped scenario.
    """
    path = Path(source)
    if path.is_dir():
        return path.resolve().name, _entry_in(path)
    if path.exists() or path.suffix in (".yaml", ".yml"):
        stem = path.resolve().parent.name if path.name in ENTRIES else path.stem
        return stem, path
    names = [name for name, _ in shipped()]
    if str(source) in names:
        return str(source), _entry_in(library() / str(source))
    rule = f"there is no file, folder or shipped scenario {str(source)!r}"
    meant = nearest(str(source), names)
    remedy = (f"Did you mean {meant!r}? " if meant else "") + "'stepdown list' shows the shipped scenarios."
    raise ScenarioError([Fault(None, 0, 0, (), rule, remedy)])


def _entry_in(folder: Path) -> Path:
    for name in ENTRIES:
        if (folder / name).is_file():
            return folder / name
    raise ScenarioError([Fault(folder, 0, 0, (), f"the folder holds neither {ENTRIES[0]} nor {ENTRIES[1]}")])
