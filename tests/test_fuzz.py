"""The fuzzer finds an engine that is slightly wrong, makes the network plain, and leaves what shows it again."""

import json
from collections import Counter

import fuzz
import numpy as np
import pytest
from networks import random_scenario, scenario
from picking import Replay, plainest

from stepdown.simulation.compiled.engine import simulate_batch
from stepdown.simulation.reference_batch import simulate_batch as reference

pytestmark = pytest.mark.engines


def late_deaths(network, option, seed, replications):
    """Simulate as the reference does (but sooner), and let people die a trifle later."""
    tables = simulate_batch(network, option, seed, replications)
    died = tables.stays["reason"].astype(str).str.contains("died").to_numpy()
    days = np.where(died, np.nextafter(tables.stays["left_day"], np.inf), tables.stays["left_day"])
    return tables._replace(stays=tables.stays.assign(left_day=days))


def broken(network, option, seed, replications):
    """Fail where there is a grant."""
    if any(step.name == "grant" for step in network.steps):
        raise ZeroDivisionError("no money")
    return reference(network, option, seed, replications)


def size(data):
    return len(json.dumps(data))


def test_an_engine_agrees_with_itself_in_any_number_of_processes(monkeypatch):
    monkeypatch.setattr(fuzz, "BATCH", 3)
    found = fuzz.run(reference, seed=5, seconds=0, jobs=2)
    alone = fuzz.compare(reference, 5, range(6))
    assert found.networks == 6
    assert found.disagreements == []
    assert (found.stays, found.steps, found.features) == (alone.stays, alone.steps, alone.features)


def test_a_slightly_wrong_engine_is_found_made_plain_and_shown_again(tmp_path):
    found = fuzz.compare(late_deaths, 1, range(4))
    number, difference = found.disagreements[0]
    assert "column left_day" in difference
    file = fuzz.write_plainest(late_deaths, "late", 1, number, tmp_path, tries=100)
    written = json.loads(file.read_text(encoding="utf-8"))
    assert size(written["scenario"]) < size(random_scenario(fuzz.name_of(1, number))[0]) / 4
    assert fuzz.replay(file, {"late": late_deaths}) == "\n".join(written["difference"])
    assert "column left_day" in written["difference"][0]
    assert fuzz.replay(file, {"late": reference}) is None, "once mended, they agree"


def test_an_engine_that_fails_disagrees():
    found = fuzz.compare(broken, 1, range(8))
    assert found.disagreements
    assert all("ZeroDivisionError: no money" in difference for _, difference in found.disagreements)


def test_the_report_says_how_often_each_known_feature_was_there():
    found = fuzz.Found(networks=4, stays=1200, steps=7, features=Counter({"dies": 3, "something new": 1}))
    lines = list(fuzz.report(found))
    assert lines[0].split() == ["3", "75.0%", "dies"]
    assert any(line.endswith("something new") for line in lines), "new ones are not left out"
    assert any(line.split()[:2] == ["0", "0.0%"] for line in lines), "nor those that were never there"
    assert lines[-1] == "4 networks compared: 1,200 stays and 7 steps of cases; 0 disagree."


def test_a_seed_gives_the_same_networks_and_choices_give_them_again():
    data, chosen = random_scenario("5:7")
    assert random_scenario("5:7") == (data, chosen)
    assert scenario(Replay(chosen)) == data
    assert random_scenario("5:8")[0] != data


def test_the_plainest_choices_are_few_and_small():
    assert plainest([3, 1, 9, 4, 1, 5], lambda chosen: any(choice >= 4 for choice in chosen)) == [4]
    assert plainest([7, 7], lambda chosen: True) == []
    assert plainest([2, 2], lambda chosen: chosen == [2, 2]) == [2, 2]
