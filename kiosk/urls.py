"""Addresses of stores and programs as a person may be shown them."""

from __future__ import annotations

import re


def without_password(text: str) -> str:
    """The text with the password of a URL in it hidden, also of one that is mistyped.

    A password may hold spaces, "@" and "/": all between its colon and the last "@" goes.
    """
    text = re.sub(r"(\bpostgres\w*:?/*[^:@/\n]*):(?!//).*@", r"\1:***@", text)
    text = re.sub(r":(?!//)\S*@", ":***@", text)
    return re.sub(r"(\bpassword\s*=\s*)('[^'\n]*'|[^&\"\n]*)", r"\1***", text)


def without_query(url: str) -> str:
    """The address without what may be a key in it."""
    return re.split(r"[?#]", url, maxsplit=1)[0]
