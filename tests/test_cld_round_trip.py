"""There and back: what is made up, written as a council would hand it over and imported again, is what happened.

Most defects can be undone, and then every stay comes back with its dates. Some lose what nobody can know; of these it
is said how far the imported history may be from the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from made_up_council import borough, handed_over, whole

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.cld.importing import import_cld
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.records.about import Said
from stepdown.calibration.records.plain import import_tables
from stepdown.calibration.synthetic.cld_files import write_extract, write_mapping
from stepdown.calibration.synthetic.cld_text import Release, as_text
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.extracts import prices_of
from stepdown.calibration.synthetic.record_files import write_records

pytestmark = pytest.mark.history

LOSSY = {Defect.VANISHED, Defect.OPEN_END}
"""Defects after which nobody can know everything that happened."""

UNDONE = [defect for defect in Defect if defect not in LOSSY]

PLACE = ["group", "area", "setting", "scheme"]
STAY = [*PLACE, "entered", "left", "to"]

KEY = bytes(32)


@cache
def imported(*defects: Defect, release: Release = 2) -> CouncilHistory:
    """Return the history that is read from what the borough hands over, with such defects."""
    scenario, history, recording = borough()
    extract = handed_over(*defects)
    with TemporaryDirectory() as name:
        folder = Path(name)
        text = as_text(extract.rows, extract.people, extract.periods, release, "9001", "borough")
        write_extract(text, folder / "borough.csv")
        write_mapping(folder / "mapping.yaml", "borough", extract.begins, history.ends, scenario, recording)
        return import_cld(folder, folder / "mapping.yaml", Said(), KEY, None)


def happened(*defects: Defect) -> pd.DataFrame:
    """Return the stays that an extract with such defects can tell of: recorded, and not over before it begins."""
    _, history, recording = borough()
    stays = history.stays[history.stays["setting"].isin(list(recording.recorded))]
    return stays[~(stays["left"] < pd.Timestamp(handed_over(*defects).begins))]


def counted(stays: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    """Return stays as plain values, whoever they are of, with how often there is each."""
    plain = stays[STAY].astype("object")
    return Counter(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def differing(*defects: Defect) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the stays that did not come back, and those that came back but had not been; alike in their places."""
    truth, seen = counted(happened(*defects)), counted(imported(*defects).stays)
    return table(truth - seen), table(seen - truth)


def table(stays: Counter[tuple[Any, ...]]) -> pd.DataFrame:
    made = pd.DataFrame(stays.elements(), columns=STAY).sort_values([*PLACE, "entered"], ignore_index=True)
    return made.assign(entered=pd.to_datetime(made["entered"]), left=pd.to_datetime(made["left"]))


def days(one: pd.Series, other: pd.Series) -> list[float]:
    return (one - other).dt.days.tolist()


def found(history: CouncilHistory, words_of_it: Iterable[str]) -> int:
    """Return how many rows the findings concern that have all these words."""
    return sum(finding.rows for finding in history.findings if all(word in finding.what for word in words_of_it))


@pytest.mark.parametrize("release", [1, 2])
def test_a_clean_extract_comes_back_as_what_happened(release):
    assert counted(imported(release=release).stays) == counted(happened())
    assert len(happened()) > 150


def test_the_history_covers_the_days_and_says_that_it_is_made_up():
    history, truth = imported(), borough()[1]
    assert (history.begins, history.ends, history.name) == (truth.begins, truth.ends, "borough")
    assert history.simulated
    assert history.stays["person"].nunique() == happened()["person"].nunique()


@pytest.mark.parametrize("defect", UNDONE, ids=lambda defect: defect.value)
def test_a_defect_that_can_be_undone_leaves_no_trace_in_the_stays(defect):
    assert counted(imported(defect).stays) == counted(happened(defect))


def test_what_vanished_ends_with_the_last_period_in_which_it_was_seen():
    lost, seen = differing(Defect.VANISHED)
    hit = handed_over(Defect.VANISHED).hits[Defect.VANISHED]
    assert len(lost) == len(seen) == hit
    pd.testing.assert_frame_equal(lost[[*PLACE, "entered"]], seen[[*PLACE, "entered"]])
    assert all(0 < early <= 92 for early in days(lost["left"], seen["left"]))
    assert found(imported(Defect.VANISHED), ["vanished"]) == hit


def test_a_forgotten_end_lasts_until_it_is_no_more_submitted_and_spoils_no_other_persons_stay():
    lost, seen = differing(Defect.OPEN_END)
    history = imported(Defect.OPEN_END)
    hit = handed_over(Defect.OPEN_END).hits[Defect.OPEN_END]
    assert 0 < len(lost) == len(seen) <= 2 * hit
    until = seen["left"].fillna(pd.Timestamp(history.ends))
    assert all(-14 <= late <= 365 + 92 for late in days(until, lost["left"].fillna(pd.Timestamp(history.ends))))


def test_with_everything_wrong_at_once_nine_in_ten_stays_come_back_to_the_day():
    lost, seen = differing(*Defect)
    stays = happened(*Defect)
    assert len(lost) <= 0.1 * len(stays)
    assert len(seen) <= 0.1 * len(stays)
    assert abs(len(imported(*Defect).stays) - len(stays)) <= 0.03 * len(stays)


def test_requests_come_back_once_each_but_for_those_that_led_to_nothing():
    rows = handed_over().rows
    asked = rows[(rows["kind"] == words.REQUEST) & ~rows["outcome"].str.startswith("NFA")]
    asked = asked.drop_duplicates(["person", "starts"])
    assert len(imported().requests) == len(asked) > 100
    assert Counter(imported().requests["requested"].dt.date) == Counter(
        pd.to_datetime(asked["starts"], unit="D").dt.date
    )


PRICED = [Defect.NEGATIVE, Defect.FREQUENCY, Defect.DOUBLE_UP, Defect.STRAY]


def test_prices_are_those_that_were_paid():
    truth = prices_of(whole()[1].paid).set_index(["setting", "group"])
    seen = imported().prices
    seen = seen[seen["scheme"].isna()].set_index(["setting", "group"])
    truth = truth[truth["scheme"].isna()]
    assert set(seen.index) == set(truth.index)
    ratio = seen["mean"] / truth["mean"]
    assert ratio.between(0.9, 1.1).all()


@pytest.mark.parametrize("defect", PRICED, ids=lambda defect: defect.value)
def test_prices_do_not_depend_on_how_they_are_written_down(defect):
    clean, spoilt = imported().prices, imported(defect).prices
    pd.testing.assert_frame_equal(clean, spoilt, atol=0.3, rtol=1e-4)


def test_plain_tables_come_back_as_what_happened(tmp_path):
    """Stays of no day within others are the one thing that is lost."""
    _, history, _ = borough()
    write_records(history, tmp_path)
    seen = import_tables(tmp_path, Said(), KEY, None)
    lost, more = counted(history.stays) - counted(seen.stays), counted(seen.stays) - counted(history.stays)
    moments = (history.stays["entered"] == history.stays["left"]).sum()
    assert sum(lost.values()) + sum(more.values()) <= 4 * moments
    assert len(seen.requests) == len(history.requests.drop_duplicates(["person", "requested", "to"]))
    assert (seen.begins, seen.ends, seen.simulated) == (history.begins, history.ends, True)
    assert not seen.findings or max(finding.rows for finding in seen.findings) <= 2 * moments
