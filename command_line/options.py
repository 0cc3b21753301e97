"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from stepdown.simulation.engines import DEFAULT_ENGINE, ENGINES

FOLDER = click.Path(path_type=Path, file_okay=False)

study_argument = click.argument("study_source", metavar="STUDY")
set_option = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Set a value last, such as settings.flats.places=10."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def _a_csv_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.suffix.lower() != ".csv":
        raise click.BadParameter(
            f"{str(value)!r} does not end in .csv, and CSV is what is written.", context, parameter
        )
    return value


csv_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_a_csv_file,
    metavar="FILE.csv",
    help="A CSV file to write, too.",
)
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True, help="Address of chance."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no messages.")


def _words(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return a perspective as it is called, which may be two words."""
    return value.replace("-", " ")


perspective_option = click.option(
    "--perspective",
    type=click.Choice(["council", "public-sector", "residents", "everybody"]),
    callback=_words,
    default="council",
    show_default=True,
    help="Whose money counts.",
)
engine_option = click.option(
    "--engine", type=click.Choice(list(ENGINES)), default=DEFAULT_ENGINE, show_default=True, help="What simulates."
)


def number_or(word: str) -> Callable[[click.Context, click.Parameter, str], int | str]:
    """Return a callback that reads a whole number from 1, or one word that stands for something else."""

    def read(context: click.Context, parameter: click.Parameter, value: str) -> int | str:
        if value == word:
            return value
        if not value.isdecimal() or int(value) < 1:
            raise click.BadParameter(f"{value!r} is neither {word!r} nor a whole number from 1.", context, parameter)
        return int(value)

    return read


RUNNING = (
    click.option(
        "-n",
        "--runs",
        metavar="NUMBER",
        callback=number_or("auto"),
        default="auto",
        show_default=True,
        help="Runs of each option; auto: until results are precise.",
    ),
    click.option(
        "--precision", metavar="WIDTH", help="What auto aims at, such as '£10,000, 3 days'. [default: 1%, 7 days or 5%]"
    ),
    click.option("--most-runs", type=click.IntRange(1), help="Where auto gives up. [default: 1000]"),
    seed_option,
    engine_option,
    click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]"),
    click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers do it instead."),
    click.option("--resume", is_flag=True, help="Go on with a run that was stopped."),
    click.option("-o", "--output", type=FOLDER, default=Path("runs"), show_default=True, help="Where results go."),
    click.option("--tables", type=click.Choice(["parquet", "csv"]), default="parquet", help="Form of tables."),
    click.option(
        "--detail",
        metavar="NUMBER",
        callback=number_or("all"),
        default="10",
        show_default=True,
        help="Runs of each option whose tables are kept, or all.",
    ),
)


def running_options(command: Any) -> Any:
    """Add the options of every command that simulates."""
    for option in reversed(RUNNING):
        command = option(command)
    return command
