"""An option read back in plain sentences, so that people can check that the model means what they meant."""

from __future__ import annotations

from collections.abc import Iterable

from stepdown.outputs.words.describe import describe
from stepdown.outputs.words.differences import Difference, differences
from stepdown.outputs.words.explain_levers import sentence
from stepdown.outputs.words.wording import say_list
from stepdown.scenarios.loader import CARRY_ON, Option, Study

__all__ = ["describe", "explain"]


def explain(study: Study, option_name: str) -> list[str]:
    """Return what an option changes relative to carry-on, lever by lever and with their reasons.

    Parameters
    ----------
    study
        The study.
    option_name
        One of its options; carry-on is described as a whole.
    """
    option, carry_on = study.options[option_name], study.options[CARRY_ON]
    heading = _stop(f"{option.name}: {option.about}") if option.about else f"{option.name}."
    if option is carry_on:
        return [heading, *describe(option.scenario)]
    changes = differences(carry_on.data, option.data)
    if not changes:
        return [heading, f"It changes nothing relative to {CARRY_ON}."]
    sentences = [heading]
    if len(option.levers) > 1:
        sentences.append(f"It combines {len(option.levers)} levers: {say_list(option.levers)}.")
    for lever, own in _by_lever(option, changes):
        if lever:
            sentences.append(_stop(f"Lever {lever}: {option.whys.get(lever, 'no reason is given')}"))
        sentences += [f"- {sentence(change, option.scenario.exits)}" for change in own]
    return sentences


def _by_lever(option: Option, changes: Iterable[Difference]) -> list[tuple[str, list[Difference]]]:
    """Return the changes of each lever, in the order of the levers; those of no lever last, under no name."""
    groups: dict[str, list[Difference]] = {lever: [] for lever in (*option.levers, "")}
    for change in changes:
        by = _given_by(option, change)
        groups[by if by in groups else ""].append(change)
    return [(lever, own) for lever, own in groups.items() if own]


def _given_by(option: Option, change: Difference) -> str:
    """Return the lever that gave a value, or took it away: then that of the nearest thing that still stands."""
    under = {origin.by for path, origin in option.origins.items() if path[: len(change.at)] == change.at}
    levers = [lever for lever in option.levers if lever in under]
    if levers:
        return levers[-1]
    for length in range(len(change.at), -1, -1):
        origin = option.origins.get(change.at[:length])
        if origin is not None and origin.by in option.levers:
            return origin.by
    return ""


def _stop(text: str) -> str:
    """Return a text that ends with a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
