"""How OpenAPI describes every "no": its status, its form, and the codes that a call may answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from kiosk.texts import texts
from kiosk.web import answers
from kiosk.web.refusals import STATUS, key_of

_TITLES: Final = {
    401: "Sign in first, or the PIN is wrong",
    403: "Not allowed for who asks",
    404: "No such thing",
    409: "Too late: it is otherwise by now",
    413: "More than 16 kB",
    422: "Malformed",
    429: "Too many tries",
    503: "Something is not there now; nothing was changed",
}

# Facts such as stand in refusals, for the sentences of the examples.
_FACTS: Final = {
    "calls": 1,
    "clerk": "Lê Thị Hoa",
    "counter": 2,
    "due_at": datetime(2026, 11, 24, 9, 30),
    "last": "A999",
    "least": 2,
    "limit": 40,
    "minutes": 60,
    "number": "A025",
    "outcome": "signed",
    "reason": "lunch",
    "seconds": 10,
    "state": "finished",
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
    told = {name: words.when(f) if isinstance(f, datetime) else f for name, f in _FACTS.items()}
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
