"""From a network to the kernel's tables of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from stepdown.scenarios import distributions as d
from stepdown.scenarios import network as n
from stepdown.scenarios.quantile_curves import QuantileCurve, beta_quantile, log_gamma_quantile
from stepdown.scenarios.schedules import Intensity, Schedule
from stepdown.simulation.arrivals import shares_of_movers
from stepdown.simulation.compiled.layout import FACTS, NOWHERE
from stepdown.simulation.rings import settings_in_circles

FIXED, WEIBULL, LOGNORMAL, GAMMA, TRIANGULAR, PERT, EMPIRICAL = range(7)
"""Families of distributions."""

SINGLE, BY_SCHEME, BY_AREA, OWN_AREA_FIRST = range(4)
"""Rules of access."""
ACCESS = {"single": SINGLE, "by_scheme": BY_SCHEME, "by_area": BY_AREA, "own_area_first": OWN_AREA_FIRST}

DELAY, TEAM, PANEL, LETTINGS, GRANT = range(5)
"""Kinds of step."""


class Facts:
    """A network as tables.

    Parameters
    ----------
    network
        What every engine takes.

    Attributes
    ----------
    tables
        One array for each table of `stepdown.simulation.compiled.layout.FACTS`.
    alone
        The fields of the world that the network fixes.
    queues
        How many queues there are: of settings by kind of people and rank, and of steps by rank.
    """

    def __init__(self, network: n.Network) -> None:
        self._network = network
        self._rows: dict[str, list[Any]] = {table: [] for table in FACTS}
        self._curves: dict[QuantileCurve, int] = {}
        self._times_stayed: dict[tuple[int, int], int] = {}
        self.queues = 0
        for setting in network.settings:
            self._row("settings", *self._setting(setting))
        for scheme in network.schemes:
            self._row("schemes", *self._scheme(scheme))
        for step in network.steps:
            self._row("steps", *self._step(step))
        for source in network.sources:
            arrivals = self._intensity(source.arrivals) if source.arrivals is not None else NOWHERE
            days = self._range("numbers", source.days)
            self._row("sources", source.code, source.setting, source.group, source.area, arrivals, *days)
        for resident in network.residents:
            self._row("residents", *self._resident(resident))
        self.alone = {**self._people(), **self._adaptations()}
        self.tables = {table: np.array(rows, dtype=FACTS[table]) for table, rows in self._rows.items()}

    def _row(self, table: str, *values: object) -> int:
        self._rows[table].append(values)
        return len(self._rows[table]) - 1

    def _range(self, table: str, values: Iterable[Any]) -> tuple[int, int]:
        rows = list(values)  # making them may add rows of their own
        first = len(self._rows[table])
        self._rows[table].extend(rows)
        return first, len(self._rows[table])

    def _numbers(self, values: Iterable[float]) -> int:
        return self._range("numbers", values)[0]

    def _integers(self, values: Iterable[int]) -> int:
        return self._range("integers", values)[0]

    # Parts of parts ---------------------------------------------------------------------------------------------------

    def _schedule(self, schedule: Schedule[Any]) -> int:
        days, values = self._numbers(schedule.days), self._numbers(map(float, schedule.values))
        return self._row("schedules", days, values, len(schedule.days))

    def _intensity(self, intensity: Intensity) -> int:
        parts = [self._numbers(part) for part in (intensity.days, intensity.rates, intensity.totals)]
        return self._row("intensities", *parts, len(intensity.days))

    def _distribution(self, distribution: d.Distribution | None) -> int:  # noqa: PLR0911 - one for each family
        match distribution:
            case None:
                return NOWHERE
            case d.Fixed(value):
                return self._family(FIXED, value)
            case d.Weibull(scale, shape):
                return self._family(WEIBULL, scale, shape)
            case d.Lognormal(mu, sigma):
                return self._family(LOGNORMAL, mu, sigma)
            case d.Gamma(shape, scale):
                return self._family(GAMMA, shape, scale, curve=log_gamma_quantile(shape))
            case d.Triangular(low, mode, high):
                return self._family(TRIANGULAR, low, mode, high)
            case d.Pert(low, mode, high):
                return self._family(PERT, low, mode, high, curve=beta_quantile(*distribution.shapes))
            case d.Empirical(shares, values):
                points = self._numbers(shares), self._numbers(values), len(shares)
                return self._row("distributions", EMPIRICAL, 0.0, 0.0, 0.0, *points)
            case _:
                raise TypeError(f"the compiled engine does not know the distribution {distribution!r}")

    def _family(
        self, family: int, first: float, second: float = 0.0, third: float = 0.0, curve: QuantileCurve | None = None
    ) -> int:
        coefficients = self._coefficients(curve) if curve is not None else NOWHERE
        return self._row("distributions", family, first, second, third, NOWHERE, coefficients, 0)

    def _coefficients(self, curve: QuantileCurve) -> int:
        if curve not in self._curves:
            self._curves[curve] = self._numbers(curve.coefficients)
        return self._curves[curve]

    def _stages(self, stages: n.Stages) -> tuple[int, int]:
        ranges = [self._range("integers", stage) for stage in stages]
        return self._range("stages", ranges)

    def _routes(self, routes: Sequence[n.Route]) -> tuple[int, int]:
        return self._range("routes", [self._route(route) for route in routes])

    def _route(self, route: n.Route) -> tuple[object, ...]:
        return (
            route.to,
            self._schedule(route.share),
            *self._stages(route.requires),
            route.scheme,
            self._integers(route.for_group),
            self._distribution(route.gives_up.after if route.gives_up else None),
            route.gives_up.to if route.gives_up else NOWHERE,
            self._distribution(route.ready_after),
            route.start_early,
        )

    def _new_queues(self, number: int) -> int:
        first = self.queues
        self.queues += number
        return first

    # Parts of the network ---------------------------------------------------------------------------------------------

    def _setting(self, setting: n.Setting) -> tuple[object, ...]:
        kind_of, suits = self._kinds(setting)
        kinds = len(setting.schemes) + 1 if setting.access == "by_scheme" else len(suits)
        ranks = 1 + max(map(max, setting.priority))
        return (
            setting.code,
            setting.schemes[0],
            setting.schemes[-1] + 1,
            ACCESS[setting.access],
            self._schedule(setting.maximum_stay),
            self._schedule(setting.enforced),
            self._schedule(setting.review_every),
            *self._routes(setting.routes),
            *self._routes(setting.at_maximum_routes),
            self._integers(rank for row in setting.priority for rank in row),
            ranks,
            self._new_queues(kinds * ranks),
            kinds,
            self._integers(kind_of),
            self._integers(suited for row in suits for suited in row),
        )

    def _kinds(self, setting: n.Setting) -> tuple[list[int], list[tuple[bool, ...]]]:
        """Return each group's and area's kind, and which schemes suit each kind, where people are not bound to one."""
        kinds: dict[tuple[bool, ...], int] = {}
        kind_of = []
        for group in range(len(self._network.groups)):
            for area in range(len(self._network.areas)):
                suits = tuple(self._suits(setting, scheme, group, area) for scheme in setting.schemes)
                kind_of.append(kinds.setdefault(suits, len(kinds)))
        return kind_of, list(kinds)

    def _suits(self, setting: n.Setting, scheme: int, group: int, area: int) -> bool:
        building = self._network.schemes[scheme]
        in_area = setting.access != "by_area" or building.area == area
        return in_area and building.accepts_group[group] and building.accepts_area[area]

    def _scheme(self, scheme: n.Scheme) -> tuple[object, ...]:
        return (
            scheme.setting,
            scheme.area,
            self._integers(scheme.accepts_group),
            self._integers(scheme.accepts_area),
            self._schedule(scheme.places),
            self._distribution(scheme.turnaround),
            scheme.residents_move_on_day,
        )

    def _step(self, step: n.AnyStep) -> tuple[object, ...]:
        ranks = 1 + max(step.priority)
        fields: dict[str, Any] = dict.fromkeys(FACTS["steps"].names or (), NOWHERE)
        fields |= {"code": step.code, "priority": self._integers(step.priority), "ranks": ranks}
        fields["queues"] = self._new_queues(ranks)
        match step:
            case n.DelayRule():
                fields |= {"kind": DELAY, "takes": self._distribution(step.takes)}
            case n.TeamRule():
                workers = self._schedule(step.workers)
                fields |= {"kind": TEAM, "takes": self._distribution(step.takes), "workers": workers}
            case n.PanelRule():
                schedules = ("meetings", "cases_per_meeting", "approves")
                fields |= {"kind": PANEL} | {name: self._schedule(getattr(step, name)) for name in schedules}
            case n.LettingsRule():
                fields |= {"kind": LETTINGS, "homes": self._intensity(step.homes), "kept_for": step.kept_for}
            case n.GrantRule():
                first, last = self._range("numbers", (number for budget in step.budgets for number in budget))
                fields |= {"kind": GRANT, "budgets_from": first, "budgets_until": last}
                fields["amount"] = self._distribution(step.amount)
        return tuple(fields.values())

    def _resident(self, resident: n.Resident) -> tuple[object, ...]:
        return (
            resident.setting,
            resident.scheme,
            resident.group,
            resident.area,
            resident.entered,
            resident.listed,
            resident.ready,
            resident.listed_for,
            resident.source,
            resident.number,
            self._time_stayed(resident.setting, resident.group),
        )

    def _time_stayed(self, setting: int, group: int) -> int:
        key = setting, group
        if key not in self._times_stayed:
            self._times_stayed[key] = self._distribution(self._network.time_stayed.get(key))
        return self._times_stayed[key]

    def _people(self) -> dict[str, object]:
        network = self._network
        circles = self._range("integers", settings_in_circles(network))
        return {
            "opening_day": network.opening_day,
            "end_day": network.end_day,
            "number_of_settings": len(network.settings),
            "number_of_schemes": len(network.schemes),
            "number_of_steps": len(network.steps),
            "number_of_queues": self.queues,
            "number_of_groups": len(network.groups),
            "number_of_areas": len(network.areas),
            "number_of_sources": len(network.sources),
            "number_of_residents": len(network.residents),
            "deaths": self._integers([self._intensity(deaths) for deaths in network.deaths]),
            "area_shares": self._numbers(network.area_shares),
            "circles_from": circles[0],
            "circles_until": circles[1],
        }

    def _adaptations(self) -> dict[str, object]:
        adaptations = self._network.adaptations
        if adaptations is None:
            return {"adapts": False, "community": NOWHERE}
        for tier in adaptations.tiers:
            stages = self._integers(edge for stages in tier.steps for edge in self._stages(stages))
            self._row("tiers", stages, self._schedule(tier.rehoused_first), tier.rehousing_step)
        return {
            "adapts": True,
            "adaptations_code": adaptations.code,
            "number_of_tiers": len(adaptations.tiers),
            "number_of_tenures": len(adaptations.tenures),
            "tenure_shares": self._numbers(adaptations.tenure_shares),
            "mover_shares": self._numbers(shares_of_movers(adaptations)),
            "community_shares": self._numbers(adaptations.community_shares),
            "community": self._intensity(adaptations.community) if adaptations.community else NOWHERE,
        }
