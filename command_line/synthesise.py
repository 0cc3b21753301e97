"""The command that makes up a council whose truth is known: synthesise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stepdown.command_line.options import FOLDER, json_option, quiet_option, seed_option, set_option, study_argument
from stepdown.command_line.printing import print_data, print_wrapped, say_next, say_that_it_compiles

if TYPE_CHECKING:
    from stepdown.calibration.synthetic.synthesise import Form


def _services(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Return the service of each setting for which one is asked."""
    pairs = [text.partition("=") for text in value]
    for text, (setting, equals, service) in zip(value, pairs, strict=True):
        if not (setting and equals and service):
            raise click.BadParameter(f"{text!r} is not SETTING=SERVICE, such as flats=extra-care.", context, parameter)
    return {setting: service for setting, _, service in pairs}


@click.command(short_help="Make up a council's records, with the truth beside them.")
@study_argument
@click.option("-o", "--output", type=FOLDER, required=True, help="A new folder for the records and the truth.")
@click.option("--option", "option_name", default="carry-on", show_default=True, metavar="NAME", help="What happens.")
@click.option("--years", type=click.IntRange(1, 200), default=10, show_default=True, help="How long the records are.")
@click.option(
    "--form", type=click.Choice(["tables", "cld", "both"]), default="both", show_default=True,
    help="Plain tables, Client Level Data, or both.",
)  # fmt: skip
@click.option("--release", type=click.Choice(["1", "2"]), help="How Client Level Data is spelled. [default: 2]")
@click.option(
    "--defect", "defects", multiple=True, metavar="NAME", help="What is wrong with it; all, or none. [default: none]"
)
@click.option(
    "--service", "services", multiple=True, metavar="SETTING=SERVICE", callback=_services,
    help="The service that a setting is recorded as, or none.",
)  # fmt: skip
@click.option(
    "--councils", type=click.IntRange(1, 10_000), default=1, show_default=True, help="Join so many, for large extracts."
)
@seed_option
@set_option
@json_option
@quiet_option
def synthesise(
    study_source: str,
    output: Path,
    option_name: str,
    years: int,
    form: Form,
    release: str | None,
    defects: tuple[str, ...],
    services: dict[str, str],
    councils: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Simulate a study, and write what a council would have recorded of it.

    That is what to try 'import', 'fit' and 'calibrate' on: the truth lies beside the records.
    """
    from stepdown.calibration.synthetic import synthesis_report as report
    from stepdown.calibration.synthetic.defects import defects_named
    from stepdown.calibration.synthetic.recording import recording_of
    from stepdown.calibration.synthetic.synthesise import Plan, established
    from stepdown.calibration.synthetic.synthesise import synthesise as make_up
    from stepdown.outputs.experiment import choose_options
    from stepdown.scenarios.loader import read_study
    from stepdown.simulation.engines import DEFAULT_ENGINE

    if form == "tables" and (release or defects):
        raise click.UsageError("--release and --defect are about Client Level Data. Use --form cld or --form both.")
    study = read_study(study_source, settings)
    (name,) = choose_options(study, [option_name])
    scenario, data = established(study.options[name], years)
    plan = Plan(
        name=study.name,
        recording=recording_of(scenario, services),
        seed=seed,
        councils=councils,
        form=form,
        release=1 if release == "1" else 2,
        defects=defects_named(defects),
    )
    say_that_it_compiles(DEFAULT_ENGINE, quiet)
    made = make_up(scenario, data, plan, output)
    if as_json:
        from stepdown.outputs.run_folder import as_json as json_of

        print_data(json_of(report.as_data(made, plan, scenario, output)))
        return
    print_wrapped(report.sentences(made, plan, scenario))
    for path in report.parts(plan, output):
        click.echo(path)
    say_next(report.next_command(plan, output), quiet)
