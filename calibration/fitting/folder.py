"""The folder of a fitted study: its base, the study's options, joint draws, and what is unknown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.page import page_of
from stepdown.calibration.fitting.results import Fitted
from stepdown.calibration.fitting.written_values import period_of
from stepdown.calibration.study_folder import (
    BASE,
    OPTIONS,
    UNCERTAINTY,
    draws_text,
    path_text,
    scenario_text,
    write_study,
)
from stepdown.scenarios.errors import ChoiceError, ScenarioError
from stepdown.scenarios.levers import CARRY_ON, FRAME, Facts, overlap, read_facts
from stepdown.scenarios.loader import Study, read_overrides
from stepdown.scenarios.overrides import stands_in
from stepdown.scenarios.schema import UNCERTAINTY as UNCERTAIN
from stepdown.scenarios.trees import KeyPath, leaves, plain
from stepdown.scenarios.yaml_text import read_yaml

UNKNOWNS, PAGE = "unknowns.yaml", "diagnostics.html"
"""Files of a fitted study besides those of any study: what is yet to be calibrated, and how well it fits."""

_REMARKS = {
    "groups": "Deaths, where the records have any.",
    "routes": "Shares and times. What was fitted says so in its source; the rest is the study's.",
    "steps": "How long work takes, where the records have its dates.",
    "demand": "Who comes.",
    "caseload": "Who lived where on the day on which the records end.",
}


def write_fitted(fitted: Fitted, study: Study, disclosure: Disclosure, folder: Path) -> Fitted:
    """Write a fitted study into a new folder, whole or not at all, and return it with what was found on the way.

    Parameters
    ----------
    fitted
        What was fitted.
    study
        What it was fitted to the structure of; its options are taken along.
    disclosure
        How counts may be shown.
    folder
        Where to; it must not be there, or be empty.
    """
    texts, warnings = texts_of(fitted, study)
    whole = replace(fitted, warnings=(*fitted.warnings, *warnings))
    write_study(folder, texts | {PAGE: page_of(whole, study.title, disclosure)})
    return whole


def refuse_settings_of_options(study: Study, settings: Sequence[str]) -> None:
    """Refuse values to set that only a lever states: options are taken along as they are written.

    Raises
    ------
    ChoiceError
        If there is such a value.
    """
    facts = read_facts(study.files[0])
    for override in read_overrides(settings):
        levers = [name for name, lever in facts.levers.items() if stands_in(lever.changes, override)]
        if levers and not stands_in(facts.base, override):
            raise ChoiceError(
                f"--set {override.text}: only the lever {levers[0]} states this value, and options are taken along as "
                f"they are written. Change it in {facts.levers[levers[0]].at.file}"
            )


def texts_of(fitted: Fitted, study: Study) -> tuple[dict[str, str], list[str]]:
    """Return the files of a fitted study but its page, and warnings about the study's options."""
    data = {key: value for key, value in fitted.option.data.items() if key != UNCERTAIN}
    options, warnings = _options(study, fitted, scenario_text(data, [], {}))
    files = dict(options)
    if len(fitted.draws):
        data[UNCERTAIN] = UNCERTAINTY
        files[UNCERTAINTY] = draws_text(fitted.draws)
    files[BASE] = scenario_text(data, list(_about(fitted)), _REMARKS)
    if fitted.unknowns:
        files[UNKNOWNS] = _unknowns_text(fitted)
    return files, warnings


def _about(fitted: Fitted) -> Iterator[str]:
    history = fitted.history
    whose = "a made-up council" if history.simulated else "real people"
    yield f"Fitted by stepdown to {history.name}: records of {whose}, {period_of(history)}."
    yield "A value whose source begins with 'fitted to' was fitted; every other is the study's, with its own source."
    yield f"low and high hold 8 in 10 of what a value may be; {UNCERTAINTY} has draws of all of them together."
    if fitted.kept:
        yield "Not fitted, and so as in the study:"
        yield from (f"- {kept.what}: {kept.why}" for kept in fitted.kept)


def _unknowns_text(fitted: Fitted) -> str:
    unknowns = {
        path_text(unknown.path): {"low": unknown.low, "high": unknown.high, "why": unknown.why}
        for unknown in fitted.unknowns
    }
    about = [
        "What the records cannot show, with the range in which 'stepdown calibrate' looks for it.",
        "Remove a line to leave that value as base.yaml has it, or write a range that you know better.",
    ]
    return scenario_text({"unknowns": unknowns}, about, {})


def _options(study: Study, fitted: Fitted, base: str) -> tuple[dict[str, str], list[str]]:
    """Return the study's options as files, and what is to be known of them; none if they fit the base no more."""
    facts = read_facts(study.files[0])
    if not facts.levers and set(facts.choices) == {CARRY_ON}:
        return {}, []
    text = _options_text(facts)
    tables = {file.name: file.read_text("utf-8") for file in study.files if file.suffix == ".csv" and file.name in text}
    options = {OPTIONS: text} | tables
    fault = _fault(base, options)
    if fault is not None:
        return {}, [f"the study's options are left out, as they do not fit any more: {fault}"]
    return options, list(_replacing(facts, fitted))


def _options_text(facts: Facts) -> str:
    """Return the options as they were written, if they stand in a file of their own; else written anew."""
    entry = facts.files[0]
    root = read_yaml(entry).root.value
    extends = root.get("extends")
    if set(root) <= set(FRAME) and extends is not None and extends.value == BASE and len(facts.files) == 2:
        return entry.read_text(encoding="utf-8")
    levers = {
        name: ({"why": lever.why} if lever.why else {}) | plain(lever.changes) for name, lever in facts.levers.items()
    }
    options = {
        name: {"about": choice.about, "levers": list(choice.levers)} if choice.about else list(choice.levers)
        for name, choice in facts.choices.items()
    }
    return scenario_text({"extends": BASE, "levers": levers, "options": options}, ["What might be done."], {})


def _fault(base: str, options: Mapping[str, str]) -> str | None:
    """Return the first thing that is wrong with options on a sound base, or None."""
    with tempfile.TemporaryDirectory() as trial:
        try:
            write_study(Path(trial) / "options", {BASE: base, **options})
        except ScenarioError as error:
            return f"{path_text(error.faults[0].path)}: {error.faults[0].rule}"
    return None


def _replacing(facts: Facts, fitted: Fitted) -> Iterator[str]:
    """Yield a warning for each lever that replaces something that was fitted."""
    paths: list[KeyPath] = [*(value.path for value in fitted.found), ("caseload",)]
    for lever in facts.levers.values():
        replaced = {path_text(at): None for at, _ in leaves(lever.changes) if any(overlap(at, path) for path in paths)}
        if replaced:
            yield (
                f"the lever {lever.name} replaces {', '.join(replaced)}, which was fitted: in its options the records "
                "count for nothing there. Write it anew from base.yaml"
            )
