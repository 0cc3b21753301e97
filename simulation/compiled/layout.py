"""The tables that the kernel works on: what each row holds.

The first tables are facts, made once from a network (`stepdown.simulation.compiled.facts`); the others are what comes
to be in a replication (`stepdown.simulation.compiled.world`): of these there may be millions, so positions take four
bytes (no memory holds two thousand million stays). Fields that end in ``_from`` and ``_until`` are a range of positions
in another table. Persons and cases are known by their number, from 1: row 0 of theirs is never used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NOWHERE = -1
"""Stands for no row, where a position is expected."""

UNSET = -(2**31)
"""Stands for no destination: exits are negative, too."""

COUNTS = 5
"""Counts that a luck holds itself, which fills one line of the processor's cache."""


def record(**fields: str) -> np.dtype[Any]:
    """Return the type of a table's rows; each field stands where the processor reads it in one go."""
    return np.dtype(list(fields.items()), align=True)


# Facts ----------------------------------------------------------------------------------------------------------------

SCHEDULE = record(days="i8", values="i8", length="i8")
"""Where in ``numbers`` its days and values begin, and how many there are."""
INTENSITY = record(days="i8", rates="i8", totals="i8", length="i8")
DISTRIBUTION = record(family="i8", first="f8", second="f8", third="f8", shares="i8", values="i8", length="i8")
"""Three parameters; in ``numbers``, the points of an empirical one or, as values, the coefficients of a curve."""
STAGE = record(steps_from="i8", steps_until="i8")
"""Steps side by side, in ``integers``."""
ROUTE = record(
    to="i8",
    share="i8",
    stages_from="i8",
    stages_until="i8",
    scheme="i8",
    for_group="i8",
    patience="i8",
    gives_up_to="i8",
    ready_after="i8",
    start_early="f8",
)
SETTING = record(
    code="u8",
    schemes_from="i8",
    schemes_until="i8",
    access="i8",
    maximum_stay="i8",
    enforced="i8",
    review_every="i8",
    routes_from="i8",
    routes_until="i8",
    at_maximum_from="i8",
    at_maximum_until="i8",
    priority="i8",
    ranks="i8",
    queues="i8",
    kinds="i8",
    kind_of="i8",
    suits="i8",
)
"""``kinds`` are the people whom the same schemes suit; ``kind_of`` and ``suits`` are tables in ``integers``."""
SCHEME = record(
    setting="i8",
    area="i8",
    accepts_group="i8",
    accepts_area="i8",
    places="i8",
    turnaround="i8",
    residents_move_on_day="f8",
)
STEP = record(
    kind="i8",
    code="u8",
    priority="i8",
    ranks="i8",
    queues="i8",
    takes="i8",
    workers="i8",
    meetings="i8",
    cases_per_meeting="i8",
    approves="i8",
    homes="i8",
    kept_for="f8",
    budgets_from="i8",
    budgets_until="i8",
    amount="i8",
)
TIER = record(stages="i8", rehoused_first="i8", rehousing_step="i8")
"""``stages`` is a table in ``integers``: by tenure, the first of its stages and the one after the last."""
SOURCE = record(code="u8", setting="i8", group="i8", area="i8", arrivals="i8", days_from="i8", days_until="i8")
RESIDENT = record(
    setting="i8",
    scheme="i8",
    group="i8",
    area="i8",
    entered="f8",
    listed="f8",
    ready="f8",
    listed_for="i8",
    source="u8",
    number="i8",
    time_stayed="i8",
)

FACTS = {
    "schedules": SCHEDULE,
    "intensities": INTENSITY,
    "distributions": DISTRIBUTION,
    "stages": STAGE,
    "routes": ROUTE,
    "settings": SETTING,
    "schemes": SCHEME,
    "steps": STEP,
    "tiers": TIER,
    "sources": SOURCE,
    "residents": RESIDENT,
    "numbers": np.dtype("f8"),
    "integers": np.dtype("i8"),
}
"""The tables of facts."""

# What comes to be -----------------------------------------------------------------------------------------------------

LUCK = record(source="u8", number="u8", more="i8", **{f"count_{slot}": "i8" for slot in range(COUNTS)})
"""The counts say how often somebody has come to a place for a purpose; others are chained from ``more``."""
SLOT = record(count="i8")
"""A luck is a row of such; its counts are the last of them."""
COUNT = record(what="i8", times="i8", next="i8")
"""A count that a luck does not hold itself; chained by ``next``."""
PERSON = record(
    number="i4",
    luck="i4",
    group="i4",
    area="i4",
    tier="i4",
    tenure="i4",
    first_stay="i4",
    stay="i4",
    alarms="i4",
    kind="i4",
    rank="i4",
    before="i4",
    after="i4",
    resident_before="i4",
    resident_after="i4",
    gone="b1",
    waits_for_alarm="b1",
    heeds_notice="b1",
    waits_for_case="b1",
)
"""``alarms`` counts those that have been set for the person; who waits for an alarm waits for the last of them.
``before`` and ``after`` are neighbours on a waiting list, and ``resident_before`` and ``resident_after`` those in a
scheme."""
STAY = record(
    entered_day="f8",
    due="f8",
    limit="f8",
    review="f8",
    identified_day="f8",
    prepared_day="f8",
    listed_day="f8",
    left_day="f8",
    person="i4",
    next="i4",
    setting="i4",
    scheme="i4",
    visit="i4",
    route="i4",
    left_for="i4",
    listed_for="i4",
    bound_to="i4",
    unbound_from="i4",
    case="i4",
    gave_up="i4",
    died_listed_for="i4",
    patience="i4",
    newly_listed_after="i4",
    cause="i1",
    opening="b1",
    died="b1",
)
"""``patience`` is the alarm at which the person gives up. ``cause``, ``gave_up``, ``died`` and ``died_listed_for``
together are the reason."""
CASE = record(
    number="i4",
    luck="i4",
    person="i4",
    tier="i4",
    tenure="i4",
    stage="i4",
    stages_until="i4",
    open_strands="i4",
    first_job="i4",
    last_job="i4",
    begun="i4",
    prepared="b1",
)
STRAND = record(
    position="i4",
    case="i4",
    step="i4",
    stage="i4",
    stages_until="i4",
    open_jobs="i4",
    rehousing_job="i4",
    several_jobs="b1",
    alone="b1",
)
"""One step of a case's stage: one job, or all the stages of an adaptation."""
JOB = record(
    queued_day="f8",
    started_day="f8",
    finished_day="f8",
    amount="f8",
    position="i4",
    case="i4",
    strand="i4",
    next="i4",
    before="i4",
    after="i4",
    step="i4",
    rank="i4",
    tier="i4",
    visit="i4",
    turn="i4",
    outcome="i1",
    queued="b1",
)
"""``turn`` says as which of its case's jobs it was begun."""
ALARM = record(tag="i8", key="i8")
REACTION = record(kind="i8", who="i8")
QUEUE = record(first="i8", last="i8")
HOUSE = record(places="f8", residents="i8", listed="i8", turning_around="i8", first_resident="i8")
"""``listed`` counts the residents who are on a waiting list."""
LIST = record(length="i8", to_look_at="b1")
DESK = record(busy="i8", left="f8", piece="i8", meetings="i8", asked="b1")
STREAM = record(source="u8", intensity="i8", number="i8", expected="f8", day="f8")
RING = record(scheme="i8", claim="i8", path="i8", member="b1")
"""Scratch of the search for rings: a list of schemes, and by scheme who claims it and whether it is in the list."""
CHOICE = record(share="f8", other="f8", route="i8")
"""Scratch of a choice among shares."""

STATE = {"queues": QUEUE, "houses": HOUSE, "lists": LIST, "desks": DESK, "streams": STREAM, "rings": RING}
"""Tables with a row for each of something in the network."""

GROWING = {
    "lucks": LUCK,
    "counts": COUNT,
    "people": PERSON,
    "stays": STAY,
    "cases": CASE,
    "strands": STRAND,
    "jobs": JOB,
    "alarms": ALARM,
    "reactions": REACTION,
}
"""Tables that grow as a replication goes on; the world holds their room and how much is used."""

TABLES = {**FACTS, **STATE, "choices": CHOICE, **GROWING}

WORLD = record(
    **dict.fromkeys(TABLES, "i8"),
    **{f"{table}_{measure}": "i8" for table in GROWING for measure in ("room", "used")},
    **dict.fromkeys(("ndtri", "ndtr", "gammaincc", "betaincc"), "i8"),
    seed="u8",
    replication="u8",
    opening_day="f8",
    end_day="f8",
    now="f8",
    happened="i8",
    kind="i8",
    number="i8",
    detail="i8",
    top_is_open="b1",
    next_reaction="i8",
    hand_out_due="b1",
    allocate_due="b1",
    lowest_to_look_at="i8",
    lists_to_look_at="i8",
    newly_listed="i8",
    **dict.fromkeys(("number_of_settings", "number_of_schemes", "number_of_steps", "number_of_queues"), "i8"),
    **dict.fromkeys(("number_of_groups", "number_of_areas", "number_of_tiers", "number_of_tenures"), "i8"),
    **dict.fromkeys(("number_of_sources", "number_of_residents"), "i8"),
    adaptations_code="u8",
    adapts="b1",
    community="i8",
    **dict.fromkeys(("deaths", "area_shares", "tenure_shares", "mover_shares", "community_shares"), "i8"),
    circles_from="i8",
    circles_until="i8",
)
"""The tables' addresses and what stands alone."""
