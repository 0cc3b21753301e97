"""Fields that take fewer bytes in memory than they are calculated with.

A person is then one line of the processor's cache, and a stay two. To the functions of the kernel every whole number is
of 64 bits: one that is given a number from a field is not compiled anew for its width.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, from_dtype, types
from numba.core.datamodel.models import RecordModel


class Row(types.Record):
    """A row of a table, whose signed whole numbers are read as int64 whatever their width."""

    def typeof(self, key: str) -> Any:
        """Return the type that a field is read as."""
        stored = self.stored(key)
        return types.int64 if stored in types.signed_domain else stored

    def stored(self, key: str) -> Any:
        """Return the type that a field is stored as."""
        return super().typeof(key)


def row_type(kind: np.dtype[Any]) -> Row:
    """Return the type of compiled code for the rows of a table."""
    plain = from_dtype(kind)
    fields: Any = [
        (name, {"type": field.type, "offset": field.offset, "alignment": field.alignment})
        for name, field in plain.fields.items()
    ]
    return Row(fields, plain.size, plain.aligned)


def _read(context: Any, builder: Any, row: Row, place: Any, name: str) -> Any:
    stored, field = _field(context, builder, row, place, name)
    return context.cast(builder, context.unpack_value(builder, stored, field), stored, row.typeof(name))


def _write(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    (row, given), (place, value) = signature.args, arguments
    stored, field = _field(context, builder, row, place, name)
    context.pack_value(builder, stored, context.cast(builder, value, given, stored), field)


def _field(context: Any, builder: Any, row: Row, place: Any, name: str) -> tuple[Any, Any]:
    """Return the type that a field is stored as, and its address."""
    stored = row.stored(name)
    address = builder.gep(
        builder.bitcast(place, ir.IntType(8).as_pointer()), [ir.Constant(ir.IntType(64), row.offset(name))]
    )
    return stored, builder.bitcast(address, context.get_data_type(stored).as_pointer())


_lowering: Any = extending  # of whose functions not all have types
_lowering.register_model(Row)(RecordModel)
_lowering.lower_getattr_generic(Row)(_read)
_lowering.lower_setattr_generic(Row)(_write)
