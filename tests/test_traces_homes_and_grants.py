"""Hand-written traces: lettings and grants."""

from itertools import accumulate

import pytest
from tracing import UNLIMITED, come, day, days, route, rows, run, work

from stepdown.scenarios.network import code
from stepdown.simulation.arrivals import unit_exponential
from stepdown.simulation.draws import Draws, Purpose

pytestmark = pytest.mark.trace

DAILY = 0.1
A_HOME_IN_TEN_DAYS = DAILY * 365.25


def homes(seed, number=8):
    """Return the days of the first homes, at one in ten days: sums of exponential gaps of mean 10."""
    draws = Draws(seed, 0)
    gaps = (draws.uniform(code("step", "letting"), n, 0, 1, Purpose.GAP) for n in range(1, number + 1))
    return list(accumulate(unit_exponential(gap) / DAILY for gap in gaps))


def let(ready, seed, kept_for=0.0, per_year=A_HOME_IN_TEN_DAYS):
    """Return the days on which people, who ask for a home on given days, were let one."""
    settings = {f"hospital {number}": UNLIMITED for number, _ in enumerate(ready)}
    letting = {"per_year": per_year, "kept_for": days(kept_for)}
    tables = run(
        settings=settings,
        routes={
            name: [route("left", after, requires=["letting"])] for name, after in zip(settings, ready, strict=True)
        },
        steps={"letting": {"lettings": letting}},
        demand=[come(name, 0) for name in settings],
        seed=seed,
    )
    assert rows(tables.case_steps, "started") == rows(tables.case_steps, "finished")
    return [finished for (finished,) in rows(tables.case_steps, "finished")]


def soon(moment):
    """Return a moment as a duration can say it."""
    return round(moment, 3)


def test_each_home_serves_the_first_case_waiting():
    first, second, third, *_ = homes(seed=1)
    # The third asks after the first home has gone.
    asked = [0, 1e-3, soon(first + (second - first) / 2)]
    assert let(asked, seed=1) == [round(home, 6) for home in (first, second, third)]


def test_an_unclaimed_home_that_is_not_kept_is_lost():
    first, second, *_ = homes(seed=1)
    assert let([soon((first + second) / 2)], seed=1) == [round(second, 6)]


def test_an_unclaimed_home_is_kept_for_a_while():
    first, second, *_ = homes(seed=1)
    asked = soon((first + second) / 2)
    assert let([asked], seed=1, kept_for=asked - first + 0.01) == [asked]
    assert let([asked], seed=1, kept_for=asked - first - 0.01) == [round(second, 6)]


def test_of_the_homes_that_are_kept_the_oldest_is_let_first():
    seed = next(seed for seed in range(1000) if homes(seed)[1] + 12 < homes(seed)[2] and homes(seed)[0] > 1)
    first, second, third, *_ = homes(seed)
    kept = second - first + 4
    asked = [soon(second + 1), soon(second + 6)]
    assert asked[0] < first + kept < asked[1] < second + kept
    assert asked[1] < third
    # The first asks while both are kept and is let the older one, so that the newer one is left for the second.
    assert let(asked, seed, kept) == asked


def test_homes_may_begin_on_a_date():
    first, second, *_ = homes(seed=1)
    per_year = {"from the start": 0, day(50): A_HOME_IN_TEN_DAYS}
    assert let([0, 1], seed=1, per_year=per_year) == [round(50 + first, 6), round(50 + second, 6)]


def granted(at, per_year, amount, **more):
    """People who each need some money on the day on which they come."""
    return run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 0, requires=["grant"])]},
        steps={"grant": {"grant": {"per_year": per_year, "amount": amount}}},
        **{"demand": [come("hospital", *at)]} | more,
    )


def test_a_case_that_finds_too_little_money_waits_for_next_april():
    tables = granted((10, 20, 30, 40), 1000, 400, years=3)
    assert work(tables) == [
        (1, "grant", 10, 10, 10, "done"),
        (2, "grant", 20, 20, 20, "done"),
        (3, "grant", 30, 365, 365, "done"),
        (4, "grant", 40, 365, 365, "done"),
    ]
    assert rows(tables.case_steps, "amount") == [(400,)] * 4


def test_money_that_is_not_spent_in_its_year_is_gone():
    tables = granted((370, 371), "£1,000", "£700", years=3)
    assert rows(tables.case_steps, "finished") == [(370,), (731,)]  # 2028 is a leap year


def test_a_budget_that_is_spent_exactly_is_enough():
    assert rows(granted((10, 20), 1000, 500).case_steps, "finished") == [(10,), (20,)]


def test_the_budget_of_1_april_counts_for_the_whole_year():
    tables = granted((10, 20, 30), {"from the start": 1000, "2026-06-01": 5000}, 800, years=2)
    assert rows(tables.case_steps, "finished") == [(10,), (365,), (365,)]


def test_a_year_that_has_begun_before_the_start_has_its_share_left():
    # From 1 October to 31 March are 182 days of 365: £1,000 leave £498.63.
    october = {"start": "2026-10-01", "demand": [{"from": "hospital", "dates": ["2026-10-05"] * 2}], "years": 1}
    assert rows(granted((), 1000, 400, **october).case_steps, "queued finished") == [(4, 4), (4, 182)]
    assert rows(granted((), 1000, 499, **october).case_steps, "queued finished") == [(4, 182), (4, 182)]


def amounts(seed, number=3):
    """Return what the first people need, where every amount from £100 to £900 is as likely."""
    draws = Draws(seed, 0)
    who, what = code("demand", "hospital/adults"), code("step", "grant")
    return [100 + 800 * draws.uniform(who, n, what, 1, Purpose.AMOUNT) for n in range(1, number + 1)]


def goes_ahead(first, second, third):
    """Whether the third need is met by what is left when the second is not."""
    return first + third <= 1000 < first + second


def test_smaller_cases_may_go_ahead_of_one_that_finds_too_little():
    seed = next(seed for seed in range(1000) if goes_ahead(*amounts(seed)))
    tables = granted((10, 20, 30), 1000, {"quantiles": {"0%": 100, "100%": 900}}, years=2, seed=seed)
    assert [amount for (amount,) in rows(tables.case_steps, "amount")] == pytest.approx(amounts(seed))
    assert rows(tables.case_steps, "finished") == [(10,), (365,), (30,)]


def test_the_cases_of_one_instant_are_granted_in_their_order():
    tables = granted((10, 10, 10), 900, 400, years=2)
    assert rows(tables.case_steps, "finished") == [(10,), (10,), (365,)]
