"""Sentences with numbers: each is a template that is filled from a run, and tested as such."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from stepdown.outputs.charts.chart_titles import Change, say_change, ten_words
from stepdown.outputs.money.appraisal import Worth
from stepdown.outputs.words.covers import say_inputs
from stepdown.outputs.words.numbers import amount, percent, pounds
from stepdown.outputs.words.wording import capitalised, say_count, say_list
from stepdown.scenarios.loader import CARRY_ON

NOTHING = 0.5
"""Pounds below which nobody saves or pays."""


def cost_title(option: str, mean: float, clear: bool) -> str:
    """Return what an option does to cost, in ten words; the mean is pounds saved a year."""
    if not clear:
        return ten_words(f"No clear saving or cost with {option}", "No clear saving or cost")
    size = pounds(abs(mean))
    verb = f"saves {size} a year" if mean > 0 else f"costs {size} a year more"
    return ten_words(capitalised(f"{option} {verb}"), capitalised(f"it {verb}"))


def waits_title(option: str, waiting: Change) -> str:
    """Return what an option does to the people who wait at the end, in ten words."""
    if not waiting.clear:
        return ten_words(f"No clear change in who waits with {option}", "No clear change in who waits")
    verb = say_change(waiting)
    return ten_words(f"The number waiting {verb} with {option}", f"The number waiting {verb}")


def purse_title(council: float, public: float) -> str:
    """Return who gains, in ten words; both are pounds saved a year."""
    if abs(council) < NOTHING and abs(public) < NOTHING:
        return "Nobody pays more or less"
    return (
        ten_words(f"The council {_gains(council)} a year") if abs(council) >= NOTHING else "The council pays the same"
    )


def _gains(value: float) -> str:
    return f"saves {pounds(value)}" if value >= 0 else f"pays {pounds(-value)} more"


def wait_sentence(option: str, waits: Mapping[str, str], waiting: Change) -> str:
    """Say how long people wait and how many still do; the waits are written as days, by option."""
    said = {name: f"more than {days[1:]}" if days.startswith(">") else days for name, days in waits.items()}
    return (
        f"People wait {said[option]} days on average with {option}, and {said[CARRY_ON]} with {CARRY_ON}; at the end "
        f"{amount(waiting.after, 3)} people wait, against {amount(waiting.before, 3)}."
    )


def adaptations_sentence(option: str, times: Mapping[str, str]) -> str:
    """Say how long adaptations take; the times are written as days, by option."""
    said = {name: f"more than {days[1:]}" if days.startswith(">") else days for name, days in times.items()}
    return (
        f"Adaptations take {said[option]} days on average from first contact to completion with {option}, and "
        f"{said[CARRY_ON]} with {CARRY_ON}."
    )


def moves_sentence(option: str, moves: Change) -> str:
    """Say how many people step down to less support a year."""
    return (
        f"{capitalised(amount(moves.after, 3))} people a year step down to less support with {option}, and "
        f"{amount(moves.before, 3)} with {CARRY_ON}."
    )


def purses_sentence(saved: Mapping[str, float]) -> str:
    """Say what each of several purses saves a year, or pays more."""
    each = [
        f"{'' if name == 'residents' else 'the '}{name} {_gains(value) if name != 'residents' else _gain(value)}"
        for name, value in saved.items()
        if abs(value) >= NOTHING
    ]
    return f"In constant prices, {say_list(each)} a year." if each else "Nobody pays more or less."


def _gain(value: float) -> str:
    return f"save {pounds(value)}" if value >= 0 else f"pay {pounds(-value)} more"


def payback_sentence(worths: Mapping[str, Worth]) -> str:
    """Say for each of several purses after how long what is saved has paid back what was spent."""
    purses: dict[str, list[str]] = {}
    for purse, worth in worths.items():
        purses.setdefault(_payback(worth), []).append(f"the {purse}")
    return " ".join(f"For {say_list(names)} {said}." for said, names in purses.items())


def _payback(worth: Worth) -> str:
    years, length = worth.payback_years, float(worth.parts.sum())
    if years == 0:
        return "there is nothing to pay back: no year ends with more spent than saved so far"
    if years is None:
        return f"it does not pay back within the {amount(length)} years that were simulated"
    return f"it pays back after {amount(years)} years"


def expected_sentence(mean: float, confidence: float) -> str:
    """Say what is left with optimism bias and delivery confidence taken off."""
    delivered = f" and {percent(confidence)} of savings delivered" if confidence < 1 else ""
    return f"With optimism bias taken off{delivered}, the net present value for the council is {pounds(mean)}."


def range_sentences(ranged: int, runs: int, drawn: int) -> Sequence[str]:
    """Say what the range of the runs covers: inputs with a low and a high value, and those drawn for each run."""
    if drawn:
        return (
            f"The {say_count(runs, 'run')} of each option differ by chance (who comes, how long they stay, when a home "
            f"is free) and by {say_inputs(drawn)} that records cannot settle, drawn anew for each run.",
            "The results of the run say how much of the spread is doubt about these inputs and how much is chance "
            "(doubt.csv). Inputs that are not drawn have one value in all of the runs.",
        )
    chance = (
        f"The {say_count(runs, 'run')} of each option differ by chance only: who comes, how long they stay, when a "
        "home is free. Every input has one value in all of them."
    )
    if not ranged:
        return (
            chance,
            "No input has a range, so nothing can be said of how much doubt about the inputs matters, and this paper "
            "gives no range of 8 in 10 runs as if it were the doubt.",
        )
    each = "input has" if ranged == 1 else "inputs have"
    return (
        chance,
        f"{ranged} {each} a low and a high value, which these runs do not use: the doubt is larger than the interval "
        "of the mean, which only says how well chance has been averaged out.",
    )


def kept_sentence(kept: int, runs: int) -> str:
    """Say from how many runs something is known that is not kept of all."""
    if kept >= runs:
        return f"By group and area: all {say_count(runs, 'run')}."
    return f"By group and area: the first {kept} of {runs} runs, the only ones whose tables are kept; read as a sign."


def not_split_sentence(missing: Collection[str]) -> str:
    """Say by what nothing can be split, because the scenario tells of one only."""
    return (
        f"The scenario tells of no more than one {say_list(list(missing), 'or')}, so nothing can be said of fairness "
        "by it."
    )


def more_sentence(number: int, what: str) -> str:
    """Say how many more rows stand in the annex."""
    verb = "stands" if number == 1 else "stand"
    return f"{number} more {what} {verb} in the annex."
