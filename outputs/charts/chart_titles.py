"""Active titles: what a chart shows, in at most ten words, made from its numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.compare import describe_runs
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.words.numbers import pounds
from stepdown.outputs.words.wording import capitalised

MOST_WORDS = 10
"""Words of an active title."""

FRACTIONS = {
    1 / 10: "a tenth",
    1 / 5: "a fifth",
    1 / 4: "a quarter",
    1 / 3: "a third",
    2 / 5: "two fifths",
    1 / 2: "half",
    3 / 5: "three fifths",
    2 / 3: "two thirds",
    3 / 4: "three quarters",
    4 / 5: "four fifths",
    9 / 10: "nine tenths",
}
"""Fractions that have a name."""

TIMES = {2.0: "doubles", 3.0: "trebles"}
"""Multiples that have a verb."""

NEAR = 0.02
"""How near to a fraction a change must be to be called by its name."""

SLIGHT = 0.03
"""Changes below this share are not worth a title, however certain they are."""

TO_NOTHING = 0.95
"""A fall of this share leaves next to nothing."""


class Change(NamedTuple):
    """How a measure differs between the baseline and an option.

    Attributes
    ----------
    before, after
        Means of the runs of the baseline and of the option.
    clear
        Whether the 95% confidence interval of the paired difference leaves out 0.
    """

    before: float
    after: float
    clear: bool

    @property
    def size(self) -> float:
        """The difference, without its sign."""
        return abs(self.after - self.before)


def change_of(before: Floats, after: Floats) -> Change:
    """Return the change between the values of paired runs."""
    difference = describe_runs(after - before)
    clear = bool(difference["low"] > 0 or difference["high"] < 0)
    return Change(float(before.mean()), float(after.mean()), clear)


def say_change(change: Change) -> str:
    """Return a verb with its measure: ``falls by a third``, ``doubles``, ``hardly changes``."""
    if change.before == 0:
        return "appears" if change.after > 0 else "hardly changes"
    ratio = change.after / change.before
    if abs(ratio - 1) < SLIGHT:
        return "hardly changes"
    if ratio < 1 - TO_NOTHING:
        return "all but disappears"
    if ratio >= 1.9:
        named = [verb for times, verb in TIMES.items() if abs(ratio - times) < 0.05 * times]
        return named[0] if named else f"grows to {ratio:.1f} times"
    return f"{'falls' if ratio < 1 else 'rises'} by {say_fraction(abs(ratio - 1))}"


def say_fraction(share: float) -> str:
    """Return the name of a share near one that has a name, else a percentage."""
    nearest = min(FRACTIONS, key=lambda known: abs(known - share))
    return FRACTIONS[nearest] if abs(nearest - share) <= NEAR else f"{100 * share:.0f}%"


def waiting_title(setting: str, option: str, change: Change) -> str:
    """Return what an option does to the people waiting for a setting."""
    if not change.clear:
        return ten_words(
            f"No clear change in waiting for {setting} with {option}", f"No clear change in waiting for {setting}"
        )
    verb = say_change(change)
    return ten_words(f"Waiting for {setting} {verb} with {option}", f"Waiting for {setting} {verb}")


def overview_title(setting: str, changes: dict[str, Change]) -> str:
    """Return which option leaves the fewest people waiting for a setting."""
    falling = {name: change for name, change in changes.items() if change.clear and change.after < change.before}
    falling = {name: change for name, change in falling.items() if say_change(change) != "hardly changes"}
    if not falling:
        return ten_words(f"No option clearly shortens waiting for {setting}", "No option clearly shortens waiting")
    best = min(falling, key=lambda name: falling[name].after)
    if len(changes) == 1:
        return waiting_title(setting, best, falling[best])
    return ten_words(
        f"Waiting for {setting} falls most with {best}",
        f"Waiting falls most with {best}",
        "Which option shortens waits",
    )


def occupancy_title(option: str, percent: dict[str, float]) -> str:
    """Return how full an option's settings are, by the percentage of their places."""
    said = [f"{name} {value:.0f}% full" for name, value in percent.items()]
    return ten_words(
        capitalised(f"{' and '.join(said[:2])} with {option}"),
        capitalised(f"{said[0]} with {option}") if said else "",
        capitalised(said[0]) if said else "",
        f"Occupancy with {option}",
        "People and places",
    )


def delay_title(option: str, change: Change) -> str:
    """Return what an option does to the days that people are ready but have not moved."""
    if not change.clear:
        return ten_words(f"No clear change in delay with {option}", "No clear change in delay")
    return ten_words(f"Delay {say_change(change)} with {option}", f"Delay {say_change(change)}")


def delays_title(cause: str, share: float, baseline: str) -> str:
    """Return what causes most delay as things are."""
    return ten_words(
        capitalised(f"{cause} causes {100 * share:.0f}% of delay in {baseline}"),
        capitalised(f"{cause} causes most delay"),
        "Where delay comes from",
    )


def savings_title(means: dict[str, float], clear: dict[str, bool]) -> str:
    """Return which option saves most a year; the means are pounds a year."""
    if len(means) == 1:
        (name,) = means
        if not clear[name]:
            return ten_words(f"No clear saving or cost with {name}", "No clear saving or cost")
        amount = pounds(abs(means[name]), 2)
        verb = f"saves {amount}" if means[name] > 0 else f"costs {amount} more"
        return ten_words(capitalised(f"{name} {verb} a year"), capitalised(f"it {verb} a year"))
    saving = {name: mean for name, mean in means.items() if mean > 0 and clear[name]}
    if not saving:
        return "No option clearly saves money"
    best = max(saving, key=lambda name: saving[name])
    amount = pounds(saving[best], 2)
    return ten_words(
        capitalised(f"{best} saves most: {amount} a year"), f"The largest saving is {amount} a year", "Yearly savings"
    )


def savings_by_year_title(clear: dict[str, bool], year: str) -> str:
    """Return how many options save in the last whole year."""
    number = sum(clear.values())
    if len(clear) == 1:
        (name,) = clear
        verb = "clearly saves" if number else "does not clearly save"
        return ten_words(capitalised(f"{name} {verb} in {year}"), f"It {verb} in {year}")
    if number == 0:
        return f"No option clearly saves money in {year}"
    verb = "saves" if number == 1 else "save"
    return f"{number} of {len(clear)} options clearly {verb} money in {year}"


def adaptations_title(tier: str, times: dict[str, float], baseline: str) -> str:
    """Return which option shortens the adaptations of a tier most."""
    best = min(times, key=lambda name: times[name])
    if times[best] >= times[baseline] * (1 - SLIGHT):
        return ten_words(f"No option much shortens {tier} adaptations", "No option much shortens adaptations")
    fall = say_fraction(1 - times[best] / times[baseline])
    return ten_words(
        capitalised(f"{tier} adaptations take {fall} less time with {best}"),
        f"Adaptations are quickest with {best}",
        "How long adaptations take",
    )


def ten_words(*candidates: str) -> str:
    """Return the first candidate of at most ten words; the last one, cut, if names are as long as that."""
    for text in candidates:
        if text and len(text.split()) <= MOST_WORDS:
            return text
    return " ".join(candidates[-1].split()[:MOST_WORDS])


def quantiles(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mean and the 10th and 90th percentile over the runs (first axis)."""
    low, high = np.quantile(values, [0.1, 0.9], axis=0)
    return values.mean(axis=0), low, high
