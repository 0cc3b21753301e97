"""What a user types to import records, and sees."""

from __future__ import annotations

import stat

import pytest
from commands import contents, typing
from records import MAPPING, care, every_quarter, flat, write_extract, write_table

from stepdown.calibration.history_files import read_history
from stepdown.calibration.records.quality import QUALITY

pytestmark = pytest.mark.command_line

WINDOW = ("--begins", "2020-04-01", "--ends", "2022-04-01")


@pytest.fixture
def stepdown(monkeypatch):
    return typing(monkeypatch)


@pytest.fixture
def tables(tmp_path):
    rows = [f"Mary{n},{'flats' if n < 12 else 'home'},0{1 + n % 9}/01/2021,,Secret Lane" for n in range(15)]
    write_table(tmp_path / "tables", "stays.csv", "\n".join(["person,setting,start,end,where to", *rows]))
    return tmp_path / "tables"


@pytest.fixture
def extract(tmp_path):
    rows = [row for n in range(8) for row in every_quarter(care(f"Mary{n}", "2021-05-01", "2021-08-01"))]
    rows += [row for n in range(8) for row in every_quarter(flat(f"Mary{n}", "2021-08-02"))]
    return write_extract(tmp_path / "cld" / "extract.csv", rows)


def test_plain_tables_are_imported_with_a_report_that_fits_a_screen(stepdown, tables, tmp_path):
    answer = stepdown("import", tables, "-o", tmp_path / "history", *WINDOW, "--name", "Northshire")
    assert answer.code == 0
    assert "Northshire: 15 stays of 15 people, from 2020-04-01 until 2022-04-01." in answer.out
    assert "fewer than 5" in answer.out
    assert "Counts are rounded to the nearest 5, and withheld under 5." in answer.out
    lines = answer.out.splitlines()
    assert max(len(line) for line in lines if not line.startswith("History: ")) <= 80
    assert f"Next: stepdown fit {tmp_path / 'history'} STUDY" in answer.err
    history = read_history(tmp_path / "history")
    assert len(history.stays) == 15
    assert [finding.kind for finding in history.findings] == ["noted"]
    assert stat.S_IMODE((tmp_path / "history").stat().st_mode) == 0o700


def test_nothing_that_is_written_or_printed_names_a_person(stepdown, tables, extract, tmp_path):
    (extract.parent / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    seen = [
        stepdown("import", tables, "-o", tmp_path / "a", *WINDOW),
        stepdown("import", extract.parent, "-o", tmp_path / "b", "--json"),
    ]
    assert [answer.code for answer in seen] == [0, 0]
    for answer in seen:
        assert "Mary" not in answer.out + answer.err
    for folder in ("a", "b"):
        assert not any(b"Mary" in content or b"Secret" in content for content in contents(tmp_path / folder).values())


def test_the_report_is_kept_beside_the_history_and_printed_as_json(stepdown, tables, tmp_path):
    answer = stepdown("import", tables, "-o", tmp_path / "history", *WINDOW, "--json")
    assert answer.data["settings"][1] == {
        "setting": "home", "stays": None, "people": None, "entered": None, "left": 0, "residents": None,
    }  # fmt: skip
    assert answer.data["people"] == 15
    assert answer.data["counts"] == "rounded to 5, and withheld under 5"
    paper = (tmp_path / "history" / QUALITY).read_text("utf-8")
    assert "| flats | 10 | 10 | 10 | 0 | 10 |" in paper
    exact = stepdown("import", tables, "-o", tmp_path / "exact", *WINDOW, "--json", "--disclosure", "exact")
    assert [row["stays"] for row in exact.data["settings"]] == [12, 3]
    made_up = stepdown("import", tables, "-o", tmp_path / "made-up", *WINDOW, "--json", "--simulated")
    assert [row["stays"] for row in made_up.data["settings"]] == [12, 3]
    assert read_history(tmp_path / "made-up").simulated


def test_an_extract_without_a_mapping_leaves_a_draft_that_is_never_overwritten(stepdown, extract, tmp_path):
    first = stepdown("import", extract.parent, "-o", tmp_path / "history")
    draft = extract.parent / "mapping.yaml"
    assert first.code == 0
    assert f"{draft} is a draft: say in it which service is which setting" in first.err
    assert not (tmp_path / "history").exists()
    text = draft.read_text("utf-8")
    second = stepdown("import", extract.parent, "-o", tmp_path / "history", "--disclosure", "exact")
    assert second.code == 0, second.err
    assert "extract" not in second.out.splitlines()[0]
    assert "cld: 16 stays of 8 people, from 2021-04-01 until 2022-01-01." in second.out
    assert draft.read_text("utf-8") == text
    other = stepdown("import", extract, "--mapping", tmp_path / "other.yaml", "--json")
    assert other.data == {"history": None, "draft": str(tmp_path / "other.yaml")}


def test_a_history_is_never_overwritten_and_the_records_are_not_read_for_it(stepdown, tables, tmp_path):
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "mine.txt").write_text("x")
    answer = stepdown("import", tables, "-o", tmp_path / "history")
    assert answer.code == 1
    assert "is not overwritten" in answer.err


def test_a_key_in_a_file_gives_people_the_same_codes_in_two_imports(stepdown, tables, tmp_path):
    key = tmp_path / "secret" / "key"
    people = []
    for number in range(2):
        answer = stepdown("import", tables, "-o", tmp_path / f"h{number}", *WINDOW, "--key", key, "-q")
        assert (answer.code, answer.err) == (0, "")
        people.append(list(read_history(tmp_path / f"h{number}").stays["person"]))
    assert people[0] == people[1]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    stepdown("import", tables, "-o", tmp_path / "h2", *WINDOW)
    assert set(read_history(tmp_path / "h2").stays["person"]).isdisjoint(people[0])
    key.write_text("short")
    assert "holds no key" in stepdown("import", tables, "-o", tmp_path / "h3", *WINDOW, "--key", key).err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 1, "nothing says when the records begin"),
        (("--begins", "soon"), 2, "'soon' is not a date"),
        ((*WINDOW, "--study", "leicester"), 3, "there is no setting of the study 'flats'"),
        ((*WINDOW, "--mapping", "m.yaml"), 2, "--mapping goes with Client Level Data"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(stepdown, tables, tmp_path, words, code, said):
    answer = stepdown("import", tables, "-o", tmp_path / "history", *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert not (tmp_path / "history").exists()
