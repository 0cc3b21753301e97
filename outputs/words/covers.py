"""What the range of the runs covers, said the same way wherever it is shown."""

from __future__ import annotations

from stepdown.scenarios.schema import Scenario


def drawn_inputs(scenario: Scenario) -> int:
    """Return how many inputs of a scenario are not known for certain, so that every run draws them."""
    return len(scenario.uncertainty[0]) if scenario.uncertainty else 0


def covers(inputs: int) -> str:
    """Say what the range covers, where so many inputs were drawn for each run."""
    if not inputs:
        return "covers chance only, not doubt about the inputs"
    return f"covers chance and doubt about {say_inputs(inputs)}, drawn anew for each run"


def differ_by(inputs: int) -> str:
    """Say by what the runs differ."""
    return "by chance only" if not inputs else f"by chance and by {say_inputs(inputs)}, drawn anew for each run"


def say_inputs(inputs: int) -> str:
    """Return ``1 input`` or ``7 inputs``."""
    return "1 input" if inputs == 1 else f"{inputs} inputs"
