"""A study fitted to a history of a council whose truth is known: what is recovered, what is said, and what is kept."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_council import STRUCTURE, history_of, homes, past, study

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fits.durations import stays_of
from stepdown.calibration.fits.families import FAMILIES
from stepdown.calibration.fits.fitted import fit_durations
from stepdown.calibration.fitting.fit_study import fit_study
from stepdown.calibration.fitting.folder import UNKNOWNS, write_fitted
from stepdown.calibration.fitting.results import Fitted, FittedValue
from stepdown.calibration.history import PRICES, STAYS, typed
from stepdown.calibration.study_folder import path_text
from stepdown.outputs.experiment import networks_of
from stepdown.scenarios.loader import CARRY_ON, read_study
from stepdown.scenarios.quantities import parse_duration, parse_share
from stepdown.scenarios.uncertainty import uncertain_options

pytestmark = pytest.mark.history

SURE = 4.0
"""Standard errors within which an estimate must lie of the truth: chance exceeds it once in 16,000 times."""

(EXPONENTIAL, *_) = FAMILIES

EXACT, ROUNDED = Disclosure(rounded=False), Disclosure(rounded=True)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    return fit_study(past(), study(tmp_path_factory.mktemp("study")))


def number(raw):
    if isinstance(raw, str):
        return parse_share(raw) if raw.endswith("%") else parse_duration(raw)
    return float(raw)


def found(fitted: Fitted, path: str) -> FittedValue:
    return next(value for value in fitted.found if path_text(value.path) == path)


def errors_off(value, truth):
    """How many standard errors, by its own draws, a value lies off the truth."""
    return abs(number(value.stated.value) - truth) / np.std([number(raw) for raw in value.draws])


TRUTHS = {
    "routes.ward.0.ready_after.gamma.mean": 60.0,
    "routes.ward.0.ready_after.gamma.sd": 40.0,
    "routes.flats.0.share": 0.92,
    "routes.flats.0.ready_after.weibull.mean": 300.0,
    "routes.flats.0.ready_after.weibull.shape": 1.5,
    "routes.home.0.ready_after.gamma.mean": 730.5,
    "demand.1.per_year": 20.0,
    "groups.adults.deaths_per_1000_per_year": 20.0,
    "steps.papers.delay.takes.gamma.mean": 30.0,
    "steps.papers.delay.takes.gamma.sd": 20.0,
}


@pytest.mark.parametrize(("path", "truth"), TRUTHS.items())
def test_what_is_fitted_lies_near_the_truth_and_its_range_holds_the_value(fitted, path, truth):
    value = found(fitted, path)
    assert errors_off(value, truth) < SURE, (value.stated, truth)
    assert number(value.stated.low) <= number(value.stated.value) <= number(value.stated.high)


def test_stays_taken_for_needs_and_finished_stays_alone_are_off_the_truth_by_the_same_measure():
    recorded = fit_durations(stays_of(past(), "ward"), [EXPONENTIAL])
    assert abs(recorded.estimates["mean"].value - 60) / (np.std(recorded.draws(500, 1)["mean"])) > SURE
    stays = stays_of(past(), "home")
    finished = stays.seen[stays.ended & (stays.entry == 0)]
    assert abs(finished.mean() - 730.5) / (finished.std() / np.sqrt(len(finished))) > SURE


def test_draws_are_joint_and_every_row_is_a_scenario(fitted, tmp_path):
    shares = fitted.draws[["routes.flats.0.share", "routes.flats.1.share"]].map(lambda raw: float(raw[:-1]))
    assert (shares.sum(axis=1).round(6) == 100).all()
    assert len(fitted.draws) == 500
    folder = tmp_path / "fitted"
    write_fitted(fitted, study(tmp_path / "study"), EXACT, folder)
    again = read_study(folder)
    uncertain = uncertain_options(again, [CARRY_ON])[CARRY_ON]
    assert set(uncertain.reached) == set(fitted.draws.columns)
    for row in (0, 1, 499):
        assert uncertain.network(row).settings


def test_each_value_says_where_it_comes_from_and_the_study_begins_where_the_records_end(fitted: Fitted, tmp_path):
    write_fitted(fitted, study(tmp_path / "study"), EXACT, tmp_path / "fitted")
    option = read_study(tmp_path / "fitted").options[CARRY_ON]
    said = {path_text(one.path): one for one in option.assumptions}
    for value in fitted.found:
        source = said[path_text(value.path)].source
        assert re.fullmatch(r"fitted to \d+ made-up .*, April 2021 to March 2025", source), source
    assert option.scenario.start == past().ends
    assert option.scenario.warm_up is None
    there = past().residents(past().ends)["setting"].value_counts().to_dict()
    assert {name: len(lines) for name, lines in option.scenario.caseload.items()} == there
    assert networks_of(read_study(tmp_path / "fitted"), (CARRY_ON,))[CARRY_ON].residents
    page = (tmp_path / "fitted" / "diagnostics.html").read_text("utf-8")
    assert "SIMULATED" in page
    assert page.count("<svg") == 5
    assert "<script" not in page


def test_the_same_records_give_the_same_bytes(tmp_path):
    history = replace(past(), stays=past().stays[past().stays["setting"] == "ward"], steps=past().steps.iloc[:0])
    for name in ("one", "two"):
        write_fitted(
            fit_study(history, study(tmp_path / "study"), draws=20), study(tmp_path / "study"), EXACT, tmp_path / name
        )
    names = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert names == ["base.yaml", "diagnostics.html", "uncertainty.csv", "unknowns.yaml"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def without_ready_dates():
    blank = past().stays.assign(ready=pd.NaT, setting=past().stays["setting"].astype("object"))
    kept = pd.concat([blank[blank["setting"] == "ward"].head(100), blank[blank["setting"] == "home"].head(60)])
    return replace(past(), stays=typed(kept, STAYS), steps=past().steps.iloc[:0])


def test_without_ready_dates_needs_are_left_to_calibration_where_people_may_be_blocked(tmp_path):
    fitted: Fitted = fit_study(without_ready_dates(), study(tmp_path / "study"), draws=20)
    unknown = {path_text(one.path): one for one in fitted.unknowns}
    (need,) = [path for path in unknown if path.startswith("routes.")]
    assert re.fullmatch(r"routes\.ward\.0\.ready_after\.\w+\.mean", need)
    assert parse_duration(unknown[need].low) < 60 < parse_duration(unknown[need].high)
    assert "ward: no dates are recorded on which people were ready" in " ".join(fitted.warnings)
    assert "they contain time that people were blocked" in found(fitted, need).stated.source
    assert found(fitted, need).stated.quality == "poor"
    of_home = [value for value in fitted.found if path_text(value.path).startswith("routes.home.0.ready")]
    assert "blocked" not in of_home[0].stated.source
    assert {kept.what for kept in fitted.kept} >= {"routes out of flats", "step papers", "step letting"}
    write_fitted(fitted, study(tmp_path / "study"), EXACT, tmp_path / "fitted")
    assert need in (tmp_path / "fitted" / UNKNOWNS).read_text("utf-8")


def test_nothing_that_is_written_of_real_people_names_one_or_shows_a_small_count(tmp_path):
    real = replace(homes(), simulated=False)
    write_fitted(
        fit_study(real, study(tmp_path / "study"), draws=20), study(tmp_path / "study"), ROUNDED, tmp_path / "fitted"
    )
    text = "".join(file.read_text("utf-8") for file in (tmp_path / "fitted").iterdir())
    assert "REAL people" in text
    assert "made-up" not in text
    assert not re.search(r"\bp\d\b", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))
    assert "fewer than 5 ended" in text


def test_a_route_that_people_took_and_the_study_lacks_is_added_and_a_rare_one_is_not_told_apart(tmp_path):
    rows = []
    for number in range(60):
        to = "hostel" if number < 9 else "abroad" if number < 11 else "left"
        left = str(pd.Timestamp("2022-01-01") + pd.Timedelta(days=5 * number))[:10]
        rows.append((f"p{number}", "adults", "home", None, "2021-06-01", None, left, to))
    fitted = fit_study(history_of(*rows), study(tmp_path / "study"), draws=20)
    routes = fitted.option.scenario.routes["home"]
    assert [route.to for route in routes] == ["left", "hostel"]
    assert fitted.option.scenario.exits == ("left", "hostel")
    assert errors_off(found(fitted, "routes.home.1.share"), 9 / 58) < 1
    assert "hostel is no setting of the study, and was added as an exit" in fitted.notes
    assert not any("abroad" in sentence for sentence in (*fitted.notes, *fitted.warnings))


OPTIONS = """\
# ours
extends: base.yaml
levers:
  slower: {why: x, routes: {home: [{to: left, share: 100%, ready_after: 9 years}]}}
  more: {why: y, settings: {flats: {schemes: {mill-lane: {places: {2026-04-01: 70}}}}}}
options:
  slower: [slower]
  more: [more]
"""


def test_options_are_taken_along_and_said_to_replace_what_was_fitted(tmp_path):
    source = study(tmp_path / "study", options=OPTIONS)
    fitted = write_fitted(fit_study(homes(), source, draws=20), source, EXACT, tmp_path / "fitted")
    again = read_study(tmp_path / "fitted")
    assert list(again.options) == ["carry-on", "slower", "more"]
    assert (tmp_path / "fitted" / "options.yaml").read_text("utf-8").startswith("# ours\n")
    said = [warning for warning in fitted.warnings if "the lever" in warning]
    assert said[0].startswith("the lever slower replaces routes.home, which was fitted")
    assert len(said) == 1


def test_prices_replace_those_that_are_paid_in_the_same_way(tmp_path):
    rows = pd.DataFrame([("flats", None, None, 40, 640.0, 500.0, 800.0)], columns=list(PRICES))
    home = replace(homes(), prices=typed(rows, PRICES))
    stated = found(fit_study(home, study(tmp_path / "a"), draws=20), "prices.flats.council.per_person_per_week").stated
    assert stated.value == 640
    assert 0 < stated.value - stated.low < 60
    blocks = STRUCTURE.replace("per_person_per_week: 500", "per_place_per_week: 500")
    kept = fit_study(home, study(tmp_path / "b", blocks), draws=20).kept
    assert [one.why for one in kept if one.what == "price of flats"] == [
        "the records have what is paid for a person, and the study prices it in another way"
    ]


def test_streams_that_records_cannot_tell_apart_share_what_was_fitted_as_before(tmp_path):
    nowhere = replace(past(), stays=past().stays.assign(area=pd.Categorical([None] * len(past().stays))))
    history = replace(nowhere, stays=nowhere.stays[nowhere.stays["setting"] == "ward"])
    fitted = fit_study(history, study(tmp_path / "study"), draws=20)
    north, south = (found(fitted, f"demand.{number}.per_year").stated.value for number in (0, 1))
    assert north / south == pytest.approx(3 / 2, rel=1e-3)


def test_values_from_dates_are_policy_and_are_kept(tmp_path):
    text = STRUCTURE.replace("per_year: 3}", "per_year: {2020-04-01: 3, 2030-04-01: 4}}")
    fitted = fit_study(homes(), study(tmp_path / "study", text), draws=20)
    why = next(one.why for one in fitted.kept if one.what == "arrivals in ward")
    assert why == "the study has values from dates, which past records cannot replace"


def test_places_that_are_stated_from_a_date_after_the_new_start_hold_from_the_start(tmp_path):
    text = STRUCTURE.replace("places: 60", "places: {2027-04-01: 60}").replace("start: 2021", "start: 2027")
    fitted = fit_study(homes(), study(tmp_path / "study", text), draws=20)
    places = fitted.option.scenario.settings["flats"].schemes["mill-lane"].places
    assert places.on(fitted.option.scenario.start) == 60


SHARED = STRUCTURE.replace("{adults: {deaths_per_1000_per_year: 5}}", "{adults: {}, elders: {}}").replace(
    "    - {to: left, share: 100%, ready_after: {exponential: {mean: 9 years}}}",
    """\
    - {to: left, share: 50%, ready_after: 1 year}
    - {to: ward, groups: [elders], share: 50%, ready_after: 1 year}
    - {to: flats, groups: [adults], share: 50%, ready_after: 1 year}""",
)


def test_routes_that_groups_share_in_part_are_written_apart_and_fitted_for_each(tmp_path):
    text = re.sub(r"area: (\w+), per_year", r"group: adults, area: \1, per_year", SHARED)
    rows = []
    for number in range(20):
        group, to = ("adults", "flats") if number < 12 else ("elders", "left")
        left = str(pd.Timestamp("2022-01-01") + pd.Timedelta(days=9 * number))[:10]
        rows.append((f"p{number}", group, "home", None, "2021-06-01", None, left, to))
    fitted = fit_study(history_of(*rows), study(tmp_path / "study", text), draws=20)
    routes = fitted.option.scenario.routes["home"]
    assert [(route.to, route.groups) for route in routes] == [
        ("left", ("adults",)), ("flats", ("adults",)), ("left", ("elders",)), ("ward", ("elders",)),
    ]  # fmt: skip
    assert found(fitted, "routes.home.1.share").stated.value == "96.15%"
    assert found(fitted, "routes.home.2.share").stated.value == "94.44%"
    assert "home: routes that groups shared are written apart, as each has shares of its own" in fitted.notes


def test_where_nobody_takes_any_time_shares_are_fitted_and_the_time_is_kept(tmp_path):
    text = STRUCTURE.replace(
        "{to: flats, share: 100%, ready_after: {exponential: {mean: 1 year}}, requires: [papers]}",
        "{to: flats, share: 50%, ready_after: 0 days}\n    - {to: left, share: 50%, ready_after: 0 days}",
    )
    rows = [
        (f"p{number}", "adults", "ward", None, "2022-01-01", None, "2022-01-01", "flats" if number else "left")
        for number in range(9)
    ]
    fitted = fit_study(history_of(*rows), study(tmp_path / "study", text), draws=20)
    assert found(fitted, "routes.ward.0.share").stated.value == "88.89%"
    assert [route.ready_after.mean for route in fitted.option.scenario.routes["ward"]] == [0, 0]
    assert "times of routes out of ward" in {kept.what for kept in fitted.kept}
