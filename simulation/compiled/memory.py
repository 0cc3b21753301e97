"""How compiled code reaches memory: records and numbers by their address.

The kernel's functions take one thing, the world: a record that holds the address of each table and the few values that
stand alone. Numba would hand twenty arrays from function to function as some two hundred separate arguments; by address
a person, a stay or a setting is one pointer, and code reads as the reference does: ``stay.due``, ``person.group``.

The price is that nothing checks an index. Every index comes from a table's own count or from the network, tables grow
only through `appender`, which does check, and the engines are compared on random networks.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from stepdown.simulation.compiled.fields import row_type

Record = Any
"""A row of a table, by its address: attributes are its columns, and setting one changes the table."""
World = Any
"""The record `stepdown.simulation.compiled.layout.WORLD`."""

Function = TypeVar("Function", bound=Callable[..., Any])

BYTE, WORD = ir.IntType(8), ir.IntType(64)

LINE = 64
"""Bytes that the processor takes from memory at once."""


OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Without wrappers for callers that are not compiled, a function takes two thirds of the time to compile."""


class NoRoomError(Exception):
    """A table is full: the driver makes it larger and begins the replication again."""


def compiled(function: Function) -> Function:
    """Compile a function of the kernel, for other compiled functions to call.

    Division by zero follows IEEE 754: nothing divides by what may be zero, and checks cost time.
    """
    return njit(**OPTIONS)(function)


def inlined(function: Function) -> Function:
    """Compile a function of the kernel as a part of the one function that calls it, which takes less time."""
    return njit(inline="always", **OPTIONS)(function)


def constants(name: str, **values: int) -> Any:
    """Return numbers by name for compiled code.

    A plain constant would be a type of its own to Numba, and each function that is given one would be compiled anew.
    """
    return namedtuple(name, values)(**values)


PLAIN = constants(
    "PLAIN", NOWHERE=-1, ADAPTATION_STEP=-1, DIED_EXIT=-1, FIRST=1, HIGHEST=0, NONE=0, FALSE=False, TRUE=True
)
"""Constants that are handed from function to function."""


def generated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that writes machine code itself be called from compiled code."""
    return intrinsic(function)


@compiled
def larger(number: float, other: float) -> float:
    """Return the greater of two numbers, and the first of equal ones, as Python's own `max` does."""
    return other if other > number else number


@compiled
def smaller(number: float, other: float) -> float:
    """Return the smaller of two numbers, and the first of equal ones, as Python's own `min` does."""
    return other if other < number else number


def _load(kind: Any, stored: ir.Type) -> Any:
    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        first, index = arguments
        place = builder.add(first, builder.mul(index, ir.Constant(WORD, 8)))
        return builder.load(builder.inttoptr(place, stored.as_pointer()))

    return kind(types.int64, types.int64), generate


@generated
def number_at(_: Any, address: Any, position: Any) -> Any:
    """Return the float64 at a position of the array that begins at an address."""
    return _load(types.float64, ir.DoubleType())


@generated
def integer_at(_: Any, address: Any, position: Any) -> Any:
    """Return the int64 at a position of the array that begins at an address."""
    return _load(types.int64, WORD)


@generated
def multiply_high(_: Any, left: Any, right: Any) -> Any:
    """Return the upper 64 bits of the product of two unsigned words."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), WORD)

    return types.uint64(types.uint64, types.uint64), generate


@generated
def fetch(_: Any, row: Any) -> Any:
    """Ask for a row's memory without waiting for it; an address at which there is none does no harm."""
    name, number = "llvm.prefetch.p0", ir.IntType(32)
    to_read, soon, of_data = (ir.Constant(number, value) for value in (0, 3, 1))

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        place = builder.bitcast(arguments[0], BYTE.as_pointer())
        prefetch = builder.module.globals.get(name)
        if prefetch is None:
            kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
            prefetch = ir.Function(builder.module, kind, name)
        for line in range(0, row.size, LINE):
            builder.call(prefetch, [builder.gep(place, [ir.Constant(WORD, line)]), to_read, soon, of_data])
        return context.get_dummy_value()

    return types.void(row), generate


@generated
def call(_: Any, address: Any, arguments: Any) -> Any:
    """Call a function of SciPy's `cython_special`, given its address, with a tuple of float64."""
    number = len(arguments)

    def generate(_: Any, builder: Any, __: Any, given: Any) -> Any:
        place, values = given
        # The last argument is Cython's own: whether to skip looking for an override.
        kind = ir.FunctionType(ir.DoubleType(), [ir.DoubleType()] * number + [ir.IntType(32)])
        function = builder.inttoptr(place, kind.as_pointer())
        unpacked = [builder.extract_value(values, position) for position in range(number)]
        return builder.call(function, [*unpacked, ir.Constant(ir.IntType(32), 0)])

    return types.float64(types.int64, arguments), generate


def table_in(builder: Any, world: Any, record: Any, table: str) -> Any:
    """Write the code that loads a table's address from the world."""
    field = builder.gep(builder.bitcast(record, BYTE.as_pointer()), [ir.Constant(WORD, world.offset(table))])
    return builder.load(builder.bitcast(field, WORD.as_pointer()))


def accessor(table: str, kind: np.dtype[Any]) -> Callable[[World, int], Record]:
    """Return the function of compiled code that gives a table's row by its position."""

    @generated
    def row_of(_: Any, world: Any, position: Any) -> Any:
        row = row_type(kind)

        def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
            record, index = arguments
            first = table_in(builder, world, record, table)
            place = builder.add(first, builder.mul(index, ir.Constant(WORD, row.size)))
            return builder.inttoptr(place, context.get_value_type(row))

        return row(world, types.int64), generate

    return row_of


def appender(table: str, kind: np.dtype[Any]) -> Callable[[World], int]:
    """Return the compiled function that adds a row to a table and returns its position; the row's content is stale.

    It raises `NoRoomError` if the table is full.
    """
    used, room = f"{table}_used", f"{table}_room"

    @compiled
    def new_row(world: World) -> int:
        position: int = world[used]
        if position == world[room]:
            raise NoRoomError
        world[used] = position + 1
        return position

    return new_row
