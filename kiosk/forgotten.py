"""Which dossiers people asked to be forgotten, kept beside the store and among its copies.

A copy that is put back knows nothing of what was asked after it was made. The lines have codes
and no person.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_DOSSIER: Final = "dossier"
_WISH: Final = "sms"
_EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Codes of dossiers whose people were erased, each with the last time that this was asked for,
    and of those whose wishes for messages were."""

    dossiers: Mapping[str, datetime] = field(default_factory=dict)
    wishes: frozenset[str] = frozenset()

    def __or__(self, other: Forgotten) -> Forgotten:
        return Forgotten(
            {**self.dossiers, **_later(other.dossiers, self.dossiers)}, self.wishes | other.wishes
        )

    def __sub__(self, other: Forgotten) -> Forgotten:
        return Forgotten(_later(self.dossiers, other.dossiers), self.wishes - other.wishes)


def _later(ones: Mapping[str, datetime], others: Mapping[str, datetime]) -> dict[str, datetime]:
    return {c: at for c, at in ones.items() if c not in others or others[c] < at}


def beside(store: Path) -> Path:
    return store.with_name(f"{store.name}.forgotten")


def among_copies(folder: Path, office: str) -> Path:
    return folder / f"kiosk-{office}.forgotten"


def read(paths: Iterable[Path]) -> Forgotten:
    """What all of them say; one that is not there, or a line that a power cut tore, says nothing
    that could be wrong: a code that is no dossier's erases nothing."""
    found = Forgotten()
    for path in paths:
        with suppress(OSError):
            for line in path.read_text("utf-8", errors="replace").splitlines():
                found |= _told(*line.split(" "))
    return found


def _told(kind: str, code: str = "", at: str = "", *_: str) -> Forgotten:
    """One line; of one without a time it holds for ever."""
    if code and kind == _DOSSIER:
        asked = _EVER
        with suppress(ValueError):
            told = moment(at)
            asked = told if told.tzinfo else _EVER
        return Forgotten({code: asked})
    return Forgotten(wishes=frozenset({code} if code and kind == _WISH else ()))


def note(path: Path, more: Forgotten) -> None:
    """Adds what is not there yet, or was asked for again since, and waits until it is on the
    medium. OSError."""
    new = more - read([path])
    lines = [f"{_DOSSIER} {code} {stamp(at)}" for code, at in sorted(new.dossiers.items())]
    lines += [f"{_WISH} {code}" for code in sorted(new.wishes)]
    if not lines:
        return
    with path.open("a", encoding="utf-8") as file:
        # A torn last line stays one of its own.
        file.write("".join(f"\n{line}" for line in lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
