"""Charts: what their titles claim, that the numbers beside them are those drawn, and that files repeat byte by byte."""

import itertools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from loky import ProcessPoolExecutor
from matplotlib.collections import PolyCollection
from measures_tables import a_scenario, a_stay, a_step, the_tables

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart_marks import round_values, spread
from stepdown.outputs.charts.chart_titles import MOST_WORDS, Change, say_change, ten_words
from stepdown.outputs.charts.charts import draw_charts, write_charts
from stepdown.outputs.compare import savings
from stepdown.outputs.measures.occupancy import occupancy
from stepdown.outputs.summary import join_summaries, summarise
from stepdown.simulation.tables import Window, concatenate

pytestmark = pytest.mark.measures

PRICES = {"payers": ["council"], "prices": {"ward": {"council": {"per_person_per_week": 700}}}}

SETTINGS = {
    "ward": {"places": "unlimited", "level": 2},
    "house": {"places": 2, "level": 1},
    "home": {"places": "unlimited", "level": 0},
}


def history(option, replication, wait):
    """Three people who come to a ward and wait for a house so long; one of them queues for a panel before."""
    where = {"option": option, "replication": replication}
    moves = {person: 30.0 + wait + 3 * person + replication for person in (1, 2, 3)}
    stays = [
        a_stay("ward", 10.0 * person, moved, "house", person=person, ready=20.0, identified=25.0 + person, **where)
        for person, moved in moves.items()
    ]
    stays += [a_stay("house", moves[person], person=person, **where) for person in (1, 2)]
    return the_tables(stays, [a_step("panel", 20.0, 21.0, 22.0, person=1, case=1, **where)], ())


def places(option, number=2.0):
    return the_tables(
        (), (), [(option, "house", 0.0, number), (option, "ward", 0.0, np.inf), (option, "home", 0.0, np.inf)]
    )


WINDOW = Window(a_scenario().start, 365.0)


def summary_of(waits):
    """Summarise two replications of each option, whose people wait so long."""
    parts = []
    for option, wait in waits.items():
        tables = concatenate([places(option), *(history(option, replication, wait) for replication in range(2))])
        parts.append(summarise(tables, a_scenario(settings=SETTINGS, **PRICES), WINDOW))
    return join_summaries(parts)


@pytest.fixture(scope="module")
def charts():
    summary = summary_of({"carry-on": 200.0, "=quick": 40.0, "open $5 house": 200.0})
    return {chart.name: chart for chart in draw_charts(summary, WINDOW, "Test town")}


def test_every_chart_has_a_title_of_at_most_ten_words_a_subtitle_a_text_and_numbers(charts):
    for chart in charts.values():
        assert 0 < len(chart.title.split()) <= MOST_WORDS, chart.title
        assert "Test town" in chart.subtitle
        assert "April 2026 to March 2027" in chart.subtitle
        assert len(chart.alternative_text) > 40
        assert len(chart.data) > 0


def test_there_is_a_chart_of_each_kind_for_each_option_and_names_are_unique(charts):
    assert {"savings", "savings-by-year", "waiting", "delay"} <= set(charts)
    assert {"occupancy-carry-on", "waiting-quick", "delay-quick", "occupancy-open-5-house"} <= set(charts)


def test_titles_and_subtitles_are_not_in_the_picture(charts):
    for chart in charts.values():
        figure = chart.figure()
        texts = [text.get_text() for text in figure.texts]
        assert texts, "a picture without a word shows nothing"
        assert chart.title not in texts
        assert chart.subtitle not in texts
        assert figure.legends == [], "lines are labelled directly"


def test_the_occupancy_beside_the_chart_is_the_measured_one(charts):
    tables = concatenate([places("carry-on"), *(history("carry-on", replication, 200.0) for replication in range(2))])
    measured = occupancy(tables, a_scenario(settings=SETTINGS), WINDOW)
    house = measured[measured["setting"] == "house"]
    data = charts["occupancy-carry-on"].data
    assert data["people_mean"].to_numpy() == pytest.approx(house["people"].to_numpy())
    assert data["places"].unique().tolist() == [2.0]
    assert set(data["setting"]) == {"house"}, "unlimited settings have no places to show"


def test_savings_beside_the_chart_are_those_of_the_comparison():
    summary = summary_of({"carry-on": 200.0, "quick": 40.0})
    (chart,) = [chart for chart in draw_charts(summary, WINDOW, "") if chart.name == "savings"]
    expected = savings(summary, WINDOW).set_index("option").loc["quick", "mean"]
    assert chart.data["mean"].tolist() == [expected]
    assert chart.title.startswith("Quick saves £")


def test_delay_by_cause_adds_up_to_all_delay(charts):
    data = charts["delay"].data.set_index("option")
    parts = data.drop(columns="all delay (days a year)").sum(axis=1)
    assert parts.to_numpy() == pytest.approx(data["all delay (days a year)"].to_numpy())
    own = charts["delay-quick"].data
    assert own[own["option"] == "=quick"]["days_a_year"].sum() == pytest.approx(parts["=quick"])


def test_the_same_charts_are_written_with_the_same_bytes(tmp_path):
    summary = summary_of({"carry-on": 200.0, "quick": 40.0})
    first = write_charts(draw_charts(summary, WINDOW, "x"), tmp_path / "one")
    second = write_charts(draw_charts(summary, WINDOW, "x"), tmp_path / "two")
    assert [path.name for path in first] == [path.name for path in second]
    assert {path.suffix for path in first} == {".svg", ".png", ".csv", ".md"}
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), f"{one.name} differs from run to run"


def test_charts_are_written_with_the_same_bytes_by_several_processes(tmp_path):
    summary = summary_of({"carry-on": 200.0, "quick": 40.0, "quicker": 20.0})
    alone = write_charts(draw_charts(summary, WINDOW, "x"), tmp_path / "alone")
    with ProcessPoolExecutor(2) as pool:
        together = write_charts(draw_charts(summary, WINDOW, "x"), tmp_path / "together", pool)
    assert [path.name for path in alone] == [path.name for path in together]
    for one, other in zip(alone, together, strict=True):
        assert one.read_bytes() == other.read_bytes(), f"{one.name} depends on the number of processes"


def test_panels_keep_apart_and_bars_are_as_long_as_their_numbers(charts):
    figure = charts["delay"].figure()
    (bars, *_) = [artist for artist in figure.get_children() if isinstance(artist, PolyCollection)]
    lengths = [np.ptp(path.vertices[:, 0]) for path in bars.get_paths()]
    whole = charts["delay"].data["all delay (days a year)"].to_numpy()
    assert np.array(lengths) / lengths[0] == pytest.approx(whole / whole[0])
    starts = sorted(text.get_position()[0] for text in figure.texts if text.get_fontweight() == "bold")
    assert all(after - before > 0.15 for before, after in itertools.pairwise(starts)), "columns overlap"


def test_round_values_lie_within_the_scale_and_are_round():
    assert round_values((0, 7.2), 5) == [0, 2, 4, 6]
    assert round_values((-0.9e6, 1.3e6), 5) == [-500_000, 0, 500_000, 1_000_000]
    assert round_values((0, 1.0), 5, whole=True) == [0, 1]


def test_files_are_accessible_dateless_and_hold_no_formulas(charts, tmp_path):
    written = {path.name: path for path in write_charts([charts["waiting"], charts["savings"]], tmp_path)}
    svg = written["waiting.svg"].read_text(encoding="utf-8")
    assert 'role="img"' in svg
    assert 'aria-label="Lines of people waiting' in svg
    assert "<dc:date>" not in svg
    assert ">=quick</text>" in svg, "text stays text"
    assert "open $5 house" in svg, "a dollar sign begins no formula"
    assert "'=quick" in written["waiting.csv"].read_text(encoding="utf-8")
    assert "\n=quick" not in written["savings.csv"].read_text(encoding="utf-8")


def test_numbers_in_files_have_full_precision(charts, tmp_path):
    write_charts([charts["delay-quick"]], tmp_path)
    read = pd.read_csv(tmp_path / "delay-quick.csv")
    assert read["days_a_year"].tolist() == charts["delay-quick"].data["days_a_year"].tolist()


def test_carry_on_alone_has_charts_without_comparisons():
    names = [chart.name for chart in draw_charts(summary_of({"carry-on": 200.0}), WINDOW, "x")]
    assert names == ["delay", "occupancy-carry-on"]


def test_one_run_gives_charts_that_claim_nothing():
    parts = []
    for option, wait in {"carry-on": 200.0, "quick": 40.0}.items():
        tables = concatenate([places(option), history(option, 0, wait)])
        parts.append(summarise(tables, a_scenario(settings=SETTINGS, **PRICES), WINDOW))
    charts = {chart.name: chart for chart in draw_charts(join_summaries(parts), WINDOW, "x")}
    assert charts["savings"].title == "No clear saving or cost with quick"
    assert charts["delay-quick"].title == "No clear change in delay with quick"


def test_matplotlib_keeps_no_global_state_and_needs_no_display(charts):
    code = "import stepdown.outputs.charts.charts, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (12.0, 8.0, "falls by a third"),
        (12.0, 6.1, "falls by half"),
        (10.0, 2.9, "falls by 71%"),
        (10.0, 13.4, "rises by a third"),
        (10.0, 20.2, "doubles"),
        (10.0, 26.0, "grows to 2.6 times"),
        (10.0, 9.8, "hardly changes"),
        (10.0, 0.2, "all but disappears"),
        (0.0, 3.0, "appears"),
        (0.0, 0.0, "hardly changes"),
    ],
)
def test_changes_are_said_as_people_say_them(before, after, said):
    assert say_change(Change(before, after, clear=True)) == said


def test_a_title_says_by_how_much_waiting_falls_only_if_that_is_clear():
    clear, vague = Change(12, 8, clear=True), Change(12, 8, clear=False)
    said = titles.waiting_title("transitional", "package", clear)
    assert said == "Waiting for transitional falls by a third with package"
    said = titles.waiting_title("transitional", "package", vague)
    assert said == "No clear change in waiting for transitional with package"


def test_the_title_of_savings_names_the_best_option_or_none():
    both = {"a": True, "b": True}
    assert titles.savings_title({"a": 84_100.0, "b": 20_000.0}, both) == "A saves most: £84,000 a year"
    assert titles.savings_title({"a": 84_000.0, "b": -2.0}, {"a": False, "b": True}) == "No option clearly saves money"
    assert titles.savings_title({"a": -3000.0}, {"a": True}) == "A costs £3,000 more a year"


def test_other_titles_follow_their_numbers():
    said = titles.occupancy_title("package", {"house": 96.4, "ward": 80.0})
    assert said == "House 96% full and ward 80% full with package"
    said = titles.delays_title("waiting for house", 0.62, "carry-on")
    assert said == "Waiting for house causes 62% of delay in carry-on"
    said = titles.savings_by_year_title({"a": True, "b": False}, "2030/31")
    assert said == "1 of 2 options clearly saves money in 2030/31"
    assert titles.adaptations_title("minor", {"carry-on": 9.0, "direct": 3.0}, "carry-on") == (
        "Minor adaptations take two thirds less time with direct"
    )
    assert titles.overview_title("house", {"a": Change(9, 8.99, True), "b": Change(9, 9, False)}) == (
        "No option clearly shortens waiting for house"
    )


def test_names_of_many_words_leave_a_shorter_title():
    long = "one two three four five six seven"
    assert len(titles.waiting_title(long, long, Change(4, 2, True)).split()) <= MOST_WORDS
    assert ten_words("a " * 11, "short") == "short"


def test_labels_keep_their_distance_their_order_and_stay_near():
    assert spread([1.0, 5.0], 1.0, 0.0, 10.0) == [1.0, 5.0]
    assert spread([5.0, 5.0, 5.0], 1.0, 0.0, 10.0) == pytest.approx([4.0, 5.0, 6.0])
    assert spread([9.9, 9.8], 1.0, 0.0, 10.0) == pytest.approx([10.0, 9.0])
    assert spread([0.0, 0.1], 1.0, 0.0, 10.0) == pytest.approx([0.0, 1.0])
    random = np.random.default_rng(1)
    for _ in range(50):
        wanted = random.uniform(0, 10, random.integers(1, 9)).tolist()
        placed = spread(wanted, 1.0, 0.0, 10.0)
        ordered = sorted(placed)
        assert all(after - before >= 1 - 1e-9 for before, after in itertools.pairwise(ordered)), "labels overlap"
        assert np.argsort(placed, kind="stable").tolist() == np.argsort(wanted, kind="stable").tolist()
    assert spread([], 1.0, 0.0, 10.0) == []
