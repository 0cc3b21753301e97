"""Results go to the standard output, and messages to the other."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from typing import Any

import click


def typed_command() -> str:
    """Return what was typed, so that it can be typed again."""
    return shlex.join(["stepdown", *sys.argv[1:]])


def say_next(command: str, quiet: bool = False) -> None:
    """Name a command that is worth typing next."""
    if not quiet:
        click.echo(f"Next: {command}", err=True)


def say_that_it_compiles(engine: str, quiet: bool = False) -> None:
    """Say why nothing is to be seen for a while, if the engine is new to this machine."""
    from stepdown.simulation.engines import is_ready

    if not quiet and not is_ready(engine):
        click.echo("Compiling for this machine: half a minute, this once.", err=True)


def console() -> Any:
    """Return the screen, for tables; it shows names as they are."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def print_wrapped(sentences: Iterable[str]) -> None:
    """Print sentences, each on a line of its own as wide as the screen."""
    width = console().width
    for sentence in sentences:
        click.echo(click.wrap_text(sentence, width, subsequent_indent="  "))


def print_data(text: str) -> None:
    """Print what other programs read."""
    # What other programs read is UTF-8 wherever it goes; a terminal shows what it can.
    click.echo(text if sys.stdout.isatty() else text.encode(), nl=False)
