"""What back-tests say: a row for each series, every forecast beside what came, and sentences to be read with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stepdown.calibration.backtesting.forecast import Forecast
from stepdown.calibration.backtesting.scores import LEVELS, Scores, ranges
from stepdown.calibration.backtesting.series import Numbers
from stepdown.calibration.disclosure import Disclosure
from stepdown.outputs.words.numbers import percent
from stepdown.outputs.words.wording import say_count, say_date

REAL, SIMULATED = "real", "simulated"
"""Whether a row is about people, or was made by a model."""

NARROW, WIDE = 0.70, 0.90
"""Below and above these shares of outcomes, ranges of 80% are called too narrow and too wide."""

RULE = (
    f"Ranges of 80% are called too narrow where they held fewer than {NARROW:.0%} of the outcomes, and too wide above "
    f"{WIDE:.0%}. Outcomes of one forecast hang together: a level that is once too high stays so for a while."
)


@dataclass(frozen=True)
class Backtest:
    """Forecasts from one or several dates.

    Attributes
    ----------
    name, simulated
        What the history is called, and whether it is of real people or was made up.
    months
        Length of a period.
    runs, seed
        Futures of the model, and the address of their chance.
    remade
        Whether everything that was fitted was fitted again to what was known on each date; else the study was taken
        as it is, and may know the months that it forecasts.
    forecasts
        By date.
    """

    name: str
    simulated: bool
    months: int
    runs: int
    seed: int
    remade: bool
    forecasts: tuple[Forecast, ...]

    @property
    def kind(self) -> str:
        """Whether what came is real or simulated."""
        return SIMULATED if self.simulated else REAL


def score_table(found: Backtest) -> pd.DataFrame:
    """Return how good the forecasts of each series were.

    Returns
    -------
    pd.DataFrame
        A row a series, and a last one of all together: series; outcomes (how many); record (`REAL` or `SIMULATED`);
        covered_50, covered_80, covered_95 (shares of outcomes within these ranges); bias (mean of forecast minus
        outcome, people); ranked (mean continuous ranked probability score, people; lower is better); naive_covered_80,
        naive_bias and naive_ranked of the naive forecast, missing where it knew too little; closer (1 - ranked ÷
        naive_ranked: above 0 the model was closer). Of all series together, ``closer`` is that of the sums.
    """
    names = list(dict.fromkeys(one.name for each in found.forecasts for one in each.series))
    rows = []
    for name in (*names, None):
        own = [_scores(each.scores, each, name) for each in found.forecasts]
        naive = [_scores(each.naive_scores, each, name) for each in found.forecasts]
        rows.append({"series": name or EVERYTHING, "record": found.kind, **_row(_joined(own), _joined(naive))})
    return pd.DataFrame(rows)


EVERYTHING = "everything"
"""The row of all series together."""


def _scores(scores: Scores, each: Forecast, name: str | None) -> Scores:
    chosen = [row for row, one in enumerate(each.series) if name in (None, one.name)]
    return Scores(*(values[chosen].ravel() for values in scores))


def _joined(parts: Sequence[Scores]) -> Scores:
    return Scores(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _row(own: Scores, naive: Scores) -> dict[str, float]:
    both = ~np.isnan(naive.ranked)
    against = float(naive.ranked[both].sum())
    return {
        "outcomes": len(own.place),
        **{f"covered_{level * 100:.0f}": float(own.coverage(level).mean()) for level in LEVELS},
        "bias": float(own.error.mean()),
        "ranked": float(own.ranked.mean()),
        "naive_covered_80": _mean(naive.coverage(0.8)[both]),
        "naive_bias": _mean(naive.error[both]),
        "naive_ranked": _mean(naive.ranked[both]),
        "closer": 1 - float(own.ranked[both].sum()) / against if against > 0 else float("nan"),
    }


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else float("nan")


def forecast_table(found: Backtest, disclosure: Disclosure) -> pd.DataFrame:
    """Return every forecast beside what came, and what was known before it.

    Returns
    -------
    pd.DataFrame
        Columns: forecast_from; series; begins and ends (of the period); what (``known``, ``came``, ``forecast`` or
        ``naive forecast``); record (`REAL` or `SIMULATED`); value (a count as it may be shown, or the mean of a
        forecast); low_50, high_50 and so on, of forecasts.
    """
    rows: list[dict[str, object]] = []
    for each in found.forecasts:
        bands = {"forecast": each.samples, "naive forecast": each.naive}
        edges = {what: ranges(samples) for what, samples in bands.items()}
        for at, one in enumerate(each.series):
            for period, value in enumerate(each.observed[at]):
                said = {
                    "forecast_from": each.date,
                    "series": one.name,
                    "begins": each.edges[period],
                    "ends": each.edges[period + 1],
                }
                rows.append({**said, "what": "came", "record": found.kind, "value": disclosure.number(int(value))})
                for what, samples in bands.items():
                    ends = edges[what][:, :, at, period]
                    rows.append({**said, "what": what, "record": SIMULATED, "value": samples[:, at, period].mean()})
                    rows[-1] |= {
                        f"{end}_{level * 100:.0f}": ends[row, side]
                        for row, level in enumerate(LEVELS)
                        for side, end in enumerate(("low", "high"))
                    }
    return pd.DataFrame(rows)


def sentences(found: Backtest, table: pd.DataFrame) -> Iterator[str]:
    """Yield what the scores mean, the most important last."""
    dates = [say_date(each.date) for each in found.forecasts]
    until = say_date(found.forecasts[0].edges[-1])
    yield (
        f"{say_count(found.runs, 'future')} from {', '.join(dates)} until {until}, in periods of "
        f"{say_count(found.months, 'month')}; seed {found.seed}. What came is {found.kind}; forecasts are simulated."
    )
    yield (
        "Everything that was fitted was fitted again to what was known on the date."
        if found.remade
        else "The study was taken as it is: if it was fitted to the months that it forecasts, this is no test of it."
    )
    yield (
        "Bias: mean of the forecast minus what came, in people. Score: how far off the forecast was on average, in "
        "people, its spread included (continuous ranked probability score; lower is better). Naive: the same of a "
        f"forecast that lets levels stay and flows go on as in the past year. {RULE}"
    )
    total = table.iloc[-1]
    covered = float(total["covered_80"])
    verdict = "too narrow" if covered < NARROW else "too wide" if covered > WIDE else "about right"
    yield (
        f"Of {int(total['outcomes']):,} outcomes {percent(covered)} lay in the ranges of 80%, which are {verdict}; "
        f"{percent(float(total['covered_50']))} in those of 50%, {percent(float(total['covered_95']))} in those of 95%."
    )
    yield _beside_naive(table)


def _beside_naive(table: pd.DataFrame) -> str:
    closer = float(table["closer"].iloc[-1])
    if np.isnan(closer):
        return "Too little was known before the date for a naive forecast."
    better = int((table["closer"].iloc[:-1] > 0).sum())
    of = int(table["closer"].iloc[:-1].notna().sum())
    word = "closer" if closer >= 0 else "further off"
    return f"The forecast was {percent(abs(closer))} {word} than the naive one, and closer in {better} of {of} series."
