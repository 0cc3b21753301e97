"""The manual of scenario files: every field with its meaning, read off the schema, so that the two never differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepdown.scenarios.assumptions import Assumption
from stepdown.scenarios.fields import Part
from stepdown.scenarios.parse_distribution import FORMS
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import (
    Appraisal,
    Contribution,
    OneOffCosts,
    OptimismBias,
    Payer,
    Price,
    VoidCharge,
)
from stepdown.scenarios.schema_places import GivesUp, Group, Onward, Resident, Route, Scheme, Setting, Source
from stepdown.scenarios.schema_steps import (
    Adaptations,
    Community,
    Delay,
    Grant,
    Lettings,
    Panel,
    Step,
    Team,
    Tier,
)

PARTS: dict[str, type[Part]] = {
    "A scenario": Scenario,
    "groups: NAME": Group,
    "settings: NAME": Setting,
    "settings: NAME: schemes: NAME": Scheme,
    "routes: SETTING: one of a list": Route,
    "settings: NAME: at_maximum_routes: one of a list": Onward,
    "gives_up": GivesUp,
    "steps: NAME: exactly one kind": Step,
    "delay": Delay,
    "team": Team,
    "panel": Panel,
    "lettings": Lettings,
    "grant": Grant,
    "adaptations": Adaptations,
    "adaptations: tiers: NAME": Tier,
    "adaptations: community": Community,
    "demand: one of a list": Source,
    "caseload: SETTING: one of a list, or a row of a CSV file": Resident,
    "payers: NAME": Payer,
    "prices: SETTING or SCHEME: PAYER": Price,
    "voids: SETTING or SCHEME: PAYER": VoidCharge,
    "contributions: SETTING or SCHEME: PAYER": Contribution,
    "one_off_costs": OneOffCosts,
    "appraisal": Appraisal,
    "appraisal: optimism_bias": OptimismBias,
    "An assumption, in place of any value": Assumption,
}
"""The parts of a scenario file, by where they stand."""

INTRODUCTION = """\
# Scenario files

Every field, as the program itself describes it. Lists are replaced by a lever, maps are merged, schemes merge by name.

- **Durations** have a unit: `18 months`, `12 weeks`, `2.5 years`, `0 days`.
- **Shares** are written `40%` or `0.4`; **money** `1200`, `£1,200` or `£1.5 million`.
- **Values from dates**: where policy can change a value, write one value, or `{2026-04-01: 3, 2028-04-01: 4}`. The key
  `from the start` stands for the time before the first date.
- **Distributions**, wherever a time or an amount differs from case to case: a bare value is fixed, or one of the
  families below.
- **Options** stand beside the facts or in a file that `extends` them: `levers` (each a part of a scenario, with an
  optional `why`) and `options` (each a list of levers, or `{about: ..., levers: [...]}`). `carry-on` always exists.
- `low` and `high` of an assumption are kept for the record; runs use its value.

## Distributions
"""


def manual() -> str:
    """Return the manual as Markdown."""
    families = "\n".join(f"- `{name}`: `{form.replace('…', '...')}`" for name, form in FORMS.items())
    parts = "\n".join(_part(place, model) for place, model in PARTS.items())
    return f"{INTRODUCTION}\n{families}\n\n{parts}"


def _part(place: str, model: type[Part]) -> str:
    about = (model.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ").replace("\n", " ")
    return "\n".join([f"## {place}", "", about, "", "| field | meaning |", "| --- | --- |", *_rows(model), ""])


def _rows(model: type[Part]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name == "path":
            continue
        needed = " **Needed.**" if field.is_required() else _default(field.default)
        meaning = " ".join((field.description or "").split())
        yield f"| `{field.alias or name}` | {meaning}{needed} |"


def _default(value: Any) -> str:
    """Say a default that is a plain word or number."""
    return f" `{value}` if not given." if isinstance(value, str | int | float) and value not in ("", 0.0) else ""
