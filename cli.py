"""The command line: parse, call, print. What commands do is in the packages that they call."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stepdown.scenarios.errors import NotComparableError, ScenarioError, StepdownError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from stepdown.outputs.experiment import Results
    from stepdown.scenarios.loader import Study

FAILED, WRONG_INPUT, NOT_COMPARABLE, STOPPED = 1, 3, 5, 130
"""Exit codes; click's own for a wrong command line is 2."""

EXAMPLES = """Examples:

\b
  stepdown list                         the scenarios that come with stepdown
  stepdown compare orchard-house        what each option does to waits, moves and cost
  stepdown explain leicester package    what an option means, in sentences
  stepdown init my-council              begin a scenario of your own
"""


class _Settings(click.ParamType[str]):
    """``path=value``."""

    name = "PATH=VALUE"


@click.group(invoke_without_command=True, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stepdown", prog_name="stepdown")
@click.pass_context
def cli(context: click.Context) -> None:
    """Simulate supported-living pathways and compare commissioning options.

    STUDY is a scenario file, a folder that holds options.yaml or base.yaml, or the name of a shipped scenario.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


study_argument = click.argument("study_source", metavar="STUDY")
set_option = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Set a value last, such as settings.flats.places=10."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no messages.")


def running_options(command: Any) -> Any:
    """Add the options of every command that simulates."""
    for option in reversed(
        [
            click.option(
                "-n", "--runs", type=click.IntRange(1), default=50, show_default=True, help="Runs of each option."
            ),
            click.option(
                "--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True, help="Address of chance."
            ),
            click.option(
                "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes. [default: all cores]"
            ),
            click.option(
                "-o",
                "--output",
                type=click.Path(path_type=Path, file_okay=False),
                default=Path("runs"),
                show_default=True,
                help="Where the folder with the results goes.",
            ),
            click.option(
                "--tables",
                type=click.Choice(["parquet", "csv"]),
                default="parquet",
                show_default=True,
                help="Form of the tables of stays, case steps and places.",
            ),
        ]
    ):
        command = option(command)
    return command


@cli.command()
@study_argument
@click.option(
    "--option", "names", multiple=True, metavar="NAME", help="Only this option, besides carry-on; repeatable."
)
@running_options
@set_option
@json_option
@quiet_option
def compare(
    study_source: str, names: tuple[str, ...], settings: tuple[str, ...], as_json: bool, quiet: bool, **running: Any
) -> None:
    """Run every option with the same people and luck, and say what each does to waits, step-downs and cost."""
    from stepdown.outputs import board, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.scenarios.loader import CARRY_ON, read_study

    study = read_study(study_source, settings)
    options = tuple(dict.fromkeys((CARRY_ON, *choose_options(study, names))))
    results, rows, folder = _run(study, options, settings, quiet, with_comparison=True, **running)
    if as_json:
        answer = {"results": str(folder), "options": rows.to_dict("records"), "load": _loads(results)}
        click.echo(run_folder.as_json(answer), nl=False)
        return
    console = _console()
    console.print(study.title, style="bold")
    console.print(board.board_table(rows))
    for sentence in board.sentences(results, rows):
        console.print(sentence)
    _next_step(console, folder, f"stepdown explain {study_source} {options[-1]}")


@cli.command()
@study_argument
@click.option("--option", "name", default="carry-on", show_default=True, metavar="NAME", help="The option to run.")
@running_options
@set_option
@json_option
@quiet_option
def run(study_source: str, name: str, settings: tuple[str, ...], as_json: bool, quiet: bool, **running: Any) -> None:
    """Run one option and show its waits, occupancy, moves, delays and costs."""
    from stepdown.outputs import option_report, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    options = choose_options(study, [name])
    results, _, folder = _run(study, options, settings, quiet, with_comparison=False, **running)
    report = option_report.option_report(results)
    if as_json:
        parts = {part.name: part.table.to_dict("records") for part in report}
        click.echo(run_folder.as_json({"results": str(folder), "load": _loads(results)} | parts), nl=False)
        return
    console = _console()
    for part in report:
        console.print(option_report.as_rich(part))
    for load in results.loads[name]:
        console.print(f"Load: {load}.")
    _next_step(console, folder, f"stepdown compare {study_source}")


def _run(
    study: Study,
    options: tuple[str, ...],
    settings: Sequence[str],
    quiet: bool,
    with_comparison: bool,
    runs: int,
    seed: int,
    jobs: int,
    output: Path,
    tables: Any,
) -> Any:
    """Run options into a new folder; return the results, the comparison and the folder."""
    from stepdown.outputs import board, run_folder
    from stepdown.outputs.experiment import run_options
    from stepdown.outputs.progress import progress_bar
    from stepdown.outputs.table_files import TablesWriter

    command = " ".join(["stepdown", *sys.argv[1:]])
    with run_folder.new_run_folder(output, study) as (partial, final):
        with TablesWriter(partial / "tables", tables) as writer, progress_bar(options, runs, quiet) as progress:
            results = run_options(study, options, runs, seed, jobs, writer.add, progress)
        rows = board.compare_options(results) if with_comparison else None
        run_folder.write_results(partial, results, rows, settings, command)
    return results, rows, final


@cli.command()
@study_argument
@set_option
def check(study_source: str, settings: tuple[str, ...]) -> None:
    """Check a scenario's files, report every fault, and say which lists cannot stabilise."""
    from stepdown.outputs.experiment import networks_of
    from stepdown.outputs.load import load_check
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    networks = networks_of(study, tuple(study.options))
    console = _console()
    for option, network in networks.items():
        loads = [load for load in load_check(network) if load.overloaded]
        console.print(f"{option}: " + ("; ".join(map(str, loads)) or "every list can stabilise") + ".", soft_wrap=True)
    assumptions = study.options["carry-on"].assumptions
    assumed = sum("assumption" in (assumption.source or "").lower() for assumption in assumptions)
    click.echo(
        f"No faults: {len(study.options)} options from {len(study.files)} files; of {len(assumptions)} values with a "
        f"source, {assumed} are assumptions. Next: stepdown compare {study_source}"
    )


@cli.command()
@study_argument
@click.argument("option", default="carry-on")
@set_option
def explain(study_source: str, option: str, settings: tuple[str, ...]) -> None:
    """Read an option back in plain sentences."""
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.explain import explain as sentences
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    choose_options(study, [option])
    for sentence in sentences(study, option):
        click.echo(click.wrap_text(sentence, _width(), subsequent_indent="  "))


@cli.command()
@study_argument
@click.option("--option", default="carry-on", show_default=True, help="The option to show.")
@click.option("--origin", is_flag=True, help="Say where each value came from.")
@set_option
def show(study_source: str, option: str, origin: bool, settings: tuple[str, ...]) -> None:
    """Print an option's scenario as it was resolved: the base with its levers applied."""
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.origins import with_origins
    from stepdown.outputs.run_folder import as_yaml
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    (name,) = choose_options(study, [option])
    chosen = study.options[name]
    click.echo("\n".join(with_origins(chosen)) if origin else as_yaml(chosen.data).rstrip())


@cli.command()
@study_argument
@click.option("--option", default="carry-on", show_default=True, help="The option in which the person lives.")
@click.option(
    "--person", type=click.IntRange(1), default=None, help="Number of the person; one with much to tell if not given."
)
@click.option("--run", "replication", type=click.IntRange(0), default=0, show_default=True, help="Number of the run.")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=1, show_default=True, help="Address of chance.")
@set_option
def journey(
    study_source: str, option: str, person: int | None, replication: int, seed: int, settings: tuple[str, ...]
) -> None:
    """Tell one person's history in dated sentences."""
    from stepdown.outputs.experiment import choose_options, networks_of, window_of
    from stepdown.outputs.journey import tell
    from stepdown.scenarios.loader import read_study
    from stepdown.simulation.reference import simulate

    study = read_study(study_source, settings)
    (name,) = choose_options(study, [option])
    network = networks_of(study, [name])[name]
    tables = simulate(network, name, seed, replication)
    for sentence in tell(tables, study.options[name].scenario, window_of(network), person):
        click.echo(click.wrap_text(sentence, _width(), subsequent_indent="  "))


@cli.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="A file to write instead."
)
def schema(output: Path | None) -> None:
    """Print the JSON Schema of scenario files, for completion and live errors in editors."""
    from stepdown.outputs.run_folder import as_json, write_text
    from stepdown.scenarios.json_schema import study_schema

    text = as_json(study_schema())
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
        click.echo(f"Wrote {output}. Begin a scenario file with: # yaml-language-server: $schema={output}", err=True)


@cli.command(name="list")
def list_() -> None:
    """List the scenarios that come with stepdown."""
    from stepdown.scenarios.loader import shipped

    for name, title in shipped():
        click.echo(f"{name:<16}{title}")
    click.echo("Next: stepdown compare orchard-house", err=True)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Begin a scenario of your own: a new FOLDER with a small worked example."""
    from stepdown.outputs.worked_example import write_example

    for path in write_example(folder):
        click.echo(path)
    click.echo(f"Next: stepdown check {folder}", err=True)


def _loads(results: Results) -> dict[str, list[dict[str, Any]]]:
    return {
        option: [
            {"name": load.name, "unit": load.unit, "needs": load.needs, "has": load.has, "overloaded": load.overloaded}
            for load in loads
        ]
        for option, loads in results.loads.items()
    }


def _next_step(console: Console, folder: Path, command: str) -> None:
    console.print(f"Results: {folder}", soft_wrap=True)
    console.print(f"Next: {command}", soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _width() -> int:
    return _console().width


def main() -> None:
    """Run the command line; a user's mistake ends in a message and an exit code, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing was kept.", err=True)
        sys.exit(STOPPED)
    except StepdownError as error:
        click.echo(str(error), err=True)
        sys.exit(_exit_code(error))
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _exit_code(error: StepdownError) -> int:
    if isinstance(error, ScenarioError):
        return WRONG_INPUT
    return NOT_COMPARABLE if isinstance(error, NotComparableError) else FAILED
