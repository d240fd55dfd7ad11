"""Pages of staff: the sign-in, the enrolment of a device, and the clerk's counter."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from kiosk.errors import Refused, Unavailable
from kiosk.web import access, entrance, orders, parts
from kiosk.web.displays import counter_of
from kiosk.web.refusals import sentence, status_of
from kiosk.web.rendering import form_of, page_facts, place_of, places, reasons, spoken, staff_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.office.sessions import SignedIn
    from kiosk.texts import Texts

router = APIRouter(include_in_schema=False)

NO_COUNTER: Final = "none"
"""What the sign-in's form says for whoever sits at no counter."""


@router.get("/")
async def home() -> RedirectResponse:
    return RedirectResponse("/clerk", 307)


@router.get("/clerk")
async def show_clerk(request: Request) -> Response:
    """The sign-in, or the page of whoever is signed in; ``?ended`` when a session was lost."""
    who = await access.visitor(request)
    words = spoken(request)
    if who.signed_in is None:
        ended = "ended" in request.query_params
        alert = words.say("web.sign_in.ended") if ended else ""
        return _entrance(request, words, alert, known=who.here)
    if who.signed_in.counter is None:
        return RedirectResponse(
            f"{place_of(parts.of(request).centre, who.signed_in)}?lang={words.language}", 303
        )
    return _desk(request, who.signed_in, words)


@router.post("/clerk")
async def enter(request: Request) -> Response:
    """The bare form of the sign-in, sent where the clerk was quicker than the page's script."""
    shared, words = parts.of(request), spoken(request)
    form = await form_of(request)
    given = {name: value for name, value in form.items() if value != NO_COUNTER}
    try:
        asked = orders.SignIn.model_validate_strings(given)
    except ValidationError:
        return _entrance(request, words, words.say("web.sign_in.missing"), form, 422)
    try:
        access.check_origin(request)
        who = await access.visitor(request)
        signed_in = await entrance.sign_in(request, shared, who, asked)
    except (Refused, Unavailable) as error:
        told = sentence(error, words, shared.centre.wall())
        known = error.code != "device_not_enrolled"
        return _entrance(request, words, told, form, status_of(error), known=known)
    there = RedirectResponse(f"{place_of(shared.centre, signed_in)}?lang={words.language}", 303)
    access.give_cookie(request, there, signed_in.token)
    return there


@router.get("/device")
async def show_enrolment(request: Request) -> HTMLResponse:
    """Where a device is enrolled, by the code of ``kiosk device add``."""
    who = await access.visitor(request)
    return _enrolment(request, spoken(request), known=who.here)


@router.post("/device")
async def enrol(request: Request) -> Response:
    shared, words = parts.of(request), spoken(request)
    form = await form_of(request)
    try:
        access.check_origin(request)
        who = await access.bare_visitor(request)
        asked = orders.Enrolment.model_validate(form)
        _, secret = await entrance.enrol(request, shared, who, asked.code)
    except ValidationError:
        return _enrolment(request, words, words.say("refused.wrong_device_code"), 422)
    except (Refused, Unavailable) as error:
        return _enrolment(request, words, sentence(error, words), status_of(error))
    number = counter_of(request.query_params.get("display", ""))
    path = f"/counter/{number}/display" if number else "/clerk"
    if "board" in request.query_params:
        path = "/board"
    there = RedirectResponse(f"{path}?lang={words.language}", 303)
    access.give_device_cookie(request, there, secret)
    return there


def _entrance(
    request: Request,
    words: Texts,
    alert: str,
    form: Mapping[str, str] = MappingProxyType({}),
    status: int = 200,
    *,
    known: bool = True,
) -> HTMLResponse:
    """The sign-in with why it stands there; ``form`` as it was sent, the PIN is asked for anew.

    Whose device is not ``known`` is told where to enrol it.
    """
    needed = {key: words.say(f"web.{key}") for key in ("sign_in.missing", "link.no_answer")}
    facts = {
        "page": {"lang": words.language, "words": needed},
        "script": "sign_in.js",
        "alert": alert,
        "login": form.get("clerk", ""),
        "counter_asked": form.get("counter", ""),
        "no_counter": NO_COUNTER,
        "known": known,
    }
    return staff_page(request, words, "sign_in.html", facts, status)


def _enrolment(
    request: Request, words: Texts, alert: str = "", status: int = 200, *, known: bool = False
) -> HTMLResponse:
    facts = {
        "page": {"lang": words.language},
        "script": None,
        "alert": alert,
        "known": known,
        "display": counter_of(request.query_params.get("display", "")),
        "board": "board" in request.query_params,
    }
    return staff_page(request, words, "device.html", facts, status)


def _desk(request: Request, clerk: SignedIn, words: Texts) -> HTMLResponse:
    centre = parts.of(request).centre
    told = {
        **page_facts(request, clerk, words),
        "counter": clerk.counter,
        "targets": {code: s.target_minutes for code, s in centre.services.items()},
    }
    facts: dict[str, Any] = {
        "page": told,
        "script": "clerk.js",
        "signed_in": clerk,
        "places": places(centre, clerk),
        "reasons": reasons(centre, words),
    }
    return staff_page(request, words, "desk.html", facts)
