"""Who is there when records end: a line a person, or no line about fewer than five; who waits already, and where."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_council import STRUCTURE, history_of, past, study

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.aligned import aligned
from stepdown.calibration.fitting.caseload import caseload_of
from stepdown.calibration.fitting.fit_study import fit_study
from stepdown.calibration.history import REQUESTS, STEPS, typed
from stepdown.scenarios.loader import CARRY_ON

pytestmark = pytest.mark.history

EXACT, ROUNDED = Disclosure(rounded=False), Disclosure(rounded=True)


def test_no_line_about_real_people_is_about_fewer_than_five(tmp_path):
    scenario = study(tmp_path / "study").options[CARRY_ON].scenario
    known = aligned(past(), scenario, ROUNDED).history
    caseload = caseload_of(known, scenario, ROUNDED)
    told = {name: [line["people"] for line in lines] for name, lines in caseload.lines.items()}
    assert all(people >= 5 and people % 5 == 0 for lines in told.values() for people in lines)
    there = known.residents(known.ends)["setting"].value_counts()
    assert {name: sum(people) for name, people in told.items()} == {
        name: ROUNDED.number(int(there[name])) for name in ("ward", "flats", "home")
    }
    one_by_one = caseload_of(known, scenario, EXACT).lines
    for name, lines in caseload.lines.items():
        means = [np.mean([day(line) for line in part]) for part in (lines, one_by_one[name])]
        assert means[0] == pytest.approx(means[1], abs=60), name


def day(line):
    return pd.Timestamp(line["admitted"]).toordinal()


def test_who_asked_and_has_all_papers_is_listed_since_the_last_was_done_and_others_are_not(tmp_path):
    scenario = study(tmp_path / "study").options[CARRY_ON].scenario
    there = [
        (name, "adults", "ward", None, "2025-01-01", None, None, None) for name in ("ready", "preparing", "content")
    ]
    asked = [(name, "2025-01-20", "ward", "flats") for name in ("ready", "preparing")]
    work = [("1", "ready", "papers", "2025-01-20", "2025-02-10"), ("2", "preparing", "papers", "2025-01-20", None)]
    history = replace(
        history_of(*there),
        requests=typed(pd.DataFrame(asked, columns=["person", "requested", "from", "to"]), REQUESTS),
        steps=typed(pd.DataFrame(work, columns=["case", "person", "step", "queued", "finished"]), STEPS),
    )
    lines = caseload_of(aligned(history, scenario, EXACT).history, scenario, EXACT).lines["ward"]
    assert sorted(lines, key=len) == [
        {"admitted": "2025-01-01"},
        {"admitted": "2025-01-01"},
        {"admitted": "2025-01-01", "listed": "2025-02-10", "for": "flats"},
    ]


def test_somebody_whom_their_scheme_does_not_accept_by_the_study_lives_where_the_study_finds_room(tmp_path):
    text = STRUCTURE.replace(
        "{mill-lane: {places: 60, area: north}}", "{mill-lane: {places: 60, accepts: [south]}, hill: {places: 9}}"
    )
    scenario = study(tmp_path / "study", text).options[CARRY_ON].scenario
    history = history_of(("a", "adults", "flats", "mill-lane", "2025-01-01", None, None, None))
    for area, line in (("north", {}), ("south", {"scheme": "mill-lane", "area": "south"})):
        known = aligned(replace(history, stays=history.stays.assign(area=area)), scenario, EXACT).history
        assert caseload_of(known, scenario, EXACT).lines["flats"] == [{"admitted": "2025-01-01"} | line]


def test_other_codes_for_the_same_people_change_nothing(tmp_path):
    """Each import makes codes anew, and the people of one date must not change places by them."""
    history, source = past(), study(tmp_path / "study")
    codes = {code: f"{hash_of(code)}" for code in history.stays["person"].unique()}

    def renamed(table):
        return table.assign(person=table["person"].map(codes).astype(table["person"].dtype))

    other = replace(
        history, stays=renamed(history.stays), requests=renamed(history.requests), steps=renamed(history.steps)
    )
    one, two = (fit_study(each, source, disclosure=Disclosure(False), draws=20) for each in (history, other))
    assert one.option.data == two.option.data


def hash_of(code):
    return hashlib.sha256(code.encode()).hexdigest()[:8]
