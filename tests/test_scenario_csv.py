"""People and dates that stand in CSV files."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.loader import Study, read_study

pytestmark = pytest.mark.scenario_files

FACTS = """\
start: 2026-04-01
years: 2
settings:
  community: {places: unlimited}
  home: {schemes: {old-house: {places: 3}, new-house: {places: 2}}}
routes:
  community:
    - {to: home, share: 100%, ready_after: 0 days}
demand:
  - {from: community, dates: dates.csv}
"""


def study(folder: Path, caseload: str, people: str, dates: str = "date\n2026-05-01\n2026-06-01\n") -> Study:
    (folder / "study.yaml").write_text(FACTS + caseload, encoding="utf-8")
    (folder / "people.csv").write_text(people, encoding="utf-8-sig")
    (folder / "dates.csv").write_text(dates, encoding="utf-8")
    return read_study(folder / "study.yaml")


def refused(folder: Path, caseload: str, people: str, dates: str = "date\n2026-05-01\n") -> list[str]:
    with pytest.raises(ScenarioError) as error:
        study(folder, caseload, people, dates)
    return [
        f"{fault.file.name if fault.file else ''}:{fault.line}:{fault.column} {fault.rule}"
        for fault in error.value.faults
    ]


def test_people_of_every_setting_come_from_one_file(tmp_path: Path) -> None:
    found = study(
        tmp_path,
        "caseload: people.csv",
        "setting,people,admitted,listed,for,scheme\n"
        "home,,2024-05-01,,,old-house\n"
        "home,3,,,,\n\n"
        "community,,2026-01-01,2026-02-01,home,\n",
    )
    caseload = found.options["carry-on"].scenario.caseload
    assert [person.people for person in caseload["home"]] == [None, 3]
    assert caseload["community"][0].for_ == "home"
    assert {file.name for file in found.files} == {"study.yaml", "people.csv", "dates.csv"}


def test_people_of_one_setting_come_from_its_own_file(tmp_path: Path) -> None:
    found = study(tmp_path, "caseload: {home: people.csv, community: 4}", "admitted\n2024-05-01\n2025-05-01\n")
    caseload = found.options["carry-on"].scenario.caseload
    assert (len(caseload["home"]), caseload["community"][0].people) == (2, 4)
    assert found.options["carry-on"].data["caseload"]["home"][1] == {"admitted": "2025-05-01"}


def test_a_number_of_people_of_one_date_is_as_many_people_each_with_that_date(tmp_path: Path) -> None:
    one_by_one = study(tmp_path, "caseload: {home: people.csv}", "admitted\n2024-05-01\n2024-05-01\n2025-05-01\n")
    together = study(tmp_path, "caseload: {home: people.csv}", "people,admitted\n2,2024-05-01\n1,2025-05-01\n")
    residents = compile_network(together.options["carry-on"].scenario).residents
    assert len(residents) == 3
    assert residents == compile_network(one_by_one.options["carry-on"].scenario).residents


def test_dates_are_replayed_from_a_file(tmp_path: Path) -> None:
    (source,) = study(tmp_path, "", "admitted\n").options["carry-on"].scenario.demand
    assert [date.isoformat() for date in source.dates] == ["2026-05-01", "2026-06-01"]


def test_faults_point_at_the_row_and_cell_of_the_csv_file(tmp_path: Path) -> None:
    people = "admited,scheme,listed,for\n2024-05-01,old-hose,,\n"
    assert refused(tmp_path, "caseload: {home: people.csv}", people) == [
        "people.csv:1:1 there is no column 'admited'",
        "people.csv:2:1 needs `people` or `admitted`",
        "people.csv:2:12 there is no scheme of home 'old-hose'",
    ]


def test_an_impossible_date_is_shown_in_its_cell(tmp_path: Path) -> None:
    said = refused(tmp_path, "", "admitted\n", dates="date\n2026-05-01\n2026-02-30\n")
    assert said == ["dates.csv:3:1 '2026-02-30' is not a date"]


@pytest.mark.parametrize(
    ("caseload", "people", "rule"),
    [
        ("caseload: people.csv", "admitted\n2024-05-01\n", "people.csv:1:1 the column 'setting' is missing"),
        ("caseload: people.csv", "setting,admitted\n,2024-05-01\n", "people.csv:2:1 no setting is given"),
        ("caseload: nobody.csv", "", "study.yaml:11:11 nobody.csv: there is no such file"),
        (
            "caseload: {home: people.csv}",
            "admitted\n2024-05-01,9\n",
            "people.csv:2:1 the row has 2 cells, the first row 1",
        ),
        ("caseload: {home: people.csv}", "admitted,admitted\n", "people.csv:1:1 the column 'admitted' stands twice"),
        ("caseload: {home: people.csv}", "people\n1.5\n", "people.csv:2:1 1.5 is not a whole number of 0 or more"),
    ],
)
def test_a_file_of_people_that_does_not_fit_is_refused(caseload: str, people: str, rule: str, tmp_path: Path) -> None:
    assert any(said.startswith(rule) for said in refused(tmp_path, caseload, people))
