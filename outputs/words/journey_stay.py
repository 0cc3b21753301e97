"""What happened in one stay of a person, as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from stepdown.outputs.measures.columns import GAVE_UP
from stepdown.outputs.measures.periods import steps as steps_of
from stepdown.outputs.words.journey_steps import SAME, Told
from stepdown.outputs.words.wording import say_date, say_days, say_duration
from stepdown.scenarios.schema import DIED, Scenario
from stepdown.simulation.tables import AND, Window

ENTERED, PASSED, READY, IDENTIFIED, STEP, PREPARED, LISTED, ANOTHER_LIST, LEFT, END = range(10)
"""The order of what happens at one moment of a stay."""


class _Moments(NamedTuple):
    """The days of a stay; infinity for what has not come."""

    entered: float
    ready: float
    identified: float
    prepared: float
    listed: float
    left: float


class StayTold:
    """One stay, ready to be told."""

    def __init__(
        self, at: int, row: dict[str, Any], following: dict[str, Any] | None, scenario: Scenario, window: Window
    ) -> None:
        self._at, self._row, self._following = at, row, following
        self._scenario, self._window = scenario, window
        values = (float(row[f"{name}_day"]) for name in _Moments._fields)
        self._days = _Moments(*(math.inf if math.isnan(value) else value for value in values))
        self._reason = "" if pd.isna(row["reason"]) else str(row["reason"])
        self._to = None if pd.isna(row["to"]) else str(row["to"])
        self._gave_up = self._named(GAVE_UP)
        self._passed, self._limit = _passes(scenario, window, str(row["setting"]), self._days)

    def tell(self) -> Iterator[Told]:
        """Tell its moments; those before the run began are told together."""
        began = self._window.opening_day
        moments = [*self._tell_beginning(), *self._tell_limit(), *self._tell_readiness(), *self._tell_lists()]
        yield from (event for event in moments if event.day >= began)
        yield from self._tell_end()

    def _told(self, day: float, order: int, text: str) -> Told:
        return Told(day, (self._at, order), text)

    def _tell_beginning(self) -> Iterator[Told]:
        if self._at > 0:
            return  # told as the move that ended the stay before
        if not self._row["opening"]:
            yield self._told(self._days.entered, ENTERED, f"came to {self._home}")
            return
        text = f"had lived in {self._home} since {self._date(self._days.entered)}"
        if self._passed < self._window.opening_day:
            text += f", beyond the maximum stay of {say_duration(self._limit)}"
        if self._joined < self._window.opening_day:
            text += f", and had been on the list for {self._list} since {self._date(self._joined)}"
        yield self._told(self._window.opening_day, ENTERED, text)

    def _tell_limit(self) -> Iterator[Told]:
        if self._passed < self._days.left - SAME and not self._forced:
            yield self._told(self._passed, PASSED, f"passed the maximum stay of {say_duration(self._limit)}")

    def _tell_readiness(self) -> Iterator[Told]:
        days = self._days
        early, hidden = days.identified < days.ready - SAME, days.identified > days.ready + SAME
        if early:
            yield self._told(days.identified, IDENTIFIED, f"began to prepare to {self._goal}, before being ready")
        if days.ready < math.inf:
            yield self._told(days.ready, READY, self._ready_text(hidden))
        if hidden and days.identified < math.inf:
            known = f"was found to have been ready for {say_days(days.identified - days.ready)}"
            yield self._told(days.identified, IDENTIFIED, known)

    def _ready_text(self, hidden: bool) -> str:
        match self._reason:
            case "maximum_stay":
                limit = f" of {say_duration(self._limit)}" if self._limit else ""
                return f"reached the maximum stay{limit} and had to {self._goal}"
            case "closing":
                return f"had to {self._goal}, because {self._row['scheme']} was closing"
            case _:
                return f"was ready to {self._goal}" + (", but nobody knew" if hidden else "")

    def _tell_lists(self) -> Iterator[Told]:
        days, joined = self._days, self._joined
        early = days.identified + SAME < days.prepared < days.ready - SAME
        if early:
            took = say_days(days.prepared - days.identified)
            yield self._told(days.prepared, PREPARED, f"had everything prepared after {took}, before being ready")
        ended = days.listed if self._another_list else days.left
        if self._list in self._scenario.settings and joined + SAME < ended:
            worked = joined - max(days.identified, days.ready)
            prepared = f" after {say_days(worked)} of preparation" if worked >= 0.5 else ""
            yield self._told(joined, LISTED, f"was put on the list for {self._list}{prepared}")
        if self._another_list:
            gave_up = f"gave up waiting for {self._gave_up} after {say_days(ended - joined)}"
            yield self._told(ended, ANOTHER_LIST, f"{gave_up} and joined the list for {self._another_list}")

    def _tell_end(self) -> Iterator[Told]:
        days = self._days
        over = min(days.left, self._window.days) - self._passed
        beyond = f", {say_days(over)} beyond the maximum stay" if over >= 0.5 else ""
        if days.left < math.inf:
            yield self._told(days.left, LEFT, self._left_text() + beyond)
        elif self._following is None:
            waited = self._window.days - days.listed
            waits = f", waiting for {self._to} for {say_days(waited)}" if days.listed < math.inf else ""
            text = f"still lived in {self._home} when the run ended{waits}{beyond}"
            yield self._told(math.nextafter(self._window.days, -math.inf), END, text)

    def _left_text(self) -> str:
        days = self._days
        waited = days.left - days.listed
        if self._to == DIED:
            listed = (
                f" after waiting {say_days(waited)} for {self._another_list or self._list}"
                if self._list and waited >= 0.5
                else ""
            )
            return f"died{listed}"
        if self._gave_up and not self._another_list:
            patience = say_days(days.left - self._joined)
            return f"gave up waiting for {self._gave_up} after {patience} and {self._goes}"
        return self._goes + (f" after waiting {say_days(waited)} for a place" if waited >= 0.5 else "")

    @property
    def _goes(self) -> str:
        if self._following is not None:
            return f"moved to {_home(self._following)}"
        return "left" if self._to in ("left", None) else f"left: {self._to}"

    @property
    def _goal(self) -> str:
        """What the person is ready for, as far as the tables say."""
        wanted = self._list
        if wanted is None:
            return "move on"
        return f"move on to {wanted}" if wanted in self._scenario.settings else "leave"

    @property
    def _joined(self) -> float:
        """The day on which the person joined the first list that the tables tell of."""
        first = max(self._days.ready, self._days.prepared)
        return first if self._gave_up and first < math.inf else self._days.listed

    @property
    def _another_list(self) -> str | None:
        """The list that the person joined, and waited on, after giving up the first."""
        if self._gave_up is None:
            return None
        if (died_on := self._named(DIED)) is not None:
            return died_on
        waited = self._days.listed + SAME < self._days.left
        return self._to if waited and self._to in self._scenario.settings else None

    @property
    def _forced(self) -> bool:
        """Whether reaching the maximum stay is told already, as what made the person move on."""
        return self._reason == "maximum_stay" and abs(self._passed - self._days.ready) < SAME

    @property
    def _home(self) -> str:
        return _home(self._row)

    @property
    def _list(self) -> str | None:
        """The setting or exit that the person first wanted, or the last list of those who died."""
        named = self._gave_up or self._named(DIED)
        return named if named or self._reason == DIED else self._to

    def _named(self, what: str) -> str | None:
        """Return the setting that a part of the reason names after a word."""
        parts = [part.removeprefix(f"{what}:") for part in self._reason.split(AND) if part.startswith(f"{what}:")]
        return parts[0] if parts else None

    def _date(self, day: float) -> str:
        return say_date(self._window.date(day))


def _home(row: dict[str, Any]) -> str:
    scheme, setting = str(row["scheme"]), str(row["setting"])
    return setting if scheme == setting else f"{scheme} ({setting})"


def _passes(scenario: Scenario, window: Window, setting: str, days: _Moments) -> tuple[float, float]:
    """Return the day on which a stay passes the maximum that is then in force, and that maximum; else infinity, 0."""
    limit = steps_of(scenario.settings[setting].maximum_stay, window.start)
    ends = [*limit.days[1:], math.inf]
    for since, until, longest in zip(limit.days, ends, limit.values, strict=True):
        passed = max(days.entered + longest, since)
        if not math.isnan(longest) and passed < min(until, window.days) and passed <= days.left + SAME:
            return float(passed), float(longest)
    return math.inf, 0.0
