"""Answers to a question about break-even: of a finished run, or of a study that is simulated for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from stepdown.outputs.breakeven.asked import Asked
from stepdown.outputs.breakeven.evidence import CostingAgain, Pair, Simulating, Trials
from stepdown.outputs.breakeven.find import BreakEven, Untried, break_even, break_evens
from stepdown.outputs.experiment import Plan, choose_options
from stepdown.outputs.finished_run import FinishedRun
from stepdown.outputs.progress import progress_bar
from stepdown.outputs.stopping import fixed
from stepdown.scenarios.errors import ChoiceError, NotComparableError
from stepdown.scenarios.inputs import find_input, no_such_input
from stepdown.scenarios.loader import CARRY_ON, Option, Study
from stepdown.scenarios.words import did_you_mean


class Question(NamedTuple):
    """What is asked about every option.

    Attributes
    ----------
    asked
        What must hold.
    path
        The input, as it is typed; None for every price, and every assumption with a low and a high value.
    low, high
        Where to look, as it is typed; None for the usual range.
    """

    asked: Asked
    path: str | None = None
    low: str | None = None
    high: str | None = None


class Answer(NamedTuple):
    """What was found: the most fragile inputs first, option by option; and what was not tried."""

    found: list[BreakEven]
    untried: list[Untried]


def answer_of_run(run: FinishedRun, names: Sequence[str], question: Question) -> Answer:
    """Answer for options of a finished run; nothing is simulated.

    Parameters
    ----------
    run, names
        The run, and the options to answer for; all of them if none is named.
    question
        What is asked.

    Raises
    ------
    NotComparableError
        If carry-on was not run, or nothing else was.
    ChoiceError
        If there is no such option or input, or it takes simulation.
    """
    if not question.asked.of_money:
        raise ChoiceError(
            "waits do not change with money, so they have to be simulated: name the study instead of a run"
        )
    compared = run.compared
    for name in names:
        if name not in compared:
            raise ChoiceError(f"{name!r} is not an option of {run.folder}{did_you_mean(name, compared)}")
    trials = CostingAgain(run)
    return _answer(_pairs(run.options, names or compared), question, lambda pair: trials)


def answer_of_study(
    study: Study, names: Sequence[str], question: Question, runs: int, seed: int, engine: str, jobs: int, quiet: bool
) -> Answer:
    """Answer for options of a study, simulating each value that is tried.

    Parameters
    ----------
    study, names
        The study, and the options to answer for; all of them if none is named.
    question
        What is asked.
    runs, seed, engine
        Replications for each value, the address of their chance, and what simulates them.
    jobs
        Processes; 1 stays in this one.
    quiet
        Show no progress.

    Raises
    ------
    NotComparableError
        If there is no option but carry-on.
    ChoiceError
        If there is no such option or input.
    """
    chosen = [name for name in choose_options(study, names) if name != CARRY_ON]
    if not chosen:
        raise NotComparableError(
            f"{study.name}: name an option other than {CARRY_ON}, which is what they are held against"
        )
    plan = Plan(fixed(runs), seed, engine=engine)
    with progress_bar(quiet) as progress:
        return _answer(
            _pairs(study.options, chosen), question, lambda pair: Simulating(pair, runs, plan, jobs, progress)
        )


def _pairs(options: Mapping[str, Option], names: Iterable[str]) -> list[Pair]:
    return [Pair(options[CARRY_ON], options[name]) for name in names]


def _answer(pairs: Sequence[Pair], question: Question, trials_of: Callable[[Pair], Trials]) -> Answer:
    answer = Answer([], [])
    if question.path is not None:
        stating = [pair for pair in pairs if find_input(pair.option, question.path) is not None]
        if not stating:
            raise no_such_input(pairs[0].option, question.path)
        for pair in stating:
            answer.found.append(
                break_even(pair, question.path, question.asked, trials_of(pair), question.low, question.high)
            )
        return answer
    if question.low is not None or question.high is not None:
        raise ChoiceError("--from and --to go with --input: without it, every input has a range of its own")
    for pair in pairs:
        found, untried = break_evens(pair, question.asked, trials_of(pair))
        answer.found.extend(found)
        answer.untried.extend(one for one in untried if one not in answer.untried)
    return answer
