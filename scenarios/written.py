"""Quantities as they are written, with their units: made larger or smaller, they are still written so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from stepdown.scenarios.kinds import parser_at
from stepdown.scenarios.quantities import (
    UNIT_DAYS,
    is_number,
    parse_count,
    parse_duration,
    parse_growth,
    parse_money,
    parse_places,
    parse_share,
)
from stepdown.scenarios.schema_money import MONEY

POUNDS, PERCENT, NUMBER = "£", "%", ""
"""Units that are not of time; those are named as in `UNIT_DAYS`."""

_UNIT = re.compile(r"[a-z]+", re.IGNORECASE)


class Written(NamedTuple):
    """How a quantity is written.

    Attributes
    ----------
    unit
        `POUNDS`, `PERCENT`, `NUMBER`, or a unit of time.
    whole
        Whether only whole numbers will do.
    """

    unit: str
    whole: bool = False

    def amount(self, raw: Any) -> float:
        """Read an amount in this unit.

        Raises
        ------
        ValueError
            If it is no such quantity.
        """
        if self.unit == POUNDS:
            return parse_money(raw)
        if self.unit == PERCENT:
            return 100 * (parse_growth(raw) if isinstance(raw, str) and raw.strip()[:1] in "+-" else parse_share(raw))
        if self.unit in UNIT_DAYS:
            return parse_duration(raw) / UNIT_DAYS[self.unit]
        number = float(raw) if isinstance(raw, str) else raw
        if not is_number(number) or (self.whole and number != int(number)):
            raise ValueError(f"{raw!r} is not a {'whole ' if self.whole else ''}number")
        return float(number)

    def raw(self, amount: float) -> Any:
        """Return an amount as a scenario file has it."""
        if self.whole:
            return round(amount)
        if self.unit == PERCENT:
            return f"{amount:.12f}%"
        return f"{amount:.12f} {self.unit}s" if self.unit in UNIT_DAYS else float(amount)


def written_as(path: Sequence[str | int], raw: Any) -> Written | None:
    """Return how the single value at a path of a scenario is written; None if it is no quantity."""
    parser = parser_at(path)
    if parser is parse_share or (isinstance(raw, str) and raw.strip().endswith("%")):
        return _if_readable(Written(PERCENT), raw)
    if parser is parse_money or (path[0] in MONEY and (is_number(raw) or _is_pounds(raw))):
        return _if_readable(Written(POUNDS), raw)
    if is_number(raw):
        # A number of people may stand where the schema has a list of them.
        return Written(NUMBER, whole=parser in (parse_count, parse_places) or (parser is None and raw == int(raw)))
    unit = _UNIT.search(raw) if isinstance(raw, str) else None
    return _if_readable(Written(unit.group().lower().removesuffix("s")), raw) if unit else None


def _if_readable(written: Written, raw: Any) -> Written | None:
    try:
        written.amount(raw)
    except ValueError:
        return None
    return written


def _is_pounds(raw: Any) -> bool:
    return isinstance(raw, str) and raw.strip().startswith("£")
