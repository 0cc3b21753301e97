"""What happens to the people of each area and to the places that stand in it, and how that is told."""

import numpy as np
import pandas as pd
import pytest
from commands import tiny, typing
from experiments import ran
from measures_tables import NONE, WINDOW, a_scenario, a_stay, the_tables

from stepdown.outputs.by_area import area_tables, by_area
from stepdown.outputs.measures.areas import AREA_LIST
from stepdown.outputs.measures.waits import LIST, waits
from stepdown.outputs.summary import summarise
from stepdown.scenarios.loader import read_study

pytestmark = pytest.mark.measures

AREAS = {
    "areas": ["north", "south"],
    "settings": {
        "ward": {"places": "unlimited"},
        "house": {
            "schemes": {
                "hill-house": {"places": 2, "area": "north"},
                "vale-house": {"places": 1, "area": "south"},
                "any-house": {"places": 1},
            }
        },
    },
}

PLACES = [
    ("carry-on", "hill-house", 0.0, 2.0),
    ("carry-on", "vale-house", 0.0, 1.0),
    ("carry-on", "any-house", 0.0, 1.0),
]

STAYS = [
    # From the north: all the time in the north, half of it in the south, and a quarter of it where no area is said.
    a_stay("house", -10.0, scheme="hill-house", area="north", person=0),
    a_stay("house", 0.0, 50.0, "left", scheme="vale-house", area="north", person=1),
    a_stay("house", 75.0, scheme="any-house", area="north", person=2),
    # From the south: waited 20 days and moved into the north; waited from day 60 on.
    a_stay("ward", 0.0, 20.0, "house", ready=0.0, area="south", person=3),
    a_stay("house", 20.0, scheme="hill-house", area="south", person=3),
    a_stay("ward", 60.0, NONE, "house", ready=60.0, area="south", person=4),
]


def values_of(summary, measure):
    """Return a measure of the first run, by area."""
    table = summary.table("areas")
    chosen = table[table["measure"].astype(str) == measure]
    return dict(zip(chosen["area"].astype(str), chosen["value"], strict=True))


def test_people_are_counted_by_their_own_area_and_empty_places_by_that_of_the_scheme():
    summary = summarise(the_tables(STAYS, places=PLACES), a_scenario(**AREAS), WINDOW)
    assert values_of(summary, "people") == pytest.approx({"north": 1 + 0.5 + 0.25, "south": 0.8})
    assert values_of(summary, "elsewhere") == pytest.approx({"north": 0.5, "south": 0.8})
    # Two places in the north were filled but for the first 20 days of one; the one in the south from day 50 on.
    assert values_of(summary, "voids") == pytest.approx({"north": 0.2, "south": 0.5})
    assert values_of(summary, "waiting_at_end") == {"north": 0, "south": 1}


def test_waits_by_area_are_those_of_all_lists_split_by_the_area_of_the_person():
    tables, scenario = the_tables(STAYS, places=PLACES), a_scenario(**AREAS)
    told = summarise(tables, scenario, WINDOW).times(AREA_LIST, ["name"]).set_index("name")
    split = waits(tables, scenario, WINDOW, by=["area"])
    expected = split[split["measure"] == LIST].set_index("area")
    assert list(told.index.astype(str)) == list(expected.index.astype(str)) == ["south"]
    assert told["mean_days"].iloc[0] == pytest.approx(expected["mean_days"].iloc[0])
    assert (told["completed"].iloc[0], told["still_waiting"].iloc[0]) == (1, 1)


def test_where_there_is_one_area_nothing_is_told_apart():
    summary = summarise(the_tables(STAYS, places=PLACES), a_scenario(**AREAS | {"areas": ["north"]}), WINDOW)
    assert len(summary.table("areas")) == len(summary.times(AREA_LIST, ["name"])) == 0


def test_areas_add_up_to_the_whole():
    results, _, _ = ran(read_study("regional", ["years=2"]), ("carry-on", "pooled"), 2)
    areas = by_area(results).groupby("option", sort=False)[["people", "elsewhere", "voids", "waiting_at_end"]].sum()
    measures = results.summary.table("measures").groupby(["option", "measure", "name"], observed=True)["value"].mean()
    for option in results.options:
        for measure in ("people", "voids", "waiting_at_end"):
            assert areas.loc[option, measure] == pytest.approx(measures[option, measure, "supported-living"])
    assert areas.loc["carry-on", "elsewhere"] == 0 < areas.loc["pooled", "elsewhere"]


def test_a_table_for_each_option_goes_from_carry_on_to_it():
    results, _, _ = ran(read_study("regional", ["years=1"]), ("carry-on", "inventory", "pooled"), 1)
    (first, table), (second, _) = area_tables(results)
    assert (first, second) == ("By area, from carry-on to inventory", "By area, from carry-on to pooled")
    assert next(iter(table.columns[0].cells)).plain == "Blaenau Gwent"
    rows = by_area(results)
    cardiff = rows[rows["area"] == "Cardiff"].set_index("option")["voids"].round(1)
    shown = [cell.plain for cell in table.columns[3].cells][3]
    assert [float(value) for value in shown.split(" to ")] == [cardiff["carry-on"], cardiff["inventory"]]


def test_an_area_whose_people_never_waited_has_no_mean():
    results, _, _ = ran(read_study("regional", ["years=1"]), ("carry-on",), 1)
    rows = by_area(results).set_index("area")
    waited = results.summary.times(AREA_LIST, ["name"])["name"].astype(str)
    assert set(rows.index[rows["wait_mean"].notna()]) == set(waited)
    assert len(rows) == 10
    assert np.isfinite(rows[["people", "elsewhere", "voids", "waiting_at_end"]]).all(axis=None)


def test_compare_by_area_is_told_on_the_screen_in_data_and_in_a_file(tmp_path, monkeypatch):
    stepdown = typing(monkeypatch)
    words = ["compare", "regional", "--by", "area", "--option", "pooled", "--set", "years=1", "--runs", 1, "--jobs", 1]
    shown = stepdown(*words, "-o", tmp_path / "shown")
    assert shown.code == 0
    assert "By area, from carry-on to pooled" in shown.out
    assert "Rhondda Cynon Taf" in shown.out
    told = stepdown(*words, "--json", "-q", "-o", tmp_path / "told").data["areas"]
    (folder,) = (tmp_path / "told").iterdir()
    kept = pd.read_csv(folder / "comparison-by-area.csv")
    assert [(row["option"], row["area"]) for row in told] == list(zip(kept["option"], kept["area"], strict=True))
    assert kept["people"].to_list() == pytest.approx([row["people"] for row in told])


def test_a_study_with_one_area_cannot_be_told_by_area(tmp_path, monkeypatch):
    refused = typing(monkeypatch)("compare", tiny(tmp_path), "--by", "area", "--runs", 1)
    assert (refused.code, refused.out) == (2, "")
    assert "tiny has one area only" in refused.err
