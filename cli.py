"""The command line: its commands, and how a mistake ends."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

import click

from stepdown.command_line.backtesting import backtest
from stepdown.command_line.breakeven import breakeven
from stepdown.command_line.bridge import bridge
from stepdown.command_line.calibrating import calibrate
from stepdown.command_line.fitting import fit
from stepdown.command_line.importing import import_
from stepdown.command_line.money import cost, finance
from stepdown.command_line.needs import needs
from stepdown.command_line.papers import report
from stepdown.command_line.reading import check, explain, init, journey, list_, schema, show
from stepdown.command_line.running import compare, run
from stepdown.command_line.synthesise import synthesise
from stepdown.scenarios.errors import ChoiceError, NotComparableError, ScenarioError, StepdownError

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


for command in (
    init,
    check,
    explain,
    show,
    run,
    compare,
    needs,
    cost,
    breakeven,
    bridge,
    report,
    finance,
    import_,
    fit,
    calibrate,
    backtest,
    synthesise,
    journey,
    schema,
    list_,
):
    cli.add_command(command)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt  # told to end, a run keeps what is finished and leaves no worker behind, as at Ctrl-C


def _say(message: str, error: BaseException) -> None:
    """Print why it ended, and what was kept of a run, on lines of their own."""
    click.echo("\n".join([message, *getattr(error, "__notes__", ())]), err=True)


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
    except (click.Abort, KeyboardInterrupt) as error:
        stopped = error.__cause__ or error  # click raises Abort from a KeyboardInterrupt
        _say("Stopped." if hasattr(stopped, "__notes__") else "Stopped. Nothing was kept.", stopped)
        sys.exit(STOPPED)
    except StepdownError as error:
        _say(str(error), error)
        sys.exit(CODES.get(type(error), FAILED))
    except BrokenPipeError:
        # The reader of a pipe has gone; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        _say(f"{error.filename or 'The system'}: {error.strerror}.", error)
        sys.exit(FAILED)
