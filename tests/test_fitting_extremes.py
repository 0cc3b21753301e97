"""Fitting where there is next to nothing to fit to, or where names and dates do not meet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from small_council import STRUCTURE, history_of, homes, past, study

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.fit_study import fit_study
from stepdown.calibration.fitting.folder import write_fitted
from stepdown.calibration.history import STAYS, STEPS, typed
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import CARRY_ON, read_study

pytestmark = pytest.mark.extremes


TOGETHER = STRUCTURE[: STRUCTURE.index("demand:")] + "demand: [{from: ward, per_year: 9}]\n"
"""A study with one stream of people, and nothing about money."""


def fitted_and_written(history, tmp_path, text=STRUCTURE, rounded=False):
    """What is fitted, written and read again without a fault."""
    source, shown = study(tmp_path / "study", text), Disclosure(rounded)
    fitted = write_fitted(fit_study(history, source, disclosure=shown, draws=20), source, shown, tmp_path / "fitted")
    assert read_study(tmp_path / "fitted").options[CARRY_ON].scenario.start == history.ends
    return fitted


def why(fitted):
    return {kept.what: kept.why for kept in fitted.kept}


def test_fifteen_people_are_enough_to_begin_with_and_what_is_rough_is_said(tmp_path):
    people = past().stays["person"].unique()[::25][:15]
    history = replace(past(), stays=past().stays[past().stays["person"].isin(people)], steps=past().steps.iloc[:0])
    fitted = fitted_and_written(history, tmp_path)
    assert fitted.found
    assert any("fewer than" in warning for warning in fitted.warnings)
    assert {value.stated.quality for value in fitted.found} == {"poor"}


def test_where_nobody_has_left_the_study_is_kept_and_the_people_are_taken_over(tmp_path):
    rows = [(f"p{number}", "adults", "home", None, "2024-06-01", None, None, None) for number in range(7)]
    fitted = fitted_and_written(history_of(*rows), tmp_path)
    assert why(fitted)["routes out of home"] == "nobody in the records has left"
    assert why(fitted)["routes out of flats"] == "nobody in the records ever lived there"
    assert why(fitted)["deaths of adults"].startswith("no death is recorded")
    assert not fitted.found
    assert len(fitted.option.scenario.caseload["home"]) == 7
    assert not (tmp_path / "fitted" / "uncertainty.csv").exists()


def test_names_that_differ_are_refused_with_the_nearest(tmp_path):
    history = history_of(("a", "adults", "Flat", None, "2022-01-01", None, None, None))
    with pytest.raises(RunError, match=r"no stay is in a setting of the study.*Flat \(did you mean flats\?\)"):
        fit_study(history, study(tmp_path / "study"))
    with pytest.raises(RunError, match="the history holds no stays"):
        fit_study(history_of(), study(tmp_path / "study"))


def test_settings_groups_areas_and_schemes_that_the_study_lacks_are_said_and_left_out(tmp_path):
    text = STRUCTURE.replace("{adults: {deaths_per_1000_per_year: 5}}", "{adults: {}, elders: {}}")
    text = text.replace("area: north, per_year", "group: adults, area: north, per_year")
    text = text.replace("area: south, per_year", "group: adults, area: south, per_year")
    stays = history_of(
        ("a", "adults", "flats", "old-mill", "2022-01-01", None, None, None),
        ("b", "adult", "flats", "mill-lane", "2022-01-01", None, None, None),
        ("c", "adults", "hostel", None, "2022-01-01", None, None, None),
        ("d", None, "flats", None, "2022-01-01", None, None, None),
    ).stays
    history = replace(history_of(), stays=typed(stays.assign(area="nort"), STAYS))
    fitted = fitted_and_written(history, tmp_path, text)
    said = "\n".join(fitted.notes)
    assert "1 stays in hostel are left out: the study has no such setting" in said
    assert "1 stays of the group adult are left out: the study has no such group (its nearest is adults)" in said
    assert "1 stays are left out, as their group is not known" in said
    assert "1 stays have the scheme old-mill, which the study has not" in said
    assert "the area nort, which the study has not (its nearest is north)" in said
    (line,) = fitted.option.data["caseload"]["flats"]
    assert line == {"admitted": "2022-01-01", "group": "adults"}


def test_of_one_real_person_nothing_is_told(tmp_path):
    history = history_of(("a", "adults", "home", None, "2022-02-03", None, None, None), simulated=False)
    fitted = fitted_and_written(history, tmp_path, rounded=True)
    text = "".join(file.read_text("utf-8") for file in (tmp_path / "fitted").iterdir())
    assert "2022-02-03" not in text
    assert not fitted.option.scenario.caseload
    assert "home: fewer than 5 people are left out of the caseload, alone as they are" in fitted.notes


def test_everybody_who_left_on_the_day_they_came_and_work_that_always_takes_the_same_can_be_written(tmp_path):
    days = [f"2022-01-{day:02}" for day in range(1, 29)]
    rows = [(f"p{day}", "adults", "home", None, day, None, day, "left") for day in days]
    done = [(day, "papers", day, day, day.replace("-01-", "-02-"), "done") for day in days]
    steps = pd.DataFrame(done, columns=["case", "step", "queued", "started", "finished", "outcome"])
    fitted = fitted_and_written(replace(history_of(*rows), steps=typed(steps, STEPS)), tmp_path)
    assert fitted.option.data["steps"]["papers"]["delay"]["takes"]["value"] == "31 days"


def test_numbers_that_change_too_fast_to_go_on_are_not_carried_on(tmp_path):
    came = [
        pd.Timestamp("2021-04-02") + pd.Timedelta(days=365 * (year + one / 3**year))
        for year in range(4)
        for one in range(3**year)
    ]
    rows = [(f"p{at}", "adults", "ward", None, str(day)[:10], None, None, None) for at, day in enumerate(came)]
    fitted = fitted_and_written(history_of(*rows), tmp_path, TOGETHER)
    assert [value.path for value in fitted.found] == [("demand", 0, "per_year")]
    assert fitted.found[0].stated.value == pytest.approx(len(came) / 4, abs=0.01)
    assert any("changed so fast that it cannot go on" in warning for warning in fitted.warnings)


def test_a_month_of_records_is_fitted_without_growth_or_season(tmp_path):
    history = replace(homes(), begins=dt.date(2025, 3, 1))
    fitted = fitted_and_written(history, tmp_path)
    assert not [value for value in fitted.found if value.path[-1] in ("growth", "season")]


def test_a_study_that_was_fitted_before_is_fitted_again(tmp_path):
    fitted_and_written(homes(), tmp_path)
    again = fit_study(homes(), read_study(tmp_path / "fitted"), draws=20)
    assert list(again.draws.columns) == ["routes.home.0.ready_after.exponential.mean"]
    assert len(again.option.scenario.uncertainty) == 20


def test_who_comes_into_a_setting_that_nobody_records_is_to_be_calibrated(tmp_path):
    """The ward is in no record, as hospitals are in no return on social care; people are first seen in the flats."""
    whole = past()
    history = replace(whole, stays=typed(whole.stays[whole.stays["setting"] != "ward"], STAYS))
    fitted = fit_study(history, study(tmp_path / "study", TOGETHER), disclosure=Disclosure(False), draws=20)
    (rate,) = [one for one in fitted.unknowns if one.path == ("demand", 0, "per_year")]
    assert (rate.low, rate.high) == (4.5, 18.0)
    assert "who comes into ward is not recorded" in rate.why
    assert not any("outside straight into flats" in warning for warning in fitted.warnings)
