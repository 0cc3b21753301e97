"""What a scenario declares, by name, and whether a name is one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stepdown.scenarios.schema import ADAPTATION, DIED
from stepdown.scenarios.trees import KeyPath, Problem
from stepdown.scenarios.words import did_you_mean


@dataclass(frozen=True)
class Names:
    """What has been declared, each by its name.

    Attributes
    ----------
    schemes
        Each scheme with its setting; a setting without schemes is one scheme of its own name.
    """

    settings: tuple[str, ...]
    schemes: dict[str, str]
    exits: tuple[str, ...]
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    steps: tuple[str, ...]
    tiers: tuple[str, ...]
    tenures: tuple[str, ...]
    payers: tuple[str, ...]

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where a route may lead."""
        return (*self.settings, *self.exits, DIED)


def names_in(data: dict[str, Any]) -> Names:
    """Return what a scenario's plain data declares, even where other parts of it are wrong."""
    settings = _map(data.get("settings"))
    adaptations = _map(data.get("adaptations"))
    schemes = {}
    for setting, parts in settings.items():
        for scheme in _map(_map(parts).get("schemes")) or [setting]:
            schemes[scheme] = setting
    return Names(
        settings=tuple(settings),
        schemes=schemes,
        exits=_words(data.get("exits", ["left"])),
        groups=_words(data.get("groups", ["adults"])),
        areas=_words(data.get("areas", ["everywhere"])),
        steps=(*_words(data.get("steps", {})), *([ADAPTATION] if adaptations else [])),
        tiers=_words(adaptations.get("tiers", {})),
        tenures=_words(adaptations.get("tenures", ["any"])),
        payers=_words(data.get("payers", [])),
    )


def _map(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _words(raw: Any) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    return tuple(str(name) for name in names) if isinstance(names, list | dict) else ()


def undeclared(path: KeyPath, name: str, declared: Collection[str], what: str) -> Iterator[Problem]:
    """Yield a problem if a name at a path is none of those that have been declared."""
    if name not in declared:
        remedy = did_you_mean(name, declared).removeprefix(". ")
        yield Problem(path, f"there is no {what} {name!r}", remedy)


def undeclared_among(path: KeyPath, listed: Iterable[str], declared: Collection[str], what: str) -> Iterator[Problem]:
    """Yield a problem for each name in a list that is none of those that have been declared."""
    for number, name in enumerate(listed):
        yield from undeclared((*path, number), name, declared, what)
