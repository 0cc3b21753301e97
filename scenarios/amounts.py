"""An option with other amounts of some of its inputs, and everything else as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.explain_faults import problems_of
from stepdown.scenarios.inputs import Input, bare, keys_of, value_at
from stepdown.scenarios.names import names_in
from stepdown.scenarios.overrides import ON_COMMAND_LINE
from stepdown.scenarios.schema import UNCERTAINTY, Scenario
from stepdown.scenarios.trees import KeyPath, as_tree, locate
from stepdown.scenarios.written import PERCENT, written_as

if TYPE_CHECKING:
    from stepdown.scenarios.loader import Option


def with_amounts(option: Option, amounts: Mapping[Input, float]) -> Option:
    """Return an option with other amounts of some inputs.

    Shares beside a share that is changed, and that are not given themselves, give way, so that all are 100% still. The
    option that is returned is certain: what its inputs might be otherwise is left out.

    Parameters
    ----------
    option
        The option.
    amounts
        By input, its amount in the input's own unit; values from dates are scaled together.

    Raises
    ------
    ScenarioError
        If the scenario does not allow it.
    """
    data = bare({key: value for key, value in option.data.items() if key != UNCERTAINTY})
    for changed, amount in amounts.items():
        _change(data, changed, amount)
    freed = {changed.path: changed.amount - amount for changed, amount in amounts.items()}
    together = [(changed.path, *_beside(data, changed.path)) for changed in amounts if changed.written.unit == PERCENT]
    for shares in {tuple(sorted(paths, key=str)): None for paths in together}:
        _give_way(data, shares, freed)
    return replace(option, data=data, assumptions=(), scenario=_validated(data))


def _change(data: Any, changed: Input, amount: float) -> None:
    now = value_at(data, changed.path)
    if isinstance(now, dict):
        factor = amount / changed.amount
        _set(data, changed.path, {date: _scaled(changed, raw, factor) for date, raw in now.items()})
    else:
        _set(data, changed.path, changed.written.raw(amount))


def _scaled(changed: Input, raw: Any, factor: float) -> Any:
    """Return one of several values from dates; what is no quantity, such as 'unlimited', stays."""
    if written_as(changed.path, raw) is None:
        return raw
    return changed.written.raw(changed.written.amount(raw) * factor)


def _give_way(data: Any, shares: Sequence[KeyPath], freed: Mapping[KeyPath, float]) -> None:
    """Let shares that are not given take up what those that are have freed, in percent, in proportion."""
    free = {}
    for path in shares:
        written = None if path in freed else written_as(path, value_at(data, path))
        if written is not None:
            free[path] = written, written.amount(value_at(data, path))
    taken = sum(share for _, share in free.values())
    more = sum(freed.get(path, 0.0) for path in shares)
    for path, (written, share) in free.items():
        if taken > 0:
            _set(data, path, written.raw(share * (taken + more) / taken))


def _beside(data: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the shares that add up to 100% with the share at a path: of other routes, tiers, tenures or areas."""
    if path[-1] == "share":
        own: Any = path[-2]
        holder = value_at(data, path[:-2])
        for key in keys_of(holder):
            of_the_same = not isinstance(holder, list) or holder[key].get("groups") == holder[own].get("groups")
            if key != own and of_the_same:
                yield (*path[:-2], key, "share")
    elif path[:-1] in (("adaptations", "tenures"), ("areas",)):
        yield from ((*path[:-1], key) for key in keys_of(value_at(data, path[:-1])) if key != path[-1])


def _set(data: Any, path: KeyPath, value: Any) -> None:
    value_at(data, path[:-1])[path[-1]] = value


def _validated(data: Any) -> Scenario:
    try:
        scenario = Scenario.model_validate(data)
        problems = list(check_scenario(scenario, names_in(data)))
    except ValidationError as error:
        problems = problems_of(error, as_tree(data, ON_COMMAND_LINE))
    if problems:
        tree = as_tree(data, ON_COMMAND_LINE)
        raise ScenarioError([locate(tree, problem) for problem in problems])
    return scenario
