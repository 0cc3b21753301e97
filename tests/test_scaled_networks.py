"""The networks of the benchmarks: many times the size, and simulated alike by every engine."""

import pytest
from both_engines import events_of, network_of, people_of
from judging import engines, first_difference
from one_size import NETWORKS
from scale import scaled

from stepdown.outputs.experiment import networks_of
from stepdown.scenarios.loader import CARRY_ON, read_study, shipped
from stepdown.simulation.compiled.engine import simulate_batch
from stepdown.simulation.reference_batch import simulate_batch as reference

pytestmark = pytest.mark.engines

TIMES = 2
STUDIES = [name for name, _ in shipped()]


@pytest.mark.parametrize("study", STUDIES)
def test_engines_agree_on_a_network_twice_its_size(study):
    network = network_of(study, TIMES)
    expected = reference(network, CARRY_ON, 1, (0,))
    for engine in engines().values():
        assert first_difference(expected, engine(network, CARRY_ON, 1, (0,))) is None


@pytest.mark.parametrize("study", STUDIES)
def test_twice_the_size_means_twice_the_people_and_about_twice_the_events(study):
    once, larger = (simulate_batch(network_of(study, times), CARRY_ON, 1, range(20)) for times in (1, TIMES))
    assert people_of(larger) == pytest.approx(TIMES * people_of(once), rel=0.1)
    assert events_of(larger) == pytest.approx(TIMES * events_of(once), rel=0.2)


@pytest.mark.parametrize("study", STUDIES)
def test_a_network_once_its_size_is_the_network_itself(study):
    network = networks_of(read_study(study, ()), [CARRY_ON])[CARRY_ON]
    once = simulate_batch(scaled(network, 1), CARRY_ON, 1, (0, 1))
    assert first_difference(simulate_batch(network, CARRY_ON, 1, (0, 1)), once) is None


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_a_thousand_people_has_about_as_many(name):
    tables = simulate_batch(NETWORKS[name](1000), "x", 1, range(10))
    assert people_of(tables) / 10 == pytest.approx(1000, rel=0.3)
