"""The office's emblem on the pages: its picture on its plate, or our own sign in its place.

Browsers never get the office's own file: a PNG is made of it once, of what windows show too.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from kiosk.look import RED, WHITE
from kiosk.web import parts
from kiosk.web.files import YEAR, static_version

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.look import Look
    from kiosk.office.centre import Centre

PLATE_POINTS: Final = 400
"""How high the plate is; what is drawn is at most 512 points high."""
RIM: Final = 0.1
"""Of the plate's height, around the picture; this and what follows as in kiosk/ui/Emblem.qml."""
WIDEST_PLATE: Final = 2.6
"""A wide picture has a wide plate, up to so many times as wide as high."""

OUR_SIGN: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 44 44">'
    f'<rect width="44" height="44" fill="{RED}"/>'
    f'<path transform="translate(10 10)" fill="none" stroke="{WHITE}" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round"'
    ' d="M4 9l8-5l8 5zM6 9v8M10 9v8M14 9v8M18 9v8M4 20h16"/></svg>'
)

_DOES_NOTHING: Final = "default-src 'none'; sandbox"
_reading: Final = threading.Lock()

router = APIRouter(include_in_schema=False)


def emblem_of(centre: Centre) -> str:
    """Where a page finds the emblem of its office; "" where the office chose none."""
    return f"/static/{_version_of(centre.look)}/emblem" if centre.look.emblem else ""


@router.get("/static/{version}/emblem")
async def send_emblem(version: str, request: Request) -> Response:
    """The picture, or our sign in its place; another address when file or plate change."""
    look = parts.common(request).centre.look
    own = await asyncio.to_thread(_read, look)
    headers = {"Content-Security-Policy": _DOES_NOTHING}
    if own is None:
        return Response(OUR_SIGN, media_type="image/svg+xml", headers=headers)
    if version == _version_of(look):
        headers["Cache-Control"] = YEAR
    return Response(own, media_type="image/png", headers=headers)


def _version_of(look: Look) -> str:
    facts = f"{static_version()}|{look.emblem}|{look.plate}|{_stamp(look)}"
    return hashlib.sha256(facts.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _stamp(look: Look) -> tuple[int, int]:
    """When the file was last changed and how long it is; zeros where it is not there."""
    try:
        known = look.emblem.stat() if look.emblem else None
    except (OSError, ValueError):
        known = None
    return (known.st_mtime_ns, known.st_size) if known else (0, 0)


def _read(look: Look) -> bytes | None:
    """Each state of the file is looked at once, however many ask at the same time."""
    if look.emblem is None:
        return None
    with _reading:
        return _on_plate(look.emblem, look.plate, _stamp(look))


@lru_cache(maxsize=4)
def _on_plate(path: Path, plate: str, _: tuple[int, int]) -> bytes | None:
    """The whole sign as a PNG; None where the picture cannot be used."""
    # Heavy to import, and most offices have our own sign.
    from PIL import Image

    from kiosk.emblem import Unusable
    from kiosk.emblem_drawing import drawn_emblem

    try:
        with Image.open(io.BytesIO(drawn_emblem(path, plate))) as opened:
            picture = opened.convert("RGBA")
    except Unusable:
        return None
    rim = round(PLATE_POINTS * RIM)
    inner = PLATE_POINTS - 2 * rim
    wide = round(min(WIDEST_PLATE * PLATE_POINTS, picture.width / picture.height * inner + 2 * rim))
    sign = Image.new("RGBA", (max(PLATE_POINTS, wide), PLATE_POINTS), plate)
    share = min((sign.width - 2 * rim) / picture.width, inner / picture.height)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    place = ((sign.width - size[0]) // 2, (sign.height - size[1]) // 2)
    sign.alpha_composite(picture, place)
    saved = io.BytesIO()
    sign.convert("RGB").save(saved, "PNG", optimize=True)
    return saved.getvalue()
