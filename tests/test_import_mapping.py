"""The mapping from services to settings: what is refused, and the draft of one that is written for an extract."""

from __future__ import annotations

import pytest
from records import MAPPING, care, flat, write_extract

from stepdown.calibration.cld.draft import draft_mapping
from stepdown.calibration.cld.importing import mapping_of
from stepdown.calibration.cld.mapping import LEFT, read_mapping
from stepdown.calibration.cld.vocabulary import ACCOMMODATION, OTHER_SPELLINGS, RELEASE_1, Field, as_release_2, plain
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.records.study_names import names_of_study
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.schema import DIED

pytestmark = pytest.mark.history

ROUNDED, EXACT = Disclosure(rounded=True), Disclosure(rounded=False)


def refused(tmp_path, text, study=None):
    file = tmp_path / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_mapping(file, names_of_study(study) if study else None)
    return [str(fault).replace(f"{file}:", "") for fault in error.value.faults]


def test_every_fault_of_a_mapping_is_told_with_its_place_and_a_remedy(tmp_path):
    faults = refused(
        tmp_path,
        "rulez: 3\ngroups: [a]\nends: soon\nrules:\n"
        "  - {where: 3, setting: a}\n  - {setting: b}\n  - {where: {X: {y: 1}}, setting: c, scheme: 3}\n",
    )
    for place, rule, remedy in [
        ("1:1", "there is no key 'rulez' here", "Did you mean 'rules'?"),
        ("2:9", "a list stands where keys with values are needed", "Write a map"),
        ("3:7", "'soon' is not a date", "Write year-month-day"),
        ("5:13", "3 stands where keys with values are needed", "Write a map"),
        ("6:5", "needs `where`", "where: Columns with the value"),
        ("7:17", "a condition is a value or a list of values", "Write [one, another]"),
        ("7:46", "a scheme is a name, or the column that holds it", "Write {column: Provider_CQC_Location_Name}"),
    ]:
        assert any(place in fault and rule in fault and remedy in fault for fault in faults), (place, faults)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("name: x", "there is no rule"),
        (MAPPING + "priority: [flat]", "there is no rule for the setting 'flat'"),
        (MAPPING + "priority: [flats, flats]", "'flats' stands twice"),
        (MAPPING + "ends: 2019-01-01", "the records end on 2019-01-01, and begin on 2020-04-01"),
        (MAPPING + "periods: {q1.csv: {begins: 2021-07-01, ends: 2021-06-30}}", "the period ends on 2021-06-30"),
        (MAPPING + "  - {where: {Service_Type: a, service type: b}, setting: home}", "a column stands twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, rule):
    (fault,) = refused(tmp_path, text)
    assert rule in fault


def test_names_that_are_none_of_the_study_are_refused_with_the_nearest(tmp_path):
    text = (
        "rules:\n  - {where: {}, setting: residentail, scheme: orchard_house}\n"
        "groups: {Mental health support: mental-health}\nareas: {x: Leister}\nexits: {NFA - Other: gone}\n"
    )
    faults = "\n".join(refused(tmp_path, text, "leicester"))
    for said in (
        "'residential'?",
        "'orchard-house'?",
        "'mental_health'?",
        "'Leicester'?",
        "destination of the study 'gone'",
    ):
        assert said in faults


def test_a_mapping_says_who_leaves_and_who_died_if_nothing_else_is_said(tmp_path):
    file = tmp_path / "mapping.yaml"
    file.write_text(MAPPING, encoding="utf-8")
    mapping = read_mapping(file)
    assert mapping.exits["NFA: Deceased"] == DIED
    assert mapping.exits["NFA: Support ended as planned"] == LEFT
    assert "Continuation of support or services" not in mapping.exits
    assert mapping.settings == ("residential", "flats", "home")
    assert mapping.gap == 3


def test_both_releases_spell_a_value_alike_once_it_is_read():
    for value, spelled in RELEASE_1.items():
        assert as_release_2(f" {spelled.upper()} ") == value
    assert as_release_2(" Something else ") == "Something else"
    assert plain("Cost Frequency (Unit Type)") == plain(Field.COST_FREQUENCY)
    assert plain("Support with Memory & Cognition") == plain("Support with memory and cognition")
    fields = [plain(name) for field in Field for name in (field, *OTHER_SPELLINGS.get(field, ()))]
    assert len(set(fields)) == len(fields), "a spelling stands for two fields"
    assert len({(kind, component) for kind, component, _ in ACCOMMODATION}) == len(ACCOMMODATION)


def extract_with_services(folder):
    rows = [care(f"c{n}", "2021-05-01") for n in range(12)]
    rows += [flat(f"f{n}", "2021-05-01", Service_Type=" long term support:COMMUNITY") for n in range(3)]
    rows += [flat(f"f{n}", "2021-05-01", Service_Component="Day's out") for n in range(7)]
    return write_extract(folder / "extract.csv", rows + rows)


def test_a_draft_lists_what_was_found_with_counts_of_people_that_may_be_shown(tmp_path):
    source = extract_with_services(tmp_path)
    draft_mapping(source, mapping_of(source), None, ROUNDED)
    text = (tmp_path / "mapping.yaml").read_text("utf-8")
    assert (
        "Service_Type: 'Long term support: Residential care', Service_Component: ''}  # 10\n    setting: residential"
        in text
    )
    assert "Service_Component: 'Community supported living'}  # fewer than 5\n    setting: supported_living" in text
    assert "Service_Component: 'Day''s out'}, setting: ?}  # 5\n" in text
    assert "#   'Mental health support': ?  # 20" in text
    assert "#   'Borough': ?  # 20" in text
    assert "simulated: false" in text


def test_a_draft_can_be_read_as_it_is_and_proposes_settings_of_the_study(tmp_path):
    source = extract_with_services(tmp_path)
    draft_mapping(source, tmp_path / "a.yaml", names_of_study("leicester"), EXACT)
    text = (tmp_path / "a.yaml").read_text("utf-8")
    assert "# The settings of the study: hospital, residential, intensive, transitional, independent" in text
    assert "}  # 12\n    setting: residential" in text
    mapping = read_mapping(tmp_path / "a.yaml")
    assert [rule.setting for rule in mapping.rules] == ["residential", "supported_living"]
    assert mapping.simulated


def test_a_draft_of_an_extract_without_places_to_live_has_no_rules(tmp_path):
    source = write_extract(tmp_path / "extract.csv", [flat("a", "2021-05-01", Service_Component="Meals")])
    draft_mapping(source, tmp_path / "mapping.yaml", None, ROUNDED)
    (fault,) = refused(tmp_path, (tmp_path / "mapping.yaml").read_text("utf-8"))
    assert "there is no rule" in fault
