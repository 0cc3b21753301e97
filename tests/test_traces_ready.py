"""Hand-written traces: people who are known to be ready when the run begins, with something still to be done."""

import pytest
from scenario_tools import faults_of
from tracing import NEVER, UNLIMITED, day, delay, lives, moments, route, rows, run, work

pytestmark = pytest.mark.trace


def ready(since, admitted=-100, **more):
    """Somebody who lives in a home and has been ready for a flat since a day."""
    return lives(admitted, **{"ready": day(since), "for": "flat"} | more)


def moving(*people, requires=(), flats="unlimited", **more):
    return run(
        settings={"home": UNLIMITED, "flat": {"places": flats}},
        routes={"home": [route("flat", NEVER, requires=list(requires))], "flat": [route("left", 50)]},
        caseload={"home": list(people)},
        **more,
    )


def test_who_is_ready_at_the_start_prepares_from_the_start_on():
    tables = moving(ready(-30), requires=["papers"], steps={"papers": delay(20)})
    assert moments(tables, setting="home") == [("home", -100, -30, -30, 20, 20, 20, "flat", "route")]
    assert work(tables, step="papers") == [(1, "papers", 0, 0, 20, "done")]


def test_who_is_ready_and_needs_nothing_has_been_on_the_list_since_then():
    tables = moving(ready(-30), ready(-40), flats={"from the start": 0, day(15): 1})
    assert rows(tables.stays, "ready prepared listed left", setting="home") == [
        (-30, -30, -30, 65),
        (-40, -40, -40, 15),
    ]


def test_what_their_time_until_ready_might_have_been_is_not_asked():
    tables = moving(ready(-30), lives(-100), requires=["papers"], steps={"papers": delay(5)})
    assert rows(tables.stays, "ready left", setting="home") == [(-30, 5), (None, None)]


def test_reviews_and_maximum_stays_come_too_late_for_them():
    rules = {"review_every": "1000 days", "maximum_stay": "10 days", "at_maximum": "move_on"}
    tables = run(
        settings={"home": UNLIMITED | rules, "flat": UNLIMITED},
        routes={"home": [route("flat", NEVER, requires=["papers"])], "flat": [route("left", 50)]},
        caseload={"home": [ready(-3, admitted=-5)]},
        steps={"papers": delay(7)},
    )
    assert moments(tables, setting="home") == [("home", -5, -3, -3, 7, 7, 7, "flat", "route")]


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("{admitted: 2026-01-01, ready: 2026-02-01}", "needs `for`"),
        ("{admitted: 2026-01-01, for: flat}", "needs `listed`"),
        ("{admitted: 2026-01-01, ready: 2025-12-31, for: flat}", "is before the person was admitted"),
        ("{admitted: 2026-01-01, ready: 2026-05-01, for: flat}", "is after the start"),
        ("{people: 3, ready: 2026-02-01, for: flat}", "people who wait need the date on which they came"),
        ("{admitted: 2026-01-01, ready: 2026-02-01, listed: 2026-02-02, for: flat}", "`listed` or `ready`, not both"),
    ],
)
def test_dates_of_being_ready_that_make_no_sense_are_refused(tmp_path, person, said):
    text = f"""
start: 2026-04-01
years: 1
settings: {{home: {{places: unlimited}}, flat: {{places: 2}}}}
routes:
  home: [{{to: flat, share: 100%, ready_after: 30 days}}]
  flat: [{{to: left, share: 100%, ready_after: 30 days}}]
caseload: {{home: [{person}]}}
"""
    assert any(said in fault for fault in faults_of(text, tmp_path))
