"""Commands that simulate many runs: compare and run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from stepdown.command_line.options import json_option, quiet_option, running_options, set_option, study_argument
from stepdown.command_line.printing import console, print_data, say_next, say_that_it_compiles, typed_command

if TYPE_CHECKING:
    from stepdown.outputs.experiment import Plan
    from stepdown.outputs.run_study import Means, Output
    from stepdown.outputs.stopping import Stopping


@click.command(short_help="Compare all options in one table.")
@study_argument
@click.option("--option", "names", multiple=True, metavar="NAME", help="Only this option and carry-on; repeatable.")
@click.option("--by", type=click.Choice(["area"]), help="Also say who gains and who loses.")
@running_options
@set_option
@json_option
@quiet_option
def compare(
    study_source: str,
    names: tuple[str, ...],
    by: str | None,
    settings: tuple[str, ...],
    as_json: bool,
    **running: Any,
) -> None:
    """Run every option with the same people and luck, and say what each does to waits, step-downs and cost."""
    from stepdown.outputs import board, by_area, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.measures.load import load_records
    from stepdown.outputs.run_study import run_study
    from stepdown.outputs.stopping import stopping_data
    from stepdown.scenarios.loader import CARRY_ON, read_study

    study = read_study(study_source, settings)
    options = tuple(dict.fromkeys((CARRY_ON, *choose_options(study, names))))
    if by is not None:
        by_area.require_areas(study)
    results, rows, folder = run_study(study, options, settings, True, *_asked(**running))
    if as_json:
        answer = {"results": str(folder), "runs": results.runs, "precision": stopping_data(results.plan.stopping)}
        answer |= {"options": rows.to_dict("records"), "load": load_records(results.loads)}
        answer |= {"areas": by_area.by_area(results).to_dict("records")} if by else {}
        answer |= {"doubt": results.doubt.to_dict("records")} if len(results.doubt) else {}
        print_data(run_folder.as_json(answer))
        return
    screen = console()
    screen.print(study.title, style="bold")
    screen.print(board.board_table(rows))
    for sentence in board.sentences(results, rows):
        screen.print(sentence)
    if by:
        for title, table in by_area.area_tables(results):
            screen.print(title, style="bold")
            screen.print(table)
        screen.print(by_area.MEANINGS)
    screen.print(f"Results: {folder}", soft_wrap=True)
    say_next(f"stepdown explain {study_source} {options[-1]}", running["quiet"])


@click.command(short_help="Run one option and show it in full.")
@study_argument
@click.option("--option", "name", default="carry-on", show_default=True, metavar="NAME", help="The option to run.")
@running_options
@set_option
@json_option
@quiet_option
def run(study_source: str, name: str, settings: tuple[str, ...], as_json: bool, **running: Any) -> None:
    """Run one option and show its waits, occupancy, moves, delays and costs."""
    from stepdown.outputs import board, option_report, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.measures.load import load_records
    from stepdown.outputs.run_study import run_study
    from stepdown.outputs.stopping import stopping_data, stopping_sentences
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    options = choose_options(study, [name])
    results, _, folder = run_study(study, options, settings, False, *_asked(**running))
    report = option_report.option_report(results)
    if as_json:
        parts = {part.name: part.table.to_dict("records") for part in report}
        answer = {"results": str(folder), "runs": results.runs, "precision": stopping_data(results.plan.stopping)}
        print_data(run_folder.as_json(answer | {"load": load_records(results.loads)} | parts))
        return
    screen = console()
    screen.print(f"{study.title}: {name}\n{board.run_sentence(results)}", style="bold")
    for sentence in stopping_sentences(results.plan.stopping, results.runs):
        screen.print(sentence)
    for part in report:
        screen.print(part.title, style="bold", soft_wrap=True)
        screen.print(option_report.as_rich(part))
    for load in results.loads[name]:
        screen.print(f"Load: {load}.")
    screen.print(f"Results: {folder}", soft_wrap=True)
    say_next(f"stepdown compare {study_source}", running["quiet"])


def _asked(
    runs: int | Literal["auto"],
    precision: str | None,
    most_runs: int | None,
    seed: int,
    engine: str,
    jobs: int | None,
    cluster: str | None,
    resume: bool,
    output: Path,
    tables: Literal["parquet", "csv"],
    detail: int | Literal["all"],
    quiet: bool,
) -> tuple[Plan, Means, Output]:
    """Return what the options of a running command ask for."""
    from stepdown.outputs.experiment import Plan
    from stepdown.outputs.run_study import Means, Output

    if cluster is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine, and --cluster for others: name one of them.")
    say_that_it_compiles(engine, quiet)
    plan = Plan(_stopping(runs, precision, most_runs), seed, None if detail == "all" else detail, engine)
    means = Means(jobs or os.cpu_count() or 1, cluster, resume)
    return plan, means, Output(output, tables, typed_command(), quiet)


def _stopping(runs: int | Literal["auto"], precision: str | None, most_runs: int | None) -> Stopping:
    from stepdown.outputs.precision import DEFAULT_PRECISION, parse_precision
    from stepdown.outputs.stopping import MOST, fixed, until_precise

    if runs == "auto":
        return until_precise(parse_precision(precision or DEFAULT_PRECISION), most_runs or MOST)
    if precision is not None or most_runs is not None:
        raise click.UsageError(f"--precision and --most-runs go with --runs auto, not with --runs {runs}.")
    return fixed(runs)
