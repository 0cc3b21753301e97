"""The tree is laid out as described: imports run one way, modules are small, everything says what it is."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import ROOT, benchmarks, files_of_tests, kinds, modules, parsed, project_files, settings

pytestmark = pytest.mark.structure

LAYERS = ["scenarios", "simulation", "outputs", "calibration", "command_line", "cli"]
"""Each may import from itself and from those before it."""

LONGEST = 300
"""Lines of a module: one idea each."""

BESIDE = {file.stem for folder in ("tests", "benchmarks") for file in (ROOT / folder).glob("*.py")}
"""The modules of tests and benchmarks."""

TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".cff", ".csv", ".json", ".svg", ".html", ".css", ""}

MACHINE = re.compile(r"(?<![\w.}])/(home|root|Users|mnt|work)/\w|bash_jobs|extra-index|artifactory|devpi")
"""Paths of one machine, and hosts from which its packages come."""


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def layer_of(file: Path) -> str:
    return file.relative_to(ROOT).with_suffix("").parts[0]


def imported(file: Path) -> Iterator[str]:
    """Yield the full name of every module that a module imports, wherever it does so."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(file)}:{node.lineno}: code imports stepdown., never relative to itself"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_imports_run_one_way(file):
    """cli -> command_line -> calibration -> outputs -> simulation -> scenarios."""
    if layer_of(file) == "__init__":
        return
    may = LAYERS[: LAYERS.index(layer_of(file)) + 1]
    for name in imported(file):
        first, *rest = name.split(".")
        assert first not in BESIDE | {"tests", "benchmarks"}, f"{name_of(file)} imports {name}: that is not installed"
        assert first not in LAYERS, f"{name_of(file)} imports {name}: write stepdown.{name}"
        assert first != "stepdown" or rest[0] in may, f"{name_of(file)} imports {name}, from a layer above its own"


@pytest.mark.parametrize("file", [*modules(), *benchmarks()], ids=name_of)
def test_modules_are_small_and_everything_public_says_what_it_is(file):
    lines = file.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{name_of(file)} has {lines} lines: it holds more than one idea"
    silent = [name for name, node in public(parsed(file)) if not ast.get_docstring(node)]
    assert silent == [], f"{name_of(file)}: no docstring says what these are: {silent}"


def public(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield the module, its functions and classes, and the methods of these, that are meant for others."""
    yield "the module", module
    kinds_of_part = (ast.FunctionDef, ast.ClassDef)
    for node in module.body:
        if isinstance(node, kinds_of_part) and not node.name.startswith("_"):
            yield node.name, node
            for part in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(part, kinds_of_part) and not part.name.startswith("_"):
                    yield f"{node.name}.{part.name}", part


def test_only_the_command_line_is_python_at_the_root():
    """Any other file there would be shipped."""
    assert [file.name for file in modules() if file.parent == ROOT] == ["__init__.py", "cli.py"]
    (docstring,) = parsed(ROOT / "__init__.py").body
    assert isinstance(docstring, ast.Expr), "the root's __init__.py holds one docstring"
    assert (ROOT / "py.typed").read_bytes() == b""


def test_the_packages_that_are_listed_are_the_folders_that_there_are():
    folders = {file.parent.relative_to(ROOT) for file in modules()}
    expected = {".".join(["stepdown", *folder.parts]) for folder in folders}
    assert set(settings()["tool"]["setuptools"]["packages"]) == expected
    without = [name_of(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()]
    assert without == [], "a package needs its __init__.py"


@pytest.mark.parametrize("file", files_of_tests(), ids=lambda file: file.name)
def test_every_file_of_tests_is_of_exactly_one_kind(file):
    marks = [
        ast.unparse(node.value)
        for node in parsed(file).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    assert len(marks) == 1, f"{file.name}: write pytestmark = pytest.mark.KIND once"
    kind = marks[0].removeprefix("pytest.mark.")
    assert kind in kinds(), f"{file.name}: {marks[0]} is not one of the kinds {kinds()}"
    others = [kind for kind in kinds() if kind in re.findall(r"@pytest\.mark\.(\w+)", file.read_text("utf-8"))]
    assert others == [], f"{file.name}: its tests are of another kind as well"


def test_a_test_is_a_sentence():
    for file in files_of_tests():
        for node in parsed(file).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert node.name.count("_") >= 2, f"{file.name}: {node.name} does not say what must hold"


@pytest.mark.parametrize(
    ("marks", "refusal"),
    [
        ("", "has no kind"),
        ("pytestmark = pytest.mark.theory", None),
        ("pytestmark = [pytest.mark.theory, pytest.mark.trace]", "has several kinds: theory, trace"),
    ],
)
def test_a_test_without_exactly_one_kind_is_refused_when_it_is_collected(tmp_path, marks, refusal):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    (tests / "test_new.py").write_text(f"import pytest\n{marks}\n\ndef test_that_it_holds():\n    pass\n", "utf-8")
    plain = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", *plain, "--collect-only", "-q", str(tmp_path)]
    seen = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert seen.returncode == (4 if refusal else 0), seen.stdout + seen.stderr
    assert (refusal or "1 test collected") in seen.stdout + seen.stderr


@pytest.mark.parametrize("file", project_files(), ids=name_of)
def test_no_file_speaks_of_the_machine_that_it_was_written_on(file):
    if file.suffix in TEXT and file != Path(__file__):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            assert not MACHINE.search(line), f"{name_of(file)}:{number}: {line.strip()}"


def test_no_large_or_binary_file_is_kept():
    for file in project_files():
        assert file.stat().st_size < 500_000, f"{name_of(file)} is large: results do not belong to the project"
        assert file.suffix not in {".parquet", ".pyc", ".so", ".whl", ".xlsx"}, f"{name_of(file)} was made by a program"
