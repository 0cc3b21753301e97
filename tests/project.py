"""What belongs to the project: its files, its modules, and what stands in them."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def project_files() -> list[Path]:
    """Every file that is tracked, or would be: neither built, nor a result, nor a cache."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return sorted(file for name in listed.split("\0") if name and (file := ROOT / name).is_file())


def modules() -> list[Path]:
    """Every Python file of the package."""
    return [
        file for file in project_files() if file.suffix == ".py" and top_folder(file) not in ("tests", "benchmarks")
    ]


def benchmarks() -> list[Path]:
    """Every program that measures, or is measured: no part of the package."""
    return [file for file in project_files() if file.suffix == ".py" and top_folder(file) == "benchmarks"]


def top_folder(file: Path) -> str:
    """The folder of the root that a file is in, or its own name."""
    return file.relative_to(ROOT).parts[0]


def files_of_tests() -> list[Path]:
    """Every file of tests."""
    return sorted(Path(__file__).parent.glob("test_*.py"))


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def settings() -> dict:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def kinds() -> list[str]:
    """The kinds of test that there are."""
    return [line.split(":")[0] for line in settings()["tool"]["pytest"]["ini_options"]["markers"]]
