"""A third language for tests: the one that tools/pseudo.py makes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kiosk.texts import add_languages
from tools import pseudo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PSEUDO = pseudo.LANGUAGE


@contextmanager
def pseudo_spoken(folder: Path) -> Iterator[None]:
    """As long as it lasts, the language is known as one that an office added."""
    pseudo.write(folder / "translations")
    add_languages(folder / "translations")
    try:
        yield
    finally:
        add_languages(folder / "none")
