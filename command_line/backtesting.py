"""The command that holds forecasts from past dates against what came: backtest."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from stepdown.command_line.options import FOLDER, json_option, quiet_option, seed_option
from stepdown.command_line.printing import console, print_data, print_wrapped, say_that_it_compiles


def _dates(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[dt.date, ...]:
    try:
        return tuple(map(dt.date.fromisoformat, values))
    except ValueError:
        wrong = f"{', '.join(values)}: write dates such as 2024-04-01."
        raise click.BadParameter(wrong, context, parameter) from None


@click.command(short_help="Forecast from a past date, and compare with what came.")
@click.argument("history_folder", metavar="HISTORY", type=FOLDER)
@click.argument("study_source", metavar="STUDY")
@click.option(
    "--from",
    "dates",
    multiple=True,
    required=True,
    metavar="DATE",
    callback=_dates,
    help="The first day that the forecast must not know; repeatable.",
)
@click.option("--as-is", is_flag=True, help="Take STUDY as it is, instead of fitting it to what was known.")
@click.option("--calibrate", "calibrated", is_flag=True, help="Also calibrate it to what was known.")
@click.option(
    "--pool", type=click.IntRange(200), default=2000, show_default=True, help="Simulated pasts, with --calibrate."
)
@click.option(
    "--months",
    type=click.Choice(["1", "3", "12"]),
    default="3",
    show_default=True,
    help="Length of the periods that are counted.",
)
@click.option("-n", "--runs", type=click.IntRange(20), default=200, show_default=True, help="Futures from each date.")
@seed_option
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]")
@click.option(
    "--disclosure",
    type=click.Choice(["rounded", "exact"]),
    help="How counts are shown. [default: rounded to 5 where people are real]",
)
@click.option("-o", "--output", type=FOLDER, default=Path("backtest"), show_default=True, help="A new folder.")
@json_option
@quiet_option
def backtest(
    history_folder: Path,
    study_source: str,
    dates: tuple[dt.date, ...],
    as_is: bool,
    calibrated: bool,
    pool: int,
    months: str,
    runs: int,
    seed: int,
    jobs: int | None,
    disclosure: str | None,
    output: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Forecast from a past date what is known by now, and say how good the forecast was.

    STUDY gives the structure, as for 'stepdown fit': it is fitted to what was known on the date, so that the forecast
    knows nothing of the months that it is held against. A naive forecast stands beside it.
    """
    from functools import partial

    from stepdown.calibration.backtesting.backtest import backtest as made
    from stepdown.calibration.backtesting.files import backtest_data, write_backtest
    from stepdown.calibration.backtesting.remaking import Remade, knows_later
    from stepdown.calibration.backtesting.report import score_table, sentences
    from stepdown.calibration.backtesting.table import printed_table
    from stepdown.calibration.disclosure import disclosure_of
    from stepdown.calibration.history_files import read_history
    from stepdown.calibration.new_folders import require_new
    from stepdown.outputs.progress import progress_bar
    from stepdown.outputs.run_folder import as_json as json_of
    from stepdown.scenarios.loader import read_study
    from stepdown.simulation.engines import DEFAULT_ENGINE

    if as_is and calibrated:
        raise click.UsageError("--as-is takes the study as it is, and --calibrate does not: name one of them.")
    require_new(output)
    history, study = read_history(history_folder), read_study(study_source)
    say_that_it_compiles(DEFAULT_ENGINE, quiet)
    processes = jobs or os.cpu_count() or 1
    shown = partial(progress_bar, quiet)
    remake = None if as_is else Remade(study, pool if calibrated else None, seed, processes, shown)
    found = made(history, study, dates, int(months), runs, seed, processes, shown, remake)
    if remake is not None and knows_later(study) and not quiet:
        click.echo(f"{study_source} was fitted to records already; name the study that it was fitted from.", err=True)
    table = score_table(found)
    write_backtest(found, table, disclosure_of(history.simulated, disclosure), output)
    if as_json:
        print_data(json_of(backtest_data(found, table)))
        return
    screen = console()
    screen.print(f"Back-test: {found.name}", style="bold")
    screen.print(printed_table(table))
    print_wrapped(sentences(found, table))
    screen.print(f"Report: {output / 'backtest.html'}", soft_wrap=True)
