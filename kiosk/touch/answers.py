"""What a person is answered: the ticket taken or scanned, the code that nobody knows; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.board import SlipState
from kiosk.calendar import office_day
from kiosk.dossiers import plain_dashes
from kiosk.office.calls import may_come_back
from kiosk.office.tickets import told_appointment, told_journey, told_wait, told_warning
from kiosk.tickets import SUPPLEMENT, TicketState
from kiosk.touch.phrases import (
    at_counters,
    brief_warning,
    people_ahead,
    prints,
    ticket_address,
)
from kiosk.touch.view import Fact, Note, PlaceView, TicketView

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.tickets import Ticket
    from kiosk.touch.state import State


def ticket_view(state: State, centre: Centre, words: Texts) -> TicketView:
    assert state.place is not None
    place = state.place
    service = centre.services.get(place.ticket.service)
    paper = prints(state)
    valid = "keep" if paper else "doubt" if state.slip is SlipState.IN_DOUBT else "valid"
    facts = []
    if place.counters:
        facts.append(Fact(words.say("touch.ticket.go_to"), at_counters(place.counters, words)))
    if not place.early:
        facts.append(Fact(words.say("touch.ticket.ahead"), people_ahead(place.ahead, words)))
    wait = told_wait(place, words)
    if wait is not None:
        facts.append(Fact(words.say("touch.ticket.about"), wait))
    return TicketView(
        title=words.say("touch.ticket.title"),
        number=place.ticket.number,
        service=words.name(service.names) if service else place.ticket.service,
        notes=_notes(centre, place, words),
        facts=tuple(facts),
        paper=paper,
        take=words.say("touch.ticket.take" if paper else "touch.ticket.note"),
        keep=words.say(f"touch.ticket.{valid}"),
        qr=ticket_address(centre, place.ticket.id),
        phone_title=words.say("touch.ticket.phone"),
        phone_text=words.say("touch.ticket.phone_text"),
    )


_PLACE_LOOKS: Final = {
    TicketState.WAITING: ("clock", "calm"),
    TicketState.CALLED: ("megaphone", "ready"),
    TicketState.SERVING: ("user", "ready"),
    TicketState.PARKED: ("pause", "calm"),
    TicketState.FINISHED: ("check-circle", "calm"),
    TicketState.NO_SHOW: ("alert", "warn"),
    TicketState.CANCELLED: ("x-circle", "warn"),
    TicketState.EXPIRED: ("x-circle", "warn"),
}


def place_view(state: State, centre: Centre, words: Texts, now: datetime) -> PlaceView:
    assert state.place is not None
    place = state.place
    ticket = place.ticket
    service = centre.services.get(ticket.service)
    icon, tone = _PLACE_LOOKS[ticket.state]
    if _gave_up(state):
        icon, tone = "check-circle", "calm"
    elif ticket.state is TicketState.PARKED and ticket.reason == SUPPLEMENT:
        icon = "files"
    title, text = _place_told(state, place, centre, words, now)
    waits = ticket.state is TicketState.WAITING
    notes: tuple[Note, ...] = ()
    if waits or ticket.state is TicketState.PARKED:
        notes = _notes(centre, place, words, titled=place.early)
    if state.problem:
        key = f"touch.place.problem.{state.problem}"
        problem = Note("alert", words.say(key), words.say(f"{key}.brief"), "warn")
        notes = (problem, *notes)
    main, key = _main_key(state, centre, words, now)
    return PlaceView(
        label=words.say("touch.place.label"),
        number=ticket.number,
        service=words.name(service.names) if service else ticket.service,
        title=title,
        text=text,
        icon=icon,
        tone=tone,
        notes=notes,
        facts=_place_facts(place, words) if waits else (),
        main=main,
        main_key=key,
        give_up=words.say("touch.place.give_up") if can_cancel(place) else "",
    )


def _main_key(state: State, centre: Centre, words: Texts, now: datetime) -> tuple[str, str]:
    """What the large key says and does, both "" without one."""
    if can_come_back(state.place, centre, now):
        return words.say("touch.place.back"), "back"
    return (words.say("touch.rating.do"), "ask") if state.rates else ("", "")


def can_cancel(place: Place | None) -> bool:
    return place is not None and place.ticket.state in (TicketState.WAITING, TicketState.PARKED)


def can_come_back(place: Place | None, centre: Centre, now: datetime) -> bool:
    """Whether its owner may bring the ticket back to the line."""
    if place is None or not may_come_back(centre, place.ticket, now):
        return False
    day = office_day(now, centre.timezone, centre.queue.day_starts).isoformat()
    return place.ticket.state is TicketState.PARKED or place.ticket.day == day


def _gave_up(state: State) -> bool:
    """Whether the cancelled ticket shown is one that was given up here and now."""
    assert state.place is not None
    return state.did == "cancel" and state.place.ticket.state is TicketState.CANCELLED


def _place_told(
    state: State, place: Place, centre: Centre, words: Texts, now: datetime
) -> tuple[str, str]:
    """What became of the ticket, and what to do now."""
    ticket = place.ticket
    key = f"touch.place.{ticket.state.value}"
    told = f"{key}.now"
    if ticket.state is TicketState.WAITING:
        if state.did == "come_back":
            told = f"{key}.back"
        elif ticket.misses:
            told = f"{key}.missed"
        return _told_ahead(centre, place, words), words.say(told)
    if _gave_up(state):
        key, told = "touch.place.given_up", "touch.place.given_up.now"
    elif ticket.state is TicketState.PARKED and ticket.reason == SUPPLEMENT:
        key, told = "touch.place.supplement", "touch.place.supplement.now"
    elif ticket.state is TicketState.NO_SHOW and not can_come_back(place, centre, now):
        told = f"{key}.late"
    time = _called_at(ticket, centre, words, now)
    return words.say(key, counter=ticket.counter, time=time), words.say(told)


def _told_ahead(centre: Centre, place: Place, words: Texts) -> str:
    """Who is next, or how many come before; before its time an appointment has only its time."""
    if place.early:
        return told_appointment(centre, place, words)
    ahead = place.ahead
    return words.count("touch.place.waiting", ahead) if ahead else words.say("touch.place.next")


def _called_at(ticket: Ticket, centre: Centre, words: Texts, now: datetime) -> str:
    """When it was called last, for one who did not hear it."""
    at = ticket.announced_at or ticket.called_at or ticket.issued_at
    return words.when(at.astimezone(centre.timezone), now)


def _place_facts(place: Place, words: Texts) -> tuple[Fact, ...]:
    wait = told_wait(place, words)
    facts = [Fact(words.say("touch.ticket.about"), wait)] if wait is not None else []
    if place.counters:
        facts.insert(0, Fact(words.say("touch.ticket.go_to"), at_counters(place.counters, words)))
    return tuple(facts)


def _notes(centre: Centre, place: Place, words: Texts, *, titled: bool = False) -> tuple[Note, ...]:
    """Its appointment (unless the title tells it), its journey, and what who waits must know."""
    ticket = place.ticket
    notes: list[Note] = []
    if ticket.due_at is not None and not titled:
        told = told_appointment(centre, place, words)
        late = ticket.issued_at > ticket.due_at + centre.queue.grace
        notes.append(Note("clock", told, words.say("touch.note.late") if late else told))
    total = place.step + sum(code in centre.services for code in ticket.journey)
    if total > 1:
        step = words.say("touch.step", n=place.step, total=total)
        then = told_journey(centre, place, words)
        notes.append(Note("arrow-right", f"{step} · {then}" if then else step, step))
    if place.warning is not None:
        told = told_warning(centre, place, words)
        brief = brief_warning(place.warning, place.ends_at, centre.timezone, words)
        notes.append(Note("alert", told, brief, "warn"))
    return tuple(notes)


def told_entry(entry: str) -> str:
    """What was typed or scanned and is unknown: whole where it has the form of a dossier's code. A
    bare number may be somebody's, and everybody can see the screen."""
    return entry if "-" in plain_dashes(entry) else f"…{entry[-2:]}"
