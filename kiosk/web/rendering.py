"""How the pages are made: their templates, their words, and the facts that all of them share."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.rights import Right
from kiosk.texts import texts
from kiosk.web import parts
from kiosk.web.emblem import emblem_of
from kiosk.web.files import address_of, look_of
from kiosk.web.refusals import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

    from kiosk.office.centre import Centre
    from kiosk.office.sessions import SignedIn
    from kiosk.texts import Texts

_PLACES: Final = {
    "hall": ("/hall", Right.HALL),
    "reception": ("/reception", Right.RECEPTION),
    "intake": ("/intake", Right.INTAKE),
    "figures": ("/figures", Right.HALL),
    "audit": ("/audit", Right.AUDIT),
    "settings": ("/settings", Right.SETTINGS),
}
"""Where each page of staff beside the counters is, and who may open it."""

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
    "display_left": ("number",),
    "alarm_answered": ("name",),
    "alarm_since": ("time",),
    "counter": ("n",),
    "dossier_of": ("code",),
    "dossier_due": ("date",),
    "dossier_fee": ("fee",),
    "dossier_fee_paid": ("fee",),
    "hall_alarm": ("counter", "name", "time"),
    "hall_arrange": ("n",),
    "hall_changed": ("services",),
    "hall_sent": ("n",),
    "hall_kept": ("numbers",),
    "hall_prioritised": ("number",),
    "hall_ballots": ("n",),
    "hall_share": ("n",),
    "hall_rated": ("share", "n"),
    "hall_device_since": ("time",),
    "hall_devices_well": ("n",),
    "hall_devices_broken": ("n",),
    "reception_waiting": ("n",),
    "reception_ahead": ("n",),
    "reception_given": ("service", "n"),
    "figures_at": ("time",),
    "intake_ticket": ("number",),
    "intake_missing": ("papers",),
    "intake_due": ("time", "date"),
    "intake_step": ("status", "time", "date"),
    "intake_found": ("n", "total"),
    "intake_due_on": ("date",),
    "intake_received_aloud": ("code",),
    "settings_saved": ("n",),
    "reception_given_aloud": ("number", "service", "n"),
}


def other_languages(centre: Centre, words: Texts) -> list[tuple[str, str]]:
    """The codes of the languages that the page is not in, and what they call themselves."""
    return [
        (code, texts(code).say("language.name"))
        for code in centre.languages
        if code != words.language
    ]


def spoken(request: Request) -> Texts:
    return texts(language(request, parts.common(request).centre.languages))


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, without the spaces around them."""
    body = (await request.body()).decode(errors="replace")
    return {name: values[0].strip() for name, values in parse_qs(body).items()}


def staff_page(
    request: Request, words: Texts, template: str, facts: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    centre = parts.of(request).centre
    shared = {
        "centre": centre,
        "words": words,
        "asset": address_of,
        "other_languages": other_languages(centre, words),
    }
    told = {**shared, **facts, "page": json.dumps(facts["page"], ensure_ascii=False)}
    return HTMLResponse(templates().get_template(template).render(told), status)


def places(centre: Centre, who: SignedIn) -> Mapping[str, str]:
    """The pages that somebody may open, by what they are called."""
    known = {name: address for name, (address, right) in _PLACES.items() if who.may(right)}
    if centre.intake is None or not centre.intake.takes_at(who.counter):
        known.pop("intake", None)
    return {"clerk": "/clerk", **known} if who.counter is not None else known


def place_of(centre: Centre, who: SignedIn) -> str:
    """The page on which somebody works."""
    return next(iter(places(centre, who).values()))


def page_facts(request: Request, who: SignedIn, words: Texts) -> dict[str, Any]:
    """What the script of a page of staff needs to know besides the changing state."""
    current = parts.of(request).current
    centre = current.centre
    return {
        "lang": words.language,
        "words": {**words.under("web."), **_sentences(words)},
        "unavailable": words.under("unavailable."),
        "csrf": who.csrf_token,
        "locked": who.locked,
        "mark": current.mark,
        "keys": dict(centre.keys),
        "kiosk": centre.kiosk,
        "devices": words.under("device."),
        "services": {code: words.name(s.names) for code, s in centre.services.items()},
        "reasons": reasons(centre, words),
    }


def display_facts(centre: Centre, words: Texts) -> dict[str, Any]:
    """What the script of a counter's display needs to know besides the changing state."""
    return {
        "lang": words.language,
        "words": {
            **words.under("web.display."),
            "display_left": _sentences(words)["display_left"],
        },
        "services": {code: words.name(s.names) for code, s in centre.services.items()},
    }


def reasons(centre: Centre, words: Texts) -> dict[str, dict[str, str]]:
    """The office's reasons by their kind: "call", "pause" or "priority"."""
    return {
        kind: {r.code: words.name(r.names) for r in centre.reasons if r.kind == kind}
        for kind in ("call", "pause", "priority")
    }


def _sentences(words: Texts) -> dict[str, str]:
    """Sentences whose facts the browser fills in, with the facts' names left in braces."""
    return {
        key: words.say(f"web.{key}", **{name: f"{{{name}}}" for name in names})
        for key, names in _FACTS.items()
    }


@cache
def templates() -> Environment:
    made = Environment(
        loader=PackageLoader("kiosk.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["look_of"] = look_of
    made.globals["emblem_of"] = emblem_of
    return made
