"""Steps at work: teams, panels, lettings and grants as queues with exact answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from theory_tools import YEAR, Chain, exponential, only_to, run, scenario, waiting, waiting_and_housed

pytestmark = pytest.mark.theory

TAKES = 10.0


def _movers(days, per_day, step, **parts):
    """Return people who come at random, need one step, and leave when it is done."""
    return scenario(
        days,
        settings={"home": {"places": "unlimited"}},
        routes={"home": only_to("left", requires=["step"])},
        steps={"step": step},
        demand=[{"from": "home", "per_year": per_day * YEAR}],
        **parts,
    )


def _community(days, per_day, shares, **team):
    """Return a community whose cases come at random to one team; each has a tier by the shares."""
    return scenario(
        days,
        settings={"home": {"places": "unlimited"}},
        steps={"team": {"team": {"workers": 1, "takes": exponential(TAKES)} | team}},
        adaptations={
            "tiers": {tier: {"share": share, "steps": ["team"]} for tier, share in shares.items()},
            "community": {"per_year": per_day * YEAR},
        },
    )


def test_a_team_at_95_percent_works_through_the_communitys_cases_as_m_m_c(judge):
    workers, days = 2, 300
    arrive = 0.95 * workers / TAKES
    runs = run(_community(days, arrive, {"minor": 1.0}, workers=workers), 4000)
    chain = Chain([(0, 0)], waiting_and_housed(workers, arrive, 1 / TAKES))
    empty = chain.law((0, 0))
    queued, cases = runs.queues_for("team"), runs.cases_in("team")
    judge("team of 2 at 95%: days queued", queued.days(0, days), chain.total(empty, days, waiting))
    judge("team of 2 at 95%: case-days in all", cases.days(0, days), chain.total(empty, days, sum))
    done = chain.total(empty, days, lambda s: s[1]) / TAKES
    judge("team of 2 at 95%: cases done", cases.ended(0, days), done, 0.004)
    judge.refutes("slower work", cases.ended(0, days), done * 0.93)


def test_a_team_that_grows_and_shrinks_finishes_what_it_has_begun(judge):
    """2 workers, 3 from 10 July (day 100), 1 from 28 September (day 180); the load is 120% at first."""
    arrive, grows, shrinks, days = 0.24, 100, 180, 240
    workers = {"2026-04-01": 2, "2026-07-10": 3, "2026-09-28": 1}
    runs = run(_movers(days, arrive, {"team": {"workers": workers, "takes": exponential(TAKES)}}), 4000)
    law, before, since = None, None, 0
    for number, until in ((2, grows), (3, shrinks), (1, days)):

        def jump(state, number=number):
            taken = max(min(state[0], number - state[1]), 0)
            return state[0] - taken, state[1] + taken

        states = [(0, 0)] if before is None else [jump(state) for state in before.states]
        chain = Chain(states, waiting_and_housed(number, arrive, 1 / TAKES, most=90))
        law = chain.law((0, 0)) if before is None else before.carry(law, chain, jump)
        name = f"a team of {number} from day {since}"
        seen = runs.queues_for("step").days(since, until)
        judge(f"{name}: days queued", seen, chain.total(law, until - since, waiting), 0.025)
        worked = chain.total(law, until - since, lambda s: s[1])
        judge(f"{name}: cases done", runs.cases_in("step").ended(since, until), worked / TAKES)
        law, before, since = chain.after(law, until - since), chain, until


def test_urgent_tiers_are_worked_on_first_but_interrupt_nobody(judge):
    days, arrive, most = 250, 0.095, (25, 70)
    runs = run(_community(days, arrive, {"minor": 0.6, "complex": 0.4}, priority=["complex"]), 4000)

    def moves(state):
        urgent, other, busy = state
        if not busy:
            yield (0, 0, 1), arrive
            return
        if urgent < most[0]:
            yield (urgent + 1, other, 1), 0.4 * arrive
        if other < most[1]:
            yield (urgent, other + 1, 1), 0.6 * arrive
        after = (urgent - 1, other, 1) if urgent else (0, other - 1, 1) if other else (0, 0, 0)
        yield after, 1 / TAKES

    chain = Chain([(0, 0, 0)], moves)
    empty = chain.law((0, 0, 0))
    for at, tier in enumerate(("complex", "minor")):
        queued = runs.spells(runs.case_steps, "queued_day", "started_day", tier=tier).days(0, days)
        judge(
            f"tiers by priority: days queued, {tier}", queued, chain.total(empty, days, lambda s, at=at: s[at]), 0.025
        )
    complex_ones = runs.spells(runs.case_steps, "queued_day", "started_day", tier="complex").days(0, days)
    judge.refutes("no priority", complex_ones, 0.4 * chain.total(empty, days, lambda s: s[0] + s[1]))


INTERVAL = 14


def test_a_panel_that_approves_some_makes_cases_wait_a_geometric_number_of_meetings(judge):
    """From the third month on, a case waits half an interval and then one more for each refusal."""
    arrive, approves, meetings = 0.5, 0.6, 12
    days = INTERVAL * meetings
    runs = run(_movers(days, arrive, {"panel": {"meets_every": "2 weeks", "approves": "60%"}}), 1500)
    left_over = [arrive * INTERVAL * sum((1 - approves) ** k for k in range(1, met + 1)) for met in range(meetings)]
    cases = runs.cases_in("step")
    exact = sum(INTERVAL * left + arrive * INTERVAL**2 / 2 for left in left_over)
    judge("panel at 60%: case-days", cases.days(0, days), exact, 0.008)
    settled = INTERVAL / 2 + INTERVAL * (1 - approves) / approves
    judge("panel at 60%: mean wait (Little)", cases.days(84, days) / (days - 84) / arrive, settled, 0.008)
    judge.refutes("everybody approved", cases.days(0, days), arrive * days * INTERVAL / 2)
    first = runs.queues_for("step").days(0, days)
    judge("panel at 60%: days until first considered", first, arrive * days * INTERVAL / 2, 0.008)


def test_a_panel_with_room_for_few_cases_is_a_bulk_queue(judge):
    """Each meeting considers the first four; 95% of what it can approve on average comes between two meetings."""
    room, approves, meetings, most = 4, 0.8, 16, 80
    arrive = 0.95 * room * approves / INTERVAL
    step = {"panel": {"meets_every": "2 weeks", "cases_per_meeting": room, "approves": "80%"}}
    days = INTERVAL * meetings
    runs = run(_movers(days, arrive, step), 3000)

    coming = stats.poisson(arrive * INTERVAL).pmf(np.arange(most))
    law = np.zeros(most)
    law[0] = 1.0
    exact = 0.0
    for _ in range(meetings):
        after = np.zeros(most)
        for number, probability in enumerate(law):
            considered = min(number, room)
            refused = stats.binom(considered, 1 - approves).pmf(np.arange(considered + 1))
            after[number - considered : number + 1] += probability * refused
        exact += INTERVAL * (after @ np.arange(most)) + arrive * INTERVAL**2 / 2
        law = np.convolve(after, coming)[:most]
    cases = runs.cases_in("step")
    judge("panel with room for 4 at 95%: case-days", cases.days(0, days), exact)
    end = float(law @ np.arange(most))
    judge("panel with room for 4 at 95%: waiting before the last meeting", cases.at(days - 1e-6), end)
    judge.refutes("room for all", cases.days(0, days), arrive * days * INTERVAL * (1 / approves - 1 / 2))


def test_lettings_that_nobody_keeps_serve_as_m_m_1(judge):
    """A home that finds nobody waiting is lost: the number waiting is M/M/1 with homes as completions."""
    homes, days = 0.2, 300
    arrive = 0.95 * homes
    runs = run(_movers(days, arrive, {"lettings": {"per_year": homes * YEAR}}), 4000)

    def moves(state):
        (cases,) = state
        if cases < 120:
            yield (cases + 1,), arrive
        if cases:
            yield (cases - 1,), homes

    chain = Chain([(0,)], moves)
    empty = chain.law((0,))
    judge("lettings at 95%: days waited", runs.cases_in("step").days(0, days), chain.total(empty, days, waiting))
    let = homes * chain.total(empty, days, lambda s: s[0] > 0)
    judge("lettings at 95%: homes let", runs.cases_in("step").ended(0, days), let, 0.004)
    judge.refutes("homes kept for the next", runs.cases_in("step").ended(0, days), arrive * days * 0.95)


def test_homes_that_are_kept_for_good_meet_cases_as_in_a_double_ended_queue(judge):
    """Cases waiting minus homes waiting is the difference of two Poisson counts (Skellam)."""
    homes, arrive, days = 0.3, 0.4, 150
    step = {"lettings": {"per_year": homes * YEAR, "kept_for": "100 years"}}
    runs = run(_movers(days, arrive, step), 3000)

    def on_list(day):
        numbers = np.arange(1, 200)
        return float(numbers @ stats.skellam(arrive * day, homes * day).pmf(numbers))

    for day in (75, 149):
        judge(f"homes kept for good: waiting on day {day}", runs.cases_in("step").at(day), on_list(day), 0.02)
    done = arrive * days - on_list(days)
    judge("homes kept for good: cases housed", runs.cases_in("step").ended(0, days), done, 0.004)


def test_homes_that_are_kept_for_a_while_shorten_waits_as_perishable_stock_does(judge):
    """The oldest home's time left is the work in an M/M/1 that never idles, hence exponential (Graves 1982).

    A case waits for what that exponential of rate v - l has above the time kept: mean exp(-(v - l) k) / (v - l).
    """
    homes, arrive, kept, days = 0.5, 0.3, 5, 800
    step = {"lettings": {"per_year": homes * YEAR, "kept_for": f"{kept} days"}}
    runs = run(_movers(days, arrive, step, warm_up="250 days"), 800)
    spare = homes - arrive
    wait = math.exp(-spare * kept) / spare
    cases = runs.cases_in("step")
    judge("homes kept 5 days: mean number waiting", cases.days(0, days) / days, arrive * wait, 0.03)
    waited = runs.case_steps[~(runs.case_steps["finished_day"] <= runs.case_steps["queued_day"])]
    delayed = runs.spells(waited, "queued_day", "finished_day").begun(0, days)
    judge("homes kept 5 days: cases that wait", delayed, arrive * days * math.exp(-spare * kept))
    judge.refutes("homes kept 3 days", delayed, arrive * days * math.exp(-spare * 3))


def test_a_grant_that_runs_out_carries_cases_into_the_next_financial_year(judge):
    """Money for n cases a year: the backlog at a year's end is Lindley's, max(backlog + Poisson - n, 0)."""
    per_year, budget, most = 44.0, 40, 300
    step = {"grant": {"per_year": budget * 1000 + 500, "amount": 1000}}
    runs = run(_movers(0, per_year / YEAR, step) | {"years": 3}, 1600)
    cases = runs.cases_in("step")
    law = np.zeros(most)
    law[0] = 1.0
    begin = 0
    numbers = np.arange(most)

    def asked(days):
        return np.convolve(law, stats.poisson(per_year * days / YEAR).pmf(numbers))[:most]

    for year, length in enumerate((365, 365, 366), 1):  # financial years from 1 April 2026
        if year == 3:
            late = 0.9 * length
            exact = float(asked(late) @ np.maximum(numbers - budget, 0))
            judge(f"grant, year {year}: waiting after 90% of it", cases.at(begin + late), exact, 0.025)
        exact = float(asked(length) @ np.minimum(numbers, budget))
        judge(f"grant, year {year}: cases paid", cases.ended(begin, begin + length), exact, 0.004)
        law = np.concatenate([[asked(length)[: budget + 1].sum()], asked(length)[budget + 1 :], np.zeros(budget)])
        begin += length
