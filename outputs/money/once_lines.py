"""What is paid once, or whoever is there: moves, adaptations, grants, set-up, capital, and running costs.

- move: once for each move into a setting, on its day; people who come by demand or were there do not pay it.
- adaptation: once for each adaptation that is carried out, on the day its last step is finished.
- grant: the amount of each grant with a payer, on the day it is paid.
- set-up, capital: what the scenario says, on its dates.
- running: pounds a year, spread evenly over the days of each financial year.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepdown.outputs.measures.activity import Activity
from stepdown.outputs.measures.columns import destinations
from stepdown.outputs.measures.intervals import Floats, Integers, sums
from stepdown.outputs.measures.periods import Periods, day_of, financial_years, refine, steps
from stepdown.outputs.money.line import Line
from stepdown.scenarios.financial_years import days_of_financial_year
from stepdown.scenarios.quantities import Timeline
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_steps import Grant


def once_lines(activity: Activity, scenario: Scenario, months: Periods) -> list[Line]:
    """Return what is paid once, and what is paid whoever is there."""
    once = _Once(activity, scenario, months)
    return [*once.moves(), *once.adaptations(), *once.grants(), *once.running(), *once.dated()]


class _Once:
    """Adds up what is paid, by run and month."""

    def __init__(self, activity: Activity, scenario: Scenario, months: Periods) -> None:
        self._activity = activity
        self._scenario = scenario
        self._months = months

    def moves(self) -> Iterator[Line]:
        lived, settings = self._activity.lived, self._scenario.settings
        for place, payers in self._scenario.one_off_costs.moves.items():
            moved = np.flatnonzero(lived.to == destinations(self._scenario).index(place))
            for payer, price in payers.items():
                pounds = self._at_prices(lived.run[moved], lived.left[moved], price)
                yield Line(payer, "move", place, place if place in settings else None, pounds)

    def adaptations(self) -> Iterator[Line]:
        done = self._activity.adaptations
        for tier, payers in self._scenario.one_off_costs.adaptations.items():
            of_tier = np.flatnonzero(done.what == self._activity.tiers.index(tier))
            for payer, price in payers.items():
                pounds = self._at_prices(done.run[of_tier], done.day[of_tier], price)
                yield Line(payer, "adaptation", tier, None, pounds)

    def grants(self) -> Iterator[Line]:
        paid = self._activity.grants
        for number, (name, step) in enumerate(self._scenario.steps.items()):
            if isinstance(step.kind, Grant) and step.kind.payer is not None:
                of_step = np.flatnonzero(paid.what == number)
                pounds = self._add(paid.run[of_step], paid.day[of_step], paid.pounds[of_step])
                yield Line(step.kind.payer, "grant", name, None, pounds)

    def running(self) -> Iterator[Line]:
        for name, payers in self._scenario.running_costs.items():
            for payer, yearly in payers.items():
                yield Line(payer, "running", name, None, self._in_every_run(self._spread(yearly)))

    def dated(self) -> Iterator[Line]:
        once, start = self._scenario.one_off_costs, self._scenario.start
        end = self._activity.window.days
        for kind, projects in (("set-up", once.set_up), ("capital", once.capital)):
            for name, payers in projects.items():
                for payer, amounts in payers.items():
                    dated = [(day_of(date, start), pounds) for date, pounds in amounts]
                    # What is paid after the end is beyond what is measured, as everything else then is.
                    days, pounds = np.array([pair for pair in dated if pair[0] < end]).reshape(-1, 2).T
                    by_month = sums(self._months.of(days), pounds, len(self._months.labels))
                    yield Line(payer, kind, name, None, self._in_every_run(by_month))

    def _spread(self, yearly: Timeline[float]) -> Floats:
        """Return the pounds of each month; each day has its part of its own financial year."""
        changing = steps(yearly, self._scenario.start)
        edges = refine(self._months, [float(day) for day in changing.days[1:]])
        years = financial_years(self._activity.window)
        length = np.array([days_of_financial_year(label) for label in years.labels])[years.of(edges[:-1])]
        pounds = np.diff(edges) * changing.at(edges[:-1]) / length
        return np.asarray(np.add.reduceat(pounds, np.searchsorted(edges, self._months.edges[:-1])))

    def _in_every_run(self, by_month: Floats) -> Floats:
        return np.repeat(by_month[np.newaxis], self._activity.runs.number, axis=0)

    def _at_prices(self, run: Integers, day: Floats, price: Timeline[float]) -> Floats:
        return self._add(run, day, steps(price, self._scenario.start).at(day))

    def _add(self, run: Integers, day: Floats, pounds: Floats) -> Floats:
        number, months = self._activity.runs.number, len(self._months.labels)
        within = (day >= 0) & (day < self._activity.window.days)
        cell = run[within] * months + self._months.of(day[within])
        return sums(cell, pounds[within], number * months).reshape(number, months)
