"""People who are ready keep their places until the next setting has one: tandems, turnarounds and rings."""

from __future__ import annotations

import pytest
from theory_tools import YEAR, Chain, exponential, living, only_to, queue, run, scenario, waiting

pytestmark = pytest.mark.theory

STAY = 20.0
ROOMS = ("first", "second", "third")
TURNED_AWAY = {"gives_up": {"after": "0 days", "to": "left"}}


def _in_a_row(places, arrive, stays, most):
    """Return the moves of settings in a row; the state is (waiting outside, needing support, ready but blocked)."""
    last = len(places) - 1

    def settle(on_list, busy, blocked):
        busy, blocked = list(busy), list(blocked)
        moved = True
        while moved:
            moved = False
            for at in range(last, -1, -1):
                free = busy[at] + blocked[at] < places[at]
                if at and free and blocked[at - 1]:
                    blocked[at - 1] -= 1
                    busy[at] += 1
                    moved = True
                elif not at and free and on_list:
                    on_list -= 1
                    busy[at] += 1
                    moved = True
        return on_list, tuple(busy), tuple(blocked)

    def moves(state):
        on_list, busy, blocked = state
        if on_list < most or busy[0] + blocked[0] < places[0]:
            yield settle(on_list + 1, busy, blocked), arrive
        for at, stay in enumerate(stays):
            if busy[at]:
                fewer = (*busy[:at], busy[at] - 1, *busy[at + 1 :])
                more = blocked if at == last else (*blocked[:at], blocked[at] + 1, *blocked[at + 1 :])
                yield settle(on_list, fewer, more), busy[at] / stay

    return moves


def _row(days, places, arrive, stays, **joining):
    names = ROOMS[: len(places)]
    onward = [*names[1:], "left"]
    return scenario(
        days,
        settings={"community": {"places": "unlimited"}}
        | {name: {"places": number} for name, number in zip(names, places, strict=True)},
        routes={"community": only_to("first", **joining)}
        | {name: only_to(to, exponential(stay)) for name, to, stay in zip(names, onward, stays, strict=True)},
        demand=[{"from": "community", "per_year": arrive * YEAR}],
        caseload={name: living(number) for name, number in zip(names, places, strict=True)},
    )


@pytest.mark.parametrize(
    ("places", "stays", "arrive", "most"),
    [((3, 2), (15.0, 20.0), 0.12, 60), ((2, 2, 2), (20.0, 20.0, 30.0), 0.4, 0)],
    ids=["two, a list outside", "three, turned away if full"],
)
def test_settings_in_a_row_block_each_other_as_in_their_markov_chain(judge, places, stays, arrive, most):
    days, count = 200, len(places)
    joining = {} if most else TURNED_AWAY
    runs = run(_row(days, places, arrive, stays, **joining), 4000)
    opening = (0, tuple(places), (0,) * count)
    chain = Chain([opening], _in_a_row(places, arrive, stays, most))
    opened = chain.law(opening)

    name = f"{count} in a row"
    if most:
        judge(f"{name}: days waited outside", runs.waits_for("first").days(0, days), chain.total(opened, days, waiting))
        assert chain.expected(chain.after(opened, days), lambda s: s[0] >= most) < 1e-6
    else:
        full = arrive * chain.total(opened, days, lambda s: s[1][0] + s[2][0] == places[0])
        judge(f"{name}: turned away", runs.stays_in("community", reason="gave_up:first").ended(0, days), full)
    for at in range(count):
        lived = runs.stays_in(ROOMS[at]).days(0, days)
        exact = chain.total(opened, days, lambda s, at=at: s[1][at] + s[2][at])
        judge(f"{name}: days lived in the {ROOMS[at]}, {exact / days / places[at]:.0%} full", lived, exact, 0.004)
    for at in range(count - 1):
        blocked = chain.total(opened, days, lambda s, at=at: s[2][at])
        seen = runs.waits_for(ROOMS[at + 1]).days(0, days)
        judge(f"{name}: days blocked in the {ROOMS[at]}", seen, blocked)
        judge.refutes("a third less blocking", seen, blocked / 1.5)
    gone = chain.total(opened, days, lambda s: s[1][-1] / stays[-1])
    judge(f"{name}: leave for good", runs.stays_in(ROOMS[count - 1]).ended(0, days), gone)
    assert chain.total(opened, days, lambda s: s[1][0] + s[2][0]) > 0.9 * places[0] * days


def test_places_in_turnaround_are_void_and_fill_from_the_list(judge):
    places, days, turnaround, most = 3, 250, 5.0, 90
    arrive = 0.95 * places / (STAY + turnaround)
    flats = {"places": places, "turnaround": exponential(turnaround)}
    runs = run(queue(days, flats, arrive, exponential(STAY), caseload={"flats": living(places)}), 4000)

    def moves(state):
        on_list, housed, void = state
        if housed + void < places:
            yield (on_list, housed + 1, void), arrive
        elif on_list < most:
            yield (on_list + 1, housed, void), arrive
        if housed:
            yield (on_list, housed - 1, void + 1), housed / STAY
        if void:
            yield ((on_list - 1, housed + 1, void - 1) if on_list else (on_list, housed, void - 1)), void / turnaround

    chain = Chain([(0, places, 0)], moves)
    opened = chain.law((0, places, 0))
    end = chain.after(opened, days)
    moves_in = chain.total(opened, days, lambda s: s[1]) / STAY + chain.expected(end, lambda s: s[1]) - places
    waited, lived = runs.waits_for("flats").days(0, days), runs.stays_in("flats").days(0, days)
    judge("turnaround: days waited", waited, chain.total(opened, days, waiting))
    judge("turnaround: days lived", lived, chain.total(opened, days, lambda s: s[1]), 0.004)
    judge("turnaround: moves in", runs.stays_in("flats").begun(0, days), moves_in)
    judge.refutes("no turnaround", lived, places * days * 0.95)


def _exchanging(days, places, arrive, leaves, **more):
    """Return two settings whose people move to each other, or leave."""
    half = [f"{100 * (1 - leaves):g}%", f"{100 * leaves:g}%"]
    stay = exponential(STAY)

    def routes(to):
        return [
            {"to": to, "share": half[0], "ready_after": stay},
            {"to": "left", "share": half[1], "ready_after": stay},
        ]

    return scenario(
        days,
        settings={"community": {"places": "unlimited"}, "first": {"places": places}, "second": {"places": places}},
        routes={"community": only_to("first", **more), "first": routes("second"), "second": routes("first")},
        demand=[{"from": "community", "per_year": arrive * YEAR}],
        caseload={"first": living(places), "second": living(places)},
    )


def test_full_settings_exchange_their_people_and_never_deadlock(judge):
    """The state is (busy, blocked) in the first and in the second; two blocked against each other exchange."""
    places, days, arrive, leaves = 2, 300, 0.2, 0.25
    runs = run(_exchanging(days, places, arrive, leaves, **TURNED_AWAY), 3200)

    def settle(first, stuck, second, held):
        while True:
            if stuck and second + held < places:
                stuck, second = stuck - 1, second + 1
            elif held and first + stuck < places:
                held, first = held - 1, first + 1
            elif stuck and held:
                first, stuck, second, held = first + 1, stuck - 1, second + 1, held - 1
            else:
                return first, stuck, second, held

    def moves(state):
        first, stuck, second, held = state
        if first + stuck < places:
            yield settle(first + 1, stuck, second, held), arrive
        if first:
            yield settle(first - 1, stuck, second, held), first / STAY * leaves
            yield settle(first - 1, stuck + 1, second, held), first / STAY * (1 - leaves)
        if second:
            yield settle(first, stuck, second - 1, held), second / STAY * leaves
            yield settle(first, stuck, second - 1, held + 1), second / STAY * (1 - leaves)

    chain = Chain([(places, 0, places, 0)], moves)
    opened = chain.law((places, 0, places, 0))
    for name, room, value in (
        ("lived in the first", "first", lambda s: s[0] + s[1]),
        ("lived in the second", "second", lambda s: s[2] + s[3]),
    ):
        judge(f"exchange: days {name}", runs.stays_in(room).days(0, days), chain.total(opened, days, value), 0.004)
    judge(
        "exchange: days blocked in the first",
        runs.waits_for("second").days(0, days),
        chain.total(opened, days, lambda s: s[1]),
    )
    inside = runs.stays[runs.stays["setting"].eq("second")]
    blocked = runs.spells(inside, "listed_day", "left_day")
    judge("exchange: days blocked in the second", blocked.days(0, days), chain.total(opened, days, lambda s: s[3]))
    away = runs.stays_in("community", reason="gave_up:first").ended(0, days)
    judge("exchange: turned away", away, arrive * chain.total(opened, days, lambda s: s[0] + s[1] == places))


def test_the_stuck_exchange_although_outsiders_stand_before_them(judge):
    """One place each; the list for the first holds outsiders ahead of and behind the second's blocked resident.

    The state is (first, second, ahead, behind); a home is 0 vacant, 1 lived in or 2 blocked.
    """
    days, arrive, leaves, most = 250, 0.06, 0.3, 45
    runs = run(_exchanging(days, 1, arrive, leaves), 4000)

    def let_first(second, ahead, behind):
        if ahead:
            return 1, second, ahead - 1, behind
        return (1, 0, behind, 0) if second == 2 else (0, second, 0, 0)

    def moves(state):
        first, second, ahead, behind = state
        if first == 0:
            yield (1, second, ahead, behind), arrive
        elif ahead + behind < most:
            yield (first, second, ahead + (second != 2), behind + (second == 2)), arrive
        if first == 1:
            yield let_first(second, ahead, behind), leaves / STAY
            onward = {0: let_first(1, ahead, behind), 1: (2, 1, ahead, behind), 2: (1, 1, ahead + behind, 0)}
            yield onward[second], (1 - leaves) / STAY
        if second == 1:
            yield (let_first(1, ahead, behind) if first == 2 else (first, 0, ahead, behind)), leaves / STAY
            back = {0: (1, 0, ahead, behind), 1: (1, 2, ahead, behind), 2: (1, 1, ahead, behind)}
            yield back[first], (1 - leaves) / STAY

    chain = Chain([(1, 1, 0, 0)], moves)
    opened = chain.law((1, 1, 0, 0))
    outside = runs.stays_in("community").days(0, days)
    judge("ring of the stuck: days waited outside", outside, chain.total(opened, days, lambda s: s[2] + s[3]))
    blocked = runs.waits_for("second").days(0, days)
    judge("ring of the stuck: days blocked in the first", blocked, chain.total(opened, days, lambda s: s[0] == 2))
    held = runs.spells(runs.stays[runs.stays["setting"].eq("second")], "listed_day", "left_day").days(0, days)
    judge("ring of the stuck: days blocked in the second", held, chain.total(opened, days, lambda s: s[1] == 2))
    lived = runs.stays_in("first").days(0, days)
    judge("ring of the stuck: days lived in the first", lived, chain.total(opened, days, lambda s: s[0] > 0), 0.004)
