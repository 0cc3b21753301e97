"""What several kinds of test share."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

COMPILE = """
from experiments import ran
from stepdown.scenarios.loader import read_study
ran(read_study("adaptations"), ("carry-on",), 1)
"""
"""A program that uses the compiled engine and the measures; what Numba has compiled is kept on disk."""


@dataclass(frozen=True)
class Judge:
    """Judges simulated means in standard errors of the replications, and keeps each verdict for the closing table."""

    record: Callable[[str, object], None]

    def __call__(self, name: str, samples: np.ndarray, exact: float, within: float = 0.02) -> None:
        """Hold the mean of independent replications against an exact value.

        Parameters
        ----------
        name
            What is compared.
        samples
            One value a replication.
        exact
            The yardstick.
        within
            The largest standard error, as a share of the exact value, at which the test still means something.
        """
        mean, error, z = _in_standard_errors(samples, exact)
        self.record("z", (name, float(mean), float(exact), float(error), float(z)))
        assert 0 < error <= within * abs(exact), f"{name}: too vague to judge, {mean:.5g} +- {error:.2g} of {exact:.5g}"
        assert abs(z) < 4, f"{name}: expected {exact:.6g}, seen {mean:.6g} +- {error:.2g}, z = {z:.1f}: a biased model"

    def refutes(self, name: str, samples: np.ndarray, wrong: float) -> None:
        """Require that a slightly wrong value would have been noticed."""
        mean, error, z = _in_standard_errors(samples, wrong)
        assert abs(z) > 6, f"{name}: {mean:.5g} +- {error:.2g} cannot tell {wrong:.5g} from the truth, z = {z:.1f}"


def _in_standard_errors(samples: np.ndarray, exact: float) -> tuple[float, float, float]:
    mean, error = np.mean(samples), np.std(samples, ddof=1) / np.sqrt(len(samples))
    return mean, error, (mean - exact) / error


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one way to accept new results of the shipped scenarios."""
    parser.addoption("--refresh-snapshots", action="store_true", help="Write the snapshots anew instead of comparing.")


def pytest_configure(config: pytest.Config) -> None:
    """Compile once what is compiled, before several workers begin to do so at the same time, each for itself."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, "-c", COMPILE], check=True, cwd=Path(__file__).parent)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse a test that is not of exactly one kind."""
    settings = tomllib.loads((config.rootpath / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = [line.split(":")[0] for line in settings["tool"]["pytest"]["ini_options"]["markers"]]
    for item in items:
        found = [kind for kind in kinds if any(mark.name == kind for mark in item.iter_markers())]
        if len(found) != 1:
            what = f"has several kinds: {', '.join(found)}" if found else "has no kind"
            raise pytest.UsageError(f"{item.nodeid} {what}. Give its file pytestmark = pytest.mark.KIND, once")


@pytest.fixture
def judge(record_property: Callable[[str, object], None]) -> Judge:
    return Judge(record_property)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Sum up the theory tests' z-scores; with -v, list them."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    scores = [score for report in reports for name, score in report.user_properties if name == "z"]
    if not scores:
        return
    largest = max(abs(score[-1]) for score in scores)
    terminalreporter.section("theory, in standard errors")
    if terminalreporter.verbosity > 0:
        for name, mean, exact, error, z in scores:
            terminalreporter.line(f"{name:<76} {mean:12.5g} {exact:12.5g} {error:10.3g} {z:+6.2f}")
    terminalreporter.line(
        f"{len(scores)} comparisons with exact values; the largest is {largest:.1f} standard errors away"
    )
