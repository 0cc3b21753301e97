"""One page on how well a study fits a history: warnings first, then each part with its records beside its fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepdown.calibration.disclosure import NEAREST, Disclosure
from stepdown.calibration.fits.fitted import ALIKE, DurationFit
from stepdown.calibration.fits.relapse import relapse
from stepdown.calibration.fitting.figures import arrivals_chart, stays_chart
from stepdown.calibration.fitting.report import range_of, said
from stepdown.calibration.fitting.results import Fitted, Leaving
from stepdown.calibration.fitting.written_values import period_of
from stepdown.calibration.study_folder import path_text
from stepdown.outputs.paper.blocks import Block, Paper, Part, Picture, Points, Side, Table, Words
from stepdown.outputs.paper.page import page
from stepdown.outputs.words.numbers import percent
from stepdown.outputs.words.wording import capitalised, say_roughly
from stepdown.scenarios.schema import Scenario


def page_of(fitted: Fitted, title: str, disclosure: Disclosure) -> str:
    """Return the page as HTML, in one file that needs nothing else.

    Parameters
    ----------
    fitted
        What was fitted.
    title
        What the study is called.
    disclosure
        How counts may be shown.
    """
    history = fitted.history
    about = f"Fitted to {history.name}, {period_of(history)}. {_whose(history.simulated, disclosure)}"
    sides = (_warnings(fitted, disclosure), _stays(fitted, disclosure), _others(fitted, disclosure), _values(fitted))
    return page(Paper(f"Fit: {title}", about, sides), {}, "annex")


def _whose(simulated: bool, disclosure: Disclosure) -> str:
    if simulated:
        return "SIMULATED: stepdown made these records up; they are about nobody."
    if disclosure.rounded:
        return f"REAL people: counts are rounded to the nearest {NEAREST}, and those under {NEAREST} withheld."
    return "REAL people, with exact counts: not to be published as it is."


def _warnings(fitted: Fitted, disclosure: Disclosure) -> Side:
    parts = [
        Part("warnings", "What to be wary of", [_points(fitted.warnings, "Nothing was found.")]),
        Part("kept", "What was not fitted, and keeps the study's values", [_kept(fitted)]),
        Part("notes", "What was done", [_points(fitted.notes, "Nothing else.")]),
        Part("findings", "Quality of the records", [_findings(fitted, disclosure)]),
    ]
    return Side("What to know before using this scenario", parts)


def _points(sentences: Sequence[str], none: str) -> Block:
    return Points([f"{capitalised(sentence)}." for sentence in sentences]) if sentences else Words([none])


def _kept(fitted: Fitted) -> Block:
    rows = [(kept.what, kept.why) for kept in fitted.kept]
    return Table("Not fitted", ("What", "Why"), rows, frozenset({1})) if rows else Words(["Everything was fitted."])


def _findings(fitted: Fitted, disclosure: Disclosure) -> Block:
    rows = [(finding.what, finding.kind, disclosure.words(finding.rows)) for finding in fitted.history.findings]
    if not rows:
        return Words(["Nothing was noticed when the records were read."])
    return Table("What was noticed when the records were read", ("What", "Done", "Rows"), rows, frozenset({1}))


def _stays(fitted: Fitted, disclosure: Disclosure) -> Side:
    period = period_of(fitted.history)
    parts = [
        Part(leaving.name, leaving.name, list(_leaving(leaving, disclosure, period, fitted.history.simulated)))
        for leaving in fitted.leaving
    ]
    return Side("How long people stay, and where they go", parts)


def _leaving(leaving: Leaving, disclosure: Disclosure, period: str, simulated: bool) -> Iterator[Block]:
    durations, fit = leaving.durations, leaving.fit
    kind = "stays until people were ready" if leaving.needs else "recorded stays"
    whose = "Simulated" if simulated else "Real"
    ended = int(durations.ended.sum())
    yield Words([f"{whose}: {disclosure.words(durations.n)} {kind}, of which {disclosure.words(ended)} ended."])
    if fit is None:
        yield Words(["Nothing could be fitted to them."])
        return
    chart = stays_chart(leaving, disclosure, period)
    if chart is not None:
        yield Picture(chart)
    yield _families(fit.common, "Families, for all routes together")
    if fit.separate is not None:
        better = "each route has a time of its own" if fit.chosen_separate else "one time does for all routes"
        yield Words(
            [f"By AIC, {better}: {fit.aic_common:.1f} with one for all, {fit.aic_separate:.1f} with one for each."]
        )
    rows = []
    for route in fit.routes:
        share, estimates = fit.shares[route], fit.estimates.get(route, fit.common.estimates)
        middle = estimates["median"]
        rows.append(
            (
                route,
                disclosure.words(fit.counts[route]),
                percent(share.value),
                f"{percent(share.low)} to {percent(share.high)}",
                fit.families.get(route, fit.common.family).name,
                f"{say_roughly(middle.value)} ({say_roughly(middle.low)} to {say_roughly(middle.high)})",
            )
        )
    half = "Half are ready within (8 in 10)" if leaving.needs else "Half leave within (8 in 10)"
    head = ("Route", "Went", "Share", "8 in 10", "Family", half)
    yield Table("Routes", head, rows, frozenset({4, 5}))


def _families(fit: DurationFit, caption: str) -> Table:
    rows = [
        (row.family, "-", "-", row.why_not)
        if row.why_not
        else (row.family, f"{row.aic:.1f}", say_roughly(row.mean), "")
        for row in fit.comparison
    ]
    note = f"Taken: {fit.family.name}. Families within {ALIKE:g} of the lowest AIC fit alike: the middle mean."
    if fit.stands_in:
        note = "Too few have ended to compare families: an exponential stands in."
    return Table(caption, ("Family", "AIC", "Mean", "Why not"), rows, frozenset({3}), note)


def _others(fitted: Fitted, disclosure: Disclosure) -> Side:
    period = period_of(fitted.history)
    charts = [arrivals_chart(name, fit, disclosure, period) for name, fit in fitted.details["arrivals"].items()]
    steps = fitted.details["steps"]
    tables = [_families(fit, f"Step {name}: families") for name, fit in steps.items() if fit.comparison]
    parts = [
        Part("arrivals", "Who comes", [Picture(one) for one in charts if one] or [Words(["No stream was fitted."])]),
        Part("steps", "How long work on steps takes", tables or [Words(["No step was fitted."])]),
        Part("relapse", "Who comes back", [_relapse(fitted, disclosure)]),
        Part("deaths", "Who dies", [_deaths(fitted, disclosure)]),
    ]
    return Side("Who comes, how long work takes, who comes back, who dies", parts)


def _relapse(fitted: Fitted, disclosure: Disclosure) -> Block:
    found = relapse(fitted.history, levels_of(fitted.option.scenario))
    if disclosure.number(found.moves) in (None, 0) or disclosure.number(found.returned) is None:
        return Words(["Too few moves to less support were seen, or too few returns, to say how many come back."])
    return Words(
        [
            f"Of {disclosure.words(found.moves)} moves to less support, {percent(found.share.value)} "
            f"({percent(found.share.low)} to {percent(found.share.high)} in 8 in 10) led back to more within a year. "
            "This is for comparison: in the model, routes say who goes back."
        ]
    )


def levels_of(scenario: Scenario) -> dict[str, float]:
    """Return how much support each setting gives: its level, or else its place in the order of declaration."""
    settings = list(scenario.settings.items())
    return {
        name: float(setting.level if setting.level is not None else len(settings) - at)
        for at, (name, setting) in enumerate(settings)
    }


def _deaths(fitted: Fitted, disclosure: Disclosure) -> Block:
    rows = [
        (
            group,
            disclosure.words(rate.deaths),
            f"{rate.per_1000.value:.1f}",
            f"{rate.per_1000.low:.1f} to {rate.per_1000.high:.1f}",
        )
        for group, rate in fitted.details["deaths"].items()
    ]
    head = ("Group", "Deaths", "A year per 1,000", "8 in 10")
    return Table("Deaths", head, rows) if rows else Words(["Deaths were not fitted."])


def _values(fitted: Fitted) -> Side:
    rows = [
        (value.what, said(value.stated.value), range_of(value), value.stated.quality, value.stated.source)
        for value in fitted.found
    ]
    head = ("What", "Value", "8 in 10", "Quality", "Source")
    blocks: list[Block] = [Table("Values that were fitted", head, rows, frozenset({3, 4}))]
    unknown = [(path_text(one.path), said(one.low), said(one.high), one.why) for one in fitted.unknowns]
    if unknown:
        blocks.append(Table("What is left to calibrate", ("Input", "From", "To", "Why"), unknown, frozenset({3})))
    return Side("Every fitted value, and what records cannot show", [Part("values", "Values", blocks)])
