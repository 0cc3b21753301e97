"""The author's own text in a paper: it survives, and nothing is overwritten that would be lost."""

import io
from dataclasses import replace
from zipfile import ZipFile

import pytest
from commands import TINY
from docx import Document
from papers import compared, facts_of

from stepdown.outputs.paper.own_text import kept_texts, own_texts, sealed
from stepdown.outputs.paper.report import write_report
from stepdown.scenarios.errors import ChoiceError, RunError

pytestmark = pytest.mark.papers

OWN = "<p>We recommend <em>three</em> flats, &amp; a review. Café.</p>"


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    text = TINY.replace('  later: {about: "The same for longer", levers: [longer]}\n', "")
    return facts_of(compared(tmp_path_factory.mktemp("tiny"), text, 3))


def written(facts, path, name="recommendation", own=OWN):
    """Write a paper, put a text into one of its places, and return the file's text."""
    write_report(facts, path)
    text = path.read_text("utf-8")
    begin = text.index(f"<!-- your text: {name} -->") + len(f"<!-- your text: {name} -->")
    end = text.index("<!-- end -->", begin)
    path.write_text(text[:begin] + own + text[end:], "utf-8")
    return path.read_text("utf-8")


def test_the_authors_text_is_kept_to_the_letter_when_a_paper_is_written_again(facts, tmp_path):
    paper = tmp_path / "paper.html"
    before = written(facts, paper)
    write_report(facts, paper)
    assert paper.read_text("utf-8") == before
    assert own_texts(before, "paper")["recommendation"] == OWN


def test_a_text_whose_place_is_gone_is_kept_at_the_end(facts, tmp_path):
    paper = tmp_path / "paper.html"
    write_report(facts, paper)
    other = paper.read_text("utf-8").replace("your text: recommendation", "your text: of-an-older-version")
    begin, seal, _ = other.partition("<!-- stepdown made this")
    paper.write_text(sealed(begin + "</html>\n"), "utf-8")
    assert seal
    write_report(facts, paper)
    assert set(kept_texts(paper)) == {"recommendation", "sign-off", "of-an-older-version"}


def test_a_title_with_a_bell_in_it_is_printed_without_it(facts, tmp_path):
    title = f"A small{chr(7)} place"
    run = replace(facts.run, manifest={**facts.run.manifest, "title": title})
    bells = replace(facts, run=run)
    for ending in ("html", "docx"):
        write_report(bells, tmp_path / f"paper.{ending}")
    assert paragraphs(tmp_path / "paper.docx")[0] == "A small place"


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_a_file_that_stepdown_did_not_make_is_left_alone(facts, tmp_path, ending):
    for content in (b"<html><body>mine</body></html>", b"\xff\xfe\x00"):
        paper = tmp_path / f"paper{ending}"
        paper.write_bytes(content)
        with pytest.raises(RunError, match="no paper that stepdown made"):
            write_report(facts, paper)
        assert paper.read_bytes() == content


def test_a_paper_that_was_changed_outside_of_the_marks_is_left_alone(facts, tmp_path):
    paper = tmp_path / "paper.html"
    changed = written(facts, paper).replace("Options considered", "Options that we like")
    paper.write_text(changed, "utf-8")
    with pytest.raises(RunError, match="changed outside of the places for your text"):
        write_report(facts, paper)
    assert paper.read_text("utf-8") == changed


@pytest.mark.parametrize(
    "broken",
    [
        "<!-- your text: a -->one",
        "<!-- your text: a -->one<!-- your text: b -->two<!-- end -->",
        "one<!-- end -->",
        "<!-- your text: a --><!-- end --><!-- your text: a --><!-- end -->",
    ],
)
def test_marks_that_do_not_come_in_pairs_are_refused_so_that_no_text_is_lost(broken):
    with pytest.raises(RunError, match="name another file"):
        own_texts(broken, "paper.html")


def test_line_ends_of_another_system_do_not_count_as_a_change(facts, tmp_path):
    paper = tmp_path / "paper.html"
    text = written(facts, paper)
    paper.write_bytes(text.replace("\n", "\r\n").encode())
    assert kept_texts(paper)["recommendation"] == OWN


def test_the_same_run_gives_the_same_bytes_in_every_form(facts, tmp_path):
    for number in (1, 2):
        for ending in ("html", "docx"):
            write_report(facts, tmp_path / f"{number}.{ending}", tmp_path / f"{number}-annex.html")
    for name in ("{}.html", "{}.docx", "{}-annex.html"):
        one, two = ((tmp_path / name.format(number)).read_bytes() for number in (1, 2))
        assert one == two, name
    assert not list(tmp_path.glob(".*")), "what was written beside is gone"


def paragraphs(path):
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def test_the_authors_paragraphs_are_kept_in_a_word_paper_with_their_formatting(facts, tmp_path):
    paper = tmp_path / "paper.docx"
    write_report(facts, paper)
    document = Document(str(paper))
    texts = [paragraph.text for paragraph in document.paragraphs]
    place = document.paragraphs[texts.index("[Your text: legal]") + 1]
    place.text = ""
    place.add_run("No powers are used that the council lacks.").bold = True
    place.insert_paragraph_before("Counsel was asked.")
    document.save(str(paper))
    write_report(facts, paper)
    after = paragraphs(paper)
    at = after.index("[Your text: legal]")
    assert after[at + 1 : at + 4] == [
        "Counsel was asked.",
        "No powers are used that the council lacks.",
        "[End of your text]",
    ]
    assert Document(str(paper)).paragraphs[at + 2].runs[-1].bold
    before = paper.read_bytes()
    write_report(facts, paper)
    assert paper.read_bytes() == before


def test_a_word_paper_that_was_changed_elsewhere_or_holds_a_picture_of_ones_own_is_left_alone(facts, tmp_path):
    paper = tmp_path / "paper.docx"
    write_report(facts, paper)
    whole = paper.read_bytes()
    document = Document(io.BytesIO(whole))
    document.paragraphs[0].add_run(" (draft)")
    document.save(str(paper))
    with pytest.raises(RunError, match="changed outside of the places"):
        write_report(facts, paper)
    document = Document(io.BytesIO(whole))
    texts = [paragraph.text for paragraph in document.paragraphs]
    with ZipFile(io.BytesIO(whole)) as parts:
        picture = next(parts.read(name) for name in parts.namelist() if name.endswith(".png"))
    document.paragraphs[texts.index("[Your text: risk]") + 1].add_run().add_picture(io.BytesIO(picture))
    document.save(str(paper))
    with pytest.raises(RunError, match="holds a picture or a link"):
        write_report(facts, paper)


@pytest.mark.parametrize(
    ("output", "annex", "reason"),
    [
        ("paper.pdf", None, "neither in .html nor in .docx"),
        ("paper.html", "annex.docx", "does not end in .html"),
        ("paper.html", "paper.html", "cannot be both paper and annex"),
    ],
)
def test_files_whose_form_or_place_cannot_be_are_refused_before_anything_is_written(
    facts, tmp_path, output, annex, reason
):
    with pytest.raises(ChoiceError, match=reason):
        write_report(facts, tmp_path / output, annex and tmp_path / annex)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_where_the_annex_cannot_be(facts, tmp_path):
    paper, annex = tmp_path / "paper.html", tmp_path / "annex.html"
    annex.write_text("mine", "utf-8")
    with pytest.raises(RunError, match=r"annex\.html is no paper"):
        write_report(facts, paper, annex)
    assert not paper.exists()
