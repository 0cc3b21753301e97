"""Draws for what a made-up council writes down, by address: what is decided, and in which council.

They have nothing to do with the draws of the model, and each purpose has its own: what one defect hits never depends on
whether another is switched on.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Any, NamedTuple

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

_OF_RECORDS = 1 << 63
"""Set in the keys of these draws and in none of the model's, whose keys hold the number of a replication."""

_PURPOSES = 1 << 16


@unique
class Purpose(IntEnum):
    """What a draw decides. One address serves one purpose."""

    NHS_NUMBER = 1
    GENDER = 2
    ETHNICITY = 3
    BIRTH = 4
    CARER = 5
    CARER_NHS_NUMBER = 6
    PRICE = 7
    REQUEST_TAKES = 8
    ASSESSMENT_TAKES = 9
    REVIEW_TAKES = 10
    DAY_SUPPORT = 11
    DAY_SUPPORT_BEGINS = 12
    DAY_SUPPORT_UNITS = 13
    SOCIAL_WORKER = 14
    SOCIAL_WORKER_BEGINS = 15
    SOCIAL_WORKER_UNITS = 16
    TRANSPORT = 17
    TRANSPORT_BEGINS = 18
    TRANSPORT_UNITS = 19
    EQUIPMENT = 20
    EQUIPMENT_DAY = 21
    ASKS_ON = 22
    ASKS_FOR = 23
    ASKS_LIKE = 24
    ASKS_NHS_NUMBER = 25
    CHANGED = 101
    CHANGED_HOW = 102
    FINANCIAL_YEAR = 103
    VANISHED = 104
    DOUBLE_UP = 105
    OVERLAP = 106
    OVERLAP_HOW = 107
    OVERLAP_DAYS = 108
    STRAY = 109
    STRAY_HOW = 110
    NO_NHS_NUMBER = 111
    NOBODY = 112
    NEGATIVE = 113
    FREQUENCY = 114
    FREQUENCY_HOW = 115
    NO_COMPONENT = 116
    LATE_END = 117
    LATE_END_DAYS = 118
    OPEN_END = 119


class Chance(NamedTuple):
    """All the draws of one council.

    Attributes
    ----------
    seed
        From 0 to 2**64 - 1.
    council
        Which council it is, from 0.
    """

    seed: int
    council: int

    def uniform(self, purpose: Purpose, count: int) -> Floats:
        """Return so many draws from 0 to below 1; the first ones are the same however many are asked for."""
        key = np.array([self.seed, _OF_RECORDS | self.council * _PURPOSES | purpose], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key)).random(count)

    def days(self, purpose: Purpose, count: int, fewest: int, most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return so many whole numbers of days, each as likely as any other."""
        return fewest + np.floor(self.uniform(purpose, count) * (most - fewest + 1)).astype(np.int64)

    def chosen(self, purpose: Purpose, count: int, share: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which of so many are hit, where each is with the same probability."""
        return self.uniform(purpose, count) < share
