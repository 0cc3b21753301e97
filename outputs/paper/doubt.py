"""The fourth side: what the range covers, which inputs matter, what is not covered, and where it all comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stepdown.outputs.paper.blocks import Block, Part, Points, Side, Table, Words, Yours
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.sentences import more_sentence, range_sentences
from stepdown.outputs.words.covers import say_inputs
from stepdown.outputs.words.explain_values import plain
from stepdown.outputs.words.wording import cut, first_sentences, say_list
from stepdown.scenarios.assumptions import Assumption
from stepdown.scenarios.loader import CARRY_ON

MOST_ASSUMPTIONS, MOST_SENTENCES, MOST_LOADS = 5, 3, 3
"""Rows and sentences for which there is room."""

PATH, VALUE, SOURCE, SENTENCE, COMMAND = 50, 30, 70, 160, 120
"""Letters for which there is room."""

QUALITIES = ("poor", "", "fair", "good")
"""From the quality that matters most; nothing said comes after poor."""

NOT_COVERED = (
    "Waiting changes nobody's needs; stays, steps and patience do not depend on one another.",
    "People in a group differ by luck alone; staffing and quality of care are left out.",
    "Nothing outside of the pathway responds to the option.",
)
"""What no run covers."""


def doubt_side(facts: Facts) -> Side:
    """Return the fourth side."""
    parts = [
        Part(
            "range",
            "What the range covers",
            (Words([*range_sentences(len(ranged(facts)), facts.runs, facts.drawn), _precision(facts)]),),
        ),
        Part("break-even", "When the answer changes", (_break_even(facts),)),
        Part("assumptions", "The assumptions that matter", list(_assumptions(facts))),
        Part("load", "Lists that cannot stabilise", (Points(_loads(facts)),)),
        Part("not-covered", "What is not covered", (Points(NOT_COVERED),)),
        Part("origin", "Where it comes from", (origin_table(facts),)),
        Part("sign-off", "Checked by", (Yours("sign-off", "Who has checked the inputs and this paper, and when."),)),
    ]
    title = "The range covers chance, not doubt about the inputs"
    return Side(f"The range covers chance and doubt about {say_inputs(facts.drawn)}" if facts.drawn else title, parts)


def ranged(facts: Facts) -> list[Assumption]:
    """Return the assumptions that have a low and a high value, those of poor quality first."""
    both = [said for said in facts.assumptions() if said.low is not None and said.high is not None]
    return sorted(both, key=_quality)


def _quality(said: Assumption) -> int:
    quality = said.quality.lower()
    return QUALITIES.index(quality) if quality in QUALITIES else len(QUALITIES)


def _precision(facts: Facts) -> str:
    precision = facts.run.manifest["precision"]
    if precision is None:
        return "The number of runs was given, not chosen for a precision."
    verb = "are as narrow as" if precision["reached"] else "are not yet as narrow as"
    return f"The 95% intervals of the means {verb} was asked: {precision['asked']}."


def _break_even(facts: Facts) -> Block:
    if not facts.break_even:
        return Words(["No break-even values have been worked out for this run."])
    return Points([first_sentences(sentence, SENTENCE) for sentence in facts.break_even[:MOST_SENTENCES]])


def _assumptions(facts: Facts) -> Iterable[Block]:
    said, every = ranged(facts), facts.assumptions()
    chosen = said or sorted(every, key=_quality)
    if not chosen:
        yield Words(["No input says how well it is known: write source, low, high and quality beside the values."])
        return
    if not said:
        yield Words(["No input has a low and a high value. Those of poor quality come first."])
    yield assumptions_table(
        "Inputs that have a range, poor quality first" if said else "Inputs", chosen[:MOST_ASSUMPTIONS]
    )
    left = len(every) - min(len(chosen), MOST_ASSUMPTIONS)
    if left:
        yield Words([more_sentence(left, "assumption" if left == 1 else "assumptions")])


def assumptions_table(caption: str, said: Sequence[Assumption], whole: bool = False) -> Table:
    """Return a row for each assumption; cut to the room of the paper, or whole."""

    def short(text: str, letters: int) -> str:
        return text if whole else cut(text, letters)

    rows = [
        (
            short(".".join(map(str, one.path)), PATH),
            short(plain(one.value), VALUE),
            short(_range(one), VALUE),
            one.quality or "not said",
            short(one.source, SOURCE),
            *((one.owner, one.dated.isoformat() if one.dated else "") if whole else ()),
        )
        for one in said
    ]
    head = ["Input", "Value", "Low to high", "Quality", "Source", *(("Owner", "Dated") if whole else ())]
    return Table(caption, head, rows, frozenset(range(1, len(head))))


def _range(said: Assumption) -> str:
    ends = ["" if end is None else plain(end) for end in (said.low, said.high)]
    return " to ".join(ends) if all(ends) else (ends[0] and f"from {ends[0]}") or (ends[1] and f"to {ends[1]}") or ""


def _loads(facts: Facts) -> Sequence[str]:
    options = facts.run.manifest["options"]
    where: dict[str, list[str]] = {}
    for name, said in ((CARRY_ON, CARRY_ON), (facts.option, facts.name)):
        for load in options[name]["load"]:
            if any(load.startswith(f"{stuck} needs ") for stuck in options[name]["overloaded"]):
                where.setdefault(load, []).append(said)
    found = [f"{load} ({say_list(names)})." for load, names in where.items()]
    left = len(found) - MOST_LOADS
    more = [more_sentence(left, "list" if left == 1 else "lists")] if left > 0 else []
    return [*found[:MOST_LOADS], *more] or [f"None, with {CARRY_ON} or {facts.name}."]


def origin_table(facts: Facts) -> Table:
    """Return what is needed to make the run again."""
    manifest = facts.run.manifest
    packages = ", ".join(f"{name} {number}" for name, number in manifest["packages"].items())
    rows = [
        ("Run", facts.run.folder.resolve().name),
        ("Made", str(manifest["made"])),
        ("Command", cut(str(manifest["command"]), COMMAND)),
        ("Seed", f"{manifest['seed']}, {manifest['engine']} engine"),
        ("Software", f"stepdown {manifest['stepdown']}, Python {manifest['python']}, {packages}"),
    ]
    return Table("What is needed to make it again", ["What", "Value"], rows, frozenset({1}))
