"""Hand-written traces: who may take a place in which scheme."""

import pytest
from tracing import UNLIMITED, come, day, lives, route, rows, run

from stepdown.scenarios.network import code
from stepdown.simulation.draws import Draws, Purpose

pytestmark = pytest.mark.trace

AREAS = {"areas": ["city", "county", "coast"]}


def homes(setting, at, to_house=None, stay=100, **more):
    """People who are listed for a setting of several schemes on the days on which they come."""
    return run(
        settings={"hospital": UNLIMITED, "house": setting},
        routes={"hospital": [route("house", **(to_house or {}))], "house": [route("left", stay)]},
        demand=more.pop("demand", [come("hospital", *at)]),
        **more,
    )


def lived(tables):
    """Return who entered which scheme when."""
    return rows(tables.stays, "person scheme entered", setting="house")


def two(first=1, second=1, **more):
    """Return two schemes with their places."""
    return {"schemes": {"oak": {"places": first}, "elm": {"places": second}}, **more}


def test_a_single_list_takes_any_place_in_the_order_of_the_schemes():
    tables = homes(two(), (0, 5, 10, 20))
    assert lived(tables) == [(1, "oak", 0), (2, "elm", 5), (3, "oak", 100), (4, "elm", 105)]


def test_by_scheme_people_wait_for_the_scheme_that_their_route_names():
    tables = homes(two(access="by_scheme"), (0, 5), to_house={"scheme": "elm"})
    assert lived(tables) == [(1, "elm", 0), (2, "elm", 100)]


def drawn(number, scale):
    """Return the draw by which a person from hospital is bound to a scheme."""
    who, where = code("demand", "hospital/adults"), code("setting", "house")
    return scale * Draws(1, 0).uniform(who, number, where, 1, Purpose.SCHEME)


def test_by_scheme_people_are_bound_in_proportion_to_the_places_that_are_open():
    tables = homes(two(30, 10, access="by_scheme"), [0] * 30, stay=300)
    bound = ["oak" if drawn(number, 40) < 30 else "elm" for number in range(1, 31)]
    assert set(bound) == {"oak", "elm"}
    assert [scheme for _, scheme, _ in lived(tables)] == bound


def test_by_scheme_people_wait_for_their_scheme_though_another_has_places():
    people = range(1, 31)
    bound = ["oak" if drawn(number, 2) < 1 else "elm" for number in people]
    late = next(number for number in people if bound[: number - 1].count(bound[number - 1]) == 1)
    tables = homes(two(access="by_scheme"), [0] * 30, stay=300)
    entered = {number: (scheme, entered) for number, scheme, entered in lived(tables)}
    assert entered[1] == (bound[0], 0)
    assert entered[late] == (bound[late - 1], 300)
    assert [entered for _, entered in entered.values()].count(0) == 2


def test_by_scheme_nobody_is_bound_to_a_scheme_that_does_not_accept_them():
    schemes = {"oak": {"places": 30, "accepts": ["young"]}, "elm": {"places": 1}}
    tables = homes(
        {"access": "by_scheme", "schemes": schemes},
        (),
        groups={"adults": {}, "young": {}},
        demand=[come("hospital", 0, 1, 2, group="adults")],
    )
    assert lived(tables) == [(1, "elm", 0), (2, "elm", 100), (3, "elm", 200)]


def test_who_is_bound_to_a_scheme_that_closes_is_bound_to_another():
    schemes = {"oak": {"places": 1}, "elm": {"places": 1, "closes": day(30)}}
    setting = {"access": "by_scheme", "schemes": schemes}
    tables = homes(setting, (0, 5, 10), to_house={"scheme": "elm"}, stay=150)
    # Person 1 lives on in the elm; persons 2 and 3 are bound to the oak from day 30 on, in the order of the list.
    assert lived(tables) == [(1, "elm", 0), (2, "oak", 30), (3, "oak", 180)]


def test_a_route_that_names_a_scheme_which_has_closed_leads_to_another():
    closing = {"schemes": {"elm": {"places": 1, "closes": day(30)}, "oak": {"places": 1}}, "access": "by_scheme"}
    tables = homes(closing, (40,), to_house={"scheme": "elm"})
    assert lived(tables) == [(1, "oak", 40)]


def test_while_no_scheme_is_open_people_wait_for_whichever_opens_first():
    schemes = {"oak": {"places": 1, "opens": day(60)}, "elm": {"places": 1, "opens": day(40)}}
    tables = homes({"access": "by_scheme", "schemes": schemes}, (0, 5), stay=50)
    assert lived(tables) == [(1, "elm", 40), (2, "elm", 90)]


def test_who_is_listed_at_the_start_is_bound_by_the_route_too():
    tables = homes(
        two(1, 1, access="by_scheme"),
        (),
        to_house={"scheme": "elm"},
        demand=[],
        caseload={"hospital": [lives(-9, -5, "house"), lives(-9, -6, "house")]},
    )
    assert lived(tables) == [(1, "elm", 100), (2, "elm", 0)]


def by_area(access, *where, places=1, stay=100):
    """People of given areas, one a day, and a scheme in the city and one in the county."""
    setting = {
        "access": access,
        "schemes": {"oak": {"places": places, "area": "city"}, "elm": {"places": places, "area": "county"}},
    }
    demand = [come("hospital", on, area=area, name=f"person {on}") for on, area in enumerate(where)]
    return homes(setting, (), demand=demand, stay=stay, **AREAS)


def test_by_area_people_live_in_their_own_area_or_wait():
    tables = by_area("by_area", "county", "county", "city", "coast")
    assert lived(tables) == [(1, "elm", 0), (2, "elm", 100), (3, "oak", 2)]
    assert rows(tables.stays, "listed left to", person=4) == [(3, None, "house")]


def test_own_area_first_people_prefer_their_own_area_and_take_another():
    tables = by_area("own_area_first", "county", "county", "coast", "city")
    # The second takes the oak in the city as the elm is taken; the third, with no scheme of their own, waits for any.
    assert lived(tables) == [(1, "elm", 0), (2, "oak", 1), (3, "elm", 100), (4, "oak", 101)]


def test_own_area_first_chooses_for_the_first_on_the_list_alone():
    # Both places are free when the first two are listed: the order of the list counts before their areas do.
    tables = by_area("own_area_first", "city", "city", "county")
    assert lived(tables) == [(1, "oak", 0), (2, "elm", 1), (3, "oak", 100)]


def test_without_own_area_first_the_order_of_the_schemes_decides():
    assert lived(by_area("single", "county", "city")) == [(1, "oak", 0), (2, "elm", 1)]


def test_a_scheme_may_accept_some_areas_and_some_groups_only():
    schemes = {"oak": {"places": 9, "accepts": ["city", "young"]}, "elm": {"places": 9, "accepts": ["county"]}}
    people = [("young", "city"), ("young", "county"), ("adults", "city"), ("adults", "county")]
    tables = homes(
        {"schemes": schemes},
        (),
        groups={"adults": {}, "young": {}},
        demand=[
            come("hospital", on, group=group, area=area, name=f"person {on}") for on, (group, area) in enumerate(people)
        ],
        **AREAS,
    )
    # The oak takes the young of the city; the elm everybody of the county; for adults of the city there is nothing.
    assert lived(tables) == [(1, "oak", 0), (2, "elm", 1), (4, "elm", 3)]


def test_opening_residents_without_a_scheme_fill_the_schemes_evenly():
    tables = run(
        settings={"house": {"schemes": {"oak": {"places": 4}, "elm": {"places": 2}}}},
        routes={"house": [route("left", 900)]},
        caseload={"house": [lives(-9), lives(-9, scheme="elm"), lives(-9), lives(-9), lives(-9), lives(-9)]},
    )
    # Each goes where the share of places taken is then the smallest: oak 1/4, (elm 1/2 named), oak 2/4, oak 3/4, ...
    assert rows(tables.stays, "scheme") == [("oak",), ("elm",), ("oak",), ("oak",), ("oak",), ("elm",)]
