"""Client Level Data that is made up: what the return has of what happened, when, and in which words."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from made_up_council import BOROUGH, SEED, borough, handed_over, submissions

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.cld.vocabulary import Field, plain
from stepdown.calibration.synthetic.chance import Chance, Purpose
from stepdown.calibration.synthetic.cld_text import column_names
from stepdown.calibration.synthetic.days import OPEN, date_of
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.extracts import Council, prices_of, sound, spoilt
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.calibration.synthetic.recording import SERVICES, recording_of
from stepdown.calibration.synthetic.submissions import periods_of
from stepdown.scenarios.errors import ChoiceError, RunError
from stepdown.scenarios.loader import read_study
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.draws import Draws

pytestmark = pytest.mark.history


def services(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about services that are places to live."""
    accommodation = {service.component for service in SERVICES.values() if service}
    return table[(table[Field.EVENT_TYPE] == words.SERVICE) & table[Field.COMPONENT].isin(accommodation)]


def test_a_submission_covers_a_rolling_year_from_the_day_on_which_the_records_begin():
    _, history, _ = borough()
    periods = periods_of(history)
    spans = [(date_of(begin), date_of(end)) for begin, end in zip(*periods, strict=True)]
    assert len(spans) == 12
    assert spans[0] == (dt.date(2021, 4, 1), dt.date(2021, 6, 30))
    assert spans[3] == (dt.date(2021, 4, 1), dt.date(2022, 3, 31))
    assert spans[4] == (dt.date(2021, 7, 1), dt.date(2022, 6, 30))
    assert spans[-1] == (dt.date(2023, 4, 1), dt.date(2024, 3, 31))


def test_every_stay_that_social_care_records_is_submitted_in_all_periods_that_it_touches_and_in_no_other():
    _, history, recording = borough()
    rows = handed_over().rows
    periods = handed_over().periods
    seen = rows[rows["stay"] >= 0].groupby("stay")["period"].apply(set)
    stays = history.stays[history.stays["setting"].isin(list(recording.recorded))]
    assert set(seen.index) == set(stays.index)
    for stay in stays.itertuples():
        entered, left = stay.entered.date(), dt.date.max if pd.isna(stay.left) else stay.left.date()
        touched = {
            number
            for number, (begin, end) in enumerate(zip(*periods, strict=True))
            if entered <= date_of(end) and left >= date_of(begin)
        }
        assert seen[stay.Index] == touched


def test_hospital_is_in_no_row_but_as_where_somebody_went():
    _, history, _ = borough()
    table = submissions()
    assert "hospital" in set(history.stays["setting"])
    assert not table[Field.LOCATION].isin(["hospital"]).any()
    went = (history.stays["to"] == "hospital").sum()
    last = services(table).drop_duplicates("Event_Reference", keep="last")
    assert (last[Field.OUTCOME] == "Admitted to hospital").sum() == went > 0


def test_the_last_submission_of_a_stay_tells_the_truth_about_its_dates_and_where_it_led():
    _, history, recording = borough()
    rows = handed_over().rows
    last = rows[rows["stay"] >= 0].drop_duplicates("stay", keep="last").set_index("stay")
    truth = history.stays.loc[last.index]
    assert [date_of(day) for day in last["starts"]] == [day.date() for day in truth["entered"]]
    for (_, row), stay in zip(last.iterrows(), truth.itertuples(), strict=True):
        assert (row["ends"] == OPEN) == pd.isna(stay.left)
        if row["ends"] < OPEN:
            assert date_of(row["ends"]) == stay.left.date()
            assert row["outcome"] == recording.outcomes.get(stay.to, "Continuation of support or services")


def test_a_submission_knows_nothing_that_had_not_happened_by_its_end():
    table = submissions()
    for column in (Field.STARTS, Field.ENDS, Field.DATE_OF_DEATH):
        said = table[table[column] != ""]
        assert (said[column] <= said[Field.PERIOD_ENDS]).all()
        assert len(said) > 100
    unfinished = table[table[Field.ENDS] == ""]
    assert (unfinished[Field.EVENT_TYPE] == words.SERVICE).all()
    assert (unfinished[Field.OUTCOME] == "").all()


def test_services_that_are_no_place_to_live_carers_and_all_kinds_of_event_are_in_it():
    table = submissions()
    assert set(table[Field.EVENT_TYPE]) == set(words.EVENT_TYPES)
    assert {"Day support", "Equipment", "Transport", "Unpaid carer respite"} < set(table[Field.COMPONENT])
    strangers = table[table[Field.OUTCOME] == "NFA: Information and advice or signposting"]
    assert len(strangers) > 100
    assert set(strangers[Field.EVENT_TYPE]) == {words.REQUEST}
    assert not set(strangers[Field.LA_PERSON]) & set(table.loc[~table.index.isin(strangers.index), Field.LA_PERSON])
    carers = table[table[Field.CLIENT_TYPE] == "Unpaid carer"]
    assert len(carers) > 50
    users = table.loc[table[Field.CLIENT_TYPE] == words.SERVICE_USER, Field.LA_PERSON]
    assert set(carers["Adult_1_Linked_Person_ID"]) <= set(users)
    assert set(table[Field.SUPPORT_REASON]) == {"Mental health support", "Learning disability support", ""}
    assert set(table["Der_Postcode_Local_Authority"]) == {"north", "south"}


def test_what_is_paid_is_the_councils_price_on_the_day_for_the_time_stayed():
    table = services(submissions())
    table = table.assign(cost=table[Field.UNIT_COST].astype(float))
    homes = table[table[Field.LOCATION] == "own-home"]
    until = pd.to_datetime(homes[Field.ENDS].where(homes[Field.ENDS] != "", homes[Field.PERIOD_ENDS]))
    long = (until - pd.to_datetime(homes[Field.STARTS])).dt.days >= 365.25 / 2
    assert homes.loc[~long, "cost"].between(180, 220).all()
    assert homes.loc[long, "cost"].between(90, 110).all()
    house = table[table[Field.LOCATION].isin(["oak-house", "elm-court"]) & (table[Field.ENDS] == "")]
    dear = house[Field.PERIOD_ENDS] >= "2023-04-01"
    assert house.loc[dear, "cost"].between(594, 726).all()
    assert house.loc[~dear, "cost"].between(540, 660).all()
    assert house.loc[dear, "cost"].max() > 660
    intensive = table[table[Field.LOCATION] == "intensive"]  # the NHS pays its share elsewhere
    assert intensive["cost"].between(1080, 1320).all()


def test_prices_are_those_of_people_when_they_were_last_submitted():
    paid = pd.DataFrame(
        [("a", "g", "house", "oak", 100.0), ("a", "g", "house", "oak", 200.0), ("b", "g", "house", "elm", 600.0)],
        columns=["person", "group", "setting", "scheme", "cost"],
    )
    prices = prices_of(paid)
    assert prices[["setting", "people", "mean"]].to_numpy().tolist() == [
        ["house", 2, 300.0], ["house", 1, 600.0], ["house", 1, 150.0],
    ]  # fmt: skip
    assert prices["scheme"].astype("object").fillna("").tolist() == ["", "elm", "oak"]
    assert prices.loc[0, ["low", "high"]].tolist() == [120.0, 520.0]


def test_requests_are_followed_by_assessments_and_reviews_come_as_often_as_the_scenario_says():
    table = submissions().drop_duplicates("Event_Reference")
    _, history, recording = borough()
    requests = table[table[Field.EVENT_TYPE] == words.REQUEST]
    asked = history.requests["to"].isin(list(recording.recorded)) & (history.requests["requested"] < "2024-03-01")
    assert len(requests) >= asked.sum() > 50
    assert set(requests["Request_Route_of_Access"]) == {"Discharge from hospital", "Community / other route"}
    homes = handed_over().rows.query("kind == 'Review' and accommodation == 'Registered care home'")
    assert homes["starts"].nunique() > 20
    assert (table[Field.EVENT_TYPE] == words.ASSESSMENT).sum() > 50


def test_release_1_says_the_same_in_its_own_words():
    second, first = submissions(), submissions(release=1)
    back = {plain(old): new for new, old in words.RELEASE_1.items()}
    for column in (Field.SERVICE_TYPE, Field.COMPONENT, Field.CLIENT_TYPE, Field.SUPPORT_REASON, Field.OUTCOME):
        assert (first[column] != second[column]).any()
        assert [back.get(plain(value), value) for value in first[column]] == second[column].tolist()
    unspelled = [Field.STARTS, Field.ENDS, Field.UNIT_COST, Field.LOCATION, Field.LA_PERSON, Field.PERIOD_ENDS]
    pd.testing.assert_frame_equal(first[unspelled], second[unspelled])
    assert {"Event Start Date", "Cost Frequency (Unit Type)", "Der_NHS_Number_Pseudo"} < set(column_names(1))
    read = {plain(name) for name in column_names(1)}
    assert {plain(field) for field in Field} <= read == {plain(name) for name in column_names(2)}


def test_a_person_is_the_same_in_every_row_and_no_two_are_alike():
    table = submissions()
    for column in (Field.NHS_TRACED, "Gender", "Ethnicity", "Der_Birth_Year", Field.SUPPORT_REASON):
        assert len(table[[Field.LA_PERSON, column]].drop_duplicates()) == table[Field.LA_PERSON].nunique()
    assert table[Field.NHS_TRACED].nunique() == table[Field.LA_PERSON].nunique()
    deaths = table[table[Field.DATE_OF_DEATH] != ""]
    assert not deaths[[Field.LA_PERSON, Field.DATE_OF_DEATH]].drop_duplicates()[Field.LA_PERSON].duplicated().any()


def test_draws_for_records_are_none_of_the_models():
    ours = set(Chance(1, 0).uniform(Purpose.PRICE, 1000))
    draws = Draws(1, int(Purpose.PRICE))
    assert not ours & {draws.uniform(0, number, 0, 0, 0) for number in range(1, 1001)}  # type: ignore[arg-type]
    assert not ours & set(Chance(1, 1).uniform(Purpose.PRICE, 1000))
    assert not ours & set(Chance(1, 0).uniform(Purpose.BIRTH, 1000))
    np.testing.assert_array_equal(Chance(1, 0).uniform(Purpose.PRICE, 10), Chance(1, 0).uniform(Purpose.PRICE, 99)[:10])


@pytest.mark.parametrize("name", ["adaptations", "leicester", "merger"])
def test_a_shipped_scenario_is_recorded_so_that_ways_out_can_be_told_apart(name):
    scenario = read_study(name).options["carry-on"].scenario
    recording = recording_of(scenario, {})
    assert set(recording.services) == set(scenario.settings)
    assert len(recording.recorded) >= 1
    unseen = [*scenario.exits, *(set(scenario.settings) - set(recording.recorded)), "died"]
    assert {*unseen} == set(recording.outcomes)
    assert len(set(recording.outcomes.values())) == len(unseen)


def test_a_setting_is_the_service_that_its_name_and_prices_say_or_the_one_that_is_asked_for():
    scenario, _, recording = borough()
    components = {setting: service and service.component for setting, service in recording.services.items()}
    assert components == {
        "hospital": None,
        "residential": "Long term residential care",
        "intensive": "Community supported living",
        "transitional": "Community supported living",
        "own-home": "Home support or domiciliary care",
    }
    asked = recording_of(scenario, {"own-home": "none", "intensive": "extra-care"})
    assert "own-home" not in asked.recorded
    assert asked.recorded["intensive"].component == "Extra care housing"
    assert asked.outcomes["own-home"] not in {asked.outcomes["left"], asked.outcomes["own-means"]}
    with pytest.raises(ChoiceError, match=r"'own-hom' is not a setting\. Did you mean 'own-home'"):
        recording_of(scenario, {"own-hom": "none"})
    with pytest.raises(ChoiceError, match=r"'flat' is not a service\. Use one of residential-care"):
        recording_of(scenario, {"own-home": "flat"})
    with pytest.raises(RunError, match="No setting is a service that social care records"):
        recording_of(scenario, dict.fromkeys(scenario.settings, "none"))


def test_groups_and_ways_out_that_cannot_be_told_apart_are_refused():
    scenario = borough()[0]
    crowded = scenario.model_copy(update={"groups": {f"group-{number}": None for number in range(13)}})
    with pytest.raises(RunError, match="more than 12 groups"):
        recording_of(crowded, {})
    with pytest.raises(RunError, match="more than 10 ways out"):
        recording_of(scenario.model_copy(update={"exits": tuple(f"exit-{number}" for number in range(11))}), {})


def test_a_council_in_which_nobody_lives_hands_over_an_empty_extract():
    scenario = Scenario.model_validate(BOROUGH | {"demand": [], "years": 0.4})
    history = simulate_past(scenario, SEED, "borough")
    assert len(history.stays) == 0
    council = Council(history, scenario, recording_of(scenario, {}), Chance(SEED, 0))
    extract = spoilt(sound(council), council, frozenset(Defect))
    assert (len(extract.rows), len(extract.people), len(extract.periods.ends)) == (0, 0, 2)
    assert set(extract.hits.values()) == {0}
    assert extract.periods.ends[-1] == np.datetime64(history.ends).astype(int) - 1
