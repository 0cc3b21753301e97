"""The command that leads from what carry-on costs to what an option costs: bridge."""

from __future__ import annotations

import os

import click

from stepdown.command_line.options import (
    engine_option,
    json_option,
    perspective_option,
    quiet_option,
    seed_option,
    set_option,
    study_argument,
)
from stepdown.command_line.printing import console, print_data, say_next, say_that_it_compiles


@click.command(short_help="Lead from carry-on's cost to an option's, step by step.")
@study_argument
@click.option("--option", "name", required=True, metavar="NAME", help="The option to lead to.")
@perspective_option
@click.option("-n", "--runs", type=click.IntRange(1), default=100, show_default=True, help="Runs of each option.")
@seed_option
@engine_option
@click.option("--jobs", type=click.IntRange(1), help="Processes. [default: all cores]")
@set_option
@json_option
@quiet_option
def bridge(
    study_source: str,
    name: str,
    perspective: str,
    runs: int,
    seed: int,
    engine: str,
    jobs: int | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Say by setting and payer where an option's saving comes from, and what each of its levers adds to it.

    Levers are turned on one after the other, and each alone, with the same people and luck.
    """
    from stepdown.outputs import bridge_report, lever_bridge
    from stepdown.outputs.experiment import Plan
    from stepdown.outputs.money.bridge import bridge as bridge_of
    from stepdown.outputs.progress import progress_bar
    from stepdown.outputs.run_folder import as_json as json_of
    from stepdown.outputs.stopping import fixed
    from stepdown.scenarios.loader import CARRY_ON

    study = lever_bridge.study_in_parts(study_source, name, settings)
    say_that_it_compiles(engine, quiet)
    with progress_bar(quiet) as progress:
        plan = Plan(fixed(runs), seed, engine=engine)
        found = lever_bridge.run_bridge(study, name, runs, plan, jobs or os.cpu_count() or 1, progress)
    by_payer = bridge_of(found.flows[CARRY_ON], found.flows[name], found.window.years)
    by_lever = lever_bridge.lever_bridge(found, perspective)
    if as_json:
        whole = bridge_report.bridge_data(by_payer) | bridge_report.lever_data(by_lever)
        print_data(
            json_of({"study": study.name, "seed": seed, "set": list(settings), "perspective": perspective} | whole)
        )
        return
    screen = console()
    screen.print(f"{study.title}: {name}", style="bold")
    screen.print(bridge_report.bridge_table(by_payer))
    screen.print(bridge_report.bridge_sentence(by_payer))
    if len(found.levers) > 1:
        screen.print(bridge_report.lever_table(by_lever))
        for sentence in bridge_report.lever_sentences(by_lever, perspective):
            screen.print(sentence)
    screen.print(f"Means of {runs} paired runs; seed {seed}. Costs of all payers in the first table.")
    say_next(f"stepdown breakeven {study_source} --option {name}", quiet)
