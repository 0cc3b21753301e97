"""The command that writes a paper about a finished run: report."""

from __future__ import annotations

from pathlib import Path

import click

from stepdown.command_line.money import run_argument
from stepdown.command_line.options import quiet_option
from stepdown.command_line.printing import say_next


@click.command(short_help="Write a board's paper from a finished run.")
@run_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("paper.html"),
    show_default=True,
    metavar="FILE",
    help="The paper: .html for a page of four sides, .docx for Word.",
)
@click.option(
    "--option", "name", metavar="NAME", help="What the paper is about. [default: the first option besides carry-on]"
)
@click.option(
    "--annex",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="An annex to write, too: assumptions log, STRESS-DES, data of the figures.",
)
@quiet_option
def report(folder: Path, output: Path, name: str | None, annex: Path | None, quiet: bool) -> None:
    """Write the paper on a finished RUN of `stepdown compare`; nothing is simulated.

    Your own text, written into the marked places of the paper, stays when the paper is written again.
    """
    from stepdown.outputs.paper.facts import read_facts
    from stepdown.outputs.paper.report import check_names, write_report

    check_names(output, annex)
    facts = read_facts(folder, name)
    write_report(facts, output, annex)
    click.echo(f"Paper on {facts.option}: {output}")
    if annex is not None:
        click.echo(f"Annex: {annex}")
    if annex is None:
        say_next(f"stepdown report {folder} --option {facts.option} -o {output} --annex annex.html", quiet)
