"""A text in pieces, of which QML shows as many on a page as stand there whole; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.notices import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE_LETTERS: Final = 170
"""Of a name in one piece: it stands on a page in large letters on the lowest glass."""
_TITLE: Final = re.compile(
    f".{{1,{TITLE_LETTERS}}}[,;](?= )|.{{1,{TITLE_LETTERS}}}(?= |$)|.{{1,{TITLE_LETTERS}}}"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a text. ``kind`` is that of ``notices.Block``, or "fact" (``note`` is its label)
    or "form" (``qr`` is what the square says)."""

    kind: str = "text"
    text: str = ""
    mark: str = ""
    note: str = ""
    depth: int = 0
    cells: tuple[str, ...] = ()
    qr: str = ""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A text in pieces, as many of them on a page as fit.

    ``head`` is the title and what is told about it once more, for where they do not stand above.
    """

    title: str = ""
    about: str = ""
    head: tuple[Piece, ...] = ()
    pieces: tuple[Piece, ...] = ()
    part: int = 0


def titles(name: str) -> Iterator[Piece]:
    """A name, whole or in pieces that end where one takes a breath if there is such a place."""
    for part in [name] if len(name) <= TITLE_LETTERS else _TITLE.findall(name):
        yield Piece("title", part.strip())


def fact(label: str, told: str) -> Iterator[Piece]:
    """The label over its text, which may be long."""
    for line in told.split("\n"):
        for part in parts(line):
            yield Piece("fact", part, note=label)
            label = ""
