"""A file in which an office says what its own columns and words mean, beyond those known here."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kiosk.import_labels import HEADERS
from kiosk.import_words import (
    read_channel,
    read_status,
    squeeze,
)
from kiosk.mistakes import BadConfig, Problem
from kiosk.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kiosk.dossiers import Channel, Status

T = TypeVar("T")

IGNORED: Final = ""
"""The field of a column that is not to be read although its header says otherwise."""
_TABLES: Final = ("columns", "statuses", "channels", "fixed")
_FIXED: Final = ("receiving_unit", "resolving_unit", "field", "channel", "procedure_name")


@dataclass(frozen=True, slots=True)
class Words:
    """An office's own: headers (as ``squeeze`` has them) and the fields that they mean, statuses
    and channels by their labels, and what is so in every row where the file says nothing."""

    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def status(self, text: str) -> Status | None:
        return self.statuses.get(squeeze(text)) or read_status(text)

    def channel(self, text: str) -> Channel | None:
        return self.channels.get(squeeze(text)) or read_channel(text)


def load_words(path: Path) -> Words:
    """The file (TOML); BadConfig with every mistake in it."""
    return _Reading(path, read_toml(path)).words()


class _Reading:
    """Gathers every mistake of one file."""

    def __init__(self, path: Path, told: Mapping[str, Any]) -> None:
        self._path = path
        self._told = told
        self._problems: list[Problem] = []

    def words(self) -> Words:
        for name in self._told:
            if name not in _TABLES:
                self._unknown(name, name, _TABLES)
        columns = self._table("columns", self._field)
        statuses = self._table("statuses", lambda where, said: self._read(where, said, read_status))
        channels = self._table(
            "channels", lambda where, said: self._read(where, said, read_channel)
        )
        fixed = self._table("fixed", self._said, _FIXED)
        if self._problems:
            raise BadConfig(self._path, self._problems)
        return Words(_squeezed(columns), _squeezed(statuses), _squeezed(channels), fixed)

    def _table(
        self, name: str, read: Callable[[str, Any], T | None], keys: tuple[str, ...] = ()
    ) -> dict[str, T]:
        table = self._told.get(name, {})
        if not isinstance(table, dict):
            self._problems.append(Problem(name, "wrong", {"value": table}))
            return {}
        found: dict[str, T] = {}
        alike: set[str] = set()
        for key, said in table.items():
            where = f'{name}."{key}"'
            if squeeze(key) in alike:
                self._problems.append(Problem(where, "mapping_twice", {}))
            alike.add(squeeze(key))
            if keys and key not in keys:
                self._unknown(where, key, keys)
            elif (meant := read(where, said)) is not None:
                found[key] = meant
        return found

    def _field(self, where: str, said: Any) -> str | None:
        if said == IGNORED or said in HEADERS:
            return str(said)
        self._unknown(where, str(said), tuple(HEADERS), value=True)
        return None

    def _said(self, where: str, said: Any) -> str | None:
        if where.endswith('"channel"'):
            channels = self._told.get("channels", {})
            named = isinstance(channels, dict) and said in channels
            meant: Channel | None = None if named else self._read(where, said, read_channel)
            return said if named or meant else None
        if isinstance(said, str):
            return said
        self._problems.append(Problem(where, "text", {"value": said}))
        return None

    def _read(self, where: str, said: Any, read: Callable[[str], T | None]) -> T | None:
        """What the word that is known here means."""
        meant = read(str(said)) if isinstance(said, str | int) else None
        if meant is None:
            self._problems.append(Problem(where, "mapping_word", {"value": said}))
        return meant

    def _unknown(
        self, where: str, said: str, known: tuple[str, ...], *, value: bool = False
    ) -> None:
        near = difflib.get_close_matches(said, known, n=1)
        if value:
            facts: dict[str, object] = {"value": said, "known": ", ".join(near or known)}
            self._problems.append(Problem(where, "mapping_field", facts))
        elif near:
            self._problems.append(Problem(where, "unknown_key_near", {"near": near[0]}))
        else:
            self._problems.append(Problem(where, "unknown_key", {}))


def _squeezed(table: Mapping[str, T]) -> dict[str, T]:
    return {squeeze(word): meant for word, meant in table.items()}
