"""Commands about money, on runs that are finished: nothing is simulated."""

from __future__ import annotations

from pathlib import Path

import click

from stepdown.command_line.options import csv_option, json_option
from stepdown.command_line.printing import console, print_data, say_next

run_argument = click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, file_okay=False, exists=True))
prices_option = click.option(
    "--prices",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with other prices, payers, one-off costs or rules of appraisal.",
)
set_money_option = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Set a value of money last."
)


@click.command(short_help="Cost a finished run, at other prices if you like.")
@run_argument
@prices_option
@set_money_option
@csv_option
@json_option
def cost(folder: Path, prices: Path | None, settings: tuple[str, ...], output: Path | None, as_json: bool) -> None:
    """Say what every option of a finished RUN saves and is worth, by whom; nothing is simulated again."""
    import pandas as pd

    from stepdown.outputs import money_report, run_folder
    from stepdown.outputs.finished_run import read_run
    from stepdown.outputs.table_files import write_csv_whole

    run = read_run(folder, prices, settings)
    found = money_report.cost_run(run)
    rows = money_report.cost_rows(found, run.window.years)
    if output is not None:
        write_csv_whole(pd.DataFrame(rows), output)
    if as_json:
        print_data(run_folder.as_json({"run": str(folder), "options": rows}))
        return
    screen = console()
    screen.print(str(run.manifest["title"]), style="bold")
    screen.print(money_report.cost_table(found, run.window.years))
    for sentence in money_report.cost_sentences(found, run):
        screen.print(sentence)
    if output is not None:
        screen.print(f"Figures: {output}", soft_wrap=True)
    say_next(f"stepdown cost {folder} --set appraisal.discount='[4%]'")


def _a_workbook(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if value.suffix.lower() != ".xlsx":
        raise click.BadParameter(
            f"{str(value)!r} does not end in .xlsx, and that is what is written.", context, parameter
        )
    return value


@click.command(short_help="Write the savings as a workbook of live formulas.")
@run_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_a_workbook,
    metavar="FILE.xlsx",
    help="The workbook to write; with several options, one each: FILE-OPTION.xlsx.",
)
@click.option("--option", "names", multiple=True, metavar="NAME", help="An option to write. [default: all of the run]")
@prices_option
@set_money_option
@click.option("--overwrite", is_flag=True, help="Write over a workbook that is there, and what was changed in it.")
def finance(
    folder: Path,
    output: Path,
    names: tuple[str, ...],
    prices: Path | None,
    settings: tuple[str, ...],
    overwrite: bool,
) -> None:
    """Write what an option of a finished RUN saves beside carry-on as a workbook, for a finance officer to check.

    Prices, shares, discount rates, growth and optimism bias may be changed in it, and everything else follows.
    """
    from stepdown.outputs.finished_run import read_run
    from stepdown.outputs.workbook.workbook import write_workbooks

    run = read_run(folder, prices, settings)
    for option, path in write_workbooks(run, output, names, overwrite).items():
        console().print(f"{option}: {path}", soft_wrap=True)
    say_next(f"stepdown cost {folder}")
