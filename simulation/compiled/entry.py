"""The functions of the kernel that Python calls, kept in Numba's cache on disk once they are compiled.

Numba looks only at this file to know whether its cache is still good, while nearly all of what it compiles is in the
others. What a function encloses is part of the cache's key: so these enclose a fingerprint of all the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba
from numba import njit

from stepdown.simulation.compiled.kernel import run
from stepdown.simulation.compiled.memory import World
from stepdown.simulation.compiled.rows import write_stays, write_steps


def fingerprint() -> str:
    """Return a fingerprint of the kernel's source code, and of the definitions that it takes from beside it."""
    here = Path(__file__).parent
    beside = ["simulation/draws.py", "simulation/clock.py", "scenarios/quantile_curves.py"]
    files = [*sorted(here.glob("*.py")), *(here.parent.parent / name for name in beside)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _simulate(code: str) -> Any:
    @njit(nogil=True, error_model="numpy", cache=True)
    def simulate(worlds: World, seed: int, replication: int) -> int:
        """Simulate one replication in a world, and return how it ended."""
        code  # noqa: B018 - enclosed
        world = worlds[0]
        world.seed = seed
        world.replication = replication
        return run(world)

    return simulate


def _copy_stays(code: str) -> Callable[..., None]:
    @njit(nogil=True, cache=True)
    def copy_stays(worlds: World, first: int, people: Any, visits: Any, opening: Any, codes: Any, days: Any) -> None:
        """Write the stays of a world that has run to columns, from a row on."""
        code  # noqa: B018 - enclosed
        write_stays(worlds[0], first, people, visits, opening, codes, days)

    return copy_stays


def _copy_steps(code: str) -> Callable[..., None]:
    @njit(nogil=True, cache=True)
    def copy_steps(worlds: World, first: int, cases: Any, people: Any, codes: Any, numbers: Any) -> None:
        """Write the steps of cases of a world that has run to columns, from a row on."""
        code  # noqa: B018 - enclosed
        write_steps(worlds[0], first, cases, people, codes, numbers)

    return copy_steps


CODE = fingerprint()

simulate, copy_stays, copy_steps = _simulate(CODE), _copy_stays(CODE), _copy_steps(CODE)


def is_compiled() -> bool:
    """Whether this machine has compiled the kernel before, so that it only has to be loaded."""
    return bool(simulate.signatures) or _note().exists()


def note_compiled() -> None:
    """Note that the kernel has been compiled; where nothing can be written, it is compiled by every process."""
    with suppress(OSError):
        _note().touch()


def _note() -> Path:
    return Path(simulate.stats.cache_path) / f"compiled-{CODE[:16]}-numba-{numba.__version__}"
