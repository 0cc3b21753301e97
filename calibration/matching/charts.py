"""Charts of a calibration: what was thought and is known of each unknown, and whether held-out truths lie evenly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from stepdown.calibration.matching.calibrate import Calibrated
from stepdown.calibration.matching.checks import BINS
from stepdown.calibration.matching.findings import found_of
from stepdown.calibration.matching.priors import Numbers
from stepdown.calibration.matching.shown import brief, in_words
from stepdown.outputs.charts.chart import Chart
from stepdown.outputs.charts.chart_marks import head, name_columns, scale_across, stand
from stepdown.outputs.charts.chart_panel import Panel, rectangle
from stepdown.outputs.charts.chart_style import BAND, CONTEXT, FOCUS, Margins, panels
from stepdown.outputs.words.wording import say_list

SLICES = 24
"""Bars of a density."""

COLUMNS = 2
"""Panels beside each other."""

LETTERS = 44
"""Letters of a line above a panel."""

MARGINS = Margins(left=0.25, right=0.25, top=0.55, bottom=0.4)


def densities_chart(calibrated: Calibrated) -> Chart:
    """Return the prior and the posterior of each unknown."""
    found = found_of(calibrated)
    rows = [_densities(calibrated, at) for at in range(len(found))]
    said = [
        f"{one.unknown.name}: {in_words(one.unknown.input, one.middle)} "
        f"({in_words(one.unknown.input, one.low)} to {in_words(one.unknown.input, one.high)})"
        for one in found
    ]
    return Chart(
        "densities",
        "What the records make of each unknown",
        "Bars: the posterior. Line: the prior. The area of each is 1.",
        f"A panel for each unknown with bars of its posterior and a line of its prior. Medians, 8 in 10 draws: "
        f"{'; '.join(said)}.",
        pd.concat(rows, ignore_index=True),
        partial(_draw_densities, rows),
    )


def _densities(calibrated: Calibrated, at: int) -> pd.DataFrame:
    """Return densities over slices of the prior's range, each as wide as the others in the value itself."""
    unknown = calibrated.sought.unknowns[at]
    edges = np.linspace(unknown.prior.low, unknown.prior.high, SLICES + 1)
    width = edges[1] - edges[0]
    counts = np.histogram(unknown.prior.amounts(calibrated.drawn.ranks[:, at]), edges)[0]
    return pd.DataFrame(
        {
            "unknown": unknown.name,
            "from": edges[:-1],
            "to": edges[1:],
            "prior": np.diff(unknown.prior.ranks(edges)) / width,
            "posterior": counts / counts.sum() / width,
        }
    )


def _draw_densities(rows: Sequence[pd.DataFrame]) -> Figure:
    parts = panels(len(rows), COLUMNS, 1.0, MARGINS)
    for panel, table in zip(parts, rows, strict=True):
        begin, end = table["from"].to_numpy(), table["to"].to_numpy()
        prior, posterior = table["prior"].to_numpy(), table["posterior"].to_numpy()
        panel.across = (float(begin[0]), float(end[-1]))
        panel.up = (0.0, 1.05 * float(max(prior.max(), posterior.max())))
        scale_across(panel, brief, 5)
        panel.areas([rectangle(a, b, 0, high) for a, b, high in zip(begin, end, posterior, strict=True)], BAND)
        outline = [(x, y) for a, b, y in zip(begin, end, prior, strict=True) for x in (a, b) for y in (y,)]
        panel.lines([outline], FOCUS, 1.5)
        stand(panel)
        head(panel, str(table["unknown"].iloc[0]), LETTERS)
    return parts[0].figure


def ranks_chart(calibrated: Calibrated) -> Chart:
    """Return how evenly held-out truths lie within their posteriors."""
    counts = calibrated.held_out.histogram()
    names = [unknown.name for unknown in calibrated.sought.unknowns]
    number = int(counts[0].sum())
    low, high = (float(stats.binom.ppf(share, number, 1 / BINS)) for share in (0.005, 0.995))
    table = pd.DataFrame(
        [
            {"unknown": name, "tenth": tenth + 1, "truths": int(count)}
            for name, row in zip(names, counts, strict=True)
            for tenth, count in enumerate(row)
        ]
    )
    said = say_list([f"{row.min()} to {row.max()} for {name}" for name, row in zip(names, counts, strict=True)])
    return Chart(
        "ranks",
        "Where known truths lie within their posteriors",
        f"{number} held-out pasts by the tenth of the posterior that the truth lies in. Grey: 99% of even histograms.",
        f"Histograms of ten bars, which are even where posteriors are right. Truths in a tenth: {said}; expected "
        f"{number / BINS:.0f}.",
        table,
        partial(_draw_ranks, names, counts.astype(np.float64), (low, high)),
    )


def _draw_ranks(names: Sequence[str], counts: Numbers, even: tuple[float, float]) -> Figure:
    parts = panels(len(names), COLUMNS, 0.8, MARGINS)
    for panel, name, row in zip(parts, names, counts, strict=True):
        panel.across = (0.5, BINS + 0.5)
        panel.up = (0.0, 1.05 * max(float(row.max()), even[1]))
        panel.areas([rectangle(0.5, BINS + 0.5, *even)], CONTEXT)
        panel.areas([rectangle(at + 0.6, at + 1.4, 0, high) for at, high in enumerate(row.tolist())], FOCUS)
        stand(panel)
        _name_tenths(panel)
        head(panel, name, LETTERS)
    return parts[0].figure


def _name_tenths(panel: Panel) -> None:
    name_columns(panel, {1.0: "lowest", float(BINS): "highest"}, gap=3.5)
