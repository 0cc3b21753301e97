"""Whose money it is: the council's, the public's, the residents'. One payer's saving may be another's cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, get_args

import numpy as np

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.flows import Flows
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import PUBLIC, Payer, Sector

COUNCIL, PUBLIC_SECTOR, RESIDENTS, EVERYBODY = "council", "public sector", "residents", "everybody"


class Perspective(NamedTuple):
    """Whose money is counted.

    Attributes
    ----------
    name
        How it is called.
    weights
        The share of what each payer pays that counts.
    """

    name: str
    weights: Mapping[str, float]

    def of(self, flows: Flows) -> Floats:
        """Return the pounds that count, shape (runs, years)."""
        return flows.weighted([self.weights[line.payer] for line in flows.lines])


def sectors_of(scenario: Scenario) -> dict[str, Sector]:
    """Return the sector of each payer; a single one of which nothing is said is the council.

    Raises
    ------
    ChoiceError
        If nothing is said of the sector of one of several.
    """
    unknown = [name for name, payer in scenario.payers.items() if payer.sector is None]
    if unknown and len(scenario.payers) > 1:
        raise ChoiceError(
            f"whose money {', '.join(unknown)} pays is not said, so what the council saves cannot be told from what "
            f"others do. Write, for example, 'payers: {{{unknown[0]}: {{sector: council}}}}'; the sectors are "
            f"{', '.join(get_args(Sector))}"
        )
    return {name: payer.sector or "council" for name, payer in scenario.payers.items()}


def perspectives(scenario: Scenario) -> tuple[Perspective, ...]:
    """Return the perspectives of council, public sector, residents and everybody.

    What the council bears of another's payment counts as the council's and no more as the other's.
    """
    sectors = sectors_of(scenario)

    def weights(mine: tuple[Sector, ...]) -> dict[str, float]:
        return {name: _weight(payer, sectors[name], mine) for name, payer in scenario.payers.items()}

    return (
        Perspective(COUNCIL, weights(("council",))),
        Perspective(PUBLIC_SECTOR, weights(PUBLIC)),
        Perspective(RESIDENTS, weights(("residents",))),
        Perspective(EVERYBODY, dict.fromkeys(scenario.payers, 1.0)),
    )


def perspective(scenario: Scenario, name: str) -> Perspective:
    """Return one perspective by its name."""
    return next(one for one in perspectives(scenario) if one.name == name)


def _weight(payer: Payer, sector: Sector, mine: tuple[Sector, ...]) -> float:
    own = 1 - payer.council_bears if sector in mine else 0.0
    return own + (payer.council_bears if "council" in mine else 0.0)


def payers_mean(flows: Flows) -> dict[str, Floats]:
    """Return the mean pounds of each payer by year, payers in the order of their lines."""
    means = flows.means()
    payers = dict.fromkeys(line.payer for line in flows.lines)
    return {
        payer: np.asarray(means[[number for number, line in enumerate(flows.lines) if line.payer == payer]].sum(axis=0))
        for payer in payers
    }
