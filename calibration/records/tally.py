"""Counting what is noticed while records are read; what is counted is a sentence about a rule, never about a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from stepdown.calibration.history import Finding

Kind = Literal["dropped", "joined", "guessed", "mended", "noted"]

KINDS: Final[tuple[Kind, ...]] = ("dropped", "joined", "guessed", "mended", "noted")
"""What may be done about what is noticed, in the order of reports."""


@dataclass
class Tally:
    """Counts rows by what was noticed about them."""

    _rows: Counter[tuple[Kind, str]] = field(default_factory=Counter)

    def add(self, kind: Kind, what: str, rows: float) -> None:
        """Count some more rows; none is nothing to speak of."""
        if rows:
            self._rows[kind, what] += int(rows)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed: what was dropped first, and of each kind what concerns most rows."""
        order = sorted(self._rows.items(), key=lambda item: (KINDS.index(item[0][0]), -item[1], item[0][1]))
        return tuple(Finding(kind, what, rows) for (kind, what), rows in order)
