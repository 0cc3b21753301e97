"""A progress bar for people who wait at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(options: Sequence[str], runs: int, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show progress on a terminal's standard error, and nothing anywhere else.

    Parameters
    ----------
    options
        The options that will run, in order.
    runs
        Replications of each.
    quiet
        Show nothing at all.

    Yields
    ------
    callable
        To be called with an option and the number of its replications that have been finished.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("runs", total=len(options) * runs)

        def advance(option: str, finished: int) -> None:
            progress.update(task, advance=finished, description=option)

        yield advance
