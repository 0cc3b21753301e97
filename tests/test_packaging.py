"""The wheel holds the package and nothing else, and works where it is installed."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from project import ROOT, modules, project_files, top_folder

pytestmark = pytest.mark.packaging

DATA = {"scenarios": {".yaml", ".csv"}, "outputs": {".html", ".css"}}
"""What belongs to the package besides modules: the shipped scenarios, the worked example and how a paper looks."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a clean copy, because setuptools would take along what lies in build/lib."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for file in project_files():
        copy = source / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    quick("-m", "build", "--wheel", "--no-isolation", "--outdir", built, source)
    (file,) = built.iterdir()
    return file


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment that finds its dependencies, but no other stepdown, where ours are."""
    folder = tmp_path_factory.mktemp("fresh") / "environment"
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    python = next(
        path for path in folder.rglob("python*") if path.stem == "python" and path.parent.name in ("bin", "Scripts")
    )
    quick("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = (path for path in folder.rglob("site-packages") if path.is_dir())
    # Folders named in a .pth file are searched, but .pth files within them, such as that of an editable stepdown, are
    # not read.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return python


def quick(*words: object) -> None:
    """Run a module of this Python; show what it said if it fails."""
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def type_in(python: Path, folder: Path, *words: object) -> str:
    """Run a command of the fresh environment in another folder, without anything of ours in its surroundings."""
    command, *rest = map(str, words)
    done = subprocess.run(
        [python.with_name(command), *rest], cwd=folder, capture_output=True, check=False, encoding="utf-8", env={}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names}
    version = wheel.name.split("-")[1]
    assert folders == {"stepdown", f"stepdown-{version}.dist-info"}
    shipped = {name.removeprefix("stepdown/") for name in names if name.startswith("stepdown/")}
    data = {file for file in project_files() if file.suffix in DATA.get(top_folder(file), ())}
    expected = {*modules(), *data, ROOT / "py.typed"}
    assert shipped == {file.relative_to(ROOT).as_posix() for file in expected}


def test_the_wheel_has_the_licence_and_the_console_script(wheel):
    with ZipFile(wheel) as held:
        said = {name.split("/", 1)[1]: held.read(name).decode() for name in held.namelist() if "dist-info" in name}
    assert said["licenses/LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "stepdown = stepdown.cli:main" in said["entry_points.txt"]
    assert "License-Expression: MIT" in said["METADATA"]


def test_what_is_installed_runs_from_any_folder_and_is_the_package_of_the_wheel(python, tmp_path):
    assert type_in(python, tmp_path, "stepdown", "list").split()[0] == "adaptations"
    where = type_in(python, tmp_path, python.name, "-c", "import stepdown.scenarios as found; print(found.__file__)")
    assert Path(where.strip()).is_relative_to(python.parents[1]), "an editable stepdown was found instead"
    table = type_in(
        python, tmp_path, "stepdown", "compare", "orchard-house", "--option", "open", "--runs", 2, "--jobs", 1
    )
    assert "Orchard House: 13 step-down flats in Leicester" in table
    (results,) = (tmp_path / "runs").iterdir()
    assert (results / "manifest.json").is_file()
    assert type_in(python, tmp_path, "stepdown", "report", results) == "Paper on open: paper.html\n"
    type_in(python, tmp_path, "stepdown", "init", "mine")
    assert (tmp_path / "mine" / "people.csv").is_file()
