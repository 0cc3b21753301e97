"""Options of which some inputs are not known for certain: joint draws of them, of which every run takes one.

A study's base may name a CSV file with a column for each input and a row for each draw, such as a fit or a calibration
leaves. The scenario's own values are the central ones. Run number r takes row r (from the first again when all are
used up), in every option, so that options are compared under the same draw. A lever's own values are decisions and not
draws: an input that an option sets otherwise than carry-on keeps the option's value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import ChoiceError, Fault, ScenarioError
from stepdown.scenarios.inputs import Input, find_input, same_in
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import UNCERTAINTY
from stepdown.scenarios.trees import fault_at

if TYPE_CHECKING:
    from stepdown.scenarios.loader import Option, Study

_Draws = tuple[tuple[Input, ...], tuple[tuple[float, ...], ...]]

_FIXED = "places"
"""What is counted in the tables of all runs alike, and so cannot differ from run to run."""


@dataclass(frozen=True)
class Uncertain:
    """An option whose inputs are drawn for each run.

    Attributes
    ----------
    option, carry_on
        The option with its central values, and the option that shaped the time until the start.
    inputs, past
        The inputs that are drawn, in the option and in carry-on; those that the option sets itself are missing in
        the first.
    draws
        A row a draw: the amount of each input in ``past``, in its own unit.
    """

    option: Option
    carry_on: Option
    inputs: tuple[Input | None, ...]
    past: tuple[Input, ...]
    draws: tuple[tuple[float, ...], ...]

    def drawn(self, run: int) -> tuple[float, ...]:
        """Return the amounts that a run takes."""
        return self.draws[run % len(self.draws)]

    def network(self, run: int) -> Network:
        """Return the option as a run takes it, made ready to run.

        Raises
        ------
        ScenarioError
            If the scenario does not allow such amounts.
        """
        amounts = self.drawn(run)
        mine = {one: amount for one, amount in zip(self.inputs, amounts, strict=True) if one is not None}
        drawn = with_amounts(self.option, mine)
        if self.option.name == self.carry_on.name:
            return compile_network(drawn.scenario)
        past = with_amounts(self.carry_on, dict(zip(self.past, amounts, strict=True)))
        return compile_network(drawn.scenario, past.scenario)

    @property
    def reached(self) -> tuple[str, ...]:
        """The names of the inputs that are drawn in the option."""
        return tuple(one.name for one in self.inputs if one is not None)


def uncertain_options(study: Study, names: Sequence[str]) -> dict[str, Uncertain]:
    """Return the options of a study that have uncertain inputs, by name; none, where the study states no draws.

    Raises
    ------
    ScenarioError
        If a column is no input, or a cell no amount of it.
    """
    carry_on = _central(next(iter(study.options.values())))
    found: dict[str, Uncertain] = {}
    known: list[tuple[Any, _Draws]] = []  # options mostly share their draws, which take a while to read
    for name in names:
        option = study.options[name]
        rows = option.scenario.uncertainty
        if rows:
            read = next((draws for other, draws in known if other == rows), None) or _draws_of(option, carry_on)
            known.append((rows, read))
            past, draws = read
            central = _central(option)
            inputs = tuple(same_in(central, one) for one in past)
            found[name] = Uncertain(central, carry_on, inputs, past, draws)
    return found


def uncertain_names(study: Study) -> tuple[str, ...]:
    """Return the inputs of carry-on that are drawn, by their names."""
    rows = next(iter(study.options.values())).scenario.uncertainty
    return tuple(rows[0]) if rows else ()


def check_uncertainty(study: Study) -> None:
    """Check the draws of every option; raises `ScenarioError` as `uncertain_options` does."""
    uncertain_options(study, tuple(study.options))


def _central(option: Option) -> Option:
    """Return an option without what its draws do not need: it is searched many times, and goes to other processes."""
    data = {key: value for key, value in option.data.items() if key != UNCERTAINTY}
    return replace(option, data=data, origins={})


def _draws_of(option: Option, carry_on: Option) -> _Draws:
    rows = option.scenario.uncertainty
    faults: list[Fault] = []
    inputs: dict[str, Input] = {}
    for name in rows[0]:
        try:
            inputs[name] = _input(carry_on, name)
        except ChoiceError as error:
            faults.append(_fault(option, 0, name, str(error)))
    draws = []
    for number, row in enumerate(rows):
        faults += _odd_cells(option, number, row, rows[0])
        draws.append(tuple(_amounts(option, number, row, inputs, faults)))
    if faults:
        raise ScenarioError(faults)
    return tuple(inputs.values()), tuple(draws)


def _input(carry_on: Option, name: str) -> Input:
    found = find_input(carry_on, name)
    if found is None:
        raise ChoiceError(f"carry-on states no {name!r}")
    if found.is_money:
        raise ChoiceError("draws are of what is simulated; prices are tried with 'stepdown breakeven'")
    if _FIXED in found.path:
        raise ChoiceError("numbers of places are the same in every run")
    return found


def _odd_cells(option: Option, number: int, row: Mapping[str, Any], first: Mapping[str, Any]) -> Iterator[Fault]:
    if row.keys() != first.keys():
        missing = sorted(first.keys() ^ row.keys())
        yield _fault(option, number, next(iter(row)), f"a draw gives every input: {', '.join(missing)} is missing")


def _amounts(
    option: Option, number: int, row: Mapping[str, Any], inputs: Mapping[str, Input], faults: list[Fault]
) -> Iterator[float]:
    for name, one in inputs.items():
        try:
            yield one.written.amount(row[name]) if name in row else 0.0
        except ValueError as error:
            faults.append(_fault(option, number, name, str(error)))


def _fault(option: Option, number: int, name: str, rule: str) -> Fault:
    path = (UNCERTAINTY, number, name)
    at = option.origins.get(path)
    return Fault(None, 0, 0, path, rule) if at is None else fault_at(at, path, rule)
