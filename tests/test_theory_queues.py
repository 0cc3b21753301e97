"""Waiting for a limited number of places: M/M/c, priority and giving up."""

from __future__ import annotations

import numpy as np
import pytest
from theory_tools import (
    YEAR,
    Chain,
    erlang_b,
    erlang_c,
    exponential,
    listed,
    living,
    only_to,
    queue,
    run,
    run_each,
    scenario,
    waiting,
    waiting_and_housed,
)

pytestmark = pytest.mark.theory

STAY = 20.0
PLACES = 3


@pytest.mark.parametrize(("load", "days", "on_list"), [(0.95, 300, 4), (1.3, 250, 0)])
def test_a_queue_at_and_above_its_capacity_follows_the_kolmogorov_equations(judge, load, days, on_list):
    arrive = load * PLACES / STAY
    opening = {"community": listed(on_list), "flats": PLACES}
    runs = run(queue(days, {"places": PLACES}, arrive, exponential(STAY), caseload=opening), 3000)

    chain = Chain([(on_list, PLACES)], waiting_and_housed(PLACES, arrive, 1 / STAY))
    opened = chain.law((on_list, PLACES))
    for day in (days / 4, days - 1):
        seen = runs.waits_for("flats").at(day) + runs.stays_in("flats").at(day)
        judge(
            f"M/M/3 at {load:.0%}: number in system on day {day:.0f}",
            seen,
            chain.expected(chain.after(opened, day), sum),
            0.07,
        )
    waited = runs.waits_for("flats").days(0, days)
    judge(f"M/M/3 at {load:.0%}: days waited in all", waited, chain.total(opened, days, waiting), 0.025)
    lived = runs.stays_in("flats").days(0, days)
    judge(f"M/M/3 at {load:.0%}: days lived in flats", lived, chain.total(opened, days, lambda s: s[1]), 0.004)

    other = Chain([(on_list, PLACES)], waiting_and_housed(PLACES, arrive, 0.85 / STAY))
    judge.refutes("longer stays", waited, other.total(other.law((on_list, PLACES)), days, waiting))


def test_a_settled_queue_at_95_percent_waits_as_erlang_c_says(judge):
    """Each replication opens in a state drawn from the settled law; the luck of that draw is taken out again."""
    load, days, replications = 0.95, 250, 3000
    arrive = load * PLACES / STAY
    chance = np.random.default_rng(1)
    wait = erlang_c(PLACES, load * PLACES)
    chain = Chain([(0, 0)], waiting_and_housed(PLACES, arrive, 1 / STAY, most=400))
    openings = [chain.states[at] for at in chance.choice(len(chain.states), replications, p=chain.steady().clip(0))]
    runs = run_each(
        [
            queue(
                days,
                {"places": PLACES},
                arrive,
                exponential(STAY),
                caseload={"community": listed(on_list), "flats": living(housed)},
            )
            for on_list, housed in openings
        ]
    )
    mean_waiting = wait * load / (1 - load)
    luck = np.array([on_list for on_list, _ in openings]) - mean_waiting
    on_list = runs.waits_for("flats").days(0, days) / days - luck
    judge("Erlang C at 95%: mean number waiting", on_list, mean_waiting)
    judge.refutes("92% load", on_list, erlang_c(PLACES, 0.92 * PLACES) * 0.92 / 0.08)
    came = runs.stays[runs.stays["setting"].eq("community") & runs.stays["entered_day"].ge(0)]
    had_to = came[came["left_day"].isna() | (came["left_day"] > came["entered_day"])]
    delayed = runs.spells(had_to, "entered_day", "left_day").begun(0, days)
    judge("Erlang C at 95%: people who had to wait", delayed, arrive * days * wait)
    judge.refutes("Erlang B", delayed, arrive * days * erlang_b(PLACES, load * PLACES))


def _two_classes(arrive, leave, places=PLACES, most=(30, 220)):
    """Moves of the non-pre-emptive priority queue; the state is (urgent waiting, ordinary waiting, housed)."""

    def moves(state):
        urgent, ordinary, housed = state
        if housed < places:
            yield (0, 0, housed + 1), sum(arrive)
        else:
            if urgent < most[0]:
                yield (urgent + 1, ordinary, housed), arrive[0]
            if ordinary < most[1]:
                yield (urgent, ordinary + 1, housed), arrive[1]
        if urgent:
            after = (urgent - 1, ordinary, housed)
        else:
            after = (0, ordinary - 1, housed) if ordinary else (0, 0, housed - 1)
        yield after, housed * leave

    return moves


def _priority(days, arrive, opening):
    urgent, ordinary, housed = opening
    return scenario(
        days,
        groups={"ordinary": {}, "urgent": {}},
        settings={"community": {"places": "unlimited"}, "flats": {"places": PLACES, "priority": ["urgent"]}},
        routes={"community": only_to("flats"), "flats": only_to("left", exponential(STAY))},
        demand=[
            {"from": "community", "group": group, "per_year": rate * YEAR}
            for group, rate in zip(("urgent", "ordinary"), arrive, strict=True)
        ],
        caseload={
            "community": [person | {"group": "urgent"} for person in listed(urgent)]
            + [person | {"group": "ordinary"} for person in listed(ordinary)],
            "flats": [person | {"group": "ordinary"} for person in living(housed)],
        },
    )


def _waits_by_group(runs, group):
    rows = runs.stays[runs.stays["setting"].eq("community") & runs.stays["group"].eq(group)]
    return runs.spells(rows, "listed_day", "left_day")


def test_urgent_people_go_first_and_nobody_is_turned_out_for_them(judge):
    arrive, days = (0.4 * PLACES / STAY, 0.55 * PLACES / STAY), 250
    runs = run(_priority(days, arrive, (0, 3, PLACES)), 3000)
    chain = Chain([(0, 3, PLACES)], _two_classes(arrive, 1 / STAY, most=(30, 60)))
    opened = chain.law((0, 3, PLACES))
    for group, at in (("urgent", 0), ("ordinary", 1)):
        waited = _waits_by_group(runs, group).days(0, days)
        judge(f"priority at 95%: days waited, {group}", waited, chain.total(opened, days, lambda s, at=at: s[at]))
        fair = chain.total(opened, days, lambda s: s[0] + s[1]) / 2
        judge.refutes("no priority", waited, fair)


def test_settled_waits_by_class_are_cobhams(judge):
    share, days, replications = (0.4, 0.52), 250, 2000
    arrive = tuple(part * PLACES / STAY for part in share)
    chain = Chain([(0, 0, 0)], _two_classes(arrive, 1 / STAY))
    law = chain.steady().clip(0)
    openings = [chain.states[at] for at in np.random.default_rng(2).choice(len(law), replications, p=law / law.sum())]
    runs = run_each([_priority(days, arrive, opening) for opening in openings])

    first = erlang_c(PLACES, sum(share) * PLACES) * STAY / PLACES / (1 - share[0])
    for at, (group, wait) in enumerate({"urgent": first, "ordinary": first / (1 - sum(share))}.items()):
        on_list = arrive[at] * wait  # Little's law
        luck = np.array([opening[at] for opening in openings]) - on_list
        seen = _waits_by_group(runs, group).days(0, days) / days - (luck if group == "ordinary" else 0)
        judge(f"Cobham at 92%: mean number waiting, {group}", seen, on_list, 0.02)
        if group == "urgent":
            judge.refutes("pre-emption", seen, on_list * 0.6)


def test_people_who_give_up_leave_an_overloaded_list_as_in_the_chain_of_m_m_c_plus_m(judge):
    load, days, patience = 1.5, 250, 30.0
    arrive = load * PLACES / STAY
    joining = {"gives_up": {"after": exponential(patience), "to": "left"}}
    opening = {"community": listed(6), "flats": PLACES}
    runs = run(queue(days, {"places": PLACES}, arrive, exponential(STAY), caseload=opening, joining=joining), 3000)
    chain = Chain([(6, PLACES)], waiting_and_housed(PLACES, arrive, 1 / STAY, 1 / patience))
    opened = chain.law((6, PLACES))
    waited = chain.total(opened, days, waiting)
    gone = runs.stays_in("community", reason="gave_up:flats").ended(0, days)
    judge("M/M/3+M at 150%: days waited in all", runs.waits_for("flats").days(0, days), waited)
    judge("M/M/3+M at 150%: people who gave up", gone, waited / patience)
    judge(
        "M/M/3+M at 150%: waiting on day 40",
        runs.waits_for("flats").at(40),
        chain.expected(chain.after(opened, 40), waiting),
        0.07,
    )
    judge.refutes("patience a fifth longer", gone, waited / patience / 1.2)
