"""Prices that councils pay for people, where the study prices them in the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Part, joined
from stepdown.calibration.study_folder import Stated
from stepdown.scenarios.financial_years import financial_year
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import Price, contract_of

_Z90 = 1.2815515655446004
_BY_PERSON = ("spot", "tenancy", "unit_cost")


def fit_prices(asked: Asked) -> Part:
    """Fit the weekly prices of settings, of the one payer who pays for each person there."""
    rows = asked.history.prices
    return joined(
        [_fit(asked, setting, rows[rows["setting"] == setting]) for setting in asked.scenario.prices if len(rows)]
    )


def _fit(asked: Asked, setting: str, rows: pd.DataFrame) -> Part:
    whole = rows[rows["scheme"].isna()]
    rows = whole if len(whole) else rows
    people = int(rows["people"].sum())
    payers = list(_payers(asked.scenario, setting))
    what = f"price of {setting}"
    if not people:
        return Part()
    if len(payers) != 1:
        why = "the records have what is paid for a person, and the study prices it in another way"
        return Part(kept=(Kept(what, why),))
    if asked.disclosure.number(people) is None:
        return Part(kept=(Kept(what, "too few people for a price that gives nobody away"),))
    weights = rows["people"] / people
    mean = float((rows["mean"] * weights).sum())
    spread = float(((rows["high"] - rows["low"]) * weights).sum()) / (2 * _Z90)
    error = 0.0 if np.isnan(spread) else spread / people**0.5
    source = w.source_of(asked.history, asked.disclosure, "prices of people", people)
    said = w.stated(mean, max(mean - _Z90 * error, 0.0), mean + _Z90 * error, _pounds, source, w.quality_of(people))
    path = ("prices", setting, payers[0])
    # Prices are no draws: a finished run is costed at any price, without being simulated again.
    values = [FittedValue((*path, "per_person_per_week"), f"{what}, £ a person a week", said, ())]
    if asked.scenario.price_base:
        year = financial_year(asked.history.ends - dt.timedelta(days=1))
        values.append(FittedValue((*path, "price_year"), f"{what}: prices of", Stated(year, source=source), ()))
    return Part(found=tuple(values))


def _pounds(value: float) -> float:
    return round(value, 2)


def _payers(scenario: Scenario, setting: str) -> Iterator[str]:
    """Yield who pays for each person of a setting, at one price for all of them: the council's payers, if any do."""
    paying = {payer: price for payer, price in scenario.prices[setting].items() if _by_person(price)}
    council = [payer for payer in paying if scenario.payers[payer].sector in ("council", None)]
    yield from council or paying


def _by_person(price: Price) -> bool:
    rate = price.per_person_per_week
    return rate is not None and not rate.changes and not price.tapers_to and contract_of(price) in _BY_PERSON
