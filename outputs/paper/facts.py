"""Everything that a paper needs to know, read from a finished run once; nothing is simulated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from stepdown.outputs.board import Row, compare_runs
from stepdown.outputs.finished_run import FinishedRun, read_run
from stepdown.outputs.money.case import Case
from stepdown.outputs.money_report import cost_run
from stepdown.outputs.run_files import BREAK_EVENS
from stepdown.outputs.summary import Summary
from stepdown.outputs.table_files import read_tables
from stepdown.outputs.words.covers import drawn_inputs
from stepdown.outputs.words.wording import cut
from stepdown.scenarios.assumptions import Assumption
from stepdown.scenarios.errors import ChoiceError, RunError
from stepdown.scenarios.loader import CARRY_ON, Option
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.words import did_you_mean
from stepdown.simulation.tables import Tables

NAME, PLACE = 28, 50
"""Letters of an option's name, and of the title where it stands under a chart."""


@dataclass(frozen=True)
class Facts:
    """What is known of a run and of the option that a paper is about.

    Attributes
    ----------
    run
        The finished run.
    option
        The option that the paper is about.
    summary
        What was kept of all runs.
    case
        The option's money beside carry-on's.
    break_even
        Sentences that say when the option stops paying.
    """

    run: FinishedRun
    option: str
    summary: Summary
    case: Case
    break_even: tuple[str, ...]

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """A row for each option, by its name: `stepdown.outputs.board.compare_runs`."""
        targets = self.run.options[CARRY_ON].scenario.targets
        return compare_runs(self.summary, self.run.window, targets).set_index("option", drop=False)

    @cached_property
    def tables(self) -> Tables:
        """The tables of the first runs of carry-on and of the option."""
        pair = {CARRY_ON, self.option}
        tables = (table[table["option"].isin(pair).to_numpy()] for table in read_tables(self.run.folder / "tables"))
        return Tables(*(table.reset_index(drop=True) for table in tables))

    @property
    def chosen(self) -> Option:
        """The option that the paper is about."""
        return self.run.options[self.option]

    @property
    def drawn(self) -> int:
        """How many inputs were drawn for each run."""
        return drawn_inputs(self.run.options[CARRY_ON].scenario)

    @property
    def name(self) -> str:
        """The option's name, as long as there is room for."""
        return cut(self.option, NAME)

    @property
    def place(self) -> str:
        """What the study is about, as long as there is room for under a chart."""
        return cut(self.title, PLACE)

    @property
    def scenario(self) -> Scenario:
        """Its scenario."""
        return self.chosen.scenario

    @property
    def title(self) -> str:
        """What the study is about."""
        return str(self.run.manifest["title"])

    @property
    def runs(self) -> int:
        """Runs of each option."""
        return int(self.run.manifest["replications"])

    def row(self, option: str) -> Row:
        """Return what the comparison says of an option."""
        return dict(self.comparison.loc[option].items())

    def assumptions(self) -> list[Assumption]:
        """Return the assumptions of the option, then those that only carry-on has."""
        own = list(self.chosen.assumptions)
        known = {said.path for said in own}
        return [*own, *(said for said in self.run.options[CARRY_ON].assumptions if said.path not in known)]


def read_facts(folder: Path, option: str | None = None) -> Facts:
    """Read what a paper needs from a run's folder.

    Parameters
    ----------
    folder
        A run of `stepdown compare`.
    option
        What the paper is about; the first option of the study besides carry-on, if none is named.

    Raises
    ------
    RunError
        If the folder holds no finished run, or what it says of break-even values cannot be read.
    ChoiceError
        If there is no such option, or it is carry-on.
    NotComparableError
        If carry-on was not run, or nothing else was.
    """
    run = read_run(folder)
    found = {case.option: case for case in cost_run(run)}
    name = next(iter(found)) if option is None else option
    if name not in found:
        reason = "is what options are compared with" if name == CARRY_ON else "is not an option of this run"
        raise ChoiceError(f"{name!r} {reason}{did_you_mean(name, found)}. Name one of {', '.join(found)}")
    return Facts(run, name, run.summary(), found[name], _break_even(folder / BREAK_EVENS, name))


def _break_even(path: Path, option: str) -> tuple[str, ...]:
    """Return what a file says of an option; nothing without a file, or where it speaks of other options alone."""
    if not path.is_file():
        return ()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["break_evens"]
        return tuple(str(one["sentence"]) for one in said if one["option"] == option)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} cannot be read ({error}). Make it again with `stepdown breakeven`") from None
