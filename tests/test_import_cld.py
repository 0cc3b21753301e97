"""Client Level Data: a hand-made extract with each thing that is known to be wrong with it, and what it tells of."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from records import (
    KEY,
    MAPPING,
    OTHER_KEY,
    care,
    every_quarter,
    extracted,
    flat,
    noticed,
    people_of,
    told,
    write_extract,
)

from stepdown.calibration.cld import costs
from stepdown.calibration.cld.extract import Texts
from stepdown.calibration.cld.importing import import_cld
from stepdown.calibration.cld.vocabulary import RELEASE_1, Field
from stepdown.calibration.history import PRICES, REQUESTS, STAYS
from stepdown.calibration.records.about import Said
from stepdown.scenarios.errors import RunError, ScenarioError

pytestmark = pytest.mark.history

HOME_CARE = {"Service_Component": "Home support or domiciliary care", "Provider_CQC_Location_Name": ""}


def test_a_service_that_was_submitted_every_quarter_is_one_stay(tmp_path):
    history = extracted(tmp_path, every_quarter(care("a", "2021-05-01", "2021-11-01", Event_Outcome="NFA: Other")))
    assert told(history) == [("residential", "2021-05-01", "2021-11-01", "left")]
    assert noticed(history, "joined: rows repeated a service") == 2
    assert (history.begins, history.ends) == (dt.date(2020, 4, 1), dt.date(2022, 1, 1))
    assert dict(history.stays.dtypes.astype("str")) == STAYS


def test_the_most_recent_submission_counts_and_of_that_one_that_goes_on(tmp_path):
    first = care("a", "2021-05-01", "2021-06-01", quarter=0)
    later = [care("a", "2021-05-01", "2021-10-01"), care("a", "2021-05-01", "")]
    assert told(extracted(tmp_path, [*later, first])) == [("residential", "2021-05-01", None, None)]
    assert told(extracted(tmp_path, [first, later[0]])) == [("residential", "2021-05-01", "2021-10-01", None)]


def test_a_person_who_moves_goes_where_the_next_stay_is(tmp_path):
    rows = [*every_quarter(care("a", "2019-05-01", "2021-08-01")), *every_quarter(flat("a", "2021-08-02"))]
    assert told(extracted(tmp_path, rows), "scheme") == [
        ("residential", "2019-05-01", "2021-08-01", "flats", None),
        ("flats", "2021-08-02", None, None, "House"),
    ]


def test_services_restarted_at_a_financial_year_are_one_stay(tmp_path):
    rows = [
        care("a", "2020-05-01", "2021-03-31", quarter=0),
        *every_quarter(care("a", "2021-04-01", "2021-11-01")),
    ]
    history = extracted(tmp_path, rows)
    assert told(history) == [("residential", "2020-05-01", "2021-11-01", None)]
    assert noticed(history, "joined: rows continued or repeated a stay") == 1


def test_a_service_that_vanishes_ends_with_its_last_period_and_is_counted(tmp_path):
    rows = [
        care("a", "2019-05-01", quarter=0),
        *every_quarter(flat("a", "2021-08-20")),
        *every_quarter(care("b", "2020-06-01")),
    ]
    history = extracted(tmp_path, rows)
    assert told(history)[0] == ("residential", "2019-05-01", "2021-06-30", "flats"), (
        "the next stay began in that quarter"
    )
    assert noticed(history, "guessed: services vanished from the return without an end") == 1


def test_a_vanished_service_of_somebody_who_died_meanwhile_ended_with_the_death(tmp_path):
    died = flat("a", "2020-05-01", "2020-06-01", Date_of_Death="2021-07-07")
    rows = [care("a", "2020-06-01", quarter=0), died, care("b", "2020-06-01", quarter=1)]
    assert told(extracted(tmp_path, rows))[1] == ("residential", "2020-06-01", "2021-07-07", "died")


@pytest.mark.parametrize("ends", ["", "2021-10-20"])
def test_a_death_before_the_recorded_end_replaces_it(tmp_path, ends):
    history = extracted(tmp_path, [care("a", "2021-05-01", ends, Date_of_Death="2021-09-09")])
    assert told(history) == [("residential", "2021-05-01", "2021-09-09", "died")]
    assert noticed(history, "mended: services ended after the person had died") == bool(ends)


def test_services_after_a_death_are_left_out(tmp_path):
    rows = [care("a", "2021-05-01", "2021-09-09", Date_of_Death="2021-09-09"), flat("a", "2021-10-01")]
    history = extracted(tmp_path, rows)
    assert [stay[0] for stay in told(history)] == ["residential"]
    assert noticed(history, "dropped: services began after the person had died") == 1


def test_double_up_care_is_one_stay_at_the_price_of_both(tmp_path):
    cost = {"Unit_Cost": "300", "Cost_Frequency_Unit_Type": "Weekly"}
    history = extracted(tmp_path, [flat("a", "2021-05-01", **cost)] * 2)
    assert told(history) == [("flats", "2021-05-01", None, None)]
    assert set(history.prices["mean"]) == {600.0}
    for number in range(2):
        write_extract(tmp_path / "twice" / f"{number}.csv", [flat("a", "2021-05-01", **cost)] * 2)
    history = import_cld(tmp_path / "twice", tmp_path / "mapping.yaml", Said(), KEY, None)
    assert set(history.prices["mean"]) == {600.0}, "the same file once more costs nothing"


def test_of_several_services_at_once_the_place_that_stands_first_decides(tmp_path):
    at_home = flat("a", "2021-04-10", **HOME_CARE)
    rows = [at_home, flat("a", "2021-06-01", "2021-10-01"), care("a", "2021-07-01", "2021-08-01")]
    history = extracted(tmp_path, rows)
    assert told(history) == [
        ("home", "2021-04-10", "2021-06-01", "flats"),
        ("flats", "2021-06-01", "2021-07-01", "residential"),
        ("residential", "2021-07-01", "2021-08-01", "flats"),
        ("flats", "2021-08-01", "2021-10-01", "home"),
        ("home", "2021-10-01", None, None),
    ]
    other = extracted(tmp_path, rows, MAPPING + "priority: [home]\n")
    assert [stay[:3] for stay in told(other)] == [("home", "2021-04-10", None)]


def test_a_service_that_ends_weeks_late_gives_way_to_the_next(tmp_path):
    rows = [care("a", "2021-04-10", "2021-07-14"), flat("a", "2021-07-01")]
    history = extracted(tmp_path, rows)
    assert told(history)[0] == ("residential", "2021-04-10", "2021-07-01", "flats")
    assert noticed(history, "mended: stays overlapped others") == 1


def test_stray_case_blanks_and_release_1_are_read_alike(tmp_path):
    rows = [care("a", "2021-05-01", "2021-07-01"), flat("a", "2021-07-01")]
    stray = [
        {name.replace("_", " "): f"  {RELEASE_1.get(value, value).upper()} " for name, value in row.items()}
        for row in rows
    ]
    for row in stray:
        row["LA Person Unique Identifier"] = "a"
        row["Provider CQC Location Name"] = "House" if row["Provider CQC Location Name"].strip() else ""
    pd.testing.assert_frame_equal(extracted(tmp_path, stray).stays, extracted(tmp_path, rows).stays)


def test_a_person_is_the_first_number_that_is_present(tmp_path):
    traced, provided = str(Field.NHS_TRACED), str(Field.NHS_PROVIDED)
    rows = [
        care("1", "2021-05-01", "2021-06-01", **{traced: "T", provided: "P"}),
        care("2", "2021-07-01", "2021-08-01", **{traced: "T"}),
        care("3", "2021-05-01", "2021-06-01", **{provided: "P"}),
        care("4", "2021-05-01", "2021-06-01"),
    ]
    assert len(list(people_of(extracted(tmp_path, rows)))) == 3


def test_a_forgotten_number_is_taken_from_other_rows_of_the_same_council_number(tmp_path):
    named = {str(Field.NHS_TRACED): "T"}
    rows = [*every_quarter(care("1", "2021-05-01", **named))[:2], care("1", "2021-05-01"), care("2", "2021-05-01")]
    history = extracted(tmp_path, rows)
    assert len(list(people_of(history))) == 2
    assert noticed(history, "guessed: rows had the council's number alone") == 1


def test_rows_of_nobody_carers_and_other_events_are_left_out(tmp_path):
    rows = [
        care("a", "2021-05-01"),
        care("", "2021-05-01"),
        care("b", "2021-05-01", Client_Type="Unpaid carer"),
        care("c", "2021-05-01", Event_Type="Review"),
        care("d", "soon"),
        care("e", "2021-05-01", "soon"),
        care("f", "2021-05-01", "2021-04-01"),
        flat("g", "2021-05-01", Service_Component="Day support"),
        flat("h", "2021-05-01", Service_Component=""),
        care("i", "2023-05-01"),
    ]
    history = extracted(tmp_path, rows)
    assert told(history) == [("residential", "2021-05-01", None, None)]
    for finding in (
        "rows say nothing of who they are about",
        "rows are about carers",
        "rows have no day on which they began",
        "rows have an end that is no date",
        "rows ended before they began",
        "services are no place to live",
        "services without a component are no place to live",
        "stays began after the end of the records",
    ):
        assert noticed(history, f"dropped: {finding}") == 1, finding


def test_a_missing_component_is_that_of_other_rows_of_the_service(tmp_path):
    first, *later = every_quarter(flat("a", "2021-05-01"))
    history = extracted(tmp_path, [first | {"Service_Component": ""}, *later])
    assert told(history) == [("flats", "2021-05-01", None, None)]
    assert noticed(history, "guessed: services had no component") == 1


def test_a_service_that_goes_on_under_another_component_did_not_end(tmp_path):
    first, *later = every_quarter(flat("a", "2021-05-01"))
    history = extracted(tmp_path, [first, *(row | HOME_CARE for row in later)])
    assert told(history) == [("home", "2021-05-01", None, None)]
    assert noticed(history, "joined: services went on under another component") == 1


def test_an_end_that_is_a_guess_gives_way_to_a_stay_that_began_before_it(tmp_path):
    left_open = every_quarter(care("a", "2021-04-10"))[:2]
    history = extracted(tmp_path, [*left_open, *every_quarter(flat("a", "2021-05-20"))])
    assert told(history) == [
        ("residential", "2021-04-10", "2021-05-20", "flats"),
        ("flats", "2021-05-20", None, None),
    ]


def test_an_end_after_the_reference_period_is_a_plan(tmp_path):
    history = extracted(tmp_path, [care("a", "2021-05-01", "2022-09-01")])
    assert told(history) == [("residential", "2021-05-01", None, None)]
    assert noticed(history, "mended: services were to end after their reference period") == 1


@pytest.mark.parametrize(
    ("cost", "frequency", "units", "per_week"),
    [
        ("700", "Weekly", "", 700.0),
        ("-700", "weekly", "", 700.0),
        ("£1,400.00", "Fortnightly", "", 700.0),
        ("2800", "4-weekly", "", 700.0),
        ("3000", "Monthly", "", 3000 * 12 / 52),
        ("9100", "Quarterly", "", 700.0),
        ("36400", "Annually", "9", 700.0),
        ("100", "Daily", "7", 700.0),
        ("20", "Hourly", "-35", 700.0),
        ("50", "Per session", "2", 100.0),
        ("50", "Per session", "", None),
        ("5000", "One-off", "1", None),
        ("", "Weekly", "1", None),
        ("0", "Weekly", "1", None),
    ],
)
def test_costs_become_pounds_a_week(cost, frequency, units, per_week):
    cells = {Field.UNIT_COST: cost, Field.COST_FREQUENCY: frequency, Field.UNITS: units}
    batch = {name: Texts(np.array([0 if text else -1]), [text]) for name, text in cells.items()}
    (price,) = costs.per_week(batch, 1)
    assert price == pytest.approx(np.nan if per_week is None else per_week, nan_ok=True)


def test_a_service_beside_the_place_where_somebody_lives_is_no_price_of_another_setting(tmp_path):
    cost = {"Unit_Cost": "300", "Cost_Frequency_Unit_Type": "Weekly"}
    rows = [flat("a", "2021-05-01", **cost), flat("a", "2021-06-01", **HOME_CARE, **cost)]
    assert set(extracted(tmp_path, rows).prices["setting"]) == {"flats"}


def test_prices_are_of_settings_and_schemes_by_group_from_the_last_year(tmp_path):
    cost = {"Cost_Frequency_Unit_Type": "Weekly", "Unit_Cost": "100"}
    rows = [flat(f"p{n}", "2021-05-01", **cost | {"Unit_Cost": str(100 * n)}) for n in range(1, 12)]
    mapping = MAPPING + "groups: {Mental health support: mental}\n"
    found = extracted(tmp_path, rows, mapping).prices
    assert dict(found.dtypes.astype("str")) == PRICES
    prices = found.astype("object").fillna("-")
    assert prices[["setting", "scheme", "group", "people", "mean", "low", "high"]].to_numpy().tolist() == [
        ["flats", "-", "mental", 11, 600.0, 200.0, 1000.0],
        ["flats", "House", "mental", 11, 600.0, 200.0, 1000.0],
    ]


def test_requests_come_from_where_the_person_lives_and_those_in_vain_are_left_out(tmp_path):
    def asked(person, day, outcome):
        service = {"Event_Type": "request", "Service_Type": "", "Event_Outcome": outcome}
        return care(person, day, day, **service)

    rows = [
        *every_quarter(care("a", "2019-05-01")),
        *every_quarter(asked("a", "2021-05-05", "Progress to assessment, review or reassessment")),
        asked("b", "2021-06-05", "Progress to support planning / services"),
        asked("c", "2021-06-06", "NFA: Support declined"),
    ]
    history = extracted(tmp_path, rows)
    requests = history.requests.astype("object").fillna("-")
    assert [(row.requested.date().isoformat(), row[5]) for row in requests.itertuples()] == [
        ("2021-05-05", "residential"),
        ("2021-06-05", "-"),
    ]
    assert noticed(history, "joined: rows repeated a request") == 2
    assert noticed(history, "dropped: requests led to no assessment") == 1
    assert dict(history.requests.dtypes.astype("str")) == REQUESTS


def test_groups_areas_and_exits_are_those_of_the_mapping(tmp_path):
    mapping = MAPPING + (
        "groups: {Mental health support: mental_health}\nareas: {BOROUGH: city}\n"
        "exits: {Admitted to hospital: hospital}\n"
    )
    reasons = {"b": "Learning disability support", "c": "Unknown", "d": ""}
    rows = [care("a", "2021-05-01", "2021-06-01", Event_Outcome="Admitted to hospital")]
    rows += [care(person, "2021-06-01", Primary_Support_Reason=reason) for person, reason in reasons.items()]
    history = extracted(tmp_path, rows, mapping)
    assert told(history, "group", "area") == [
        ("residential", "2021-05-01", "2021-06-01", "hospital", "mental_health", "city"),
        ("residential", "2021-06-01", None, None, None, "city"),
        ("residential", "2021-06-01", None, None, None, "city"),
    ]
    assert noticed(history, "dropped: rows are about people of other groups") == 1


def test_files_without_periods_need_them_in_the_mapping(tmp_path):
    rows = [
        {**row, "Reporting_Period_Start_Date": "", "Reporting_Period_End_Date": ""}
        for row in every_quarter(care("a", "2021-05-01"))
    ]
    for number, row in enumerate(rows[:2], 1):
        write_extract(tmp_path / "files" / f"q{number}.csv", [row])
    mapping = tmp_path / "files" / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    said = Said(ends=dt.date(2022, 1, 1))
    with pytest.raises(RunError, match="2 files do not say of which reference period they are"):
        import_cld(tmp_path / "files", mapping, said, KEY, None)
    periods = (
        "periods:\n  q1.csv: {begins: 2021-04-01, ends: 2021-06-30}\n  q2.csv: {begins: 2021-04-01, ends: 2021-09-30}\n"
    )
    mapping.write_text(MAPPING + periods, encoding="utf-8")
    history = import_cld(tmp_path / "files", mapping, Said(), KEY, None)
    assert told(history) == [("residential", "2021-05-01", None, None)]
    assert history.ends == dt.date(2021, 10, 1)


def test_parquet_says_the_same_as_csv(tmp_path):
    rows = [*every_quarter(care("a", "2021-05-01", "2021-11-01")), *every_quarter(flat("b", "2021-08-01"))]
    expected = extracted(tmp_path, rows)
    table = pd.read_csv(tmp_path / "extract.csv", parse_dates=["Event_Start_Date", "Event_End_Date"])
    table.to_parquet(tmp_path / "extract.parquet")
    history = import_cld(tmp_path / "extract.parquet", tmp_path / "mapping.yaml", Said(), KEY, None)
    pd.testing.assert_frame_equal(history.stays, expected.stays)


def test_codes_are_the_same_only_under_the_same_key(tmp_path):
    rows = [care(f"p{n}", f"2021-05-0{1 + n % 4}", "2021-09-01") for n in range(12)]
    one, same, other = (extracted(tmp_path, rows, key=key) for key in (KEY, KEY, OTHER_KEY))
    pd.testing.assert_frame_equal(one.stays, same.stays)
    assert not set(one.stays["person"]) & set(other.stays["person"])
    pd.testing.assert_frame_equal(one.stays.drop(columns="person"), other.stays.drop(columns="person"))


def test_columns_that_an_extract_lacks_are_told_at_once(tmp_path):
    with pytest.raises(ScenarioError) as refused:
        extracted(tmp_path, [{"Event_Start_Date": "2021-05-01", "Event_Type": "Service", "Service_Typ": "x"}])
    message = str(refused.value)
    assert "there is no column 'Event_End_Date'" in message
    assert "there is no column 'Service_Type'" in message
    assert "Did you mean 'Service_Typ'?" in message
    assert "there is no column 'Service_Component'" in message
    assert "nothing tells people apart" in message


def test_rows_of_another_width_are_counted(tmp_path):
    file = write_extract(tmp_path / "extract.csv", [care("a", "2021-05-01")])
    file.write_text(file.read_text("utf-8") + "one,cell,too,few\n", encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    history = import_cld(file, tmp_path / "mapping.yaml", Said(), KEY, None)
    assert len(history.stays) == 1
    assert noticed(history, "dropped: rows of extract.csv have another number of cells") == 1
