"""What is known to be wrong with Client Level Data, each switched on by its name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.words import did_you_mean


class Defect(Enum):
    """One thing that is wrong with an extract.

    Each hits a share of the people or services, which its own draws choose; so what one hits never depends on another.

    Attributes
    ----------
    share
        Of the people, or services, to which it may happen at all, how many it hits.
    """

    share: float

    def __new__(cls, name: str, share: float, meaning: str) -> Defect:
        """Make a defect out of its name, its share, and what it is, which becomes its docstring."""
        defect = object.__new__(cls)
        defect._value_ = name
        defect.share = share
        defect.__doc__ = meaning
        return defect

    CHANGED = (
        "changed-resubmissions",
        0.15,
        "A stay's earlier submissions have another end date, cost or component than its last one, which is right.",
    )
    FINANCIAL_YEAR = (
        "financial-year-restarts",
        0.2,
        "Each 1 April after the records began ended a stay the day before and began it anew.",
    )
    VANISHED = (
        "vanished-services",
        0.05,
        "A stay that ended is missing from then on, and was never submitted with its end.",
    )
    DOUBLE_UP = (
        "double-up",
        0.08,
        "A stay in the community is two rows at once, with six and with four tenths of the cost.",
    )
    OVERLAPPING = (
        "overlapping-services",
        0.1,
        "A stay ended up to 14 days too late, into the next one; or home care was left running within a stay.",
    )
    STRAY = (
        "stray-spellings",
        0.1,
        "An event's values are in capitals, in small letters, between blanks, or as the other release spells them.",
    )
    NO_NHS_NUMBER = (
        "missing-nhs-numbers",
        0.15,
        "A person has no NHS number, or none that was traced, in any row: only the council's own identifier.",
    )
    NOBODY = (
        "no-identifier",
        0.03,
        "The first row of an event stands there once more, without anything that says who it is about.",
    )
    NEGATIVE = (
        "negative-costs",
        0.05,
        "All costs of a service are below nothing.",
    )
    FREQUENCY = (
        "other-frequencies",
        0.3,
        "The cost of a stay is not of a week but of a day, an hour, a fortnight, four weeks, a month, quarter or year.",
    )
    NO_COMPONENT = (
        "missing-components",
        0.1,
        "A service in the community has no component in any row.",
    )
    LATE_END = (
        "ends-after-death",
        0.5,
        "The stay in which somebody died ended 5 to 120 days after the date of death.",
    )
    OPEN_END = (
        "open-ends",
        0.04,
        "A stay that ended is submitted without its end.",
    )
    TRUNCATED = (
        "truncated-window",
        1.0,
        "The first third of the submissions is not in the extract.",
    )


def defects_named(names: Sequence[str]) -> frozenset[Defect]:
    """Return the defects of these names; 'all' is all of them, and 'none' is none.

    Raises
    ------
    ChoiceError
        For a name that is none, or for 'all' or 'none' beside others.
    """
    known = {defect.value: defect for defect in Defect}
    if list(names) in ([], ["none"]):
        return frozenset()
    if list(names) == ["all"]:
        return frozenset(Defect)
    for name in names:
        if name in ("all", "none"):
            raise ChoiceError(f"--defect {name} stands alone. Name some defects, or all, or none")
        if name not in known:
            hint = did_you_mean(name, known) or f". Use one of {', '.join(known)}"
            raise ChoiceError(f"{name!r} is not a defect{hint}")
    return frozenset(known[name] for name in names)
