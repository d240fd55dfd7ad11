"""The page of one ticket, for the phone that read its code from the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kiosk import waits
from kiosk.errors import Refused, Unavailable
from kiosk.loopback import network_of
from kiosk.office import tickets
from kiosk.office.calls import is_late, may_come_back
from kiosk.tickets import ENDED, SUPPLEMENT, TicketState, is_id
from kiosk.web import access, parts
from kiosk.web.files import address_of, look_of
from kiosk.web.rendering import other_languages, spoken, templates

if TYPE_CHECKING:
    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.tickets import Ticket

router = APIRouter(include_in_schema=False)

_AGAIN: Final = 10
"""Seconds after which the page of a live ticket asks anew."""

_TONES: Final = {
    TicketState.WAITING: "waits",
    TicketState.CALLED: "called",
    TicketState.SERVING: "calm",
    TicketState.PARKED: "calm",
    TicketState.FINISHED: "calm",
    TicketState.NO_SHOW: "lost",
    TicketState.CANCELLED: "lost",
    TicketState.EXPIRED: "lost",
}

# Status, tone and the seconds until the page asks anew.
_TROUBLES: Final = {
    "no_such_ticket": (404, "calm", None),
    "too_many_tries": (429, "calm", 60),
    "unavailable": (503, "lost", _AGAIN),
}


@router.get("/so/{ticket_id:path}")
async def show_place(request: Request, ticket_id: str) -> HTMLResponse:
    """Where a ticket stands, for whoever has its id: the phone that read it from the paper."""
    shared = parts.common(request)
    centre = shared.centre
    words = spoken(request)
    status = 200
    try:
        place, called = await _follow(request, shared, ticket_id.upper())
        told = _told_place(centre, place, called, words)
    except (Refused, Unavailable) as error:
        code = error.code if error.code in _TROUBLES else "unavailable"
        status, told = _TROUBLES[code][0], _told_trouble(code, words)
    # Relative, so that they are found as well where a proxy serves the page below a path.
    up = "../" * (ticket_id.count("/") + 1)
    facts = {
        "centre": centre,
        "words": words,
        "asset": lambda name: up + address_of(name).removeprefix("/"),
        "look_of": lambda centre: up + look_of(centre).removeprefix("/"),
        "other_languages": other_languages(centre, words),
        "clock": f"{centre.wall().astimezone(centre.timezone):%H:%M:%S}",
        "lookups": up + "tra-cuu" if isinstance(shared, parts.Visitors) else None,
        **told,
    }
    headers = {"Retry-After": str(told["again"])} if status in (429, 503) else None
    page = templates().get_template("follow.html").render(facts)
    return HTMLResponse(page, status, headers)


async def _follow(
    request: Request, shared: parts.Common, ticket_id: str
) -> tuple[Place, Ticket | None]:
    """Where it stands, and for one that waits who of its service was called last.

    Refused: no_such_ticket, too_many_tries (seconds).
    """
    centre = shared.centre
    if not access.is_here(request, centre.public_url):
        shared.limits.follows_from.take(network_of(access.source(request)))
    if not is_id(ticket_id):
        raise Refused("no_such_ticket")

    def work() -> tuple[Place, Ticket | None]:
        place = tickets.follow(centre, ticket_id)
        waits_now = place.ticket.state is TicketState.WAITING
        return place, tickets.called_last(centre, place.ticket.service) if waits_now else None

    return await shared.reader.run(work)


def _told_place(
    centre: Centre, place: Place, called: Ticket | None, words: Texts
) -> dict[str, Any]:
    ticket = place.ticket
    service = centre.services.get(ticket.service)
    key = f"follow.{ticket.state.value}"
    if ticket.state is TicketState.PARKED and ticket.reason == SUPPLEMENT:
        key = "follow.parked.supplement"
    if ticket.state is TicketState.WAITING:
        title = _told_ahead(centre, place, words)
    else:
        title = words.say(key, counter=ticket.counter)
    return {
        "number": ticket.number,
        "service": words.name(service.names) if service else ticket.service,
        "tone": _TONES[ticket.state],
        "title": title,
        "counter": ticket.counter if ticket.state is TicketState.CALLED else None,
        "facts": _facts(centre, place, called, words),
        "texts": _texts(centre, place, key, words),
        "again": None if ticket.state in ENDED else _AGAIN,
    }


def _told_ahead(centre: Centre, place: Place, words: Texts) -> str:
    """Who is next, or how many come before; before its time an appointment has only its time.

    When nobody is called any more but by the grace of a clerk, there is no next one either.
    """
    if place.warning in waits.DONE:
        return words.say(f"follow.{place.warning}")
    if place.early:
        return tickets.told_appointment(centre, place, words)
    ahead = place.ahead
    return words.count("follow.ahead", ahead) if ahead else words.say("follow.next")


def _facts(
    centre: Centre, place: Place, called: Ticket | None, words: Texts
) -> list[tuple[str, str]]:
    """The wait, the counters, who is called now, and what is still to come of a journey."""
    ticket, facts = place.ticket, []
    if ticket.state is TicketState.WAITING and place.warning not in waits.DONE:
        if wait := tickets.told_wait(place, words):
            facts.append((words.say("follow.about"), wait))
        if place.counters:
            facts.append((words.say("follow.go_to"), tickets.told_counters(place, words)))
        if called is not None:
            at = words.say("common.counter", counter=called.counter)
            facts.append((words.say("follow.called_last"), f"{called.number} · {at}"))
    steps = place.step + len(ticket.journey)
    if ticket.state not in ENDED and steps > 1:
        facts.append((words.say("follow.step"), f"{place.step}/{steps}"))
        known = [centre.services[code] for code in ticket.journey if code in centre.services]
        if known:
            names = ", ".join(words.name(service.names) for service in known)
            facts.append((words.say("follow.then"), names))
    return facts


def _texts(centre: Centre, place: Place, key: str, words: Texts) -> list[str]:
    """What to do now, and what else its owner must know."""
    ticket = place.ticket
    now = centre.clock()
    if ticket.state is TicketState.NO_SHOW and not may_come_back(centre, ticket, now):
        late = is_late(centre, ticket, now)
        return [words.say("follow.no_show.late" if late else "refused.missed_too_often")]
    if ticket.state is not TicketState.WAITING:
        only_today = key == "follow.parked.supplement" and not centre.queue.keep_overnight
        what = f"{key}.today" if only_today else f"{key}.now"
        return [words.say(what, minutes=centre.queue.late_minutes)]
    return [
        text
        for text in (
            "" if place.early else tickets.told_appointment(centre, place, words),
            tickets.told_warning(centre, place, words),
            _told_to_stay(centre, place, words),
        )
        if text
    ]


def _told_to_stay(centre: Centre, place: Place, words: Texts) -> str:
    """What to do until the call, and what the number is worth where no call may come today."""
    if place.warning in waits.DONE:
        return words.say("follow.kept" if centre.queue.keep_overnight else "follow.ends")
    return words.say("follow.waiting.missed" if place.ticket.misses else "follow.waiting.now")


def _told_trouble(code: str, words: Texts) -> dict[str, Any]:
    _, tone, again = _TROUBLES[code]
    return {
        "number": None,
        "tone": tone,
        "title": words.say(f"follow.{code}"),
        "counter": None,
        "facts": (),
        "texts": [words.say(f"follow.{code}.now")],
        "again": again,
    }
