"""The first side: the answer, and the options beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from stepdown.outputs.board import Row, saving_sentence, say_runs, say_wait
from stepdown.outputs.charts.chart_titles import Change
from stepdown.outputs.compare import changes
from stepdown.outputs.paper.blocks import Cell, Part, Points, Rated, Side, Table, Words, Yours
from stepdown.outputs.paper.facts import NAME, Facts
from stepdown.outputs.paper.sentences import (
    adaptations_sentence,
    cost_title,
    more_sentence,
    moves_sentence,
    wait_sentence,
)
from stepdown.outputs.words.covers import differ_by
from stepdown.outputs.words.numbers import amount, pounds
from stepdown.outputs.words.wording import cut, first_sentences
from stepdown.scenarios.loader import CARRY_ON

MOST_OPTIONS = 10
"""Options of the table: carry-on, the paper's own, and the first others; all of them stand in the annex."""

ABOUT, ABOUT_ALL, PURPOSE, SENTENCE = 90, 400, 80, 160
"""Letters of what is said about one option in the table, about all of them, about the paper's own above it, and of a
break-even sentence."""

RATING_RULES = (
    "Cost: GREEN, the 95% interval of the mean saving lies above £0; RED, below £0; AMBER, it holds £0. Waiting: the "
    "same of the number of people who wait at the end, GREEN where there are fewer."
)
"""How ratings are made."""


def answer_side(facts: Facts) -> Side:
    """Return the first side."""
    row = facts.row(facts.option)
    clear = bool(row["saving_low"] > 0 or row["saving_high"] < 0)
    return Side(
        cost_title(facts.name, row["saving_mean"], clear),
        (
            Part("purpose", "Purpose", (Words([_purpose(facts)]),)),
            Part("recommendation", "Recommendation", (Yours("recommendation", "What the board is asked to decide."),)),
            Part("answer", "The answer", (Points(list(_answer(facts, row))),)),
            Part("options", "Options considered", (options_table(facts, shown_options(facts)), *_more(facts))),
            Part("caveats", "Before you rely on it", (Points(list(_caveats(facts))),)),
        ),
    )


def _purpose(facts: Facts) -> str:
    about = f" ({cut(facts.chosen.about, PURPOSE)})" if facts.chosen.about else ""
    return (
        f"To say what {facts.name}{about} would do to waiting, to moves to less support and to cost, "
        f"against {CARRY_ON}, by simulation."
    )


def _answer(facts: Facts, row: Row) -> Iterable[str]:
    yield saving_sentence({**row, "option": facts.name})
    pair = {facts.name: row, CARRY_ON: facts.row(CARRY_ON)}
    waits = {name: say_wait(of, "wait") for name, of in pair.items()}
    yield wait_sentence(facts.name, waits, measure_change(facts, "waiting_at_end"))
    if not math.isnan(row["adaptation_mean"]):
        times = {name: say_wait(of, "adaptation") for name, of in pair.items()}
        yield adaptations_sentence(facts.name, times)
    yield moves_sentence(facts.name, measure_change(facts, "step_down_a_year"))
    yield from (first_sentences(sentence, SENTENCE) for sentence in facts.break_even[:1])


def measure_change(facts: Facts, measure: str, option: str | None = None) -> Change:
    """Return how a measure of all settings together differs from carry-on's, with the paper's option or another."""
    table = changes(facts.summary, measure).set_index("option")
    before, after, low, high = table.loc[
        option or facts.option, ["baseline_mean", "value_mean", "low", "high"]
    ].to_numpy(dtype=np.float64)
    return Change(float(before), float(after), bool(low > 0 or high < 0))


def shown_options(facts: Facts) -> list[str]:
    """Return the options for which there is room, in the order of the comparison."""
    others = [name for name in facts.comparison.index if name not in {CARRY_ON, facts.option}]
    chosen = {CARRY_ON, facts.option, *others[: MOST_OPTIONS - 2]}
    return [str(name) for name in facts.comparison.index if name in chosen]


def _more(facts: Facts) -> Sequence[Words]:
    left = len(facts.comparison) - len(shown_options(facts))
    return (Words([more_sentence(left, "option" if left == 1 else "options")]),) if left else ()


def options_table(facts: Facts, options: Sequence[str], whole: bool = False) -> Table:
    """Return a row for each option: what it costs, how long people wait, and its ratings; texts whole, or cut."""
    year = facts.row(CARRY_ON)["last_year"]
    head = ["Option", "What it is", "Saving a year", *([f"Saving in {year}"] if year else [])]
    adapted = bool(facts.comparison["adaptation_mean"].notna().any())
    head += [
        "Mean wait, days",
        *(["Mean time to adapt, days"] if adapted else []),
        "Waiting at the end",
        "Step-downs a year",
        "Cost",
        "Waiting",
    ]
    letters = min(ABOUT, ABOUT_ALL // len(options))
    rows = [_option_row(facts, name, year is not None, adapted, None if whole else letters) for name in options]
    prices = facts.scenario.price_base
    note = f"Saving: {CARRY_ON} minus option, paired run by run" + (f"; prices of {prices}. " if prices else ". ")
    last = len(head) - 1
    return Table(
        "Options beside each other, means of the runs",
        head,
        rows,
        frozenset({1, last - 1, last}),
        note + "Wait: on all lists, people still waiting included; '>': at least. " + RATING_RULES,
    )


def _option_row(facts: Facts, name: str, with_year: bool, adapted: bool, letters: int | None) -> Sequence[Cell]:
    row, baseline, about = facts.row(name), name == CARRY_ON, facts.run.options[name].about
    cells: list[Cell] = [name, about] if letters is None else [cut(name, NAME), cut(about, letters)]
    cells.append("baseline" if baseline else pounds(row["saving_mean"]))
    if with_year:
        cells.append("baseline" if baseline else pounds(row["last_year_saving"]))
    cells += [say_wait(row, "wait"), *([say_wait(row, "adaptation")] if adapted else [])]
    cells += [amount(row["waiting_at_end"], 3), amount(row["step_downs_a_year"], 3)]
    if baseline:
        return (*cells, "", "")
    waiting = measure_change(facts, "waiting_at_end", name)
    return (*cells, cost_rating(row["saving_low"], row["saving_high"]), waiting_rating(waiting))


def cost_rating(low: float, high: float) -> Rated:
    """Return the rating of an interval of the mean saving; see `RATING_RULES`."""
    return Rated("GREEN" if low > 0 else "RED" if high < 0 else "AMBER")


def waiting_rating(waiting: Change) -> Rated:
    """Return the rating of a change in the number of people who wait; see `RATING_RULES`."""
    if not waiting.clear:
        return Rated("AMBER")
    return Rated("GREEN" if waiting.after < waiting.before else "RED")


def _caveats(facts: Facts) -> Iterable[str]:
    manifest = facts.run.manifest
    said = say_runs(facts.runs, facts.run.window, manifest["measured"]["opening"][facts.option], manifest["seed"])
    on_top = "other doubt" if facts.drawn else "doubt about the inputs"
    yield f"{said} They differ {differ_by(facts.drawn)}; {on_top} comes on top of it (last side)."
    pair = {CARRY_ON: CARRY_ON, facts.option: facts.name}
    stuck = [said for name, said in pair.items() if manifest["options"][name]["overloaded"]]
    if stuck:
        yield (
            f"In {' and in '.join(stuck)} a list cannot stabilise (last side): its waits would be longer if more years "
            "were simulated."
        )
    yield _quality(facts)


def _quality(facts: Facts) -> str:
    said = facts.assumptions()
    poor = sum("poor" in one.quality.lower() or one.source.lower().startswith("assumption") for one in said)
    if not said:
        return "No input says where it comes from."
    return f"{poor} of the {len(said)} inputs with a source are assumptions or of poor quality."
