"""Taking a ticket, and asking where one stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk import turns
from kiosk.board import Issued, Place
from kiosk.calendar import stamp
from kiosk.dossiers import Status, is_free_code, normalise_code
from kiosk.errors import Refused
from kiosk.office import days, limits
from kiosk.office.figures import outlook
from kiosk.office.moves import ticket_of_today
from kiosk.store import dossiers, events, jobs, numbering, tickets
from kiosk.store.lines import LAST_PLACE
from kiosk.tickets import (
    AT_COUNTER,
    ENDED,
    RETURNED,
    SUPPLEMENT,
    Ticket,
    TicketState,
    counter_runs,
    led_to,
    new_id,
    numbered,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.store.events import End
    from kiosk.texts import Texts
    from kiosk.tickets import Service


def take_ticket(
    centre: Centre,
    *,
    actor: str,
    service: str | None = None,
    services: Sequence[str] = (),
    language: str = "vi",
    priority: str | None = None,
    request_id: str | None = None,
    dossier: str | None = None,
    reason: str | None = None,
    supplement: bool = False,
    excused: bool = False,
) -> Issued:
    """Gives the next number of the service and queues its paper, in one transaction.

    With ``services`` the one ticket goes through all of them, in that order. A known
    ``request_id`` gives the same ticket again. ``reason`` is why staff give it a class.
    A ``supplement`` brings papers that the ``dossier`` waits for: it is called as [queue] says of
    who comes back, and asking again gives the ticket that waits. Who is ``excused`` by staff needs
    no dossier where one is needed.
    Refused: service_needed, unknown_service, unknown_priority, unknown_reason, request_differs
    (that ``request_id`` asked for something else), dossier_needed, no_such_dossier,
    no_supplement_due, and what ``limits.refusal`` says of the first service.
    """
    journey = [centre.service(code) for code in services or ((service,) if service else ())]
    if not journey:
        raise Refused("service_needed")
    if priority is not None and priority not in centre.priorities:
        raise Refused("unknown_priority", priority=priority)
    if reason is not None:
        centre.check_reason("priority", reason)
    if not (dossier or excused) and any(step.needs_dossier for step in journey):
        raise Refused("dossier_needed")
    dossier = normalise_code(dossier) if dossier else None
    now = centre.clock()
    with centre.database.write() as query:
        day, end, given = days.begin_number(centre, query, journey[0].code, now)
        if request_id is not None:
            known = tickets.by_request(query, centre.code, request_id)
            if known is not None:
                _check_same(centre, query, known, journey, priority, dossier)
                return Issued(place_of(centre, query, known, now, day), new=False)
        if dossier is not None:
            _check_dossier(centre, query, dossier, supplement=supplement)
        waits = tickets.waiting_with(query, centre.code, day, dossier) if supplement else None
        if waits is not None:
            return Issued(place_of(centre, query, waits, now, day), new=False)
        first = journey[0]
        refused = limits.refusal(centre, query, first, given, day, now)
        if refused is not None:
            raise refused
        n = numbering.give_next(query, centre.code, day, first.code, given, first.first_number)
        ticket = Ticket(
            id=new_id(),
            number=numbered(first.code, n),
            service=first.code,
            state=TicketState.WAITING,
            place=end.seq + 1,
            issued_at=now,
            priority=priority,
            dossier=dossier,
            day=day,
            line=RETURNED if supplement and centre.queue.supplement == "first" else priority or "",
            waits_since=now,
            journey=_way(centre, journey),
            version=end.seq + 1,
        )
        return issue(
            centre,
            query,
            ticket,
            n=n,
            end=end,
            actor=actor,
            language=language,
            request_id=request_id,
            asked=[step.code for step in journey[1:]],
            reason=reason,
            after=SUPPLEMENT if supplement else "",
        )


def _check_dossier(centre: Centre, query: Query, code: str, *, supplement: bool) -> None:
    """Refused: no_such_dossier, and for a ``supplement`` no_supplement_due."""
    known = dossiers.find(query, centre.code, code) if is_free_code(code) else None
    if known is None:
        raise Refused("no_such_dossier")
    if supplement and known.status is not Status.SUPPLEMENT_REQUIRED:
        raise Refused("no_supplement_due")


def _way(centre: Centre, services: Sequence[Service]) -> tuple[str, ...]:
    """What comes after the first of the services that were asked for: each is followed by where it
    leads (its ``then``), but for what comes anyway."""
    asked = {service.code for service in services}
    steps: list[str] = []
    for n, service in enumerate(services):
        if n:
            steps.append(service.code)
        if service.then:
            steps += led_to(centre.services, service.code, {*asked, *steps})
    return tuple(steps)


def _check_same(
    centre: Centre,
    query: Query,
    known: Ticket,
    journey: Sequence[Service],
    priority: str | None,
    dossier: str | None,
) -> None:
    """Refused("request_differs") unless the ticket was given for the same wish."""
    first, *then = [step.code for step in journey]
    given = events.issued(query, centre.code, known.id)
    asked = (first, then, priority, dossier)
    # The steps nobody asked for are the office's wish of then; it may have others now.
    steps = given.get("asked", given.get("journey", []))
    if (given.get("service"), steps, given.get("priority"), known.dossier) != asked:
        raise Refused("request_differs", number=known.number)


def issue(
    centre: Centre,
    query: Query,
    ticket: Ticket,
    *,
    n: int,
    end: End,
    actor: str,
    language: str,
    request_id: str | None = None,
    asked: Sequence[str] = (),
    reason: str | None = None,
    after: str = "",
) -> Issued:
    """Writes a ticket that has the next number ``n`` of its series, and queues its paper.

    Its event comes after ``end``; the ticket's ``version`` says so already. No limit binds here.
    ``asked`` are those steps of its journey that somebody asked for; the others are the office's.
    ``after`` is what its owner comes back for.
    """
    now = ticket.issued_at
    events.append(
        query,
        centre.code,
        now,
        "ticket.issued",
        after=end,
        actor=actor,
        ticket=ticket.id,
        dossier=ticket.dossier,
        details={
            "number": ticket.number,
            "service": ticket.service,
            "kiosk": centre.kiosk,
            **({"priority": ticket.priority} if ticket.priority else {}),
            **({"why": reason} if reason else {}),
            **({"after": after} if after else {}),
            **({"journey": list(ticket.journey)} if ticket.journey else {}),
            **({"asked": list(asked)} if list(ticket.journey) != list(asked) else {}),
            **({"due_at": stamp(ticket.due_at)} if ticket.due_at else {}),
        },
    )
    stands = place_of(centre, query, ticket, now, ticket.day, new=True)
    tickets.insert(query, centre.code, ticket, n=n, kiosk=centre.kiosk, request_id=request_id)
    jobs.insert(
        query,
        centre.code,
        job_id=new_id(),
        kiosk=centre.kiosk,
        place=ticket.version,
        ticket=ticket.id,
        slip="ticket",
        data=slip_facts(stands, language),
        now=now,
    )
    return Issued(stands, new=True)


def slip_facts(place: Place, language: str) -> dict[str, object]:
    """What the ticket's paper tells and its row does not; ``office.slips`` makes sentences of it.

    The sentences themselves would be most of what a ticket takes in the store.
    """
    told = {
        "service": place.ticket.service,
        "journey": place.ticket.journey,
        "counters": place.counters,
        "ahead": place.ahead,
        "estimate": place.estimate,
        "warning": place.warning,
        "ends_at": stamp(place.ends_at) if place.warning and place.ends_at else None,
        "early": place.early,
    }
    return {"language": language, **{name: value for name, value in told.items() if value}}


def follow(centre: Centre, ticket_id: str) -> Place:
    """Where a ticket stands now; one of an earlier day that was never called has expired."""
    now = centre.clock()
    with centre.database.read() as query:
        ticket = tickets.by_id(query, centre.code, ticket_id)
        if ticket is None:
            raise Refused("no_such_ticket")
        return place_of(centre, query, ticket, now, days.today(centre, query, now))


def exists(centre: Centre, ticket_id: str) -> bool:
    with centre.database.read() as query:
        return tickets.by_id(query, centre.code, ticket_id) is not None


def called_last(centre: Centre, service: str) -> Ticket | None:
    """Who of the service was called last, of those that are at a counter now."""
    with centre.database.read() as query:
        day = days.today(centre, query, centre.clock())
        here = tickets.all_at_counters(query, centre.code)
    alike = [one for one in here if (one.service, one.day) == (service, day) and one.called_at]
    return max(alike, key=lambda one: one.called_at or one.issued_at, default=None)


def find(centre: Centre, wanted: str) -> Place:
    """The same for a ticket of today by its id or its number, also typed short.

    Refused: no_such_number.
    """
    now = centre.clock()
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        return place_of(centre, query, ticket_of_today(centre, query, wanted, day), now, day)


def place_of(
    centre: Centre, query: Query, ticket: Ticket, now: datetime, day: str, *, new: bool = False
) -> Place:
    """Where a ticket stands inside a transaction; ``day`` is the office day that runs.

    One that is ``new`` has nothing behind it and is not in the store yet.
    """
    if ticket.state not in ENDED | AT_COUNTER and ticket.day != day:
        if centre.queue.keep_overnight and ticket.day < day:
            day = ticket.day
        else:
            ticket = replace(ticket, state=TicketState.EXPIRED)
    step = 1 if new else events.services_done(query, centre.code, ticket.id) + 1
    if ticket.state is not TicketState.WAITING:
        return Place(ticket, _counters(centre, ticket), 0, None, step=step)
    last = new and ticket.due_at is None
    place = LAST_PLACE if last else ticket.place
    late = turns.is_overdue(ticket, centre.rules, now)
    seen = outlook(
        centre,
        query,
        ticket.day,
        now,
        (ticket.service,),
        place,
        ticket.counter,
        ticket.line,
        late=ticket.waits_since if late else None,
    )
    if ticket.counter is not None:
        sent = tickets.sent_to(query, centre.code, ticket.day, ticket.counter)
        ahead = turns.ahead_among(ticket, sent, centre.rules, now)
    else:
        ahead = seen.ahead(ticket)
    # Before its time nobody can say when an appointment is called: its time is what is told.
    early = turns.class_of(ticket, now) == turns.EARLY
    wait = None if early else seen.wait(ticket.service, ticket.line, ticket.counter)
    taking = _counters(centre, ticket)
    booked = ticket.due_at is not None and step == 1
    warning, ends_at = seen.warning(ticket.service, taking, wait, booked=booked)
    if not new:
        # What is printed once names all that may call; who looks again is sent to no closed one.
        taking = seen.at_work(taking) or taking
    return Place(ticket, taking, ahead, wait, warning, ends_at, step, early)


def _counters(centre: Centre, ticket: Ticket) -> tuple[int, ...]:
    if ticket.counter is not None:
        return (ticket.counter,)
    return centre.counters_of(ticket.service)


def minutes(estimate: tuple[int, int]) -> tuple[int, int]:
    """The estimate as whole minutes that a person may be told: never "0 to 0"."""
    low, high = estimate
    return low // 60, max(-(-high // 60), low // 60 + 1)


def told_counters(place: Place, words: Texts) -> str:
    return words.say("common.counter", counter=counter_runs(place.counters))


def told_ahead(place: Place, words: Texts) -> str:
    if not place.ahead:
        return words.say("common.nobody")
    return words.count("common.people", place.ahead)


def told_wait(place: Place, words: Texts) -> str | None:
    if place.estimate is None:
        return None
    low, high = minutes(place.estimate)
    if low == 0:
        return words.count("common.wait.under", high)
    return words.say("common.wait.range", low=low, high=high)


def told_appointment(centre: Centre, place: Place, words: Texts) -> str:
    """When the ticket is expected, or that its time had passed at check-in; "" without one."""
    ticket = place.ticket
    if ticket.due_at is None:
        return ""
    late = came_late(centre, ticket)
    time = words.clock(ticket.due_at.astimezone(centre.timezone))
    return words.say("common.appointment.late" if late else "common.appointment", time=time)


def came_late(centre: Centre, ticket: Ticket) -> bool:
    return ticket.due_at is not None and ticket.issued_at > ticket.due_at + centre.queue.grace


def told_journey(centre: Centre, place: Place, words: Texts, *, whole: int = 0) -> str:
    """The services that come after this one; "" when it is the last.

    Names of at most ``whole`` letters are never parted by the end of a line.
    """
    known = [centre.services[code] for code in place.ticket.journey if code in centre.services]
    names = [words.name(service.names) for service in known]
    listed = ", ".join(
        name.replace(" ", "\u00a0") if len(name) <= whole else name for name in names
    )
    return words.say("common.then", services=listed) if listed else ""


def told_warning(centre: Centre, place: Place, words: Texts) -> str:
    """What who waits must know, as ``Place.warning`` says; "" when there is nothing."""
    if place.warning is None:
        return ""
    ends_at = place.ends_at.astimezone(centre.timezone) if place.ends_at else None
    time = words.clock(ends_at) if ends_at else ""
    return words.say(f"common.warning.{place.warning}", time=time)
