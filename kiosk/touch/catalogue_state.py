"""What the touch window remembers of the catalogue between two touches; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.touch.state import Screen

if TYPE_CHECKING:
    from kiosk.notices import Notice
    from kiosk.office.procedures import Found
    from kiosk.procedures import Procedure
    from kiosk.store.procedures import Field

SHOWN: Final = 100
"""How many procedures of a search or a field are shown; who finds more types on."""
MAX_ENTRY: Final = 60

SCREENS: Final = frozenset({Screen.CATALOGUE, Screen.SEARCH, Screen.PROCEDURE, Screen.PAGE})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``fields`` and ``notices`` are the office's; all else is of one visit.

    ``field`` is the key of the field that is open, ``found`` what it has, or what ``entry`` finds.
    ``failed`` says that the store did not answer. ``page`` and ``aside`` are those of the two lists
    of a screen, ``part`` that of a text. ``printed`` is "" until the papers were asked for, then
    "asked", "queued", or the sentence that says why not.
    """

    fields: tuple[Field, ...] = ()
    notices: tuple[Notice, ...] = ()
    field: str = ""
    entry: str = ""
    letters: bool = True
    found: Found | None = None
    failed: bool = False
    page: int = 0
    aside: int = 0
    procedure: Procedure | None = None
    origin: Screen = Screen.CATALOGUE
    notice: str = ""
    part: int = 0
    printed: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.fields or self.notices)


def visited(state: Catalogue) -> Catalogue:
    """As the next person finds it."""
    return Catalogue(fields=state.fields, notices=state.notices)


def closed(state: Catalogue) -> Catalogue:
    """The same visit without the procedure or page that was shown."""
    return replace(state, procedure=None, notice="", part=0, printed="")


def typed(state: Catalogue, key: str) -> Catalogue:
    """The entry after a key; no two spaces, and none to begin with."""
    entry = state.entry + key.lower()
    if len(entry) > MAX_ENTRY or not entry.strip() or "  " in entry:
        return state
    return replace(state, entry=entry, page=0)
