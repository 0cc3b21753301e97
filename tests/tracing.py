"""Small worlds for hand-written traces: short ways to say a scenario, and its tables as plain rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from judging import first_difference, other_engines

from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.names import names_in
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.reference_batch import simulate_batch as reference
from stepdown.simulation.tables import Tables

START = dt.date(2026, 4, 1)
"""Day 0 of every trace that does not say otherwise."""

NEVER = "10000 years"
"""A time to readiness that does not come."""

UNLIMITED = {"places": "unlimited"}

Row = tuple[Any, ...]


def day(number: int, start: dt.date = START) -> str:
    """Return the date of a day, as a scenario file writes it."""
    return (start + dt.timedelta(days=number)).isoformat()


def days(number: float) -> str:
    """Return a duration in days, as a scenario file writes it."""
    return f"{number} days"


def route(to: str, ready_after: float | str = 0, **more: Any) -> dict[str, Any]:
    """Return the only route of a setting, with a fixed number of days to readiness."""
    after = days(ready_after) if isinstance(ready_after, int | float) else ready_after
    return {"to": to, "share": 1, "ready_after": after, **more}


def onward(to: str, **more: Any) -> dict[str, Any]:
    """Return the only route at a maximum stay."""
    return {"to": to, "share": 1, **more}


def come(setting: str, *on: int, **more: Any) -> dict[str, Any]:
    """Return people who come to a setting on given days."""
    return {"from": setting, "dates": [day(number) for number in on], **more}


def lives(admitted: int, listed: int | None = None, wants: str | None = None, **more: Any) -> dict[str, Any]:
    """Return somebody who lives in a setting at the start, perhaps listed for another since a day."""
    waits = {"listed": day(listed), "for": wants} if listed is not None else {}
    return {"admitted": day(admitted), **waits, **more}


def delay(takes: float) -> dict[str, Any]:
    """Return a step that takes so many days."""
    return {"delay": {"takes": days(takes)}}


def team(workers: Any, takes: float, **more: Any) -> dict[str, Any]:
    """Return a team whose cases each take a worker so many days."""
    return {"team": {"workers": workers, "takes": days(takes), **more}}


def network(settings: dict[str, Any], routes: dict[str, Any], **more: Any) -> Network:
    """Return a world that `stepdown check` finds no fault with, made ready to run."""
    data = {"start": START.isoformat(), "years": 1, "settings": settings, "routes": routes, **more}
    scenario = Scenario.model_validate(data)
    assert [problem.rule for problem in check_scenario(scenario, names_in(data))] == []
    return compile_network(scenario)


def run(settings: dict[str, Any], routes: dict[str, Any], seed: int = 1, **more: Any) -> Tables:
    """Return the tables of one history of a world, which are the same whatever the engine."""
    world = network(settings, routes, **more)
    tables = reference(world, "x", seed, (0,))
    for name, engine in other_engines().items():
        difference = first_difference(tables, engine(world, "x", seed, (0,)))
        assert difference is None, f"the {name} engine disagrees: {difference}"
    return tables


def rows(table: pd.DataFrame, columns: str, **where: object) -> list[Row]:
    """Return some columns as plain rows: ``ready`` means ready_day, None is what has not come.

    Parameters
    ----------
    table
        One of the tables.
    columns
        Names of columns in one text; ``_day`` may be left out.
    where
        Columns with the value that the rows must have.
    """
    for column, value in where.items():
        table = table[table[column] == value]
    names = [name if name in table.columns else f"{name}_day" for name in columns.split()]
    return [tuple(_plain(value) for value in row) for row in zip(*(table[name] for name in names), strict=True)]


def moments(tables: Tables, **where: object) -> list[Row]:
    """Return the whole life of stays: setting, entered, ready, identified, prepared, listed, left, to, reason."""
    return rows(tables.stays, "setting entered ready identified prepared listed left to reason", **where)


def entries(tables: Tables, setting: str) -> list[Row]:
    """Return who entered a setting when, in the order of the days."""
    return sorted(rows(tables.stays, "entered person", setting=setting))


def work(tables: Tables, **where: object) -> list[Row]:
    """Return what was done: person, step, queued, started, finished, outcome."""
    return rows(tables.case_steps, "person step queued started finished outcome", **where)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    # A millionth of a day is a tenth of a second: dates that are certain stay certain.
    return round(value, 6) if isinstance(value, float) else value


def dies_on(number: int) -> dict[str, Any]:
    """Return a group whose people, if they are there on a day, die on it (within a tenth of a second)."""
    return {"deaths_per_1000_per_year": {"from the start": 0, day(number): 1e15, day(number + 1): 0}}
