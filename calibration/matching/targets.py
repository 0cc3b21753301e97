"""What records and runs of the model are compared by: one vector of figures, the same function for both.

Nothing here is an estimate of anything: a figure that is biased in the records is as biased in a run that was recorded
in the same way. Lengths are nevertheless told with truncation and censoring, because they say more so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np

from stepdown.calibration.matching.layout import Layout
from stepdown.calibration.matching.records import Days, Records, Requests, Stays, Steps
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import DIED

TOUCHING = 7
"""Days between two stays of a person within which the second goes on from the first."""

MIDDAY = 0.5
"""A stay that begins and ends on one day lasted half of one, on average."""

QUARTERS = (0.75, 0.5, 0.25)
"""The shares still there at the quartiles."""


class Target(NamedTuple):
    """A figure that is compared.

    Attributes
    ----------
    name
        What it is, in words.
    group
        What it is one of, for tables.
    needs
        What records must hold for it: a key of `stepdown.calibration.matching.layout.RECORDED`.
    unit
        What it is measured in.
    rests_on
        The name of the number of cases that it is told from; empty where it is a number itself.
    """

    name: str
    group: str
    needs: str
    unit: Literal["people", "a year", "days"]
    rests_on: str = ""


def targets_of(layout: Layout) -> tuple[Target, ...]:
    """Return what the figures of a layout are, in the order in which `measure` gives them."""
    return tuple(
        target
        for part in (_names_of_stays, _names_of_ready, _names_of_requests, _names_of_steps)
        for target in part(layout)
    )


def measure(records: Records, layout: Layout) -> Days:
    """Return the figures of some records, in the order of `targets_of`; NaN where there is nothing to tell from."""
    return np.array(
        [
            *_of_stays(records.stays, layout),
            *_of_ready(records.stays, layout),
            *_of_requests(records.requests, records.stays, layout),
            *_of_steps(records.steps, layout),
        ],
        dtype=np.float64,
    )


def _names_of_stays(layout: Layout) -> Iterator[Target]:
    for name in layout.settings:
        for year in range(1, layout.years + 1):
            yield Target(f"people in {name}, year {year}", "occupancy", "stays", "people")
        yield Target(f"arrivals into {name}", "arrivals", "stays", "a year")
        yield Target(_ended(name), "moves", "stays", "a year")
        for to in layout.destinations:
            if to != name:
                moves = f"moves from {name} to {to}"
                yield Target(moves, "moves", "stays", "a year")
                yield Target(f"ended stay in {name} that led to {to}: mean", "lengths of stay", "stays", "days", moves)
        yield from _names_of_lengths(f"recorded stay in {name}", "lengths of stay", "stays", _ended(name))
    if DIED in layout.destinations:
        yield Target("deaths", "deaths", "stays", "a year")


def _ended(setting: str) -> str:
    return f"stays in {setting} that end"


def _names_of_lengths(what: str, group: str, needs: str, rests_on: str) -> Iterator[Target]:
    for which in ("mean", "first quartile", "median", "third quartile"):
        yield Target(f"{what}: {which}", group, needs, "days", rests_on)


def _of_stays(stays: Stays, layout: Layout) -> Iterator[float]:
    edges = np.linspace(0, layout.days, layout.years + 1)
    until = np.where(np.isnan(stays.left), layout.days, stays.left)
    new = _has_arrived(stays)
    ended = ~np.isnan(stays.left)
    per_year = DAYS_PER_YEAR / layout.days
    for position, name in enumerate(layout.settings):
        own = stays.setting == position
        yield from _mean_number(stays.entered[own], until[own], edges)
        yield per_year * np.count_nonzero(new & own)
        left = own & ended
        yield per_year * np.count_nonzero(left)
        yield from _by_destination(stays, left, name, layout)
        yield from recorded_lengths(stays, position, layout)
    if DIED in layout.destinations:
        yield per_year * np.count_nonzero(stays.to == layout.destinations.index(DIED))


def _by_destination(stays: Stays, left: Any, name: str, layout: Layout) -> Iterator[float]:
    """Yield how many moved from a setting to each destination, and how long these had stayed on average."""
    seen = left & (stays.to >= 0)
    known = np.bincount(stays.to[seen], minlength=len(layout.destinations))
    days = np.bincount(stays.to[seen], (stays.left - stays.entered)[seen], minlength=len(layout.destinations))
    # Where some went to places that nobody wrote down, those that are known stand for all.
    scale = DAYS_PER_YEAR / layout.days * np.count_nonzero(left) / max(known.sum(), 1)
    for to, number, total in zip(layout.destinations, known.tolist(), days.tolist(), strict=True):
        if to != name:
            yield scale * number
            yield total / number if number else np.nan


def recorded_lengths(stays: Stays, setting: int, layout: Layout) -> Days:
    """Return mean and quartiles of recorded stays in a setting: who was there before counts from then on only."""
    own = stays.setting == setting
    entered, left = stays.entered[own], stays.left[own]
    ended = ~np.isnan(left)
    exits = np.where(ended, left, layout.days) - entered
    return lengths(np.maximum(-entered, 0), exits, ended, layout.horizons[setting])


def _names_of_ready(layout: Layout) -> Iterator[Target]:
    for name in layout.settings:
        yield Target(f"people in {name} who are ready to move", "blocked days", "ready", "people")
        yield from _names_of_lengths(f"need for {name}", "lengths of need", "ready", _ended(name))
        yield Target(f"days blocked in {name}: mean", "blocked days", "ready", "days", _ended(name))


def _of_ready(stays: Stays, layout: Layout) -> Iterator[float]:
    until = np.where(np.isnan(stays.left), layout.days, stays.left)
    known = ~np.isnan(stays.ready)
    within = np.array([0.0, layout.days])
    for position in range(len(layout.settings)):
        own = stays.setting == position
        blocked = own & known
        yield from _mean_number(stays.ready[blocked], until[blocked], within)
        needed = np.where(known, stays.ready, until)[own] - stays.entered[own]
        yield from lengths(np.maximum(-stays.entered[own], 0), needed, known[own], layout.horizons[position])
        exits = until[blocked] - stays.ready[blocked]
        ended = ~np.isnan(stays.left[blocked])
        yield lengths(np.maximum(-stays.ready[blocked], 0), exits, ended, layout.days)[0]


def _names_of_requests(layout: Layout) -> Iterator[Target]:
    for name in layout.settings:
        requests = f"requests for {name}"
        yield Target(requests, "requests", "requests", "a year")
        yield Target(f"people who wait for {name}", "people listed", "requests", "people")
        yield from _names_of_lengths(f"wait for {name}", "waits", "requests", requests)


def _of_requests(requests: Requests, stays: Stays, layout: Layout) -> Iterator[float]:
    until, moved = _waited_until(requests, stays, layout)
    within = np.array([0.0, layout.days])
    for position in range(len(layout.settings)):
        own = requests.to == position
        asked = requests.requested[own]
        yield DAYS_PER_YEAR / layout.days * np.count_nonzero(own)
        yield from _mean_number(asked, until[own], within)
        yield from lengths(np.zeros(len(asked)), until[own] - asked, moved[own], layout.days)


def _names_of_steps(layout: Layout) -> Iterator[Target]:
    for name in layout.steps:
        begun = f"cases begun at {name}"
        yield Target(begun, "steps", "steps", "a year")
        yield Target(f"cases that wait for {name}", "steps", "steps", "people")
        yield Target(f"days until {name} begins: mean", "steps", "steps", "days", begun)
        yield Target(f"days that {name} takes: mean", "steps", "steps", "days", begun)


def _of_steps(steps: Steps, layout: Layout) -> Iterator[float]:
    within = np.array([0.0, layout.days])
    until = np.where(np.isnan(steps.finished), layout.days, steps.finished)
    begun = ~np.isnan(steps.started)
    waited = np.where(begun, steps.started, until)  # whoever did not begin has gone, or waits still
    for position in range(len(layout.steps)):
        own = steps.step == position
        at = own & begun
        queued, started = steps.queued[own], steps.started[at]
        yield DAYS_PER_YEAR / layout.days * np.count_nonzero(started >= 0)
        yield from _mean_number(queued, waited[own], within)
        yield lengths(np.maximum(-queued, 0), waited[own] - queued, begun[own], layout.days)[0]
        ended = ~np.isnan(steps.finished[at])
        yield lengths(np.maximum(-started, 0), until[at] - started, ended, layout.days)[0]


def lengths(entry: Days, exit_: Days, ended: Any, horizon: float) -> Days:
    """Return mean and quartiles of times of which some are seen only from an age on, and some not to their end.

    The survival curve is Kaplan and Meier's with delayed entry. Where everybody ends who is seen so early, and others
    are seen only later, it is not brought to nothing: as if one more had been there who stayed.

    Parameters
    ----------
    entry
        The age in days from which each is seen (left truncation).
    exit_
        The age at which each ended, or was seen last.
    ended
        Whether it ended then; else it is censored.
    horizon
        The age up to which the mean is taken, and which stands for a quartile that is not reached.

    Returns
    -------
    ndarray
        The restricted mean and the three quartiles; NaN where there is nothing.
    """
    exits = exit_ + MIDDAY
    seen = exits > entry
    if not seen.any():
        return np.full(1 + len(QUARTERS), np.nan)
    entry, exits, ended = entry[seen], exits[seen], ended[seen]
    times, number = np.unique(exits[ended & (exits <= horizon)], return_counts=True)
    at_risk = np.searchsorted(np.sort(entry), times, side="left") - np.searchsorted(np.sort(exits), times, side="left")
    alone = (number == at_risk) & (times < exits.max())
    curve = np.cumprod(1 - number / (at_risk + alone))
    widths = np.diff(np.concatenate([[0.0], times, [horizon]]))
    mean = float(np.sum(np.concatenate([[1.0], curve]) * widths))
    reached = [times[np.argmax(curve <= share)] if (curve <= share).any() else horizon for share in QUARTERS]
    return np.array([mean, *reached])


def _mean_number(since: Days, until: Days, edges: Days) -> Iterator[float]:
    """Yield how many of some spans go on in each period, on average over its days."""
    for begin, end in itertools.pairwise(edges):
        days = np.minimum(until, end) - np.maximum(since, begin)
        yield float(np.sum(np.maximum(days, 0.0)) / (end - begin))


def _has_arrived(stays: Stays) -> Any:
    """Return which stays began while the records go on, and do not go on from another stay of the same person."""
    order = np.lexsort((np.where(np.isnan(stays.left), np.inf, stays.left), stays.entered, stays.person))
    person, entered, left = stays.person[order], stays.entered[order], stays.left[order]
    goes_on = np.zeros(len(order), dtype=np.bool_)
    goes_on[1:] = (person[1:] == person[:-1]) & (entered[1:] <= left[:-1] + TOUCHING)
    new = np.empty(len(order), dtype=np.bool_)
    new[order] = ~goes_on & (entered >= 0)
    return new


def _waited_until(requests: Requests, stays: Stays, layout: Layout) -> tuple[Days, Any]:
    """Return until when each request was seen to wait, and whether it then led to the setting that it was for.

    The wait ends when the person comes to live there. It is not followed beyond the stay from which it was made.
    """
    by_person = float(layout.days + 1)
    until = np.full(len(requests.person), float(layout.days))
    here = np.lexsort((stays.entered, stays.person))
    here = here[stays.entered[here] > -by_person]  # of those who came long ago the last is found all the same
    at = requests.person * by_person * 2 + requests.requested
    keys = stays.person[here] * by_person * 2 + stays.entered[here]
    last = np.searchsorted(keys, at, side="right") - 1
    if len(here):
        from_stay = here[np.maximum(last, 0)]
        same = (last >= 0) & (stays.person[from_stay] == requests.person)
        left = np.where(same, stays.left[from_stay], np.nan)
        until = np.where(np.isnan(left), until, left)
    moved = np.zeros(len(until), dtype=np.bool_)
    for position in range(len(layout.settings)):
        own = np.flatnonzero(requests.to == position)
        there = here[stays.setting[here] == position]
        if len(own) and len(there):
            came = np.searchsorted(stays.person[there] * by_person * 2 + stays.entered[there], at[own], side="left")
            found = there[np.minimum(came, len(there) - 1)]
            fits = (came < len(there)) & (stays.person[found] == requests.person[own])
            fits &= stays.entered[found] <= until[own] + TOUCHING
            until[own] = np.where(fits, stays.entered[found], until[own])
            moved[own] = fits
    return until, moved
