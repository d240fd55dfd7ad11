"""The sentences of a ticket's paper, made when it is printed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.board import Place
from kiosk.calendar import moment, session_of
from kiosk.office.tickets import (
    came_late,
    told_ahead,
    told_appointment,
    told_counters,
    told_journey,
    told_wait,
    told_warning,
)
from kiosk.texts import languages, texts
from kiosk.waits import NO_COUNTER, WARNINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.tickets import Ticket


_WHOLE: Final = 20
"""Letters of a name that stand beside each other on 58 mm of paper."""


def read_facts(text: str) -> dict[str, Any] | None:
    """What a slip's job has; None when that is unreadable."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def read_slip(centre: Centre, text: str, ticket: Ticket | None) -> dict[str, Any] | None:
    """A slip as ``printer.slips`` wants it, from what its job has; None when that is unreadable.

    A ``ticket``'s job has the facts of ``tickets.slip_facts``, in a store of an earlier version
    the sentences.
    """
    facts = read_facts(text)
    if facts is None or ticket is None or "number" in facts:
        return facts
    try:
        place = _place(ticket, facts)
        words = texts(_one_of(facts["language"], languages()))
        anew = moment(facts["printed_at"]) if "printed_at" in facts else None
    except (ValueError, TypeError, KeyError):
        return None
    return {**slip_data(centre, place, words, anew), "copy_mark": facts.get("copy_mark")}


def _place(ticket: Ticket, told: Mapping[str, Any]) -> Place:
    """Where the ticket stood when it was given; ValueError, TypeError or KeyError where that is
    not told."""
    service, *journey = map(_code, (told["service"], *told.get("journey", ())))
    low, high = map(int, told.get("estimate", (0, 0)))
    return Place(
        replace(ticket, service=service, journey=tuple(journey)),
        tuple(map(int, told.get("counters", ()))),
        int(told.get("ahead", 0)),
        (low, high) if "estimate" in told else None,
        _one_of(told["warning"], WARNINGS) if "warning" in told else None,
        moment(told["ends_at"]) if "ends_at" in told else None,
        early=bool(told.get("early")),
    )


def _code(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError(told)
    return told


def _one_of(told: object, known: Collection[str]) -> str:
    if _code(told) not in known:
        raise ValueError(told)
    return _code(told)


def slip_data(
    centre: Centre, place: Place, words: Texts, anew: datetime | None = None
) -> dict[str, object]:
    """All sentences that stand on the paper, as ``printer.slips`` wants them.

    A reprint tells how it is when it is asked for, which is ``anew``.
    """
    ticket = place.ticket
    service = centre.services.get(ticket.service)
    issued = (anew or ticket.issued_at).astimezone(centre.timezone)
    session = words.say(f"common.session.{session_of(ticket.issued_at, centre.timezone)}")
    wait = told_wait(place, words)
    look, language = centre.ticket, words.language
    key = "issued" if anew is None else "issued_again"
    printed = look.say(words, key, time=f"{issued:%H:%M}", date=words.date(issued.date()))
    return {
        "parent": centre.parent_in(words.language),
        "office": centre.name_in(words.language),
        "heading": look.heading.get(language) or words.say("slip.heading"),
        "number": ticket.number,
        "service": words.name(service.names) if service else ticket.service,
        "appointment": told_appointment(centre, place, words),
        "due": _due(centre, place, words),
        "facts": [
            [look.say(words, "go_to"), told_counters(place, words)],
            *([] if place.early else [[look.say(words, "ahead"), told_ahead(place, words)]]),
        ],
        "journey": told_journey(centre, place, words, whole=_WHOLE),
        # Whether somebody works on it changes within minutes, so it does not belong on paper.
        "warning": "" if place.warning == NO_COUNTER else told_warning(centre, place, words),
        "lines": [*([look.say(words, "wait", wait=wait)] if wait else []), printed],
        "code": ticket.id,
        "caption": f"{ticket.number} · {session}",
        "farewell": look.farewell.get(language)
        or [words.say("slip.keep"), words.say("slip.thanks")],
        "url": f"{centre.public_url}/so/{ticket.id}" if centre.public_url else None,
        "url_caption": look.say(words, "follow"),
        "copy_mark": None,
        **look.facts(),
    }


def _due(centre: Centre, place: Place, words: Texts) -> list[str] | None:
    """The time of an appointment that may still be kept, to be printed large."""
    due_at = place.ticket.due_at
    if due_at is None or came_late(centre, place.ticket):
        return None
    return [
        centre.ticket.say(words, "appointment"),
        words.clock(due_at.astimezone(centre.timezone)),
    ]
