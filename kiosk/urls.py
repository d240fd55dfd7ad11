"""Addresses of stores as a person may be shown them."""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = "***"


def without_password(text: str) -> str:
    """The text with the password of every URL in it hidden, also of one that is mistyped."""
    text = re.sub(r"(?<=/)([^/:@\s]*):[^/\s]*@", rf"\1:{_HIDDEN}@", text)
    return re.sub(r"(\bpassword=)[^&\s]*", rf"\1{_HIDDEN}", text)
