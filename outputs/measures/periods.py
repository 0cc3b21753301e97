"""Months, financial years and years since the start, as periods of days; and values from dates as values from days.

Periods follow the calendar. A window that was counted in years of 365.25 days may end a few hours into a new month; a
last period shorter than a day is counted with the one before, because nobody wants a financial year of six hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers, bins_of
