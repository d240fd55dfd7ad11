"""Writes keys into a section of kiosk.toml, and nothing else of the file."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.items import Comment, Table, Whitespace

from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig
from kiosk.replacing import put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tomlkit import TOMLDocument

    from kiosk.config import Config

_MARK: Final = "\ufeff"
NEW_FILE: Final = 0o640


def write_section(config: Config, name: str, keys: dict[str, str | int]) -> Config:
    """Sets ``keys`` of the section in the file that ``config`` was read from, keeping every other
    line, its rights and, as far as the system lets us, its owner.

    The new file takes the old one's place only after it was read back: it must mean the same but
    for these keys. Refused("section_unwritable", section), Unavailable("folder_unwritable", path).
    """
    text = _changed(config.path.read_bytes().decode("utf-8"), name, keys)
    replaced(config.path, text.encode(), lambda unfinished: _prove(unfinished, config, name, keys))
    return load(config.path)


def replaced(path: Path, raw: bytes, prove: Callable[[Path], object]) -> None:
    """Puts these bytes in the place of the file, with its rights and, as far as the system lets
    us, its owner, after ``prove`` has read them back and raised nothing. A new file belongs to the
    owner of its folder, who runs the kiosk.

    Unavailable("folder_unwritable", path).
    """
    path = path.resolve()
    try:
        # Root mends the file of the user who runs the kiosk, who must still be able to read it.
        before = path if path.exists() else None
        rights = stat.S_IMODE(before.stat().st_mode) if before else NEW_FILE
        put(path, raw, rights, owner=before or path.parent, prove=prove)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.parent) from error


def _changed(text: str, name: str, keys: dict[str, str | int]) -> str:
    document = tomlkit.parse(text.removeprefix(_MARK))
    set_keys(document, name, keys)
    return as_before(tomlkit.dumps(document), text)


def set_keys(document: TOMLDocument, name: str, keys: Mapping[str, Any]) -> None:
    """Sets ``keys`` of the section, which is made where it is not there.

    Refused("section_unwritable", section).
    """
    if name not in document:
        document[name] = tomlkit.table()
    section = document[name]
    if not isinstance(section, Table):
        raise Refused("section_unwritable", section=name)
    # What follows the last key, such as words about the next section, stays below the new ones.
    tail = taken_tail(section)
    for key, value in keys.items():
        if section.get(key) != value:
            section[key] = value
    for item in tail:
        section.add(item)


def taken_tail(section: Table) -> list[Comment | Whitespace]:
    """The comments and empty lines after the last key, taken out of the section."""
    body = section.value.body
    tail: list[Comment | Whitespace] = []
    while body and isinstance(last := body[-1][1], Comment | Whitespace):
        tail.append(last)
        body.pop()
    return tail[::-1]


def as_before(written: str, before: str) -> str:
    """The text with the byte order mark and the line ends that the file had."""
    plain = written.replace("\r\n", "\n")
    ends = before.count("\n") == before.count("\r\n") > 0
    mark = _MARK if before.startswith(_MARK) else ""
    return mark + (plain.replace("\n", "\r\n") if ends else plain)


def _prove(unfinished: Path, before: Config, name: str, keys: dict[str, str | int]) -> None:
    try:
        after = load(unfinished)
    except BadConfig as bad:
        raise Refused("section_unwritable", section=name) from bad
    section = getattr(before, name).model_copy(update=dict(keys))
    if after != before.model_copy(update={"path": unfinished, name: section}):
        raise Refused("section_unwritable", section=name)
