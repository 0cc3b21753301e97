"""Who comes: rates, growth and seasons of the study's streams of new people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stepdown.calibration.fits.arrivals import ArrivalFit, arrivals_by_month, fit_arrivals
from stepdown.calibration.fits.estimates import DRAWS, estimated
from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Part, Unknown, joined
from stepdown.calibration.study_folder import Stated
from stepdown.outputs.words.wording import say_list
from stepdown.scenarios.schema import Source

AREAS_ARE_RECORDED = 0.8
"""Streams of areas are fitted apart where at least so many of the stays say which area it was."""

FAST, TOO_FAST = 0.10, 0.50
"""Growth a year beyond which it is said that it is carried on, and beyond which it is not carried on."""


RANGE = 2.0
"""Rates that are not recorded are looked for between this part and this multiple of what the study says."""


class Stream(NamedTuple):
    """Whose arrivals are counted together: of a setting, and of a group or an area where they are told apart."""

    setting: str
    group: str | None
    area: str | None

    @property
    def name(self) -> str:
        """Whose arrivals, in words."""
        of = [part for part in (self.group, self.area) if part]
        return f"{self.setting} ({', '.join(of)})" if of else self.setting


def fit_demand(asked: Asked) -> tuple[Part, Mapping[str, ArrivalFit]]:
    """Fit the study's demand; also return the fits by the name of their stream."""
    streams: dict[Stream, list[int]] = {}
    kept: list[Kept] = []
    for number, source in enumerate(asked.scenario.demand):
        why = _why_not(asked, source)
        if why:
            kept.append(Kept(f"arrivals in {source.from_}", why))
        else:
            streams.setdefault(_stream(asked, source), []).append(number)
    fits: dict[str, ArrivalFit] = {}
    parts = [Part(kept=tuple(kept), unknowns=tuple(_unseen(asked))), _elsewhere(asked)]
    for stream, numbers in streams.items():
        fit = fit_arrivals(asked.history, *stream)
        if asked.disclosure.number(fit.n) is None:
            why = "too few people came for a rate that gives nobody away"
            parts.append(Part(kept=(Kept(f"arrivals in {stream.name}", why),)))
            continue
        if fit.growth is not None and abs(fit.growth.value) > TOO_FAST:
            fit = _steady(fit)
        fits[stream.name] = fit
        parts.append(_part(asked, stream, numbers, fit))
    return joined(parts), fits


def _why_not(asked: Asked, source: Source) -> str:
    if source.dates:
        return "the study replays dates"
    if source.per_year is None or source.per_year.changes:
        return "the study has values from dates, which past records cannot replace"
    if source.from_ not in set(asked.history.stays["setting"]):
        return "nobody in the records ever lived there"
    return ""


def _unseen(asked: Asked) -> Iterator[Unknown]:
    """Yield the rates at which people come into settings that nobody records, if they go on into those that are."""
    recorded = set(asked.history.stays["setting"])
    for number, source in enumerate(asked.scenario.demand):
        goes_on = any(route.to in recorded for route in asked.scenario.routes.get(source.from_, ()))
        if source.from_ not in recorded and goes_on and source.per_year is not None and not source.per_year.changes:
            rate = source.per_year.first
            why = f"who comes into {source.from_} is not recorded, but where people went from there is"
            yield Unknown(("demand", number, "per_year"), w.number(rate / RANGE), w.number(rate * RANGE), why)


def _stream(asked: Asked, source: Source) -> Stream:
    """Return whose arrivals a source is; areas are told apart where the study and the records do."""
    scenario, stays = asked.scenario, asked.history.stays
    here = stays[stays["setting"] == source.from_]
    beside = [other for other in scenario.demand if (other.from_, other.group) == (source.from_, source.group)]
    told_apart = all(other.area for other in beside) and here["area"].notna().mean() >= AREAS_ARE_RECORDED
    group = source.group if len(scenario.groups) > 1 else None
    return Stream(source.from_, group, source.area if told_apart else None)


def _steady(fit: ArrivalFit) -> ArrivalFit:
    """Return the mean rate of the whole time, where numbers changed faster than they can go on changing."""
    years = float(fit.months.years.sum())
    tried = tuple(replace(row, kept=False, why_not="it was too fast to be carried on") for row in fit.tried)
    warning = "numbers changed so fast that it cannot go on: the mean rate of the whole time is used, without growth"
    flat = replace(fit, growth=None, season=(), tried=tried, fit=None, warnings=(*fit.warnings, warning))
    return replace(flat, per_year=estimated(fit.n / years, flat.draws(DRAWS, 0)["per_year"]))


def _part(asked: Asked, stream: Stream, numbers: list[int], fit: ArrivalFit) -> Part:
    rates = [source.per_year.first for at in numbers if (source := asked.scenario.demand[at]).per_year]
    shares = [rate / sum(rates) if sum(rates) else 1 / len(rates) for rate in rates]
    drawn = fit.draws(asked.draws, asked.seed)
    values = [
        value for at, share in zip(numbers, shares, strict=True) for value in _values(asked, at, share, fit, drawn)
    ]
    warnings = [f"arrivals in {stream.name}: {warning}" for warning in fit.warnings]
    if fit.growth is not None and abs(fit.growth.value) > FAST:
        warnings.append(
            f"arrivals in {stream.name}: growth of {w.growth(fit.growth.value)} a year was fitted, and the scenario "
            "carries it on for as long as it runs"
        )
    notes = [f"arrivals in {stream.name}: several streams share what was fitted as in the study"] * (len(numbers) > 1)
    return Part(tuple(values), tuple(_kept(asked, stream, numbers, fit)), (), tuple(warnings), tuple(notes))


def _values(
    asked: Asked, at: int, share: float, fit: ArrivalFit, drawn: Mapping[str, np.ndarray]
) -> Iterator[FittedValue]:
    source = w.source_of(asked.history, asked.disclosure, "arrivals", fit.n)
    quality = w.quality_of(fit.n)
    name = asked.scenario.demand[at].name or asked.scenario.demand[at].from_
    rate = fit.per_year
    stated = w.stated(share * rate.value, share * rate.low, share * rate.high, w.number, source, quality)
    rates = [w.number(share * float(value)) for value in drawn["per_year"]]
    yield FittedValue(("demand", at, "per_year"), f"arrivals of {name} a year", stated, rates)
    if fit.growth is not None:
        grown = w.stated(fit.growth.value, fit.growth.low, fit.growth.high, w.growth, source, quality)
        draws = [w.growth(float(value)) for value in np.clip(drawn["growth"], -TOO_FAST, TOO_FAST)]
        yield FittedValue(("demand", at, "growth"), f"arrivals of {name}: growth a year", grown, draws)
    if fit.season:
        factors = [w.number(month.value) for month in fit.season]
        seasons = [[w.number(float(factor)) for factor in factors] for factors in drawn["season"]]
        what = f"arrivals of {name}: season"
        yield FittedValue(("demand", at, "season"), what, Stated(factors, source=source, quality=quality), seasons)


def _kept(asked: Asked, stream: Stream, numbers: list[int], fit: ArrivalFit) -> Iterator[Kept]:
    """Yield the growth and season that the study states and the records do not support."""
    stated = [asked.scenario.demand[at] for at in numbers]
    for tried in fit.tried:
        assumed = any(source.growth for source in stated) if tried.what == "growth" else any(s.season for s in stated)
        if assumed and not tried.kept:
            why = tried.why_not or f"the records show none beyond chance (p = {tried.p:.2f})"
            yield Kept(f"{tried.what} of arrivals in {stream.name}", why)


def _elsewhere(asked: Asked) -> Part:
    """Warn of people who come first into settings into which nobody comes in the study.

    Where a route leads there from a setting that nobody records, they may have come by it.
    """
    known = {source.from_ for source in asked.scenario.demand}
    stays = asked.history.stays
    said = []
    recorded = set(stays["setting"])
    hidden = [name for name in asked.scenario.settings if name not in recorded]
    fed = {route.to for name in hidden for route in asked.scenario.routes.get(name, ())}
    for setting in [name for name in asked.scenario.settings if name not in known | fed]:
        came = int(arrivals_by_month(asked.history, (stays["setting"] == setting).to_numpy()).arrivals.sum())
        if came:
            said.append(f"{setting} ({asked.disclosure.words(came)})")
    if not said:
        return Part()
    return Part(
        warnings=(
            f"people also came from outside straight into {say_list(said)}, where the study has no demand: they are "
            "not in the scenario. Let them come from a setting such as 'community' with unlimited places",
        )
    )
