"""How long the work on steps takes, and what records cannot show of it: homes that come, and how many work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from stepdown.calibration.fits.estimates import Unfitted
from stepdown.calibration.fits.fitted import DurationFit, fit_durations
from stepdown.calibration.fits.steps import ABANDONED, steps_of
from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Part, Unknown, joined
from stepdown.calibration.study_folder import Stated
from stepdown.scenarios.schema import Step
from stepdown.scenarios.trees import KeyPath


def fit_steps(asked: Asked) -> tuple[Part, Mapping[str, DurationFit]]:
    """Fit how long delays and teams' work take; also return the fits by step."""
    parts: list[Part] = []
    fits: dict[str, DurationFit] = {}
    recorded = set(asked.history.steps["step"])
    for name, step in asked.scenario.steps.items():
        parts.append(Part(unknowns=tuple(_unknowns(asked, name, step))))
        what = f"step {name}"
        if name not in recorded:
            parts.append(Part(kept=(Kept(what, "the records have no dates of this step"),)))
        elif step.delay is None and step.team is None:
            why = "records of cases do not say how often panels meet, what homes come, or what a budget is"
            parts.append(Part(kept=(Kept(what, why),)))
        else:
            part, fit = _fit_step(asked, name, "team" if step.delay is None else "delay")
            parts.append(part)
            fits |= {name: fit} if fit is not None else {}
    return joined(parts), fits


def _fit_step(asked: Asked, name: str, kind: str) -> tuple[Part, DurationFit | None]:
    durations = steps_of(asked.history, name, "working" if kind == "team" else "both")
    ended = int(durations.ended.sum())
    if ended and asked.disclosure.number(ended) is None:
        return Part(kept=(Kept(f"step {name}", "too few cases are finished for a time that gives nobody away"),)), None
    fit = fit_durations(durations)
    source = w.source_of(asked.history, asked.disclosure, "cases", durations.n, ended)
    path: KeyPath = ("steps", name, kind, "takes")
    if isinstance(fit, Unfitted):
        return _unfitted(asked, name, path, fit, source), None
    values = []
    drawn = fit.draws(asked.draws, asked.seed)
    for parameter in fit.family.parameters:
        write, estimate = w.writer_of(parameter), fit.estimates[parameter]
        said = w.stated(estimate.value, estimate.low, estimate.high, write, source, w.quality_of(ended))
        draws = [write(float(value)) for value in drawn[parameter]]
        what = f"step {name}: takes ({parameter})"
        values.append(FittedValue((*path, fit.family.name, parameter), what, said, draws))
    return Part(tuple(values), warnings=tuple(f"step {name}: {warning}" for warning in fit.warnings)), fit


def _unfitted(asked: Asked, name: str, path: KeyPath, fit: Unfitted, source: str) -> Part:
    """Return a fixed time where every case took the same, else the study's."""
    if fit.constant is None:
        return Part(kept=(Kept(f"step {name}", fit.why),))
    said = Stated(w.days(fit.constant), source=source, quality=w.quality_of(fit.ended))
    return Part(found=(FittedValue(path, f"step {name}: takes, always the same", said, [said.value] * asked.draws),))


def _unknowns(asked: Asked, name: str, step: Step) -> Iterator[Unknown]:
    """Yield what nobody writes down about a step, with the range in which it is looked for."""
    cases = asked.history.steps[asked.history.steps["step"] == name]
    if step.lettings is not None and not step.lettings.per_year.changes:
        yield _homes(asked, name, step.lettings.per_year.first, cases)
    if step.team is not None and not step.team.workers.changes:
        yield _workers(name, step.team.workers.first, cases)


def _homes(asked: Asked, name: str, stated: float, cases: pd.DataFrame) -> Unknown:
    """Return how many homes may come a year: at least about as many as were taken."""
    years = asked.history.days / 365.25
    taken = _finished(cases) / years if len(cases) else _moved(asked, name) / years
    low, high = (0.8 * taken, max(3 * taken, 2 * stated)) if taken else (stated / 4, 2 * stated)
    why = "homes that came and were not taken are not recorded"
    return Unknown(("steps", name, "lettings", "per_year"), w.number(low), w.number(high), why)


def _workers(name: str, stated: int, cases: pd.DataFrame) -> Unknown:
    """Return how many cases may be worked on at once: about as many as ever were, or as the study has."""
    busiest = _most_at_once(cases) or stated
    why = "how many cases a team can work on at once is not recorded"
    return Unknown(("steps", name, "team", "workers"), max(busiest // 2, 1), 2 * max(busiest, stated), why)


def _finished(cases: pd.DataFrame) -> int:
    return int((cases["finished"].notna() & (cases["outcome"] != ABANDONED)).sum())


def _moved(asked: Asked, step: str) -> int:
    """Return how many moved by a route that needs a step, by where it leads."""
    moved = 0
    stays = asked.history.stays
    for setting, routes in asked.scenario.routes.items():
        places = {route.to for route in routes if any(step in stage for stage in route.requires)}
        moved += int(((stays["setting"] == setting) & stays["to"].isin(places)).sum())
    return moved


def _most_at_once(cases: pd.DataFrame) -> int:
    """Return the most cases that were under way on the evening of any day."""
    begun = cases.dropna(subset=["started"])
    days: Any = pd.concat([begun["started"], begun["finished"].dropna()])
    changes = np.concatenate([np.ones(len(begun)), -np.ones(len(days) - len(begun))])
    return int(pd.Series(changes).groupby(days.to_numpy()).sum().cumsum().max()) if len(days) else 0
