"""Pages of staff beside the counters: the supervisor's hall, the reception, the intake."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kiosk.office.clerks import list_clerks
from kiosk.rights import Right
from kiosk.web import access, parts
from kiosk.web.rendering import page_facts, place_of, places, reasons, spoken, staff_page
from kiosk.web.settings_form import hint_of, label_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(include_in_schema=False)

_GROUPS: Final = (
    "ticket",
    "counter",
    "hall",
    "alarm",
    "visit",
    "clerk",
    "key",
    "settings",
    "appointment",
    "dossier",
    "job",
    "device",
    "door",
    "webhook",
)
"""Of events, as they may be searched for: the first part of their kinds."""


@router.get("/hall")
async def show_hall(request: Request) -> Response:
    """The hall as it is now, and what can be ordered in it."""
    return await _page(request, "hall")


@router.get("/reception")
async def show_reception(request: Request) -> Response:
    """The desk by the door: tickets, appointments, slips."""
    return await _page(request, "reception")


@router.get("/intake")
async def show_intake(request: Request) -> Response:
    """Where dossiers are taken in, found and moved."""
    who = (await access.visitor(request)).signed_in
    return await _page(
        request,
        "intake",
        {},
        {"counter": who.counter if who else None, "clerk": who.clerk.name if who else ""},
    )


@router.get("/figures")
async def show_figures(request: Request) -> Response:
    """A day in figures."""
    return await _page(request, "figures")


@router.get("/audit")
async def show_audit(request: Request) -> Response:
    """The trail of who did what."""
    shared = parts.of(request)
    who = (await access.visitor(request)).signed_in
    locked = who is None or who.locked
    clerks = () if locked else await shared.reader.run(lambda: list_clerks(shared.centre))
    words = spoken(request)
    kinds = {kind: words.say(f"event.{kind}") for kind in words.under("event.")}
    return await _page(request, "audit", {"clerks": clerks, "groups": _GROUPS}, {"kinds": kinds})


@router.get("/settings")
async def show_settings(request: Request) -> Response:
    """kiosk.toml, field by field and as a whole."""
    words = spoken(request)
    form = parts_of(parts.of(request).centre, words)
    labels = {"label": partial(label_of, words=words), "hint": partial(hint_of, words=words)}
    return await _page(request, "settings", {"parts": form, **labels})


async def _page(
    request: Request,
    here: str,
    more: Mapping[str, Any] = MappingProxyType({}),
    for_script: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """Whoever may not see the page is led to the one that is theirs, or to the sign-in."""
    who = (await access.visitor(request)).signed_in
    words = spoken(request)
    centre = parts.of(request).centre
    known = places(centre, who) if who else {}
    if who is None or here not in known:
        there = place_of(centre, who) if who else "/clerk"
        return RedirectResponse(f"{there}?lang={words.language}", 303)
    may = {right.value: who.may(right) for right in Right}
    facts: dict[str, Any] = {
        "page": {
            **page_facts(request, who, words),
            "may": may,
            **for_script,
        },
        "script": f"{here}.js",
        "here": here,
        "places": known,
        "may": may,
        "signed_in": who,
        "reasons": reasons(centre, words),
        "first_service": next(iter(centre.services)),
        **more,
    }
    return staff_page(request, words, f"{here}.html", facts)
