"""Fields that take fewer bytes in memory than they are calculated with.

A person is then one line of the processor's cache, and a stay two. To the functions of the kernel every whole number is
of 64 bits: one that is given a number from a field is not compiled anew for its width.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core import cgutils
from numba.core.datamodel.models import RecordModel
from numba.extending import lower_getattr_generic, lower_setattr_generic, register_model


class Row(types.Record):  # type: ignore[misc]  # Numba has no types of its own
    """A row of a table, whose signed whole numbers are read as int64 whatever their width."""

    def typeof(self, key: str) -> Any:
        """Return the type that a field is read as."""
        stored = self.stored(key)
        return types.int64 if stored in types.signed_domain else stored

    def stored(self, key: str) -> Any:
        """Return the type that a field is stored as."""
        return super().typeof(key)


register_model(Row)(RecordModel)


def row_type(kind: np.dtype[Any]) -> Row:
    """Return the type of compiled code for the rows of a table."""
    plain = from_dtype(kind)
    fields = [
        (name, {"type": field.type, "offset": field.offset, "alignment": field.alignment})
        for name, field in plain.fields.items()
    ]
    return Row(fields, plain.size, plain.aligned)


@lower_getattr_generic(Row)
def _read(context: Any, builder: Any, row: Row, place: Any, name: str) -> Any:
    stored = row.stored(name)
    field = cgutils.get_record_member(builder, place, row.offset(name), context.get_data_type(stored))
    return context.cast(builder, context.unpack_value(builder, stored, field), stored, row.typeof(name))


@lower_setattr_generic(Row)
def _write(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    (row, given), (place, value) = signature.args, arguments
    stored = row.stored(name)
    field = cgutils.get_record_member(builder, place, row.offset(name), context.get_data_type(stored))
    context.pack_value(builder, stored, context.cast(builder, value, given, stored), field)
