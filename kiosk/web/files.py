"""What pages are made of: styles, scripts, pictures and fonts."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from kiosk.errors import Refused
from kiosk.look import Look, css, palettes
from kiosk.web import parts

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from kiosk.office.centre import Centre

YEAR: Final = "public, max-age=31536000, immutable"
_FONTS: Final = "fontpkg_be_vietnam_pro"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}

router = APIRouter(include_in_schema=False)


@router.get("/static/{version}/look.css")
async def send_look(version: str, request: Request) -> Response:
    """The office's colours as a style sheet; its version is that of the colours."""
    look = parts.common(request).centre.look
    headers = {"Cache-Control": YEAR} if version == _version_of(look) else None
    return Response(_sheet(look), media_type=_TYPES[".css"], headers=headers)


@router.get("/static/{version}/{name:path}")
async def send_file(version: str, name: str) -> Response:
    """A file of our own, or a font. What bears this version of them all may be kept for long."""
    if name not in _files():
        raise Refused("no_such_page")
    kind = _TYPES[_suffix(name)]
    headers = {"Cache-Control": YEAR} if version == static_version() else None
    return Response(_content(name), media_type=kind, headers=headers)


@cache
def _files() -> dict[str, Traversable]:
    own = {entry.name: entry for entry in (files("kiosk.web") / "static").iterdir()}
    return {name: entry for name, entry in (own | _fonts()).items() if _suffix(name) in _TYPES}


def _fonts() -> dict[str, Traversable]:
    """None where they are missing: pages are shown in another font then."""
    try:
        found = list((files(_FONTS) / "files").iterdir())
    except (ModuleNotFoundError, OSError):
        return {}
    return {f"fonts/{entry.name}": entry for entry in found if entry.name.endswith(".ttf")}


@cache
def _content(name: str) -> bytes:
    return _files()[name].read_bytes()


@cache
def static_version() -> str:
    """Of all files together, for they name one another by their place beside them."""
    digest = hashlib.sha256()
    for name in sorted(_files()):
        digest.update(_content(name))
    return digest.hexdigest()[:12]


def address_of(name: str) -> str:
    """Where a page finds the file of that name; another one in each version of the program."""
    return f"/static/{static_version()}/{name}"


def look_of(centre: Centre) -> str:
    """Where a page finds the colours of its office."""
    return f"/static/{_version_of(centre.look)}/look.css"


@lru_cache(maxsize=8)
def _sheet(look: Look) -> bytes:
    return css(palettes(look)).encode()


def _version_of(look: Look) -> str:
    return hashlib.sha256(_sheet(look)).hexdigest()[:12]


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2]}"
