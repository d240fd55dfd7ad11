"""By what name a store knows this machine: one that it made for itself, and keeps in a file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.errors import Unavailable
from kiosk.locks import lock

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """The file at ``path`` has the name; it is made when first asked for, by whoever asks."""

    path: Path

    def name(self) -> str:
        """Unavailable when it cannot be kept beside the store."""
        try:
            return self._kept() or self._made()
        except OSError as error:
            raise Unavailable("store_unreachable", why=str(error)) from error

    def _kept(self) -> str:
        try:
            return self.path.read_text("ascii").strip()
        except FileNotFoundError:
            return ""

    def _made(self) -> str:
        with self.path.open("a+", encoding="ascii") as kept:
            lock(kept)
            kept.seek(0)
            name = kept.read().strip()
            if not name:
                name = secrets.token_hex(8)
                kept.write(f"{name}\n")
            return name

    def rename(self) -> None:
        """Another machine has the same name, because its disk is a copy: the next one is new."""
        with self.path.open("a+", encoding="ascii") as kept:
            lock(kept)
            kept.truncate(0)
