"""What is asked of an option: that it saves, that it is worth its cost, or that people wait no longer than a target."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from stepdown.outputs.breakeven.evidence import Outcome
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.periods import parts_of_financial_years
from stepdown.outputs.money.appraisal import worth_of
from stepdown.outputs.money.perspectives import COUNCIL, perspective
from stepdown.outputs.words.wording import say_duration
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.published_rates import discount_schedule
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.words import did_you_mean

Worth = Literal["saving", "npv"]
"""What may be asked of money: pounds saved a year, and the net present value at the leading discount rate."""

WAIT = "wait:"
"""What stands before the name of a list or step whose target is asked about."""

WHOSE = {
    COUNCIL: "the council",
    "public sector": "the public sector",
    "residents": "residents",
    "everybody": "all payers together",
}
"""Whose money may be meant, by perspective."""


class Asked(NamedTuple):
    """What is asked: `until` is a `Worth`, or `WAIT` with a name; the perspective says whose money counts."""

    until: str
    perspective: str = COUNCIL

    @property
    def of_money(self) -> bool:
        """Whether money is asked about."""
        return not self.until.startswith(WAIT)

    def margins(self, outcome: Outcome) -> Floats:
        """Return by how much it holds in every run: pounds, or days; below 0 it fails.

        Raises
        ------
        ChoiceError
            If the option has no such list or target, or payers of which it is not said whose money theirs is.
        """
        scenario = outcome.scenario
        if not self.of_money:
            nobody = np.zeros(len(outcome.savings.replications))
            return np.asarray(self.target(scenario) - outcome.waits.get(self.until.removeprefix(WAIT), nobody))
        whose = perspective(scenario, self.perspective)
        if self.until == "saving":
            return np.asarray(whose.of(outcome.savings).sum(axis=1) / outcome.window.years)
        schedule = discount_schedule(scenario.appraisal.discount[0])
        parts = parts_of_financial_years(outcome.window)
        return worth_of(outcome.savings, whose, scenario, schedule, parts, adjusted=False).present_value

    def target(self, scenario: Scenario) -> float:
        """Return the target of a list or step, in days."""
        name = self.until.removeprefix(WAIT)
        known = [*scenario.settings, *scenario.steps]
        if name not in known:
            raise ChoiceError(f"--until {self.until}: there is no list or step {name!r}{did_you_mean(name, known)}")
        if name not in scenario.targets:
            raise ChoiceError(
                f"--until {self.until}: it has no target. Add, for example, --set targets.{name}='12 weeks'"
            )
        return scenario.targets[name]

    def words(self, scenario: Scenario) -> Words:
        """Return how it is said."""
        whose = WHOSE[self.perspective]
        if self.until == "saving":
            return Words(f"saves {whose} money", f"stops saving {whose} money", f"does not save {whose} money")
        if self.until == "npv":
            worth = f"is worth its cost to {whose} (net present value above £0)"
            return Words(
                worth,
                f"stops being worth its cost to {whose} (net present value below £0)",
                f"is not worth its cost to {whose} (net present value below £0)",
            )
        target = f"{say_duration(self.target(scenario))} for {self.until.removeprefix(WAIT)}"
        return Words(
            f"meets the target of {target}", f"misses the target of {target}", f"misses the target of {target}"
        )


class Words(NamedTuple):
    """How it is said that something holds, that it ceases to, and that it does not hold."""

    holds: str
    stops: str
    fails: str


def asked_about(until: str, whose: str) -> Asked:
    """Read what is asked.

    Raises
    ------
    ChoiceError
        If it is none of the things that may be asked.
    """
    if until not in get_args(Worth) and not (until.startswith(WAIT) and until != WAIT):
        raise ChoiceError(
            f"--until {until}: write saving, npv, or {WAIT} with a list's name, such as {WAIT}transitional"
        )
    return Asked(until, whose)
