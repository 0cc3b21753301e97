"""Watches functions from outside: the time of each without that of the others that it calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import Any


class Stopwatch:
    """Shares the time of this process out among phases; a phase within another stops the outer one.

    Attributes
    ----------
    seconds
        Time on cores by phase.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the time of a ``with`` block to a phase."""
        self._count()
        self._open.append(name)
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def _count(self) -> None:
        now = time.process_time()
        if self._open:
            self.seconds[self._open[-1]] = self.seconds.get(self._open[-1], 0.0) + now - self._since
        self._since = now

    def watch(self, place: str, phase: str) -> None:
        """Count the time of a function to a phase from now on.

        Parameters
        ----------
        place
            Where it is looked up when it is called: ``module:function``, or ``module:Class.method``.
        phase
            The phase to which its time counts.
        """
        module, _, path = place.partition(":")
        owner: Any = import_module(module)
        *owners, name = path.split(".")
        for part in owners:
            owner = getattr(owner, part)
        setattr(owner, name, self._watched(getattr(owner, name), phase))

    def _watched(self, function: Callable[..., Any], phase: str) -> Callable[..., Any]:
        @wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            with self.phase(phase):
                return function(*given, **named)

        return watched
