"""What scans, codes and secrets lead to at the touch window: the part of a visit about dossiers.

A card's number and a secret live in the one call that compares them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from kiosk.board import Issued, Place
from kiosk.dossier_answers import DossierAnswer, Outlook
from kiosk.errors import Refused, Unavailable
from kiosk.office.dossiers import look_up
from kiosk.office.form_jobs import queue_apology_slip
from kiosk.office.sms_wishes import decline_sms, wish_sms, wished_sms
from kiosk.scans import CardScan, DossierScan, TicketScan, Unreadable, parse
from kiosk.tickets import new_id
from kiosk.touch.dossier_view import can_apologise, can_wish, next_line
from kiosk.touch.lookups import ACTOR, NO_ANSWER, Rateable, code_of, find
from kiosk.touch.notice_view import NO_SUCH
from kiosk.touch.rating import Rating
from kiosk.touch.state import Screen, Wish, beside, go
from kiosk.touch.visit import Folding, Viewed

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from kiosk.scans import Scan


class Asked(Folding, Viewed, Protocol):
    def take(self, wish: Wish) -> None: ...


class Enquiry:
    """Answers scans and the keys of the screens about a dossier."""

    def __init__(self, visit: Asked, centre: Centre) -> None:
        self._visit = visit
        self._centre = centre
        self._rating = Rating(visit, centre)

    def scanned(self, scan: Scan) -> None:
        state, now = self._visit.state, self._visit.now()
        match scan:
            case TicketScan() | DossierScan():
                self._find(scan)
            case CardScan() if state.answer is not None:
                self._prove(scan)
            case Unreadable() if state.screen is Screen.PROVE:
                shown = replace(beside(state, Screen.PROVE, now), problem="unreadable")
                self._visit.arrive(shown)
            case CardScan() | Unreadable() if state.asking is not None:
                self.ask_for(state.asking, "card" if isinstance(scan, CardScan) else "unreadable")
            case CardScan():
                self._visit.arrive(go(state, Screen.CARD, now))
            case Unreadable():
                self._visit.arrive(go(state, Screen.UNREADABLE, now))

    def ask_for(self, service: str, problem: str = "", entry: str = "") -> None:
        """Asks which dossier the number of the service is for."""
        state = go(self._visit.state, Screen.ASK, self._visit.now())
        self._visit.arrive(replace(state, asking=service, problem=problem, entry=entry))

    def take_number(self) -> None:
        """The key of the answer: where the result is handed out, or missing papers are taken."""
        state = self._visit.state
        answer = state.answer
        line = next_line(state, self._centre)
        if answer is not None and line is not None:
            brings = answer.outlook is Outlook.SUPPLEMENT
            self._visit.take(Wish(line.code, new_id(), answer.code, brings, state.priority))

    def act(self, key: str) -> None:
        """A key of one of these screens; others do nothing."""
        state, now = self._visit.state, self._visit.now()
        if self._rating.act(key):
            return
        match key:
            case "type":
                self.type_code()
            case "check_in":
                entry = state.entry if state.screen is Screen.APPOINTMENT else ""
                shown = replace(go(state, Screen.CHECK_IN, now), letters=True, entry=entry)
                self._visit.arrive(shown)
            case "skip" if state.asking is not None:
                self._visit.take(Wish(state.asking, new_id(), priority=state.priority))
            case "prove" if state.answer is not None:
                self._visit.arrive(beside(state, Screen.PROVE, now))
            case "apology" if can_apologise(state):
                self._apologise()
            case "sms" if can_wish(state, self._centre):
                self._visit.arrive(beside(state, Screen.PHONE, now))
            case "own_phone" if state.screen is Screen.PHONE:
                self._wish(None)
            case "no_sms" if can_wish(state, self._centre):
                self._decline()

    def type_code(self) -> None:
        before = self._visit.state
        state = go(before, Screen.KEYPAD, self._visit.now())
        entry = before.entry if before.screen in (Screen.NOT_FOUND, Screen.ASK) else ""
        own = f"{self._centre.code}-"
        self._visit.arrive(replace(state, entry=entry or own, asking=before.asking))

    def submit(self) -> None:
        """The large key of the keypad."""
        state = self._visit.state
        if state.screen is Screen.PROVE:
            self._prove(state.entry)
        elif state.screen is Screen.PHONE:
            self._wish(state.entry)
        elif state.screen is Screen.CHECK_IN:
            self._find(DossierScan(state.entry, certain=False))
        else:
            self.scanned(parse(state.entry.encode()))

    def goes_back(self) -> bool:
        """One step back, where that is not the home screen."""
        state = self._visit.state
        if state.screen in (Screen.PROVE, Screen.PHONE) and state.answer is not None:
            self._visit.arrive(beside(state, Screen.DOSSIER, self._visit.now()))
        elif state.screen is Screen.KEYPAD and state.asking is not None:
            self.ask_for(state.asking)
        else:
            return self._rating.goes_back()
        return True

    def _find(self, scan: TicketScan | DossierScan) -> None:
        centre, language = self._centre, self._visit.state.language
        asking, gives = self._visit.state.asking, not self._visit.stopped
        expected = self._visit.state.screen is Screen.CHECK_IN

        def done(found: Place | Rateable | Issued | DossierAnswer) -> None:
            state, now = self._visit.state, self._visit.now()
            match found:
                case Issued(place, new):
                    state = go(state, Screen.TICKET if new else Screen.PLACE, now)
                    self._visit.arrive(replace(state, place=place))
                case Rateable(place):
                    self._rating.ask(place)
                case Place():
                    self._visit.arrive(replace(go(state, Screen.PLACE, now), place=found))
                case DossierAnswer() if asking is not None:
                    self._visit.take(Wish(asking, new_id(), found.code, priority=state.priority))
                case DossierAnswer():
                    self._visit.arrive(replace(go(state, Screen.DOSSIER, now), answer=found))

        def failed(error: Refused | Unavailable) -> None:
            screen = NO_ANSWER.get(error.code, Screen.UNAVAILABLE)
            state = go(self._visit.state, screen, self._visit.now())
            if screen is Screen.NOT_FOUND and asking is not None:
                self.ask_for(asking, "not_found", code_of(scan))
                return
            if screen is Screen.NOT_FOUND and expected:
                state = go(state, Screen.APPOINTMENT, self._visit.now())
                state = replace(state, problem=NO_SUCH, entry=code_of(scan))
            elif screen is Screen.NOT_FOUND:
                state = replace(state, entry=code_of(scan))
            elif screen is Screen.APPOINTMENT:
                due_at = error.facts.get("due_at")
                due_at = due_at if isinstance(due_at, datetime) else None
                state = replace(state, problem=error.code, due_at=due_at)
            elif screen is Screen.UNAVAILABLE:
                state = replace(state, trouble=error.code)
            self._visit.arrive(state)

        self._visit.ask(lambda: find(centre, scan, language, gives=gives), done, failed)

    def _prove(self, given: str | CardScan) -> None:
        """Opens people to who has the second factor of the dossier shown."""
        centre, shown = self._centre, self._visit.state.answer
        assert shown is not None
        code, asker = shown.code, f"kiosk:{centre.kiosk}"
        self._visit.fold(replace(self._visit.state, entry="", problem="", due_at=None))

        def work() -> tuple[DossierAnswer, str]:
            found = look_up(centre, code, given, asker=asker, actor=ACTOR)
            return found, wished_sms(centre, code)

        def done(found: tuple[DossierAnswer, str]) -> None:
            answer, wished = found
            state = go(self._visit.state, Screen.DOSSIER, self._visit.now())
            self._visit.arrive(replace(state, answer=answer, wished=wished))

        def failed(error: Refused | Unavailable) -> None:
            state = beside(self._visit.state, Screen.PROVE, self._visit.now())
            seconds = error.facts.get("seconds")
            after = timedelta(seconds=seconds) if isinstance(seconds, int) else None
            problem = "store" if isinstance(error, Unavailable) else error.code
            due_at = centre.wall() + after if after else None
            self._visit.arrive(replace(state, problem=problem, due_at=due_at))

        self._visit.ask(work, done, failed)

    def _apologise(self) -> None:
        centre, state = self._centre, self._visit.state
        assert state.answer is not None
        code, named, language = state.answer.code, state.answer.full, state.language

        def work() -> str:
            return queue_apology_slip(centre, code, actor=ACTOR, named=named, language=language)

        self._do(work, "apology")

    def _wish(self, phone: str | None) -> None:
        centre, state = self._centre, self._visit.state
        assert state.answer is not None
        code = state.answer.code
        self._visit.fold(replace(state, entry=""))

        def done(end: str) -> None:
            self._back_to_dossier("wished", end)

        def failed(error: Refused | Unavailable) -> None:
            state = beside(self._visit.state, Screen.PHONE, self._visit.now())
            self._visit.arrive(replace(state, problem=error.code))

        self._visit.ask(lambda: wish_sms(centre, code, phone, actor=ACTOR), done, failed)

    def _decline(self) -> None:
        centre, state = self._centre, self._visit.state
        assert state.answer is not None
        code = state.answer.code
        self._do(lambda: decline_sms(centre, code, actor=ACTOR), "declined", wished="")

    def _do(self, work: Callable[[], object], did: str, wished: str | None = None) -> None:
        """Something about the dossier shown, after which it is shown again."""

        def failed(error: Refused | Unavailable) -> None:
            known = isinstance(error, Refused) and error.code == "apology_given"
            self._back_to_dossier("", problem="apology_given" if known else "store")

        self._visit.ask(work, lambda _: self._back_to_dossier(did, wished), failed)

    def _back_to_dossier(self, did: str, wished: str | None = None, *, problem: str = "") -> None:
        state = beside(self._visit.state, Screen.DOSSIER, self._visit.now())
        wished = state.wished if wished is None else wished
        self._visit.arrive(replace(state, did=did, problem=problem, wished=wished))
