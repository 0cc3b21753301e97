"""The pages of a paper: at most four sides however much there is, safe to open, and readable by everybody."""

import importlib
import itertools
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from papers import BAD, Reader, crowded_run, facts_of, height_of

from stepdown.outputs.charts.chart_titles import MOST_WORDS
from stepdown.outputs.measures.waits import LIST, waits
from stepdown.outputs.money_report import cost_rows, cost_run
from stepdown.outputs.paper.blocks import data_table
from stepdown.outputs.paper.bridge import bridge_steps
from stepdown.outputs.paper.fairness import fairness_table
from stepdown.outputs.paper.purses import payers_table, worth_table, yearly_saving, years_table
from stepdown.outputs.paper.report import paper_of, write_report
from stepdown.outputs.words.numbers import amount, pounds

pytestmark = pytest.mark.papers

SIDE = 297 - 11 - 12
"""Millimetres of a side of A4 within its margins."""

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

FONTS = 'Arial, Helvetica, "Liberation Sans", '
"""Without these the widest of the fonts is left."""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    return facts_of(crowded_run(tmp_path_factory.mktemp("crowded")))


@pytest.fixture(scope="module")
def written(facts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    write_report(facts, folder / "paper.html", folder / "annex.html")
    return folder / "paper.html", folder / "annex.html"


@pytest.fixture(scope="module")
def paper(written):
    return Reader(written[0].read_text("utf-8"))


def test_a_plain_count_of_lines_finds_room_for_everything_on_four_sides(facts):
    heights = [height_of(side) for side in paper_of(facts).sides]
    assert len(heights) == 4
    assert max(heights) <= SIDE, f"millimetres of each side: {heights}"


def test_what_is_left_out_is_counted_and_stands_in_the_annex(facts, written, paper):
    assert "3 more options stand in the annex." in paper.text()
    assert "2 more years stand in the annex." in paper.text()
    annex = Reader(written[1].read_text("utf-8"))
    for option in facts.run.options:
        assert " ".join(option.split()) in annex.text()
    for said in facts.assumptions():
        assert " ".join(".".join(map(str, said.path)).split()) in annex.text()


@pytest.mark.parametrize("which", [0, 1], ids=["paper", "annex"])
def test_a_page_needs_nothing_else_and_runs_nothing(written, which):
    text = written[which].read_text("utf-8")
    page = Reader(text)
    assert page.all("script", "iframe", "object", "embed", "link", "img", "base", "form") == []
    for element in page.elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on"), f"{element} would run something"
            local = name not in {"href", "src", "xlink:href"} or str(value).startswith("#")
            assert local, f"{element} points out of the file"
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("which", [0, 1], ids=["paper", "annex"])
def test_texts_that_want_to_be_markup_are_read_as_texts(written, which):
    text = written[which].read_text("utf-8")
    assert BAD not in text
    assert BAD in Reader(text).text()
    assert text.count("<!-- your text:") == text.count("<!-- end -->") == (2, 0)[which]


def test_headings_come_in_order_and_titles_have_at_most_ten_words(paper, facts):
    levels = [int(element.tag[1]) for element in paper.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == 4
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(len(side.title.split()) <= MOST_WORDS for side in paper_of(facts).sides)
    assert paper.all("html")[0].attributes["lang"] == "en-GB"


def test_every_picture_has_a_title_a_description_and_its_numbers_as_a_table(paper, facts):
    pictures = paper_of(facts).pictures()
    roots = [element for element in paper.all("svg") if element.attributes.get("role") == "img"]
    assert len(roots) == len(pictures) == len(paper.all("details")) == 3
    ids = [element.attributes["id"] for element in paper.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), "a page holds several pictures, whose names must differ"
    for root, chart in zip(roots, pictures, strict=True):
        named = str(root.attributes["aria-labelledby"]).split()
        assert set(named) <= set(ids)
        assert " ".join(chart.alternative_text.split()) in paper.text("desc")
        assert len(data_table(chart).rows) == len(chart.data) > 0
    links = [element.attributes.get("xlink:href") for element in paper.elements]
    used = {link[1:] for link in links if link}
    assert used <= set(ids)


def test_every_table_says_what_it_shows_and_what_its_rows_and_columns_are(paper):
    assert len(paper.all("caption")) == len(paper.all("table"))
    scopes = [element.attributes.get("scope") for element in paper.all("th")]
    assert set(scopes) == {"col", "row"}


def test_text_stands_out_from_what_is_behind_it(written):
    """WCAG 2: 4.5 to 1 for text; ratings are words in a box, and so never a colour alone."""
    css = written[0].read_text("utf-8").split("<style>")[1].split("</style>")[0]
    inks = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", css))
    grounds = set(re.findall(r"background: (#[0-9a-f]{6})", css))
    assert inks
    assert grounds
    for ink in inks:
        for ground in grounds:
            assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}"


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_bridge_adds_up_to_the_difference_in_cost(facts):
    steps = bridge_steps(facts.case.savings, facts.run.window.years)
    assert sum(step.change for step in steps) == pytest.approx(-facts.row(facts.option)["saving_mean"], rel=1e-9)
    assert [abs(step.change) for step in steps] == sorted((abs(step.change) for step in steps), reverse=True)


def test_money_on_paper_is_what_the_cost_command_says(facts):
    rows = cost_rows(cost_run(facts.run), facts.run.window.years)
    (row,) = (row for row in rows if row["option"] == facts.option and row["perspective"] == "council")
    schedules = facts.scenario.appraisal.discount
    (council,) = worth_table([facts.case.views["council"]]).rows
    expected = [pounds(row[f"{what}:{name}"]) for name in schedules for what in ("present_value", "equivalent_annual")]
    assert list(council) == ["council", *expected]
    assert yearly_saving(facts, "council") == pytest.approx(row["saving_a_year_mean"])


def test_payers_are_shown_with_the_most_at_stake_first_and_years_add_up(facts):
    payers = [float(row[2].replace("£", "").replace(",", "")) for row in payers_table(facts).rows]
    assert [abs(value) for value in payers] == sorted(map(abs, payers), reverse=True)
    years = years_table(facts)
    total, cumulative = ([float(row[at].replace(",", "")) for row in years.rows] for at in (-2, -1))
    assert cumulative == pytest.approx(np.cumsum(total).tolist(), abs=1.0)


def test_fairness_tells_the_waits_of_the_kept_tables_by_group(facts):
    known = waits(facts.tables, facts.scenario, facts.run.window, ["group"])
    known = known[(known["measure"] == LIST).to_numpy() & (known["option"] == "carry-on").to_numpy()]
    number = float(known.loc[known["group"] == f"group 0 {BAD}", "number"].sum())
    row = next(row for row in fairness_table(facts).rows if row[0].startswith("group: group 0"))
    assert row[1] == amount(number / 2, 3)


@pytest.mark.parametrize("fonts", [FONTS, ""], ids=["usual letters", "wide letters"])
def test_another_layout_engine_makes_four_pages_of_it(written, fonts):
    try:
        engine = importlib.import_module("weasyprint")
    except OSError:
        pytest.skip("Pango is not on this machine")
    text = written[0].read_text("utf-8").replace(FONTS, fonts)
    # The numbers of figures are not printed, but would be laid out.
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert len(engine.HTML(string=text).render().pages) == 4


def browse(folder, page, *words):
    """Let a browser open a page, and return what it prints, with what it complains of."""
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    return subprocess.run([*command, *words, page.as_uri()], capture_output=True, check=True, timeout=120, cwd=folder)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("fonts", [FONTS, ""], ids=["usual letters", "wide letters"])
def test_a_browser_prints_four_pages_on_which_nothing_runs_over(written, tmp_path, fonts):
    page, printed = tmp_path / "paper.html", tmp_path / "paper.pdf"
    text = written[0].read_text("utf-8").replace(FONTS, fonts)
    page.write_text(text, "utf-8")
    browse(tmp_path, page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 4
    measure = (
        "<script>const over = [...document.querySelectorAll('td, th, p, li, h1, h2, h3, figure')]"
        ".filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40));"
        "document.title = JSON.stringify({over, alerts: document.scripts.length})</script></body>"
    )
    page.write_text(text.replace("</body>", measure), "utf-8")
    seen = browse(tmp_path, page, "--dump-dom", "--enable-logging=stderr", "--window-size=800,1100")
    title = re.search(r"<title>(.*?)</title>", seen.stdout.decode(), re.DOTALL)[1]
    assert json.loads(title.replace("&quot;", '"')) == {"over": [], "alerts": 1}, "only the test's own script"
    assert b"CONSOLE" not in seen.stderr
