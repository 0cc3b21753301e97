"""What a scenario may say. The docstrings of the fields are the manual."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from stepdown.scenarios.fields import Date, Days, MoneyTimeline, Part, PositiveDays, Several
from stepdown.scenarios.quantities import is_number, parse_count, parse_share
from stepdown.scenarios.schema_money import (
    Appraisal,
    Contribution,
    FinancialYear,
    OneOffCosts,
    Payers,
    Price,
    VoidCharge,
)
from stepdown.scenarios.schema_places import Group, Onward, Resident, Route, Scheme, Setting, Source
from stepdown.scenarios.schema_steps import ADAPTATION, Adaptations, Step

DIED = "died"
"""The exit that every scenario has."""

UNCERTAINTY = "uncertainty"
"""The key that names joint draws of inputs."""

__all__ = [
    "ADAPTATION",
    "DIED",
    "Adaptations",
    "Group",
    "OneOffCosts",
    "Onward",
    "Price",
    "Resident",
    "Route",
    "Scenario",
    "Scheme",
    "Setting",
    "Source",
    "Step",
]


def _parse_areas(raw: object) -> dict[str, float]:
    """Areas with the share of people who belong to each; a plain list shares equally."""
    if isinstance(raw, list) and raw and all(isinstance(name, str) for name in raw):
        return {name: 1 / len(raw) for name in raw}
    if isinstance(raw, dict) and raw:
        return {str(name): parse_share(share) for name, share in raw.items()}
    raise ValueError("write a list of areas, or areas with shares, such as {city: 60%, county: 40%}")


def _parse_years(raw: object) -> float:
    if not is_number(raw) or not 0 < raw <= 200:  # type: ignore[operator]
        raise ValueError(f"{raw!r} is not a number of years. Write a number above 0 and up to 200")
    return float(raw)  # type: ignore[arg-type]


def _as_entries(raw: Any) -> Any:
    """Read a plain number as so many people."""
    return [{"people": parse_count(raw)}] if is_number(raw) else raw


class Scenario(Part):
    """One option, complete: facts about here and now with its levers applied."""

    title: str = "Untitled"
    """What the scenario is about, in a few words."""
    about: str = ""
    """Longer text: where the numbers come from, what is left out."""
    start: Date
    """The first day that is simulated and measured."""
    years: Annotated[float, PlainValidator(_parse_years), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
    """How many years are measured."""
    warm_up: PositiveDays | None = None
    """Time simulated before the start and left out of the measures; instead of a caseload."""
    groups: dict[str, Group] = {"adults": Group()}
    """Client groups, by name."""
    areas: Annotated[
        dict[str, float],
        PlainValidator(_parse_areas),
        WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]}),
    ] = {"everywhere": 1.0}
    """Areas: a list, or a map with the share of people who belong to each."""
    exits: Several[str] = ("left",)
    """Ways to leave that routes may lead to; 'died' always exists."""
    settings: dict[str, Setting] = Field(min_length=1)
    """Where people live, by name."""
    routes: dict[str, Several[Route]] = {}
    """Where a stay in each setting may lead."""
    steps: dict[str, Step] = {}
    """What must be done before a move, by name."""
    adaptations: Adaptations | None = None
    """Adaptations of homes: tiers, tenures, demand."""
    demand: Several[Source] = ()
    """The streams of new people."""
    caseload: dict[str, Annotated[Several[Resident], BeforeValidator(_as_entries)]] = {}
    """Who lives in each setting at the start: a number, a list of people, or the name of a CSV file."""
    payers: Payers = {}
    """Who pays: a list of names, or a map from names to whose money it is."""
    price_base: FinancialYear = ""
    """The financial year in whose prices the money is, such as 2026/27; an appraisal needs one."""
    prices: dict[str, dict[str, Price]] = {}
    """Weekly prices by setting or scheme, then by payer. A scheme's own prices replace its setting's."""
    voids: dict[str, dict[str, VoidCharge]] = {}
    """What an empty place costs, by setting or scheme, then by payer, beside what a contract pays."""
    contributions: dict[str, dict[str, Contribution]] = {}
    """What people who live in a setting or scheme pay towards it, by payer."""
    running_costs: dict[str, dict[str, MoneyTimeline]] = {}
    """What is paid from year to year however many people there are, by name and payer: pounds a year."""
    one_off_costs: OneOffCosts = OneOffCosts()
    """What is paid once: for moves, adaptations, setting up, and capital."""
    appraisal: Appraisal = Appraisal()
    """How money is appraised: discounting, uplift, optimism bias, delivery."""
    targets: dict[str, Days] = {}
    """Longest acceptable wait for a setting's list, a step or a tier of adaptations, by its name."""
    uncertainty: Several[dict[str, str | float]] = ()
    """What is not known for certain: the name of a CSV file with a column for each input, named as after --set, and a
    row for each joint draw of them. Each run takes a row; where a lever sets such an input, its own value holds."""
