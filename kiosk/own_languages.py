"""Languages that an office adds by a file beside its settings: translations/km.po."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator

from kiosk.mistakes import Problem
from kiosk.texts import add_languages, added_languages, flaw_of, languages

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "translations"


def _known(code: str) -> str:
    if code not in languages():
        raise ValueError("language")
    return code


Language = Annotated[str, AfterValidator(_known)]
"""The code of one that there is, ours or the office's."""


def take_languages(settings: Path, raw: dict[str, Any]) -> list[Problem]:
    """Makes the languages beside this file known; tells those that are chosen and cannot be read.

    ``raw`` is what the file says: [office] languages, or [window] language on a clerk's PC.
    """
    add_languages(settings.absolute().parent / FOLDER)
    office, window = raw.get("office"), raw.get("window")
    chosen = office.get("languages") if isinstance(office, dict) else None
    places = [("office.languages", one) for one in (chosen if isinstance(chosen, list) else ())]
    if isinstance(window, dict):
        places.append(("window.language", window.get("language")))
    files = added_languages()
    return [
        Problem(where, "language_file", {"path": files[one], "why": why})
        for where, one in places
        if isinstance(one, str) and one in files and (why := flaw_of(one))
    ]
