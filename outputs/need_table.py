"""Housing need over all runs as one tidy table: what a CSV file and JSON hold, and the screen shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from stepdown.outputs.compare import describe_runs
from stepdown.outputs.measures.delay import ROUNDING
from stepdown.outputs.measures.housing_need import HousingNeed
from stepdown.outputs.need_runs import NeedRuns

By = Literal["setting", "area"]
"""What supply and demand are told by, besides the year: settings, or settings and areas."""


def need_table(found: NeedRuns, by: By) -> pd.DataFrame:
    """Return supply, demand and gap by setting, (area) and financial year.

    Parameters
    ----------
    found
        The runs.
    by
        Settings, or settings and areas. Limited places in schemes that are in no area then have rows without an area,
        in which there is no demand, so that the areas of a setting add up to it.

    Returns
    -------
    pd.DataFrame
        Columns option, setting, (area,) financial_year, days (of the year that are measured), whole_year; means over
        the runs of places (infinity where unlimited), empty, people, waiting, demand, ready, waiting_at_end as in
        `HousingNeed`; waited_days (how long those who wait at the year's end have waited by then, all runs together;
        missing if there are none); gap (demand minus places; missing where these are unlimited); and for demand and gap
        ``_low`` and ``_high`` (95% interval of the mean), ``_p10`` and ``_p90`` (range of 8 in 10 runs); short_share
        (share of the runs with a gap above 0).
    """
    need = found.need if by == "area" else found.need.over_all_areas()
    settings, years = list(found.scenario.settings), found.years
    rows = []
    for setting, area in _cells(found, by):
        where: dict[str, str | None] = {"setting": settings[setting]}
        if by == "area":
            where["area"] = [*found.scenario.areas, None][area]
        for year, label in enumerate(years.labels):
            when = {"days": float(years.lengths[year]), "whole_year": bool(years.whole_years[year])}
            amounts = _of_runs(HousingNeed(*(amount[:, setting, area, year] for amount in need)))
            rows.append({"option": found.option, **where, "financial_year": label, **when, **amounts})
    return pd.DataFrame(rows)


def _cells(found: NeedRuns, by: By) -> Iterator[tuple[int, int]]:
    """Yield each setting with each of its areas; with none only where there are limited places in none."""
    areas = len(found.scenario.areas) if by == "area" else 1
    for setting in range(len(found.scenario.settings)):
        yield from ((setting, area) for area in range(areas))
        nowhere = found.need.places[:, setting, -1]
        if by == "area" and (np.isfinite(nowhere) & (nowhere > 0)).any():
            yield setting, areas


def _of_runs(need: HousingNeed) -> dict[str, float]:
    """Return what the runs say of one setting, area and year; amounts are of shape (runs,)."""
    places, demand = float(need.places[0]), describe_runs(need.demand)
    limited = np.isfinite(places)
    waiting = need.waiting_at_end.sum()
    return {
        "places": places,
        "empty": float(need.empty.mean()),
        "people": float(need.people.mean()),
        "waiting": float(need.waiting.mean()),
        "demand": demand["mean"],
        **_spread("demand", demand, 0.0),
        "gap": demand["mean"] - places if limited else np.nan,
        **_spread("gap", demand, places if limited else np.nan),
        "short_share": float((need.demand > places + ROUNDING).mean()) if limited else np.nan,
        "ready": float(need.ready.mean()),
        "waiting_at_end": float(need.waiting_at_end.mean()),
        "waited_days": float(need.waited_at_end.sum() / waiting) if waiting else np.nan,
    }


def _spread(name: str, demand: Mapping[str, float], places: float) -> dict[str, float]:
    """Return the intervals of demand less the places, which are the same in every run."""
    return {f"{name}_{which}": demand[which] - places for which in ("low", "high", "p10", "p90")}
