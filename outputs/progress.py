"""A progress bar for people who wait at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show progress on a terminal's standard error, and nothing anywhere else.

    Parameters
    ----------
    quiet
        Show nothing at all.

    Yields
    ------
    callable
        To be called with the number of runs that are finished, and the number that is expected so far.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("runs", total=None)

        def advance(finished: int, expected: int) -> None:
            progress.update(task, completed=finished, total=expected)

        yield advance
