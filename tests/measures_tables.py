"""Small tables made by hand, for the tests of measures and costs."""

import datetime as dt

import numpy as np

from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import CASE_STEPS, PLACES, STAYS, Tables, Window, frame

NONE = float("nan")

START = dt.date(2026, 4, 1)
WINDOW = Window(START, 100.0)


def a_scenario(**parts):
    """A house of two places between a ward and homes, with whatever a test adds."""
    facts = {
        "start": "2026-04-01",
        "years": 1,
        "settings": {"ward": {"places": "unlimited"}, "house": {"places": 2}, "home": {"places": "unlimited"}},
    }
    return Scenario.model_validate({**facts, **parts})


def a_stay(setting, entered, left=NONE, to=None, **columns):
    """One row of stays: ready, identified, prepared and listed on one day, unless told otherwise."""
    ready = columns.get("ready", NONE)
    identified = columns.get("identified", ready)
    prepared = columns.get("prepared", identified)
    listed = columns.get("listed", np.maximum(ready, prepared))
    return (
        columns.get("option", "carry-on"),
        columns.get("replication", 0),
        columns.get("person", 0),
        columns.get("group", "adults"),
        columns.get("area", "city"),
        setting,
        columns.get("scheme", setting),
        1,
        entered < 0,
        entered,
        ready,
        identified,
        prepared,
        listed,
        left,
        to,
        columns.get("reason", "route" if to else None),
    )


def a_step(step, queued, started=NONE, finished=NONE, **columns):
    """One row of case_steps."""
    outcome = columns.get("outcome", None if np.isnan(finished) else "done")
    return (
        columns.get("option", "carry-on"),
        columns.get("replication", 0),
        columns.get("case", 0),
        columns.get("person"),
        columns.get("tier"),
        columns.get("tenure"),
        step,
        queued,
        started,
        finished,
        outcome,
        columns.get("amount", NONE),
    )


def the_tables(stays=(), steps=(), places=(("carry-on", "house", 0.0, 2.0),)):
    return Tables(frame(stays, STAYS), frame(steps, CASE_STEPS), frame(places, PLACES))


def random_tables(seed, replications=3, people=12, option="carry-on"):
    """Lives of people who go from ward to house to home, with waits, give-ups, deaths and steps, not all consistent
    with places (measures need not care)."""
    random = np.random.default_rng(seed)
    stays, steps = [], []
    for replication in range(replications):
        for person in range(people):
            common = {"option": option, "replication": replication, "person": person}
            day = float(random.uniform(-60, 90))
            for setting, to in (("ward", "house"), ("house", "home")):
                ready = day + random.exponential(20)
                identified = ready + random.choice([0.0, -5.0, 7.0])
                identified = max(identified, day)
                first, second, third = identified + np.cumsum(random.exponential(5, 3))
                prepared = third
                listed = max(ready, prepared)
                left = listed + random.exponential(15) if to == "house" else listed
                reason, last = "route", to
                kind = random.integers(6) if setting == "ward" else 0
                if kind == 1:
                    reason, last = "died:house", "died"
                if kind == 2:
                    reason, last = "gave_up:house", "home"
                end = WINDOW.days
                rows = [
                    a_step("panel", identified, identified, second, person=person, case=person),
                    a_step("letter", first, first, second, person=person, case=person),
                    a_step("key", second, (second + third) / 2, third, person=person, case=person),
                ]
                for row in rows:
                    moments = [NONE if moment >= end else moment for moment in row[7:10]]
                    if row[7] < end:
                        outcome = None if np.isnan(moments[2]) else "done"
                        steps.append((option, replication, *row[2:7], *moments, outcome, NONE))
                row = a_stay(
                    setting,
                    day,
                    left,
                    last,
                    ready=ready,
                    identified=identified,
                    prepared=prepared,
                    reason=reason,
                    **common,
                )
                known = [NONE if moment >= end else moment for moment in row[9:15]]
                if row[9] < end:
                    told = (last, reason) if left < end else ((None if np.isnan(known[2]) else to), "route")
                    stays.append((*row[:9], *known, *told))
                if left >= end or last != to:
                    break
                day = left
    return the_tables(stays, steps, [(option, "house", 0.0, 2.0), (option, "house", 40.5, 3.0)])
