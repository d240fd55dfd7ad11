"""Addresses of stores as a person may be shown them."""

from __future__ import annotations

import re


def without_password(text: str) -> str:
    """The text with the password of every URL in it hidden, also of one that is mistyped."""
    text = re.sub(r":(?!//)\S*@", ":***@", text)
    return re.sub(r"(\bpassword=)[^&\s]*", r"\1***", text)
