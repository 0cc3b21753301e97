"""A paper for Word, under the headings of a committee's report, with the same sentences and pictures.

The author's own text stands between a paragraph that names it and one that ends it; these are read back, with their
formatting, and kept. A digest of all other text lies in the file's properties, so that a change elsewhere is noticed.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell

from stepdown.outputs.charts.chart import Chart, png
from stepdown.outputs.paper.blocks import Block, Paper, Part, Picture, Points, Rated, Table, Words, Yours
from stepdown.outputs.words.wording import printable
from stepdown.scenarios.errors import RunError

HEADINGS: Mapping[str, Sequence[str | Yours]] = {
    "Purpose": ("purpose",),
    "Recommendations": ("recommendation",),
    "Background": (
        Yours("background", "What led to this paper, and what has been decided before."),
        "waits",
        "caveats",
    ),
    "Options considered": ("answer", "options", "occupancy", "delay"),
    "Financial implications": ("bridge", "payers", "years", "worth"),
    "Legal implications": (Yours("legal", "Legal implications: to be written by the author."),),
    "Equality implications": ("fairness", Yours("equality", "Equality implications: to be written by the author.")),
    "Risk implications": (
        "range",
        "break-even",
        "load",
        "not-covered",
        Yours("risk", "Risk implications: to be written by the author."),
    ),
    "Appendices": ("assumptions", "origin", "sign-off"),
}
"""The headings, and under each the parts of the paper and places for the author's text."""

BEGIN, END = "[Your text: {}]", "[End of your text]"
"""The paragraphs around a place for the author's text."""

_NAMED = re.compile(r"\[Your text: ([\w-]+)\]")

SEAL = "stepdown "
"""What stands before the digest, in the file's property for comments."""

TEXT_WIDTH = Mm(182)
"""The width of the text of an A4 page."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of all files within a Word file, so that the same paper is the same bytes."""


def word_file(paper: Paper, own: Mapping[str, Sequence[Any]]) -> bytes:
    """Return a paper as a Word file.

    Parameters
    ----------
    paper
        What it holds.
    own
        The author's paragraphs by name, as `kept_paragraphs` returns them.
    """
    document = _empty(paper)
    parts, used = paper.parts(), set()
    for heading, names in HEADINGS.items():
        document.add_heading(heading, 1)
        for name in names:
            part = Part("", "", (name,)) if isinstance(name, Yours) else parts[name]
            if part.heading and not heading.startswith(part.heading):
                document.add_heading(printable(part.heading), 2)
            for block in part.blocks:
                _add(document, block, own)
                used |= {block.name} if isinstance(block, Yours) else set()
    for name in own:
        if name not in used:
            _add_yours(document, Yours(name, ""), own)
    document.core_properties.comments = SEAL + _digest(document)
    return _same_bytes(document)


def _empty(paper: Paper) -> WordDocument:
    """Return a document of A4 with its title."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(14)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.element.rPr.append(_language("en-GB"))
    title = printable(paper.title)
    document.core_properties.title, document.core_properties.author = title, "stepdown"
    document.add_heading(title, 0)
    document.add_paragraph(printable(paper.about))
    return document


def _language(name: str) -> Any:
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), name)
    return element


def _add(document: WordDocument, block: Block, own: Mapping[str, Sequence[Any]]) -> None:
    if isinstance(block, Words):
        document.add_paragraph(printable(" ".join(block.sentences)))
    elif isinstance(block, Points):
        for sentence in block.sentences:
            document.add_paragraph(printable(sentence), style="List Bullet")
    elif isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Picture):
        _add_picture(document, block.chart)
    else:
        _add_yours(document, block, own)


def _add_table(document: WordDocument, block: Table) -> None:
    caption = document.add_paragraph()
    caption.add_run(printable(block.caption)).bold = True
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    # A reader of screens is told that the first row names the columns, on every page.
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, name in zip(table.rows[0].cells, block.head, strict=True):
        _write(cell, name, bold=True)
    for row in block.rows:
        for at, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _write(cell, text.word if isinstance(text, Rated) else text, right=bool(at) and at not in block.texts)
    _share_width(table, block)
    if block.note:
        document.add_paragraph(printable(block.note)).runs[0].font.size = Pt(8)


def _share_width(table: WordTable, block: Table) -> None:
    """Give each column room for its longest word, and for half of its longest text up to twenty letters."""
    texts = [[text.word if isinstance(text, Rated) else text for text in row] for row in (block.head, *block.rows)]
    shares = [max(_letters(text) for text in column) for column in zip(*texts, strict=True)]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(int(TEXT_WIDTH * share / sum(shares)))
        for cell in column.cells:
            cell.width = column.width


def _letters(text: str) -> float:
    words = re.split(r"[\s-]+", text)
    return max(max(map(len, words)) + 4, min(len(text) / 2, 20))


def _write(cell: _Cell, text: str, bold: bool = False, right: bool = False) -> None:
    run = cell.paragraphs[0].add_run(printable(text))
    run.font.size, run.bold = Pt(8), bold
    if right:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_picture(document: WordDocument, chart: Chart) -> None:
    title = document.add_paragraph()
    title.add_run(printable(chart.title)).bold = True
    title.add_run(printable(f"\n{chart.subtitle}")).font.size = Pt(8)
    title.paragraph_format.keep_with_next = True
    picture = document.add_picture(io.BytesIO(png(chart)), width=TEXT_WIDTH)
    described = picture._inline.docPr
    described.set("descr", printable(chart.alternative_text))
    described.set("title", printable(chart.title))


def _add_yours(document: WordDocument, block: Yours, own: Mapping[str, Sequence[Any]]) -> None:
    document.add_paragraph(BEGIN.format(block.name)).runs[0].italic = True
    if block.name in own:
        for element in own[block.name]:
            document.element.body.insert(len(document.element.body) - 1, element)
    else:
        document.add_paragraph(f"[{block.prompt}]")
    document.add_paragraph(END).runs[0].italic = True


def kept_paragraphs(path: Path) -> dict[str, list[Any]]:
    """Return the author's paragraphs of the Word file that a new one is to replace, by name; none where there is none.

    Raises
    ------
    RunError
        If the file is none that stepdown made, was changed elsewhere, or its own text holds pictures or links, which
        cannot be taken along.
    """
    if not path.exists():
        return {}
    try:
        document = Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        raise RunError(f"{path} is no paper that stepdown made. Name another file, so that it is not lost") from None
    if not document.core_properties.comments.startswith(SEAL):
        raise RunError(f"{path} is no paper that stepdown made. Name another file, so that it is not lost")
    found, outside = _parted(document)
    if document.core_properties.comments != SEAL + _hashed(outside):
        raise RunError(
            f"{path} was changed outside of the places for your text, and that would be lost. Move what you wrote "
            f"between {BEGIN.format('NAME')!r} and {END!r}, or name another file"
        )
    for name, elements in found.items():
        if any("relationships" in key for element in elements for part in element.iter() for key in part.attrib):
            raise RunError(
                f"{path}: your text {name!r} holds a picture or a link, which would be lost: name another file"
            )
    return found


def _parted(document: WordDocument) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the author's elements by name, and all other texts in their order."""
    found: dict[str, list[Any]] = {}
    outside: list[str] = []
    name = ""
    for element in document.element.body:
        text = "".join(part.text or "" for part in element.iter(qn("w:t")))
        mark = _NAMED.fullmatch(text) if element.tag == qn("w:p") else None
        if mark and not name:
            name = mark[1]
            found[name] = []
        elif text == END and element.tag == qn("w:p"):
            name = ""
        elif name:
            found[name].append(deepcopy(element))
            continue
        outside.append(text)
    return found, outside


def _digest(document: WordDocument) -> str:
    return _hashed(_parted(document)[1])


def _hashed(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(text for text in texts if text).encode()).hexdigest()


def _same_bytes(document: WordDocument) -> bytes:
    """Return the document's file without the time at which it was made."""
    made, same = io.BytesIO(), io.BytesIO()
    document.save(made)
    with ZipFile(made) as source, ZipFile(same, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, EARLIEST), source.read(name), ZIP_DEFLATED)
    return same.getvalue()
