"""Settings in a row that block each other, against Ciw: a simulation by others as an independent yardstick."""

import pytest
from against_ciw import read_ciw, read_stepdown
from in_a_row import READINGS, SMALL

pytestmark = pytest.mark.theory

REPLICATIONS = 250


def test_settings_in_a_row_block_each_other_as_they_do_in_ciw(judge):
    ours, theirs = read_stepdown(SMALL, REPLICATIONS), read_ciw(SMALL, REPLICATIONS)
    for at, name in enumerate(READINGS):
        yardstick = theirs[:, at].mean()
        # Ciw's mean is uncertain, too: the spread of independent differences is that of both.
        differences = ours[:, at] - theirs[:, at] + yardstick
        judge(f"three in a row, as in Ciw: {name}", differences, yardstick, 0.1)
        if "blocked" in name:
            judge.refutes("a third less blocking", differences, yardstick / 1.5)
