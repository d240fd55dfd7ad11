"""Text from outside as it is kept and shown."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_line(text: str) -> str:
    """Composed (NFC), on one line, without control and direction signs."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def readable(name: str) -> str:
    """A file's name as it may be kept and shown, whatever its bytes are."""
    return one_line(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def dotted(parts: Iterable[str]) -> str:
    """The parts that say something in one line, between them a dot that begins no line of paper."""
    return "\N{NO-BREAK SPACE}· ".join(part for part in parts if part)
