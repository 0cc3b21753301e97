"""Who is there at the start, and how long they have stayed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from stepdown.scenarios import network as n
from stepdown.scenarios import schema as s
from stepdown.scenarios.distributions import Distribution, Empirical
from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.quantities import DAYS_PER_YEAR

_POINTS = 4097
_RARE = 1e-9
"""Stays longer than all but this share are left out of the distribution of time stayed."""


def compile_residents(
    scenario: s.Scenario,
    history: s.Scenario,
    settings: dict[str, int],
    scheme_positions: dict[str, int],
    schemes: Sequence[n.Scheme],
) -> tuple[tuple[n.Resident, ...], dict[tuple[int, int], Empirical]]:
    """Return the opening caseload one by one, and how to draw the time stayed of those without a date."""
    groups = {name: position for position, name in enumerate(scenario.groups)}
    areas = {name: position for position, name in enumerate(scenario.areas)}
    filling = _Filling(schemes)
    residents: list[n.Resident] = []
    for setting, entries in scenario.caseload.items():
        number = 0
        for entry in entries:
            group = groups[entry.group] if entry.group else 0
            area = areas[entry.area] if entry.area else n.NOWHERE
            for _ in range(entry.people if entry.people is not None else 1):
                number += 1
                named = scheme_positions[entry.scheme] if entry.scheme else None
                residents.append(
                    n.Resident(
                        setting=settings[setting],
                        scheme=filling.place(settings[setting], group, area, named),
                        group=group,
                        area=area,
                        entered=float((entry.admitted - scenario.start).days) if entry.admitted else math.nan,
                        listed=float((entry.listed - scenario.start).days) if entry.listed else math.nan,
                        ready=float((entry.ready - scenario.start).days) if entry.ready else math.nan,
                        listed_for=settings[entry.for_] if entry.for_ else n.NOWHERE,
                        source=n.code("caseload", setting),
                        number=number,
                    )
                )
    drawn = {(r.setting, r.group) for r in residents if math.isnan(r.entered)}
    return tuple(residents), dict(_times_stayed(scenario, history, drawn))


class _Filling:
    """Fills the schemes of a setting evenly with people whose scheme is not named."""

    def __init__(self, schemes: Sequence[n.Scheme]) -> None:
        self._schemes = schemes
        self._people = [0] * len(schemes)

    def place(self, setting: int, group: int, area: int, named: int | None) -> int:
        """Return the scheme of the next person: the named one, else the least full of those that accept them."""
        scheme = named if named is not None else min(self._candidates(setting, group, area), key=self._fullness)
        self._people[scheme] += 1
        return scheme

    def _candidates(self, setting: int, group: int, area: int) -> list[int]:
        own = [at for at, scheme in enumerate(self._schemes) if scheme.setting == setting]
        suiting = [
            at
            for at in own
            if self._schemes[at].accepts_group[group] and (area == n.NOWHERE or self._schemes[at].accepts_area[area])
        ]
        return suiting or own

    def _fullness(self, scheme: int) -> float:
        places = self._schemes[scheme].places.at(0.0)
        return (self._people[scheme] + 1) / places if places else math.inf


def _times_stayed(
    scenario: s.Scenario, history: s.Scenario, drawn: Iterable[tuple[int, int]]
) -> Iterable[tuple[tuple[int, int], Empirical]]:
    names, groups = list(scenario.settings), list(scenario.groups)
    for setting, group in sorted(drawn):
        rules = history if names[setting] in history.settings and groups[group] in history.groups else scenario
        yield (setting, group), time_stayed(rules, names[setting], groups[group])


def time_stayed(scenario: s.Scenario, setting: str, group: str) -> Empirical:
    """Return how long the residents of a long-established setting have stayed on a given day.

    In a stationary service the time already stayed has a density proportional to the survival function of whole stays
    (renewal theory: a day is more likely to fall into a long stay). Stays are what people need: the mixture of the
    setting's routes, cut at an enforced maximum stay and by death; time spent blocked beyond them is left out.

    Parameters
    ----------
    scenario
        The rules that held until the start.
    setting, group
        Whose stays.

    Raises
    ------
    ScenarioError
        If stays never end, so that no stationary time stayed exists.
    """
    rules = scenario.settings[setting]
    routes = [r for r in scenario.routes.get(setting, ()) if not r.groups or group in r.groups]
    shares = [route.share.on(scenario.start) for route in routes]
    dying = scenario.groups[group].deaths_per_1000_per_year.on(scenario.start) / 1000 / DAYS_PER_YEAR
    longest = [route.ready_after.quantile(1 - _RARE) for route in routes] or [math.inf]
    horizon = min(max(longest), -math.log(_RARE) / dying if dying else math.inf)
    limit = rules.maximum_stay.on(scenario.start)
    if limit is not None and rules.at_maximum is not None and rules.at_maximum.on(scenario.start) == "move_on":
        horizon = min(horizon, limit)
    if horizon == math.inf:
        rule = f"stays of {group} in {setting} never end, so the time that residents have stayed cannot be drawn"
        raise ScenarioError([Fault(None, 0, 0, ("caseload", setting), rule, "Give each resident's `admitted` date")])

    return _stationary(tuple(zip(shares, (route.ready_after for route in routes), strict=True)), dying, horizon)


@lru_cache  # the options of a study share carry-on's past
def _stationary(needs: tuple[tuple[float, Distribution], ...], dying: float, horizon: float) -> Empirical:
    """Return the time stayed where stays end as needs, with their shares, and deaths a day have it."""
    days = _grid([need.quantile for _, need in needs], horizon)
    mixture = sum(share * need.survivals(days) for share, need in needs) if needs else 1.0
    lasting = np.exp(-dying * days) * mixture
    area = np.concatenate([[0.0], np.cumsum((lasting[1:] + lasting[:-1]) / 2 * np.diff(days))])
    if area[-1] <= 0:
        return Empirical((0.0, 1.0), (0.0, 0.0))
    below, kept = np.unique(area / area[-1], return_index=True)
    return Empirical(tuple(below.tolist()), tuple(days[kept].tolist()))


def _grid(quantiles: Sequence[object], horizon: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return days that are dense where stays end and evenly spread elsewhere."""
    shares = (np.arange(_POINTS) + 0.5) / _POINTS
    ends = [np.array([quantile(share) for share in shares.tolist()]) for quantile in quantiles]  # type: ignore[operator]
    days = np.unique(np.concatenate([np.linspace(0.0, horizon, _POINTS), *ends]))
    return days[days <= horizon]
