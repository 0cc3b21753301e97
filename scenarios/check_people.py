"""Whether the streams of new people and the opening caseload make sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stepdown.scenarios.check_places import is_always_open, schemes_in
from stepdown.scenarios.schema import Resident, Scenario, Scheme, Source
from stepdown.scenarios.trees import KeyPath, Problem


def check_people(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with demand and caseload."""
    for number, source in enumerate(scenario.demand):
        yield from _source(scenario, ("demand", number), source)
    yield from _same_names(scenario)
    if scenario.adaptations is not None and scenario.adaptations.community is not None:
        yield from _season(("adaptations", "community", "season"), scenario.adaptations.community.season)
    if scenario.warm_up is not None and scenario.caseload:
        rule = "a scenario opens with a caseload or with a warm-up, not both"
        yield Problem(("warm_up",), rule, "Remove 'warm_up' or 'caseload'.", at_key=True)
    for setting, people in scenario.caseload.items():
        for number, person in enumerate(people):
            path = ("caseload", setting, number)
            yield from _admission(scenario, path, person)
            yield from _listing(scenario, path, setting, person)
            yield from _accepted(scenario, path, setting, person)


def _source(scenario: Scenario, path: KeyPath, source: Source) -> Iterator[Problem]:
    if (source.per_year is None) == (not source.dates):
        rule = "needs either `per_year` or `dates`" + ("" if source.per_year is None else ", not both")
        yield Problem(path, rule, "Write, for example, 'per_year: 34'.")
    yield from _season((*path, "season"), source.season)
    setting = scenario.settings.get(source.from_)
    if setting is not None and not any(map(is_always_open, schemes_in(setting, source.from_).values())):
        rule = f"people cannot always come into {source.from_!r}, as its places are limited"
        remedy = "Let them come from a setting such as 'community' with 'places: unlimited' and 'ready_after: 0 days'."
        yield Problem((*path, "from"), rule, remedy)


def _same_names(scenario: Scenario) -> Iterator[Problem]:
    def called(source: Source) -> str:
        return source.name if source.name is not None else f"{source.from_} {source.group or ''}"

    counts = Counter(called(source) for source in scenario.demand)
    for number, source in enumerate(scenario.demand):
        if counts[called(source)] > 1:
            rule = "another source has the same name, or the same setting and group without a name"
            yield Problem(("demand", number), rule, "Add a 'name' of its own: it addresses its people's luck.")


def _season(path: KeyPath, season: tuple[float, ...]) -> Iterator[Problem]:
    if season and len(season) != 12:
        yield Problem(path, f"has {len(season)} factors", "Write twelve, January to December.", at_key=True)


def _admission(scenario: Scenario, path: KeyPath, person: Resident) -> Iterator[Problem]:
    if person.people is None and person.admitted is None:
        remedy = "Write 'people: 9', 'admitted' with the date for one person, or both for people of one date."
        yield Problem(path, "needs `people` or `admitted`", remedy)
    if person.admitted is not None and person.admitted > scenario.start:
        yield Problem((*path, "admitted"), f"{person.admitted} is after the start, {scenario.start}")


def _listing(scenario: Scenario, path: KeyPath, setting: str, person: Resident) -> Iterator[Problem]:
    dates = {name: date for name, date in (("listed", person.listed), ("ready", person.ready)) if date is not None}
    if len(dates) > 1:
        remedy = "Write 'listed' if nothing is to be done before they move, else 'ready'."
        yield Problem((*path, "ready"), "needs either `listed` or `ready`, not both", remedy)
    if bool(dates) != (person.for_ is not None):
        missing = "listed" if person.for_ is not None else "for"
        yield Problem(path, f"needs `{missing}`", "Say since when somebody is listed (or ready) and for which setting.")
    for name, date in dates.items():
        if person.admitted is None:
            yield Problem((*path, name), "people who wait need the date on which they came", "Add 'admitted'.")
        if date > scenario.start:
            yield Problem((*path, name), f"{date} is after the start, {scenario.start}")
        if person.admitted is not None and date < person.admitted:
            yield Problem((*path, name), f"{date} is before the person was admitted, {person.admitted}")
    onward = [*scenario.routes.get(setting, ())]
    if setting in scenario.settings:
        onward += scenario.settings[setting].at_maximum_routes  # type: ignore[arg-type]
    group = _group_of(scenario, person)
    reached = list(dict.fromkeys(route.to for route in onward if not route.groups or group in route.groups))
    if person.for_ in scenario.settings and person.for_ not in reached:
        remedy = f"Routes from {setting} lead this person to: {', '.join(reached) or 'nowhere'}."
        yield Problem((*path, "for"), f"no route from {setting} leads to {person.for_!r}", remedy)


def _accepted(scenario: Scenario, path: KeyPath, setting: str, person: Resident) -> Iterator[Problem]:
    if setting not in scenario.settings:
        return
    schemes = schemes_in(scenario.settings[setting], setting)
    if person.scheme is not None:
        schemes = {name: scheme for name, scheme in schemes.items() if name == person.scheme}
    group = _group_of(scenario, person)
    if schemes and not any(_may_accept(scenario, scheme, group, person.area) for scheme in schemes.values()):
        where = person.scheme or f"no scheme of {setting}"
        rule = f"{where} does not accept this person" if person.scheme else f"{where} accepts this person"
        yield Problem(path, rule, "Change the person's group, area or scheme, or what the scheme accepts.")


def _group_of(scenario: Scenario, person: Resident) -> str | None:
    """Return a person's group, if it is known."""
    return person.group or (next(iter(scenario.groups)) if len(scenario.groups) == 1 else None)


def _may_accept(scenario: Scenario, scheme: Scheme, group: str | None, area: str | None) -> bool:
    """Whether a scheme may accept somebody; what is not known of them is given the benefit of the doubt."""
    groups = [name for name in scheme.accepts if name in scenario.groups]
    areas = [name for name in scheme.accepts if name in scenario.areas]
    suits_group = not groups or group is None or group in groups
    suits_area = not areas or area is None or area in areas
    return suits_group and suits_area
