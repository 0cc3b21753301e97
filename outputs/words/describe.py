"""A whole scenario in plain sentences: how it opens, who comes, where people live and how they move on."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.outputs.words.describe_money import describe_money
from stepdown.outputs.words.explain_values import ACCESS, AT_MAXIMUM
from stepdown.outputs.words.wording import (
    capitalised,
    say_count,
    say_date,
    say_distribution,
    say_duration,
    say_list,
    say_money,
    say_number,
    say_over_time,
    say_share,
    say_stages,
)
from stepdown.scenarios.compile_network import places_of
from stepdown.scenarios.quantities import UNLIMITED, Timeline
from stepdown.scenarios.schema import Route, Scenario, Setting
from stepdown.scenarios.schema_places import Onward, Resident
from stepdown.scenarios.schema_steps import Delay, Grant, Lettings, Panel, Team


def describe(scenario: Scenario) -> list[str]:
    """Return a scenario in plain sentences."""
    return [
        f"{scenario.title}: {say_number(scenario.years)} years from {say_date(scenario.start)}.",
        *_opening(scenario),
        *_people(scenario),
        *(_setting(name, setting) for name, setting in scenario.settings.items()),
        *(_route(scenario, name, route) for name, routes in scenario.routes.items() for route in routes),
        *_at_maximum(scenario),
        *(_step(name, step.kind) for name, step in scenario.steps.items()),
        *_adaptations(scenario),
        *describe_money(scenario),
    ]


def _opening(scenario: Scenario) -> Iterator[str]:
    if scenario.warm_up:
        warm_up = say_duration(scenario.warm_up)
        yield f"It opens after a warm-up: {warm_up} before the start are simulated and left out of the measures."
    elif not scenario.caseload:
        yield "It opens empty: nobody is there at the start."
    if scenario.caseload:
        people = {setting: sum(map(_how_many, entries)) for setting, entries in scenario.caseload.items()}
        listed = sum(_how_many(entry) for entries in scenario.caseload.values() for entry in entries if entry.listed)
        there = say_list([f"{say_count(number, 'person', 'people')} in {name}" for name, number in people.items()])
        waiting = f"; {listed} of them are on a waiting list already" if listed else ""
        yield f"It opens with its caseload: {there}{waiting}."


def _how_many(entry: Resident) -> int:
    return 1 if entry.people is None else entry.people


def _people(scenario: Scenario) -> Iterator[str]:
    for source in scenario.demand:
        who = f" ({source.group})" if source.group else ""
        if source.per_year is not None:
            number = say_over_time(source.per_year, say_number)
            grows = f", growing by {say_share(source.growth)} a year" if source.growth else ""
            yield f"{number} new people a year come to {source.from_}{who}{grows}."
        if source.dates:
            people = say_count(len(source.dates), "new person", "new people")
            yield f"{people} come to {source.from_}{who} on given dates."
    for name, group in scenario.groups.items():
        if any(group.deaths_per_1000_per_year.values()):
            deaths = say_over_time(group.deaths_per_1000_per_year, say_number)
            yield f"Of 1,000 people in the group {name}, {deaths} die a year."


def _setting(name: str, setting: Setting) -> str:
    parts = [_places(name, setting)]
    if any(setting.maximum_stay.values()):
        rule = say_over_time(setting.at_maximum or Timeline("extend"), lambda value: AT_MAXIMUM[value])
        parts.append(f"people who reach the maximum stay of {say_over_time(setting.maximum_stay, _limit)} {rule}")
    if any(setting.review_every.values()):
        parts.append(f"people are reviewed every {say_over_time(setting.review_every, _limit).removeprefix('1 ')}")
    limited = any(min(places_of(scheme).values()) < UNLIMITED for scheme in setting.schemes.values())
    if limited and len(setting.schemes) > 1:
        parts.append(ACCESS[setting.access])
    if setting.priority:
        parts.append(f"first come people from {say_list(setting.priority)}")
    if setting.turnaround is not None:
        parts.append(f"an empty place can be let again: {say_distribution(setting.turnaround)}")
    return f"{name}: {'; '.join(parts)}."


def _places(name: str, setting: Setting) -> str:
    if not setting.schemes:
        return _number_of_places(places_of(setting))
    schemes = [
        f"{scheme}: {_number_of_places(places_of(building))}"
        + (f", for {say_list(building.accepts)}" if building.accepts else "")
        + (f", an empty one let again: {say_distribution(building.turnaround)}" if building.turnaround else "")
        for scheme, building in setting.schemes.items()
    ]
    return f"{say_count(len(schemes), 'scheme')} ({'; '.join(schemes)})"


def _count_of_places(number: float) -> str:
    return "unlimited places" if number == UNLIMITED else say_count(number, "place")


def _number_of_places(places: Timeline[float]) -> str:
    return say_over_time(places, _count_of_places)


def _route(scenario: Scenario, setting: str, route: Onward) -> str:
    groups = f" {say_list(route.groups)}" if route.groups else ""
    leaves = "leave" if route.to == "left" else f"leave ({route.to})"
    goes = f"go to {route.to}" if route.to in scenario.settings else leaves
    parts = [f"From {setting} {say_over_time(route.share, say_share)}{groups} {goes}"]
    if isinstance(route, Route):
        parts.append(f"ready: {say_distribution(route.ready_after)}")
    if route.requires:
        parts.append(f"first {say_stages(route.requires)}")
    if isinstance(route, Route) and route.start_early:
        parts.append(f"preparing from {say_duration(route.start_early)} before they are ready")
    if route.gives_up is not None:
        parts.append(f"those who wait give up ({say_distribution(route.gives_up.after)}) for {route.gives_up.to}")
    return f"{'; '.join(parts)}."


def _at_maximum(scenario: Scenario) -> Iterator[str]:
    for name, setting in scenario.settings.items():
        for route in setting.at_maximum_routes:
            yield f"At the maximum stay: {_route(scenario, name, route)}"


def _step(name: str, kind: Delay | Team | Panel | Lettings | Grant) -> str:
    match kind:
        case Delay():
            return f"{name} takes time: {say_distribution(kind.takes)}."
        case Team():
            workers = say_over_time(kind.workers, lambda number: say_count(number, "worker"))
            return f"{name} is a team of {workers}; a case takes {say_distribution(kind.takes)}{_first(kind.priority)}."
        case Panel():
            most = kind.cases_per_meeting
            cases = f", considers up to {say_over_time(most, lambda number: say_count(number, 'case'))}" if most else ""
            approves = f" and approves {say_over_time(kind.approves, say_share)}"
            meets = say_over_time(kind.meets_every, say_duration).removeprefix("1 ")
            return f"{name} meets every {meets}{cases}{approves}{_first(kind.priority)}."
        case Lettings():
            homes = say_over_time(kind.per_year, say_number)
            kept = f"; an unclaimed one is kept for {say_duration(kind.kept_for)}" if kind.kept_for else ""
            return f"{name} yields {homes} homes a year at random{kept}{_first(kind.priority)}."
        case Grant():
            money = say_over_time(kind.per_year, say_money)
            payer = f", paid by {kind.payer}" if kind.payer else ""
            amount = say_distribution(kind.amount, money=True)
            return f"{name} has {money} a financial year{payer}; a case needs {amount}{_first(kind.priority)}."


def _first(priority: tuple[str, ...]) -> str:
    return f"; first come cases of {say_list(priority)}" if priority else ""


def _adaptations(scenario: Scenario) -> Iterator[str]:
    adaptations = scenario.adaptations
    if adaptations is None:
        return
    if adaptations.community is not None:
        growth = adaptations.community.growth
        grows = f", growing by {say_share(growth)} a year" if growth else ""
        number = say_over_time(adaptations.community.per_year, say_number)
        yield f"The community asks for {number} adaptations a year{grows}."
    yield f"Homes by tenure: {say_list([f'{name} {say_share(share)}' for name, share in adaptations.tenures.items()])}."
    for name, tier in adaptations.tiers.items():
        ways = [f"in {tenure} homes {say_stages(steps)}" for tenure, steps in tier.steps_by_tenure.items()]
        ways.insert(0, say_stages(tier.steps))
        text = f"{capitalised(name)} adaptations ({say_share(tier.share)} of cases): {'; '.join(ways)}"
        rehoused = any(tier.rehoused_first.values())
        yield text + (f"; {say_over_time(tier.rehoused_first, say_share)} are rehoused first." if rehoused else ".")
    if adaptations.movers:
        needs = [f"{say_share(share)} a {name}" for name, share in adaptations.movers.items()]
        yield f"Of people who move, {say_list(needs)} adaptation."


def _limit(days: float | None) -> str:
    return "none" if days is None else say_duration(days)
