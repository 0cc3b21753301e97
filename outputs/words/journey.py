"""One person's history, told in dated sentences: the debugging view, and the best explanation of the model."""

from __future__ import annotations

from typing import Any

import pandas as pd

from stepdown.outputs.measures.columns import GAVE_UP
from stepdown.outputs.words.journey_stay import STEP, StayTold
from stepdown.outputs.words.journey_steps import SAME, tell_step
from stepdown.outputs.words.wording import say_date
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.schema import DIED, Scenario
from stepdown.simulation.tables import Tables, Window

LONG_WAIT = 30.0
"""Days from which a wait is worth telling, when a person is chosen."""


def tell(
    tables: Tables, scenario: Scenario, window: Window, person: int | None = None, replication: int | None = None
) -> list[str]:
    """Return who a person is, and their history.

    Parameters
    ----------
    tables, scenario, window
        What runs of one option yielded, its scenario, and the time that is measured.
    person
        Their number; somebody with much to tell if not given.
    replication
        The run; the first that the person is in if not given.

    Raises
    ------
    ChoiceError
        If there is no such person.
    """
    stays = (
        tables.stays if replication is None else tables.stays[(tables.stays["replication"] == replication).to_numpy()]
    )
    if person is None:
        found = find_people(tables._replace(stays=stays))
        if found.empty:
            return ["Nobody ever came."]
        person, replication = int(found["person"].iloc[0]), int(found["replication"].iloc[0])
    rows = stays[(stays["person"] == person).to_numpy()]
    if rows.empty:
        most = int(stays["person"].max()) if len(stays) else 0
        raise ChoiceError(f"there is no person {person}: people are numbered from 1 to {most}")
    replication = int(rows["replication"].iloc[0]) if replication is None else replication
    first = rows.iloc[0]
    who = f"Person {person} ({first['group']}, {first['area']}), option {first['option']}, run {replication}."
    return [who, *journey(tables, scenario, window, person, replication)]


def journey(tables: Tables, scenario: Scenario, window: Window, person: int, replication: int = 0) -> list[str]:
    """Return a person's history in dated sentences, in the order of time.

    Every moment of their stays and of the steps of their cases stands once; moments that are one stand together.
    """
    stays = _rows_of(tables.stays, person, replication)
    following = [*stays[1:], None]
    told = [
        event
        for at, (stay, then) in enumerate(zip(stays, following, strict=True))
        for event in StayTold(at, stay, then, scenario, window).tell()
    ]
    steps = _rows_of(tables.case_steps, person, replication)
    for number, (step, at) in enumerate(zip(steps, _stays_of(steps, stays), strict=True)):
        told += tell_step(step, scenario, (at, STEP, number))
    told.sort(key=lambda event: (event.day, event.order))
    return [f"{say_date(window.date(event.day))}: {event.text}." for event in told]


def find_people(tables: Tables) -> pd.DataFrame:
    """Return everybody with what is notable about them, those with the most to tell first.

    Returns
    -------
    pd.DataFrame
        Columns replication, person, stays, steps, longest_wait_days (on a list, until they moved), gave_up (times),
        died.
    """
    stays = tables.stays
    wait = (stays["left_day"] - stays["listed_day"]).fillna(0.0)
    reason = stays["reason"].astype("str").fillna("")
    rows = stays[["replication", "person"]].assign(
        stays=1, longest_wait_days=wait, gave_up=reason.str.startswith(GAVE_UP), died=reason.str.startswith(DIED)
    )
    people = rows.groupby(["replication", "person"], as_index=False).agg(
        {"stays": "sum", "longest_wait_days": "max", "gave_up": "sum", "died": "max"}
    )
    steps = tables.case_steps[tables.case_steps["person"].notna().to_numpy()]
    counts = steps.astype({"person": "int64"}).groupby(["replication", "person"]).size().rename("steps").reset_index()
    people = people.merge(counts, how="left", on=["replication", "person"])
    people["steps"] = people["steps"].fillna(0).astype("int64")
    telling = people["stays"] + people["steps"] / 2 + 2 * people["gave_up"] + (people["longest_wait_days"] > LONG_WAIT)
    order = people.assign(telling=-telling, longest=-people["longest_wait_days"]).sort_values(
        ["telling", "longest", "replication", "person"], kind="stable"
    )
    columns = ["replication", "person", "stays", "steps", "longest_wait_days", "gave_up", "died"]
    return order[columns].reset_index(drop=True)


def _stays_of(steps: list[dict[str, Any]], stays: list[dict[str, Any]]) -> list[int]:
    """Return the number of the stay in which each step's case was opened.

    Steps may take no time, so that the last step of one stay and the first of the next may fall on one moment: a case
    belongs to the stay that was identified when it was opened, and no two cases to one stay while others are free.
    """
    found: dict[int, int] = {}
    for step in steps:
        opened = step["queued_day"]
        if step["case"] in found:
            continue
        there = [at for at, stay in enumerate(stays) if stay["entered_day"] <= opened and not stay["left_day"] < opened]
        known = [at for at in there if abs(stays[at]["identified_day"] - opened) < SAME and at not in found.values()]
        found[step["case"]] = known[0] if known else max(there, default=0)
    return [found[step["case"]] for step in steps]


def _rows_of(table: pd.DataFrame, person: int, replication: int) -> list[dict[str, Any]]:
    mine = (table["person"] == person).fillna(False).to_numpy(dtype=bool)
    rows = table[mine & (table["replication"] == replication).to_numpy()]
    if len(set(rows["option"])) > 1:
        raise ValueError("the tables hold several options; pass those of one")
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
