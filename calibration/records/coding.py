"""Names as numbers: long columns of names are kept as the numbers of the names in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stepdown.calibration.records.lives import UNKNOWN

Texts = np.ndarray[Any, np.dtype[np.object_]]
Numbers = np.ndarray[Any, np.dtype[np.int32]]


@dataclass
class Coding:
    """Gives each name a number, from 0 in the order in which they come.

    Attributes
    ----------
    names
        The names by their numbers.
    """

    names: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, name: str | None) -> int:
        """Return a name's number; that of an empty name, or of none, is `UNKNOWN`."""
        if not name:
            return UNKNOWN
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]

    def numbers(self, names: Iterable[str | None]) -> Numbers:
        """Return the numbers of names."""
        return np.array([self.number(name) for name in names], dtype=np.int32)

    def in_alphabet(self, names: Texts) -> Numbers:
        """Return the numbers of names; those that are new are numbered in alphabetical order, not in that of rows."""
        self.numbers(sorted(set(names)))
        return self.numbers(names)

    def texts(self, numbers: Numbers) -> Texts:
        """Return the names of numbers; of `UNKNOWN`, None."""
        return np.array([*self.names, None], dtype=object)[numbers]

    def alphabetical(self, numbers: Numbers) -> Numbers:
        """Return where each name stands in the alphabet, which does not depend on which came first."""
        place = np.empty(len(self.names) + 1, dtype=np.int32)
        place[np.argsort(np.array(self.names, dtype=object), kind="stable")] = np.arange(len(self.names))
        place[-1] = UNKNOWN
        return place[numbers]


@dataclass
class Codings:
    """The numbers of all kinds of name in a history.

    Attributes
    ----------
    places
        Settings, and the exits that stays may lead to.
    schemes, groups, areas
        These.
    """

    places: Coding = field(default_factory=Coding)
    schemes: Coding = field(default_factory=Coding)
    groups: Coding = field(default_factory=Coding)
    areas: Coding = field(default_factory=Coding)
