"""Counts of real people are published rounded to the nearest 5, and those under 5 are withheld.

This is how the Department of Health and Social Care and NHS England publish counts from Client Level Data. A history
that stepdown has made up is about nobody, and its counts may be shown as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

NEAREST = 5
"""Counts are rounded to a multiple of it; smaller ones are withheld."""

WITHHELD = f"fewer than {NEAREST}"
"""What stands in place of a small count."""


@dataclass(frozen=True)
class Disclosure:
    """How counts may be shown.

    Attributes
    ----------
    rounded
        Whether they are rounded, and small ones withheld.
    """

    rounded: bool

    def number(self, count: int) -> int | None:
        """Return a count as it may be shown, or None where it is withheld; 0 is about nobody and is shown."""
        if not self.rounded or count == 0:
            return count
        return None if count < NEAREST else NEAREST * round(count / NEAREST)

    def words(self, count: int) -> str:
        """Return a count as it may be printed, with commas."""
        shown = self.number(count)
        return WITHHELD if shown is None else f"{shown:,}"

    def share(self, part: int, whole: int) -> float | None:
        """Return part of a whole as a fraction of what may be shown of both; None where either is withheld or none."""
        shown, of = self.number(part), self.number(whole)
        return None if shown is None or not of else min(shown / of, 1.0)


def disclosure_of(simulated: bool, asked: str | None) -> Disclosure:
    """Return how counts of a history may be shown: 'rounded' or 'exact' as asked, else rounded if people are real."""
    return Disclosure(rounded=not simulated if asked is None else asked == "rounded")
