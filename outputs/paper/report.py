"""From a run's folder to a paper on disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from stepdown.outputs.paper.annex import annex
from stepdown.outputs.paper.answer import answer_side
from stepdown.outputs.paper.blocks import Paper, Part, Side, Yours
from stepdown.outputs.paper.doubt import doubt_side
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.own_text import kept_texts
from stepdown.outputs.paper.page import page
from stepdown.outputs.paper.people import people_side
from stepdown.outputs.paper.purses import money_side
from stepdown.outputs.paper.word import kept_paragraphs, word_file
from stepdown.outputs.whole_files import written_whole
from stepdown.outputs.words.wording import cut, say_date
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.loader import CARRY_ON

TITLE = 100
"""Letters of the title."""

HTML, WORD = (".html", ".htm"), (".docx",)
"""The endings of the forms in which a paper is written."""


def paper_of(facts: Facts) -> Paper:
    """Return the paper on a run: answer, people, money, doubt."""
    made = say_date(dt.datetime.fromisoformat(facts.run.manifest["made"]).date())
    about = f"Option {facts.name} against {CARRY_ON}. Run {facts.run.folder.resolve().name}, made {made}."
    sides = (answer_side(facts), people_side(facts), money_side(facts), doubt_side(facts))
    return Paper(cut(facts.title, TITLE), about, sides)


def write_report(facts: Facts, output: Path, annex_file: Path | None = None) -> None:
    """Write the paper on a run, as HTML or for Word, and its annex.

    The author's own text is kept where a paper is replaced. Nothing is replaced before all of it has been made.

    Raises
    ------
    ChoiceError
        If the files cannot be told apart, or have another ending.
    RunError
        If there is a file in the place of one that stepdown has not made, or that was changed where it must not be.
    """
    check_names(output, annex_file)
    paper = paper_of(facts)
    files: dict[Path, bytes] = {}
    if output.suffix.lower() in WORD:
        files[output] = word_file(paper, kept_paragraphs(output))
    else:
        files[output] = _page(paper, kept_texts(output))
    if annex_file is not None:
        kept = kept_texts(annex_file)
        files[annex_file] = page(_with_places(annex(facts, paper), kept), kept, "annex").encode()
    for path, content in files.items():
        with written_whole(path) as partial:
            partial.write_bytes(content)


def check_names(output: Path, annex_file: Path | None) -> None:
    """Refuse names that say nothing of the form, or that are the same."""
    if output.suffix.lower() not in (*HTML, *WORD):
        raise ChoiceError(f"{output} ends neither in .html nor in .docx, the forms in which a paper is written")
    if annex_file is not None and annex_file.suffix.lower() not in HTML:
        raise ChoiceError(f"{annex_file} does not end in .html, the form in which an annex is written")
    if annex_file is not None and annex_file.resolve() == output.resolve():
        raise ChoiceError(f"{output} cannot be both paper and annex: name two files")


def _page(paper: Paper, own: Mapping[str, str]) -> bytes:
    return page(_with_places(paper, own), own).encode()


def _with_places(paper: Paper, own: Mapping[str, str]) -> Paper:
    """Return the paper with a place for every text: those that it has none for stand at the end."""
    blocks = [block for part in paper.parts().values() for block in part.blocks]
    places = {block.name for block in blocks if isinstance(block, Yours)}
    homeless = [Yours(name, "") for name in own if name not in places]
    if not homeless:
        return paper
    *sides, last = paper.sides
    return replace(paper, sides=(*sides, Side(last.title, (*last.parts, Part("kept", "Your other texts", homeless)))))
