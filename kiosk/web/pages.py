"""Pages for people: the clerk's counter, and a ticket on a phone."""

from __future__ import annotations

import json
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError

from kiosk import waits
from kiosk.errors import Refused, Unavailable
from kiosk.office import tickets
from kiosk.office.calls import is_late, may_come_back
from kiosk.texts import texts
from kiosk.tickets import ENDED, SUPPLEMENT, TicketState, is_id
from kiosk.web import access, entrance, orders, parts
from kiosk.web.files import address_of
from kiosk.web.refusals import language, sentence, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from kiosk.office.clerks import SignedIn
    from kiosk.texts import Texts

# The facts that a sentence of the page is given by the browser, which knows the present minute.
_FACTS: Final = {
    "minutes": ("n",),
    "overdue": ("n",),
    "waited": ("n",),
    "calls": ("n",),
    "more": ("n",),
    "next_up": ("number",),
    "seconds": ("n",),
    "misses": ("n",),
    "journey": ("services",),
    "line_appointment": ("time",),
    "pause_since": ("time",),
    "call_ends": ("number",),
    "leaving_ends": ("number",),
    "appointments_queued": ("number", "time"),
    "appointments_booked": ("code", "time", "date"),
    "title": ("number", "counter"),
    "device": ("device", "reason"),
    "job_queued": ("number",),
    "line_no_counter": ("service",),
    "line_after_closing": ("service", "time"),
    "line_session_over": ("service", "time"),
    "line_not_today": ("service",),
    "sent_to_closed": ("n", "counter"),
    "kept_at_closed": ("numbers", "counter"),
    "job_sending": ("number",),
    "job_unknown": ("number",),
    "job_failed": ("number",),
    "announce": ("number",),
}

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

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> RedirectResponse:
    return RedirectResponse("/clerk", 307)


@router.get("/clerk")
async def show_clerk(request: Request) -> Response:
    """The sign-in, or for a signed-in clerk the counter; ``?ended`` when a session was lost."""
    who = await access.visitor(request)
    if who.signed_in is not None:
        return _desk(request, who.signed_in)
    words = _words(request)
    ended = "ended" in request.query_params
    return _entrance(request, words, words.say("web.sign_in.ended") if ended else "")


@router.post("/clerk")
async def enter(request: Request) -> Response:
    """The bare form of the sign-in, sent where the clerk was quicker than the page's script."""
    shared, words = parts.of(request), _words(request)
    body = (await request.body()).decode(errors="replace")
    form = {name: values[0].strip() for name, values in parse_qs(body).items()}
    try:
        asked = orders.SignIn.model_validate_strings(form)
    except ValidationError:
        return _entrance(request, words, words.say("web.sign_in.missing"), form, 422)
    try:
        who = await access.visitor(request)
        signed_in = await entrance.sign_in(request, shared, who, asked)
    except (Refused, Unavailable) as error:
        told = sentence(error, words, shared.centre.wall())
        return _entrance(request, words, told, form, status_of(error))
    there = RedirectResponse(f"/clerk?lang={words.language}", 303)
    access.give_cookie(request, there, signed_in.token)
    return there


@router.get("/so/{ticket_id:path}")
async def show_place(request: Request, ticket_id: str) -> HTMLResponse:
    """Where a ticket stands, for whoever has its id: the phone that read it from the paper."""
    shared = parts.of(request)
    centre = shared.centre
    words = _words(request)
    status = 200
    try:
        told = _told_place(centre, await _follow(request, shared, ticket_id.upper()), words)
    except (Refused, Unavailable) as error:
        code = error.code if error.code in _TROUBLES else "unavailable"
        status, told = _TROUBLES[code][0], _told_trouble(code, words)
    # Relative, so that they are found as well where a proxy serves the page below a path.
    up = "../" * (ticket_id.count("/") + 1)
    facts = {
        "centre": centre,
        "words": words,
        "asset": lambda name: up + address_of(name).removeprefix("/"),
        "other_languages": _other_languages(centre, words),
        "clock": f"{centre.wall().astimezone(centre.timezone):%H:%M:%S}",
        **told,
    }
    headers = {"Retry-After": str(told["again"])} if status in (429, 503) else None
    page = _templates().get_template("follow.html").render(facts)
    return HTMLResponse(page, status, headers)


async def _follow(request: Request, shared: parts.Parts, ticket_id: str) -> Place:
    """Refused: no_such_ticket, too_many_tries (seconds)."""
    if not access.is_here(request, shared.centre.public_url):
        shared.limits.follows_from.take(access.source(request))
    if not is_id(ticket_id):
        raise Refused("no_such_ticket")
    return await shared.reader.run(lambda: tickets.follow(shared.centre, ticket_id))


def _told_place(centre: Centre, place: Place, words: Texts) -> dict[str, Any]:
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
        "facts": _facts(centre, place, words),
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


def _facts(centre: Centre, place: Place, words: Texts) -> list[tuple[str, str]]:
    """The wait, the counters, and what is still to come of a journey."""
    ticket, facts = place.ticket, []
    if ticket.state is TicketState.WAITING and place.warning not in waits.DONE:
        if wait := tickets.told_wait(place, words):
            facts.append((words.say("follow.about"), wait))
        if place.counters:
            facts.append((words.say("follow.go_to"), tickets.told_counters(place, words)))
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


def _other_languages(centre: Centre, words: Texts) -> list[tuple[str, str]]:
    """The codes of the languages that the page is not in, and what they call themselves."""
    return [
        (code, texts(code).say("language.name"))
        for code in centre.languages
        if code != words.language
    ]


def _words(request: Request) -> Texts:
    return texts(language(request, parts.of(request).centre.languages))


def _entrance(
    request: Request,
    words: Texts,
    alert: str,
    form: Mapping[str, str] = MappingProxyType({}),
    status: int = 200,
) -> HTMLResponse:
    """The sign-in with why it stands there; ``form`` as it was sent, the PIN is asked for anew."""
    needed = {key: words.say(f"web.{key}") for key in ("sign_in.missing", "link.no_answer")}
    facts = {
        "page": {"lang": words.language, "words": needed},
        "script": "sign_in.js",
        "alert": alert,
        "login": form.get("clerk", ""),
        "counter_asked": form.get("counter", ""),
    }
    return _clerk_page(request, words, "sign_in.html", facts, status)


def _desk(request: Request, clerk: SignedIn) -> HTMLResponse:
    centre, words = parts.of(request).centre, _words(request)
    facts = {
        "page": _page(centre, clerk, words),
        "script": "clerk.js",
        "signed_in": clerk,
        "reasons": _reasons(centre, words),
    }
    return _clerk_page(request, words, "desk.html", facts)


def _clerk_page(
    request: Request, words: Texts, template: str, facts: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    centre = parts.of(request).centre
    shared = {
        "centre": centre,
        "words": words,
        "asset": address_of,
        "other_languages": _other_languages(centre, words),
    }
    told = {**shared, **facts, "page": json.dumps(facts["page"], ensure_ascii=False)}
    return HTMLResponse(_templates().get_template(template).render(told), status)


def _page(centre: Centre, clerk: SignedIn, words: Texts) -> dict[str, Any]:
    """What the script of the counter's page needs to know besides the changing state."""
    return {
        "lang": words.language,
        "words": {**words.under("web."), **_sentences(words)},
        "unavailable": words.under("unavailable."),
        "csrf": clerk.csrf_token,
        "counter": clerk.counter,
        "kiosk": centre.kiosk,
        "devices": words.under("device."),
        "services": {code: words.name(s.names) for code, s in centre.services.items()},
        "targets": {code: s.target_minutes for code, s in centre.services.items()},
        "reasons": _reasons(centre, words),
    }


def _reasons(centre: Centre, words: Texts) -> dict[str, dict[str, str]]:
    """The office's reasons by their kind, "call" or "pause"."""
    return {
        kind: {r.code: words.name(r.names) for r in centre.reasons if r.kind == kind}
        for kind in ("call", "pause")
    }


def _sentences(words: Texts) -> dict[str, str]:
    """Sentences whose facts the browser fills in, with the facts' names left in braces."""
    return {
        key: words.say(f"web.{key}", **{name: f"{{{name}}}" for name in names})
        for key, names in _FACTS.items()
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("kiosk.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
