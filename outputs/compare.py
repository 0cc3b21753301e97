"""Options against carry-on: differences paired by replication, because the same people come with the same luck.

A replication's saving is what carry-on cost in it minus what the option cost. Its mean has a 95% confidence interval
(Student's t on the paired differences: how well the mean is known, which more runs narrow), and the range of the runs,
10th to 90th percentile (how much one history differs from another: "in 8 in 10 runs", which more runs do not narrow).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from scipy import special

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers
from stepdown.outputs.measures.waits import LIST
from stepdown.outputs.sheets import Sheet
from stepdown.outputs.summary_parts import OptionSummary, Summary
from stepdown.simulation.tables import Window

BASELINE = "carry-on"
"""The option that others are compared with."""

CONFIDENCE = 0.95
"""Of the interval around a mean."""


Split: TypeAlias = tuple[str, ...]
"""What values are split by, such as a payer and a year; nothing, where they are not split."""

WAIT_COLUMNS = {"wait_mean": "mean_days", "wait_p90": "p90_days", "wait_beyond": "share_beyond"}
"""What a comparison says of waits, and where `stepdown.outputs.measures.waits.describe` has it."""


def describe_runs(values: Floats) -> dict[str, float]:
    """Return what the values of the runs say.

    Returns
    -------
    dict
        runs; mean; low and high (95% t interval of the mean, missing for fewer than two runs); p10 and p90 (range of 8
        in 10 runs); share_above_0 (of the runs).
    """
    values = values[~np.isnan(values)]
    runs = len(values)
    if not runs:
        return {"runs": 0.0, **dict.fromkeys(("mean", "low", "high", "p10", "p90", "share_above_0"), np.nan)}
    mean = float(values.mean())
    half = np.nan
    if runs > 1:
        half = float(special.stdtrit(runs - 1, (1 + CONFIDENCE) / 2) * values.std(ddof=1) / np.sqrt(runs))
    low, high = np.quantile(values, [0.1, 0.9])
    return {
        "runs": float(runs),
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "p10": float(low),
        "p90": float(high),
        "share_above_0": float((values > 0).mean()),
    }


def paired(values: pd.DataFrame, baseline: str = BASELINE, by: Sequence[str] = (), absent: float = 0.0) -> pd.DataFrame:
    """Return how a value differs from the baseline's, option minus baseline, paired by replication.

    Parameters
    ----------
    values
        Columns option, replication, those of ``by``, and value. Rows of one option, replication and split are added
        up.
    baseline
        The option to compare with.
    by
        Splits, such as name or financial_year.
    absent
        The value of a split that a run has no row for: 0 for money and counts, NaN for means.

    Returns
    -------
    pd.DataFrame
        A row for each option (the baseline too) and split: value_mean, baseline_mean, the columns of `describe_runs`
        for the difference, and variance_ratio: the variance of the paired difference ÷ that of independent runs,
        Var(a - b) / (Var(a) + Var(b)); 1 means that pairing did not help, missing that nothing varies.
    """
    found: dict[str, _Splits] = {}
    for option, rows in values.groupby("option", observed=True, sort=False):
        replications = np.unique(rows["replication"].to_numpy())
        splits = rows.groupby(list(by), observed=True, sort=False) if by else [((), rows)]
        of_splits = {}
        for split, some in splits:
            added = some.groupby("replication")["value"].sum(min_count=1).reindex(replications, fill_value=absent)
            of_splits[tuple(map(str, split))] = added.to_numpy(dtype=np.float64)
        found[str(option)] = _Splits(replications, of_splits)
    return _paired(found, baseline, by, absent)


class _Splits(NamedTuple):
    """Values of one option: its replications, and a value of each for every split."""

    replications: Integers
    of: Mapping[Split, Floats]

    def at(self, replications: Integers, split: Split, absent: float) -> Floats:
        """Return the values of some replications; NaN for those that the option has not."""
        row = np.searchsorted(self.replications, replications)
        row[row == len(self.replications)] = 0
        values = self.of.get(split, np.full(len(self.replications), absent))
        return np.where(self.replications[row] == replications, values[row], np.nan)


def _paired(found: Mapping[str, _Splits], baseline: str, by: Sequence[str], absent: float) -> pd.DataFrame:
    """Return the differences of every option and split from the baseline's; see `paired`."""
    if baseline not in found:
        raise ValueError(f"there are no runs of {baseline!r} to compare with")
    replications = found[baseline].replications
    rows = []
    for option, one in found.items():
        for split in dict.fromkeys(split for splits in found.values() for split in splits.of):
            base, own = (splits.at(replications, split, absent) for splits in (found[baseline], one))
            both = ~np.isnan(base) & ~np.isnan(own)
            rows.append([option, *split, *_difference(base[both], own[both]).values()])
    return pd.DataFrame(rows, columns=_columns(by))


def _columns(by: Sequence[str]) -> list[str]:
    return ["option", *by, *_difference(np.empty(0), np.empty(0))]


def _of_sheet(
    one: OptionSummary, sheet: Sheet, by: Sequence[str], rows: Booleans | None = None, column: str | None = None
) -> _Splits:
    """Return the values of a sheet's rows (or of some) in each run, added up by split."""
    chosen = np.arange(len(sheet.keys.codes)) if rows is None else np.flatnonzero(rows)
    values, texts = sheet.values(column), sheet.keys.texts(by)
    of_splits: dict[Split, list[int]] = {} if by else {(): []}
    for row in chosen:
        of_splits.setdefault(tuple(map(str, texts[row])) if by else (), []).append(int(row))
    return _Splits(one.replications, {split: values[:, of].sum(axis=1) for split, of in of_splits.items()})


def _difference(base: Floats, own: Floats) -> dict[str, float]:
    difference = own - base
    several = len(base) > 1
    independent = float(base.var(ddof=1) + own.var(ddof=1)) if several else 0.0
    ratio = float(difference.var(ddof=1)) / independent if independent > 0 else np.nan
    means = {
        "value_mean": float(own.mean()) if len(own) else np.nan,
        "baseline_mean": float(base.mean()) if len(base) else np.nan,
    }
    return {**means, **describe_runs(difference), "variance_ratio": ratio}


def savings(
    summary: Summary, window: Window, by: Sequence[str] = (), baseline: str = BASELINE, a_year: bool | None = None
) -> pd.DataFrame:
    """Return the saving of each option: carry-on minus option, paired by replication.

    Parameters
    ----------
    summary
        Of the runs of all options.
    window
        The time that was measured.
    by
        Splits: any of financial_year, payer, kind, setting, item.
    baseline
        The option to compare with.
    a_year
        Whether pounds are divided by the years of the window; by default they are, except by financial year.

    Returns
    -------
    pd.DataFrame
        As `paired`, in pounds, with the sign turned: above 0 the option saves; share_above_0 is the share of the runs
        that save.
    """
    divide = "financial_year" not in by if a_year is None else a_year
    found = {one.option: _of_sheet(one, one.sheets.costs, by) for one in summary.options}
    if by and not any(splits.of for splits in found.values()):
        return pd.DataFrame(columns=_columns(by))
    years = window.years if divide else 1.0
    # The option's costs are negative money, so that option minus carry-on is the saving.
    money = {
        option: _Splits(replications, {split: -pounds / years for split, pounds in values.items()})
        for option, (replications, values) in found.items()
    }
    table = _paired(money, baseline, by, absent=0.0)
    table[["value_mean", "baseline_mean"]] = 0.0 - table[["value_mean", "baseline_mean"]]
    return table.rename(columns={"value_mean": "cost_mean", "baseline_mean": "baseline_cost_mean"})


def changes(summary: Summary, measure: str, by_name: bool = False, baseline: str = BASELINE) -> pd.DataFrame:
    """Return how a measure of `stepdown.outputs.summary.MEASURES` differs from the baseline's; see `paired`."""
    by = ["name"] if by_name else []
    sheets = [(one, one.sheets.measures) for one in summary.options]
    found = {one.option: _of_sheet(one, sheet, by, sheet.keys.where(measure=measure)) for one, sheet in sheets}
    return _paired(found, baseline, by, absent=0.0)


def wait_changes(
    summary: Summary, statistic: str = "mean_days", measure: str = LIST, baseline: str = BASELINE
) -> pd.DataFrame:
    """Return how a statistic of each replication's waits differs from the baseline's, by list or step; see `paired`.

    The measure is one of those of a summary's waits; `stepdown.outputs.summary.ALL_LISTS` is of all lists together.
    """
    sheets = [(one, one.sheets.waits) for one in summary.options]
    found = {
        one.option: _of_sheet(one, sheet, ["name"], sheet.keys.where(measure=measure), statistic)
        for one, sheet in sheets
    }
    return _paired(found, baseline, ["name"], absent=np.nan)


def comparison(
    summary: Summary, window: Window, baseline: str = BASELINE, targets: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return one row for each option, the baseline first.

    Returns
    -------
    pd.DataFrame
        option; runs; saving_mean, saving_low, saving_high, saving_p10, saving_p90 (pounds a year), saving_share (of
        runs that save), variance_ratio; wait_mean, wait_p90 (days, all lists together), wait_beyond (share who wait
        longer than anybody was seen to; above 0, the mean is a lower bound), and the same for each list as
        ``wait_mean:LIST`` and so on (with wait_within where it has a target); step_downs_a_year, waiting_at_end,
        over_at_end, over_days_a_year: means over the runs, all settings together. A list that is unlimited in an
        option has no waits there.
    """
    table = savings(summary, window, baseline=baseline).set_index("option")
    table = table.rename(columns={"share_above_0": "share"})
    table = table[["runs", "mean", "low", "high", "p10", "p90", "share", "variance_ratio"]]
    table.columns = pd.Index([name if name in ("runs", "variance_ratio") else f"saving_{name}" for name in table])
    table = table.join(_pooled_waits(summary, targets or {}))
    for column, measure in {
        "step_downs_a_year": "step_down_a_year",
        "waiting_at_end": "waiting_at_end",
        "over_at_end": "over_at_end",
        "over_days_a_year": "over_days_a_year",
    }.items():
        table[column] = _mean_of_runs(summary, measure)
    order = [baseline, *(name for name in table.index if name != baseline)]
    return table.loc[order].reset_index()


def _pooled_waits(summary: Summary, targets: Mapping[str, float]) -> pd.DataFrame:
    """Return the waits of all replications together, a row an option; all lists, then each."""
    together = summary.times(LIST)
    table = together.assign(option=together["option"].astype(str)).set_index("option")[list(WAIT_COLUMNS.values())]
    table.columns = pd.Index(list(WAIT_COLUMNS))
    each = summary.times(LIST, ["name"], targets)
    for name in dict.fromkeys(each["name"].astype(str)):
        rows = each[(each["name"] == name).to_numpy()]
        rows = rows.assign(option=rows["option"].astype(str)).set_index("option")
        for column, statistic in WAIT_COLUMNS.items():
            table[f"{column}:{name}"] = rows[statistic]
        if name in targets:
            table[f"wait_within:{name}"] = rows["share_within_target"]
    return table


def _mean_of_runs(summary: Summary, measure: str) -> pd.Series:
    """Return a measure added up over names, averaged over each option's runs."""
    means = {}
    for one in summary.options:
        sheet = one.sheets.measures
        means[one.option] = sheet.values()[:, sheet.keys.where(measure=measure)].sum() / max(sheet.runs, 1)
    return pd.Series(means, dtype=np.float64)
