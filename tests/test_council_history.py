"""A council's history: what is known on a date, what is kept in files, and which counts may be shown."""

from __future__ import annotations

import datetime as dt
import json
import stat

import pandas as pd
import pytest

from stepdown.calibration.disclosure import disclosure_of
from stepdown.calibration.history import STAYS, STEPS, CouncilHistory, Finding, known_on, typed
from stepdown.calibration.history_files import ABOUT, read_history, write_history
from stepdown.scenarios.errors import RunError

pytestmark = pytest.mark.history


def a_history() -> CouncilHistory:
    stays = pd.DataFrame(
        [
            ("a", "adults", "residential", "2019-05-01", "2021-02-01", "2021-03-01", "flats"),
            ("a", "adults", "flats", "2021-03-01", None, None, None),
            ("b", "adults", "flats", "2021-06-15", "2022-01-10", "2022-01-10", "left"),
        ],
        columns=["person", "group", "setting", "entered", "ready", "left", "to"],
    )
    steps = pd.DataFrame(
        [("1", "a", "panel", "2021-02-01", "2021-02-14", "2021-02-14", "done")],
        columns=["case", "person", "step", "queued", "started", "finished", "outcome"],
    )
    findings = (Finding("dropped", "two rows were about carers", 2),)
    return CouncilHistory(
        "borough", dt.date(2021, 1, 1), dt.date(2023, 1, 1), True, "made by hand", typed(stays, STAYS),
        steps=typed(steps, STEPS), findings=findings,
    )  # fmt: skip


def test_nothing_has_happened_yet_that_happens_on_a_date_or_after_it():
    known = known_on(a_history(), dt.date(2021, 3, 1))
    assert known.ends == dt.date(2021, 3, 1)
    (stay,) = known.stays.itertuples()
    assert (stay.person, stay.setting) == ("a", "residential")
    assert pd.isna(stay.left)
    assert pd.isna(stay.to)
    assert stay.ready == pd.Timestamp("2021-02-01")
    assert list(known.steps["outcome"]) == ["done"]
    earlier = known_on(a_history(), dt.date(2021, 2, 10))
    assert earlier.steps["finished"].isna().all()
    assert earlier.steps["outcome"].isna().all()


def test_what_is_known_at_the_end_is_everything():
    history = a_history()
    known = known_on(history, history.ends)
    pd.testing.assert_frame_equal(known.stays, history.stays)
    pd.testing.assert_frame_equal(known.steps, history.steps)


def test_a_date_outside_of_what_the_records_cover_is_refused():
    with pytest.raises(ValueError, match="is not after 2021-01-01 and up to 2023-01-01"):
        known_on(a_history(), dt.date(2021, 1, 1))


def test_residents_are_those_who_have_come_and_not_yet_left():
    history = a_history()
    assert list(history.residents(dt.date(2021, 3, 1))["setting"]) == ["residential"]
    assert sorted(history.residents(dt.date(2021, 6, 16))["person"]) == ["a", "b"]
    assert list(history.residents(dt.date(2022, 1, 11))["person"]) == ["a"]


def test_a_history_is_read_as_it_was_written_by_its_owner_alone(tmp_path):
    history = a_history()
    write_history(history, tmp_path / "past")
    again = read_history(tmp_path / "past")
    for name in ("stays", "requests", "steps", "prices"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(history, name))
    assert (again.name, again.begins, again.ends, again.simulated, again.findings) == (
        history.name, history.begins, history.ends, True, history.findings,
    )  # fmt: skip
    assert stat.S_IMODE((tmp_path / "past").stat().st_mode) == 0o700
    assert [file.name for file in tmp_path.iterdir()] == ["past"]


def test_a_history_never_overwrites_another_and_is_never_half_there(tmp_path):
    history = a_history()
    write_history(history, tmp_path / "past")
    with pytest.raises(RunError, match="is not overwritten"):
        write_history(history, tmp_path / "past")
    (tmp_path / "past" / ABOUT).write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match="is not as 'stepdown import' left it"):
        read_history(tmp_path / "past")
    with pytest.raises(RunError, match="holds no history"):
        read_history(tmp_path)


def test_a_history_of_another_version_is_refused(tmp_path):
    write_history(a_history(), tmp_path / "past")
    about = json.loads((tmp_path / "past" / ABOUT).read_text("utf-8"))
    (tmp_path / "past" / ABOUT).write_text(json.dumps(about | {"version": 99}), encoding="utf-8")
    with pytest.raises(RunError, match="another version"):
        read_history(tmp_path / "past")


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (7, "5"), (8, "10"), (1234, "1,235")],
)
def test_counts_of_real_people_are_rounded_to_five_and_small_ones_withheld(count, shown):
    assert disclosure_of(simulated=False, asked=None).words(count) == shown
    assert disclosure_of(simulated=True, asked=None).words(count) == f"{count:,}"
    assert disclosure_of(simulated=True, asked="rounded").words(count) == shown
    assert disclosure_of(simulated=False, asked="exact").words(count) == f"{count:,}"


def test_a_share_of_real_people_is_one_of_the_counts_that_are_shown():
    rounded = disclosure_of(simulated=False, asked=None)
    assert rounded.share(13, 21) == 15 / 20
    assert rounded.share(3, 21) is None
    assert rounded.share(22, 22) == 1.0
    assert disclosure_of(simulated=True, asked=None).share(3, 12) == 0.25
