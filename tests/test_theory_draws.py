"""Chance: the draws are Philox at the stated address, uniform, and independent of their neighbours."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from stepdown.simulation.draws import Draws, Luck, Purpose, choose

pytestmark = pytest.mark.theory

MASK = 2**64 - 1


def _philox(counter, key):
    """Philox4x64-10 as published (Salmon et al., SC11), in whole numbers."""
    a, b, c, d = counter
    low, high = key
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (second >> 64) ^ b ^ low, second & MASK, (first >> 64) ^ d ^ high, first & MASK
        low, high = (low + 0x9E3779B97F4A7C15) & MASK, (high + 0xBB67AE8584CAA73B) & MASK
    return a, b, c, d


KNOWN_ANSWERS = [  # Random123, kat_vectors, philox4x64-10
    ((0, 0, 0, 0), (0, 0), 0x16554D9ECA36314C),
    ((MASK,) * 4, (MASK,) * 2, 0x87B092C3013FE90B),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        0xA528F45403E61D95,
    ),
]


@pytest.mark.parametrize(("counter", "key", "word"), KNOWN_ANSWERS)
def test_philox_gives_the_published_known_answers(counter, key, word):
    assert _philox(counter, key)[0] == word
    number, source, place, last = counter
    if number:  # people are counted from 1
        draw = Draws(*key).uniform(source, number, place, last // 256, last % 256)
        assert draw == ((word >> 11) + 0.5) * 2.0**-53


def test_a_draw_is_the_first_word_of_the_block_at_its_address():
    chance = np.random.default_rng(3)
    for _ in range(300):
        seed, replication, source, place = (int(word) for word in chance.integers(0, MASK, 4, dtype=np.uint64))
        number, visit = int(chance.integers(1, 10**6)), int(chance.integers(0, 10**4))
        purpose = Purpose(int(chance.integers(1, 17)))
        word = _philox((number, source, place, visit * 256 + purpose), (seed, replication))[0]
        assert (
            Draws(seed, replication).uniform(source, number, place, visit, purpose) == ((word >> 11) + 0.5) * 2.0**-53
        )


AXES = {
    "seed": lambda n: Draws(n, 5).uniform(11, 3, 13, 1, Purpose.READY),
    "replication": lambda n: Draws(5, n).uniform(11, 3, 13, 1, Purpose.READY),
    "source": lambda n: Draws(5, 6).uniform(n, 3, 13, 1, Purpose.READY),
    "number": lambda n: Draws(5, 6).uniform(11, n + 1, 13, 1, Purpose.READY),
    "place": lambda n: Draws(5, 6).uniform(11, 3, n, 1, Purpose.READY),
    "visit": lambda n: Draws(5, 6).uniform(11, 3, 13, n, Purpose.READY),
    "number and purpose": lambda n: Draws(5, 6).uniform(11, n // 16 + 1, 13, 1, Purpose(n % 16 + 1)),
}
POINTS = 8000


@pytest.mark.parametrize("axis", AXES)
def test_neighbouring_addresses_are_uniform_and_independent(judge, axis):
    draws = np.array([AXES[axis](n) for n in range(POINTS)])
    assert stats.kstest(draws, "uniform").pvalue > 1e-4
    judge(f"draws along {axis}: mean", draws, 1 / 2, 0.01)
    judge(f"draws along {axis}: mean square", draws**2, 1 / 3, 0.02)
    for lag in (1, 2, 16):
        pairs = 12 * (draws[lag:] - 1 / 2) * (draws[:-lag] - 1 / 2)
        judge(f"draws along {axis}: one plus the correlation at lag {lag}", 1 + pairs, 1.0, 0.02)
    cells = np.histogram2d(draws[:-1:2], draws[1::2], bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-4


def test_one_address_serves_one_purpose():
    luck = [Luck(Draws(1, r), source, number + 1) for r, source, number in np.ndindex(3, 3, 3)]
    draws = {
        person.draw(purpose, place, visit)
        for person, purpose, place, visit in itertools.product(luck, Purpose, range(3), range(1, 4))
    }
    assert len(draws) == len(luck) * len(Purpose) * 9


def test_a_choice_falls_by_the_shares(judge):
    draws = Draws(9, 0)
    shares = (0.5, 0.0, 1.0, 0.25)  # they need not add up to 1
    chosen = np.array([choose(shares, draws.uniform(1, n, 0, 1, Purpose.ROUTE)) for n in range(1, POINTS + 1)])
    for position in (0, 2, 3):
        judge(f"choice {position} of four", chosen == position, shares[position] / sum(shares), 0.04)
    assert not np.any(chosen == 1)
