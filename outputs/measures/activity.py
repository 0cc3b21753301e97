"""What happened that somebody pays for, and nothing else: costs rest on this alone.

It is small enough to be kept for every run, so that a finished run can be costed again at other prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.adaptations import Cases, adaptation_cases
from stepdown.outputs.measures.columns import days
from stepdown.outputs.measures.history import History, Sites
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.periods import Steps
from stepdown.outputs.measures.runs import Runs, positions
from stepdown.scenarios.schema_steps import Grant
from stepdown.simulation.tables import Tables, Window


class Lived(NamedTuple):
    """Stays, each array of shape (stays,).

    Attributes
    ----------
    run
        Position among the runs.
    site
        The scheme lived in, as its position among the sites.
    to
        Where the stay led, as its position among the scenario's destinations; -1 if it has not ended there.
    entered, left
        Days; `left` is missing where the stay had not ended.
    """

    run: Integers
    site: Integers
    to: Integers
    entered: Floats
    left: Floats


class Paid(NamedTuple):
    """What is paid once, each array of shape (payments,).

    Attributes
    ----------
    run
        Position among the runs.
    what
        What it is paid for, as its position among the tiers (adaptations) or the scenario's steps (grants).
    day
        When.
    pounds
        How much; missing where a price says it.
    """

    run: Integers
    what: Integers
    day: Floats
    pounds: Floats


class Activity(NamedTuple):
    """What is paid for in the runs of a scenario.

    Attributes
    ----------
    window
        The time that is measured.
    runs
        The runs.
    sites
        The schemes.
    lived
        The stays that reach into the window.
    adaptations
        Adaptations that were carried out, on the day on which the last step of each was done.
    grants
        Grants, on the day on which each was paid.
    places
        The places of each option and scheme (by their positions) as they change.
    tiers
        The names of the tiers.
    """

    window: Window
    runs: Runs
    sites: Sites
    lived: Lived
    adaptations: Paid
    grants: Paid
    places: Mapping[tuple[int, int], Steps]
    tiers: tuple[str, ...]


def activity_of(history: History, cases: Cases | None = None) -> Activity:
    """Return what is paid for in runs; their cases of adaptation need not be gathered again where they are known."""
    completed = _completed(adaptation_cases(history) if cases is None else cases)
    return Activity(
        history.window,
        history.runs,
        history.sites,
        _lived(history),
        _within(history.window, *completed),
        _grants(history),
        timelines_of_places(history.tables, history.sites, history.runs),
        history.steps.tiers,
    )


def _lived(history: History) -> Lived:
    stays = history.stays
    within = ~(stays.left <= 0) & (stays.entered < history.window.days)
    # Of those that go on, the tables say where people prepare to go.
    to = np.where(np.isnan(stays.left), -1, stays.to)
    site = history.site_of_stays()
    return Lived(stays.run[within], site[within], to[within], stays.entered[within], stays.left[within])


def _completed(cases: Cases) -> tuple[Integers, Integers, Floats]:
    done = np.flatnonzero(cases.outcome == 0)
    return cases.run[done], cases.tier[done], cases.end[done]


def _grants(history: History) -> Paid:
    steps, rows = history.scenario.steps, history.steps
    # The names of the rows begin with those of the scenario.
    granting = [number for number, step in enumerate(steps.values()) if isinstance(step.kind, Grant)]
    amount = history.tables.case_steps["amount"].to_numpy(dtype=np.float64)
    done = positions(history.tables.case_steps["outcome"], ("done",)) == 0
    found = np.flatnonzero(np.isin(rows.step, granting) & done & ~np.isnan(amount))
    return _within(history.window, rows.run[found], rows.step[found], rows.finished[found], amount[found])


def _within(window: Window, run: Integers, what: Integers, day: Floats, pounds: Floats | None = None) -> Paid:
    amounts = np.full(len(day), np.nan) if pounds is None else pounds
    measured = (day >= 0) & (day < window.days)
    return Paid(run[measured], what[measured], day[measured], amounts[measured])


def timelines_of_places(tables: Tables, known: Sites, runs: Runs) -> dict[tuple[int, int], Steps]:
    """Return the places of each option and scheme as they change; none before the first that is stated."""
    table = tables.places
    option, scheme = positions(table["option"], runs.options), positions(table["scheme"], known.schemes)
    day, places = days(table, "from"), table["places"].to_numpy(dtype=np.float64)
    found = {}
    schemes = len(known.schemes)
    pair = np.where((option >= 0) & (scheme >= 0), option * schemes + scheme, -1)
    for one in np.unique(pair[pair >= 0]):
        # Every run states its places again.
        changes = dict(zip(day[pair == one], places[pair == one], strict=True))
        since = np.array(sorted(changes))
        values = np.array([0.0, *(changes[moment] for moment in since)])
        found[int(one // schemes), int(one % schemes)] = Steps(np.append(-np.inf, since), values)
    return found
