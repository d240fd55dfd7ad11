"""Every "no" as {code, message}: the HTTP status of each code, and the sentence in its language."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import JSONResponse

from kiosk.dossiers import Status
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import near_key
from kiosk.texts import texts
from kiosk.tickets import ILLEGAL_MOVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi.exceptions import RequestValidationError
    from fastapi.routing import APIRoute
    from starlette.requests import HTTPConnection

    from kiosk.texts import Texts

log = logging.getLogger(__name__)

STATUS: Final[Mapping[str, int]] = {
    "not_signed_in": 401,
    "wrong_pin": 401,
    "wrong_csrf_token": 403,
    "other_site": 403,
    "other_counter": 403,
    "no_counter_here": 403,
    "no_counter_for": 403,
    "not_allowed": 403,
    "device_not_enrolled": 403,
    "rate_at_display": 403,
    "locked": 401,
    "wrong_device_code": 401,
    "counter_needed": 422,
    "no_such_ticket": 404,
    "no_such_dossier": 404,
    "no_such_procedure": 404,
    "no_such_job": 404,
    "no_such_page": 404,
    "no_such_number": 404,
    "no_such_appointment": 404,
    "unknown_service": 404,
    "unknown_counter": 404,
    "unknown_priority": 404,
    "wrong_method": 405,
    "not_http": 400,
    "too_slow": 408,
    "too_large": 413,
    "malformed": 422,
    "transfer_where": 422,
    "service_needed": 422,
    "dossier_needed": 422,
    "reason_needed": 422,
    "unknown_reason": 422,
    "unknown_outcome": 422,
    "unknown_level": 422,
    "bad_appointment_code": 422,
    "request_differs": 422,
    "note_needed": 422,
    "intake_elsewhere": 403,
    "intake_differs": 422,
    "owner_needed": 422,
    "bad_phone": 422,
    "phone_digits": 422,
    "bad_id_number": 422,
    "due_needed": 422,
    "due_past": 422,
    "why_needed": 422,
    "papers_needed": 422,
    "fee_needed": 422,
    "taker_needed": 422,
    "receipt_mismatch": 422,
    "no_settings": 404,
    "no_such_setting": 422,
    "settings_wrong": 422,
    "too_many_tries": 429,
    "too_many_calls": 429,
    "too_many_orders": 429,
    "wrong_key": 401,
    "key_needed": 401,
    "broken_json": 422,
    "no_code_column": 422,
    "not_csv": 422,
    "undecodable_file": 422,
    "unreadable_workbook": 422,
    "workbook_old": 422,
    "workbook_too_large": 422,
    "key_scope": 403,
    "no_key_here": 403,
    "key_and_cookie": 422,
}
"""A refusal that stands not here came too late (409): things were otherwise by then."""

_CHALLENGES: Final = {"wrong_key": 'Bearer realm="kiosk", error="invalid_token"'}
"""As RFC 6750 3.1 wants it; all others are about the cookie."""

_BY_STATUS: Final = {404: "no_such_page", 405: "wrong_method", 413: "too_large"}


def language(connection: HTTPConnection, spoken: Sequence[str]) -> str:
    """The asked language: ``?lang=``, else the best of Accept-Language, else the office's first."""
    asked = connection.query_params.get("lang", "")
    if asked in spoken:
        return asked
    wishes = []
    for n, wish in enumerate(connection.headers.get("accept-language", "").split(",")):
        tag, _, quality = "".join(wish.split()).partition(";q=")
        try:
            wishes.append((-float(quality or 1), n, tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _, _, tag in sorted(wishes) if tag in spoken), spoken[0])


def refuse(
    error: Refused | Unavailable,
    words: Texts,
    now: datetime | None = None,
    *,
    to_clerk: bool = False,
) -> JSONResponse:
    """The answer to a "no"; ``now`` lets a moment of today be told by its hour alone.

    A sentence speaks to a citizen; where a clerk must read another, its key has a twin.
    """
    status, headers = status_of(error), {}
    if status == 429:
        headers["Retry-After"] = str(error.facts.get("seconds", 60))
    if status == 503:
        headers["Retry-After"] = "2"
    if status == 401:
        headers["WWW-Authenticate"] = _CHALLENGES.get(error.code, 'Cookie realm="kiosk"')
    body = {"code": error.code, "message": sentence(error, words, now, to_clerk=to_clerk)}
    return JSONResponse(body, status, headers)


def status_of(error: Refused | Unavailable) -> int:
    return 503 if isinstance(error, Unavailable) else STATUS.get(error.code, 409)


def sentence(
    error: Refused | Unavailable,
    words: Texts,
    now: datetime | None = None,
    *,
    to_clerk: bool = False,
) -> str:
    """What a person is told of a "no"."""
    prefix = "unavailable" if isinstance(error, Unavailable) else "refused"
    key = f"{prefix}.{key_of(error.code, error.facts)}"
    if to_clerk and words.has(f"{key}.clerk"):
        key = f"{key}.clerk"
    return _told(key, error.facts, words, now)


_NEVER: Final = ("too_late", "undo_too_late")
"""The limit of these may be 0, which stands for not at all."""


def key_of(code: str, facts: Mapping[str, object]) -> str:
    """Which of its sentences a code is told with."""
    if code == ILLEGAL_MOVE:
        return f"{code}.{facts['state']}"
    if facts.get("opens_at"):
        return f"{code}.opens"
    if code in _NEVER and 0 in facts.values():
        return f"{code}.never"
    if "near" in facts:
        return f"{code}.{'near' if facts['near'] else 'unknown'}"
    return f"{code}.{facts['wanted']}" if "wanted" in facts else code


def refuse_status(status: int, words: Texts) -> JSONResponse:
    """The same for what the framework itself refuses; anything unforeseen counts as malformed."""
    return refuse(Refused(_BY_STATUS.get(status, "malformed"), where="body"), words)


def malformed(error: RequestValidationError, route: APIRoute) -> Refused:
    """The first mistake, with its place; before all others a key that the body does not have."""
    mistakes = error.errors()
    for mistake in mistakes:
        if mistake["type"] == "extra_forbidden" and route.body_field is not None:
            place = mistake["loc"]
            near = near_key(route.body_field.field_info.annotation, place[1:])
            return Refused("malformed", where=_dotted(place[1:]), near=near)
    where, wanted = _dotted(mistakes[0]["loc"]), _wanted(mistakes[0])
    if wanted is None:
        return Refused("malformed", where=where)
    return Refused("malformed", where=where, **wanted)


_WANTED: Final = {
    "missing": "needed",
    "json_invalid": "json",
    "not_json": "json",
    "model_type": "object",
    "model_attributes_type": "object",
    "tuple_type": "list",
    "string_type": "text",
    "string_too_short": "filled",
    "string_too_long": "shorter",
    "too_long": "fewer",
    "bool_type": "yes_no",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
}


def _wanted(mistake: Mapping[str, Any]) -> dict[str, object] | None:
    """What should stand there, as a sentence's key below ``malformed`` and its limit; None where
    there is nothing more to say than the place."""
    kind, context = str(mistake["type"]), mistake.get("ctx", {})
    limit = next((context[key] for key in ("ge", "le", "max_length") if key in context), None)
    is_day = isinstance(limit, str) and "T" not in limit
    if kind.startswith(("datetime", "timezone")) or (isinstance(limit, str) and not is_day):
        return {"wanted": "moment"}
    if kind.startswith("date") or is_day:
        return {"wanted": "day"}
    if kind == "value_error":
        return {"wanted": str(context["error"])}
    if kind not in _WANTED:
        return None
    return {"wanted": _WANTED[kind], **({} if limit is None else {"limit": limit})}


def _dotted(place: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in place)


def bug(words: Texts) -> JSONResponse:
    return JSONResponse({"code": "bug", "message": words.say("web.bug")}, 500)


def spoken_words(connection: HTTPConnection, spoken: Sequence[str]) -> Texts:
    return texts(language(connection, spoken))


def _told(key: str, facts: Mapping[str, object], words: Texts, now: datetime | None) -> str:
    if not words.has(key):
        log.error("no sentence for %s", key)
        return words.say("web.refused")
    return words.say(key, **{name: said(fact, words, now) for name, fact in facts.items()})


def said(fact: object, words: Texts, now: datetime | None = None) -> object:
    """A fact as a sentence has it: a moment and a status in words."""
    if isinstance(fact, datetime):
        return words.when(fact, now)
    return words.say(fact.key) if isinstance(fact, Status) else fact
