"""The call board for smart TVs: its page, the office's pictures on it, and its signs of life."""

from __future__ import annotations

import json
import math
import os
import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from display import hero, layout, view
from kiosk.board_config import BoardConfig
from kiosk.errors import Refused
from kiosk.media import opened
from kiosk.office import devices
from kiosk.texts import texts
from kiosk.tickets import numbered
from kiosk.web import access, board_answers, orders, parts
from kiosk.web.board_answers import PLAYED
from kiosk.web.described import ERRORS, refusing
from kiosk.web.files import address_of
from kiosk.web.rendering import spoken, templates
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.web.current import Current

NOT_CURRENT: Final = "board_not_current"
SILENT_SECONDS: Final = 8.0
"""A stream is asked for anew after so long without a word: the store is read every five seconds."""
MOST_LANGUAGES: Final = 2
WEB_BOARD: Final = "board web"
"""What the web board is called that is looked at on this machine itself."""

PART: Final = 1 << 20
_PART: Final = re.compile(r"bytes=(?=\d|-\d)(\d{0,18})-(\d{0,18})")

router = APIRouter(route_class=Direct)


@router.get("/board", include_in_schema=False)
async def show_board(request: Request) -> Response:
    """The page for a device of the hall; others are led to where one is enrolled. ``zones`` in its
    address are those of this board, in place of kiosk.toml's; of one that is none it shows all."""
    who = await access.bare_visitor(request)
    words = spoken(request)
    if not who.here:
        return RedirectResponse(f"/device?board=1&lang={words.language}", 303)
    current = parts.of(request).current
    look = current.config.board if current.config else BoardConfig()
    zones = request.query_params.get("zones", "")
    wanted = tuple(filter(None, zones.split(","))) if zones else look.zones
    languages = current.centre.languages[:MOST_LANGUAGES]
    told = {
        "centre": current.centre,
        "words": texts(languages[0]),
        "other": languages[1] if len(languages) > 1 else "",
        "asset": address_of,
        "page": json.dumps(_facts(current, look, wanted), ensure_ascii=False),
    }
    return HTMLResponse(templates().get_template("board.html").render(told))


def _facts(current: Current, look: BoardConfig, zones: Iterable[str]) -> dict[str, Any]:
    centre = current.centre
    here = {n for n, counter in centre.counters.items() if counter.zone in set(zones)}
    metres = look.viewing_distance_m
    return {
        "mark": current.mark,
        "office": centre.name_in(centre.languages[0]),
        "offset": round(_offset_minutes(centre)),
        "languages": [
            {"code": code, "words": _words(centre, texts(code))}
            for code in centre.languages[:MOST_LANGUAGES]
        ],
        "counters": sorted(here) if here else None,
        "every": sorted(centre.counters),
        "numbers": [numbered(code, 888) for code in centre.services],
        "look": {
            "screen_mm": look.screen_mm,
            "hero_mm": math.radians(layout.HERO_DEGREES) * metres * 1000,
            "row_mm": math.radians(layout.ROW_DEGREES) * metres * 1000,
            "ticker_mm": layout.TICKER_MM_PER_M * metres,
        },
        "rules": {
            "together": hero.TOGETHER_SECONDS,
            "turn": hero.PAGE_SECONDS,
            "fresh": hero.FRESH_SECONDS,
            "blink": view.BLINK_SECONDS,
            "page": view.PAGE_SECONDS,
            "stale": view.STALE_SECONDS,
            "old": view.OLD_CALL_SECONDS,
            "quiet": view.QUIET_SECONDS,
            "silent": SILENT_SECONDS,
        },
        "sound": look.sound != "none",
        "volume": look.volume,
    }


def _offset_minutes(centre: Centre) -> float:
    """How far the office's clock is ahead of UTC now."""
    offset = centre.wall().astimezone(centre.timezone).utcoffset()
    return offset.total_seconds() / 60 if offset else 0.0


def _words(centre: Centre, words: Texts) -> dict[str, str]:
    """The board's sentences; those whose facts the browser fills in have their names in braces."""
    late = centre.queue.late_minutes
    open_ = {"clock": "{clock}", "date": "{date}"}
    return {
        **words.under("board."),
        "missed": view.missed(words, late),
        "stale_since": words.say("board.stale_since", clock="{clock}"),
        "opens_at": words.say("board.opens_at", **open_),
        "opens_on": words.say("board.opens_on", **open_),
    }


@router.get("/board/media/{name}", include_in_schema=False)
async def send_picture(shared: access.Shared, who: access.AtBoard, name: str) -> Response:
    """A picture of the office's folder, made ready to be shown."""
    media = shared.board_media.read(shared.current)
    file = next((i.file for i in media.items if i.file and i.file.name == name), None)
    if file is None:
        raise Refused("no_such_page")
    try:
        content = await shared.reader.run(file.read_bytes)
    except OSError:
        raise Refused("no_such_page") from None
    # Its name is another one when the picture is.
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response(content, media_type="image/jpeg", headers=headers)


@router.get("/board/video/{mark}", include_in_schema=False)
async def send_video(
    shared: access.Shared, who: access.AtBoard, request: Request, mark: str
) -> Response:
    """A part of a video of the office's folder, as players ask for it; never more than PART bytes,
    so that neither a long film nor a slow television holds up anything."""
    media = shared.board_media.read(shared.current)
    played = (i.play for i in media.items if i.play and i.file and i.file.stem == mark)
    file = next(played, None)
    kind = PLAYED.get(file.suffix.lower()) if file else None
    if file is None or kind is None:
        raise Refused("no_such_page")
    asked = _PART.fullmatch(request.headers.get("range", ""))
    first, last = (asked[1], asked[2]) if asked else ("0", "")
    try:
        part, begin, whole = await shared.archive.run(lambda: _read_part(file, first, last))
    except OSError:
        raise Refused("no_such_page") from None
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=86400, immutable"}
    if not part or (asked is None and whole > len(part)):
        headers["Content-Range"] = f"bytes */{whole}"
        return Response(status_code=416, headers=headers)
    if asked is not None:
        headers["Content-Range"] = f"bytes {begin}-{begin + len(part) - 1}/{whole}"
    return Response(part, 206 if asked else 200, media_type=kind, headers=headers)


def _read_part(file: Path, first: str, last: str) -> tuple[bytes, int, int]:
    """The bytes, where they begin, and how many the file has (RFC 9110, 14.1.2)."""
    with opened(file) as stream:
        whole = os.fstat(stream.fileno()).st_size
        begin = int(first) if first else max(0, whole - int(last))
        end = min(int(last) + 1 if first and last else whole, begin + PART)
        if not 0 <= begin < end:
            return b"", 0, whole
        stream.seek(begin)
        return stream.read(end - begin), begin, whole


@router.post(
    "/api/board/seen",
    responses=ERRORS | refusing("not_signed_in"),
    response_model_exclude_none=True,
)
async def note_board(
    shared: access.Shared, who: access.AtBoard, asked: orders.BoardSeen
) -> board_answers.BoardSeenAnswer:
    """A web board's sign of life, every five seconds; answered with what else it shows now. Staff
    see one that falls silent, and one whose stream of changes does not come through."""
    centre = shared.centre
    media = shared.board_media.read(shared.current)
    name = f"board {who.device.name}" if who.device else WEB_BOARD
    if asked.leaving and who.device is None:
        # Somebody had a look on this machine. A television that goes is missed.
        await shared.writer.run(lambda: devices.forget(centre, name))
    elif not asked.leaving:
        state, reason = "ok", ""
        if asked.silent > view.STALE_SECONDS:
            state, reason = "warning", NOT_CURRENT
        elif media.flaws:
            state, reason = "warning", media.flaws[0].key.removeprefix("device.")
        await shared.writer.run(lambda: devices.report(centre, name, state, reason))
    local = centre.wall().astimezone(centre.timezone)
    languages = centre.languages[:MOST_LANGUAGES]
    return board_answers.seen(shared.current.mark, media, media.due(local), languages)
