"""Imports of nothing, of nobody who is mapped, of very few people, and of everything at once."""

from __future__ import annotations

import pandas as pd
import pytest
from records import KEY, MAPPING, care, extracted, flat, imported, noticed, told

from stepdown.calibration.cld.importing import import_cld
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import known_on
from stepdown.calibration.records.about import Said
from stepdown.calibration.records.quality import quality_data, quality_paper
from stepdown.scenarios.errors import RunError

pytestmark = pytest.mark.extremes

ROUNDED = Disclosure(rounded=True)


def test_a_folder_without_stays_is_refused(tmp_path):
    with pytest.raises(RunError, match=r"holds no stays: write one row for each stay into stays\.csv"):
        imported(tmp_path, "person,setting,start,end")


def test_an_extract_without_rows_is_refused(tmp_path):
    file, mapping = tmp_path / "extract.csv", tmp_path / "mapping.yaml"
    file.write_text(",".join(care("a", "2021-05-01")) + "\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(RunError, match=r"no row of .* is of a setting"):
        import_cld(file, mapping, Said(), KEY, None)


def test_an_extract_of_which_nobody_is_mapped_is_refused(tmp_path):
    with pytest.raises(RunError, match=r"no row of .* is of a setting: change the rules of"):
        extracted(tmp_path, [flat("a", "2021-05-01", Service_Component="Meals")])


def test_an_extract_of_requests_alone_has_no_stays(tmp_path):
    asked = care("a", "2021-05-01", "2021-05-01", Event_Type="Request", Event_Outcome="Progress to reablement/ST-Max")
    history = extracted(tmp_path, [asked, flat("b", "2021-05-01", Service_Component="")])
    assert (len(history.stays), len(history.requests), len(history.prices)) == (0, 1, 0)


def test_a_setting_that_never_occurs_is_told(tmp_path):
    history = extracted(tmp_path, [care("a", "2021-05-01")])
    found = {finding.what: finding.rows for finding in history.findings}
    assert found["there is no stay in 'flats', for which there is a rule"] == 0


def test_stays_that_all_contradict_themselves_leave_an_empty_history(tmp_path):
    history = imported(tmp_path, "person,setting,start,end\na,flats,2021-05-01,2021-04-01\nb,flats,2025-05-01,")
    assert history.stays.empty
    assert [finding.rows for finding in history.findings] == [1, 1]
    assert quality_data(history, ROUNDED)["settings"] == []


def test_counts_of_fifteen_people_are_rounded_and_those_of_three_withheld(tmp_path):
    rows = [f"p{n},{'flats' if n < 12 else 'home'},2021-01-0{1 + n % 9}," for n in range(15)]
    history = imported(tmp_path, "\n".join(["person,setting,start,end", *rows, "p0,flats,2021-03-01,2021-02-01"]))
    data = quality_data(history, ROUNDED)
    assert data["people"] == 15
    assert [(row["setting"], row["stays"]) for row in data["settings"]] == [("flats", 10), ("home", None)]
    assert data["findings"][0]["rows"] is None
    assert "| left out | stays ended before they began | fewer than 5 |" in quality_paper(history, ROUNDED)
    assert "| flats | 12 | 12 | 12 | 0 | 12 |" in quality_paper(history, Disclosure(rounded=False))


def test_stays_of_no_day_are_kept_where_they_stand_alone(tmp_path):
    rows = ["a,hospital,2021-05-01,2021-05-01", "a,flats,2021-05-01,2021-06-01", "b,hospital,2021-05-01,2021-05-01"]
    history = imported(tmp_path, "\n".join(["person,setting,start,end", *rows]))
    assert [stay[0] for stay in told(history)] == ["flats", "hospital", "hospital"]
    assert len(known_on(history, pd.Timestamp("2021-05-15").date()).stays) == 3


def test_one_person_with_many_stays_at_once_lives_in_one_place(tmp_path):
    rows = [flat("a", f"2021-04-{1 + n:02}", "", Provider_CQC_Location_Name=f"House {n}") for n in range(28)]
    history = extracted(tmp_path, rows)
    assert len(history.residents(history.ends)) == 1
    assert noticed(history, "mended: stays overlapped others") == 27
    assert history.stays["left"].notna().sum() == 27
