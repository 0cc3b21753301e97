"""Random steps and adaptations for `networks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from hypothesis import strategies as st
from networks_values import chance, durations, over_time, some

Data = dict[str, Any]
Draw = Any

TIERS = ("minor", "complex")
TENURES = ("council", "private")


class Names(Protocol):
    """What a step's priority may name."""

    start: Any
    groups: tuple[str, ...]
    settings: dict[str, tuple[str, ...]]
    steps: tuple[str, ...]
    adapts: bool


@st.composite
def requires(draw: Draw, names: Sequence[str]) -> list[Any]:
    """Draw up to three steps in sequence, or two of them side by side."""
    if not names or draw(chance(3)):
        return []
    chosen = draw(some(names))[:3]
    if len(chosen) > 1 and draw(st.booleans()):
        return [[*chosen[:2]], *chosen[2:]]
    return chosen


@st.composite
def steps(draw: Draw, name: str, names: Names) -> Data:
    """Draw the step of that name; its name says its kind."""
    kind = {"forms": "delay", "team": "team", "other team": "team", "letting": "lettings"}.get(name, name)
    step = draw(_KINDS[kind](names))
    if kind != "delay":
        tiers = (*TIERS, "community") if names.adapts else ("community",)
        step["priority"] = draw(some((*names.settings, *names.groups, *tiers)))
    return {kind: step}


@st.composite
def _delay(draw: Draw, names: Names) -> Data:
    return {"takes": draw(durations())}


@st.composite
def _team(draw: Draw, names: Names) -> Data:
    return {"workers": draw(over_time(st.sampled_from([0, 1, 1, 1, 2, 3]), names.start)), "takes": draw(durations())}


@st.composite
def _panel(draw: Draw, names: Names) -> Data:
    panel = {
        "meets_every": draw(over_time(st.sampled_from(["5 days", "14 days", "8.5 days"]), names.start)),
        "approves": draw(over_time(st.sampled_from([0, 0.5, 1]), names.start)),
    }
    if draw(st.booleans()):
        panel["cases_per_meeting"] = draw(over_time(st.integers(0, 3), names.start))
    return panel


@st.composite
def _lettings(draw: Draw, names: Names) -> Data:
    kept = draw(st.sampled_from(["0 days", "0 days", "6 days", "20 days"]))
    return {"per_year": draw(over_time(st.sampled_from([0, 12, 50]), names.start)), "kept_for": kept}


@st.composite
def _grant(draw: Draw, names: Names) -> Data:
    amounts = [400, "£1,000", {"uniform": {"low": 100, "high": 900}}, {"gamma": {"mean": 500, "sd": 400}}]
    return {
        "per_year": draw(over_time(st.sampled_from([0, 1000, 3000]), names.start)),
        "amount": draw(st.sampled_from(amounts)),
    }


_KINDS = {"delay": _delay, "team": _team, "panel": _panel, "lettings": _lettings, "grant": _grant}


@st.composite
def adaptations(draw: Draw, names: Names) -> Data:
    """Draw two tiers with their steps, for movers and perhaps for the community."""
    whole: Data = {
        "tiers": {tier: draw(_tier(names, share)) for tier, share in zip(TIERS, (0.6, 0.4), strict=True)},
        "tenures": dict(zip(TENURES, draw(st.sampled_from([(0.5, 0.5), (1, 0), (0.3, 0.7)])), strict=True)),
        "movers": draw(st.sampled_from([{}, {"minor": 1}, {"minor": 0.3, "complex": 0.5}])),
    }
    if draw(st.booleans()):
        rates = st.sampled_from([0, 10, 40])
        season = st.sampled_from([[], [1, 0, 2, 1, 1, 0.5, 1.5, 1, 1, 1, 3, 0]])
        whole["community"] = {
            "per_year": draw(over_time(rates, names.start)),
            "growth": draw(st.sampled_from(["0%", "50%"])),
            "season": draw(season),
        }
    return whole


@st.composite
def _tier(draw: Draw, names: Names, share: float) -> Data:
    tier: Data = {"share": share, "steps": draw(requires(names.steps))}
    if draw(chance(2)):
        tier["steps_by_tenure"] = {draw(st.sampled_from(TENURES)): draw(requires(names.steps))}
    lists = [_flat(tier["steps"]), *map(_flat, tier.get("steps_by_tenure", {}).values())]
    common = [step for step in lists[0] if all(step in each for each in lists)]
    if all(lists) and draw(chance(2)):
        tier["rehoused_first"] = draw(over_time(st.sampled_from([0, 0.5, 1]), names.start))
        if common and draw(st.booleans()):
            tier["rehousing_step"] = draw(st.sampled_from(common))
    return tier


def _flat(stages: list[Any]) -> list[str]:
    return [step for stage in stages for step in (stage if isinstance(stage, list) else [stage])]
