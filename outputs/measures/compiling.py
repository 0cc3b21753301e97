"""Loops over many rows, compiled: where a loop is the plainest way to say what is measured."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CellType, FunctionType
from typing import TypeVar, cast

import numba

FOLDERS = (".", "measures", "money")
"""The folders of `stepdown.outputs` whose modules may hold compiled functions."""

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the same function compiled; the machine code is kept beside the module for the next process.

    Numba looks only at the function's own file to know whether what it keeps is still good, while constants and
    functions of other modules are compiled into it. What a function encloses is part of the key under which it is kept:
    so it is given a fingerprint of all these modules to enclose.
    """
    return cast(Function, numba.njit(cache=True)(_enclosing(function, fingerprint())))


@cache
def fingerprint() -> str:
    """Return a fingerprint of the modules of `stepdown.outputs` where compiled functions are."""
    outputs = Path(__file__).parents[1]
    files = [file for folder in FOLDERS for file in sorted((outputs / folder).glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _enclosing(function: Callable[..., object], value: str) -> FunctionType:
    """Return the same function as if it had been defined where a variable of that value is enclosed."""
    code = function.__code__
    cells = (*(function.__closure__ or ()), CellType(value))
    same = FunctionType(
        code.replace(co_freevars=(*code.co_freevars, "fingerprint")),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        cells,
    )
    same.__module__, same.__qualname__, same.__doc__ = function.__module__, function.__qualname__, function.__doc__
    return same
