"""Options of a finished run are read together, so that a value is set where an option states it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.resolved import Resolved, read_resolved
from stepdown.scenarios.schema import Scenario

pytestmark = pytest.mark.scenario_files

FACTS = """\
start: 2026-04-01
years: 2
settings: {home: {places: unlimited}, flats: {places: 3}}
payers: [council]
price_base: 2026/27
prices: {flats: {council: {per_place_per_week: %s}}}
"""


@pytest.fixture
def run(tmp_path: Path) -> list[Resolved]:
    (tmp_path / "carry-on.yaml").write_text(FACTS % "500", encoding="utf-8")
    more = FACTS % "{2026-04-01: 500, 2027-04-01: 600}"
    more += "one_off_costs: {set_up: {opening: {council: {2026-05-01: 1000}}}}\n"
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    return [Resolved(tmp_path / f"{name}.yaml", name, "", ()) for name in ("carry-on", "more")]


def scenarios(run: list[Resolved], *settings: str, over: Path | None = None) -> list[Scenario]:
    return [option.scenario for option in read_resolved(run, over, settings)]


def weekly(scenario: Scenario) -> tuple[float, ...]:
    price = scenario.prices["flats"]["council"].per_place_per_week
    assert price is not None
    return price.values()


def test_a_value_that_one_option_states_is_set_in_it_alone(run: list[Resolved]) -> None:
    carry_on, more = scenarios(run, "one_off_costs.set_up.opening.council.2026-05-01=2000")
    assert carry_on.one_off_costs.set_up == {}
    assert [pounds for _, pounds in more.one_off_costs.set_up["opening"]["council"]] == [2000]
    carry_on, more = scenarios(run, "prices.flats.council.per_place_per_week.2027-04-01=700")
    assert weekly(carry_on) == (500,)
    assert weekly(more) == (500, 700)


def test_a_value_that_none_states_is_set_in_every_option_that_has_its_part(run: list[Resolved]) -> None:
    both = scenarios(run, "prices.flats.council.notice=4 weeks")
    assert [scenario.prices["flats"]["council"].notice for scenario in both] == [28, 28]


def test_a_value_without_a_place_and_one_that_is_not_money_are_refused(run: list[Resolved]) -> None:
    with pytest.raises(ScenarioError, match="flat"):
        scenarios(run, "prices.flat.council.notice=4 weeks")
    with pytest.raises(ScenarioError, match="says nothing about money"):
        scenarios(run, "settings.flats.places=4")


def test_a_file_of_prices_is_laid_over_every_option(run: list[Resolved], tmp_path: Path) -> None:
    over = tmp_path / "prices.yaml"
    over.write_text("prices: {flats: {council: {shared_with: {council: 10%}}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"prices\.yaml:1:\d+: .*cannot share with itself"):
        scenarios(run, over=over)
    over.write_text("price_base: 2025/26\n", encoding="utf-8")
    assert [scenario.price_base for scenario in scenarios(run, over=over)] == ["2025/26"] * 2
    over.write_text("steps: {}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not about money"):
        scenarios(run, over=over)
