"""The items of STRESS-DES (Monks et al. 2019), filled from a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stepdown.outputs.board import say_runs
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.words.describe import describe
from stepdown.outputs.words.numbers import amount
from stepdown.outputs.words.wording import say_count, say_date, say_list
from stepdown.scenarios.loader import CARRY_ON, Option

Items = Sequence[tuple[str, str]]
"""Items with what there is to say of them."""


def stress_des(facts: Facts) -> Sequence[tuple[str, Items]]:
    """Return the sections of the checklist, each with its items."""
    return (
        ("1 Objectives", _objectives(facts)),
        ("2 Logic", _logic(facts)),
        ("3 Data", _data(facts)),
        ("4 Experimentation", _experimentation(facts)),
        ("5 Implementation", _implementation(facts)),
        ("6 Code access", (("How to get the model", "stepdown is open source under the MIT licence."),)),
    )


def _objectives(facts: Facts) -> Items:
    options = say_list([name for name in facts.run.options if name != CARRY_ON])
    return (
        ("Purpose", f"{facts.title}: what {options} would do to waits, moves to less support and cost."),
        ("Outputs", "Waits by list and step, occupancy, moves, over-stays, delay by cause, costs by payer and year."),
        (
            "Aims of experimentation",
            f"Each option is compared with {CARRY_ON}, run by run, with the same people and luck.",
        ),
    )


def _logic(facts: Facts) -> Items:
    scenario = facts.run.options[CARRY_ON].scenario
    sources = list(dict.fromkeys(source.from_ for source in scenario.demand))
    return (
        ("Base model diagram", "A stay: entered, ready, identified, prepared, listed, moved."),
        ("Base model logic", " ".join(describe(scenario))),
        ("Scenario logic", " ".join(_option(option) for option in facts.run.options.values())),
        (
            "Algorithms",
            "Admission by priority class, listed day and number; rings of exchange; review days; quantiles.",
        ),
        ("Entities", f"People of {say_count(len(scenario.groups), 'group')}; cases of steps and adaptations."),
        (
            "Activities and queues",
            f"Steps: {say_list(list(scenario.steps)) or 'none'}; a list for each limited setting.",
        ),
        (
            "Resources",
            f"Places in {say_list(list(scenario.settings))}; workers, meetings, homes and money of the steps.",
        ),
        (
            "Entry and exit",
            f"From {say_list(sources) or 'nowhere'}; to {say_list(list(scenario.exits))}, or by death.",
        ),
    )


def _option(option: Option) -> str:
    about = f": {option.about}" if option.about else ""
    levers = f" (levers: {say_list(option.levers)})" if option.levers else ""
    return f"{option.name}{about}{levers}."


def _data(facts: Facts) -> Items:
    said = facts.assumptions()
    files = say_list([Path(name).name for name in facts.run.manifest["inputs"]]) or "none"
    return (
        ("Data sources", f"{sum(bool(one.source) for one in said)} inputs name their source: see the assumptions log."),
        ("Pre-processing", "None beyond what a source says of its value."),
        ("Input parameters", f"The resolved scenarios of the run; files {files}, with their SHA-256 in the manifest."),
        ("Assumptions", "Stays, steps and patience are independent given the option; waiting changes nobody's needs."),
    )


def _experimentation(facts: Facts) -> Items:
    manifest, window = facts.run.manifest, facts.run.window
    opening = manifest["measured"]["opening"][CARRY_ON]
    precision = manifest["precision"]
    aimed = (
        f"Until 95% intervals were as narrow as asked ({precision['asked']})."
        if precision
        else "Their number was given."
    )
    return (
        ("Initialisation", f"Opening {opening}."),
        ("Run length", f"{amount(window.years)} years from {say_date(window.start)}."),
        ("Estimation approach", f"{say_runs(facts.runs, window, opening, manifest['seed'])} {aimed}"),
    )


def _implementation(facts: Facts) -> Items:
    manifest = facts.run.manifest
    packages = ", ".join(f"{name} {number}" for name, number in manifest["packages"].items())
    return (
        ("Software", f"stepdown {manifest['stepdown']}, Python {manifest['python']}, {packages}."),
        ("Random sampling", f"Philox4x64-10, addressed, by inversion; seed {manifest['seed']}."),
        ("Model execution", f"Event-driven, engine {manifest['engine']}; simultaneous events have a fixed order."),
        ("Command", str(manifest["command"])),
        (
            "System and run time",
            f"Made {manifest['made']}; results do not depend on the machine or number of processes.",
        ),
    )
