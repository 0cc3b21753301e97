"""The same scenario, seed and replication give the same tables, to the last bit, in whatever process they are made."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tracing import UNLIMITED, network

from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import Tables

pytestmark = pytest.mark.determinism

SPREAD = {"lognormal": {"median": "60 days", "p90": "200 days"}}

EVERYTHING = {
    "years": 3,
    "groups": {"adults": {"deaths_per_1000_per_year": 300}, "young": {}},
    "areas": {"city": 0.7, "county": 0.3},
    "settings": {
        "hospital": UNLIMITED,
        "residential": UNLIMITED | {"review_every": "6 months"},
        "intensive": {"places": 6, "maximum_stay": "3 months", "at_maximum": "move_on"},
        "transitional": {
            "access": "by_scheme",
            "priority": ["intensive", "young"],
            "schemes": {
                "oak": {"places": 8, "turnaround": {"gamma": {"mean": "3 weeks", "sd": "2 weeks"}}},
                "elm": {
                    "places": {"from the start": 4, "2027-06-01": 7},
                    "closes": "2028-06-01",
                    "residents": "move_on",
                },
            },
        },
    },
    "routes": {
        "hospital": [
            {"to": "intensive", "share": 0.6, "ready_after": {"exponential": {"mean": "1 month"}}},
            {"to": "residential", "share": 0.4, "ready_after": {"weibull": {"mean": "2 months", "shape": 1.5}}},
        ],
        "residential": [
            {"to": "transitional", "share": 1, "ready_after": SPREAD, "requires": ["panel"]},
        ],
        "intensive": [
            {
                "to": "transitional",
                "share": 1,
                "ready_after": SPREAD,
                "requires": [["forms", "adaptation"], "letting"],
                "start_early": "1 month",
                "gives_up": {"after": {"exponential": {"mean": "6 months"}}, "to": "residential"},
            }
        ],
        "transitional": [
            {
                "to": "left",
                "share": 0.7,
                "ready_after": {"pert": {"low": "1 month", "mode": "1 year", "high": "3 years"}},
            },
            {"to": "intensive", "share": 0.3, "ready_after": {"exponential": {"mean": "1 year"}}},
        ],
    },
    "steps": {
        "panel": {"panel": {"meets_every": "2 weeks", "cases_per_meeting": 2, "approves": 0.8}},
        "forms": {"delay": {"takes": SPREAD}},
        "letting": {"lettings": {"per_year": 30, "kept_for": "1 week"}},
        "therapist": {"team": {"workers": 1, "takes": {"gamma": {"mean": "9 days", "sd": "4 days"}}}},
        "grant": {"grant": {"per_year": 20_000, "amount": {"uniform": {"low": 500, "high": 4000}}}},
    },
    "adaptations": {
        "tiers": {
            "minor": {"share": 0.8, "steps": ["therapist"]},
            "complex": {"share": 0.2, "steps": ["therapist", "grant"], "rehoused_first": 0.5},
        },
        "tenures": {"council": 0.6, "private": 0.4},
        "movers": {"minor": 0.4, "complex": 0.2},
        "community": {"per_year": 20, "growth": "5%"},
    },
    "demand": [
        {"from": "hospital", "group": "adults", "per_year": 30, "season": [1, 1, 1, 2, 1, 1, 1, 0, 1, 1, 1, 1]},
        {"from": "hospital", "group": "young", "per_year": 12, "growth": "10%"},
    ],
    "caseload": {
        "residential": [{"people": 9, "group": "adults"}],
        "transitional": [{"people": 7, "group": "adults"}, {"people": 4, "group": "young"}],
    },
}
"""A scenario in which chance decides everything that it can decide."""


def digest(tables: Tables) -> str:
    """Return a hash of every bit of the tables, types and order included."""
    whole = hashlib.sha256()
    for table in tables:
        whole.update(str(table.dtypes.to_dict()).encode())
        plain = table.astype(
            {name: str for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
        )
        for name in plain:
            whole.update("|".join(map(_exactly, plain[name])).encode())
    return whole.hexdigest()


def _exactly(value: object) -> str:
    return value.hex() if isinstance(value, float) else repr(value)


def simulated(replication: int = 0) -> Tables:
    """Return a history of the scenario in this process."""
    return simulate(network(**EVERYTHING), option="x", seed=2026, replication=replication)


def digest_elsewhere(hash_seed: str) -> str:
    """Return the same from a process of its own, in which sets and dictionaries of text hash in another order."""
    program = "from test_determinism import digest, simulated; print(digest(simulated()))"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(Path(__file__).parent)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return ran.stdout.strip()


def test_processes_with_other_hash_seeds_make_the_same_tables_bit_for_bit():
    here = digest(simulated())
    assert [digest_elsewhere(hash_seed) for hash_seed in ("0", "1", "4242")] == [here] * 3


def test_the_digest_tells_one_history_from_another():
    assert digest(simulated()) != digest(simulated(replication=1))


def test_chance_decides_in_the_scenario_what_it_can_decide():
    tables = simulated()
    assert set(tables.case_steps.outcome.dropna()) >= {"done", "rehoused", "abandoned"}
    reasons = {str(reason).partition(":")[0] for reason in tables.stays.reason.dropna()}
    assert reasons >= {"route", "maximum_stay", "closing", "gave_up", "died"}
    assert set(tables.case_steps.step) == set(EVERYTHING["steps"])


def test_a_history_leaves_its_network_as_it_was():
    ready = network(**EVERYTHING)
    before = repr(ready)
    first = simulate(ready, option="x", seed=1, replication=0)
    assert repr(ready) == before
    assert digest(first) == digest(simulate(ready, option="x", seed=1, replication=0))
