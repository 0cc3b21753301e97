"""What is paid from week to week: contracts for people and places, notice, voids and contributions.

- care (spot and tenancy contracts, or on top of a block): people times weekly price ÷ 7, over the days lived; where
  support tapers, by the time stayed in the scheme. unit cost: the same, where nobody sends a bill.
- place: in a block contract max(places, people) times weekly price ÷ 7 at every moment, filled or not; in a mixed one
  the places of the block, and care for each person beyond them at every moment.
- notice: tenancies that have ended, and places of a block that have been given up, until their notice is over.
- void: each empty place by how long it has been empty; the one that has been empty the longest is filled first. Places
  that are empty on the first day count from that day.
- contribution: people times a weekly amount ÷ 7, which one payer pays and another receives.

Prices that change on a date change from that day on.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepdown.outputs.measures.activity import Activity
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, sums, time_within
from stepdown.outputs.measures.place_days import PlaceDays
from stepdown.outputs.money.line import Line
from stepdown.outputs.money.places_paid import Levels, held_with_notice, levels, void_spells
from stepdown.outputs.money.terms import AllTerms, ContributionTerms, Terms, VoidTerms
from stepdown.scenarios.quantities import UNIT_DAYS

WEEK = UNIT_DAYS["week"]
"""Days of a week, for weekly prices."""


def weekly_lines(activity: Activity, terms: AllTerms, ledger: PlaceDays) -> list[Line]:
    """Return what is paid from week to week; the ledger's bins must begin where the terms change."""
    accounts = _Accounts(activity, ledger)
    lines = []
    for contract in terms.contracts:
        for kind, weekly in accounts.contract(contract):
            for payer, share in contract.shares:
                lines.append(accounts.line(payer, kind, contract.site, weekly * share))
    for charge in terms.voids:
        lines.append(accounts.line(charge.payer, "void", charge.site, accounts.void(charge)))
    for given in terms.contributions:
        weekly = accounts.contribution(given)
        lines.append(accounts.line(given.payer, "contribution", given.site, weekly))
        lines.append(accounts.line(given.to, "contribution", given.site, -weekly))
    return lines


class _Accounts:
    """Days times pounds a week, each of shape (runs, bins)."""

    def __init__(self, activity: Activity, ledger: PlaceDays) -> None:
        self._activity = activity
        self._ledger = ledger
        self._begins = ledger.edges[:-1]
        self._pieces: dict[int, Levels] = {}

    def line(self, payer: str, kind: str, site: int, weekly: Floats) -> Line:
        """Return what is paid in each month."""
        known = self._activity.sites
        pounds = self._ledger.by_month(weekly / WEEK)
        return Line(payer, kind, known.schemes[site], known.settings[site], pounds)

    def contract(self, terms: Terms) -> Iterator[tuple[str, Floats]]:
        """Yield what a contract pays for, with how much; always the same kinds, whatever happened."""
        person, people = terms.person.at(self._begins), self._ledger.people[:, terms.site]
        if terms.contract == "mixed":
            yield from self._mixed(terms)
            return
        if terms.contract == "block":
            yield from self._block(terms)
        if terms.by_person:
            kind = "unit cost" if terms.contract == "unit_cost" else "care"
            yield kind, people * person if len(terms.ages) == 1 else self._tapered(terms)
        if terms.contract == "tenancy" and terms.notice:
            yield "notice", self._ended(terms) * person

    def _block(self, terms: Terms) -> Iterator[tuple[str, Floats]]:
        if not terms.by_place:
            return
        place, site = terms.place.at(self._begins), terms.site
        paid = self._ledger.people[:, site] + self._ledger.void[:, site]
        yield "place", paid * place
        if terms.notice:
            pieces = self._levels(site)
            number = self._places(site, pieces)
            filled = pieces.level.astype(np.float64)
            held = self._held(pieces, np.where(np.isinf(number), filled, np.maximum(number, filled)), terms.notice)
            yield "notice", np.maximum(held - paid, 0.0) * place

    def _mixed(self, terms: Terms) -> Iterator[tuple[str, Floats]]:
        lengths, place = np.diff(self._ledger.edges), terms.place.at(self._begins)
        block = terms.block.at(self._begins)
        held = np.array([self._block_held(terms, day) for day in self._begins])
        ones = np.ones((self._activity.runs.number, 1))
        yield "place", ones * (block * lengths * place)
        if terms.notice:
            yield "notice", ones * ((held - block) * lengths * place)
        pieces = self._levels(terms.site)
        beyond = np.maximum(pieces.level - held[pieces.bin], 0.0) * pieces.length
        yield "care", self._sums(pieces, beyond) * terms.person.at(self._begins)

    @staticmethod
    def _block_held(terms: Terms, day: float) -> float:
        """Return the most places in the block from one notice ago until a day."""
        since = max(day - terms.notice, 0.0)
        between = terms.block.days[(terms.block.days > since) & (terms.block.days <= day)]
        return float(terms.block.at(np.append(between, since)).max())

    def void(self, terms: VoidTerms) -> Floats:
        """Return what empty places cost, by how long each has been empty."""
        pieces = self._levels(terms.site)
        number = self._places(terms.site, pieces)
        empty = np.where(np.isinf(number), 0.0, np.maximum(number - pieces.level, 0.0))
        spells = void_spells(pieces.cell, pieces.length, empty, self._ledger.edges[0])
        end = np.minimum(spells.end, spells.start + terms.until)
        start = np.minimum(spells.start + terms.since, end)
        days = time_within(spells.cell, start, end, self._activity.runs.number, self._ledger.edges)
        return days * terms.weekly.at(self._begins)

    def contribution(self, terms: ContributionTerms) -> Floats:
        """Return what people give."""
        return self._ledger.people[:, terms.site] * terms.weekly.at(self._begins)

    def _tapered(self, terms: Terms) -> Floats:
        """Cut each stay where it comes into another band of ages."""
        run, entered, left = self._stays(terms.site)
        weekly = np.zeros((self._activity.runs.number, len(self._begins)))
        for band, (low, high) in enumerate(zip(terms.ages, np.append(terms.ages[1:], np.inf), strict=True)):
            lived = self._time(run, entered + low, np.fmin(entered + high, left))
            weekly += lived * (terms.person.at(self._begins) if band == 0 else terms.tapered[band])
        return weekly

    def _ended(self, terms: Terms) -> Floats:
        """Return the days of notice of tenancies that have ended."""
        run, _, left = self._stays(terms.site)
        ended = ~np.isnan(left)
        return self._time(run[ended], left[ended], left[ended] + terms.notice)

    def _held(self, pieces: Levels, level: Floats, notice: float) -> Floats:
        runs, edges = self._activity.runs.number, self._ledger.edges
        return held_with_notice(pieces.cell, pieces.length, level, notice, runs, edges)

    def _stays(self, site: int) -> tuple[Integers, Floats, Floats]:
        lived = self._activity.lived
        here = np.flatnonzero(lived.site == site)
        return lived.run[here], lived.entered[here], lived.left[here]

    def _time(self, run: Integers, start: Floats, end: Floats) -> Floats:
        begin, finish = clipped(start, end, self._activity.window.days)
        return time_within(run, begin, finish, self._activity.runs.number, self._ledger.edges)

    def _levels(self, site: int) -> Levels:
        """Follow the number of people in a scheme, in pieces of time in which it stays the same."""
        if site not in self._pieces:
            run, entered, left = self._stays(site)
            begin, finish = clipped(entered, left, self._activity.window.days)
            self._pieces[site] = levels(run, begin, finish, self._activity.runs.number, self._ledger.edges)
        return self._pieces[site]

    def _places(self, site: int, pieces: Levels) -> Floats:
        option = self._activity.runs.option[pieces.cell]
        return np.asarray(self._ledger.places[option, site, pieces.bin], dtype=np.float64)

    def _sums(self, pieces: Levels, amounts: Floats) -> Floats:
        bins = len(self._begins)
        cells = self._activity.runs.number * bins
        return sums(pieces.cell * bins + pieces.bin, amounts, cells).reshape(-1, bins)
