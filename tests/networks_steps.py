"""Random steps and adaptations for `networks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from networks_values import duration, one_over_time
from picking import Picker

Data = dict[str, Any]

TIERS = ("minor", "complex")
TENURES = ("council", "private")


class Names(Protocol):
    """What a step's priority may name."""

    start: Any
    groups: tuple[str, ...]
    settings: dict[str, tuple[str, ...]]
    steps: tuple[str, ...]
    adapts: bool


def requires(pick: Picker, names: Sequence[str], seldom: int = 3) -> list[Any]:
    """Draw up to three steps in sequence, or two of them side by side; none, once in so many times and by chance."""
    if not names or pick.chance(seldom):
        return []
    chosen = pick.some(names)[:3]
    if len(chosen) > 1 and pick.chance(2):
        return [[*chosen[:2]], *chosen[2:]]
    return chosen


def step(pick: Picker, name: str, names: Names) -> Data:
    """Draw the step of that name; its name says its kind."""
    kind = {"forms": "delay", "other team": "team", "letting": "lettings"}.get(name, name)
    drawn = _KINDS[kind](pick, names)
    if kind != "delay":
        tiers = (*TIERS, "community") if names.adapts else ("community",)
        drawn["priority"] = pick.some((*names.settings, *names.groups, *tiers))
    return {kind: drawn}


def _delay(pick: Picker, names: Names) -> Data:
    return {"takes": duration(pick)}


def _team(pick: Picker, names: Names) -> Data:
    return {"workers": one_over_time(pick, (1, 2, 0, 1, 1, 3), names.start), "takes": duration(pick)}


def _panel(pick: Picker, names: Names) -> Data:
    panel = {
        "meets_every": one_over_time(pick, ("5 days", "14 days", "8.5 days"), names.start),
        "approves": one_over_time(pick, (1, 0.5, 0, 0.5), names.start),
    }
    if pick.chance(2):
        panel["cases_per_meeting"] = one_over_time(pick, (1, 2, 3, 0), names.start)
    return panel


def _lettings(pick: Picker, names: Names) -> Data:
    kept = pick.one(["0 days", "6 days", "0 days", "20 days"])
    return {"per_year": one_over_time(pick, (50, 12, 0), names.start), "kept_for": kept}


def _grant(pick: Picker, names: Names) -> Data:
    amounts = [400, "£1,000", {"uniform": {"low": 100, "high": 900}}, {"gamma": {"mean": 500, "sd": 400}}]
    return {
        "per_year": one_over_time(pick, (1000, 0, 3000, 2000), names.start),
        "amount": pick.one(amounts),
    }


_KINDS = {"delay": _delay, "team": _team, "panel": _panel, "lettings": _lettings, "grant": _grant}

SEASON = (1, 0, 2, 1, 1, 0.5, 1.5, 1, 1, 1, 3, 0)
"""Factors on a rate, January to December."""


def adaptations(pick: Picker, names: Names) -> Data:
    """Draw two tiers with their steps, for movers and perhaps for the community."""
    whole: Data = {
        "tiers": {tier: _tier(pick, names, share) for tier, share in zip(TIERS, (0.6, 0.4), strict=True)},
        "tenures": dict(zip(TENURES, pick.one([(0.5, 0.5), (1, 0), (0.3, 0.7)]), strict=True)),
        "movers": pick.one([{"minor": 0.3, "complex": 0.5}, {"minor": 1}, {}]),
    }
    if pick.chance(2):
        whole["community"] = {
            "per_year": one_over_time(pick, (10, 40, 0), names.start),
            "growth": pick.one(["0%", "50%"]),
            "season": list(pick.one([(), SEASON])),
        }
    return whole


def _tier(pick: Picker, names: Names, share: float) -> Data:
    tier: Data = {"share": share, "steps": requires(pick, names.steps, 6)}
    if pick.chance(2):
        tier["steps_by_tenure"] = {pick.one(TENURES): requires(pick, names.steps, 6)}
    lists = [_flat(tier["steps"]), *map(_flat, tier.get("steps_by_tenure", {}).values())]
    common = [step for step in lists[0] if all(step in each for each in lists)]
    if all(lists) and not pick.chance(3):
        tier["rehoused_first"] = one_over_time(pick, (0.5, 1, 0), names.start)
        if common and pick.chance(2):
            tier["rehousing_step"] = pick.one(common)
    return tier


def _flat(stages: list[Any]) -> list[str]:
    return [step for stage in stages for step in (stage if isinstance(stage, list) else [stage])]
