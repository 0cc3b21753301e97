"""The software that results may depend on: to be written down, and to be the same wherever parts of a run are made."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("simpy", "numba", "numpy", "scipy", "pandas", "pydantic", "ruamel.yaml", "pyarrow", "matplotlib")
"""The packages whose versions may matter to results."""

OWN = ("scenarios", "simulation", "outputs")
"""Folders of stepdown whose modules make results."""


@cache
def software() -> dict[str, str]:
    """Return the versions of stepdown, of Python and of packages, and a hash of stepdown's own modules.

    Two copies of stepdown may differ under one version number while somebody works on them.
    """
    versions = {name: version(name) for name in ("stepdown", *PACKAGES)}
    return {**versions, "python": platform.python_version(), "stepdown's modules": _hash_of_modules()}


def differences(here: dict[str, str], there: dict[str, str]) -> list[str]:
    """Say what differs, such as ``numpy is 2.4.6 here and 2.4.7 there``."""
    names = [name for name in here | there if here.get(name) != there.get(name)]
    return [f"{name} is {here.get(name, 'missing')} here and {there.get(name, 'missing')} there" for name in names]


def _hash_of_modules() -> str:
    root = Path(__file__).parents[1]
    whole = hashlib.sha256()
    for file in sorted(file for folder in OWN for file in (root / folder).rglob("*.py")):
        whole.update(file.relative_to(root).as_posix().encode())
        whole.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()[:12]
