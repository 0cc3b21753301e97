"""Arguments and options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(path_type=Path, file_okay=False)

study_argument = click.argument("study_source", metavar="STUDY")
set_option = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Set a value last, such as settings.flats.places=10."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True, help="Address of chance."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no messages.")

RUNNING = (
    click.option("-n", "--runs", type=click.IntRange(1), default=50, show_default=True, help="Runs of each option."),
    seed_option,
    click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes. [default: all cores]"),
    click.option("-o", "--output", type=FOLDER, default=Path("runs"), show_default=True, help="Where results go."),
    click.option("--tables", type=click.Choice(["parquet", "csv"]), default="parquet", help="Form of tables."),
)


def running_options(command: Any) -> Any:
    """Add the options of every command that simulates."""
    for option in reversed(RUNNING):
        command = option(command)
    return command
