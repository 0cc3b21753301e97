"""Break-evens of an option: of one input, or of all prices and assumed ranges, the most fragile first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from stepdown.outputs.breakeven.asked import Asked
from stepdown.outputs.breakeven.crossing import Search, search
from stepdown.outputs.breakeven.evidence import Pair, Trials
from stepdown.outputs.measures.intervals import Floats
from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.errors import ChoiceError, ScenarioError
from stepdown.scenarios.inputs import Input, find_input, inputs_of, no_such_input, same_in

POINTS = 7
"""Points of the grid on which an input is tried first."""

SIMULATED, COSTED = 1 / 500, 1e-12
"""How near to the turn is near enough, as a share of the range: where runs are simulated, and where they are costed."""


class BreakEven(NamedTuple):
    """How far an input may move.

    Attributes
    ----------
    pair
        The option and carry-on as they are.
    asked
        What is asked of the option.
    input
        What is changed.
    low, high
        The range that was tried.
    in_both
        Whether carry-on states the same, so that it is changed with the option; else it is the option's own.
    found
        What was found.
    """

    pair: Pair
    asked: Asked
    input: Input
    low: float
    high: float
    in_both: bool
    found: Search

    @property
    def change(self) -> float:
        """The turn as a share of what the input is now, such as 0.12 for 12% more; infinite where there is none."""
        crossing, now = self.found.crossing, self.input.amount
        return math.inf if crossing is None else (crossing.value - now) / now if now else math.inf


class Untried(NamedTuple):
    """An input that could not be tried, and why."""

    input: Input
    reason: str


def break_even(pair: Pair, text: str, asked: Asked, trials: Trials, low: str | None, high: str | None) -> BreakEven:
    """Find how far one input may move.

    Parameters
    ----------
    pair
        The option and carry-on as they are.
    text
        The input's path, as it is typed.
    asked
        What is asked of the option.
    trials
        Says what comes of other values.
    low, high
        The range to try, as it is typed; None for the usual end of it.

    Raises
    ------
    ChoiceError
        If there is no such input, the range is none, or it takes simulation to try it.
    ScenarioError
        If the scenario does not allow a value of the range.
    """
    found = find_input(pair.option, text)
    if found is None:
        raise no_such_input(pair.option, text)
    if not trials.simulates and not found.is_money:
        raise ChoiceError(
            f"{text} is not about money, so it has to be simulated. Name the study instead of a finished run"
        )
    usual = found.usual_range
    ends = [usual[at] if end is None else _read(found, end) for at, end in enumerate((low, high))]
    if not ends[0] < ends[1]:
        shown = " to ".join(str(found.written.raw(end)) for end in ends)
        raise ChoiceError(f"{text}: {shown} is no range. Say where to look with --from and --to")
    return _try(pair, found, asked, trials, ends[0], ends[1])


def break_evens(pair: Pair, asked: Asked, trials: Trials) -> tuple[list[BreakEven], list[Untried]]:
    """Find how far every price may move, and every assumption with a low and a high value.

    Prices are tried from nothing to three times what they are; whatever has to be simulated between its low and its
    high value.

    Returns
    -------
    (list of BreakEven, list of Untried)
        The most fragile first: those that turn at the smallest change of the input; and what could not be tried.
    """
    tried: list[BreakEven] = []
    untried: list[Untried] = []
    for found in inputs_of(pair.option):
        low, high = _range_of(found)
        if found.is_money and not asked.of_money:
            continue
        if not trials.simulates and not found.is_money:
            untried.append(Untried(found, "it has to be simulated: name the study instead of a finished run"))
        elif not low < high:
            untried.append(Untried(found, "it is nothing now, so say where to look with --input, --from and --to"))
        else:
            try:
                tried.append(_try(pair, found, asked, trials, low, high))
            except ScenarioError as error:
                untried.append(Untried(found, "; ".join(fault.rule for fault in error.faults)))
    return sorted(tried, key=lambda one: abs(one.change)), untried


def _range_of(found: Input) -> tuple[float, float]:
    if found.low is None or found.high is None:
        return found.usual_range
    return (
        (min(found.low, found.usual_range[0]), max(found.high, found.usual_range[1]))
        if found.is_money
        else (found.low, found.high)
    )


def _read(found: Input, text: str) -> float:
    try:
        return found.written.amount(text)
    except ValueError as error:
        raise ChoiceError(f"{found.name}: {error}") from None


def _try(pair: Pair, found: Input, asked: Asked, trials: Trials, low: float, high: float) -> BreakEven:
    carry_ons = same_in(pair.carry_on, found)

    def changed(amount: float) -> Pair:
        if amount == found.amount:
            return pair
        carry_on = pair.carry_on if carry_ons is None else with_amounts(pair.carry_on, {carry_ons: amount})
        return Pair(carry_on, with_amounts(pair.option, {found: amount}))

    def margins(amounts: Sequence[float]) -> list[Floats]:
        return [asked.margins(outcome) for outcome in trials([changed(amount) for amount in amounts])]

    tolerance = COSTED if found.is_money else SIMULATED
    searched = search(margins, found.amount, low, high, POINTS, found.written.whole, tolerance)
    return BreakEven(pair, asked, found, low, high, carry_ons is not None, searched)
