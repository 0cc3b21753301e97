"""Break-evens in words: 'open stops saving the council money if a place in flats costs more than £421'."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from stepdown.outputs.breakeven.crossing import Crossing
from stepdown.outputs.breakeven.find import BreakEven, Untried
from stepdown.outputs.words.numbers import percent, pounds
from stepdown.outputs.words.wording import say_list, say_money, say_number
from stepdown.scenarios.inputs import Input
from stepdown.scenarios.quantities import UNIT_DAYS
from stepdown.scenarios.written import PERCENT, POUNDS, Written

PER = {"per_place_per_week": "place", "per_person_per_week": "person"}
"""How the price of a setting or scheme is said."""


def say_amount(written: Written, amount: float) -> str:
    """Return an amount as a reader would write it: ``£421``, ``14.2 weeks``, ``61%``."""
    if written.unit == POUNDS:
        # What is a price is said to the pound; large sums are not.
        return say_money(round(amount, 0 if amount >= 100 else 2)) if amount < 10_000 else pounds(amount, 4)
    if written.unit == PERCENT:
        return f"{say_number(amount, 3)}%"
    number = say_number(amount, 12 if written.whole else 3)
    return f"{number} {written.unit}{'' if number == '1' else 's'}" if written.unit in UNIT_DAYS else number


def subject(found: Input, payers: int) -> tuple[str, str]:
    """Return what comes before and after an amount of an input: ``a place in flats costs``, `` a week``.

    Parameters
    ----------
    found
        The input.
    payers
        How many payers there are: of several, the one who pays is named.
    """
    if found.path[0] == "prices" and len(found.path) == 4 and found.path[-1] in PER:
        whom = f" {found.path[2]}" if payers > 1 else ""
        return f"a {PER[str(found.path[-1])]} in {found.path[1]} costs{whom}", " a week"
    return f"{found.name} is", " a year" if found.path[0] == "running_costs" else ""


def sentence(one: BreakEven) -> str:
    """Say how far an input may move, and how well that is known."""
    return " ".join(part for part in (_answer(one), _interval(one), _plausible(one), *_beware(one)) if part)


def sentences(found: Sequence[BreakEven]) -> Iterable[str]:
    """Yield a sentence for each input of an option that turns, and one for all that do not."""
    yield from (sentence(one) for one in found if one.found.crossing is not None)
    never = [one for one in found if one.found.crossing is None]
    if never:
        first = never[0]
        words = first.asked.words(first.pair.option.scenario)
        whether = words.holds if first.found.today.holds else words.fails
        names = say_list([_with_range(one) for one in never])
        yield f"{first.pair.option.name} {whether} at every value that was tried of {names}."


def _with_range(one: BreakEven) -> str:
    say = _saying(one.input)
    return f"{one.input.name} ({say(one.low)} to {say(one.high)})"


def _answer(one: BreakEven) -> str:
    name, words, crossing = one.pair.option.name, one.asked.words(one.pair.option.scenario), one.found.crossing
    before, after = subject(one.input, len(one.pair.option.scenario.payers))
    say, holds = _saying(one.input), one.found.today.holds
    if crossing is None:
        tried = f"from {say(one.low)} to {say(one.high)}{after} (now {say(one.input.amount)})"
        whether = words.holds if holds else words.fails
        reason = "" if one.found.matters else ": it makes no difference"
        return f"{name} {whether} whatever {before}, {tried}{reason}."
    limit = f"{before} {_side(one, crossing)}{after} (now {say(one.input.amount)}{_change(one)})"
    if holds:
        return f"{name} {words.stops} if {limit}."
    return f"{name} {words.fails} as it is; it would if {limit}."


def _saying(found: Input) -> Callable[[float], str]:
    return lambda amount: say_amount(found.written, amount)


def _side(one: BreakEven, crossing: Crossing) -> str:
    """Say on which side of the turn it stands otherwise than now; a whole number is on that side itself."""
    more = crossing.value > one.input.amount
    if one.input.written.whole:
        return f"{say_amount(one.input.written, crossing.value)} or {'more' if more else 'fewer'}"
    return f"{'more' if more else 'less'} than {say_amount(one.input.written, crossing.value)}"


def _change(one: BreakEven) -> str:
    if not math.isfinite(one.change):
        return ""
    return f", {percent(abs(one.change))} {'more' if one.change > 0 else 'less'}"


def say_interval(one: BreakEven) -> str:
    """Return the 95% interval of the turn, ``£412 to £430``; nothing where there is none."""
    interval = one.found.crossing and one.found.crossing.interval
    if not interval:
        return ""
    written = one.input.written._replace(whole=False)
    return f"{say_amount(written, interval[0])} to {say_amount(written, interval[1])}"


def _interval(one: BreakEven) -> str:
    interval = say_interval(one)
    return f"95% interval: {interval}." if interval else ""


def _plausible(one: BreakEven) -> str:
    low, high, crossing = one.input.low, one.input.high, one.found.crossing
    if low is None or high is None or crossing is None:
        return ""
    where = "within" if low <= crossing.value <= high else "outside"
    say = _saying(one.input)
    return f"That is {where} the {say(low)} to {say(high)} thought plausible."


def _beware(one: BreakEven) -> Iterable[str]:
    if one.input.pieces > 1:
        yield "It has values from dates: the largest is said here, and the others move in proportion."
    if not one.found.monotone:
        yield "It does not go one way over the range that was tried: this is the turn nearest to what it is now."


def untried_sentence(untried: Sequence[Untried]) -> str:
    """Say what was not tried, and why."""
    reasons: dict[str, list[str]] = {}
    for one in untried:
        reasons.setdefault(one.reason, []).append(one.input.name)
    return " ".join(f"Not tried: {say_list(names)} ({reason})." for reason, names in reasons.items())
