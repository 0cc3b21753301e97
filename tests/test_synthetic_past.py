"""A replication as a history: what a council could have written down, no more and no less."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from tracing import UNLIMITED, come, day, delay, lives, route

from stepdown.calibration.history import CouncilHistory, known_on
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import read_study
from stepdown.scenarios.schema import Scenario

pytestmark = pytest.mark.history


def past(years: float = 1, **parts: Any) -> CouncilHistory:
    """Return the past of a hospital that leads to a house, and the house out, with the changes that are named."""
    scenario = {
        "start": day(0),
        "years": years,
        "settings": {"hospital": UNLIMITED, "house": UNLIMITED},
        "routes": {"hospital": [route("house", 10)], "house": [route("left", 100)]},
    }
    return simulate_past(Scenario.model_validate(scenario | parts), seed=1, name="borough")


def dates(table: pd.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    """Return rows as plain values: dates as days since the start, what is missing as None."""

    def plain(value: Any) -> Any:
        if pd.isna(value):
            return None
        return (value.date() - dt.date.fromisoformat(day(0))).days if isinstance(value, pd.Timestamp) else value

    return [tuple(map(plain, row)) for row in table[columns.split()].itertuples(index=False)]


def test_a_stay_is_written_down_with_where_it_led_once_it_has_ended():
    history = past(demand=[come("hospital", 5, 360)])
    assert (history.begins, history.ends, history.simulated) == (dt.date(2026, 4, 1), dt.date(2027, 4, 1), True)
    assert dates(history.stays, "setting entered ready left to") == [
        ("hospital", 5, 15, 15, "house"),
        ("house", 15, 115, 115, "left"),
        ("hospital", 360, None, None, None),
    ]


def test_what_had_ended_before_the_records_begin_is_not_in_them():
    history = past(caseload={"house": [lives(-50)]}, demand=[come("hospital", 5)])
    assert dates(history.stays, "setting entered left")[0] == ("house", -50, 50)
    warmed = past(warm_up="200 days", demand=[come("hospital", -150, -95, 5)])
    assert dates(warmed.stays, "setting entered left") == [
        ("house", -85, 15),
        ("hospital", 5, 15),
        ("house", 15, 115),
    ]


def test_readiness_is_known_from_the_review_that_finds_it():
    settings = {"hospital": UNLIMITED | {"review_every": "30 days"}, "house": UNLIMITED}
    history = past(settings=settings, demand=[come("hospital", 5)])
    assert dates(history.stays, "setting ready left")[0] == ("hospital", 35, 35)


def test_preparing_early_makes_nobody_ready_early():
    history = past(
        routes={"hospital": [route("house", 40, start_early="20 days", requires=["papers"])]},
        steps={"papers": delay(30)},
        demand=[come("hospital", 5)],
    )
    assert dates(history.stays, "setting entered ready left")[0] == ("hospital", 5, 45, 55)
    assert dates(history.requests, "from requested to") == [("hospital", 25, "house")]
    assert dates(history.steps, "step queued started finished outcome") == [("papers", 25, 25, 55, "done")]


def test_who_gives_up_had_asked_for_what_they_gave_up():
    house = {"places": {"from the start": 0}}
    onward = route("house", 10, gives_up={"after": "20 days", "to": "left"})
    history = past(
        settings={"hospital": UNLIMITED, "house": house}, routes={"hospital": [onward]}, demand=[come("hospital", 5)]
    )
    assert dates(history.stays, "ready left to") == [(15, 35, "left")]
    assert dates(history.requests, "from requested to") == [("hospital", 15, "house")]


def test_leaving_for_good_asks_for_no_place():
    history = past(demand=[come("hospital", 5)])
    assert dates(history.requests, "from to") == [("hospital", "house")]


def test_a_year_of_a_longer_past_is_the_past_of_that_year():
    """What is known on a date does not depend on what came after it."""
    scenario = read_study("leicester").options["carry-on"].scenario
    long = simulate_past(scenario.model_copy(update={"years": 3.0}), 1, "leicester")
    short = simulate_past(scenario.model_copy(update={"years": 2.0}), 1, "leicester")
    known = known_on(long, short.ends)
    for name in ("stays", "requests", "steps"):
        columns = list(getattr(known, name).columns)
        left, right = (
            getattr(each, name).astype("object").sort_values(columns).reset_index(drop=True) for each in (known, short)
        )
        pd.testing.assert_frame_equal(left, right)
