"""How the touch window gives a number, and what who has one may do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from kiosk.errors import Refused, Unavailable
from kiosk.office.tickets import take_ticket
from kiosk.office.visits import cancel, come_back
from kiosk.tickets import new_id
from kiosk.touch.lookups import ACTOR, NO_NUMBER
from kiosk.touch.state import Screen, Wish, go
from kiosk.touch.visit import Viewed

if TYPE_CHECKING:
    from kiosk.board import Issued, Place
    from kiosk.office.centre import Centre
    from kiosk.touch.enquiry import Enquiry


class Giving(Viewed, Protocol):
    def refresh(self) -> None: ...


class Numbers:
    """Answers the boxes of the home screen and the keys of a ticket."""

    def __init__(self, visit: Giving, centre: Centre, enquiry: Enquiry) -> None:
        self._visit = visit
        self._centre = centre
        self._enquiry = enquiry

    def choose(self, key: str) -> None:
        """Opens the drawer, or takes the number, or says why there is none."""
        state = self._visit.state
        home = state.home
        line = next((x for x in home.board.lines if x.code == key), None) if home else None
        card = next((x for x in self._visit.view.home.cards if x.key == key), None)
        if card is not None and card.drawer:
            shown = replace(go(state, Screen.GROUP, self._visit.now()), group=key)
            self._visit.arrive(shown)
        elif line is not None and line.refusal is not None:
            self._refuse(line.refusal, key)
        elif line is not None and self._centre.services[key].ask:
            self._enquiry.ask_for(key)
        elif line is not None:
            self.take(Wish(key, new_id(), priority=state.priority))

    def take(self, wish: Wish) -> None:
        """The class that was chosen is for this number alone, and forgotten with it."""
        centre, language = self._centre, self._visit.state.language
        if self._visit.stopped:
            self._visit.arrive(go(self._visit.state, Screen.STOPPED, self._visit.now()))
            return

        def work() -> Issued:
            return take_ticket(
                centre,
                service=wish.service,
                actor=ACTOR,
                language=language,
                priority=wish.priority,
                request_id=wish.request_id,
                dossier=wish.dossier,
                supplement=wish.supplement,
            )

        def done(issued: Issued) -> None:
            waits = wish.supplement and not issued.new
            screen = Screen.PLACE if waits else Screen.TICKET
            state = go(self._visit.state, screen, self._visit.now())
            self._visit.arrive(replace(state, place=issued.place, priority=None))

        def failed(error: Refused | Unavailable) -> None:
            if isinstance(error, Unavailable):
                state = go(self._visit.state, Screen.UNAVAILABLE, self._visit.now())
                self._visit.arrive(replace(state, wish=wish, trouble=error.code))
            else:
                self._refuse(error.code, wish.service)

        self._visit.state = replace(self._visit.state, wish=wish)
        self._visit.ask(work, done, failed)

    def move(self, move: str) -> None:
        """Gives the ticket shown up, or brings it back to the line; the store says what became."""
        centre, shown = self._centre, self._visit.state.place
        assert shown is not None
        work = {"cancel": cancel, "come_back": come_back}[move]

        def done(place: Place) -> None:
            state = go(self._visit.state, Screen.PLACE, self._visit.now())
            self._visit.arrive(replace(state, place=place, did=move))

        def failed(error: Refused | Unavailable) -> None:
            problem = "store" if isinstance(error, Unavailable) else "refused"
            state = go(self._visit.state, Screen.PLACE, self._visit.now())
            self._visit.arrive(replace(state, place=shown, problem=problem))
            self._visit.refresh()

        self._visit.ask(lambda: work(centre, shown.ticket.id, actor=ACTOR), done, failed)

    def _refuse(self, code: str, service: str) -> None:
        state = go(self._visit.state, NO_NUMBER.get(code, Screen.UNAVAILABLE), self._visit.now())
        self._visit.arrive(replace(state, service=service))
