"""What is paid for, in files: read back it costs the same to the last bit, however it was cut into parts."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.activity_files import join_activity, read_activity, write_activity
from stepdown.outputs.measures.activity import Activity, activity_of
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.money.bill import bill
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables

pytestmark = pytest.mark.measures

PAID = a_scenario(
    payers=["council", "health"],
    prices={
        "ward": {"health": {"contract": "unit_cost", "per_person_per_week": 3000}},
        "house": {
            "council": {"per_place_per_week": {"2026-04-01": 700, "2026-05-05": 800}, "notice": "10 days"},
            "health": {"per_person_per_week": 10, "tapers_to": {"10 days": 7}},
        },
        "home": {"council": {"contract": "tenancy", "per_person_per_week": 90, "notice": "2 weeks"}},
    },
    voids={"house": {"health": {"per_place_per_week": 50, "from": "3 days"}}},
    contributions={"home": {"health": {"to": "council", "per_person_per_week": 20}}},
    running_costs={"office": {"council": 9000}},
    one_off_costs={"moves": {"home": {"council": 500}}, "capital": {"roof": {"council": {"2026-05-01": 7000}}}},
)
"""A scenario in which everything is paid for in some way."""


def activity(tables: Tables, scenario: Scenario = PAID) -> Activity:
    return activity_of(read_history(tables, scenario, WINDOW))


def read(path: Path, scenario: Scenario = PAID) -> Activity:
    return read_activity(path, "carry-on", scenario, WINDOW)


def lines_of(one: Activity, scenario: Scenario = PAID) -> list[tuple[Any, ...]]:
    """What a bill says, with the very bits of its pounds."""
    return [(line.payer, line.kind, line.item, line.pounds.tobytes()) for line in bill(one, scenario).lines]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_written_and_read_again_costs_the_same_bit_for_bit(seed):
    before = activity(random_tables(seed))
    with TemporaryDirectory() as folder:
        write_activity(before, PAID, Path(folder) / "one.arrow")
        after = read(Path(folder) / "one.arrow")
    assert after.runs.replication.tolist() == [0, 1, 2]
    assert lines_of(after) == lines_of(before)
    assert len(lines_of(after)) > 8


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.permutations([0, 1, 2]))
def test_parts_are_joined_in_the_order_given_and_read_in_that_of_their_replications(seed, order):
    tables = random_tables(seed)
    with TemporaryDirectory() as folder:
        parts = []
        for replication in order:
            stays, steps = (table[table["replication"] == replication] for table in (tables.stays, tables.case_steps))
            parts.append(Path(folder) / f"{replication}.arrow")
            write_activity(activity(Tables(stays, steps, tables.places)), PAID, parts[-1])
        join_activity(parts, Path(folder) / "deep" / "joined.arrow")
        joined = read(Path(folder) / "deep" / "joined.arrow")
        assert [path.name for path in (Path(folder) / "deep").iterdir()] == ["joined.arrow"], "nothing else is left"
    assert joined.runs.replication.tolist() == [0, 1, 2]
    whole = bill(activity(tables), PAID).total()["pounds"].to_numpy()
    assert bill(joined, PAID).total()["pounds"].to_numpy() == pytest.approx(whole, rel=1e-12)


def test_parts_in_order_cost_what_the_whole_does_bit_for_bit(tmp_path):
    tables = random_tables(5)
    parts = []
    for replication in range(3):
        stays, steps = (table[table["replication"] == replication] for table in (tables.stays, tables.case_steps))
        parts.append(tmp_path / f"{replication}.arrow")
        write_activity(activity(Tables(stays, steps, tables.places)), PAID, parts[-1])
    join_activity(parts, tmp_path / "joined.arrow")
    write_activity(activity(tables), PAID, tmp_path / "whole.arrow")
    assert (tmp_path / "joined.arrow").exists()
    assert lines_of(read(tmp_path / "joined.arrow")) == lines_of(read(tmp_path / "whole.arrow"))


def test_adaptations_and_grants_are_kept_with_their_days_and_amounts(tmp_path):
    facts = a_scenario(
        payers=["council"],
        steps={"works": {"grant": {"per_year": 10_000, "amount": 5_000, "payer": "council"}}},
        adaptations={"tiers": {"minor": {"share": "100%", "steps": ["works"]}}},
        one_off_costs={"adaptations": {"minor": {"council": {"2026-04-01": 300, "2026-05-01": 400}}}},
    )
    steps = [
        a_step("works", 5, 6, 40.5, tier="minor", case=1, amount=4_000.25),
        a_step("works", 5, 6, 7, tier="minor", case=2, outcome="abandoned"),
    ]
    before = activity(the_tables([a_stay("house", 0)], steps), facts)
    write_activity(before, facts, tmp_path / "one.arrow")
    after = read(tmp_path / "one.arrow", facts)
    assert after.adaptations.day.tolist() == [40.5]
    assert after.grants.pounds.tolist() == [4_000.25]
    assert lines_of(after, facts) == lines_of(before, facts)
    assert bill(after, facts).total()["pounds"].tolist() == [400 + 4_000.25]


def test_runs_in_which_nobody_came_are_kept(tmp_path):
    nobody = the_tables()
    empty = activity_of(read_history(nobody, PAID, WINDOW, find_runs(nobody, [("carry-on", 0)])))
    write_activity(empty, PAID, tmp_path / "empty.arrow")
    write_activity(activity(the_tables([a_stay("house", 0, replication=1)])), PAID, tmp_path / "one.arrow")
    join_activity([tmp_path / "empty.arrow", tmp_path / "one.arrow"], tmp_path / "joined.arrow")
    joined = read(tmp_path / "joined.arrow")
    care = sum(line.pounds.sum(axis=1) for line in bill(joined, PAID).lines if line.kind == "care")
    assert joined.runs.replication.tolist() == [0, 1]
    assert care[0] == 0 < care[1]


@pytest.mark.parametrize("damage", ["cut off", "another kind", "empty", "away"])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path, damage):
    path = tmp_path / "one.arrow"
    write_activity(activity(random_tables(1)), PAID, path)
    held = path.read_bytes()
    path.write_bytes(
        {"cut off": held[: len(held) // 2], "another kind": b"PAR1" + held, "empty": b""}.get(damage, held)
    )
    if damage == "away":
        path.unlink()
    with pytest.raises(RunError, match=r"does not say what was paid for .*Run the options again"):
        read(path)


def test_a_file_of_another_scenario_is_refused(tmp_path):
    path = tmp_path / "one.arrow"
    write_activity(activity(random_tables(1)), PAID, path)
    other = a_scenario(settings={"ward": {"places": "unlimited"}, "home": {"places": "unlimited"}})
    with pytest.raises(RunError, match="is not of this scenario: its sites are"):
        read(path, other)


def test_a_file_that_cannot_be_written_whole_leaves_the_one_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "one.arrow"
    write_activity(activity(random_tables(1)), PAID, path)
    before = path.read_bytes()
    monkeypatch.setattr("stepdown.outputs.activity_files.pa.ipc.new_file", _no_space)
    with pytest.raises(OSError, match="No space left"):
        write_activity(activity(random_tables(2)), PAID, path)
    assert path.read_bytes() == before


def _no_space(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
