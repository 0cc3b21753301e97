"""Inputs of an option that can be made larger or smaller, and what they are now.

An input is named by the keys that lead to it, as on the command line: `steps.letting.delay.takes.gamma.mean`. A path to
values from dates means all of them, which are scaled together; a date at its end means the piece from that date on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.parse_distribution import FAMILIES
from stepdown.scenarios.quantities import FROM_THE_START, UNIT_DAYS, looks_like_date
from stepdown.scenarios.schema_money import MONEY
from stepdown.scenarios.trees import KeyPath
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.written import PERCENT, POUNDS, Written, written_as
from stepdown.scenarios.yaml_text import same_date

if TYPE_CHECKING:
    from stepdown.scenarios.loader import Option

FRAME_OF_TIME = ("start", "years", "warm_up")
"""What says which time is measured: no results with one and with another can be compared."""

PRICED = ("prices", "voids", "contributions", "running_costs", "one_off_costs")
"""The keys that hold prices."""


class Input(NamedTuple):
    """A quantity of an option.

    Attributes
    ----------
    path
        The keys that lead to it.
    written
        How it is written.
    amount
        What it is now, in its unit; of values from dates the largest.
    pieces
        How many values from dates it is; 1 for a single value.
    low, high
        What is thought plausible, where somebody has said so.
    """

    path: KeyPath
    written: Written
    amount: float
    pieces: int = 1
    low: float | None = None
    high: float | None = None

    @property
    def name(self) -> str:
        """The path as it is typed."""
        return ".".join(map(str, self.path))

    @property
    def is_money(self) -> bool:
        """Whether a finished run can be costed again with another amount, without simulating."""
        return self.path[0] in MONEY

    @property
    def usual_range(self) -> tuple[float, float]:
        """From nothing to three times what it is now; what may not be nothing begins at a tenth."""
        positive = self.written.unit in UNIT_DAYS or any(key in FAMILIES for key in self.path)
        most = 3 * self.amount
        return self.amount / 10 if positive else 0.0, min(most, 100.0) if self.written.unit == PERCENT else most


def parse_path(text: str) -> tuple[str, ...]:
    """Read the keys of a path as it is typed, between dots."""
    return tuple(same_date(key.strip()) for key in text.split("."))


def find_input(option: Option, text: str) -> Input | None:
    """Return an input by its path as it is typed; None where the option does not state it.

    Raises
    ------
    ChoiceError
        If there is no quantity at the path that can be made larger or smaller.
    """
    path = _path_in(option.data, parse_path(text))
    if path is None:
        return None
    if path[0] in FRAME_OF_TIME:
        raise ChoiceError(f"{text} says which time is measured: results for one time and another cannot be compared")
    found = _input_at(option, path)
    if found is None:
        raise ChoiceError(
            f"{text} is {_shown(value_at(bare(option.data), path))}, and no quantity. {_hint(option, path)}"
        )
    return found


def no_such_input(option: Option, text: str) -> ChoiceError:
    """Return what to say of a path that no option states, with the nearest key."""
    data: Any = bare(option.data)
    path: list[str] = []
    for key in parse_path(text):
        known = [str(one) for one in keys_of(data)]
        if key not in known:
            where = ".".join(path) or "the scenario"
            return ChoiceError(f"--input {text}: {where} states no {key!r}{did_you_mean(key, known)}")
        data, path = _child(data, key), [*path, key]
    return ChoiceError(f"--input {text}: {option.name} does not state it")


def inputs_of(option: Option) -> Iterator[Input]:
    """Yield every price of an option, and every assumption with a low and a high value."""
    data = bare(option.data)
    told = set()
    for key in PRICED:
        for path in _leaves(data.get(key, {}), (key,)):
            found = _input_at(option, path)
            if found is not None and found.written.unit == POUNDS:
                told.add(path)
                yield found
    for assumption in option.assumptions:
        found = _input_at(option, assumption.path) if assumption.path not in told else None
        if found is not None and found.low is not None and found.high is not None:
            yield found


def same_in(option: Option, found: Input) -> Input | None:
    """Return the input of another option that states the very same, and so is the same fact; None if it does not.

    Where one option has values from dates, a single value of the other holds from the start.
    """
    ways = (found.path, found.path[:-1]) if found.path[-1] == FROM_THE_START else (found.path,)
    for keys in ways:
        path = _path_in(option.data, tuple(map(str, keys)))
        other = None if path is None else _input_at(option, path)
        if other is not None and (other.written, other.amount, other.pieces) == found[1:4]:
            return other
    return None


def bare(data: Any) -> Any:
    """Return the data of an option with every assumption replaced by its value, as a copy."""
    return {key: _bare(value) for key, value in data.items()}


def _bare(data: Any) -> Any:
    if isinstance(data, dict):
        return _bare(data["value"]) if "value" in data else {key: _bare(value) for key, value in data.items()}
    return [_bare(value) for value in data] if isinstance(data, list) else data


def _input_at(option: Option, path: KeyPath) -> Input | None:
    raw = value_at(bare(option.data), path)
    values = raw.values() if _is_dated(raw) else [raw]
    readable = [(written, one) for one in values if (written := written_as(path, one)) is not None]
    if not readable:
        return None
    written = readable[0][0]
    said = next((one for one in option.assumptions if one.path == path), None)
    low, high = (None, None) if said is None else (_plausible(written, said.low), _plausible(written, said.high))
    return Input(path, written, max(written.amount(one) for _, one in readable), len(values), low, high)


def _plausible(written: Written, raw: Any) -> float | None:
    try:
        return None if raw is None else written.amount(raw)
    except ValueError:
        return None


def _is_dated(raw: Any) -> bool:
    return isinstance(raw, dict) and bool(raw) and all(key == FROM_THE_START or looks_like_date(key) for key in raw)


def _leaves(data: Any, path: KeyPath) -> Iterator[KeyPath]:
    if not isinstance(data, dict) or _is_dated(data):
        yield path
        return
    for key, below in data.items():
        yield from _leaves(below, (*path, key))


def keys_of(data: Any) -> list[Any]:
    """Return the keys of a map, or the numbers of a list; nothing for anything else."""
    return list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []


def _child(data: Any, key: str) -> Any:
    return data[next(one for one in keys_of(data) if str(one) == key)]


def _path_in(data: Mapping[str, Any], keys: tuple[str, ...]) -> KeyPath | None:
    below: Any = bare(data)
    path: list[str | int] = []
    for key in keys:
        known = {str(one): one for one in keys_of(below)}
        if key not in known:
            return None
        path.append(known[key])
        below = below[known[key]]
    return tuple(path)


def value_at(data: Any, path: KeyPath) -> Any:
    """Return what stands at a path of plain data."""
    for key in path:
        data = data[key]
    return data


def _shown(raw: Any) -> str:
    return "a map" if isinstance(raw, dict) else "a list" if isinstance(raw, list) else repr(raw)


def _hint(option: Option, path: KeyPath) -> str:
    """Name quantities below a path."""
    data = value_at(bare(option.data), path)
    below = [found.name for leaf in _leaves(data, path) if (found := _input_at(option, leaf)) is not None]
    return f"Name one, such as {below[0]}" if below else "Name a price, a number, a share or a duration"
