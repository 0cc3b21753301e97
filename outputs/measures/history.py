"""What happened, read from the tables once: every measure of a scenario's runs begins with it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.columns import StayColumns, StepColumns, read_stays, read_steps
from stepdown.outputs.measures.intervals import Integers, last_before
from stepdown.outputs.measures.runs import Runs, find_runs
from stepdown.outputs.measures.spells import Lists, Spells, list_spells, lists
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window


class Sites(NamedTuple):
    """The schemes of a scenario; a setting without schemes is one of its own name.

    Attributes
    ----------
    schemes
        Their names, in the scenario's order.
    settings
        The setting of each.
    """

    schemes: tuple[str, ...]
    settings: tuple[str, ...]

    def setting_numbers(self, scenario: Scenario) -> Integers:
        """Return the position of each scheme's setting in the scenario."""
        return np.array([list(scenario.settings).index(name) for name in self.settings], dtype=np.int64)


def sites(scenario: Scenario) -> Sites:
    """Return the schemes of a scenario."""
    pairs = [(scheme, name) for name, setting in scenario.settings.items() for scheme in (setting.schemes or [name])]
    return Sites(tuple(scheme for scheme, _ in pairs), tuple(setting for _, setting in pairs))


class History(NamedTuple):
    """The runs of one scenario as arrays.

    Attributes
    ----------
    tables, scenario, window
        What the runs yielded, the scenario that was run, and the time that is measured.
    runs
        The runs.
    sites, lists
        The schemes, and the settings with whether people wait for them.
    stays, steps
        The tables of stays and of steps.
    spells
        The times on waiting lists.
    """

    tables: Tables
    scenario: Scenario
    window: Window
    runs: Runs
    sites: Sites
    lists: Lists
    stays: StayColumns
    steps: StepColumns
    spells: Spells

    def site_of_stays(self) -> Integers:
        """Return the scheme of each stay, as its position among the sites.

        Raises
        ------
        ValueError
            If a scheme is none of the scenario's.
        """
        site = self.stays.site
        if site.min(initial=0) < 0:
            name = self.tables.stays["scheme"].iloc[int(np.argmin(site))]
            raise ValueError(
                f"the stays name the scheme {name!r}, which the scenario has not: are they from another one?"
            )
        return site

    def stay_of_steps(self) -> Integers:
        """Return the row of the stay in which each step was queued; -1 for the community's cases."""
        of_people = np.flatnonzero(self.steps.person >= 0)
        # Persons number fewer than 2³², so that run and person make one key.
        asked = (self.steps.run[of_people] << 32) + self.steps.person[of_people]
        keys = (self.stays.run << 32) + self.stays.person
        found = np.full(len(self.steps.person), -1, dtype=np.int64)
        found[of_people] = last_before(keys, self.stays.entered, asked, self.steps.queued[of_people])
        return found


def read_history(tables: Tables, scenario: Scenario, window: Window, runs: Runs | None = None) -> History:
    """Read what the runs of one scenario yielded; the runs are those in the tables unless given."""
    runs = find_runs(tables) if runs is None else runs
    known, waited = sites(scenario), lists(tables, scenario)
    stays = read_stays(tables.stays, scenario, known.schemes, runs)
    steps = read_steps(tables.case_steps, scenario, runs)
    return History(tables, scenario, window, runs, known, waited, stays, steps, list_spells(stays, waited))
