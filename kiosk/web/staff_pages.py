"""Pages of staff beside the counters: the supervisor's hall and the reception."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kiosk.rights import Right
from kiosk.web import access, parts
from kiosk.web.rendering import page_facts, place_of, places, reasons, spoken, staff_page

router = APIRouter(include_in_schema=False)


@router.get("/hall")
async def show_hall(request: Request) -> Response:
    """The hall as it is now, and what can be ordered in it."""
    return await _page(request, "hall")


@router.get("/reception")
async def show_reception(request: Request) -> Response:
    """The desk by the door: tickets, appointments, slips."""
    return await _page(request, "reception")


async def _page(request: Request, here: str) -> Response:
    """Whoever may not see the page is led to the one that is theirs, or to the sign-in."""
    who = (await access.visitor(request)).signed_in
    words = spoken(request)
    known = places(who) if who else {}
    if who is None or here not in known:
        there = place_of(who) if who else "/clerk"
        return RedirectResponse(f"{there}?lang={words.language}", 303)
    centre = parts.of(request).centre
    may = {right.value: who.may(right) for right in Right}
    facts: dict[str, Any] = {
        "page": {**page_facts(centre, who, words), "may": may},
        "script": f"{here}.js",
        "here": here,
        "places": known,
        "may": may,
        "signed_in": who,
        "reasons": reasons(centre, words),
        "first_service": next(iter(centre.services)),
    }
    return staff_page(request, words, f"{here}.html", facts)
