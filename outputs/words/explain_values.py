"""Values as scenario files write them, said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stepdown.outputs.words.differences import MISSING, is_distribution, is_timeline
from stepdown.outputs.words.wording import (
    say_count,
    say_date,
    say_distribution,
    say_duration,
    say_list,
    say_money,
    say_number,
    say_share,
    say_stages,
)
from stepdown.scenarios.fields import NEVER
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import (
    FROM_THE_START,
    is_number,
    parse_date,
    parse_duration,
    parse_growth,
    parse_money,
    parse_share,
)

Say = Callable[[Any], str]
"""Says one value."""

ACCESS = {
    "single": "one pooled waiting list",
    "by_scheme": "one waiting list for each scheme",
    "by_area": "one waiting list for each area",
    "own_area_first": "one pooled waiting list on which people take a free place in their own area first",
}
"""The rules by which a waiting list is read."""

AT_MAXIMUM = {"move_on": "must move on", "extend": "may stay on"}
"""What happens to people who reach the maximum stay."""


def duration(raw: Any) -> str:
    """Say ``3 years``; ``none`` where a limit does not apply."""
    return "none" if raw in (NEVER, None) else say_duration(parse_duration(raw))


def every(raw: Any) -> str:
    """Say ``every week``, ``every 6 months``, ``never``."""
    text = duration(raw)
    return "never" if text == "none" else f"every {text.removeprefix('1 ')}"


def share(raw: Any) -> str:
    """Say ``40%``."""
    return say_share(parse_share(raw))


def growth(raw: Any) -> str:
    """Say ``3%``."""
    return say_share(parse_growth(raw))


def money(raw: Any) -> str:
    """Say ``£1,169``."""
    return say_money(parse_money(raw))


def time(raw: Any) -> str:
    """Say how long something takes that differs from person to person."""
    return say_distribution(parse_distribution(raw, parse_duration))


def amount(raw: Any) -> str:
    """Say how much money cases need."""
    return say_distribution(parse_distribution(raw, parse_money), money=True)


def count_of(word: str, plural: str | None = None) -> Say:
    """Return how to say so many things; ``unlimited`` stays as it is."""
    return lambda raw: say_count(float(raw), word, plural) if is_number(raw) else f"{raw} {plural or word + 's'}"


def date(raw: Any) -> str:
    """Say ``1 April 2027``."""
    return say_date(parse_date(raw))


def access(raw: Any) -> str:
    """Say how a waiting list is read."""
    return ACCESS.get(raw, str(raw))


def at_maximum(raw: Any) -> str:
    """Say what happens to people who reach the maximum stay."""
    return AT_MAXIMUM.get(raw, str(raw))


def closing(raw: Any) -> str:
    """Say what happens to the residents of a scheme that closes."""
    return "must move on" if raw == "move_on" else "may stay until their own time comes"


def first_come(raw: Any) -> str:
    """Say an order of priority."""
    return f"{say_list(raw)}, then everybody else" if raw else "those who have waited longest"


def giving_up(raw: Any) -> str:
    """Say when people stop waiting, and where they go."""
    return f"{time(raw['after'])}, to {raw['to']}"


def people(raw: Any) -> str:
    """Say how many people live somewhere at the start."""
    entries = raw if isinstance(raw, list) else [{"people": raw}]
    number = sum(entry.get("people", 1) for entry in entries)
    return say_count(number, "person", "people")


def stages(raw: Any) -> str:
    """Say steps in sequence."""
    return say_stages([item if isinstance(item, list) else [item] for item in raw]) or "nothing"


def plain(raw: Any) -> str:
    """Say any other value: lists and maps too."""
    if is_distribution(raw):
        return _any_distribution(raw)
    if is_timeline(raw):
        return over_time(raw, plain)
    if isinstance(raw, dict):
        raw = [f"{key.replace('_', ' ')} {plain(value)}" for key, value in raw.items()]
    if isinstance(raw, list):
        return say_list([plain(item) for item in raw]) or "nothing"
    if is_number(raw):
        return say_number(float(raw))
    return "nothing" if raw is MISSING or raw is None else str(raw).replace("_", " ")


def _any_distribution(raw: Any) -> str:
    try:
        return time(raw)
    except ValueError:
        return amount(raw)


def over_time(raw: Any, say: Say) -> str:
    """Say one value, or values from dates: ``3 until 1 April 2027, then 4``."""
    if raw is MISSING:
        return "nothing"
    if not is_timeline(raw):
        return say(raw)
    dated = _dated(raw)
    text = say(dated[0][1])
    for date, value in dated[1:]:
        text += f" until {date}, then {say(value)}"
    return text


def switch(before: Any, after: Any, say: Say, say_before: Say) -> str:
    """Say what replaces what: ``42 homes instead of 34``, or ``13 places from 1 November 2008 instead of 0``."""
    if before is MISSING:
        return over_time(after, say)
    new, old = over_time(after, say), over_time(before, say_before)
    if is_timeline(after) and not is_timeline(before):
        dated = _dated(after)
        if dated[0][1] == before:
            new = ", ".join(f"{say(value)} from {date}" for date, value in dated[1:])
    # With commas on both sides nobody could tell where the old value begins.
    return f"{new} (before: {old})" if "," in new + old and not is_money(new) else f"{new} instead of {old}"


def is_money(text: str) -> bool:
    """Whether a text is pounds alone, whose commas part nothing."""
    return text.startswith("£") and " " not in text


def _dated(raw: dict[Any, Any]) -> list[tuple[str, Any]]:
    """Return the dates, said, with their values, in order."""
    first = [(FROM_THE_START, raw[FROM_THE_START])] if FROM_THE_START in raw else []
    rest = sorted((parse_date(key), value) for key, value in raw.items() if key != FROM_THE_START)
    return [*first, *((say_date(date), value) for date, value in rest)]
