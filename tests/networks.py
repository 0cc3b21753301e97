"""Random worlds for Hypothesis: valid scenarios, as plain data, that use every feature of the model in combination.

Horizons are short and people few, so that one history takes milliseconds. Durations are often whole days and dates
often multiples of five days, so that many things happen in one instant: the order within an instant is where engines
could differ. Away from the community, into which no route leads, nobody is ready after no time at all: otherwise people
could go round in circles within one instant.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from networks_steps import adaptations, requires, steps
from networks_values import chance, durations, over_time, positive_durations, shares, some

from stepdown.scenarios.check_names import names_in
from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import Scenario

Data = dict[str, Any]
Draw = Any

thorough = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""How many worlds a law is tried in: worlds are large, so that drawing one takes as long as running it."""

STARTS = (dt.date(2026, 4, 1), dt.date(2026, 10, 15), dt.date(2028, 2, 29))
SOURCES = ("community", "hospital")
"""Settings in which people may appear: always open, whatever happens."""
LIMITED = ("red", "blue", "green")
EXITS = ("left", "away")
ACCESS = ("single", "by_scheme", "by_scheme", "by_area", "own_area_first")


@dataclass(frozen=True)
class Names:
    """What a world is made of, before anything is said about it."""

    start: dt.date
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    settings: dict[str, tuple[str, ...]]
    """Each setting's schemes; none for a setting that is one scheme of its own name."""
    access: dict[str, str]
    steps: tuple[str, ...]
    adapts: bool

    @property
    def required(self) -> tuple[str, ...]:
        """What a route may require."""
        return (*self.steps, "adaptation") if self.adapts else self.steps

    def destinations(self, home: str) -> list[str]:
        """Where a route from a setting may lead: to limited settings more often, so that there are lists and rings."""
        limited = [name for name in LIMITED if name in self.settings and name != home]
        unlimited = [name for name in ("hospital", "flat") if name in self.settings and name != home]
        return [*limited * 3, *unlimited, *EXITS, "died"]


@st.composite
def scenarios(draw: Draw) -> Data:
    """Draw a scenario as plain data, as a YAML file would give it."""
    names = draw(_names())
    places = {name: draw(_setting(names, name)) for name in names.settings}
    routes = {name: draw(_routes(names, name)) for name in names.settings if name != "flat" or draw(st.booleans())}
    for name in names.settings:
        _needs_routes(places[name], routes.get(name))
    data: Data = {
        "start": names.start.isoformat(),
        "years": draw(st.sampled_from([1, 0.02, 0.4, 1.3, 1.3])),
        "groups": {name: draw(_group(names.start)) for name in names.groups},
        "areas": draw(st.sampled_from([list(names.areas), dict(zip(names.areas, (0.75, 0.25), strict=False))]))
        if len(names.areas) == 2
        else list(names.areas),
        "exits": list(EXITS),
        "settings": places,
        "routes": routes,
        "steps": {name: draw(steps(name, names)) for name in names.steps},
        "demand": draw(_demand(names)),
    }
    if names.adapts:
        data["adaptations"] = draw(adaptations(names))
    opening = draw(st.sampled_from(["caseload", "caseload", "warm_up", "empty"]))
    if opening == "warm_up":
        data["warm_up"] = draw(st.sampled_from(["30 days", "100.5 days", "3 months"]))
    if opening == "caseload":
        data["caseload"] = draw(_caseload(names, places, routes))
    return data


def network_of(data: Data) -> Network:
    """Return a scenario made ready to run, which `stepdown check` must find no fault with."""
    scenario = Scenario.model_validate(data)
    faults = [(problem.path, problem.rule) for problem in check_scenario(scenario, names_in(data))]
    assert faults == [], f"the strategy draws scenarios that check refuses: {faults}"
    return compile_network(scenario)


@st.composite
def _names(draw: Draw) -> Names:
    limited = LIMITED[: draw(st.integers(1, 3))]
    unlimited = [name for name in ("hospital", "flat") if draw(chance(2))]
    schemes = {name: draw(st.sampled_from([(), (f"{name} 1", f"{name} 2")])) for name in limited}
    settings: dict[str, tuple[str, ...]] = {"community": (), **schemes, **dict.fromkeys(unlimited, ())}
    kinds = ("forms", "team", "other team", "panel", "letting", "grant")
    return Names(
        start=draw(st.sampled_from(STARTS)),
        groups=draw(st.sampled_from([("adults",), ("adults", "young")])),
        areas=draw(st.sampled_from([("city",), ("city", "county")])),
        settings={name: settings[name] for name in draw(st.permutations(list(settings)))},
        access={name: draw(st.sampled_from(ACCESS)) for name in limited},
        steps=tuple(draw(some(kinds))),
        adapts=draw(chance(2)),
    )


@st.composite
def _group(draw: Draw, start: dt.date) -> Data:
    rates = st.sampled_from([0, 100, 1500])
    return {"deaths_per_1000_per_year": draw(over_time(rates, start))} if draw(chance(2)) else {}


@st.composite
def _setting(draw: Draw, names: Names, name: str) -> Data:
    """Draw a setting's places and rules."""
    setting: Data = {}
    if name not in LIMITED:
        setting["places"] = "unlimited"
    elif names.settings[name]:
        setting["schemes"] = {scheme: draw(_scheme(names, name)) for scheme in names.settings[name]}
        if draw(chance(3)):
            setting["turnaround"] = draw(durations())
    else:
        setting |= draw(_scheme(names, name))
    if draw(chance(2)):
        limits = st.one_of(st.just("none"), st.sampled_from(["5 days", "30 days", "45.5 days"]))
        setting["maximum_stay"] = draw(over_time(limits, names.start))
        setting["at_maximum"] = draw(over_time(st.sampled_from(["extend", "move_on"]), names.start))
        if draw(chance(2)):
            setting["at_maximum_routes"] = draw(_shared_routes(names, name, natural=False))
    if draw(chance(2)):
        intervals = st.sampled_from(["none", "10 days", "30 days", "45.5 days"])
        setting["review_every"] = draw(over_time(intervals, names.start))
    if name in LIMITED:
        setting["access"] = names.access[name]
        setting["priority"] = draw(some((*names.settings, *names.groups)))
    return setting


@st.composite
def _scheme(draw: Draw, names: Names, setting: str) -> Data:
    places = st.sampled_from([0, 1, 1, 1, 2, 2, 3, "unlimited"])
    scheme: Data = {"places": draw(over_time(places, names.start))}
    if names.access[setting] in ("by_area", "own_area_first"):
        scheme["area"] = draw(st.sampled_from(names.areas))
    if draw(chance(4)):
        scheme["accepts"] = draw(some((*names.groups, *names.areas)))
    if draw(chance(3)):
        scheme["turnaround"] = draw(durations())
    opens = draw(st.sampled_from([None, None, None, -20, 15, 60]))
    closes = draw(st.sampled_from([None, None, -5, 30, 75, 130]))
    if opens is not None:
        scheme["opens"] = (names.start + dt.timedelta(opens)).isoformat()
    if closes is not None and (opens is None or opens < closes):
        scheme["closes"] = (names.start + dt.timedelta(closes)).isoformat()
        scheme["residents"] = draw(st.sampled_from(["stay", "move_on"]))
    return scheme


def _needs_routes(setting: Data, routes: list[Data] | None) -> None:
    """Let nobody have to move on from a setting that leads nowhere."""
    if routes is None:
        for key in ("maximum_stay", "at_maximum", "at_maximum_routes"):
            setting.pop(key, None)


@st.composite
def _routes(draw: Draw, names: Names, home: str) -> list[Data]:
    return draw(_shared_routes(names, home, natural=True))


@st.composite
def _shared_routes(draw: Draw, names: Names, home: str, natural: bool) -> list[Data]:
    """Draw routes whose shares are whole for every group, either for all together or for each alone."""
    if len(names.groups) == 1 or draw(st.booleans()):
        return draw(_whole(names, home, natural))
    return [route | {"groups": [group]} for group in names.groups for route in draw(_whole(names, home, natural))]


@st.composite
def _whole(draw: Draw, names: Names, home: str, natural: bool) -> list[Data]:
    return [draw(_route(names, home, share, natural)) for share in draw(shares(names.start))]


@st.composite
def _route(draw: Draw, names: Names, home: str, share: Any, natural: bool) -> Data:
    to = draw(st.sampled_from(names.destinations(home)))
    route: Data = {"to": to, "share": share, "requires": draw(requires(names.required))}
    if natural:
        route["ready_after"] = draw(durations() if home == "community" else positive_durations())
        if route["requires"] and draw(chance(2)):
            route["start_early"] = draw(st.sampled_from(["5 days", "30 days", "7.25 days"]))
    if names.access.get(to) == "by_scheme" and draw(chance(2)):
        route["scheme"] = draw(st.sampled_from(names.settings[to] or (to,)))
    if draw(chance(3)):
        instead = [name for name in names.destinations(home) if name != to]
        route["gives_up"] = {"after": draw(durations()), "to": draw(st.sampled_from(instead))}
    return route


@st.composite
def _demand(draw: Draw, names: Names) -> list[Data]:
    open_to_all = [name for name in SOURCES if name in names.settings]
    return [draw(_source(names, open_to_all, number)) for number in range(draw(st.sampled_from([1, 2, 3, 0])))]


@st.composite
def _source(draw: Draw, names: Names, open_to_all: list[str], number: int) -> Data:
    source: Data = {
        "name": f"source {number}",
        "from": draw(st.sampled_from(open_to_all)),
        "group": draw(st.sampled_from(names.groups)),
    }
    if draw(st.booleans()):
        source["area"] = draw(st.sampled_from(names.areas))
    if draw(st.booleans()):
        on = draw(st.lists(st.integers(-8, 40), min_size=4, max_size=12))
        return source | {"dates": [(names.start + dt.timedelta(5 * day)).isoformat() for day in on]}
    source["per_year"] = draw(over_time(st.sampled_from([20, 0, 60]), names.start))
    source["growth"] = draw(st.sampled_from(["0%", "40%", "-30%"]))
    source["season"] = draw(st.sampled_from([[], [1, 0, 2, 1, 1, 0.5, 1.5, 1, 1, 1, 3, 0]]))
    return source


@st.composite
def _caseload(draw: Draw, names: Names, places: Data, routes: Data) -> Data:
    caseload = {}
    for name in names.settings:
        schemes = {scheme: places[name]["schemes"][scheme] for scheme in names.settings[name]} or {name: places[name]}
        entries = [draw(_resident(names, name, schemes, routes)) for _ in range(draw(st.sampled_from([1, 2, 3, 0])))]
        caseload[name] = [entry for entry in entries if entry is not None]
    return caseload


@st.composite
def _resident(draw: Draw, names: Names, home: str, schemes: Data, routes: Data) -> Data | None:
    """Draw a person, or a number of people, whom the scheme that they live in accepts."""
    scheme = draw(st.sampled_from(list(schemes)))
    accepts = schemes[scheme].get("accepts", ())
    resident: Data = {
        "group": draw(st.sampled_from([name for name in names.groups if name in accepts] or names.groups)),
        "area": draw(st.sampled_from([name for name in names.areas if name in accepts] or names.areas)),
    }
    if names.settings[home] and draw(st.booleans()):
        resident["scheme"] = scheme
    leads = [route for route in routes.get(home, ()) if resident["group"] in route.get("groups", names.groups)]
    if leads and draw(st.booleans()):
        return resident | {"people": draw(st.integers(0, 4))}
    admitted = draw(st.integers(0, 12)) * 10
    resident["admitted"] = (names.start - dt.timedelta(admitted)).isoformat()
    wanted = [route["to"] for route in leads if route["to"] in names.settings]
    if wanted and draw(chance(3)):
        waited = draw(st.integers(0, admitted))
        resident |= {
            "listed": (names.start - dt.timedelta(waited)).isoformat(),
            "for": draw(st.sampled_from(wanted)),
        }
    return resident
