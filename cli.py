"""The command line: parse, call, print. What commands do is in the packages that they call."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from stepdown.scenarios.errors import ChoiceError, NotComparableError, ScenarioError, StepdownError

FOLDER = click.Path(path_type=Path, file_okay=False)
FAILED, WRONG_COMMAND, WRONG_INPUT, NOT_COMPARABLE, STOPPED = 1, 2, 3, 5, 130
"""Exit codes. Click has the same for a wrong command line."""

CODES = {ChoiceError: WRONG_COMMAND, ScenarioError: WRONG_INPUT, NotComparableError: NOT_COMPARABLE}
"""The exit codes of errors that are told apart."""

EXAMPLES = """Examples:

\b
  stepdown list                         the scenarios that come with stepdown
  stepdown compare orchard-house        what each option does to waits, moves and cost
  stepdown explain leicester package    what an option means, in sentences
  stepdown init my-council              begin a scenario of your own
"""


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


@cli.command(short_help="Compare all options in one table.")
@study_argument
@click.option("--option", "names", multiple=True, metavar="NAME", help="Only this option and carry-on; repeatable.")
@running_options
@set_option
@json_option
@quiet_option
def compare(
    study_source: str, names: tuple[str, ...], settings: tuple[str, ...], as_json: bool, **running: Any
) -> None:
    """Run every option with the same people and luck, and say what each does to waits, step-downs and cost."""
    from stepdown.outputs import board, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.measures.load import load_records
    from stepdown.outputs.run_study import run_study
    from stepdown.scenarios.loader import CARRY_ON, read_study

    study = read_study(study_source, settings)
    options = tuple(dict.fromkeys((CARRY_ON, *choose_options(study, names))))
    results, rows, folder = run_study(study, options, settings, _command(), with_comparison=True, **running)
    if as_json:
        answer = {"results": str(folder), "options": rows.to_dict("records"), "load": load_records(results.loads)}
        _print_data(run_folder.as_json(answer))
        return
    console = _console()
    console.print(study.title, style="bold")
    console.print(board.board_table(rows))
    for sentence in board.sentences(results, rows):
        console.print(sentence)
    console.print(f"Results: {folder}", soft_wrap=True)
    _say_next(f"stepdown explain {study_source} {options[-1]}", running["quiet"])


@cli.command(short_help="Run one option and show it in full.")
@study_argument
@click.option("--option", "name", default="carry-on", show_default=True, metavar="NAME", help="The option to run.")
@running_options
@set_option
@json_option
@quiet_option
def run(study_source: str, name: str, settings: tuple[str, ...], as_json: bool, **running: Any) -> None:
    """Run one option and show its waits, occupancy, moves, delays and costs."""
    from stepdown.outputs import board, option_report, run_folder
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.measures.load import load_records
    from stepdown.outputs.run_study import run_study
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    options = choose_options(study, [name])
    results, _, folder = run_study(study, options, settings, _command(), with_comparison=False, **running)
    report = option_report.option_report(results)
    if as_json:
        parts = {part.name: part.table.to_dict("records") for part in report}
        _print_data(run_folder.as_json({"results": str(folder), "load": load_records(results.loads)} | parts))
        return
    console = _console()
    console.print(f"{study.title}: {name}\n{board.run_sentence(results)}", style="bold")
    for part in report:
        console.print(part.title, style="bold", soft_wrap=True)
        console.print(option_report.as_rich(part))
    for load in results.loads[name]:
        console.print(f"Load: {load}.")
    console.print(f"Results: {folder}", soft_wrap=True)
    _say_next(f"stepdown compare {study_source}", running["quiet"])


@cli.command(short_help="Check the files of a scenario.")
@study_argument
@set_option
def check(study_source: str, settings: tuple[str, ...]) -> None:
    """Check a scenario's files, report every fault, and say which lists cannot stabilise."""
    from stepdown.outputs.check_report import check_report
    from stepdown.scenarios.loader import read_study

    for sentence in check_report(read_study(study_source, settings)):
        click.echo(sentence)
    _say_next(f"stepdown compare {study_source}")


@cli.command(short_help="Say what an option means, in sentences.")
@study_argument
@click.argument("option", default="carry-on")
@set_option
def explain(study_source: str, option: str, settings: tuple[str, ...]) -> None:
    """Read an option back in plain sentences."""
    from stepdown.outputs.experiment import choose_options
    from stepdown.outputs.words.explain import explain as sentences
    from stepdown.scenarios.loader import read_study

    study = read_study(study_source, settings)
    choose_options(study, [option])
    _print_wrapped(sentences(study, option))


@cli.command(short_help="Print an option as it was resolved.")
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
    _print_data("".join(f"{line}\n" for line in with_origins(chosen)) if origin else as_yaml(chosen.data))


@cli.command(short_help="Tell one person's history.")
@study_argument
@click.option("--option", default="carry-on", show_default=True, help="The option in which the person lives.")
@click.option("--person", type=click.IntRange(1), default=None, help="Number of the person; else a telling one.")
@click.option("--run", "replication", type=click.IntRange(0), default=0, show_default=True, help="Number of the run.")
@seed_option
@set_option
def journey(
    study_source: str, option: str, person: int | None, replication: int, seed: int, settings: tuple[str, ...]
) -> None:
    """Tell one person's history in dated sentences."""
    from stepdown.outputs.experiment import choose_options, networks_of, window_of
    from stepdown.outputs.words.journey import tell
    from stepdown.scenarios.loader import read_study
    from stepdown.simulation.reference import simulate

    study = read_study(study_source, settings)
    (name,) = choose_options(study, [option])
    network = networks_of(study, [name])[name]
    tables = simulate(network, name, seed, replication)
    _print_wrapped(tell(tables, study.options[name].scenario, window_of(network), person))


@cli.command(short_help="Print the JSON Schema for editors.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="A file to write instead."
)
def schema(output: Path | None) -> None:
    """Print the JSON Schema of scenario files, for completion and live errors in editors."""
    from stepdown.outputs.run_folder import as_json, write_text
    from stepdown.scenarios.json_schema import study_schema

    text = as_json(study_schema())
    if output is None:
        _print_data(text)
    else:
        write_text(output, text)
        click.echo(f"Wrote {output}. Begin a scenario file with: # yaml-language-server: $schema={output}", err=True)


@cli.command(name="list", short_help="List the scenarios that come with stepdown.")
def list_() -> None:
    """List the scenarios that come with stepdown."""
    from stepdown.scenarios.loader import shipped

    for name, title in shipped():
        click.echo(f"{name:<16}{title}")
    _say_next("stepdown compare orchard-house")


@cli.command(short_help="Begin a scenario of your own.")
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Begin a scenario of your own: a new FOLDER with a small worked example."""
    from stepdown.outputs.worked_example import write_example

    for path in write_example(folder):
        click.echo(path)
    _say_next(f"stepdown check {folder}")


def _command() -> str:
    return shlex.join(["stepdown", *sys.argv[1:]])


def _say_next(command: str, quiet: bool = False) -> None:
    if not quiet:
        click.echo(f"Next: {command}", err=True)


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _print_wrapped(sentences: Iterable[str]) -> None:
    width = _console().width
    for sentence in sentences:
        click.echo(click.wrap_text(sentence, width, subsequent_indent="  "))


def _print_data(text: str) -> None:
    # What other programs read is UTF-8 wherever it goes; a terminal shows what it can.
    click.echo(text if sys.stdout.isatty() else text.encode(), nl=False)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt  # told to end, a run leaves no worker and no half-written folder behind, as at Ctrl-C


def main() -> None:
    """Run the command line; a user's mistake ends in a message and an exit code, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    try:
        cli(prog_name="stepdown", standalone_mode=False)
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
        sys.exit(CODES.get(type(error), FAILED))
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"{error.filename or 'The system'}: {error.strerror}.", err=True)
        sys.exit(FAILED)
