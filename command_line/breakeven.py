"""The command that tells how far an input may move: breakeven."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.core import ParameterSource

from stepdown.command_line.options import (
    engine_option,
    json_option,
    perspective_option,
    quiet_option,
    seed_option,
    set_option,
)
from stepdown.command_line.printing import console, print_data, say_next, say_that_it_compiles


@click.command(short_help="Say how far an input may move before an option fails.")
@click.argument("source", metavar="RUN_OR_STUDY")
@click.option("--option", "names", multiple=True, metavar="NAME", help="Only this option; repeatable. [default: all]")
@click.option(
    "--input", "path", metavar="PATH", help="One input, such as prices.flats.council.per_place_per_week. [default: all]"
)
@click.option(
    "--until", default="saving", show_default=True, metavar="WHAT", help="saving, npv, or wait: and a list's name."
)
@perspective_option
@click.option("--from", "low", metavar="LOW", help="Where to begin looking. [default: 0]")
@click.option("--to", "high", metavar="HIGH", help="Where to stop. [default: three times what it is now]")
@click.option(
    "-n", "--runs", type=click.IntRange(2), default=100, show_default=True, help="Runs for each value of a study."
)
@seed_option
@engine_option
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]")
@set_option
@json_option
@quiet_option
def breakeven(
    source: str,
    names: tuple[str, ...],
    path: str | None,
    until: str,
    perspective: str,
    low: str | None,
    high: str | None,
    runs: int,
    seed: int,
    engine: str,
    jobs: int | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Say at which value of an input an option stops saving, stops being worth its cost, or misses a target.

    A finished RUN is costed again at other prices: nothing is simulated, and what is found is kept in its folder. Any
    other number is tried on a STUDY, which is simulated for each value with the same people and luck.
    """
    from stepdown.outputs.breakeven import report
    from stepdown.outputs.breakeven.answer import Question, answer_of_run, answer_of_study
    from stepdown.outputs.breakeven.asked import asked_about
    from stepdown.outputs.breakeven.sentences import sentence, sentences, untried_sentence
    from stepdown.outputs.finished_run import is_run, read_run
    from stepdown.outputs.run_folder import as_json as json_of
    from stepdown.scenarios.loader import read_study

    question = Question(asked_about(until, perspective), path, low, high)
    folder = Path(source) if is_run(Path(source)) else None
    if folder is not None:
        _refuse_simulation(click.get_current_context())
        run = read_run(folder, settings=settings)
        title, answer = str(run.manifest["title"]), answer_of_run(run, names, question)
    else:
        study = read_study(source, settings)
        say_that_it_compiles(engine, quiet)
        jobs = jobs or os.cpu_count() or 1
        title, answer = study.title, answer_of_study(study, names, question, runs, seed, engine, jobs, quiet)
    rows = report.break_even_rows(answer.found)
    kept = report.keep_break_evens(folder, rows) if folder is not None and not settings else None
    if as_json:
        print_data(json_of({"source": source, "set": list(settings), "break_evens": rows}))
        return
    screen = console()
    screen.print(title, style="bold")
    for part in report.by_option(answer.found):
        if path is None:
            screen.print(report.break_even_table(part))
        for said in sentences(part) if path is None else map(sentence, part):
            screen.print(said)
    if answer.untried:
        screen.print(untried_sentence(answer.untried))
    screen.print(report.how(answer.found, None if folder else seed))
    if kept is not None:
        screen.print(f"Kept: {kept}", soft_wrap=True)
    say_next(f"stepdown cost {folder}" if folder else f"stepdown compare {source}", quiet)


def _refuse_simulation(context: click.Context) -> None:
    """Refuse options that say how to simulate where nothing is."""
    for name in ("runs", "seed", "engine", "jobs"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} goes with a study: a finished run is not simulated again.")
