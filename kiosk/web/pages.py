"""Pages for people: the clerk's counter, and the files that it is made of."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.errors import Refused
from kiosk.texts import texts
from kiosk.web import access, parts
from kiosk.web.refusals import language

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

_YEAR: Final = "public, max-age=31536000, immutable"
_FONTS: Final = "fontpkg_be_vietnam_pro"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}

# The facts that a sentence of the page is given by the browser, which knows the present minute.
_FACTS: Final = {
    "minutes": ("n",),
    "waited": ("n",),
    "calls": ("n",),
    "more": ("n",),
    "next_up": ("number",),
    "title": ("number", "counter"),
    "device": ("device", "reason"),
    "job_queued": ("number",),
    "job_sending": ("number",),
    "job_unknown": ("number",),
    "job_failed": ("number",),
    "announce": ("number",),
}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> RedirectResponse:
    return RedirectResponse("/clerk", 307)


@router.get("/clerk")
async def show_clerk(request: Request) -> HTMLResponse:
    """The sign-in, or for a signed-in clerk the counter."""
    centre = parts.of(request).centre
    who = await access.visitor(request)
    words = texts(language(request, centre.languages))
    template = "desk.html" if who.signed_in else "sign_in.html"
    facts = {
        "centre": centre,
        "words": words,
        "page": json.dumps(_page(centre, who, words), ensure_ascii=False),
        "asset": _address,
        "other_languages": [
            (code, texts(code).say("language.name"))
            for code in centre.languages
            if code != words.language
        ],
        "signed_in": who.signed_in,
    }
    return HTMLResponse(_templates().get_template(template).render(facts))


@router.get("/static/{name:path}")
async def send_file(name: str) -> Response:
    """A file of our own, or a font; its address bears its digest, so it may be kept for long."""
    source = _files().get(name)
    if source is None:
        raise Refused("no_such_page")
    kind = _TYPES[_suffix(name)]
    return Response(_content(name), media_type=kind, headers={"Cache-Control": _YEAR})


def _page(centre: Centre, who: access.Visitor, words: Texts) -> dict[str, Any]:
    """What the page's script needs to know besides the changing state."""
    if who.signed_in is None:
        needed = {key: words.say(f"web.{key}") for key in ("sign_in.missing", "link.no_answer")}
        return {"lang": words.language, "words": needed}
    return {
        "lang": words.language,
        "words": {**words.under("web."), **_sentences(words)},
        "unavailable": words.under("unavailable."),
        "csrf": who.signed_in.csrf_token,
        "counter": who.signed_in.counter,
        "kiosk": centre.kiosk,
        "devices": words.under("device."),
        "services": {code: words.name(s.names) for code, s in centre.services.items()},
        "priorities": {code: words.name(p.names) for code, p in centre.priorities.items()},
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


@cache
def _files() -> dict[str, Traversable]:
    own = {entry.name: entry for entry in (files("kiosk.web") / "static").iterdir()}
    fonts = {
        f"fonts/{entry.name}": entry
        for entry in (files(_FONTS) / "files").iterdir()
        if entry.name.endswith(".ttf")
    }
    return {name: entry for name, entry in (own | fonts).items() if _suffix(name) in _TYPES}


@cache
def _content(name: str) -> bytes:
    return _files()[name].read_bytes()


@cache
def _address(name: str) -> str:
    return f"/static/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2]}"
