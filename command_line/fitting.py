"""The command that fits a study to a history: fit."""

from __future__ import annotations

from pathlib import Path

import click

from stepdown.command_line.options import FOLDER, json_option, quiet_option, seed_option, set_option, study_argument
from stepdown.command_line.printing import console, print_data, say_next


@click.command(short_help="Fit a study to a council's history.")
@click.argument("history_folder", metavar="HISTORY", type=FOLDER)
@study_argument
@click.option("-o", "--output", type=FOLDER, required=True, metavar="FOLDER", help="A new folder for the fitted study.")
@click.option(
    "--disclosure",
    "shown",
    type=click.Choice(["rounded", "exact"]),
    help="How counts of people are shown. [default: rounded, unless they are made up]",
)
@click.option("--draws", type=click.IntRange(1), default=500, show_default=True, help="Joint draws of what was fitted.")
@seed_option
@set_option
@json_option
@quiet_option
def fit(
    history_folder: Path,
    study_source: str,
    output: Path,
    shown: str | None,
    draws: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Fit the structure that STUDY gives to the records of HISTORY, and write a study that begins where they end.

    Fitted are routes, times until ready, demand, work on steps, deaths and prices, each with its range and source; what
    records cannot show keeps the study's value, and is listed for `stepdown calibrate`.
    """
    from stepdown.calibration.disclosure import disclosure_of
    from stepdown.calibration.fitting import report
    from stepdown.calibration.fitting.fit_study import fit_study
    from stepdown.calibration.fitting.folder import refuse_settings_of_options, write_fitted
    from stepdown.calibration.history_files import read_history
    from stepdown.calibration.new_folders import require_new
    from stepdown.outputs.run_folder import as_json as json_of
    from stepdown.scenarios.loader import read_study

    require_new(output)
    history, study = read_history(history_folder), read_study(study_source, settings)
    refuse_settings_of_options(study, settings)
    disclosure = disclosure_of(history.simulated, shown)
    found = fit_study(history, study, disclosure=disclosure, draws=draws, seed=seed)
    fitted = write_fitted(found, study, disclosure, output)
    if as_json:
        print_data(json_of({"results": str(output), **report.fitted_data(fitted)}))
    else:
        screen = console()
        screen.print(study.title, style="bold")
        screen.print(report.fitted_table(fitted.found))
        for sentence in report.sentences(fitted, disclosure):
            screen.print(sentence)
        screen.print(f"Study: {output}; how well it fits: {output / 'diagnostics.html'}", soft_wrap=True)
    ahead = f"calibrate {history_folder} {output} -o calibrated" if fitted.unknowns else f"compare {output}"
    say_next(f"stepdown {ahead}", quiet)
