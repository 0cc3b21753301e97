"""Fitting a study to a history: every value that the records can say, with its uncertainty; the others as they were.

`fit_study` reads and writes no files: a back-test fits again to what was known on an earlier date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepdown.calibration.disclosure import Disclosure, disclosure_of
from stepdown.calibration.fitting.aligned import aligned
from stepdown.calibration.fitting.caseload import caseload_of
from stepdown.calibration.fitting.demand import fit_demand
from stepdown.calibration.fitting.leaving import fit_leaving, hidden
from stepdown.calibration.fitting.opening import opened
from stepdown.calibration.fitting.people import fit_deaths, overfull
from stepdown.calibration.fitting.prices import fit_prices
from stepdown.calibration.fitting.results import Asked, Fitted, FittedValue, Part, draws_of, joined
from stepdown.calibration.fitting.steps import fit_steps
from stepdown.calibration.fitting.units import seen_elsewhere, units_of, with_routes_apart, with_seen_routes
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.study_folder import option_with, with_stated
from stepdown.outputs.words.wording import say_list
from stepdown.scenarios.loader import CARRY_ON, Option, Study
from stepdown.scenarios.parse_distribution import FAMILIES
from stepdown.scenarios.schema import UNCERTAINTY

DRAWS, SEED = 500, 1
"""Joint draws of what was fitted, and their address, unless others are asked for."""


def fit_study(
    history: CouncilHistory,
    study: Study,
    *,
    disclosure: Disclosure | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Fitted:
    """Return a study's carry-on with what a history says of it.

    Parameters
    ----------
    history
        The records. The scenario begins where they end, with the people who were there then.
    study
        Gives the structure: settings, routes, steps, places, policy.
    disclosure
        How counts may be shown, and whether people may stand in lines of their own; by default as befits the history.
    draws
        How many joint draws of what was fitted.
    seed
        Their address.

    Raises
    ------
    RunError
        If no stay is in a setting of the study, or the study would not be sound with what was fitted.
    """
    shown = disclosure_of(history.simulated, None) if disclosure is None else disclosure
    carry_on = study.options[CARRY_ON]
    known = aligned(history, carry_on.scenario, shown)
    routed, of_routes = _with_routes(carry_on, known.history)
    asked = Asked(known.history, routed.scenario, shown, draws, seed)
    leaving = [fit_leaving(asked, setting) for setting in routed.scenario.routes]
    leavings = tuple(one for _, fits in leaving for one in fits)
    demand, arrivals = fit_demand(asked)
    deaths, rates = fit_deaths(asked)
    steps, times = fit_steps(asked)
    people = caseload_of(known.history, routed.scenario, shown)
    data, of_opening = opened(routed.data, history.ends, people.lines)
    notes = Part(notes=(*known.notes, *of_routes, *of_opening, *people.notes, *_policy(routed)))
    parts = [part for part, _ in leaving]
    data.pop(UNCERTAINTY, None)
    whole = joined([notes, *parts, hidden(asked, leavings), demand, deaths, steps, fit_prices(asked), overfull(asked)])
    rows = draws_of(whole.found)
    uncertain = {UNCERTAINTY: rows.to_dict("records")} if len(rows) else {}
    return Fitted(
        history=known.history,
        option=option_with(routed, _with_values(data, whole.found) | uncertain),
        found=whole.found,
        kept=whole.kept,
        unknowns=whole.unknowns,
        warnings=_folded(whole.warnings),
        notes=whole.notes,
        draws=rows,
        leaving=leavings,
        details={"arrivals": arrivals, "deaths": rates, "steps": times},
    )


def _with_routes(carry_on: Option, history: CouncilHistory) -> tuple[Option, list[str]]:
    """Return carry-on with routes that can be fitted: each unit's own, and where five people went by none of them."""
    data, apart = with_routes_apart(carry_on.data, carry_on.scenario)
    option = option_with(carry_on, data) if apart else carry_on
    recorded = set(history.stays["setting"])
    units = [unit for name in option.scenario.routes if name in recorded for unit in units_of(option.scenario, name)]
    seen = {unit: places for unit in units if (places := seen_elsewhere(history, option.scenario, unit))}
    data, notes = with_seen_routes(option.data, option.scenario, seen)
    return (option_with(option, data) if notes else option), [*apart, *notes]


def _folded(warnings: Sequence[str]) -> tuple[str, ...]:
    """Return warnings with those that say the same of several parts as one."""
    by_text: dict[str, list[str]] = {}
    for warning in warnings:
        about, _, text = warning.partition(": ")
        by_text.setdefault(text, []).append(about)
    return tuple(f"{say_list(about)}: {text}" if text else about[0] for text, about in by_text.items())


def _with_values(data: Mapping[str, Any], values: Sequence[FittedValue]) -> dict[str, Any]:
    """Return data with fitted values; a time that was of one family holds nothing of another."""
    times = {value.path[:-2] for value in values if len(value.path) > 2 and value.path[-2] in FAMILIES}
    return with_stated(data, {value.path: value.stated for value in values}, anew=times)


def _policy(option: Option) -> list[str]:
    """Return what of the study is policy, which past records do not replace."""
    scenario = option.scenario
    limited = [name for name, setting in scenario.settings.items() if setting.at_maximum_routes]
    return [f"{name}: routes at the maximum stay are the study's" for name in limited]
