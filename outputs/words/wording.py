"""Dates, durations, shares and money as people say them; everything survives a cp1252 console."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from stepdown.outputs.words.numbers import pounds
from stepdown.scenarios.distributions import Distribution, Fixed
from stepdown.scenarios.quantities import UNIT_DAYS, Timeline

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English month names, whatever the user's locale."""

_WHOLE = 1e-6
"""How near to a whole number of units a duration must be to be said in that unit."""


def say_date(date: dt.date) -> str:
    """Return ``1 April 2027``."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def say_number(value: float, digits: int = 12) -> str:
    """Return ``13``, ``6.5`` or ``1,234``, to so many significant figures."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    decimals = max(0, min(digits - 1 - math.floor(math.log10(abs(value))), 10))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_count(number: float, word: str, plural: str | None = None) -> str:
    """Return ``1 place`` or ``13 places``."""
    return f"{say_number(number)} {word if number == 1 else plural or word + 's'}"


def say_share(share: float, digits: int = 6) -> str:
    """Return ``40%``."""
    return f"{say_number(100 * share, digits)}%"


def say_money(amount: float) -> str:
    """Return pounds in full: ``£1,169``, ``£20.60``."""
    sign, value = "-" if amount < 0 else "", abs(amount)
    return f"{sign}£{value:,.0f}" if value == int(value) else f"{sign}£{value:,.2f}"


def say_duration(days: float) -> str:
    """Return a duration exactly, in the largest unit of which it is a whole number: ``3 years``, ``2 weeks``."""
    for unit in ("year", "month", "week"):
        number = days / UNIT_DAYS[unit]
        if number > 0 and abs(number - round(number)) < _WHOLE:
            return say_count(round(number), unit)
    return say_count(float(f"{days:.6g}"), "day")


def say_roughly(days: float) -> str:
    """Return a duration in the unit in which people would think of it, to about two figures: ``41 months``."""
    if abs(days - round(days / UNIT_DAYS["year"]) * UNIT_DAYS["year"]) < _WHOLE and days > 0:
        return say_duration(days)
    limits = (("day", 4 * 7.0), ("week", 26 * 7.0), ("month", 10 * 365.25), ("year", math.inf))
    unit = next(name for name, below in limits if days < below)
    number = days / UNIT_DAYS[unit]
    return say_count(round(number, 0 if number >= 10 or unit == "day" else 1), unit)


def say_days(days: float) -> str:
    """Return whole days, such as ``63 days``."""
    if days < 0.5:
        return "less than a day"
    return say_count(float(round(days)), "day")


def say_distribution(distribution: Distribution, money: bool = False) -> str:
    """Return ``half within 41 months, nine in ten within 74 months``; a fixed value as it is."""
    if isinstance(distribution, Fixed):
        return say_money(distribution.value) if money else say_duration(distribution.value)
    middle, most = distribution.quantile(0.5), distribution.quantile(0.9)
    if money:
        return f"half at most {pounds(middle)}, nine in ten at most {pounds(most)}"
    return f"half within {say_roughly(middle)}, nine in ten within {say_roughly(most)}"


def say_list(names: Sequence[str], word: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def say_stages(stages: Sequence[Sequence[str]]) -> str:
    """Return steps in sequence: ``panel, then housing-application beside adaptation, then letting``."""
    return ", then ".join(" beside ".join(stage) for stage in stages)


def capitalised(text: str) -> str:
    """Return the text with a capital first letter and the rest as it was."""
    return text[:1].upper() + text[1:]


_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    """Return a text without the characters that neither XML nor Word can hold, such as a bell."""
    return _UNPRINTABLE.sub("", text)


def cut(text: str, letters: int) -> str:
    """Return a text of at most so many letters; what is longer ends in three dots."""
    return text if len(text) <= letters else f"{text[: letters - 3].rstrip()}..."


def first_sentences(text: str, letters: int) -> str:
    """Return as many whole sentences as there are letters for; a first one that is longer is cut."""
    kept = ""
    for sentence in text.replace(". ", ".\n").split("\n"):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > letters:
            break
        kept = longer
    return kept or cut(text, letters)


def say_over_time(timeline: Timeline[Any], say: Callable[[Any], str]) -> str:
    """Say one value, or values from dates: ``3 until 1 April 2027, then 4``."""
    text = say(timeline.first)
    for date, value in timeline.changes:
        text += f" until {say_date(date)}, then {say(value)}"
    return text
