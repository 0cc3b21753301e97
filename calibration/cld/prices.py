"""What places cost a week, from the most recent rows of each person in each setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from stepdown.calibration.cld.events import Periods
from stepdown.calibration.history import PRICES, typed
from stepdown.calibration.records.coding import Codings
from stepdown.calibration.records.lives import UNKNOWN

if TYPE_CHECKING:
    from pandas.api.typing import SeriesGroupBy

RECENT_DAYS = 365
"""Prices older than this at the end of the records are of no use for what comes: they are left out."""

PRICE = ["setting", "scheme", "group", "price"]


def prices_paid(rows: pd.DataFrame, lives: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Return what is paid a week for each person in each setting where they live, the services there added up.

    Of the most recent reference period with a price, the rows that end last count: those that go on, if there are any.
    Rows of one file that agree in everything are added up too: that is how double-up care is submitted. In another file
    they are the same rows once more.

    Parameters
    ----------
    rows
        All rows of some people: see `sifting.KEPT`.
    lives
        Their stays.
    periods
        The reference periods of the whole extract.

    Returns
    -------
    pd.DataFrame
        Columns setting, scheme, group (codes) and price, one row for each person in each setting.
    """
    priced = rows[rows["service"] & rows["price"].notna() & (rows["setting"] != UNKNOWN)]
    priced = priced.merge(periods, on=["council", "period_ends"])
    priced = priced[priced["period_ends"] > priced["last_ends"] - RECENT_DAYS]
    priced = _once(_of_lives(priced, lives))
    who = ["person", "setting"]
    for last in ("period_ends", "end"):
        priced = priced[priced[last] == priced.groupby(who)[last].transform("max")]
    by_person = priced.sort_values([*who, "start", "scheme", "group", "price"]).groupby(who)
    paid = by_person[["scheme", "group"]].last().assign(price=by_person["price"].sum()).reset_index()
    return paid[PRICE]


def _of_lives(priced: pd.DataFrame, lives: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows of a setting in which the person did not live then: another place decided."""
    lived = lives[["person", "setting", "entered", "left"]]
    pairs = priced[["person", "setting", "start", "end"]].reset_index().merge(lived, on=["person", "setting"])
    then = pairs[(pairs["entered"] <= pairs["end"]) & (pairs["start"] <= pairs["left"])]
    return priced.loc[priced.index.isin(then["index"])]


def _once(priced: pd.DataFrame) -> pd.DataFrame:
    """Keep of rows that stand in several files as many as stand in one."""
    alike = [name for name in priced.columns if name != "file"]
    time = priced.groupby([*alike, "file"], sort=False).cumcount()
    return priced[~priced.assign(time=time).duplicated([*alike, "time"])]


def as_prices(paid: pd.DataFrame, codings: Codings) -> pd.DataFrame:
    """Return the prices' table of a history: of each scheme and of each whole setting, by group.

    Parameters
    ----------
    paid
        What `prices_paid` returned of all people.
    codings
        The names.
    """
    paid = paid.sort_values(PRICE, ignore_index=True)
    of_schemes = paid[paid["scheme"] != UNKNOWN].groupby(["setting", "scheme", "group"])["price"]
    of_settings = paid.groupby(["setting", "group"])["price"]
    parts = [_spread(of_settings).assign(scheme=UNKNOWN), _spread(of_schemes)]
    table = pd.concat(parts, ignore_index=True).astype({"setting": "int32", "scheme": "int32", "group": "int32"})
    named = table.assign(
        setting=codings.places.texts(table["setting"].to_numpy()),
        scheme=codings.schemes.texts(table["scheme"].to_numpy()),
        group=codings.groups.texts(table["group"].to_numpy()),
    )
    return typed(named.sort_values(["setting", "scheme", "group"], na_position="first"), PRICES)


def _spread(prices: SeriesGroupBy[Any, Any]) -> pd.DataFrame:
    parts = {
        "people": prices.size(),
        "mean": prices.mean(),
        "low": prices.quantile(0.1),
        "high": prices.quantile(0.9),
    }
    return pd.DataFrame(parts).reset_index()
