"""Pictures of how well what was fitted fits: how long stays last, and how many people come."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.calibration.disclosure import NEAREST, Disclosure
from stepdown.calibration.fits.arrivals import ArrivalFit
from stepdown.calibration.fits.curves import Steps, kaplan_meier
from stepdown.calibration.fits.routes import RouteFit
from stepdown.calibration.fitting.results import Leaving
from stepdown.outputs.charts.chart import Chart, plain_name
from stepdown.outputs.charts.chart_marks import EndLabel, label_lines, scale, scale_across, stand, time_axes
from stepdown.outputs.charts.chart_style import BAND, CONTEXT, TWO, Margins, margin_for, panels
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.words.numbers import percent
from stepdown.outputs.words.wording import say_list, say_roughly
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import DAYS_PER_YEAR, parse_duration

POINTS = 60
"""Points of a curve at the most: more cannot be told apart."""

RECORDS, FITTED = "records", "as fitted"
"""What the two lines that matter are called."""

SMOOTH = 41
"""Points of a smooth line."""

_HEIGHT = 2.3
_QUARTER = 3
"""Months in which arrivals of real people are counted together."""


def stays_chart(leaving: Leaving, disclosure: Disclosure, period: str) -> Chart | None:
    """Return how long stays last by the records and as fitted; None where too few ended for any point."""
    fit = leaving.fit
    curve = _shown(kaplan_meier(leaving.durations), disclosure)
    if fit is None or not len(curve.days):
        return None
    data = _drawn(curve, fit)
    last = data.iloc[-1]
    gap = float((data[RECORDS] - data[FITTED]).abs().max())
    return Chart(
        f"stays-{plain_name(leaving.name)}",
        f"{leaving.name}: {_middle(curve.days, curve.share, leaving.needs)}",
        f"Share of {'people not yet ready' if leaving.needs else 'stays that go on'} by time since they came: records "
        f"(Kaplan-Meier with delayed entry, shaded: 95% interval), the fit, and other families in grey, {period}.",
        f"Lines that fall from all to few. After {say_roughly(float(last['days']))} there are {percent(last[RECORDS])} "
        f"by the records and {percent(last[FITTED])} as fitted. The widest gap is {percent(gap)}. Families: "
        f"{say_list([one.family.name for one in fit.common.candidates])}.",
        data,
        partial(_draw_stays, data, [one.family.name for one in fit.common.candidates]),
    )


def _drawn(curve: Steps, fit: RouteFit) -> pd.DataFrame:
    """Return the lines to draw: the points of the records are joined by straight lines, and the fits are smooth."""
    days = np.union1d(np.linspace(0.0, curve.days[-1], SMOOTH), curve.days)
    low, high = curve.between(0.95)
    known = np.isfinite(low) & np.isfinite(high)
    at, records = np.append(0.0, curve.days), np.append(1.0, curve.share)
    lines = {"days": days, RECORDS: np.interp(days, at, records)}
    for name, end in (("low", low), ("high", high)):
        lines[name] = np.interp(days, np.append(0.0, curve.days[known]), np.append(1.0, end[known]))
    lines[FITTED] = _fitted(fit, days)
    for one in fit.common.candidates:
        lines[one.family.name] = np.exp(one.family.log_survival(one.top.point, days))
    return pd.DataFrame(lines).round(5)


def _shown(curve: Steps, disclosure: Disclosure) -> Steps:
    """Return the points of a curve that may be shown: of real people, five have ended between one and the next."""
    if not len(curve.days):
        return curve
    ended = np.cumsum(curve.ended)
    each = max(NEAREST if disclosure.rounded else 1, int(np.ceil(ended[-1] / POINTS)))
    reached = np.floor(ended / each)
    at = np.flatnonzero(np.diff(reached, prepend=0.0) > 0)
    enough = at[curve.at_risk[at] >= (NEAREST if disclosure.rounded else 1)]
    return Steps(*(getattr(curve, name)[enough] for name in ("days", "share", "error", "at_risk", "ended")))


def _fitted(fit: RouteFit, days: Floats) -> Floats:
    """Return the share that lasts longer than each time, as the scenario has it: the routes by their shares."""
    routes = [route for route in fit.routes if route in fit.families]
    total = sum(fit.shares[route].value for route in routes)
    lasting = np.zeros_like(days)
    for route in routes:
        time = parse_distribution(fit.written(route), parse_duration)
        lasting += fit.shares[route].value / total * np.array([time.survival(day) for day in days.tolist()])
    return lasting


def _middle(days: Floats, share: Floats, needs: bool) -> str:
    """Return a title: when half are ready or have left, or how many are not and have not by the end."""
    gone = np.flatnonzero(share <= 0.5)
    if len(gone):
        return f"half {'are ready' if needs else 'leave'} within {say_roughly(float(days[gone[0]]))}"
    last = say_roughly(float(days[-1]))
    return f"{percent(float(share[-1]))} {'are not ready after' if needs else 'stay longer than'} {last}"


def _draw_stays(data: pd.DataFrame, families: list[str]) -> Figure:
    (panel,) = panels(1, 1, _HEIGHT, Margins(right=margin_for([*families, RECORDS, FITTED]) + 0.2, bottom=0.35))
    years = data["days"].to_numpy() / DAYS_PER_YEAR
    panel.across, panel.up = (0.0, float(years[-1])), (0.0, 1.02)
    scale(panel, lambda value: f"{100 * value:.0f}%")
    scale_across(panel, lambda value: f"{value:g} yr", 6)
    stand(panel)
    outline = (np.append(years, years[::-1]), np.append(data["low"], data["high"].to_numpy()[::-1]))
    panel.areas([np.column_stack(outline)], BAND)
    looks = {**dict.fromkeys(families, (CONTEXT, 1.0)), RECORDS: (TWO[0], 1.8), FITTED: (TWO[1], 1.8)}
    for name, (colour, width) in looks.items():
        panel.lines([zip(years, data[name].to_numpy(), strict=True)], colour, width)
    ends = [
        EndLabel(float(data[name].iloc[-1]), name, colour, bold=name not in families)
        for name, (colour, _) in looks.items()
    ]
    label_lines(panel, float(years[-1]), ends)
    return panel.figure


def arrivals_chart(name: str, fit: ArrivalFit, disclosure: Disclosure, period: str) -> Chart | None:
    """Return how many came by month, or of real people by quarter, and as fitted; None where nobody did."""
    if not fit.n:
        return None
    each = _QUARTER if disclosure.rounded else 1
    whole = len(fit.months.arrivals) // each * each
    if not whole:
        return None
    fitted = fit.per_year.value * fit.months.years if fit.fit is None else fit.fit.expected
    seen, expected = (
        np.asarray(numbers[:whole], dtype=np.float64).reshape(-1, each).sum(axis=1)
        for numbers in (fit.months.arrivals, fitted)
    )
    shown = [disclosure.number(int(count)) for count in seen]
    months = [str(begin)[:7] for begin in fit.months.begins[:whole:each]]
    data = pd.DataFrame({"from": months, "came": pd.array(shown, dtype="Float64"), FITTED: expected.round(3)})
    unit = "quarter" if disclosure.rounded else "month"
    hidden = " Counts are rounded to 5, and those under 5 left out." if disclosure.rounded else ""
    rate = fit.per_year
    return Chart(
        f"arrivals-{plain_name(name)}",
        f"{name}: {rate.value:.1f} new people a year",
        f"New people by {unit}, records and fit, {period}.{hidden}",
        f"A stepped line of people by {unit} and a line of what was fitted, {rate.value:.1f} a year ({rate.low:.1f} to "
        f"{rate.high:.1f} in 8 in 10).",
        data,
        partial(_draw_arrivals, data),
    )


def _draw_arrivals(data: pd.DataFrame) -> Figure:
    (panel,) = panels(1, 1, _HEIGHT * 0.7, Margins(right=margin_for([RECORDS, FITTED]) + 0.2))
    along = np.arange(len(data), dtype=np.float64)
    came: Any = data["came"].to_numpy(dtype=np.float64, na_value=0.0)
    expected = data[FITTED].to_numpy()
    panel.across, panel.up = (-0.5, len(data) - 0.5), (0.0, max(float(came.max()), float(expected.max()), 1.0) * 1.12)
    time_axes(panel, data["from"].to_list())
    bars = [[(at - 0.4, 0.0), (at + 0.4, 0.0), (at + 0.4, count), (at - 0.4, count)] for at, count in enumerate(came)]
    panel.areas(bars, BAND)
    panel.lines([zip(along, expected, strict=True)], TWO[1], 1.8)
    ends = [EndLabel(float(expected[-1]), FITTED, TWO[1], bold=True), EndLabel(0.0, RECORDS, TWO[0])]
    label_lines(panel, len(data) - 0.5, ends)
    return panel.figure
