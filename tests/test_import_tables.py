"""Plain tables: what is read under which name, what is done about contradictions, and what is refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from records import KEY, OTHER_KEY, WINDOW, imported, noticed, told, write_table

from stepdown.calibration.cld.extract import open_extract
from stepdown.calibration.history import PRICES, REQUESTS, STAYS, STEPS
from stepdown.calibration.records.about import Said
from stepdown.calibration.records.columns import STAYS as STAY_COLUMNS
from stepdown.calibration.records.columns import matched
from stepdown.calibration.records.dates import MISSING, date_of, day_of
from stepdown.calibration.records.plain import import_tables
from stepdown.calibration.records.study_names import names_of_study
from stepdown.scenarios.errors import RunError, ScenarioError

pytestmark = pytest.mark.history

STAYS_HEAD = "person,setting,start,end"


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Date of admission", "entered"),
        ("START_DATE", "entered"),
        ("moved in", "entered"),
        ("DischargeDate", "left"),
        ("Client ID", "person"),
        ("NHS_Number", "person"),
        ("Ready to move on (date)", "ready"),
        ("Accommodation type", "setting"),
        ("Discharge Destination", "to"),
        ("Primary Support Reason", "group"),
    ],
)
def test_a_column_is_known_under_the_names_that_systems_give_it(heading, column):
    assert matched(["x", heading], STAY_COLUMNS) == {column: [1]}


@pytest.mark.parametrize(
    "text",
    ["2021-03-04", "04/03/2021", "4/3/21", "2021-03-04T00:00:00", "04/03/2021 00:00", "4 March 2021", "04-Mar-21",
     "20210304", "04.03.2021", "2021/03/04"],
)  # fmt: skip
def test_a_date_is_read_as_it_is_written_in_the_united_kingdom(text):
    assert date_of(day_of(text)) == dt.date(2021, 3, 4)


@pytest.mark.parametrize("text", ["", "  ", "NULL", "01/01/1900", "1900-01-01 00:00:00"])
def test_the_empty_dates_of_programs_are_no_dates(text):
    assert day_of(text) == MISSING


@pytest.mark.parametrize("text", ["31/02/2021", "03/25/2021", "soon", "2021-13-01", "44986"])
def test_what_is_no_date_is_refused_without_being_repeated(text):
    with pytest.raises(ValueError, match="this is not a date") as refused:
        day_of(text)
    assert text not in str(refused.value)


def test_stays_become_a_history_with_where_each_led(tmp_path):
    stays = """
        Client,Accommodation,Scheme,Admitted,Discharged,Moved to,Ready to move on
        a,residential,,01/05/2019,2021-03-01,,2021-02-01
        a,flats,house,01/03/2021,,,
        b,flats,house,15/06/2021,10/01/2022,Deceased,
    """
    history = imported(tmp_path, stays)
    assert told(history, "scheme", "ready") == [
        ("residential", "2019-05-01", "2021-03-01", "flats", None, "2021-02-01"),
        ("flats", "2021-03-01", None, None, "house", None),
        ("flats", "2021-06-15", "2022-01-10", "died", "house", None),
    ]
    assert (history.name, history.begins, history.ends, history.simulated) == (
        "borough", dt.date(2020, 4, 1), dt.date(2022, 4, 1), False,
    )  # fmt: skip
    assert history.findings == ()
    assert dict(history.stays.dtypes.astype("str")) == STAYS
    assert dict(history.requests.dtypes.astype("str")) == REQUESTS


@pytest.mark.parametrize(
    ("rows", "stays", "finding"),
    [
        (["a,flats,2021-05-01,2021-04-01"], [], "dropped: stays ended before they began"),
        ([",flats,2021-05-01,"], [], "dropped: rows of stays name no person"),
        (["a,,2021-05-01,"], [], "dropped: rows of stays name no person"),
        (["a,flats,,"], [], "dropped: rows of stays name no person"),
        (["a,flats,2022-05-01,"], [], "dropped: stays began after the end of the records"),
        (["a,flats,2019-05-01,2020-01-01"], [], "dropped: stays ended before the records begin"),
        (["a,flats,2021-05-01,2022-04-01"], [("flats", "2021-05-01", None, None)], "mended: stays ended after the end"),
        (["a,flats,2021-05-01,2026-01-01"], [("flats", "2021-05-01", None, None)], "mended: stays ended after the end"),
        (
            ["a,flats,2020-05-01,2021-03-31", "a,flats,2021-04-01,"],
            [("flats", "2020-05-01", None, None)],
            "joined: rows continued or repeated a stay",
        ),
        (
            ["a,home,2020-05-01,2021-05-01", "a,flats,2021-03-01,"],
            [("home", "2020-05-01", "2021-03-01", "flats"), ("flats", "2021-03-01", None, None)],
            "mended: stays overlapped others",
        ),
        (
            ["a,home,2020-05-01,", "a,flats,2021-03-01,2021-04-01"],
            [
                ("home", "2020-05-01", "2021-03-01", "flats"),
                ("flats", "2021-03-01", "2021-04-01", "home"),
                ("home", "2021-04-01", None, None),
            ],
            "mended: stays overlapped others",
        ),
    ],
)
def test_a_contradiction_is_dealt_with_by_its_rule_and_counted(tmp_path, rows, stays, finding):
    beside = "z,other,2021-06-01,"
    history = imported(tmp_path, "\n".join([STAYS_HEAD, *rows, beside]))
    assert [stay for stay in told(history) if stay[0] != "other"] == stays
    assert noticed(history, finding) == 1


@pytest.mark.parametrize(
    ("ready", "known", "finding"),
    [
        ("2021-06-15", "2021-06-15", None),
        ("2021-09-01", None, "mended: days of being ready were after the stay"),
        ("2021-03-01", "2021-05-01", "mended: days of being ready were before the stay"),
    ],
)
def test_a_day_of_being_ready_lies_within_the_stay_or_is_not_believed(tmp_path, ready, known, finding):
    history = imported(tmp_path, f"person,setting,start,end,ready\na,flats,2021-05-01,2021-08-01,{ready}")
    assert told(history, "ready") == [("flats", "2021-05-01", "2021-08-01", None, known)]
    assert finding is None or noticed(history, finding) == 1


def test_who_comes_back_within_days_after_a_stay_elsewhere_has_two_stays(tmp_path):
    rows = ["a,flats,2021-01-01,2021-02-01", "a,hospital,2021-02-01,2021-02-02", "a,flats,2021-02-02,2021-03-01"]
    history = imported(tmp_path, "\n".join([STAYS_HEAD, *rows]))
    assert [stay[:3] for stay in told(history)] == [
        ("flats", "2021-01-01", "2021-02-01"),
        ("hospital", "2021-02-01", "2021-02-02"),
        ("flats", "2021-02-02", "2021-03-01"),
    ]


def test_a_stay_said_to_lead_elsewhere_led_where_the_person_went(tmp_path):
    history = imported(tmp_path, "person,setting,start,end,to\na,home,2020-05-01,2021-05-01,left\na,flats,2021-05-02,,")
    assert told(history)[0] == ("home", "2020-05-01", "2021-05-01", "flats")
    assert noticed(history, "mended: stays were said to lead elsewhere") == 1


def test_the_gap_within_which_stays_are_one_can_be_said(tmp_path):
    stays = f"{STAYS_HEAD}\na,flats,2020-05-01,2021-03-20\na,flats,2021-04-01,"
    assert len(imported(tmp_path, stays).stays) == 2
    (tmp_path / "council.yaml").write_text("gap: 2 weeks\n", encoding="utf-8")
    assert len(imported(tmp_path, stays).stays) == 1


def test_residents_whom_the_stays_do_not_know_are_added_and_contradictions_are_counted(tmp_path):
    history = imported(
        tmp_path,
        f"{STAYS_HEAD}\na,flats,2020-05-01,\nb,flats,2020-05-01,\nc,home,2021-09-01,",
        caseload="""
            person,setting,since,on
            a,flats,2020-05-01,2021-07-01
            b,home,2020-05-01,2021-07-01
            c,flats,,2021-07-01
            d,home,2019-01-01,2021-07-01
        """,
    )
    assert sorted(told(history)) == [
        ("flats", "2020-05-01", None, None),
        ("flats", "2020-05-01", None, None),
        ("flats", "2021-07-01", "2021-09-01", "home"),
        ("home", "2019-01-01", None, None),
        ("home", "2021-09-01", None, None),
    ]
    assert noticed(history, "noted: residents of the caseload are in no stay of that day") == 2
    assert noticed(history, "noted: residents of the caseload live elsewhere") == 1
    assert noticed(history, "guessed: residents were added without the day") == 1


def test_requests_steps_and_prices_are_read_beside_stays(tmp_path):
    history = imported(
        tmp_path,
        f"{STAYS_HEAD}\na,residential,2019-05-01,",
        requests="Client ID,Date of referral,Referred to\na,15/01/2021,flats\nb,16/01/2021,flats\nc,16/01/2019,flats",
        steps="""
            case,person,stage,referred,started,completed,result
            1,a,panel,01/02/2021,,15/02/2021,agreed
            1,a,panel,01/02/2021,,15/02/2020,agreed
            2,,,01/03/2022,,15/05/2022,done
        """,
        prices='setting,price per week\nresidential,"£1,200.50"',
    )
    requests = history.requests.astype("object")
    assert list(requests["requested"].astype("str").str[:10]) == ["2021-01-15", "2021-01-16"]
    assert list(requests["from"].fillna("-")) == ["residential", "-"]
    assert list(requests["to"]) == ["flats", "flats"]
    assert requests["person"][0] == history.stays["person"][0]
    assert noticed(history, "dropped: requests were made on days that the records do not cover") == 1
    assert list(history.steps["step"]) == ["panel", "adaptation"]
    assert list(history.steps["outcome"].astype("object").fillna("-")) == ["agreed", "-"], "what ended later is open"
    assert history.steps["finished"].isna().tolist() == [False, True]
    assert noticed(history, "dropped: steps were finished or started before they began") == 1
    (price,) = history.prices.itertuples()
    assert (price.setting, price.people, price.mean, price.low, price.high) == (
        "residential",
        1,
        1200.5,
        1200.5,
        1200.5,
    )
    assert dict(history.steps.dtypes.astype("str")) == STEPS
    assert dict(history.prices.dtypes.astype("str")) == PRICES


def test_tables_in_parquet_say_the_same(tmp_path):
    text = "person,setting,start,end\na,flats,2021-01-01,2021-06-01\nb,home,2021-01-01,"
    from_csv = imported(tmp_path / "csv", text)
    folder = tmp_path / "parquet"
    folder.mkdir()
    table = pd.read_csv(tmp_path / "csv" / "stays.csv", parse_dates=["start", "end"])
    table.to_parquet(folder / "stays.parquet")
    pd.testing.assert_frame_equal(import_tables(folder, WINDOW, KEY, None).stays, from_csv.stays)


def test_a_file_as_windows_writes_it_is_read(tmp_path):
    tmp_path.joinpath("stays.csv").write_bytes("person,setting,start\na,caf\xe9,2021-01-01\n".encode("cp1252"))
    assert told(imported(tmp_path)) == [("caf\xe9", "2021-01-01", None, None)]


def test_everything_that_is_wrong_with_a_table_is_told_with_its_line_and_without_the_person(tmp_path):
    stays = f"{STAYS_HEAD}\nsecret,flats,soon,\nsecret,flats,2021-01-01,32/01/2021"
    with pytest.raises(ScenarioError) as refused:
        imported(tmp_path, stays, prices="setting,price\nflats,much\n,3")
    message = str(refused.value)
    assert "stays.csv:2:1: entered: this is not a date\n    Write year-month-day or day/month/year." in message
    assert "stays.csv:3:1: left: this is not a date" in message
    assert "prices.csv:2:1: mean: this is not a number" in message
    assert "prices.csv:3:1: a price needs a setting and pounds a week" in message
    assert not any(word in message for word in ("secret", "soon", "32/01", "much"))


@pytest.mark.parametrize(
    ("stays", "fault"),
    [
        ("person,setting\na,flats", "stays.csv:1:1: there is no column 'entered'"),
        ("person,setting,start,admitted\na,flats,2021-01-01,2021-01-01", "may both be the column 'entered'"),
        ("person,setting,start\na,flats,2021-01-01,x,y", "stays.csv:2:1: the row has 5 cells, and the first row 3"),
    ],
)
def test_a_table_of_which_nothing_can_be_told_is_refused(tmp_path, stays, fault):
    with pytest.raises(ScenarioError, match=fault):
        imported(tmp_path, stays)


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path):
    (tmp_path / "stays.parquet").write_bytes(b"person,setting,start")
    with pytest.raises(RunError, match=r"stays\.parquet is not Parquet, or it is damaged"):
        imported(tmp_path)
    (tmp_path / "extract.parquet").write_bytes(b"Event_Type")
    with pytest.raises(RunError, match=r"extract\.parquet is not Parquet, or it is damaged"):
        open_extract(tmp_path / "extract.parquet")
    write_table(tmp_path, "stays.csv", "person,setting,start\n" + "a" * 200_000 + ",flats,2021-01-01")
    with pytest.raises(ScenarioError, match=r"stays\.csv:2:1: this is not CSV"):
        imported(tmp_path)


def test_only_twenty_rows_that_are_wrong_in_the_same_way_are_shown(tmp_path):
    with pytest.raises(ScenarioError, match="5 more rows are wrong in the same way") as refused:
        imported(tmp_path, "\n".join([STAYS_HEAD, *["a,flats,soon,"] * 25]))
    assert len(refused.value.faults) == 21


def test_names_that_are_none_of_the_study_are_refused_with_the_nearest(tmp_path):
    write_table(tmp_path, "stays.csv", "person,setting,group,start,to\na,residentail,adults,2021-01-01,\n")
    with pytest.raises(ScenarioError, match="there is no setting of the study 'residentail'") as refused:
        import_tables(tmp_path, WINDOW, KEY, names_of_study("leicester"))
    assert "Did you mean 'residential'?" in str(refused.value)
    assert "there is no group of the study 'adults'" in str(refused.value)


def test_without_the_days_that_the_records_cover_nothing_is_imported(tmp_path):
    with pytest.raises(RunError, match=r"nothing says when the records end.*Write --ends DATE"):
        imported(tmp_path, f"{STAYS_HEAD}\na,flats,2021-01-01,", Said(begins=dt.date(2020, 1, 1)))
    with pytest.raises(RunError, match="the records begin on 2021-01-01, and end before 2020-01-01"):
        imported(tmp_path, "", Said(begins=dt.date(2021, 1, 1), ends=dt.date(2020, 1, 1)))


def test_the_file_beside_the_tables_says_what_they_cannot(tmp_path):
    council = "name: Northshire\nbegins: 2020-01-01\nends: 2022-01-01\nsimulated: true\n"
    (tmp_path / "council.yaml").write_text(council, encoding="utf-8")
    history = imported(tmp_path, f"{STAYS_HEAD}\na,flats,2021-01-01,", Said(ends=dt.date(2023, 1, 1)))
    assert (history.name, history.begins, history.ends, history.simulated) == (
        "Northshire", dt.date(2020, 1, 1), dt.date(2023, 1, 1), True,
    )  # fmt: skip
    (tmp_path / "council.yaml").write_text("nmae: x\nends: soon\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="Did you mean 'name'") as refused:
        imported(tmp_path)
    assert len(refused.value.faults) == 2


def test_the_order_of_rows_does_not_depend_on_the_key_of_codes(tmp_path):
    rows = [f"p{n},flats,2021-0{1 + n % 3}-01," for n in range(40)]
    rows += [f"p{n},home,2020-04-0{1 + n % 2},2020-0{6 + n % 2}-01" for n in range(40)]
    one = imported(tmp_path, "\n".join([STAYS_HEAD, *rows]))
    other = imported(tmp_path, key=OTHER_KEY)
    again = imported(tmp_path, "\n".join([STAYS_HEAD, *reversed(rows)]))
    assert not set(one.stays["person"]) & set(other.stays["person"])
    pd.testing.assert_frame_equal(one.stays.drop(columns="person"), other.stays.drop(columns="person"))
    assert list(pd.factorize(one.stays["person"])[0]) == list(pd.factorize(other.stays["person"])[0])
    pd.testing.assert_frame_equal(one.stays, again.stays)
