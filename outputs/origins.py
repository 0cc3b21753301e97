"""Where each value of an option came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepdown.scenarios.loader import Option


def with_origins(option: Option) -> Iterator[str]:
    """Yield ``path = value  # file:line:column (base, lever or --set)`` for every value of an option."""
    for path, value in _values(option.data, ()):
        origin = option.origins.get(path)
        yield f"{'.'.join(map(str, path))} = {value}" + (f"  # {origin}" if origin else "")


def _values(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    if not data or not isinstance(data, dict | list):
        yield path, data
    for key, value in children:
        yield from _values(value, (*path, key))
