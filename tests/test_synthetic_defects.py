"""What is wrong with an extract: each defect changes what it says and nothing else, and never what another hits."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pandas as pd
import pytest
from made_up_council import as_rows, borough, handed_over, submissions

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.cld.vocabulary import Field, plain
from stepdown.calibration.synthetic.cld_text import COLUMNS, SPELLED
from stepdown.calibration.synthetic.days import OPEN, date_of
from stepdown.calibration.synthetic.defects import Defect, defects_named
from stepdown.scenarios.errors import ChoiceError

pytestmark = pytest.mark.history

COST = {Field.UNIT_COST}

CHANGES = {
    Defect.CHANGED: {Field.ENDS, Field.COMPONENT} | COST,
    Defect.NO_NHS_NUMBER: {Field.NHS_TRACED, Field.NHS_PROVIDED},
    Defect.NEGATIVE: COST,
    Defect.FREQUENCY: {Field.COST_FREQUENCY, Field.UNITS} | COST,
    Defect.NO_COMPONENT: {Field.COMPONENT},
    Defect.OPEN_END: {Field.ENDS, Field.OUTCOME},
    Defect.STRAY: set(SPELLED),
}
"""The columns that defects change which leave each row where it is."""

OF_ROWS = [defect for defect in Defect if defect not in CHANGES]
"""The others: there are more rows, or fewer."""

OTHER = dict.fromkeys(Defect, Defect.FREQUENCY) | {Defect.FREQUENCY: Defect.NO_COMPONENT}
"""A defect to have beside each; only what `CHANGED` and `NEGATIVE` do to a cost can be seen in spite of it."""

REFERENCE = "Event_Reference"


def changed(defect: Defect) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that a defect changes, as they were and as they are."""
    before, after = submissions(), submissions(defect)
    hit = (before != after).any(axis="columns")
    return before[hit], after[hit]


@cache
def added(defect: Defect) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """Return the rows that are new, and those that are gone."""
    before, after = Counter(as_rows(submissions())), Counter(as_rows(submissions(defect)))
    return after - before, before - after


def references(rows: Counter[tuple[str, ...]]) -> set[str]:
    return {row[COLUMNS.index(REFERENCE)] for row in rows}


@pytest.mark.parametrize("defect", CHANGES, ids=lambda defect: defect.value)
def test_a_defect_of_values_changes_its_own_columns_and_no_other_and_leaves_every_row_in_its_place(defect):
    before, after = submissions(), submissions(defect)
    assert before.shape == after.shape
    differs = before.columns[(before != after).any()]
    assert set(differs) == CHANGES[defect]
    hit = (before != after).any(axis="columns").sum()
    assert 0 < hit < len(before) / 2
    assert handed_over(defect).hits[defect] > 0


@pytest.mark.parametrize("defect", OF_ROWS, ids=lambda defect: defect.value)
def test_a_defect_of_rows_leaves_the_rows_of_all_other_events_as_they_were(defect):
    new, gone = added(defect)
    hit = references(new) | references(gone)
    assert new or gone
    untouched = {reference for reference in submissions()[REFERENCE] if reference not in hit}
    assert len(untouched) > 0.3 * submissions()[REFERENCE].nunique()
    assert handed_over(defect).hits[defect] > 0


@pytest.mark.parametrize("defect", Defect, ids=lambda defect: defect.value)
def test_what_a_defect_hits_does_not_depend_on_another(defect):
    alone, both = handed_over(defect).rows, handed_over(defect, OTHER[defect]).rows
    others = ["cost", "frequency", "units"] if OTHER[defect] is Defect.FREQUENCY else ["component"]
    pd.testing.assert_frame_equal(alone.drop(columns=others), both.drop(columns=others))
    assert (alone["cost"] < 0).equals(both["cost"] < 0)
    assert handed_over(defect).people.equals(handed_over(defect, OTHER[defect]).people)


def test_with_all_defects_each_hits_as_many_as_alone():
    """Only pieces of stays, which other defects make, may be more."""
    every = [defect for defect in Defect if defect is not Defect.TRUNCATED]
    together, pieces = handed_over(*every).hits, {Defect.CHANGED, Defect.FINANCIAL_YEAR}
    for defect in every:
        alone = handed_over(defect).hits[defect]
        assert together[defect] == alone or (defect in pieces and alone < together[defect] <= 1.2 * alone)


def test_only_earlier_submissions_are_changed_and_the_last_is_right():
    before, after = changed(Defect.CHANGED)
    last = submissions().drop_duplicates([REFERENCE, Field.STARTS], keep="last").index
    assert not set(before.index) & set(last)
    ends = before[Field.ENDS] != after[Field.ENDS]
    assert (after.loc[ends, Field.ENDS] < before.loc[ends, Field.ENDS]).all()
    assert (after.loc[ends, Field.ENDS] >= after.loc[ends, Field.STARTS]).all()


def test_financial_years_cut_a_stay_into_pieces_that_touch_and_that_together_are_the_stay():
    _, history, _ = borough()
    rows = handed_over(Defect.FINANCIAL_YEAR).rows
    stays = rows[rows["stay"] >= 0].drop_duplicates(["stay", "starts"], keep="last").sort_values(["stay", "starts"])
    cut = stays[stays["stay"].duplicated(keep=False)]
    assert cut["stay"].nunique() == handed_over(Defect.FINANCIAL_YEAR).hits[Defect.FINANCIAL_YEAR] > 10
    for stay, pieces in cut.groupby("stay"):
        starts = [date_of(day) for day in pieces["starts"]]
        assert starts[0] == history.stays.loc[stay, "entered"].date()
        assert {(day.month, day.day) for day in starts[1:]} == {(4, 1)}
        assert (pieces["ends"].iloc[:-1] + 1).tolist() == pieces["starts"].iloc[1:].tolist()
        left = history.stays.loc[stay, "left"]
        assert pieces["ends"].iloc[-1] == OPEN if pd.isna(left) else date_of(pieces["ends"].iloc[-1]) == left.date()


def test_what_vanished_was_open_when_it_was_last_seen_and_ended_within_the_next_quarter():
    new, gone = added(Defect.VANISHED)
    assert not new
    rows, truth = handed_over(Defect.VANISHED).rows, handed_over().rows
    ends = truth[truth["stay"] >= 0].groupby("event")["ends"].min()
    closes = handed_over().periods.ends
    lost = [int(reference.removeprefix("E")) for reference in references(gone)]
    assert len(lost) == handed_over(Defect.VANISHED).hits[Defect.VANISHED]
    for event in lost:
        left = rows[rows["event"] == event]
        assert (left["ends"] == OPEN).all()
        assert closes[left["period"].max()] < ends[event] <= closes[left["period"].max() + 1]


def test_doubled_rows_are_alike_and_share_the_cost():
    new, gone = added(Defect.DOUBLE_UP)
    cost = COLUMNS.index(Field.UNIT_COST)
    assert len(new) == 2 * sum(gone.values())
    parts = dict.fromkeys((row[:cost] + row[cost + 1 :] for row in gone), 0.0)
    for row in new:
        parts[row[:cost] + row[cost + 1 :]] += float(row[cost])
    for row in gone:
        assert parts[row[:cost] + row[cost + 1 :]] == pytest.approx(float(row[cost]), abs=0.011)


def test_services_overlap_by_two_weeks_at_most_or_are_care_at_home_within_a_stay():
    before, after = handed_over().rows, handed_over(Defect.OVERLAPPING).rows
    truth = before[before["stay"] >= 0].groupby("stay")["ends"].min()
    late = after[after["stay"] >= 0].groupby("stay")["ends"].min() - truth
    assert late.between(0, 14).all()
    assert (late > 0).sum() >= 3
    care = after[after["location"] == "Home care agency"].drop_duplicates("event", keep="last").set_index("event")
    assert len(care) > 3
    within = before.groupby("event").agg({"starts": "first", "ends": "min"}).loc[care.index]
    assert (care["starts"] > within["starts"]).all()
    assert (care["ends"] <= within["ends"]).all()
    assert (care["component"] == words.HOME_CARE).all()


def test_misspelled_values_are_the_same_words():
    before, after = changed(Defect.STRAY)
    new = {plain(old): value for value, old in words.RELEASE_1.items()}
    for column in (Field.SERVICE_TYPE, Field.COMPONENT, Field.CLIENT_TYPE, Field.EVENT_TYPE, Field.OUTCOME):
        said = [plain(value) for value in after[column]]
        assert [plain(new.get(value, value)) for value in said] == [plain(value) for value in before[column]]
    types = set(after[Field.EVENT_TYPE])
    assert {"SERVICE", "service", " Service  "} < types


def test_people_without_nhs_numbers_have_their_councils_identifier_in_every_row():
    table = submissions(Defect.NO_NHS_NUMBER)
    numbers = table.groupby(Field.LA_PERSON)[[Field.NHS_TRACED, Field.NHS_PROVIDED]].nunique()
    assert (numbers == 1).all(axis=None)
    untraced = table[table[Field.NHS_TRACED] == ""].groupby(Field.LA_PERSON)[Field.NHS_PROVIDED].first()
    assert (untraced == "").any()
    assert (untraced != "").any()


def test_rows_about_nobody_are_copies_of_first_rows():
    new, gone = added(Defect.NOBODY)
    assert not gone
    copies = pd.DataFrame(new.elements(), columns=[str(column) for column in COLUMNS])
    ids = [str(field) for field in words.PEOPLE]
    assert (copies[ids] == "").all(axis=None)
    originals = submissions().drop_duplicates(REFERENCE).drop(columns=ids)
    others = [column for column in COLUMNS if column not in ids]
    assert not Counter(as_rows(copies, others)) - Counter(as_rows(originals, others))


def test_costs_of_other_frequencies_come_to_the_same_a_week():
    before, after = changed(Defect.FREQUENCY)
    times = after[Field.COST_FREQUENCY].map(dict(words.WEEKLY)).fillna(after[Field.UNITS].astype(float))
    weekly = after[Field.UNIT_COST].astype(float) * times
    assert set(after[Field.COST_FREQUENCY]) == {*words.WEEKLY, "Daily", "Hourly"} - {"Weekly"}
    assert (weekly - before[Field.UNIT_COST].astype(float)).abs().max() < 0.2


def test_negative_costs_are_negative_and_nothing_else():
    before, after = changed(Defect.NEGATIVE)
    assert (after[Field.UNIT_COST] == "-" + before[Field.UNIT_COST]).all()


def test_a_death_comes_before_the_end_that_is_recorded():
    rows = handed_over(Defect.LATE_END).rows
    late = rows[
        (rows["stay"] >= 0) & (rows["died"] < OPEN) & (rows["ends"] < OPEN) & (rows["outcome"] == words.DECEASED)
    ]
    gaps = (late["ends"] - late["died"]).unique()
    assert set(gaps) - {0} <= set(range(5, 121))
    assert max(gaps) > 5


def test_an_end_is_forgotten_only_of_stays_that_ended():
    before, after = changed(Defect.OPEN_END)
    assert (before[Field.ENDS] != "").all()
    assert (after[Field.ENDS] == "").all()


def test_a_truncated_extract_is_the_later_submissions_as_they_were():
    first = 12 // 3
    table, whole = submissions(Defect.TRUNCATED), submissions()
    kept = whole[whole[Field.PERIOD_ENDS] > date_of(handed_over().periods.ends[first - 1]).isoformat()]
    assert as_rows(table) == as_rows(kept)
    assert handed_over(Defect.TRUNCATED).begins == date_of(handed_over().periods.begins[first])


def test_components_are_missing_in_all_rows_of_a_service():
    before, after = changed(Defect.NO_COMPONENT)
    assert (after[Field.COMPONENT] == "").all()
    assert (before[Field.SERVICE_TYPE] == words.COMMUNITY).all()
    rest = submissions(Defect.NO_COMPONENT).drop(after.index)
    assert not set(rest[REFERENCE]) & set(after[REFERENCE])


def test_defects_are_named_one_by_one_or_all_or_none():
    assert defects_named([]) == defects_named(["none"]) == frozenset()
    assert defects_named(["all"]) == frozenset(Defect)
    assert defects_named(["double-up", "open-ends"]) == {Defect.DOUBLE_UP, Defect.OPEN_END}
    with pytest.raises(ChoiceError, match=r"'open-end' is not a defect\. Did you mean 'open-ends'"):
        defects_named(["open-end"])
    with pytest.raises(ChoiceError, match="--defect all stands alone"):
        defects_named(["all", "open-ends"])


def test_every_defect_says_what_it_is():
    assert all(defect.__doc__ and defect.__doc__.endswith(".") for defect in Defect)
    assert len({defect.__doc__ for defect in Defect}) == len(Defect)
    assert all(0 < defect.share <= 1 for defect in Defect)
