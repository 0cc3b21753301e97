"""What `stepdown report` prints, writes and refuses."""

import json

import pytest
from commands import TINY, typing
from docx import Document
from papers import Reader, compared

pytestmark = pytest.mark.command_line

STUDY = (
    TINY.replace('  later: {about: "The same for longer", levers: [longer]}\n', "")
    .replace("options:\n", 'options:\n  most: {about: "Two flats more", levers: [two-more]}\n')
    .replace("levers:\n", "levers:\n  two-more: {settings: {flats: {places: 4}}}\n", 1)
)


@pytest.fixture
def stepdown(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return typing(monkeypatch)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return compared(tmp_path_factory.mktemp("tiny"), STUDY, 3)


def test_a_paper_is_about_the_first_option_unless_another_is_named(stepdown, run, tmp_path):
    answer = stepdown("report", run)
    assert (answer.code, answer.out) == (0, "Paper on most: paper.html\n")
    assert answer.err == f"Next: stepdown report {run} --option most -o paper.html --annex annex.html\n"
    answer = stepdown("report", run, "--option", "more", "-o", "more.html", "--annex", "annex.html", "-q")
    assert (answer.code, answer.out, answer.err) == (0, "Paper on more: more.html\nAnnex: annex.html\n", "")
    more, annex = (Reader((tmp_path / name).read_text("utf-8")) for name in ("more.html", "annex.html"))
    assert "Option more against carry-on" in more.text()
    assert "4 Experimentation" in annex.text()


def test_the_paper_tells_seed_versions_run_and_that_only_chance_differs(stepdown, run, tmp_path):
    stepdown("report", run)
    text = Reader((tmp_path / "paper.html").read_text("utf-8")).text()
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    for said in (
        run.name,
        manifest["made"],
        f"stepdown {manifest['stepdown']}",
        "1, compiled engine",
        "No input has a range",
    ):
        assert said in text


def test_what_breakeven_found_in_the_run_is_quoted(stepdown, run, tmp_path):
    said = run / "breakeven.json"
    try:
        assert stepdown("breakeven", run, "--option", "more").code == 0
        found = [one["sentence"] for one in json.loads(said.read_text("utf-8"))["break_evens"]]
        stepdown("report", run, "--option", "more")
        text = Reader((tmp_path / "paper.html").read_text("utf-8")).text()
        assert found
        assert text.count(found[0]) == 2, "in the answer, and among the doubts"
        of_others = [{"option": "others", "sentence": "It stops saving above £421 a week."}]
        said.write_text(json.dumps({"break_evens": of_others}), "utf-8")
        stepdown("report", run, "--option", "more")
        assert "£421" not in (tmp_path / "paper.html").read_text("utf-8")
        said.write_text("[1]", "utf-8")
        answer = stepdown("report", run)
        assert answer.code == 1
        assert "breakeven.json cannot be read" in answer.err
    finally:
        said.unlink()


def test_a_paper_for_word_has_the_headings_of_a_committee_and_the_same_sentences(stepdown, run, tmp_path):
    answer = stepdown("report", run, "-o", "paper.docx")
    assert (answer.code, answer.out) == (0, "Paper on most: paper.docx\n")
    stepdown("report", run)
    document = Document(str(tmp_path / "paper.docx"))
    first = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert first == [
        "Purpose",
        "Recommendations",
        "Background",
        "Options considered",
        "Financial implications",
        "Legal implications",
        "Equality implications",
        "Risk implications",
        "Appendices",
    ]
    page = Reader((tmp_path / "paper.html").read_text("utf-8")).text()
    bullets = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "List Bullet"]
    assert len(bullets) > 5
    assert all(" ".join(bullet.split()) in page for bullet in bullets)
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == 3
    assert all(described)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--option", "mots"], 2, "'mots' is not an option of this run. Did you mean 'most'?"),
        (["--option", "carry-on"], 2, "is what options are compared with"),
        (["-o", "paper.pdf"], 2, "neither in .html nor in .docx"),
        (["--annex", "paper.html"], 2, "cannot be both paper and annex"),
    ],
)
def test_a_wrong_choice_is_refused_with_a_remedy(stepdown, run, tmp_path, words, code, said):
    answer = stepdown("report", run, *words)
    assert answer.code == code
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_comparison_has_no_paper(stepdown, tmp_path):
    study = tmp_path / "study.yaml"
    study.write_text(STUDY, "utf-8")
    assert stepdown("run", study, "--runs", 2, "--jobs", 1, "-o", "runs", "-q").code == 0
    (alone,) = (tmp_path / "runs").iterdir()
    answer = stepdown("report", alone)
    assert (answer.code, "savings are differences from carry-on" in answer.err) == (5, True)
    answer = stepdown("report", tmp_path)
    assert (answer.code, "holds no finished run" in answer.err) == (1, True)
    assert not (tmp_path / "paper.html").exists()
