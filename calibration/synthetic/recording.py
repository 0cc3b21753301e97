"""How a made-up council records what happens: which service each setting is, and which outcome each way out.

Client Level Data knows no settings, only services. What social care does not pay for, such as a hospital bed, is not in
it at all: a person is simply not seen there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.synthetic.prices import council_prices
from stepdown.scenarios.errors import ChoiceError, RunError
from stepdown.scenarios.schema import DIED, Scenario, Setting
from stepdown.scenarios.words import did_you_mean


class Service(NamedTuple):
    """A service that says where somebody lives.

    Attributes
    ----------
    type, component
        Service type and component, in the words of release 2.
    accommodation
        The accommodation status that goes with it.
    """

    type: str
    component: str
    accommodation: str


NOT_RECORDED = "none"
"""What is asked for a setting that social care does not record."""

SERVICES: Mapping[str, Service | None] = {
    "residential-care": Service(words.RESIDENTIAL, "Long term residential care", words.CARE_HOME),
    "nursing-care": Service(words.NURSING, "Long term nursing care", words.NURSING_HOME),
    "prison": Service(words.PRISON, "Other long term support", words.IN_PRISON),
    "supported-living": Service(words.COMMUNITY, words.SUPPORTED_LIVING, words.SUPPORTED),
    "shared-lives": Service(words.COMMUNITY, words.SHARED_LIVES, words.SHARED_LIVES_SCHEME),
    "extra-care": Service(words.COMMUNITY, words.EXTRA_CARE, words.SHELTERED),
    "home-care": Service(words.COMMUNITY, words.HOME_CARE, "Tenant: Local authority or other social housing provider"),
    NOT_RECORDED: None,
}
"""The services that a setting can be, by the name under which one asks for them."""

_BY_NAME: Sequence[tuple[str, str]] = (
    ("hospital|ward|inpatient|patient", NOT_RECORDED),
    ("nursing", "nursing-care"),
    ("residential|care home", "residential-care"),
    ("prison", "prison"),
    ("shared lives", "shared-lives"),
    ("extra care|sheltered", "extra-care"),
    ("supported|intensive|transitional", "supported-living"),
)
"""What a setting is whose name has one of these words in it; the first that fits."""

_HOSPITAL = re.compile(_BY_NAME[0][0])

_BY_GROUP: Sequence[tuple[str, str]] = (
    ("mental", "Mental health support"),
    ("learning|autis", "Learning disability support"),
    ("dementia|memory", "Support with memory and cognition"),
    ("sight|visual|blind", "Sensory support: Support for visual impairment"),
    ("hearing|deaf", "Sensory support: Support for hearing impairment"),
    ("substance|drug|alcohol", "Social support: Substance misuse support"),
    ("physical|older|disab", "Physical support: Personal care support"),
)
"""The primary support reason of a group whose name has one of these words in it; the first that fits."""

_WAYS_OUT = (
    "NFA: Support ended as planned",
    "NFA: Support ended for other reason",
    "NFA: Self-funded client or under 12wk disregard",
    "NFA: Responsibility moved to another local authority",
    "NFA: Referral to NHS services or NHS funded social care",
    "NFA: Support declined",
    "NFA: Referral to other service within the local authority",
    "NFA: No services offered for other reason",
    "NFA: Information and advice or signposting",
    "NFA: Other",
)
"""The event outcomes of exits and of settings that are not recorded, in the order in which they are given out."""

MOVED_ON = "Continuation of support or services"
"""The event outcome of a service that another one follows."""

TO_HOSPITAL = "Admitted to hospital"


@dataclass(frozen=True)
class Recording:
    """How a council records what happens.

    Attributes
    ----------
    services
        The service that each setting is; None where it is not recorded.
    outcomes
        The event outcome of each destination that is not recorded, and of death.
    reasons
        The primary support reason of each group.
    """

    services: Mapping[str, Service | None]
    outcomes: Mapping[str, str]
    reasons: Mapping[str, str]

    @property
    def recorded(self) -> dict[str, Service]:
        """The settings that are recorded, in the scenario's order, with the service that each is."""
        return {setting: service for setting, service in self.services.items() if service is not None}


def recording_of(scenario: Scenario, asked: Mapping[str, str]) -> Recording:
    """Return how a council records what happens in a scenario.

    Parameters
    ----------
    scenario
        What happens.
    asked
        The service that some settings are to be, by setting: names of `SERVICES`. The others go by the words in their
        names; then places that are limited are supported living, places that the council pays for are home care, and
        the rest is not recorded.

    Raises
    ------
    ChoiceError
        For a setting, or a service, that there is not.
    RunError
        If no setting would be recorded, or there are more groups or exits than can be told apart.
    """
    for setting, kind in asked.items():
        if setting not in scenario.settings:
            raise ChoiceError(f"{setting!r} is not a setting{did_you_mean(setting, scenario.settings)}")
        if kind not in SERVICES:
            raise ChoiceError(f"{kind!r} is not a service. Use one of {', '.join(SERVICES)}")
    services = {
        name: SERVICES[asked.get(name) or _service_of(scenario, name, setting)]
        for name, setting in scenario.settings.items()
    }
    if not any(services.values()):
        raise RunError("No setting is a service that social care records. Say which is with --service SETTING=SERVICE")
    return Recording(services, _outcomes(services, scenario.exits), _reasons(scenario.groups))


def _service_of(scenario: Scenario, name: str, setting: Setting) -> str:
    said = _first(_BY_NAME, name)
    if said is not None:
        return said
    schemes = setting.schemes.values() or [setting]
    if any(scheme.places is not None and min(scheme.places.values()) < math.inf for scheme in schemes):
        return "supported-living"
    places = [name, *setting.schemes]
    return "home-care" if any(council_prices(scenario, name, place) for place in places) else NOT_RECORDED


def _first(table: Sequence[tuple[str, str]], name: str) -> str | None:
    spaced = re.sub(r"[^a-z]+", " ", name.lower())
    return next((what for pattern, what in table if re.search(pattern, spaced)), None)


def _outcomes(services: Mapping[str, Service | None], exits: Iterable[str]) -> dict[str, str]:
    """Give each destination that is not recorded an outcome of its own; hospitals share theirs."""
    outcomes = {DIED: words.DECEASED}
    left = iter(_WAYS_OUT)
    unseen = [setting for setting, service in services.items() if service is None]
    for name in (*exits, *unseen):
        hospital = name in unseen and _HOSPITAL.search(name.lower())
        outcome = TO_HOSPITAL if hospital else next(left, None)
        if outcome is None:
            raise RunError(f"There are more than {len(_WAYS_OUT)} ways out, and event outcomes cannot tell them apart")
        outcomes.setdefault(name, outcome)
    return outcomes


def _reasons(groups: Iterable[str]) -> dict[str, str]:
    """Give each group a primary support reason of its own: by its name if that is free, else the next that is."""
    reasons: dict[str, str] = {}
    for group in groups:
        free = [reason for reason in words.SUPPORT_REASONS if reason not in reasons.values()]
        if not free:
            raise RunError(f"There are more than {len(reasons)} groups, and support reasons cannot tell them apart")
        likely = _first(_BY_GROUP, group)
        reasons[group] = likely if likely in free else free[0]
    return reasons
