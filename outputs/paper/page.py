"""A paper as one HTML file that needs nothing else: no script, no other file, and text that cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stepdown.outputs.charts.chart import Chart
from stepdown.outputs.paper.blocks import Block, Paper, Yours, data_table
from stepdown.outputs.paper.own_text import sealed
from stepdown.outputs.paper.pictures import inline_svg

TEMPLATES = Path(__file__).parent / "templates"
"""Everything that they are filled with is escaped; only pictures and the author's own text are taken as they are."""

LONG = 16
"""Letters of a word that a column need not break."""


def page(paper: Paper, own: Mapping[str, str], look: Literal["paper", "annex"] = "paper") -> str:
    """Return a paper as HTML.

    Parameters
    ----------
    paper
        What it holds.
    own
        The author's texts by name, as HTML; those that the paper has no place for must be given places before.
    look
        Whether each side begins on a new sheet.
    """

    def own_text(block: Yours) -> Markup:
        # The author wrote this into the file by hand, as HTML.
        return Markup(own[block.name]) if block.name in own else Markup("\n<p>[{}]</p>\n").format(block.prompt)

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.globals.update(svg=_svg, data=data_table, kind_of=_kind, own_text=own_text)
    environment.filters["breakable"] = _breakable
    return sealed(environment.get_template("paper.html").render(paper=paper, look=look))


def _svg(chart: Chart) -> Markup:
    return Markup(inline_svg(chart))  # matplotlib has escaped the texts


def _breakable(text: str) -> Markup:
    """Return a text whose long words a narrow column may break: after dots and the like, and then anywhere."""
    return Markup("").join(
        Markup("<wbr>").join(_pieces(word)) if len(word) > LONG else word for word in re.split(r"(\s+)", text)
    )


def _pieces(word: str) -> list[str]:
    return [piece for part in re.split(r"(?<=[._/-])", word) for piece in re.findall(f".{{1,{LONG}}}", part)]


def _kind(block: Block) -> str:
    return type(block).__name__
