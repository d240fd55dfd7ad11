"""The page on which anybody looks a dossier up: a form, and the answer in plain words.

It knows no cookie and changes nothing, so a form that another site sends does no more than the
address bar could, and needs no token. A code comes in the body; in an address only from a code on
paper, and then it opens what a bare code opens. Nothing typed goes into a log or an event.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from kiosk import scans
from kiosk.dossiers import normalise_code
from kiosk.errors import Refused, Unavailable
from kiosk.loopback import network_of
from kiosk.office import dossiers, tickets
from kiosk.tries import trying
from kiosk.web import access, parts
from kiosk.web.files import address_of, look_of
from kiosk.web.lookup_answers import told_answer
from kiosk.web.refusals import spoken_words
from kiosk.web.rendering import form_of, other_languages, spoken, templates

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from kiosk.dossier_answers import DossierAnswer
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.web.current import Current
    from kiosk.web.parts import Visitors

router = APIRouter(include_in_schema=False)

PLACE: Final = "/tra-cuu"
STEP_SECONDS: Final = 0.25
"""A "no" is told so long after the question, or twice or thrice as long: how long the search took,
which differs between a code that is there and one that is not, is not to be seen."""

_NAMES: Final = frozenset({"code", "mhs", "mahoso"})
"""How the addresses in codes on receipts call it, in small letters."""
_HEADERS: Final = {"Content-Security-Policy": "script-src 'none'"}
"""Beside the policy of every answer, of which the stricter rule holds."""
_BUSY_SECONDS: Final = 5
_MOST_MINUTES: Final = 90
"""A longer time is told in hours."""

# The status of each "no", and whether the form stands below it.
_NOES: Final = {
    "empty": (422, True),
    "card": (422, True),
    "not_found": (404, True),
    "not_opened": (404, True),
    "too_many": (429, False),
    "too_many_secrets": (429, True),
    "too_busy": (503, True),
    "unavailable": (503, True),
    "no_page": (404, True),
    "wrong_method": (405, True),
    "too_large": (413, True),
    "bug": (500, False),
}


class _No(Exception):
    """A "no" by its code, and the seconds until another try is worth it."""

    def __init__(self, code: str, seconds: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


@router.get(PLACE)
async def show_form(request: Request) -> Response:
    """The form; with a code in the address, as on a receipt, at once what that opens."""
    asked = request.query_params
    typed = next((asked[name] for name in asked if _plain(name) in _NAMES), "").strip()
    if typed:
        return await _answered(request, typed, "")
    return _page(request.scope, parts.common(request).centre, spoken(request), {})


@router.post(PLACE)
async def look_up(request: Request) -> Response:
    form = await form_of(request)
    return await _answered(request, form.get("code", ""), form.get("secret", ""))


def told_no(connection: HTTPConnection, code: str, current: Current) -> HTMLResponse:
    """The page that says why there is nothing else at this address."""
    words = spoken_words(connection, current.centre.languages)
    return _refused(connection.scope, current.centre, words, _No(code))


async def _answered(request: Request, typed: str, secret: str) -> Response:
    shared, words = parts.visitors(request), spoken(request)
    centre, began = shared.centre, time.monotonic()
    try:
        found = await _find(shared, network_of(access.source(request)), typed, secret)
    except _No as no:
        if no.code in ("not_found", "not_opened"):
            await asyncio.sleep(STEP_SECONDS - (time.monotonic() - began) % STEP_SECONDS)
        return _refused(request.scope, centre, words, no, typed)
    if isinstance(found, str):
        return RedirectResponse(f"so/{found}?lang={words.language}", 303)
    told = told_answer(centre, found, words)
    return _page(request.scope, centre, words, {**told, "typed": found.code, "code": found.code})


async def _find(shared: Visitors, network: str, typed: str, secret: str) -> DossierAnswer | str:
    """The dossier, or the id of a ticket that was typed; else a _No."""
    if not typed:
        raise _No("empty")
    limits, centre = shared.limits, shared.centre
    try:
        for limit in (limits.asks_from, limits.asks_of_day_from):
            limit.take(network)
        limits.asks.take(None)
    except Refused as full:
        code = "too_busy" if full.code == "too_busy" else "too_many"
        raise _No(code, int(str(full.facts["seconds"]))) from None
    scan = scans.parse(typed.encode("utf-8", "replace"))
    if isinstance(scan, scans.CardScan):
        raise _No("card")
    code = normalise_code(typed)
    try:
        if isinstance(scan, scans.TicketScan):
            code = scan.id
            if await shared.reader.run(lambda: tickets.exists(centre, code)):
                return code
        elif isinstance(scan, scans.DossierScan):
            code = scan.code
        return await _search(shared, network, code, secret)
    except Unavailable as error:
        known = "too_busy" if error.code == "too_busy" else "unavailable"
        raise _No(known, _BUSY_SECONDS) from None


async def _search(shared: Visitors, network: str, code: str, secret: str) -> DossierAnswer:
    """With a secret it is a try of it, which a right one gives back; beside those that are counted
    for the code and the network wherever they are made, here are few in all."""
    limits, centre, asker = shared.limits, shared.centre, f"address:{network}"
    tries = (limits.secrets_of_code_in_day, code), (limits.secrets, None)
    try:
        with trying(*(tries if secret else ()), lost="no_such_dossier"):
            return await shared.searches.run(
                lambda: dossiers.look_up(centre, code, secret, asker=asker)
            )
    except Refused as refused:
        if "seconds" in refused.facts:
            raise _No("too_many_secrets", int(str(refused.facts["seconds"]))) from None
        raise _No("not_opened" if secret else "not_found") from None


def _refused(scope: Any, centre: Centre, words: Texts, no: _No, typed: str = "") -> HTMLResponse:
    status, asks_again = _NOES[no.code]
    facts = {}
    if no.seconds is not None:
        facts["time"] = told_time(no.seconds, words)
    told = {
        "tone": "warn",
        "title": words.say(f"lookup.{no.code}"),
        "texts": [words.say(f"lookup.{no.code}.now", **facts)],
        "asks": asks_again,
        # What may be the number of somebody's card is not shown again.
        "typed": "" if no.code == "card" else typed,
    }
    page = _page(scope, centre, words, told, status)
    if no.seconds is not None:
        page.headers["Retry-After"] = str(no.seconds)
    return page


def told_time(seconds: int, words: Texts) -> str:
    minutes = math.ceil(seconds / 60)
    if minutes <= _MOST_MINUTES:
        return words.count("lookup.minutes", minutes)
    return words.count("lookup.hours", math.ceil(minutes / 60))


def _page(
    scope: Any, centre: Centre, words: Texts, told: dict[str, Any], status: int = 200
) -> HTMLResponse:
    # Relative, so that they are found as well where a proxy serves the page below a path.
    up = "../" * (scope["path"].count("/") - 1)
    now = centre.wall().astimezone(centre.timezone)
    facts = {
        "centre": centre,
        "words": words,
        "asset": lambda name: up + address_of(name).removeprefix("/"),
        "look_of": lambda centre: up + look_of(centre).removeprefix("/"),
        "form": up + PLACE.removeprefix("/"),
        "other_languages": other_languages(centre, words),
        "clock": f"{now:%H:%M} {words.date(now.date())}",
        # Apart, so that it is not broken at a dash.
        "hint": words.say("lookup.code.hint", example="\n").partition("\n"),
        "example": f"{centre.code}-{now:%y%m%d}-0000",
        "again": None,
        "asks": True,
        "title": "",
        "tone": "calm",
        "typed": "",
        "code": "",
        "answer": None,
        **told,
    }
    page = templates().get_template("lookup.html").render(facts)
    return HTMLResponse(page, status, _HEADERS)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
