"""The word that was probably meant: the field's aliases first, then the nearest spelling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

ALIASES = {
    "max_stay": "maximum_stay",
    "stay_limit": "maximum_stay",
    "length_of_stay": "ready_after",
    "los": "ready_after",
    "beds": "places",
    "bed": "places",
    "flats": "places",
    "units": "places",
    "capacity": "places",
    "start_date": "start",
    "horizon": "years",
    "duration": "years",
    "arrivals": "demand",
    "referrals": "demand",
    "admissions": "demand",
    "residents": "caseload",
    "staff": "workers",
    "servers": "workers",
    "probability": "share",
    "proportion": "share",
    "destination": "to",
    "needs": "requires",
    "void": "turnaround",
    "relet": "turnaround",
    "opened": "opens",
    "closed": "closes",
    "mh": "mental_health",
    "ld": "learning_disabilities",
    "asc": "adult_social_care",
    "hb": "housing_benefit",
    "chc": "continuing_healthcare",
    "normal": "lognormal",
    "constant": "fixed",
    "deterministic": "fixed",
    "beta": "pert",
    "empirical": "quantiles",
}
"""What people in the field write, and what it may be called here."""

_REMEDY = re.compile(r"(?:\. |(?<=\?) )(?=Write |Use |Did you mean |It may be|None has been declared|It needs )")


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def nearest(word: str, known: Iterable[object]) -> str | None:
    """Return the known word that was probably meant, or None.

    An alias of the field counts before a similar spelling; capitals, hyphens and spaces do not matter.
    """
    names = {_plain(str(name)): str(name) for name in known}
    plain = _plain(word)
    if plain in names:
        return names[plain]
    if (alias := ALIASES.get(plain)) in names:
        return names[alias]
    close = difflib.get_close_matches(plain, list(names), n=1, cutoff=0.6)
    return names[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[object]) -> str:
    """Return ``. Did you mean 'x'?``, or the list of what is known, or nothing where nothing is known."""
    names = [str(name) for name in known]
    found = nearest(word, names)
    if found is not None:
        return f". Did you mean {found!r}?"
    return f". It may be: {', '.join(names)}" if names else ". None has been declared"


def split_remedy(message: str) -> tuple[str, str]:
    """Part what is wrong from what to write instead."""
    parts = _REMEDY.split(message, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (message, "")
