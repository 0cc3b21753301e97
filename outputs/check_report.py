"""What a check says of a study without faults: which lists cannot stabilise, and how much is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.outputs.experiment import networks_of
from stepdown.outputs.measures.load import load_check
from stepdown.scenarios.loader import CARRY_ON, Study
from stepdown.scenarios.network import Network, Setting
from stepdown.scenarios.schema import Scenario


def check_report(study: Study) -> Iterator[str]:
    """Yield a sentence for each option, and one for the whole."""
    noticed: dict[str, list[str]] = {}
    for option, network in networks_of(study, tuple(study.options)).items():
        loads = [str(load) for load in load_check(network) if load.overloaded]
        yield f"{option}: " + ("; ".join(loads) or "every list can stabilise") + "."
        for remark in remarks(study.options[option].scenario, network):
            noticed.setdefault(remark, []).append(option)
    for remark, options in noticed.items():
        where = "every option" if len(options) == len(study.options) else ", ".join(options)
        yield f"Noticed: {remark} ({where})."
    sources = [assumption.source.lower() for assumption in study.options[CARRY_ON].assumptions]
    assumed = sum("assumption" in source for source in sources)
    yield (
        f"No faults: {len(study.options)} options from {len(study.files)} files; of {len(sources)} values with a "
        f"source, {assumed} are assumptions."
    )


def remarks(scenario: Scenario, network: Network) -> Iterator[str]:
    """Yield what is allowed and may yet be a mistake: settings without people or prices, and overfull ones."""
    reached = {route.to for setting in network.settings for route in (*setting.routes, *setting.at_maximum_routes)}
    reached |= {route.gives_up.to for setting in network.settings for route in setting.routes if route.gives_up}
    reached |= {source.setting for source in network.sources} | {person.setting for person in network.residents}
    if nobody := [setting.name for at, setting in enumerate(network.settings) if at not in reached]:
        yield f"nobody ever comes to {', '.join(nobody)}"
    if scenario.prices and (free := [s.name for s in network.settings if not _priced(scenario, network, s)]):
        yield f"no price: {', '.join(free)}"
    for at, setting in enumerate(network.settings):
        people = sum(person.setting == at for person in network.residents)
        places = sum(network.schemes[scheme].places.at(0.0) for scheme in setting.schemes)
        if people > places:
            yield f"{setting.name} opens with {people} people in {places:g} places"


def _priced(scenario: Scenario, network: Network, setting: Setting) -> bool:
    """Whether a setting, or each of its schemes, has a price."""
    schemes = [network.schemes[scheme].name for scheme in setting.schemes]
    return setting.name in scenario.prices or all(name in scenario.prices for name in schemes)
