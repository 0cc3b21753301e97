"""What a check says of a study without faults: which lists cannot stabilise, and how much is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.outputs.experiment import networks_of
from stepdown.outputs.measures.load import load_check
from stepdown.scenarios.loader import CARRY_ON, Study


def check_report(study: Study) -> Iterator[str]:
    """Yield a sentence for each option, and one for the whole."""
    for option, network in networks_of(study, tuple(study.options)).items():
        loads = [str(load) for load in load_check(network) if load.overloaded]
        yield f"{option}: " + ("; ".join(loads) or "every list can stabilise") + "."
    sources = [assumption.source.lower() for assumption in study.options[CARRY_ON].assumptions]
    assumed = sum("assumption" in source for source in sources)
    yield (
        f"No faults: {len(study.options)} options from {len(study.files)} files; of {len(sources)} values with a "
        f"source, {assumed} are assumptions."
    )
