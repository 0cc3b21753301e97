"""Loops over many rows, compiled: where a loop is the plainest way to say what is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the same function compiled; the machine code is kept beside the module for the next process."""
    return cast(Function, numba.njit(cache=True)(function))
