"""Lists of lines that the touch window shows: of the catalogue, and behind the staff door."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; ``spoken`` is all of it.

    ``action`` is the word for what a touch does, "" where it leads on; ``tone`` is "calm", "ready"
    or "warn". A line that is ``still`` is only read.
    """

    key: str = ""
    icon: str = ""
    title: str = ""
    note: str = ""
    spoken: str = ""
    action: str = ""
    tone: str = "calm"
    still: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """``empty`` is said in the place of lines, ``more`` below them when there are others."""

    lines: tuple[Line, ...] = ()
    page: int = 0
    empty: str = ""
    more: str = ""
