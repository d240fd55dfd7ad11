"""Which dossiers people asked to be forgotten, kept beside the store and among its copies.

A copy that is put back knows nothing of what was asked after it was made. The lines have codes
and no person.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DOSSIER: Final = "dossier"
_WISH: Final = "sms"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Codes of dossiers whose people, and of those whose wishes for messages, were erased."""

    dossiers: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()

    def __or__(self, other: Forgotten) -> Forgotten:
        return Forgotten(self.dossiers | other.dossiers, self.wishes | other.wishes)

    def __sub__(self, other: Forgotten) -> Forgotten:
        return Forgotten(self.dossiers - other.dossiers, self.wishes - other.wishes)


def beside(store: Path) -> Path:
    return store.with_name(f"{store.name}.forgotten")


def among_copies(folder: Path, office: str) -> Path:
    return folder / f"kiosk-{office}.forgotten"


def read(paths: Iterable[Path]) -> Forgotten:
    """What all of them say; one that is not there, or a line that a power cut tore, says nothing
    that could be wrong: a code that is no dossier's erases nothing."""
    found: dict[str, set[str]] = {_DOSSIER: set(), _WISH: set()}
    for path in paths:
        with suppress(OSError):
            for line in path.read_text("utf-8", errors="replace").splitlines():
                kind, _, code = line.partition(" ")
                if code and kind in found:
                    found[kind].add(code)
    return Forgotten(frozenset(found[_DOSSIER]), frozenset(found[_WISH]))


def note(path: Path, more: Forgotten) -> None:
    """Adds what is not there yet, and waits until it is on the medium. OSError."""
    new = more - read([path])
    lines = [f"{_DOSSIER} {code}" for code in sorted(new.dossiers)]
    lines += [f"{_WISH} {code}" for code in sorted(new.wishes)]
    if not lines:
        return
    with path.open("a", encoding="utf-8") as file:
        # A torn last line stays one of its own.
        file.write("".join(f"\n{line}" for line in lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
