"""The command that tells of supply, demand and gap over the years: needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stepdown.command_line.options import (
    csv_option,
    engine_option,
    json_option,
    quiet_option,
    seed_option,
    set_option,
    study_argument,
)
from stepdown.command_line.printing import console, print_data, say_next, say_that_it_compiles

if TYPE_CHECKING:
    from stepdown.outputs.need_table import By


@click.command(short_help="Show supply, demand and gap, year by year.")
@study_argument
@click.option("--option", "name", default="carry-on", show_default=True, metavar="NAME", help="The option to run.")
@click.option("--years", type=click.IntRange(1), default=5, show_default=True, help="Financial years to show.")
@click.option(
    "--by", type=click.Choice(["setting", "area"]), default="setting", show_default=True, help="Split by area as well."
)
@click.option("-n", "--runs", type=click.IntRange(1), default=200, show_default=True, help="Runs of the option.")
@seed_option
@engine_option
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]")
@csv_option
@set_option
@json_option
@quiet_option
def needs(
    study_source: str,
    name: str,
    years: int,
    by: By,
    runs: int,
    seed: int,
    engine: str,
    jobs: int | None,
    output: Path | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Run one option and show the places, the people who need them and the gap, by setting and financial year.

    This is the view that a local strategy for supported housing asks for.
    """
    from stepdown.outputs import need_report
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.need_runs import run_needs
    from stepdown.outputs.need_table import need_table
    from stepdown.outputs.table_files import write_csv_whole
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    (option,) = choose_options(study, [name])
    say_that_it_compiles(engine, quiet)
    found = run_needs(study, option, years, runs, seed, engine, jobs or os.cpu_count() or 1, quiet)
    table = need_table(found, by)
    if output is not None:
        write_csv_whole(table, output)
    if as_json:
        from stepdown.outputs.run_folder import as_json as json_of

        print_data(json_of(need_report.as_data(found, table, settings)))
        return
    screen = console()
    screen.print(f"{study.title}: {option}\n{need_report.run_sentence(found)}", style="bold")
    screen.print(need_report.as_rich(table))
    for sentence in need_report.sentences(found, table, years):
        screen.print(sentence)
    if output is not None:
        screen.print(f"Table: {output}", soft_wrap=True)
    say_next(f"stepdown run {study_source} --option {option}", quiet)
