"""What differs between the data of two options, path by path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from stepdown.scenarios.parse_distribution import FAMILIES
from stepdown.scenarios.quantities import FROM_THE_START, looks_like_date
from stepdown.scenarios.trees import KeyPath


class Missing:
    """Stands for what one of the two does not say."""

    def __repr__(self) -> str:
        """Return what people call it."""
        return "nothing"


MISSING: Final = Missing()


class Difference(NamedTuple):
    """A value that differs.

    Attributes
    ----------
    path
        The keys that lead to it. Routes stand under their destination and groups, streams of people under their
        setting and group, not under their place in a list.
    before, after
        The values without their assumptions; `MISSING` where there is none.
    at
        The keys that lead to it in the data of the option.
    """

    path: tuple[str, ...]
    before: Any
    after: Any
    at: KeyPath


def differences(before: Any, after: Any) -> list[Difference]:
    """Return every difference between the resolved data of two options, in the order of their keys."""
    return list(_differ(values(before), values(after), (), ()))


def values(data: Any) -> Any:
    """Return data with each assumption replaced by its value."""
    if isinstance(data, dict):
        if "value" in data:
            return values(data["value"])
        return {str(key): values(below) for key, below in data.items()}
    return [values(item) for item in data] if isinstance(data, list) else data


def is_timeline(value: object) -> bool:
    """Whether it is a map of values from dates."""
    return (
        isinstance(value, dict) and bool(value) and all(key == FROM_THE_START or looks_like_date(key) for key in value)
    )


def is_distribution(value: object) -> bool:
    """Whether it is one family of distributions with its parameters."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in FAMILIES


def _differ(before: Any, after: Any, path: tuple[str, ...], at: KeyPath) -> Iterator[Difference]:
    if before == after:
        return
    name = _named(path)
    if name is not None and isinstance(before, list | Missing) and isinstance(after, list | Missing):
        yield from _differ_by_name(before, after, path, at)
    elif _is_map(before) and _is_map(after) and not _another_kind(path, before, after):
        for key in dict.fromkeys([*before, *after]):
            yield from _differ(before.get(key, MISSING), after.get(key, MISSING), (*path, key), (*at, key))
    else:
        yield Difference(path, before, after, at)


def _is_map(value: object) -> bool:
    return isinstance(value, dict) and not is_timeline(value) and not is_distribution(value)


def _another_kind(path: tuple[str, ...], before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a step has become one of another kind: then nothing in it can be compared."""
    return len(path) == 2 and path[0] == "steps" and not before.keys() & after.keys()


def _named(path: tuple[str, ...]) -> str | None:
    """Return the key that names the items of the list at a path; None for other values."""
    if (len(path) == 2 and path[0] == "routes") or path[-1:] == ("at_maximum_routes",):
        return "to"
    return "from" if path == ("demand",) else None


def _differ_by_name(before: Any, after: Any, path: tuple[str, ...], at: KeyPath) -> Iterator[Difference]:
    olds = {} if before is MISSING else dict(_by_name(before, path))
    news = {} if after is MISSING else dict(_by_name(after, path))
    for name in dict.fromkeys([*olds, *news]):
        _, old = olds.get(name, (0, MISSING))
        number, new = news.get(name, (None, MISSING))
        yield from _differ(old, new, (*path, name), at if number is None else (*at, number))


def _by_name(items: list[Any], path: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, Any]]]:
    seen: dict[str, int] = {}
    for number, item in enumerate(items):
        name = str(item.get(_named(path)))
        who = item.get("groups") or ([item["group"]] if "group" in item else [])
        if who:
            name += f" ({', '.join(map(str, who))})"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} #{seen[name]}"), (number, item)
