"""The reference engine: every person's story as a SimPy process. This is the definition of the model.

entered --> ready --> identified --> prepared --> listed --> moved
"""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import partial

import simpy

from stepdown.scenarios.network import NOWHERE, Network, Resident, Setting
from stepdown.simulation.allocation import Allocation
from stepdown.simulation.arrivals import all_arrivals, area_of, dies_on, entered_day, tenure_of, tier_of_mover
from stepdown.simulation.casework import Casework, Story
from stepdown.simulation.clock import Clock, Kind
from stepdown.simulation.draws import Draws, Luck, Purpose
from stepdown.simulation.needs import draw_need, draw_route_at_limit
from stepdown.simulation.people import UNKNOWN, Person, Stay
from stepdown.simulation.records import DIED_EXIT, died_on_list, gave_up, tables_of
from stepdown.simulation.tables import AND, Tables


def simulate(network: Network, option: str, seed: int, replication: int) -> Tables:
    """Simulate one random history of one option.

    Parameters
    ----------
    network
        The option, made ready to run.
    option
        Its name, for the tables.
    seed, replication
        Address of its chance: the same in all options, so that they share their people and their luck.

    Returns
    -------
    Tables
        Stays in the order of people and time, case steps in the order of cases and time.
    """
    history = History(network, Draws(seed, replication))
    history.clock.run_until(network.end_day)
    return tables_of(network, option, replication, history.stays, history.casework.jobs)


class History:
    """One random history: the people and all that happens to them.

    Parameters
    ----------
    network
        The option, made ready to run.
    draws
        The replication's draws.
    """

    def __init__(self, network: Network, draws: Draws) -> None:
        self.network = network
        self.draws = draws
        self.clock = Clock(network.opening_day)
        self.casework = Casework(network, self.clock, draws)
        self.allocation = Allocation(network, self.clock, self.move, self.start_patience)
        self.stays: list[tuple[Person, Stay]] = []
        self.people = 0
        for scheme, building in enumerate(network.schemes):
            if building.residents_move_on_day < network.end_day:
                self.clock.call(building.residents_move_on_day, Kind.MAXIMUM, 0, partial(self.give_notice, scheme))
        for resident in network.residents:
            self.begin_with(resident)
        self.clock.process(self.let_people_come())

    def begin_with(self, resident: Resident) -> None:
        """Begin with somebody who lives here already, and may be ready to move or on a waiting list."""
        luck = Luck(self.draws, resident.source, resident.number)
        entered = entered_day(self.network, resident, luck)
        person = self.new_person(luck, resident.group, resident.area, resident.scheme, entered, opening=True)
        if resident.listed_for != NOWHERE:
            stay, setting = person.stay, self.setting_of(person)
            routes = (*setting.routes, *setting.at_maximum_routes)
            stay.route = next(r for r in routes if r.to == resident.listed_for and r.for_group[person.group])
            stay.due = stay.identified_day = resident.ready if math.isnan(resident.listed) else resident.listed
            stay.prepared_day = stay.listed_day = resident.listed

    def let_people_come(self) -> Story:
        """Let new people come, one after the other."""
        for arrival in all_arrivals(self.network, self.draws):
            yield self.clock.at(arrival.day, Kind.ARRIVAL, arrival.source)
            source = self.network.sources[arrival.source]
            luck = Luck(self.draws, source.code, arrival.number)
            scheme = self.allocation.housing.never_full(source.setting)
            self.new_person(luck, source.group, source.area, scheme, self.clock.now)

    def new_person(
        self, luck: Luck, group: int, area: int, scheme: int, entered: float, opening: bool = False
    ) -> Person:
        """Let a person appear in a scheme, and begin their story and their death clock."""
        self.people += 1
        adaptations = self.network.adaptations
        person = Person(
            number=self.people,
            luck=luck,
            group=group,
            area=area_of(self.network, area, luck),
            tier=tier_of_mover(adaptations, luck),
            tenure=tenure_of(adaptations, luck),
        )
        self.enter(person, scheme, entered, opening)
        story = self.clock.process(self.live(person))
        dies = dies_on(self.network, group, entered, luck)
        if dies < self.network.end_day:
            self.clock.call(dies, Kind.DEATH, person.number, lambda: None if person.gone else story.interrupt())
        return person

    # The story of one person ------------------------------------------------------------------------------------------

    def live(self, person: Person) -> Story:
        """Tell a person's story.

        They live somewhere until it is known that they are to move on, become ready, prepare, wait for a place, and
        move; again and again, until they leave for good or die.
        """
        try:
            while not person.gone:
                if not person.stay.identified:
                    yield from self.until_identified(person)
                if math.isnan(person.stay.listed_day):
                    yield from self.until_ready_and_prepared(person)
                yield from self.until_moved(person)
        except simpy.Interrupt:
            self.die(person)

    def until_identified(self, person: Person) -> Story:
        """Live here until somebody knows that the person is, or soon will be, ready to move on."""
        stay, setting = person.stay, self.setting_of(person)
        stay.route, stay.due = draw_need(
            setting, person.group, person.luck, stay.visit, stay.entered_day, self.clock.now
        )
        limit = setting.limit_day(stay.entered_day)
        stay.limit = limit if limit < stay.due else math.inf
        early = stay.route.start_early if stay.route else 0.0
        review = setting.first_review(stay.entered_day, max(stay.entered_day, stay.due - early))
        if stay.limit <= review:
            yield from self.until_limit(person)
        elif (yield from self.wait(person, review, Kind.IDENTIFIED)):
            stay.identified_day = review

    def until_ready_and_prepared(self, person: Person) -> Story:
        """Do what the move requires; it may have begun before the person is ready."""
        stay = person.stay
        self.prepare(person)
        if stay.due > self.clock.now:
            if stay.limit < stay.due:
                yield from self.until_limit(person)
            else:
                yield from self.wait(person, stay.due, Kind.READY)
        if stay.case is not None:
            yield stay.case.prepared

    def until_moved(self, person: Person) -> Story:
        """Leave at once by an exit, or wait on the list for a place."""
        stay = person.stay
        assert stay.route is not None
        stay.listed_day = max(stay.due, stay.prepared_day)
        if stay.route.to < 0:
            self.leave(person, stay.route.to)
            return
        stay.place = self.clock.event()
        self.allocation.list(person, stay.route.to)
        yield stay.place

    def until_limit(self, person: Person) -> Story:
        """Wait for the maximum stay; a person who is not ready by then counts as ready and identified."""
        if (yield from self.wait(person, person.stay.limit, Kind.MAXIMUM)):
            self.must_move_on(person, person.stay.limit, "maximum_stay")

    def wait(self, person: Person, day: float, kind: Kind) -> Generator[simpy.Event, object, bool]:
        """Wait for a day, and return whether it came; a notice that the scheme closes ends the wait.

        After a notice the person counts as ready and identified.
        """
        alarm = self.clock.at(day, kind, person.number) if day < self.network.end_day else self.clock.event()
        if self.network.schemes[person.stay.scheme].residents_move_on_day == math.inf:
            yield alarm
            return True
        notice = person.stay.notice = self.clock.event()
        yield alarm | notice
        person.stay.notice = None
        if notice.triggered:
            self.must_move_on(person, self.clock.now, "closing")
        return not notice.triggered

    # What happens to people -------------------------------------------------------------------------------------------

    def prepare(self, person: Person) -> None:
        """Begin to do what the move requires."""
        stay = person.stay
        assert stay.route is not None
        stay.case = self.casework.open(person, stay.route.requires) if stay.route.requires else None
        stay.prepared_day = stay.identified_day if stay.case is None else UNKNOWN

    def must_move_on(self, person: Person, day: float, reason: str) -> None:
        """Count a person as ready and identified from a day on; one who was not ready takes a route drawn anew."""
        stay = person.stay
        if stay.due > day:
            route = draw_route_at_limit(self.setting_of(person), person.group, person.luck, stay.visit, day)
            stay.due, stay.reason = day, reason
            if route is not stay.route:
                stay.route = route
                if stay.identified:
                    self.prepare_anew(person, day)
        if not stay.identified:
            stay.identified_day = day

    def prepare_anew(self, person: Person, day: float) -> None:
        """Give up what was prepared early for a route that is not taken, and prepare for the one that is."""
        if person.stay.case is not None:
            self.casework.abandon(person.stay.case)
        person.stay.identified_day = day
        self.prepare(person)

    def give_notice(self, scheme: int) -> None:
        """Tell the residents of a closing scheme that they are to move on."""
        residents = self.allocation.housing.residents[scheme]
        for number in sorted(residents):
            notice = residents[number].stay.notice
            if notice is not None:
                notice.succeed()

    def start_patience(self, person: Person) -> None:
        """Start the clock of a person whom an allocation has passed over, if their route says that people give up."""
        stay = person.stay
        assert stay.route is not None
        rule = stay.route.gives_up
        if rule is None or stay.listed_for != stay.route.to:
            return
        wanted = self.network.settings[stay.listed_for].code
        visit = person.luck.come_to(wanted, Purpose.GIVE_UP)
        day = self.clock.now + rule.after.quantile(person.luck.draw(Purpose.GIVE_UP, wanted, visit))
        self.clock.call(day, Kind.GIVE_UP, person.number, lambda: self.give_up(person, stay, rule.to))

    def give_up(self, person: Person, stay: Stay, to: int) -> None:
        """Stop waiting, unless a place has been found: leave by an exit, or go on another list."""
        if person.stay is not stay or not stay.listed:
            return
        stay.reason = gave_up(self.network, stay.listed_for)
        self.allocation.waiting.leave(person)
        if to >= 0:
            stay.listed_day = self.clock.now
            self.allocation.list(person, to)
            return
        self.leave(person, to)
        assert stay.place is not None
        stay.place.succeed()

    def move(self, person: Person, scheme: int, exchanged: bool) -> None:
        """Move to a place that was allocated."""
        old = person.stay
        self.allocation.waiting.leave(person)
        self.end_stay(person, self.network.schemes[scheme].setting, exchanged)
        self.enter(person, scheme, self.clock.now)
        assert old.place is not None
        old.place.succeed()

    def leave(self, person: Person, to: int) -> None:
        """Leave for good."""
        person.gone = True
        self.end_stay(person, to)

    def die(self, person: Person) -> None:
        """Die; nobody needs the person's case or their place on a list any more."""
        stay = person.stay
        reason = "died"
        if stay.listed:
            reason = died_on_list(self.network, stay.listed_for)
            self.allocation.waiting.leave(person)
        # Somebody who is listed and has given up is on their second list: both are remembered.
        stay.reason = f"{stay.reason}{AND}{reason}" if stay.reason and stay.reason.startswith("gave_up") else reason
        if stay.case is not None:
            self.casework.abandon(stay.case)
        self.leave(person, DIED_EXIT)

    def enter(self, person: Person, scheme: int, day: float, opening: bool = False) -> None:
        """Begin a stay."""
        setting = self.network.schemes[scheme].setting
        visit = person.luck.come_to(self.network.settings[setting].code)
        person.stay = Stay(setting, scheme, visit, opening, entered_day=day)
        self.stays.append((person, person.stay))
        self.allocation.housing.enter(person, scheme)

    def end_stay(self, person: Person, to: int, exchanged: bool = False) -> None:
        """End a stay and vacate its place."""
        person.stay.left_day = self.clock.now
        person.stay.left_for = to
        self.allocation.housing.leave(person, exchanged)

    def setting_of(self, person: Person) -> Setting:
        """Return the setting that a person lives in."""
        return self.network.settings[person.stay.setting]
