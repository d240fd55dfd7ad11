"""Which methods an address takes; HEAD wherever GET is, but for a stream, which has no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.responses import StreamingResponse
from starlette.routing import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute
    from starlette.types import Scope


def methods_at(scope: Scope, routes: Sequence[BaseRoute]) -> list[str]:
    """In order; none where nothing stands at that address."""
    found: set[str] = set()
    for route in routes:
        if route.matches(scope)[0] is not Match.NONE:
            own = set(getattr(route, "methods", None) or ())
            if "GET" in own and getattr(route, "response_class", None) is not StreamingResponse:
                own.add("HEAD")
            found |= own
    return sorted(found)
