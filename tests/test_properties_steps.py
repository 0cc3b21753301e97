"""Laws about steps that hold in every world: workers, meetings, homes and money allow so much, and it is done."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import takewhile

import pandas as pd
import pytest
from hypothesis import given
from networks import network_of, scenarios, thorough

from stepdown.scenarios.network import GrantRule, LettingsRule, Network, PanelRule, TeamRule
from stepdown.simulation.arrivals import random_days
from stepdown.simulation.draws import Draws
from stepdown.simulation.reference import simulate

pytestmark = pytest.mark.properties

SEED = 7


def world(data):
    """Return a world made ready to run and its case steps, with infinity for what has not come."""
    network = network_of(data)
    jobs = simulate(network, option="x", seed=SEED, replication=0).case_steps
    days = ["queued_day", "started_day", "finished_day"]
    return network, jobs.assign(**{day: jobs[day].fillna(math.inf) for day in days})


def desks(network: Network, jobs: pd.DataFrame, kind: type) -> Iterator[tuple[object, pd.DataFrame]]:
    """Yield each step of a kind with its jobs."""
    for rule in network.steps:
        if isinstance(rule, kind):
            yield rule, jobs[jobs.step == rule.name]


def done(jobs: pd.DataFrame) -> pd.DataFrame:
    """Return the jobs that were done."""
    return jobs[jobs.outcome.isin(["done", "rehoused"])]


def waiting(jobs: pd.DataFrame, day: float) -> pd.DataFrame:
    """Return the jobs that wait at the end of an instant."""
    return jobs[(jobs.queued_day <= day) & (jobs.started_day > day) & (jobs.finished_day > day)]


def moments(network: Network, jobs: pd.DataFrame, *more: float) -> list[float]:
    """Return the days on which something happened to these jobs, and some more."""
    days = {day for column in ("queued_day", "started_day", "finished_day") for day in jobs[column]} | set(more)
    return sorted(day for day in days if network.opening_day <= day < network.end_day)


@thorough
@given(scenarios())
def test_steps_are_queued_for_then_started_then_finished(data):
    network, jobs = world(data)
    assert (jobs.queued_day >= network.opening_day).all()
    assert (jobs.queued_day <= jobs.finished_day).all()
    started = jobs[jobs.started_day < math.inf]
    assert (started.queued_day <= started.started_day).all()
    assert (started.started_day <= started.finished_day).all()
    assert (jobs.outcome.isna() == (jobs.finished_day == math.inf)).all()
    assert (done(jobs).started_day < math.inf).all()
    grants = [rule.name for rule in network.steps if isinstance(rule, GrantRule)]
    assert (jobs.amount.notna() == jobs.step.isin(grants)).all()


@thorough
@given(scenarios())
def test_a_team_never_has_more_cases_than_workers_and_none_waits_while_one_is_free(data):
    network, jobs = world(data)
    for rule, own in desks(network, jobs, TeamRule):
        for day in moments(network, own, *rule.workers.days):
            busy = ((own.started_day <= day) & (own.finished_day > day)).sum()
            # Workers who leave finish what they have begun; but none of those left takes on another case meanwhile.
            if (own.started_day == day).any():
                assert busy <= rule.workers.at(day)
            if len(waiting(own, day)):
                assert busy >= rule.workers.at(day)


def meetings(network: Network, rule: PanelRule) -> list[float]:
    """Return the days of a panel's meetings."""
    days = []
    for begin, end, interval in rule.meetings.pieces():
        first = max(begin, network.opening_day)
        number = 0
        while first + number * interval < min(end, network.end_day):
            days.append(first + number * interval)
            number += 1
    return days


@thorough
@given(scenarios())
def test_a_panel_decides_at_its_meetings_on_so_many_cases_at_most(data):
    network, jobs = world(data)
    for rule, own in desks(network, jobs, PanelRule):
        held = meetings(network, rule)
        assert set(done(own).finished_day) <= set(held)
        assert set(own.started_day) <= {*held, math.inf}
        for day in held:
            most = rule.cases_per_meeting.at(day)
            decided = done(own)[done(own).finished_day == day]
            assert len(decided) <= most
            if rule.approves.at(day) == 1:
                # With certain approval the meeting takes as many as it can: nobody who queued before it is left over.
                still = waiting(own, day)
                assert len(decided) == most or not (still.queued_day < day).any()


@thorough
@given(scenarios())
def test_every_home_is_let_once_to_somebody_who_waits_before_it_is_lost(data):
    network, jobs = world(data)
    for rule, own in desks(network, jobs, LettingsRule):
        homes = random_days(rule.homes, Draws(SEED, 0), rule.code)
        vacant = list(takewhile(lambda day: day < network.end_day, homes))
        assert (done(own).started_day == done(own).finished_day).all()
        unlet = []
        for let in sorted(done(own).finished_day):
            unlet += [home for home in vacant if home + rule.kept_for < let]
            vacant = [home for home in vacant if home + rule.kept_for >= let]
            assert vacant
            assert vacant.pop(0) <= let
        stood = own[own.queued_day < own.finished_day]
        for home in [*unlet, *vacant]:
            # Nobody waited while it was vacant.
            assert not ((stood.queued_day < home + rule.kept_for) & (stood.finished_day > home)).any()


@thorough
@given(scenarios())
def test_a_grant_spends_no_more_than_its_budget_and_keeps_nothing_from_a_case_that_it_could_meet(data):
    network, jobs = world(data)
    for rule, own in desks(network, jobs, GrantRule):
        following = [day for day, _ in rule.budgets[1:]] + [math.inf]
        for (begin, budget), end in zip(rule.budgets, following, strict=True):
            year = done(own)[(done(own).finished_day >= begin) & (done(own).finished_day < end)]
            assert year.amount.sum() <= budget + 1e-6
            for day in moments(network, own, begin):
                if begin <= day < end:
                    left = budget - year.amount[year.finished_day <= day].sum()
                    assert (waiting(own, day).amount > left - 1e-6).all()


@thorough
@given(scenarios())
def test_nothing_is_abandoned_but_for_people_who_no_longer_need_it(data):
    network = network_of(data)
    stays, jobs, _ = simulate(network, option="x", seed=SEED, replication=0)
    # Somebody whom a maximum stay or a closing made move on, and who then gave up waiting or died, has that as reason.
    changed = stays[stays.reason.notna() & (stays.reason != "route")]
    gone = {(stay.person, day) for stay in stays[stays.to == "died"].itertuples() for day in (stay.left_day,)} | {
        (stay.person, stay.ready_day) for stay in changed.itertuples()
    }
    for job in jobs[jobs.outcome == "abandoned"].itertuples():
        assert (job.person, job.finished_day) in gone
    # Nobody who has gone has work left.
    ended = dict(stays.groupby("person").left_day.apply(lambda days: days.iloc[-1]).dropna())
    for job in jobs[jobs.person.notna() & jobs.outcome.isna()].itertuples():
        assert job.person not in ended
