"""Slips about invented people and things, to see how the office's papers look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.board import Place
from kiosk.dossiers import Channel, Dossier, Status
from kiosk.folding import fold
from kiosk.history import Event
from kiosk.office.forms import (
    Apology,
    Form,
    Handover,
    Paper,
    Receipt,
    Refusal,
    Supplement,
    form_data,
)
from kiosk.office.jobs import copy_mark, test_page_data
from kiosk.office.procedure_slips import procedure_data
from kiosk.office.slips import slip_data
from kiosk.office.summaries import summary_data
from kiosk.procedures import ChannelTerms, Procedure, RequiredDocument
from kiosk.tickets import Ticket, TicketState, led_to, numbered

if TYPE_CHECKING:
    from kiosk.history import Day
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

KINDS: Final = (
    "ticket",
    "appointment",
    "reprint",
    "receipt",
    "supplement",
    "refusal",
    "apology",
    "handover",
    "procedure",
    "summary",
    "test",
)
NOW: Final = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
"""08:42 on a Monday in Việt Nam."""
_ID: Final = "K72MX9QRTB4A"
_DIGITS: Final = "752316"


def example(centre: Centre, kind: str, words: Texts) -> tuple[str, dict[str, object]]:
    """The slip's kind for ``printer.slips`` and what stands on it: all of it of one morning."""
    centre = replace(centre, clock=lambda: NOW)
    match kind:
        case "ticket":
            return "ticket", slip_data(centre, _place(centre), words)
        case "appointment":
            return "ticket", slip_data(centre, _appointment(centre), words)
        case "reprint":
            mark = copy_mark(centre, 1, words.language)
            anew = NOW + timedelta(minutes=20)
            data = slip_data(centre, replace(_place(centre), ahead=1), words, anew)
            return "ticket", {**data, "copy_mark": mark}
        case "summary":
            number = next(iter(centre.counters))
            names = {"hoa": words.say("slip.example.clerk")}
            day = NOW.astimezone(centre.timezone).date()
            history = _history(centre, number)
            return kind, summary_data(centre, number, day, history, names, words)
        case "procedure":
            return kind, procedure_data(centre, _procedure(words), words)
        case "test":
            return kind, test_page_data(centre, words, _ID, NOW)
        case _:
            return kind, form_data(centre, _dossier(centre, words), _form(kind, words), words)


def _place(centre: Centre) -> Place:
    service = next(iter(centre.services.values()))
    ticket = Ticket(
        id=_ID,
        number=numbered(service.code, 25),
        service=service.code,
        state=TicketState.WAITING,
        place=1,
        issued_at=NOW,
        journey=tuple(led_to(centre.services, service.code)),
    )
    return Place(ticket, centre.counters_of(service.code)[:1], 3, (600, 900))


def _appointment(centre: Centre) -> Place:
    place = _place(centre)
    ticket = replace(place.ticket, due_at=NOW + timedelta(minutes=48))
    return replace(place, ticket=ticket, estimate=None, early=True)


def _dossier(centre: Centre, words: Texts) -> Dossier:
    return Dossier(
        code=f"{centre.code}-261118-0007",
        status=Status.PROCESSING,
        procedure_name=words.say("slip.example.subject"),
        procedure_code="1.012753",
        receiving_unit=centre.name_in(words.language),
        resolving_unit=words.say("slip.example.unit"),
        owner_name=words.say("slip.example.owner"),
        address=words.say("slip.example.address"),
        secret=_DIGITS,
        fee=100_000,
        fee_paid=True,
        received_at=NOW - timedelta(days=5),
        due_at=NOW + timedelta(days=7, hours=5, minutes=48),
        new_due_at=NOW + timedelta(days=14, hours=5, minutes=48),
    )


def _procedure(words: Texts) -> Procedure:
    by = (
        ChannelTerms(Channel.IN_PERSON, words.say("slip.example.term"), fee=8_000),
        ChannelTerms(Channel.ONLINE, words.say("slip.example.term"), fee=0),
    )
    papers = (
        RequiredDocument(words.say("slip.example.paper.form"), 1, 0, "https://dichvucong.gov.vn"),
        RequiredDocument(words.say("slip.example.paper.map"), 1, 2),
    )
    return Procedure(
        code="1.012753",
        name=words.say("slip.example.subject"),
        field=words.say("slip.example.field"),
        agency=words.say("slip.example.unit"),
        result=words.say("slip.example.result"),
        checked_on=NOW.date(),
        channels=by,
        documents=papers,
    )


def _form(kind: str, words: Texts) -> Form:
    submitter, clerk = words.say("slip.example.submitter"), words.say("slip.example.clerk")
    contract = words.say("slip.example.paper.contract")
    match kind:
        case "receipt":
            papers = (
                Paper(words.say("slip.example.paper.form"), originals=1),
                Paper(words.say("slip.example.paper.map"), originals=1, copies=1),
                Paper(contract, certified=2),
            )
            return Receipt(submitter, clerk, papers, days=10)
        case "supplement":
            missing = Paper(contract, originals=1, note=words.say("slip.example.paper.note"))
            reasons = (words.say("slip.example.reason.supplement"),)
            extract = Paper(words.say("slip.example.paper.map"), originals=1)
            return Supplement((missing, extract), reasons, clerk, NOW + timedelta(days=9, hours=8))
        case "refusal":
            reasons = (words.say("slip.example.reason.refusal"),)
            return Refusal(reasons, clerk, (words.say("slip.example.advice"),), submitter)
        case "apology":
            reasons = (words.say("slip.example.reason.apology"),)
            return Apology(reasons, words.say("slip.example.head"), "12/PXL")
        case "handover":
            result = Paper(words.say("slip.example.result"), originals=1)
            return Handover(submitter, clerk, (result,))
    raise ValueError(kind)


def _history(centre: Centre, number: int) -> Day:
    """A morning on which somebody is called every five minutes, and each eleventh does not come."""
    services = centre.counters[number].services
    start = NOW - timedelta(minutes=72)
    told: list[tuple[str, datetime, str | None, dict[str, object]]] = [
        ("counter.opened", start, None, {})
    ]
    for n in range(42):
        called_at, ticket = start + timedelta(minutes=5 * n), f"{n:012}"
        came = n % 11 != 5
        waited = timedelta(seconds=240 + 37 * (n % 17))
        service = services[n * n % 7 % len(services)]
        gone = called_at + timedelta(seconds=45 if not came else 130 + 29 * (n % 5))
        told += [
            ("ticket.issued", called_at - waited, ticket, {"service": service}),
            ("ticket.called", called_at, ticket, {}),
            *([("ticket.started", called_at + timedelta(seconds=20), ticket, {})] if came else []),
            ("ticket.finished" if came else "ticket.no_show", gone, ticket, {}),
        ]
    told.sort(key=lambda each: each[1])
    events = [
        Event(seq, at, kind, ticket, None if kind == "ticket.issued" else number, "hoa", details)
        for seq, (kind, at, ticket, details) in enumerate(told, 1)
    ]
    return fold(events, start, events[-1].at)
