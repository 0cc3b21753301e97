"""A mapping's rules, applied to whole batches: each combination of values is looked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from stepdown.calibration.cld.extract import Texts
from stepdown.calibration.cld.mapping import CldMapping, Column
from stepdown.calibration.cld.vocabulary import as_release_2, plain
from stepdown.calibration.records.coding import Codings, Numbers
from stepdown.calibration.records.lives import UNKNOWN


@dataclass
class Rules:
    """Says of services in which setting and scheme they have a person live.

    Attributes
    ----------
    mapping
        The rules.
    codings
        The names of settings and schemes are numbered here.
    """

    mapping: CldMapping
    codings: Codings
    _known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._columns = tuple(dict.fromkeys(name for rule in self.mapping.rules for name in rule.where))
        self._conditions = [
            {name: {plain(as_release_2(value)) for value in values} for name, values in rule.where.items()}
            for rule in self.mapping.rules
        ]
        self._settings = [*(self.codings.places.number(rule.setting) for rule in self.mapping.rules), UNKNOWN]

    def places(self, batch: Mapping[str, Texts], rows: int) -> tuple[Numbers, Numbers]:
        """Return the setting and the scheme of each row; `UNKNOWN` where there is no rule for it, or no scheme."""
        rule = self._rules(batch, rows)
        schemes = np.full(rows, UNKNOWN, dtype=np.int32)
        for number, kind in enumerate(self.mapping.rules):
            if isinstance(kind.scheme, str):
                schemes[rule == number] = self.codings.schemes.number(kind.scheme)
            elif isinstance(kind.scheme, Column):
                texts = batch[kind.scheme.column]
                names = texts.through(self.codings.schemes.numbers(texts.texts).tolist(), UNKNOWN, np.int32)
                schemes = np.where(rule == number, names, schemes)
        return np.array(self._settings, dtype=np.int32)[rule], schemes

    def _rules(self, batch: Mapping[str, Texts], rows: int) -> Numbers:
        """Return the number of the rule that decides each row; -1 where none does."""
        together = np.zeros(rows, dtype=np.int64)
        for name in self._columns:
            together = together * (len(batch[name].texts) + 1) + batch[name].numbers + 1
            together = pd.factorize(together)[0]
        combinations, examples, places = np.unique(together, return_index=True, return_inverse=True)
        decided = np.array([self._rule_of(batch, row) for row in examples], dtype=np.int32)
        return decided[places] if len(combinations) else np.zeros(0, dtype=np.int32)

    def _rule_of(self, batch: Mapping[str, Texts], row: int) -> int:
        values = []
        for name in self._columns:
            number = batch[name].numbers[row]
            values.append("" if number < 0 else plain(as_release_2(batch[name].texts[number])))
        if tuple(values) not in self._known:
            self._known[tuple(values)] = self._first(dict(zip(self._columns, values, strict=True)))
        return self._known[tuple(values)]

    def _first(self, values: Mapping[str, str]) -> int:
        holds: Sequence[bool] = [
            all(values[name] in wanted for name, wanted in conditions.items()) for conditions in self._conditions
        ]
        return holds.index(True) if True in holds else -1
