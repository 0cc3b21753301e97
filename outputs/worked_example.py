"""The worked example with which a council begins its own scenario."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from stepdown.outputs.run_folder import as_json, write_text
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.json_schema import study_schema

NAMES = ("base.yaml", "options.yaml", "people.csv")
"""The files of the example."""


def write_example(folder: Path) -> list[Path]:
    """Write the example, and the schema that editors read, to a new folder.

    Raises
    ------
    RunError
        If the folder holds anything already; nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} exists already and nothing is overwritten. Name a new folder")
    example = files("stepdown.scenarios") / "example"
    texts = {name: (example / name).read_text(encoding="utf-8") for name in NAMES}
    texts["schema.json"] = as_json(study_schema())
    try:
        for name, text in texts.items():
            write_text(folder / name, text)
    except OSError as error:
        raise RunError(f"{folder} cannot be written: {error.strerror}. Name another folder") from None
    return [folder / name for name in texts]
