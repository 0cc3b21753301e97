"""How a history is read: noon, entries, routes that were asked for, reviews, limits, steps, deaths, returns."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from stepdown.calibration.fits.deaths import death_rate, garwood
from stepdown.calibration.fits.durations import Durations, Rules, known_ready, stayed_on, stays_of
from stepdown.calibration.fits.relapse import relapse
from stepdown.calibration.fits.steps import steps_of
from stepdown.calibration.history import REQUESTS, STAYS, STEPS, CouncilHistory, typed

pytestmark = pytest.mark.history

BEGINS, ENDS = dt.date(2021, 1, 1), dt.date(2023, 1, 1)
COLUMNS = ["person", "setting", "entered", "ready", "left", "to"]


def history(*stays: tuple, requests: tuple = (), steps: tuple = ()) -> CouncilHistory:
    lived = pd.DataFrame(stays, columns=COLUMNS).assign(group="adults")
    asked = pd.DataFrame(requests, columns=["person", "requested", "from", "to"])
    worked = pd.DataFrame(steps, columns=["case", "step", "queued", "started", "finished", "outcome"])
    return CouncilHistory(
        "borough", BEGINS, ENDS, True, "made by hand", typed(lived, STAYS),
        requests=typed(asked, REQUESTS), steps=typed(worked, STEPS),
    )  # fmt: skip


def bounds(seen: Durations) -> list[tuple[float, float, float]]:
    return list(zip(seen.entry.tolist(), seen.at_least.tolist(), seen.at_most.tolist(), strict=True))


def test_what_happens_on_a_date_happens_at_its_noon():
    seen = stays_of(
        history(
            ("before", "house", "2020-12-22", None, "2021-01-11", "flats"),
            ("within", "house", "2021-03-01", None, "2021-03-31", "flats"),
            ("goes on", "house", "2022-12-22", None, None, None),
            ("first day", "house", "2021-01-01", None, "2021-01-03", "flats"),
            ("elsewhere", "flats", "2021-03-01", None, "2021-03-31", "left"),
        ),
        "house",
    )
    assert bounds(seen) == [(9.5, 20, 20), (0, 30, 30), (0, 9.5, np.inf), (0, 2, 2)]
    assert list(seen.route) == ["flats", "flats", "", "flats"]
    assert seen.exposure == 10.5 + 30 + 9.5 + 2


def test_a_stay_of_no_night_lasted_up_to_half_a_day():
    seen = stays_of(history(("a", "house", "2021-03-01", None, "2021-03-01", "left")), "house")
    assert bounds(seen) == [(0, 0, 0.5)]


def test_deaths_are_censored_in_both_readings():
    past = history(
        ("a", "house", "2021-03-01", None, "2021-03-11", "died"),
        ("b", "house", "2021-03-01", "2021-03-05", "2021-03-11", "died"),
    )
    assert bounds(stays_of(past, "house")) == [(0, 10, np.inf), (0, 10, np.inf)]
    assert bounds(stays_of(past, "house", reading="needs")) == [(0, 10, np.inf), (0, 4, 4)]


def test_needs_end_when_people_are_ready_and_say_nothing_of_those_who_were_ready_before():
    past = history(
        ("ready", "house", "2021-03-01", "2021-03-05", "2021-06-01", "flats"),
        ("waits", "house", "2021-03-01", "2021-03-06", None, None),
        ("unrecorded", "house", "2021-03-01", None, "2021-03-31", "flats"),
        ("not yet", "house", "2022-12-22", None, None, None),
        ("long ready", "house", "2020-03-01", "2020-06-01", "2021-06-01", "flats"),
    )
    seen = stays_of(past, "house", reading="needs")
    assert bounds(seen) == [(0, 4, 4), (0, 5, 5), (0, 30, np.inf), (0, 9.5, np.inf)]
    assert seen.left_out == 1
    assert list(seen.route) == ["flats", "", "", ""]


def test_what_people_first_asked_for_is_their_route_and_not_where_they_went_after_giving_up():
    past = history(
        ("gave up", "house", "2021-03-01", "2021-03-05", "2021-06-01", "left"),
        ("waits", "house", "2021-03-01", "2021-03-06", None, None),
        ("asked before", "house", "2021-03-01", "2021-03-06", "2021-04-01", "flats"),
        requests=(
            ("gave up", "2021-03-06", "house", "flats"),
            ("gave up", "2021-05-06", "house", "hostel"),
            ("waits", "2021-03-08", "house", "hostel"),
            ("asked before", "2021-01-08", "house", "hostel"),
            ("asked before", "2021-03-08", "hospital", "hostel"),
        ),
    )
    assert list(stays_of(past, "house", reading="needs").route) == ["flats", "hostel", "flats"]
    assert list(stays_of(past, "house").route) == ["flats", "", "flats"]


def test_readiness_that_reviews_show_lies_between_the_last_two():
    past = history(
        ("second", "house", "2021-03-01", "2021-04-30", "2021-06-01", "flats"),
        ("on its own day", "house", "2021-03-01", "2021-04-10", "2021-06-01", "flats"),
        ("not yet", "house", "2022-11-17", None, None, None),
        ("before", "house", "2020-12-22", "2021-01-21", "2021-02-01", "flats"),
        ("was known before", "house", "2020-10-01", "2020-10-31", "2021-02-01", "flats"),
    )
    seen = stays_of(past, "house", reading="needs", rules=Rules(review_every=30))
    assert bounds(seen) == [(0, 30, 60), (0, 40, 40), (0, 30, np.inf), (0, 0, 30)]
    assert seen.left_out == 1
    early = stays_of(past, "house", reading="needs", rules=Rules(review_every=30, start_early=10))
    assert bounds(early) == [(0, 40, 60), (0, 40, 40), (0, 40, np.inf), (9.5, 10, 30)]


def test_who_reached_an_enforced_maximum_is_censored_there():
    past = history(
        ("left before", "house", "2021-03-01", None, "2021-03-21", "flats"),
        ("left at it", "house", "2021-03-01", None, "2021-03-31", "flats"),
        ("stayed on", "house", "2021-03-01", None, "2021-06-01", "flats"),
        ("was there for longer already", "house", "2020-03-01", None, "2021-06-01", "flats"),
    )
    seen = stays_of(past, "house", rules=Rules(maximum_stay=30))
    assert bounds(seen) == [(0, 20, 20), (0, 30, np.inf), (0, 30, np.inf)]
    assert seen.left_out == 1
    assert bounds(stays_of(past, "house", rules=Rules(maximum_stay=30, enforced=False)))[2] == (0, 92, 92)
    share = stayed_on(past, "house", None, 30)
    assert (share.yes, share.of) == (1, 2)
    assert stayed_on(past, "house", "nobody's group", 30).of == 0


def test_it_is_known_how_often_readiness_was_written_down():
    past = history(
        ("a", "house", "2021-03-01", "2021-03-05", "2021-06-01", "flats"),
        ("b", "house", "2021-03-01", None, "2021-06-01", "flats"),
        ("c", "house", "2021-03-01", None, "2021-06-01", "died"),
        ("d", "house", "2021-03-01", None, None, None),
    )
    share = known_ready(past, "house")
    assert (share.yes, share.of) == (1, 2)
    assert share.estimate.low95 < 0.5 < share.estimate.high95


def test_steps_are_read_in_their_parts_and_abandoned_ones_are_censored():
    past = history(
        ("a", "house", "2021-03-01", None, None, None),
        steps=(
            ("1", "panel", "2021-02-01", "2021-02-11", "2021-02-14", "done"),
            ("2", "panel", "2021-02-01", None, "2021-02-06", "abandoned"),
            ("3", "panel", "2021-02-01", "2021-02-03", "2021-02-06", "abandoned"),
            ("4", "panel", "2022-12-22", None, None, None),
            ("5", "panel", "2020-12-22", "2020-12-27", "2021-01-11", "done"),
            ("6", "works", "2021-02-01", "2021-02-11", "2021-02-14", "done"),
        ),
    )
    inf = np.inf
    waiting, working, both = (steps_of(past, "panel", part) for part in ("waiting", "working", "both"))
    assert bounds(waiting) == [(0, 10, 10), (0, 5, inf), (0, 2, 2), (0, 9.5, inf)]
    assert waiting.left_out == 1
    assert bounds(working) == [(0, 3, 3), (0, 3, inf), (4.5, 15, 15)]
    assert bounds(both) == [(0, 13, 13), (0, 5, inf), (0, 5, inf), (0, 9.5, inf), (9.5, 20, 20)]


def test_who_comes_back_to_more_support_is_counted_and_who_died_cannot():
    levels = {"house": 2.0, "flats": 1.0}
    past = history(
        ("back", "house", "2020-03-01", None, "2021-03-01", "flats"),
        ("back", "flats", "2021-03-01", None, "2021-05-01", "house"),
        ("back", "house", "2021-05-01", None, None, None),
        ("settled", "house", "2020-03-01", None, "2021-03-01", "flats"),
        ("settled", "flats", "2021-03-01", None, None, None),
        ("died", "house", "2020-03-01", None, "2021-03-01", "flats"),
        ("died", "flats", "2021-03-01", None, "2021-03-11", "died"),
        ("new", "flats", "2021-03-01", None, None, None),
        ("recent", "house", "2020-03-01", None, "2022-12-31", "flats"),
        ("recent", "flats", "2022-12-31", None, None, None),
    )
    seen = relapse(past, levels)
    assert (seen.moves, seen.returned) == (4, 1)
    # Of four, 'recent' is seen for half a day; one of three died, and one of the other two came back.
    assert seen.share.value == pytest.approx(1 / 3)
    assert seen.share.low95 < 1 / 3 < seen.share.high95
    assert seen.draws(2000, 1).mean() == pytest.approx(1 / 3, abs=0.1)
    assert relapse(past, levels, within=30).share.value == 0
    assert relapse(history(), levels).moves == 0


def test_deaths_are_per_year_that_people_lived():
    past = history(
        ("a", "house", "2020-03-01", None, "2021-07-02", "died"),
        ("b", "house", "2019-03-01", None, None, None),
    )
    rate = death_rate(past)
    assert rate is not None
    assert rate.person_years == pytest.approx((182.5 + 730) / 365.25)
    assert rate.per_1000.value == pytest.approx(1000 / rate.person_years)
    assert (rate.draws(20_000, 1) < rate.per_1000.value).mean() == pytest.approx(0.4276, abs=0.02)  # Gamma(1.5) below 1
    assert death_rate(past, "children") is None


def test_exact_intervals_of_deaths_are_as_published():
    """Garwood (1936): 0 to 3.69 for none, 4.80 to 18.39 for ten."""
    assert garwood(0, 0.95) == pytest.approx((0, 3.689), abs=0.001)
    assert garwood(10, 0.95) == pytest.approx((4.795, 18.391), abs=0.001)
