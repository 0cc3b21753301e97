"""Commands that simulate many runs: compare and run."""

from __future__ import annotations

from typing import Any

import click

from stepdown.command_line.options import json_option, quiet_option, running_options, set_option, study_argument
from stepdown.command_line.printing import console, print_data, say_next, typed_command


@click.command(short_help="Compare all options in one table.")
@study_argument
@click.option("--option", "names", multiple=True, metavar="NAME", help="Only this option and carry-on; repeatable.")
@running_options
@set_option
@json_option
@quiet_option
def compare(
    study_source: str, names: tuple[str, ...], settings: tuple[str, ...], as_json: bool, **running: Any
) -> None:
    """Run every option with the same people and luck, and say what each does to waits, step-downs and cost."""
    from stepdown.outputs import board, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.measures.load import load_records
    from stepdown.outputs.run_study import run_study
    from stepdown.scenarios.loader import CARRY_ON, read_study

    study = read_study(study_source, settings)
    options = tuple(dict.fromkeys((CARRY_ON, *choose_options(study, names))))
    results, rows, folder = run_study(study, options, settings, typed_command(), with_comparison=True, **running)
    if as_json:
        answer = {"results": str(folder), "options": rows.to_dict("records"), "load": load_records(results.loads)}
        print_data(run_folder.as_json(answer))
        return
    screen = console()
    screen.print(study.title, style="bold")
    screen.print(board.board_table(rows))
    for sentence in board.sentences(results, rows):
        screen.print(sentence)
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
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    options = choose_options(study, [name])
    results, _, folder = run_study(study, options, settings, typed_command(), with_comparison=False, **running)
    report = option_report.option_report(results)
    if as_json:
        parts = {part.name: part.table.to_dict("records") for part in report}
        print_data(run_folder.as_json({"results": str(folder), "load": load_records(results.loads)} | parts))
        return
    screen = console()
    screen.print(f"{study.title}: {name}\n{board.run_sentence(results)}", style="bold")
    for part in report:
        screen.print(part.title, style="bold", soft_wrap=True)
        screen.print(option_report.as_rich(part))
    for load in results.loads[name]:
        screen.print(f"Load: {load}.")
    screen.print(f"Results: {folder}", soft_wrap=True)
    say_next(f"stepdown compare {study_source}", running["quiet"])
