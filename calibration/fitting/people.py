"""Deaths of each group, and whether the places that a study has can hold the people who were there."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stepdown.calibration.fits.deaths import DeathRate, death_rate
from stepdown.calibration.fits.durations import DIED
from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Part
from stepdown.scenarios.check_places import schemes_in


def fit_deaths(asked: Asked) -> tuple[Part, Mapping[str, DeathRate]]:
    """Fit the deaths of each group; also return the fits by group."""
    groups = asked.scenario.groups
    if not (asked.history.stays["to"] == DIED).any():
        why = "no death is recorded; perhaps deaths are recorded elsewhere"
        return Part(kept=tuple(Kept(f"deaths of {group}", why) for group in groups)), {}
    values: list[FittedValue] = []
    kept: list[Kept] = []
    fits: dict[str, DeathRate] = {}
    for group in groups:
        rate = death_rate(asked.history, group)
        why = _why_not(asked, group, rate)
        if rate is None or why:
            kept.append(Kept(f"deaths of {group}", why))
            continue
        fits[group] = rate
        source = w.source_of(asked.history, asked.disclosure, "deaths", rate.deaths)
        estimate = rate.per_1000
        said = w.stated(estimate.value, estimate.low, estimate.high, w.number, source, w.quality_of(rate.deaths))
        draws = [w.number(float(value)) for value in rate.draws(asked.draws, asked.seed)]
        path = ("groups", group, "deaths_per_1000_per_year")
        values.append(FittedValue(path, f"{group}: deaths a year per 1,000", said, draws))
    warnings = [f"deaths of {group}: {warning}" for group, rate in fits.items() for warning in rate.warnings]
    return Part(tuple(values), tuple(kept), warnings=tuple(warnings)), fits


def _why_not(asked: Asked, group: str, rate: DeathRate | None) -> str:
    if rate is None:
        return "nobody of this group is in the records"
    if asked.scenario.groups[group].deaths_per_1000_per_year.changes:
        return "the study has values from dates, which past records cannot replace"
    return "" if asked.disclosure.number(rate.deaths) is not None else "too few died for a rate that gives nobody away"


def overfull(asked: Asked) -> Part:
    """Note the settings in which more people lived than the study has places, on the first day of some month."""
    history, notes = asked.history, []
    months = pd.date_range(history.begins, history.ends, freq="MS")
    for name, setting in asked.scenario.settings.items():
        stays = history.stays[history.stays["setting"] == name]
        most, had = 0, 0.0
        for month in months:
            date = month.date()
            places = sum(scheme.places.on(date) for scheme in schemes_in(setting, name).values() if scheme.places)
            people = int(((stays["entered"] < month) & ~(stays["left"] < month)).sum())
            if people - places > most - had:
                most, had = people, places
        if most > had:
            notes.append(
                f"{name}: at most {asked.disclosure.words(most)} people lived in what the study has as {had:g} places"
            )
    return Part(notes=tuple(notes))
