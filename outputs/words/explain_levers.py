"""A sentence for each value that a lever changes: its own for the usual levers, a general one for everything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from stepdown.outputs.words import explain_values as v
from stepdown.outputs.words.differences import MISSING, Difference
from stepdown.outputs.words.explain_values import Say, over_time, switch
from stepdown.outputs.words.wording import say_list


class Rule(NamedTuple):
    """A sentence for one kind of value.

    Attributes
    ----------
    path
        The keys that lead to it; a star stands for any name.
    say
        How the value is said.
    text
        The sentence: {0}, {1} and so on are the names under the stars, {last} the last of them, {change} what replaces
        what.
    number
        Whether the value that is replaced is said as a number without its unit.
    """

    path: str
    say: Say
    text: str
    number: bool = False


def _place_rules() -> Iterable[Rule]:
    """Return the rules that hold for settings and for the schemes within them."""
    for place in ("settings/*", "settings/*/schemes/*"):
        yield Rule(f"{place}/places", v.count_of("place"), "{last} has {change}.", True)
        yield Rule(f"{place}/opens", v.date, "{last} opens on {change}.")
        yield Rule(f"{place}/closes", v.date, "{last} closes on {change}; places go as they fall vacant.")
        yield Rule(f"{place}/residents", v.closing, "When {last} closes, its residents {change}.")
        yield Rule(f"{place}/accepts", say_list, "{last} accepts {change}.")
        yield Rule(f"{place}/turnaround", v.time, "An empty place in {last} can be let again: {change}.")


def _route_rules() -> Iterable[Rule]:
    """Return the rules that hold for routes, and for those at the maximum stay."""
    for path, who in (
        ("routes/*/*", "people in {0}"),
        ("settings/*/at_maximum_routes/*", "people who reach the maximum stay in {0}"),
    ):
        way = f"{who} who are to {{1}}"
        yield Rule(f"{path}/share", v.share, f"{{change}} of {who} are to {{1}}.")
        yield Rule(f"{path}/ready_after", v.time, f"The time until {way} are ready: {{change}}.")
        yield Rule(f"{path}/requires", v.stages, f"For {way} must first be done: {{change}}.")
        yield Rule(f"{path}/start_early", v.duration, f"For {way} preparation begins {{change}} before they are ready.")
        yield Rule(f"{path}/gives_up", v.giving_up, f"While they wait, {way} give up: {{change}}.")
        yield Rule(f"{path}/gives_up/after", v.time, f"While they wait, {way} give up: {{change}}.")
        yield Rule(f"{path}/gives_up/to", str, f"When they give up, {way} go to {{change}}.")
        yield Rule(f"{path}/scheme", str, f"{way} wait for {{change}}.")


RULES = (
    *_place_rules(),
    *_route_rules(),
    Rule("settings/*/maximum_stay", v.duration, "The maximum stay in {0} is {change}."),
    Rule("settings/*/review_every", v.every, "People in {0} are reviewed {change}."),
    Rule("settings/*/access", v.access, "{0} has {change}."),
    Rule("settings/*/priority", v.first_come, "On the list for {0} first come {change}."),
    Rule("steps/*/panel/meets_every", v.every, "{0} meets {change}."),
    Rule("steps/*/panel/cases_per_meeting", v.count_of("case"), "{0} considers up to {change} at a meeting.", True),
    Rule("steps/*/panel/approves", v.share, "{0} approves {change} of cases."),
    Rule("steps/*/team/workers", v.count_of("worker"), "{0} has {change}.", True),
    Rule("steps/*/*/takes", v.time, "The time that {0} takes: {change}."),
    Rule("steps/*/lettings/per_year", v.count_of("home"), "{0} yields {change} a year.", True),
    Rule("steps/*/lettings/kept_for", v.duration, "{0} keeps an unclaimed home for {change}."),
    Rule("steps/*/grant/per_year", v.money, "{0} has {change} a year."),
    Rule("steps/*/grant/amount", v.amount, "What a case needs from {0}: {change}."),
    Rule("steps/*/*/priority", v.first_come, "In the queue for {0} first come {change}."),
    Rule("adaptations/tiers/*/steps", v.stages, "A {0} adaptation goes through {change}."),
    Rule("adaptations/tiers/*/steps_by_tenure/*", v.stages, "In {1} homes a {0} adaptation goes through {change}."),
    Rule("adaptations/tiers/*/rehoused_first", v.share, "{change} of {0} cases are rehoused first and need no works."),
    Rule("adaptations/tiers/*/rehousing_step", str, "Whether a {0} case is rehoused is known after {change}."),
    Rule("adaptations/tiers/*/share", v.share, "{change} of the community's cases are {0}."),
    Rule("adaptations/movers/*", v.share, "{change} of people who move need a {0} adaptation."),
    Rule("adaptations/community/per_year", v.count_of("adaptation"), "The community asks for {change} a year.", True),
    Rule("adaptations/community/growth", v.growth, "The community's cases grow by {change} a year."),
    Rule("prices/*/*/per_person_per_week", v.money, "{1} pays {change} a person a week in {0}."),
    Rule("prices/*/*/per_place_per_week", v.money, "{1} pays {change} a place a week in {0}, filled or not."),
    Rule("one_off_costs/moves/*/*", v.money, "A move into {0} costs {1} {change}."),
    Rule("one_off_costs/adaptations/*/*", v.money, "A {0} adaptation costs {1} {change}."),
    Rule("demand/*/per_year", v.count_of("new person", "new people"), "{change} a year come to {0}.", True),
    Rule("demand/*/growth", v.growth, "The number of new people who come to {0} grows by {change} a year."),
    Rule("groups/*/deaths_per_1000_per_year", v.plain, "Of 1,000 {0} {change} die a year."),
    Rule("targets/*", v.duration, "The longest acceptable wait for {0} is {change}."),
    Rule("caseload/*", v.people, "At the start there live in {0}: {change}."),
)
"""The sentences of the usual levers; the first that fits is taken."""


def sentence(change: Difference, exits: Collection[str] = ()) -> str:
    """Return what a change means, in one sentence; exits are the destinations that are no settings."""
    special = _special(change, exits)
    if special is not None:
        return special
    for rule in RULES:
        names = _under_stars(rule.path, change.path)
        if names is not None and change.after is not MISSING:
            said = switch(change.before, change.after, rule.say, v.plain if rule.number else rule.say)
            last = names[-1] if names else ""
            if rule.path.startswith("routes/") or "/at_maximum_routes/" in rule.path:
                names[1] = _goal(names[1], exits)
            return rule.text.format(*map(_name, names), last=last, change=said)
    return general(change)


def general(change: Difference) -> str:
    """Return a sentence for any path, such as ``years: 5 instead of 10.``, that people can read."""
    path = ", ".join(name.replace("_", " ") for name in change.path)
    if change.after is MISSING:
        return f"{path}: no longer {v.plain(change.before)}."
    return f"{path}: {switch(change.before, change.after, v.plain, v.plain)}."


def _under_stars(pattern: str, path: tuple[str, ...]) -> list[str] | None:
    """Return the names that stand for the stars of a pattern, or None where the path is another."""
    keys = pattern.split("/")
    if len(keys) != len(path) or any(key not in ("*", name) for key, name in zip(keys, path, strict=True)):
        return None
    return [name for key, name in zip(keys, path, strict=True) if key == "*"]


def _name(name: str) -> str:
    """Return a name and its groups as they are said: ``home (adults)`` becomes ``home for adults``."""
    return name.replace(" (", " for ").removesuffix(")") if name.endswith(")") else name


def _goal(to: str, exits: Collection[str]) -> str:
    """Say where a route leads."""
    goes = "leave" if to == "left" else f"leave ({to})"
    return goes if to in exits else f"go on to {_name(to)}"


def _special(change: Difference, exits: Collection[str]) -> str | None:
    """Return the sentence where something appears, goes, or stops to apply."""
    match change.path:
        case ("settings", setting, "schemes", name):
            return _scheme(change, setting, name)
        case ("settings", setting, "schemes", name, "places") if change.before == 0:
            return f"Opens {name}: {_opened(change.after, setting)}."
        case ("settings", setting, field):
            return _setting(change, setting, field)
        case ("routes", setting, to):
            return _route(change, f"people in {setting}", _goal(to, exits))
        case ("settings", setting, "at_maximum_routes", to):
            return _route(change, f"people who reach the maximum stay in {setting}", _goal(to, exits))
    return None


def _setting(change: Difference, setting: str, field: str) -> str | None:
    if field == "maximum_stay" and _none(change.after):
        return f"There is no maximum stay in {setting}{_was(change.before, v.duration)}."
    if field == "review_every" and _none(change.after):
        return f"There are no reviews in {setting}{_was(change.before, v.every)}: readiness is known at once."
    if field == "at_maximum" and change.after is not MISSING:
        said = switch(change.before, change.after, v.at_maximum, v.at_maximum)
        said = said.replace(" instead of may stay on", " (before, they could stay)")
        said = said.replace(" instead of must move on", " (before, they had to move on)")
        return f"People who reach the maximum stay in {setting} {said}."
    return None


def _none(value: Any) -> bool:
    return value is MISSING or v.plain(value) in ("none", "nothing")


def _was(before: Any, say: Say) -> str:
    return "" if before is MISSING else f" (before: {over_time(before, say)})"


def _opened(places: Any, setting: str) -> str:
    """Say ``13 places in transitional from 1 November 2008`` of places that were none."""
    said = switch(0, places, v.count_of("place"), v.plain).removesuffix(" instead of 0")
    return said.replace(" from ", f" in {setting} from ", 1) if " from " in said else f"{said} in {setting}"


def _scheme(change: Difference, setting: str, name: str) -> str | None:
    if change.after is MISSING:
        return f"{name} in {setting} is no longer there."
    scheme = change.after
    text = f"Opens {name}: {over_time(scheme.get('places', 0), v.count_of('place'))} in {setting}"
    for key, word in (("opens", "from"), ("closes", "until")):
        text += f" {word} {v.date(scheme[key])}" if key in scheme else ""
    text += f", for {say_list(scheme['accepts'])}" if "accepts" in scheme else ""
    text += f"; an empty place can be let again: {v.time(scheme['turnaround'])}" if "turnaround" in scheme else ""
    return f"{text}."


def _route(change: Difference, who: str, goal: str) -> str | None:
    if change.after is MISSING:
        return f"None of the {who} {goal} any more{_was(change.before.get('share', 0), v.share)}."
    route = change.after
    text = f"{over_time(route.get('share', 0), v.share)} of {who} are to {goal}"
    text += f"; ready: {v.time(route['ready_after'])}" if "ready_after" in route else ""
    text += f"; first {v.stages(route['requires'])}" if route.get("requires") else ""
    text += f"; those who wait give up: {v.giving_up(route['gives_up'])}" if "gives_up" in route else ""
    return f"{text}."
