"""Joining tables whose text columns are categories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd


def join(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of the same columns one after another; the categories of each column are merged, in order."""
    filled = [part for part in parts if len(part)] or list(parts[:1])
    merged = {column: _merged(filled, column) for column in filled[0].columns if _categorical(filled[0][column])}
    return pd.concat([part.astype(merged) for part in filled], ignore_index=True)


def _categorical(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _merged(parts: Sequence[pd.DataFrame], column: str) -> pd.CategoricalDtype:
    names = dict.fromkeys(name for part in parts for name in part[column].cat.categories)
    return pd.CategoricalDtype(pd.Index(list(names), dtype=str))


def category(names: Sequence[str], codes: npt.ArrayLike) -> pd.Series:
    """Return a column of names from their positions; -1 is missing."""
    positions = np.asarray(codes, dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(positions, categories=pd.Index(list(names), dtype=str)))
