"""Laws about people that hold in every world: nobody is lost, and the moments of a stay come in their order."""

from fractions import Fraction
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from networks import network_of, scenarios, thorough

from stepdown.simulation.arrivals import all_arrivals
from stepdown.simulation.draws import Draws
from stepdown.simulation.reference import simulate

pytestmark = pytest.mark.properties


def stays_of(data):
    """Return a world made ready to run, and its people's stays."""
    network = network_of(data)
    return network, simulate(network, option="x", seed=3, replication=0).stays


def known(day):
    """Whether a day has come."""
    return not pd.isna(day)


@thorough
@given(scenarios())
def test_nobody_is_lost_and_everybody_is_in_exactly_one_place(data):
    network, stays = stays_of(data)
    for _, history in stays.groupby("person"):
        for before, after in pairwise(history.itertuples()):
            assert (before.left_day, before.to) == (after.entered_day, after.setting)
        last = history.iloc[-1]
        assert pd.isna(last.left_day) or last.to in network.exits
        assert list(history.visit) == list(history.groupby("setting", observed=True).cumcount() + 1)
        assert not history.opening.iloc[1:].any()
        assert history[["group", "area"]].drop_duplicates().shape[0] == 1


@thorough
@given(scenarios())
def test_everybody_who_was_there_or_came_is_in_the_table(data):
    network, stays = stays_of(data)
    first = stays.groupby("person").first()
    opening, arrivals = len(network.residents), all_arrivals(network, Draws(3, 0))
    assert list(first.index) == list(range(1, opening + len(arrivals) + 1))
    assert list(first.opening) == [True] * opening + [False] * len(arrivals)
    assert list(first.entered_day[opening:]) == [arrival.day for arrival in arrivals]
    homes = [network.settings[network.sources[arrival.source].setting].name for arrival in arrivals]
    assert list(first.setting[opening:]) == homes
    scheme_names = [network.schemes[resident.scheme].name for resident in network.residents]
    assert list(first.scheme[:opening]) == scheme_names


@thorough
@given(scenarios())
def test_the_moments_of_a_stay_come_in_their_order(data):
    network, stays = stays_of(data)
    for stay in stays.itertuples():
        moments = [stay.entered_day, stay.identified_day, stay.prepared_day, stay.listed_day, stay.left_day]
        came = [moment for moment in moments if known(moment)]
        assert came == sorted(came)
        assert not known(stay.ready_day) or stay.ready_day >= stay.entered_day
        assert not known(stay.listed_day) or stay.ready_day <= stay.listed_day
        assert not known(stay.prepared_day) or known(stay.identified_day)
        assert all(moment < network.end_day for moment in [*came, stay.ready_day] if known(moment))


@thorough
@given(scenarios())
def test_people_are_listed_exactly_when_they_are_ready_and_prepared(data):
    _, stays = stays_of(data)
    for stay in stays.itertuples():
        if known(stay.ready_day) and known(stay.prepared_day):
            due = max(stay.ready_day, stay.prepared_day)
            gave_up = str(stay.reason).startswith("gave_up")
            assert stay.listed_day == due or (gave_up and stay.listed_day > due)
        else:
            assert not known(stay.listed_day)


@thorough
@given(scenarios())
def test_people_go_only_when_listed_unless_they_die(data):
    network, stays = stays_of(data)
    for stay in stays[stays.left_day.notna()].itertuples():
        if stay.reason.startswith("died") or "; died" in stay.reason:
            assert stay.to == "died"
            assert known(stay.listed_day) == (":" in stay.reason)
        elif stay.to in network.exits and not stay.reason.startswith("gave_up"):
            # An exit needs no place. Who has been listed since before the run leaves as it begins.
            assert stay.left_day == max(stay.listed_day, network.opening_day)
        else:
            assert known(stay.listed_day)


@thorough
@given(scenarios())
def test_a_maximum_stay_that_is_enforced_is_reached_by_those_who_are_not_ready_before(data):
    network, stays = stays_of(data)
    settings = {setting.name: setting for setting in network.settings}
    for stay in stays.itertuples():
        limit = settings[stay.setting].limit_day(stay.entered_day)
        if stay.reason == "maximum_stay":
            assert stay.ready_day == limit
        if known(stay.ready_day) and stay.reason not in ("maximum_stay", "closing"):
            # Whoever is on the opening waiting list was ready when they were listed, by whatever rule held then.
            assert stay.ready_day <= limit or (stay.opening and stay.ready_day <= network.opening_day)


@thorough
@given(scenarios())
def test_little_s_law_holds_exactly_over_the_window(data):
    network, stays = stays_of(data)
    # Number present, from who was there or came (drawn apart from what happened to them) less those who have gone.
    begin, end = Fraction(0), Fraction(network.end_day)
    came = [network.opening_day] * len(network.residents)
    came += [arrival.day for arrival in all_arrivals(network, Draws(3, 0))]
    gone = stays.left_day[stays.to.isin(network.exits) & stays.left_day.notna()]
    changes = [(Fraction(day), 1) for day in came] + [(Fraction(day), -1) for day in gone]
    changes.sort(key=lambda change: (change[0], -change[1]))  # some come and go in one instant
    number, since, present = 0, Fraction(network.opening_day), Fraction(0)
    for day, change in [*changes, (end, 0)]:
        assert number >= 0
        present += number * max(day - max(since, begin), 0)
        number, since = number + change, day
    # Time stayed: each stay clipped to the window.
    stayed = sum(
        max(min(Fraction(left), end) - max(Fraction(entered), begin), 0)
        for entered, left in zip(stays.entered_day, stays.left_day.fillna(network.end_day), strict=True)
    )
    assert present == stayed


@thorough
@given(scenarios())
def test_reviews_are_held_on_their_days_and_none_is_missed(data):
    network, stays = stays_of(data)
    intervals = {setting.name: {value for *_, value in setting.review_every.pieces()} for setting in network.settings}
    limits = {setting.name: setting for setting in network.settings}
    every = {name: min(values) for name, values in intervals.items() if len(values) == 1}
    closing = {scheme.name for scheme in network.schemes if scheme.residents_move_on_day < network.end_day}
    for stay in stays[stays.identified_day.notna() & ~stays.scheme.isin(closing)].itertuples():
        interval = every.get(stay.setting)
        known_before = stay.opening and stay.identified_day <= network.opening_day  # perhaps from an opening list
        # Whoever was identified at the limit may have given up or died since, which is then the reason.
        at_limit = stay.identified_day == limits[stay.setting].limit_day(stay.entered_day)
        if interval is None or known_before or at_limit:
            continue
        if interval == float("inf"):
            assert not known(stay.ready_day) or stay.identified_day <= stay.ready_day
            continue
        number = (stay.identified_day - stay.entered_day) / interval
        assert number == pytest.approx(round(number), abs=1e-9)
        assert not known(stay.ready_day) or stay.identified_day < stay.ready_day + interval
