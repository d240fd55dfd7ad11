"""The small display at a counter: its page, and the stream that it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from kiosk.errors import Refused
from kiosk.web import access, parts
from kiosk.web.described import ERRORS_BESIDE_TEXT
from kiosk.web.examples import DISPLAY
from kiosk.web.orders import LARGEST_COUNTER
from kiosk.web.refusals import sentence
from kiosk.web.rendering import display_facts, spoken, staff_page

if TYPE_CHECKING:
    from kiosk.texts import Texts

LOOK_AGAIN_SECONDS: Final = 30
"""So often the page of a counter that is none asks again: the office may bring it back."""

router = APIRouter()


@router.get("/counter/{n}/display", include_in_schema=False)
async def show_display(request: Request, n: str) -> Response:
    """The page for whoever is here or signed in; others are led to where a device is enrolled."""
    who = await access.visitor(request)
    words, number = spoken(request), counter_of(n)
    if not (who.here or who.signed_in):
        return RedirectResponse(f"/device?display={number}&lang={words.language}", 303)
    centre = parts.of(request).centre
    told = "" if number in centre.counters else _unknown(n, words)
    facts: dict[str, Any] = {
        "page": {
            **display_facts(centre, words),
            "counter": number,
            "rates": access.may_rate(who, number),
        },
        "script": None if told else "display.js",
        "number": None if told else number,
        "told": told,
    }
    page = staff_page(request, words, "display.html", facts, 404 if told else 200)
    if told:
        page.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return page


def _unknown(counter: str, words: Texts) -> str:
    return sentence(Refused("unknown_counter", counter=counter), words)


def counter_of(text: str) -> int:
    """The number of a counter in an address; 0, which none has, where there is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0


@router.get(
    "/api/counters/{n}/display",
    response_class=StreamingResponse,
    responses=ERRORS_BESIDE_TEXT
    | {
        200: {
            "description": "Events ``display`` (what the counter's display shows), and"
            " ``unavailable`` {code}; ``signed-out``, the last of a device that was removed, of a"
            " session, or of a counter that is none any more",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": DISPLAY}},
        }
    },
)
async def follow_display(
    shared: access.Shared,
    who: access.Anyone,
    n: Annotated[int, Path(ge=1, le=LARGEST_COUNTER)],
) -> StreamingResponse:
    """Server-sent events: what the counter's display shows at once, and again at each change."""
    shared.centre.counter(n)
    # Beside the clerk's page in one browser of the hall it stays when the session ends.
    token = None if who.here else who.token
    return StreamingResponse(
        shared.feed.stream(token, device=who.device, display=n),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
