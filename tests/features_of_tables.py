"""What really happened in the tables of one history, by name."""

from __future__ import annotations

import math
from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from stepdown.scenarios.network import GrantRule, LettingsRule, Network, PanelRule, TeamRule
from stepdown.simulation.tables import Tables

Row = Any
"""A named tuple with a table's columns."""

Times = dict[str, list[Row]]


class Move(NamedTuple):
    """A move from one scheme to another."""

    day: float
    person: int
    before: Row
    after: Row


def happened(network: Network, tables: Tables) -> Iterator[str]:
    """Yield the names of what happened, some of them several times."""
    stays, jobs = rows(tables.stays), rows(tables.case_steps)
    if not stays:
        yield "nobody ever comes"
    moves = [
        Move(before.left_day, before.person, before, after)
        for before, after in pairwise(stays)
        if before.person == after.person
    ]
    for stay in stays:
        yield from _in_a_stay(network, stay)
    yield from _in_moves(network, moves, stays)
    yield from _in_cases(stays, jobs)
    for name, of_step in _grouped(jobs, lambda job: job.step).items():
        yield from _in_a_queue(network, name, of_step)
    yield from _in_schemes(network, tables, stays)
    yield from _ties(stays, jobs)


def rows(table: pd.DataFrame) -> list[Row]:
    """Return a table's rows as named tuples of plain values: None for a missing name, NaN for a missing day."""
    columns = {column: _plain(table[column]) for column in table.columns}
    return list(map(_row(tuple(columns))._make, zip(*columns.values(), strict=True)))


def _plain(column: pd.Series) -> list[Any]:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.to_list()
    names = [*column.cat.categories, None]
    return [names[code] for code in column.cat.codes.to_list()]


@cache
def _row(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def _grouped(items: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _known(day: float) -> bool:
    return not math.isnan(day)


def _in_a_stay(network: Network, stay: Row) -> Iterator[str]:
    reason = stay.reason or ""
    if stay.to in network.exits and _known(stay.left_day):
        yield "dies" if "died" in reason else "leaves by an exit"
    if "died" in reason:
        yield from _at_death(stay, reason)
    if reason.startswith("gave_up"):
        first = reason.partition(";")[0]
        joined = _known(stay.listed_day) and stay.to not in network.exits
        yield "gives up for another list" if joined or "died:" in reason else "gives up for an exit"
        yield f"gives up{' and dies on the next list' if 'died' in reason else ''}" if first else ""
        if joined and _known(stay.left_day):
            yield "gives up and moves at once" if stay.left_day == stay.listed_day else "gives up and moves later"
    if reason in ("maximum_stay", "closing"):
        yield f"must move on: {reason}"
        if stay.opening and stay.ready_day < network.opening_day:
            yield "has outstayed the limit at the start"
    if stay.identified_day > stay.ready_day:
        yield "hidden until a review"
    if stay.identified_day < stay.ready_day or (_known(stay.identified_day) and not _known(stay.ready_day)):
        yield "prepares early"
    if stay.prepared_day > max(stay.ready_day, stay.identified_day):
        yield "ready before prepared"
    if stay.left_day > stay.listed_day:
        yield "waits for a place"
    if _known(stay.listed_day) and not _known(stay.left_day):
        yield "still waits at the end"
    if stay.left_day == stay.entered_day:
        yield "comes and goes in one instant"
    if stay.visit > 1:
        yield "comes to a setting again"
    if stay.entered_day == stay.ready_day and not stay.opening:
        yield "is ready on coming"


def _at_death(stay: Row, reason: str) -> Iterator[str]:
    if "died:" in reason:
        yield "dies on a list"
    elif _known(stay.identified_day) and not _known(stay.prepared_day):
        yield "dies while preparing"
    elif _known(stay.ready_day):
        yield "dies while ready and hidden"


def _in_moves(network: Network, moves: list[Move], stays: list[Row]) -> Iterator[str]:
    areas = {scheme.name: scheme.area for scheme in network.schemes}
    access = {setting.name: setting.access for setting in network.settings}
    for move in moves:
        if access[move.after.setting] == "own_area_first":
            own = network.areas[areas[move.after.scheme]] == move.after.area
            yield "takes a place in their own area" if own else "takes a place elsewhere"
    for day, together in _grouped(moves, lambda move: move.day).items():
        if len(together) > 1:
            yield "several move in one instant"
            yield from _in_a_ring(network, day, together, stays)


def _in_a_ring(network: Network, day: float, moves: list[Move], stays: list[Row]) -> Iterator[str]:
    """Yield whether people filled each other's places, and whether they went before others who waited for them."""
    leads = {move.before.scheme: move for move in moves}
    for start in leads:
        scheme, ring = start, []
        while scheme in leads and leads[scheme] not in ring:
            ring.append(leads[scheme])
            scheme = leads[scheme].after.scheme
        if scheme == start:
            yield f"{min(len(ring), 3)} change places" + (" or more" if len(ring) > 2 else "")
            if any(_before_others(network, day, move, stays) for move in ring):
                yield "the stuck change places"
            return


def _before_others(network: Network, day: float, move: Move, stays: list[Row]) -> bool:
    """Whether somebody stood before the one who moved on a list that is common to all, and waits on."""
    settings = {setting.name: number for number, setting in enumerate(network.settings)}
    wanted = network.settings[settings[move.after.setting]]

    def order(stay: Row) -> tuple[int, float, int]:
        return wanted.priority[settings[stay.setting]][network.groups.index(stay.group)], stay.listed_day, stay.person

    like = (move.after.setting, move.before.group, move.before.area)
    waiting = (stay for stay in stays if (stay.to, stay.group, stay.area) == like and stay.listed_day < day)
    waits_on = [stay for stay in waiting if not stay.left_day <= day]
    return wanted.access == "single" and any(order(stay) < order(move.before) for stay in waits_on)


def _in_cases(stays: list[Row], jobs: list[Row]) -> Iterator[str]:
    for job in jobs:
        community = pd.isna(job.person)
        if job.outcome == "abandoned":
            yield "a case is abandoned " + ("at work" if _known(job.started_day) else "in the queue")
        elif job.outcome is not None:
            who = "the community" if community else "a person"
            yield f"{'rehoused' if job.outcome == 'rehoused' else 'a step is done'} for {who}"
        else:
            yield "a step goes on at the end"
        if job.tier is not None:
            yield "an adaptation's step"
    cases = _grouped((job for job in jobs if not pd.isna(job.person)), lambda job: job.person)
    gone_on = {(stay.person, stay.left_day) for stay in stays}
    for person, of_person in cases.items():
        if any(job.outcome == "abandoned" and (person, job.finished_day) not in gone_on for job in of_person):
            yield "prepares anew for another route"
    for of_case in _grouped(jobs, lambda job: job.case).values():
        if len({job.queued_day for job in of_case}) < len(of_case):
            yield "steps begin side by side"
        if len({job.step for job in of_case}) < len(of_case):
            yield "a case comes to a step again"


def _in_a_queue(network: Network, name: str, jobs: list[Row]) -> Iterator[str]:
    rule = next(step for step in network.steps if step.name == name)
    waited = any(job.started_day > job.queued_day for job in jobs)
    match rule:
        case TeamRule() if waited:
            yield "a team has a queue"
        case PanelRule():
            if any(job.finished_day > job.started_day and job.outcome != "abandoned" for job in jobs):
                yield "a panel refuses and approves later"
            if any(_known(job.started_day) and job.outcome is None for job in jobs):
                yield "a panel refuses"
        case LettingsRule():
            if waited:
                yield "a case waits for a home"
            if any(job.started_day == job.queued_day for job in jobs):
                yield "a home waits for a case"
        case GrantRule():
            if waited:
                yield "a case waits for next year's money"
            granted = [job for job in jobs if _known(job.started_day)]
            if any(_goes_ahead(small, large) for small in granted for large in jobs):
                yield "a small grant goes ahead of a large one"


def _goes_ahead(small: Row, large: Row) -> bool:
    waits = not large.started_day <= small.started_day and not large.finished_day <= small.started_day
    return large.queued_day < small.queued_day and large.amount > small.amount and waits


def _in_schemes(network: Network, tables: Tables, stays: list[Row]) -> Iterator[str]:
    living = _grouped(stays, lambda stay: stay.scheme)
    for row in rows(tables.places):
        there = [stay for stay in living.get(row.scheme, []) if stay.entered_day <= row.from_day]
        people = sum(not stay.left_day <= row.from_day for stay in there)
        if people > row.places:
            yield "more people than places"
    for scheme in network.schemes:
        waiting = [stay for stay in stays if stay.to == network.settings[scheme.setting].name]
        if scheme.turnaround is not None and any(_stands_void(stay, waiting) for stay in living.get(scheme.name, [])):
            yield "a place stands void while somebody waits"


def _stands_void(gone: Row, waiting: list[Row]) -> bool:
    """Whether a place was vacated while somebody waited for the setting, who moved later or never did."""
    return any(stay.listed_day <= gone.left_day and not stay.left_day <= gone.left_day for stay in waiting)


def _ties(stays: list[Row], jobs: list[Row]) -> Iterator[str]:
    listed = Counter((stay.listed_day, stay.to) for stay in stays if _known(stay.listed_day))
    if listed and max(listed.values()) > 1:
        yield "several are listed in one instant"
    queued = Counter((job.queued_day, job.step) for job in jobs)
    if queued and max(queued.values()) > 1:
        yield "several queue in one instant"
    arrived = Counter(stay.entered_day for stay in stays if stay.visit == 1 and not stay.opening)
    if arrived and max(arrived.values()) > 1:
        yield "several come in one instant"
    left = {stay.left_day for stay in stays}
    if any(job.finished_day in left and job.outcome == "done" for job in jobs):
        yield "a step ends as somebody moves"
    if len(left & {stay.entered_day for stay in stays if stay.visit == 1 and not stay.opening}) > 0:
        yield "somebody comes as another goes"
