"""How cells look: what is put in is yellow and blue, what is computed is black on white."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

POUNDS = "£#,##0;[Red]-£#,##0;£0"
PENCE = "£#,##0.00;[Red]-£#,##0.00"
THOUSANDS = "#,##0;[Red]-#,##0;0"
NUMBER = "#,##0.0"
WHOLE = "#,##0"
PLAIN = "0"
SHARE = "0.0%"
FACTOR = "0.0000"
TEXT = "@"
"""Number formats."""

INK, LINE, HEAD, INPUT, INPUT_INK, QUIET = "#0B0C0C", "#B1B4B6", "#12436D", "#FFF7BF", "#003078", "#505A5F"
"""Colours."""

FONT: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}

LOOKS: dict[str, dict[str, Any]] = {
    "cell": {},
    "strong": {"bold": True, "top": 1, "top_color": LINE},
    "title": {"bold": True, "font_size": 16, "font_color": HEAD},
    "heading": {"bold": True, "font_size": 12, "font_color": HEAD},
    "column": {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "text_wrap": True, "align": "right"},
    "left column": {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "text_wrap": True, "align": "left"},
    "number": {"align": "left"},
    "note": {"font_color": QUIET, "italic": True, "text_wrap": True, "align": "left"},
    "wrapped": {"text_wrap": True, "align": "left"},
    "input": {"bg_color": INPUT, "font_color": INPUT_INK, "border": 1, "border_color": LINE},
    "link": {"font_color": INPUT_INK, "underline": 1},
    "strong left": {"bold": True, "align": "left"},
    "state": {"bold": True, "align": "right"},
}
"""What there is beside a number format."""


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}

    def __call__(self, look: str = "cell", number: str = "General") -> Format:
        """Return a look with a number format."""
        if (look, number) not in self._made:
            self._made[look, number] = self._workbook.add_format({**FONT, **LOOKS[look], "num_format": number})
        return self._made[look, number]
