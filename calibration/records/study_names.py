"""The names that a study declares, which those of records have to be."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from stepdown.scenarios.inputs import bare
from stepdown.scenarios.loader import read_study
from stepdown.scenarios.names import Names, names_in, undeclared
from stepdown.scenarios.schema import DIED
from stepdown.scenarios.trees import KeyPath, Problem


def names_of_study(source: str) -> Names:
    """Return what a study declares in any of its options.

    Parameters
    ----------
    source
        A scenario file, a folder, or the name of a shipped scenario.
    """
    options = [names_in(bare(option.data)) for option in read_study(source).options.values()]
    schemes = {scheme: setting for names in options for scheme, setting in names.schemes.items()}
    either = {
        part: tuple(dict.fromkeys(name for names in options for name in getattr(names, part)))
        for part in Names.__dataclass_fields__
        if part != "schemes"
    }
    return Names(schemes=schemes, **either)


def undeclared_names(path: KeyPath, name: str | None, what: str, names: Names) -> Iterator[Problem]:
    """Yield a problem if a name is none that the study declares.

    Parameters
    ----------
    path
        Where it stands.
    name
        The name; None is no name, and no problem.
    what
        Of what it is: 'setting', 'scheme', 'group', 'area' or 'destination'.
    names
        What the study declares.
    """
    if name is not None:
        yield from undeclared(path, name, declared(what, names), f"{what} of the study")


def declared(what: str, names: Names) -> Collection[str]:
    """Return the names of a kind that a study declares: see `undeclared_names`."""
    kinds: dict[str, Collection[str]] = {
        "setting": names.settings,
        "scheme": tuple(names.schemes),
        "group": names.groups,
        "area": names.areas,
        "destination": (*names.settings, *names.exits, DIED),
    }
    return kinds[what]
