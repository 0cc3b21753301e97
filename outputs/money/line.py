"""One line of a bill."""

from __future__ import annotations

from typing import NamedTuple

from stepdown.outputs.measures.intervals import Floats

KINDS = (
    "care",
    "unit cost",
    "place",
    "notice",
    "void",
    "contribution",
    "running",
    "move",
    "adaptation",
    "grant",
    "set-up",
    "capital",
)
"""What is paid for."""


class Line(NamedTuple):
    """What one payer pays for one thing.

    Attributes
    ----------
    payer, kind
        Who pays, and for what (of `KINDS`).
    item
        The scheme lived in, the setting moved to, the tier of the adaptation, the step that pays the grant, or the name
        under which the scenario has it.
    setting
        The setting lived in or moved to; None for what belongs to none.
    pounds
        Shape (runs, months); below 0 for what is received.
    """

    payer: str
    kind: str
    item: str
    setting: str | None
    pounds: Floats
