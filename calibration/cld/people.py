"""Who a row is about: the traced NHS number, else the council's own record of it, else the council's number.

A row that has the council's number alone is about the person who has that number in other rows beside an NHS number, if
that is one person: the number of a row is forgotten more often than a person changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from stepdown.calibration.cld.extract import ExtractFile, Texts
from stepdown.calibration.cld.vocabulary import Field
from stepdown.calibration.records.identities import NOBODY, Codes, code_of
from stepdown.calibration.records.tally import Tally

COLUMNS = (Field.NHS_TRACED, Field.NHS_PROVIDED, Field.LA_PERSON, Field.LA_CODE)
"""The columns that say who a row is about."""


@dataclass
class People:
    """Finds out who rows are about.

    Attributes
    ----------
    key
        With it codes are made.
    """

    key: bytes
    _numbers: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    _whose: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    def learn(self, files: Iterable[ExtractFile]) -> None:
        """Read which of the councils' numbers belong to which NHS number."""
        pairs = [np.zeros((0, 2), dtype=np.uint64)]
        unheard = Tally()  # rows that cannot be read are counted when they are read for good
        for file in files:
            if file.column(Field.LA_PERSON) is None:
                continue
            for batch in file.batches(COLUMNS, unheard):
                nhs, own = self._nhs(batch), self._own(batch)
                both = (nhs != NOBODY) & (own != NOBODY)
                pairs.append(np.unique(np.stack([own[both], nhs[both]], axis=1), axis=0))
        known = np.unique(np.concatenate(pairs), axis=0)
        numbers, first, times = np.unique(known[:, 0], return_index=True, return_counts=True)
        self._numbers, self._whose = numbers[times == 1], known[first[times == 1], 1]

    def codes(self, batch: Mapping[str, Texts], tally: Tally) -> Codes:
        """Return who each row of a batch is about; nobody where it does not say."""
        nhs, own = self._nhs(batch), self._own(batch)
        place = np.searchsorted(self._numbers, own)
        place[place == len(self._numbers)] = 0
        found = (nhs == NOBODY) & (own != NOBODY)
        found &= self._numbers[place] == own if len(self._numbers) else False
        tally.add(
            "guessed",
            "rows had the council's number alone, and an NHS number in other rows, which was taken",
            found.sum(),
        )
        known = self._whose[place] if len(self._numbers) else own
        return np.where(nhs != NOBODY, nhs, np.where(found, known, own))

    def _nhs(self, batch: Mapping[str, Texts]) -> Codes:
        rows = len(next(iter(batch.values())).numbers)
        codes = np.full(rows, NOBODY, dtype=np.uint64)
        for name in (Field.NHS_TRACED, Field.NHS_PROVIDED):
            if name in batch:
                numbers = batch[name].texts
                of_texts = [code_of(f"nhs {number.replace(' ', '')}", self.key) for number in numbers]
                codes = np.where(codes != NOBODY, codes, batch[name].through(of_texts, NOBODY, np.uint64))
        return codes

    def _own(self, batch: Mapping[str, Texts]) -> Codes:
        rows = len(next(iter(batch.values())).numbers)
        if Field.LA_PERSON not in batch:
            return np.full(rows, NOBODY, dtype=np.uint64)
        own = batch[Field.LA_PERSON]
        councils = batch.get(Field.LA_CODE, Texts(np.full(rows, -1, dtype=np.int32), []))
        names = [*councils.texts, ""]
        width = len(names)
        both = own.numbers.astype(np.int64) * width + councils.numbers % width
        pairs, places = np.unique(both, return_inverse=True)
        codes = [
            NOBODY if pair < 0 else code_of(f"council {names[pair % width]} {own.texts[pair // width]}", self.key)
            for pair in pairs.tolist()
        ]
        return np.where(own.numbers >= 0, np.array(codes, dtype=np.uint64)[places], np.uint64(NOBODY))
