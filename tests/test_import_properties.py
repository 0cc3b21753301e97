"""However a council submits the same stays, split, repeated or shuffled, the imported history is the same."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from records import KEY, MAPPING, OTHER_KEY, WINDOW, care, extracted, flat, write_table

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.records.plain import import_tables

pytestmark = pytest.mark.properties

FIRST, LAST = dt.date(2020, 4, 1), dt.date(2022, 3, 31)

PERIODS = [(FIRST, dt.date(2020, 9, 30)), (FIRST, dt.date(2021, 3, 31)), (FIRST, dt.date(2021, 9, 30)), (FIRST, LAST)]
"""The reference periods of a made-up extract, each of which reaches back to the beginning."""

FEW = settings(max_examples=3, deadline=None, phases=[Phase.generate])
"""Each example is of many people, which says as much as many examples of few, and takes less time."""

SEEDS = st.integers(0, 2**32)

PLACES = ("residential", "flats", "home")

Stay = tuple[str, str, dt.date, dt.date | None]


def lives(seed: int, people: int = 20) -> list[Stay]:
    """Return stays of people, one after the other, some with days between."""
    chance = random.Random(seed)
    stays: list[Stay] = [("always", "residential", dt.date(2019, 5, 1), None)]
    for person in range(people):
        day = dt.date(2018, 1, 1) + dt.timedelta(days=chance.randrange(1400))
        for _ in range(chance.randint(1, 5)):
            ends = day + dt.timedelta(days=chance.choice((1, 2, chance.randint(1, 90), chance.randint(1, 700))))
            stays.append((f"p{person}", chance.choice(PLACES), day, ends if ends <= LAST else None))
            day = ends + dt.timedelta(days=chance.choice((0, 0, 1, 2, chance.randint(0, 60))))
            if day > LAST:
                break
    return stays


def split_at_financial_years(stay: Stay) -> list[Stay]:
    """Return a stay as rows of a year each: one ends on 31 March, and the next begins on 1 April.

    What had ended before the records begin is in no submission, so that nothing is split there.
    """
    person, place, began, ends = stay
    rows = []
    for year in range(FIRST.year + 1, LAST.year + 1):
        april = dt.date(year, 4, 1)
        if began < april <= LAST and (ends is None or april < ends):
            rows.append((person, place, began, april - dt.timedelta(days=1)))
            began = april
    return [*rows, (person, place, began, ends)]


def submitted(stays: list[Stay]) -> list[dict[str, str]]:
    """Return stays as every period's submission has them: not ended before their end."""
    rows = []
    for begins, until in PERIODS:
        window = {"Reporting_Period_Start_Date": str(begins), "Reporting_Period_End_Date": str(until)}
        for person, place, began, ends in stays:
            if began <= until and (ends is None or ends >= begins):
                over = ends is not None and ends <= until
                rows.append(row_of(person, place, str(began), str(ends) if over else "") | window)
    return rows


def row_of(person: str, place: str, began: str, ends: str) -> dict[str, str]:
    if place == "residential":
        return care(person, began, ends)
    component = {"Service_Component": "Home support or domiciliary care"} if place == "home" else {}
    return flat(person, began, ends, **component)


def of_extract(rows: list[dict[str, str]], key: bytes = KEY) -> CouncilHistory:
    with tempfile.TemporaryDirectory() as folder:
        return extracted(Path(folder), rows, MAPPING, key)


def of_tables(stays: list[Stay], key: bytes = KEY) -> CouncilHistory:
    lines = [
        "person,setting,start,end",
        *(",".join("" if part is None else str(part) for part in stay) for stay in stays),
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_table(Path(folder), "stays.csv", "\n".join(lines))
        return import_tables(Path(folder), WINDOW, key, None)


def assert_same(one: CouncilHistory, other: CouncilHistory) -> None:
    for name in ("stays", "requests", "prices"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_splitting_resubmitting_and_shuffling_rows_never_changes_what_an_extract_tells(seed, shuffle):
    stays = lives(seed)
    rows = submitted(stays)
    history = of_extract(rows)
    split = submitted([part for stay in stays for part in split_at_financial_years(stay)])
    assert_same(of_extract(split), history)
    again = rows + split
    shuffle.shuffle(again)
    assert_same(of_extract(again), history)
    last = [row for row in rows if row["Reporting_Period_End_Date"] == str(LAST)]
    assert_same(of_extract(last), history)


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_splitting_repeating_and_shuffling_rows_never_changes_what_plain_tables_tell(seed, shuffle):
    stays = lives(seed)
    history = of_tables(stays)
    rows = stays + [part for stay in stays for part in split_at_financial_years(stay)]
    shuffle.shuffle(rows)
    assert_same(of_tables(rows), history)


@FEW
@given(SEEDS)
def test_people_live_in_one_place_at_a_time_and_the_key_changes_nothing_but_their_codes(seed):
    rows = submitted(lives(seed))
    history, other = of_extract(rows), of_extract(rows, OTHER_KEY)
    pd.testing.assert_frame_equal(history.stays.drop(columns="person"), other.stays.drop(columns="person"))
    assert list(pd.factorize(history.stays["person"])[0]) == list(pd.factorize(other.stays["person"])[0])
    for _, life in history.stays.sort_values(["entered", "left"]).groupby("person"):
        assert (life["entered"].iloc[1:].to_numpy() >= life["left"].iloc[:-1].to_numpy()).all()


def test_overlaps_and_repetitions_of_many_people_are_resolved_whatever_the_order_of_rows():
    chance = random.Random(7)
    stays = []
    for person in range(30):
        for _ in range(5):
            began = FIRST + dt.timedelta(days=chance.randrange(700))
            ends = began + dt.timedelta(days=chance.randrange(300))
            stays.append((f"p{person}", chance.choice(PLACES), began, ends if ends <= LAST else None))
    rows = submitted(stays)
    history = of_extract(rows)
    chance.shuffle(rows)
    assert_same(of_extract(rows), history)
