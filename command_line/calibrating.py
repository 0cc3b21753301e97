"""The command that finds what records do not show: calibrate."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from stepdown.command_line.options import FOLDER, json_option, number_or, quiet_option, seed_option, study_argument
from stepdown.command_line.printing import console, print_data, print_wrapped, say_next, say_that_it_compiles


@click.command(short_help="Find what records do not show.")
@click.argument("history_folder", metavar="HISTORY", type=FOLDER)
@study_argument
@click.option(
    "-o", "--output", type=FOLDER, default=Path("calibrated"), show_default=True, help="The new study's folder."
)
@click.option(
    "--unknown", "asked", multiple=True, metavar="'PATH=LOW to HIGH'", help="Look for this value; repeatable."
)
@click.option(
    "--pool",
    metavar="NUMBER",
    callback=number_or("auto"),
    default="4000",
    show_default=True,
    help="Simulated pasts; auto: until more are worth nothing.",
)
@click.option("--draws", type=click.IntRange(20), default=500, show_default=True, help="Draws that are kept.")
@seed_option
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]")
@click.option(
    "--disclosure", type=click.Choice(["rounded", "exact"]), help="Counts. [default: rounded if people are real]"
)
@click.option("--dry-run", is_flag=True, help="Say what would be looked for, and simulate nothing.")
@json_option
@quiet_option
def calibrate(
    study_source: str,
    history_folder: Path,
    output: Path,
    asked: tuple[str, ...],
    pool: int | str,
    draws: int,
    seed: int,
    jobs: int | None,
    disclosure: str | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find the values with which the model makes a past like the one that HISTORY records.

    What is looked for stands in unknowns.yaml in the folder of STUDY, as 'stepdown fit' leaves it, or is named with
    --unknown; else it is every assumption with a low and a high value. The study is written anew, with what was found,
    how sure that is, and whether it can be believed.
    """
    from stepdown.calibration.disclosure import disclosure_of
    from stepdown.calibration.history_files import read_history
    from stepdown.calibration.matching import report
    from stepdown.calibration.matching.calibrate import calibrate as find_values
    from stepdown.calibration.matching.calibrate import observed_by, what_is_sought
    from stepdown.calibration.matching.findings import warnings_of
    from stepdown.calibration.matching.folder import as_data, files_of
    from stepdown.calibration.matching.page import page_of
    from stepdown.calibration.matching.unknowns import UNKNOWNS, asked_unknown, find_unknowns, read_unknowns
    from stepdown.calibration.new_folders import require_new
    from stepdown.calibration.study_folder import write_study
    from stepdown.outputs.progress import progress_bar
    from stepdown.outputs.run_folder import as_json as json_of
    from stepdown.scenarios.loader import CARRY_ON, read_study
    from stepdown.scenarios.sources import entry_of

    typed = [asked_unknown(text) for text in asked]
    study, history = read_study(study_source), read_history(history_folder)
    written = read_unknowns(entry_of(study_source)[1].parent / UNKNOWNS)
    unknowns = find_unknowns(study.options[CARRY_ON], written, typed)
    sought = what_is_sought(study, history, unknowns, seed)
    shown = disclosure_of(history.simulated, disclosure)
    screen = console()
    if dry_run:
        observed = observed_by(sought, history)
        if as_json:
            print_data(json_of(report.plan_data(sought, observed)))
            return
        screen.print(f"{study.title}: what would be looked for", style="bold")
        screen.print(report.plan_of(sought))
        print_wrapped(report.plan_sentences(sought, observed, history))
        say_next(f"stepdown calibrate {history_folder} {study_source} -o {output}", quiet)
        return
    require_new(output)
    say_that_it_compiles("compiled", quiet)
    pasts = None if isinstance(pool, str) else pool
    found = find_values(sought, history, pasts, draws, jobs or os.cpu_count() or 1, partial(progress_bar, quiet))
    write_study(output, files_of(found, history, study_source, page_of(found, history, study.title, shown), shown))
    if as_json:
        print_data(json_of(as_data(found, history, shown)))
        return
    screen.print(f"{study.title}: calibrated", style="bold")
    screen.print(report.table_of(found))
    print_wrapped([*warnings_of(found, shown), *report.sentences_of(found, history)])
    screen.print(f"Study: {output}", soft_wrap=True)
    say_next(f"stepdown compare {output}", quiet)
