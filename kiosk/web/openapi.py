"""The whole description: FastAPI's own, with who may call and an example of every body."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from kiosk.web.described import SECURITY
from kiosk.web.examples import EXAMPLES


class Described(FastAPI):
    """An application whose description says that, unless a call says otherwise, staff make it."""

    def openapi(self) -> dict[str, Any]:
        known = self.openapi_schema is not None
        told = super().openapi()
        if not known:
            told["components"]["securitySchemes"] = SECURITY
            told["security"] = [{"session": []}]
            for name, schema in told["components"]["schemas"].items():
                if name in EXAMPLES:
                    schema["examples"] = [EXAMPLES[name]]
        return told
