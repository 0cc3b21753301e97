"""The economic view: what an option is worth in constant prices, discounted.

Year 0 is the financial year in which the appraisal begins, and is not discounted; a flow of year t has the factor
1 ÷ Π (1 + rate of year k), k = 1 … t, whenever within the year it comes. Flows are real, and so are the rates: prices
in cash are never discounted with them.

Optimism bias raises what is paid once and lowers and delays what is saved from year to year; delivery confidence lowers
it once more. Both touch savings alone: an option that costs more from year to year costs no less for hope. Whether a
year saves or costs is judged by the mean of the runs, so that what is expected of the mean is the mean of what is
expected.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.flows import Flows
from stepdown.outputs.money.perspectives import Perspective
from stepdown.scenarios.financial_years import financial_year, first_year
from stepdown.scenarios.published_rates import DiscountSchedule
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import Appraisal


class Worth(NamedTuple):
    """What an option is worth to somebody, run by run.

    Attributes
    ----------
    years
        The financial years.
    saving
        Shape (runs, years): pounds saved, in constant prices.
    factors
        Shape (years,): discount factors.
    parts
        Shape (years,): the part of each financial year that was measured.
    """

    years: tuple[str, ...]
    saving: Floats
    factors: Floats
    parts: Floats

    @property
    def present_value(self) -> Floats:
        """Net present value of each run, shape (runs,)."""
        return np.asarray(self.saving @ self.factors)

    @property
    def equivalent_annual(self) -> Floats:
        """The same amount every year that is worth as much, shape (runs,)."""
        return self.present_value / float((self.factors * self.parts).sum())

    @property
    def cumulative(self) -> Floats:
        """Mean saving added up from the first year on, not discounted, shape (years,)."""
        return np.asarray(np.cumsum(self.saving.mean(axis=0)))

    @property
    def payback_years(self) -> float | None:
        """Years until what is saved has paid back what was spent, on average and not discounted.

        0 where nothing is ever spent; None where it is not paid back within the measured time. Within a year money is
        taken to come evenly.
        """
        cumulative, ends = self.cumulative, np.cumsum(self.parts)
        behind = np.flatnonzero(cumulative < 0)
        if not len(behind):
            return 0.0
        last = int(behind[-1])
        if last == len(cumulative) - 1:
            return None
        reached = -cumulative[last] / (cumulative[last + 1] - cumulative[last])
        return float(ends[last] + reached * self.parts[last + 1])


def worth_of(
    savings: Flows, whose: Perspective, scenario: Scenario, schedule: DiscountSchedule, parts: Floats, adjusted: bool
) -> Worth:
    """Return what an option is worth.

    Parameters
    ----------
    savings
        What it saves: `stepdown.outputs.money.flows.savings_of`.
    whose
        Whose money counts.
    scenario
        The option's scenario, with its rules of appraisal.
    schedule
        The discount rates.
    parts
        Shape (years,): the part of each financial year that was measured.
    adjusted
        Whether optimism bias and delivery confidence are taken off.
    """
    rules = scenario.appraisal
    once = {kind: whose.of(savings.where(lambda line, kind=kind: line.kind == kind)) for kind in ("set-up", "capital")}  # type: ignore[misc]
    recurrent = whose.of(savings.where(lambda line: not line.one_off))
    if adjusted:
        once["set-up"] = once["set-up"] * (1 + rules.optimism_bias.set_up)
        once["capital"] = once["capital"] * (1 + rules.optimism_bias.capital)
        recurrent = _delivered(recurrent, rules)
    return Worth(
        savings.years,
        once["set-up"] + once["capital"] + recurrent,
        factors_of(savings.years, scenario, schedule),
        parts,
    )


def factors_of(years: tuple[str, ...], scenario: Scenario, schedule: DiscountSchedule) -> Floats:
    """Return the discount factor of each financial year; years before year 0 are not discounted either."""
    zero = first_year(financial_year(scenario.appraisal.from_ or scenario.start))
    distance = [max(first_year(year) - zero, 0) for year in years]
    known = schedule.factors(max(distance, default=0) + 1)
    return np.array([known[one] for one in distance])


def _delivered(recurrent: Floats, rules: Appraisal) -> Floats:
    """Lower and delay what is saved from year to year."""
    bias = rules.optimism_bias
    kept = (1 - bias.savings) * rules.delivery_confidence
    saves = recurrent.mean(axis=0) > 0
    lowered = np.where(saves, recurrent * kept, recurrent)
    whole, part = divmod(bias.delay / DAYS_PER_YEAR, 1.0)
    if not whole and not part:
        return lowered
    saved, lost = np.where(saves, lowered, 0.0), np.where(saves, 0.0, lowered)
    return _later(saved, int(whole)) * (1 - part) + _later(saved, int(whole) + 1) * part + lost


def _later(saved: Floats, years: int) -> Floats:
    """Return the same amounts so many years later; those beyond the last year are lost."""
    late = np.zeros_like(saved)
    if years < saved.shape[1]:
        late[:, years:] = saved[:, : saved.shape[1] - years]
    return late
