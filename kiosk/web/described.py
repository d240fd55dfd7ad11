"""How OpenAPI describes who may call, and every "no": its status, its form, and the codes that a
call may answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kiosk.dossiers import Status
from kiosk.rights import Scope
from kiosk.texts import texts
from kiosk.web import answers
from kiosk.web.refusals import STATUS, key_of, said

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

_TITLES: Final = {
    401: "Sign in first, or the PIN or the key is wrong",
    403: "Not allowed for who asks",
    404: "No such thing",
    408: "The body did not come in time",
    409: "Too late: it is otherwise by now",
    413: "More than the call takes",
    422: "Malformed",
    429: "Too many tries, or calls of one key or device",
    503: "Something is not there now; nothing was changed",
}

# Facts such as stand in refusals, for the sentences of the examples.
_FACTS: Final = {
    "calls": 1,
    "path": "body",
    "n": 7,
    "clerk": "Lê Thị Hoa",
    "counter": 2,
    "dossier": "H15.50.05-261123-0001",
    "due_at": datetime(2026, 11, 24, 9, 30),
    "setting": "queue.late_minute",
    "last": "A999",
    "level": "fine",
    "least": 2,
    "limit": 40,
    "minutes": 60,
    "number": "A025",
    "outcome": "signed",
    "problems": "queue.late_minutes: must be 0 or more.",
    "reason": "lunch",
    "seconds": 10,
    "state": "finished",
    "status": Status.PROCESSING,
    "value": "K7M2P4QX",
}

ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": answers.Error, "description": title} for status, title in _TITLES.items()
}

# The same for calls whose answer is not JSON: FastAPI would give an error their media type.
ERRORS_BESIDE_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": title,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for status, title in _TITLES.items()
}


def refusing(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The refusals of one call, as examples below the status of each; for ``responses``."""
    words = texts("en")
    told = {name: said(fact, words) for name, fact in _FACTS.items()}
    described: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status = STATUS.get(code, 409)
        if status not in described:
            json: dict[str, Any] = {"examples": {}}
            described[status] = {**ERRORS[status], "content": {"application/json": json}}
        example = {"code": code, "message": words.say(f"refused.{key_of(code, told)}", **told)}
        examples = described[status]["content"]["application/json"]["examples"]
        examples[code] = {"value": example}
    return described


SECURITY: Final = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "kiosk_session",
        "description": "Given by POST /api/session; __Host-kiosk_session under TLS. An unsafe call"
        " with it needs the X-CSRF-Token of that answer.",
    },
    "device": {
        "type": "apiKey",
        "in": "cookie",
        "name": "kiosk_device",
        "description": "Given by POST /api/device; __Host-kiosk_device under TLS. Its tickets and"
        " appointments are 60 orders a minute at most (429 `too_many_orders`); those of this"
        " machine are as many as it likes.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of `kiosk key add`, which opens the calls of its scopes alone: "
        + ", ".join(f"`{scope}`" for scope in Scope)
        + ". It is never sent beside one of the cookies (422 `key_and_cookie`) nor in an address,"
        " and needs no X-CSRF-Token. 401 `wrong_key`, 403 `key_scope` and `no_key_here`, 429"
        " `too_many_calls` beyond 600 calls a minute.",
    },
}

BY_NOBODY_YET: Final[dict[str, Any]] = {"security": []}
"""For a call that makes somebody known; for ``openapi_extra``."""


def opened_by(scope: Scope, *, staff_alone: bool = False) -> dict[str, Any]:
    """That a key with the scope may make the call, for ``openapi_extra``; the keyring reads it.

    So may staff, and unless ``staff_alone`` this machine and enrolled devices.
    """
    others: list[dict[str, list[str]]] = [{"session": []}]
    if not staff_alone:
        others = [{}, {"device": []}, *others]
    return {"security": [*others, {"key": [scope.value]}]}


def scope_of(route: BaseRoute) -> Scope | None:
    """The scope whose keys may make the call; None for a call that no key may make."""
    extra = getattr(route, "openapi_extra", None) or {}
    for one in extra.get("security", ()):
        if "key" in one:
            return Scope(one["key"][0])
    return None
