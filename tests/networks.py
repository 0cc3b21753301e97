"""Random worlds: valid scenarios, as plain data, that use every feature of the model in combination.

Horizons are short and people few, so that one history takes milliseconds. Durations are often whole days and dates
often multiples of five days, so that many things happen in one instant: the order within an instant is where engines
could differ. Away from the community, into which no route leads, nobody is ready after no time at all: otherwise people
could go round in circles within one instant.

Worlds have a mood, because what takes several things to happen would else be rare: some are crowded, with full houses
that lead only to each other; some are full of work; in some, people prepare early and must move on before they are
ready.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from networks_steps import SEASON, adaptations, requires, step
from networks_values import WHOLE_DAYS, duration, one_over_time, positive_duration, shares
from picking import HypothesisPicker, Picker, RandomPicker

from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.names import names_in
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import Scenario

Data = dict[str, Any]

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
ACCESS = ("single", "by_scheme", "by_area", "own_area_first", "by_scheme", "own_area_first")
MOODS = ("any", "work", "crowded", "limits")


@dataclass(frozen=True)
class Names:
    """What a world is made of, before anything is said about it."""

    mood: str
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

    def seldom(self, **moods: int) -> int:
        """Return one in how many times something happens in this mood: twice, if nothing is said of it."""
        return moods.get(self.mood, moods.get("any", 2))

    @property
    def crowded(self) -> bool:
        """Whether houses are full and lead to each other."""
        return self.mood == "crowded"

    def destinations(self, home: str) -> list[str]:
        """Where a route from a setting may lead: to limited settings more often, so that there are lists and rings."""
        limited = [name for name in LIMITED if name in self.settings and name != home]
        if self.crowded and home in LIMITED and limited:
            return limited
        unlimited = [name for name in ("hospital", "flat") if name in self.settings and name != home]
        return [*limited * 3, *unlimited, *EXITS, "died"]


@st.composite
def scenarios(draw: Any) -> Data:
    """Draw a scenario as plain data, as a YAML file would give it."""
    return scenario(HypothesisPicker(draw))


def random_scenario(seed: object) -> tuple[Data, list[int]]:
    """Return a scenario as plain data, and the choices that made it, at a hundredth of the cost of `scenarios`."""
    pick = RandomPicker(seed)
    return scenario(pick), pick.chosen


def scenario(pick: Picker) -> Data:
    """Choose a scenario."""
    names = _names(pick)
    places = {name: _setting(pick, names, name) for name in names.settings}
    routes = {name: _routes(pick, names, name) for name in names.settings if name != "flat" or pick.chance(2)}
    for name in names.settings:
        _needs_routes(places[name], routes.get(name))
    data: Data = {
        "start": names.start.isoformat(),
        "years": pick.one([0.4, 0.4, 1.3, 0.7, 0.4, 1, 0.02, 0.7]),
        "groups": {name: _group(pick, names) for name in names.groups},
        "areas": list(names.areas),
        "exits": list(EXITS),
        "settings": places,
        "routes": routes,
        "steps": {name: step(pick, name, names) for name in names.steps},
        "demand": _demand(pick, names),
    }
    if len(names.areas) == 2 and pick.chance(2):
        data["areas"] = dict(zip(names.areas, (0.75, 0.25), strict=True))
    if names.adapts:
        data["adaptations"] = adaptations(pick, names)
    opening = "caseload" if names.crowded else pick.one(["caseload", "empty", "caseload", "warm_up"])
    if opening == "warm_up":
        data["warm_up"] = pick.one(["30 days", "100.5 days", "3 months"])
    if opening == "caseload":
        data["caseload"] = _caseload(pick, names, places, routes)
    return data


def network_of(data: Data) -> Network:
    """Return a scenario made ready to run, which `stepdown check` must find no fault with."""
    scenario = Scenario.model_validate(data)
    faults = [(problem.path, problem.rule) for problem in check_scenario(scenario, names_in(data))]
    assert faults == [], f"the strategy draws scenarios that check refuses: {faults}"
    return compile_network(scenario)


def _names(pick: Picker) -> Names:
    mood = pick.one(MOODS)
    limited = LIMITED[: pick.one((3, 2)) if mood == "crowded" else pick.number(1, 3)]
    unlimited = [name for name in ("hospital", "flat") if pick.chance(2)]
    schemes = {name: pick.one([(), (f"{name} 1", f"{name} 2")]) for name in limited}
    settings: dict[str, tuple[str, ...]] = {"community": (), **schemes, **dict.fromkeys(unlimited, ())}
    kinds = ("forms", "team", "other team", "panel", "letting", "grant")
    return Names(
        mood=mood,
        start=pick.one(STARTS),
        groups=pick.one([("adults",), ("adults", "young")]),
        areas=pick.one([("city",), ("city", "county")]),
        settings={name: settings[name] for name in pick.shuffled(list(settings))},
        access={name: "single" if mood == "crowded" and pick.chance(2) else pick.one(ACCESS) for name in limited},
        steps=tuple(pick.shuffled(kinds) if mood == "work" else pick.some(kinds)),
        adapts=pick.chance(2) or mood == "work",
    )


def _group(pick: Picker, names: Names) -> Data:
    if not pick.chance(names.seldom(crowded=4)):
        return {}
    return {"deaths_per_1000_per_year": one_over_time(pick, (1500, 100, 6000, 0), names.start)}


def _setting(pick: Picker, names: Names, name: str) -> Data:
    """Choose a setting's places and rules."""
    setting: Data = {}
    if name not in LIMITED:
        setting["places"] = "unlimited"
    elif names.settings[name]:
        setting["schemes"] = {scheme: _scheme(pick, names, name) for scheme in names.settings[name]}
        if pick.chance(names.seldom(any=3, crowded=6)):
            setting["turnaround"] = duration(pick)
    else:
        setting |= _scheme(pick, names, name)
    if pick.chance(names.seldom(crowded=4, limits=1)):
        limits = ("30 days", "5 days", "45.5 days", "none")
        setting["maximum_stay"] = one_over_time(pick, limits, names.start)
        setting["at_maximum"] = one_over_time(pick, ("move_on", "move_on", "extend"), names.start)
        if pick.chance(2):
            setting["at_maximum_routes"] = _shared_routes(pick, names, name, natural=False)
    if pick.chance(names.seldom(limits=4)):
        setting["review_every"] = one_over_time(pick, ("10 days", "30 days", "45.5 days", "none"), names.start)
    if name in LIMITED:
        setting["access"] = names.access[name]
        setting["priority"] = pick.some((*names.settings, *names.groups))
    return setting


def _scheme(pick: Picker, names: Names, setting: str) -> Data:
    numbers = (1, 2, 1, 1, 2, 3, 0, "unlimited")
    steady = names.crowded and not pick.chance(4)
    scheme: Data = {"places": pick.one((1, 2)) if steady else one_over_time(pick, numbers, names.start)}
    if names.access[setting] in ("by_area", "own_area_first"):
        scheme["area"] = pick.one(names.areas)
    if pick.chance(names.seldom(any=4, crowded=8)):
        scheme["accepts"] = pick.some((*names.groups, *names.areas))
    if pick.chance(names.seldom(any=3, crowded=6)):
        scheme["turnaround"] = duration(pick)
    opens = None if steady else pick.one([None, None, None, -20, 15, 60])
    closes = None if steady else pick.one([None, None, 30, 75, 130, -5])
    if opens is not None:
        scheme["opens"] = (names.start + dt.timedelta(opens)).isoformat()
    if closes is not None and (opens is None or opens < closes):
        scheme["closes"] = (names.start + dt.timedelta(closes)).isoformat()
        scheme["residents"] = pick.one(["move_on", "stay"])
    return scheme


def _needs_routes(setting: Data, routes: list[Data] | None) -> None:
    """Let nobody have to move on from a setting that leads nowhere."""
    if routes is None:
        for key in ("maximum_stay", "at_maximum", "at_maximum_routes"):
            setting.pop(key, None)


def _routes(pick: Picker, names: Names, home: str) -> list[Data]:
    return _shared_routes(pick, names, home, natural=True)


def _shared_routes(pick: Picker, names: Names, home: str, natural: bool) -> list[Data]:
    """Choose routes whose shares are whole for every group, either for all together or for each alone."""
    if len(names.groups) == 1 or pick.chance(2):
        return _whole(pick, names, home, natural)
    return [route | {"groups": [group]} for group in names.groups for route in _whole(pick, names, home, natural)]


def _whole(pick: Picker, names: Names, home: str, natural: bool) -> list[Data]:
    return [_route(pick, names, home, share, natural) for share in shares(pick, names.start)]


def _route(pick: Picker, names: Names, home: str, share: Any, natural: bool) -> Data:
    to = pick.one(names.destinations(home))
    seldom = 1 if names.crowded and not pick.chance(4) else names.seldom(any=3, work=8, limits=8)
    needed = requires(pick, names.required, seldom)
    route: Data = {"to": to, "share": share, "requires": needed}
    if natural:
        route["ready_after"] = _ready_after(pick, names, home)
        if needed and pick.chance(names.seldom(limits=1)):
            route["start_early"] = pick.one(["30 days", "5 days", "7.25 days", "60 days"])
    if names.access.get(to) == "by_scheme" and pick.chance(2):
        route["scheme"] = pick.one(names.settings[to] or (to,))
    if pick.chance(names.seldom(any=3, crowded=8)):
        instead = [name for name in names.destinations(home) if name != to] or ["left"]
        route["gives_up"] = {"after": duration(pick), "to": pick.one(instead)}
    return route


def _ready_after(pick: Picker, names: Names, home: str) -> Any:
    if home == "community":
        return duration(pick)
    return pick.one(WHOLE_DAYS) if names.crowded else positive_duration(pick)


def _demand(pick: Picker, names: Names) -> list[Data]:
    open_to_all = [name for name in SOURCES if name in names.settings]
    return [_source(pick, names, open_to_all, number) for number in range(pick.one([1, 2, 3, 1, 2, 3, 2, 0]))]


def _source(pick: Picker, names: Names, open_to_all: list[str], number: int) -> Data:
    source: Data = {"name": f"source {number}", "from": pick.one(open_to_all), "group": pick.one(names.groups)}
    if pick.chance(2):
        source["area"] = pick.one(names.areas)
    if pick.chance(2):
        on = [pick.number(-8, 40) for _ in range(pick.number(4, 16))]
        return source | {"dates": [(names.start + dt.timedelta(5 * day)).isoformat() for day in on]}
    source["per_year"] = one_over_time(pick, (40, 20, 90, 60, 0), names.start)
    source["growth"] = pick.one(["0%", "40%", "-30%"])
    source["season"] = list(pick.one([(), SEASON]))
    return source


def _caseload(pick: Picker, names: Names, places: Data, routes: Data) -> Data:
    caseload = {}
    for name in names.settings:
        schemes = {scheme: places[name]["schemes"][scheme] for scheme in names.settings[name]} or {name: places[name]}
        if names.crowded and name in LIMITED:
            lived_in = [scheme for scheme, rules in schemes.items() for _ in range(_beds(rules))]
        else:
            lived_in = [pick.one(list(schemes)) for _ in range(pick.one([1, 2, 3, 0]))]
        entries = [_resident(pick, names, name, scheme, schemes[scheme], routes) for scheme in lived_in]
        caseload[name] = entries
    return caseload


def _beds(scheme: Data) -> int:
    """Return the places that a crowded scheme is full with."""
    return scheme["places"] if isinstance(scheme["places"], int) else 2


def _resident(pick: Picker, names: Names, home: str, scheme: str, rules: Data, routes: Data) -> Data:
    """Choose a person, or a number of people, whom the scheme that they live in accepts."""
    accepts = rules.get("accepts", ())
    resident: Data = {
        "group": pick.one([name for name in names.groups if name in accepts] or names.groups),
        "area": pick.one([name for name in names.areas if name in accepts] or names.areas),
    }
    if names.settings[home] and pick.chance(names.seldom(crowded=1)):
        resident["scheme"] = scheme
    leads = [route for route in routes.get(home, ()) if resident["group"] in route.get("groups", names.groups)]
    if leads and pick.chance(2) and not names.crowded:
        return resident | {"people": pick.number(0, 4)}
    admitted = pick.number(0, 12) * 10
    resident["admitted"] = (names.start - dt.timedelta(admitted)).isoformat()
    wanted = [route["to"] for route in leads if route["to"] in names.settings]
    if wanted and pick.chance(3):
        waited = pick.number(0, admitted)
        listed = names.start - dt.timedelta(waited)
        resident |= {pick.one(["listed", "ready"]): listed.isoformat(), "for": pick.one(wanted)}
    return resident
