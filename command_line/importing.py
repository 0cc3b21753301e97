"""The command that reads a council's records: import."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from stepdown.command_line.options import FOLDER, json_option, quiet_option
from stepdown.command_line.printing import console, print_data, say_next, typed_command


def _a_date(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    from stepdown.scenarios.quantities import parse_date

    try:
        return None if value is None else parse_date(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from None


@click.command(name="import", short_help="Read a council's records into a history.")
@click.argument("source", metavar="EXTRACT", type=click.Path(path_type=Path, exists=True))
@click.option("-o", "--output", type=FOLDER, default=Path("history"), show_default=True, help="The folder to write.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Which service is which setting. [default: mapping.yaml beside the extract]",
)
@click.option("--study", metavar="STUDY", help="Names must be those of this study.")
@click.option("--name", help="What the council is called. [default: what the files say]")
@click.option("--begins", metavar="DATE", callback=_a_date, help="The first day that the records cover.")
@click.option("--ends", metavar="DATE", callback=_a_date, help="The first day that they no longer cover.")
@click.option("--simulated", is_flag=True, help="The records are made up, and about nobody.")
@click.option(
    "--disclosure", type=click.Choice(["rounded", "exact"]), help="Counts. [default: rounded if people are real]"
)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="A file with the key of people's codes.")
@json_option
@quiet_option
def import_(
    source: Path,
    output: Path,
    mapping: Path | None,
    study: str | None,
    name: str | None,
    begins: dt.date | None,
    ends: dt.date | None,
    simulated: bool,
    disclosure: str | None,
    key: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read a council's records into a history: who lived where, from when until when.

    EXTRACT is a folder of plain tables (stays.csv, and if there are any requests.csv, steps.csv, caseload.csv,
    prices.csv and council.yaml), or files of Client Level Data, CSV or Parquet. These need a mapping from services to
    settings; where there is none, a draft of it is written for you to edit.
    """
    from stepdown.calibration.cld.draft import draft_mapping
    from stepdown.calibration.cld.importing import import_cld, mapping_of
    from stepdown.calibration.disclosure import disclosure_of
    from stepdown.calibration.history_files import write_history
    from stepdown.calibration.new_folders import require_new
    from stepdown.calibration.records import quality
    from stepdown.calibration.records.about import Said
    from stepdown.calibration.records.identities import key_of
    from stepdown.calibration.records.plain import import_tables, is_tables
    from stepdown.calibration.records.study_names import names_of_study

    require_new(output)
    names = names_of_study(study) if study is not None else None
    said = Said(name, begins, ends, simulated)
    if is_tables(source):
        if mapping is not None:
            raise click.UsageError("--mapping goes with Client Level Data: these are plain tables.")
        history = import_tables(source, said, key_of(key), names)
    else:
        file = mapping or mapping_of(source)
        if not file.exists():
            draft_mapping(source, file, names, disclosure_of(simulated, disclosure))
            if as_json:
                _print_json({"history": None, "draft": str(file)})
            click.echo(f"{file} is a draft: say in it which service is which setting, and import again.", err=True)
            say_next(typed_command(), quiet)
            return
        history = import_cld(source, file, said, key_of(key), names)
    shown = disclosure_of(history.simulated, disclosure)
    write_history(history, output, {quality.QUALITY: quality.quality_paper(history, shown)})
    if as_json:
        _print_json({"history": str(output)} | quality.quality_data(history, shown))
        return
    screen = console()
    screen.print(quality.headline(history, shown), style="bold")
    screen.print(quality.settings_table(history, shown))
    if history.findings:
        screen.print(quality.findings_table(history, shown))
    screen.print(quality.rounding_sentence(shown))
    screen.print(f"History: {output}", soft_wrap=True)
    say_next(f"stepdown fit {output} {study or 'STUDY'}", quiet)


def _print_json(data: dict[str, Any]) -> None:
    from stepdown.outputs.run_folder import as_json  # this takes a second, and only those who ask for JSON wait for it

    print_data(as_json(data))
