"""The columns of plain tables, under whatever name a council's system gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

Spellings = Mapping[str, tuple[str, ...]]

_FILLERS = {"date", "dates", "of", "the", "on", "name", "if", "known"}
"""Words that say nothing: 'Date of admission', 'admission_date' and 'Admitted on' are one column."""

_WHO: Spellings = {
    "person": (
        "person", "person id", "id", "client", "client id", "resident", "service user", "service user id", "tenant",
        "customer", "nhs number", "person reference", "case id", "la person unique identifier", "unique id",
    ),
    "group": ("group", "client group", "primary support reason", "support reason", "cohort", "need"),
    "area": ("area", "council", "authority", "local authority", "la", "district", "locality", "borough"),
}  # fmt: skip

_WHERE: Spellings = {
    "setting": (
        "setting", "accommodation", "accommodation type", "service", "service type", "placement", "placement type",
        "type", "tier",
    ),
    "scheme": ("scheme", "house", "property", "home", "provider", "location", "unit", "building", "address"),
}  # fmt: skip

_ENTERED = (
    "entered", "entry", "start", "starts", "started", "admitted", "admission", "moved in", "move in", "began", "begins",
    "begin", "from", "since", "placement start", "tenancy start",
)  # fmt: skip

_TO = (
    "to", "destination", "moved to", "move to", "discharged to", "discharge destination", "left to", "went to", "next",
    "next setting", "leaving destination", "reason for leaving", "outcome",
)  # fmt: skip

STAYS: Spellings = {
    **_WHO,
    **_WHERE,
    "entered": _ENTERED,
    "left": (
        "left", "end", "ends", "ended", "discharged", "discharge", "moved out", "move out", "leaving", "exit", "exited",
        "until", "placement end", "tenancy end", "finish", "finished",
    ),
    "ready": (
        "ready", "ready to move", "ready to move on", "move on ready", "ready for move on", "ready for discharge",
    ),
    "to": _TO,
}  # fmt: skip
"""The columns of `stays.csv`, with what they may be called besides."""

REQUESTS: Spellings = {
    **_WHO,
    "requested": ("requested", "request", "referred", "referral", "received", "applied", "application", ""),
    "from": ("from", "from setting", "lives in", "current", "current setting", "source", "referred from"),
    "to": ("to", "to setting", "for", "wanted", "requested setting", "destination", "setting", "referred to"),
}
"""Those of `requests.csv`."""

STEPS: Spellings = {
    "person": _WHO["person"],
    "case": ("case", "case id", "case reference", "reference", "application id", "job", "job id"),
    "tier": ("tier", "kind", "type", "adaptation type", "work"),
    "tenure": ("tenure",),
    "step": ("step", "stage", "task", "activity"),
    "queued": ("queued", "requested", "referred", "received", "referral", "added"),
    "started": ("started", "start", "begun", "began"),
    "finished": ("finished", "finish", "end", "ended", "completed", "completion", "done", "closed"),
    "outcome": ("outcome", "result", "status"),
}
"""Those of `steps.csv`."""

CASELOAD: Spellings = {
    **_WHO,
    **_WHERE,
    "entered": _ENTERED,
    "on": ("on", "snapshot", "snapshot date", "as at", "as of", "date"),
}
"""Those of `caseload.csv`."""

PRICES: Spellings = {
    "setting": _WHERE["setting"],
    "scheme": _WHERE["scheme"],
    "group": _WHO["group"],
    "people": ("people", "persons", "clients", "number", "count", "residents"),
    "mean": ("mean", "price", "cost", "average", "weekly", "weekly cost", "weekly price", "price per week",
             "cost per week", "unit cost", "per week", "fee", "weekly fee", "rate", "weekly rate"),
    "low": ("low", "lower", "p10", "lowest"),
    "high": ("high", "upper", "p90", "highest"),
}  # fmt: skip
"""Those of `prices.csv`."""


def bare(heading: str) -> str:
    """Return a heading's telling words in small letters, however they are joined."""
    words = [word.casefold() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", heading)]
    return " ".join(word for word in words if word not in _FILLERS) or " ".join(words)


def matched(headings: Sequence[str], spellings: Spellings) -> dict[str, list[int]]:
    """Return which headings stand for which column.

    A heading that is spelled as the column's own name counts alone; else all that may stand for it are returned, for
    several to be noticed.

    Parameters
    ----------
    headings
        As they stand in the file.
    spellings
        The columns with what they may be called.

    Returns
    -------
    dict
        Numbers of headings, by column; a column without any is left out.
    """
    found: dict[str, list[int]] = {}
    for column, known in spellings.items():
        exact = [number for number, heading in enumerate(headings) if heading.strip().casefold() == column]
        alike = {bare(name) for name in known}
        loose = [number for number, heading in enumerate(headings) if bare(heading) in alike]
        if exact or loose:
            found[column] = exact or loose
    return _without_taken(found, headings)


def _without_taken(found: dict[str, list[int]], headings: Sequence[str]) -> dict[str, list[int]]:
    """Give a heading that is one column's own name to no other."""
    own = {number: column for column, (number, *_) in found.items() if headings[number].strip().casefold() == column}
    kept = {column: [n for n in numbers if own.get(n, column) == column] for column, numbers in found.items()}
    return {column: numbers for column, numbers in kept.items() if numbers}


def unread(headings: Sequence[str], taken: Iterable[int]) -> list[str]:
    """Return the headings that stand for no column."""
    read = set(taken)
    return [heading for number, heading in enumerate(headings) if number not in read and heading.strip()]
