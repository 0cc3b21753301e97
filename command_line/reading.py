"""Commands that read a scenario, or write what helps to begin one: none simulates more than one run."""

from __future__ import annotations

from pathlib import Path

import click

from stepdown.command_line.options import engine_option, seed_option, set_option, study_argument
from stepdown.command_line.printing import print_data, print_wrapped, say_next, say_that_it_compiles


@click.command(short_help="Check the files of a scenario.")
@study_argument
@set_option
def check(study_source: str, settings: tuple[str, ...]) -> None:
    """Check a scenario's files, report every fault, and say which lists cannot stabilise."""
    from stepdown.outputs.check_report import check_report
    from stepdown.scenarios.loader import read_study

    for sentence in check_report(read_study(study_source, settings)):
        click.echo(sentence)
    say_next(f"stepdown compare {study_source}")


@click.command(short_help="Say what an option means, in sentences.")
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
    print_wrapped(sentences(study, option))


@click.command(short_help="Print an option as it was resolved.")
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
    print_data("".join(f"{line}\n" for line in with_origins(chosen)) if origin else as_yaml(chosen.data))


@click.command(short_help="Tell one person's history.")
@study_argument
@click.option("--option", default="carry-on", show_default=True, help="The option in which the person lives.")
@click.option("--person", type=click.IntRange(1), default=None, help="Number of the person; else a telling one.")
@click.option("--run", "replication", type=click.IntRange(0), default=0, show_default=True, help="Number of the run.")
@seed_option
@engine_option
@set_option
def journey(
    study_source: str,
    option: str,
    person: int | None,
    replication: int,
    seed: int,
    engine: str,
    settings: tuple[str, ...],
) -> None:
    """Tell one person's history in dated sentences."""
    from stepdown.outputs.experiment import choose_options, networks_of, window_of
    from stepdown.outputs.words.journey import tell
    from stepdown.scenarios.loader import read_study
    from stepdown.simulation.engines import engine as engine_named

    study = read_study(study_source, settings)
    (name,) = choose_options(study, [option])
    network = networks_of(study, [name])[name]
    say_that_it_compiles(engine)
    tables = engine_named(engine)(network, name, seed, [replication])
    print_wrapped(tell(tables, study.options[name].scenario, window_of(network), person))


@click.command(short_help="Print the JSON Schema for editors.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="A file to write instead."
)
def schema(output: Path | None) -> None:
    """Print the JSON Schema of scenario files, for completion and live errors in editors."""
    from stepdown.outputs.run_folder import as_json, write_text
    from stepdown.scenarios.json_schema import study_schema

    text = as_json(study_schema())
    if output is None:
        print_data(text)
    else:
        write_text(output, text)
        click.echo(f"Wrote {output}. Begin a scenario file with: # yaml-language-server: $schema={output}", err=True)


@click.command(name="list", short_help="List the scenarios that come with stepdown.")
def list_() -> None:
    """List the scenarios that come with stepdown."""
    from stepdown.scenarios.loader import shipped

    for name, title in shipped():
        click.echo(f"{name:<18}{title}")
    say_next("stepdown compare orchard-house")


@click.command(short_help="Begin a scenario of your own.")
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Begin a scenario of your own: a new FOLDER with a small worked example."""
    from stepdown.outputs.worked_example import write_example

    for path in write_example(folder):
        click.echo(path)
    say_next(f"stepdown check {folder}")
