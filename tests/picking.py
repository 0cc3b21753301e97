"""Ways to choose at random: by Hypothesis, by a plain generator, or as it was chosen before.

Whatever is drawn at random for a test is chosen from a number of things, the plainest first. So a world is a list of
whole numbers, and two sorts of test can draw the same worlds: Hypothesis, which finds the plainest world in which a law
fails, and the fuzzer, which draws a world in a fraction of the time.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import TypeVar

from hypothesis import strategies as st

Item = TypeVar("Item")


class Picker(ABC):
    """Chooses; every choice comes down to `below`."""

    @abstractmethod
    def below(self, number: int) -> int:
        """Return a whole number from 0 on that is less than another."""

    def one(self, items: Sequence[Item]) -> Item:
        """Return one of some things."""
        return items[self.below(len(items))]

    def chance(self, one_in: int) -> bool:
        """Return whether something happens that happens once in so many times."""
        return self.below(one_in) == one_in - 1

    def number(self, low: int, high: int) -> int:
        """Return a whole number between two, both included."""
        return low + self.below(high - low + 1)

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return all the things in any order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]

    def some(self, items: Sequence[Item]) -> list[Item]:
        """Return some of the things, each at most once, in any order."""
        return self.shuffled(items)[: self.below(len(items) + 1)]


class HypothesisPicker(Picker):
    """Chooses as Hypothesis draws."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def below(self, number: int) -> int:
        return self._draw(_numbers_below(number)) if number > 1 else 0


@lru_cache
def _numbers_below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class RandomPicker(Picker):
    """Chooses by a plain generator, and remembers what it chose."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(str(seed)).random
        self.chosen: list[int] = []

    def below(self, number: int) -> int:
        choice = int(self._random() * number)
        self.chosen.append(choice)
        return choice


class Replay(Picker):
    """Chooses as was chosen before; where there is no such choice, or none any more, the plainest."""

    def __init__(self, chosen: Sequence[int]) -> None:
        self._left = iter(chosen)

    def below(self, number: int) -> int:
        return min(next(self._left, 0), number - 1)


def plainest(chosen: Sequence[int], fails: Callable[[list[int]], bool], tries: int = 3000) -> list[int]:
    """Return choices, as few and as small as can be found in so many tries, for which something still fails.

    Stretches are left out or made plain, then single choices made smaller, until nothing helps.
    """
    best = list(chosen)
    before = None
    while best != before:
        before = best
        for change in _changes(len(best)):
            trial = change(best)
            if trial != best:
                if tries == 0:
                    return best
                tries -= 1
                best = trial if fails(trial) else best
    return best


def _changes(number: int) -> Iterator[Callable[[list[int]], list[int]]]:
    """Yield ways to make so many choices plainer."""
    length = number
    while length:
        for at in range(0, number, length):
            yield partial(_without, at, length)
            yield partial(_plain, at, length)
        length //= 2
    for at in range(number):
        yield partial(_smaller, at)


def _without(at: int, length: int, chosen: list[int]) -> list[int]:
    return chosen[:at] + chosen[at + length :]


def _plain(at: int, length: int, chosen: list[int]) -> list[int]:
    return chosen[:at] + [0] * len(chosen[at : at + length]) + chosen[at + length :]


def _smaller(at: int, chosen: list[int]) -> list[int]:
    return [*chosen[:at], chosen[at] - 1, *chosen[at + 1 :]] if at < len(chosen) and chosen[at] > 0 else chosen
