"""Writes keys into a section of kiosk.toml, and nothing else of the file."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tomlkit
from tomlkit.items import Comment, Table, Whitespace

from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.config import Config

_MARK: Final = "\ufeff"


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
    us, its owner, after ``prove`` has read them back and raised nothing.

    Unavailable("folder_unwritable", path).
    """
    path = path.resolve()
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=f"{path.name}.", delete=False
        ) as file:
            unfinished = Path(file.name)
            try:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
                prove(unfinished)
                shutil.copymode(path, unfinished)
                _keep_owner(path, unfinished)
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink()
                raise
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.parent) from error


def _keep_owner(path: Path, unfinished: Path) -> None:
    """Root mends the file of the user who runs the kiosk, who must still be able to read it."""
    before = path.stat()
    with suppress(PermissionError):
        os.chown(unfinished, before.st_uid, before.st_gid)


def _changed(text: str, name: str, keys: dict[str, str | int]) -> str:
    document = tomlkit.parse(text.removeprefix(_MARK))
    if name not in document:
        document[name] = tomlkit.table()
    section = document[name]
    if not isinstance(section, Table):
        raise Refused("section_unwritable", section=name)
    # What follows the last key, such as words about the next section, stays below the new ones.
    body = section.value.body
    tail: list[Comment | Whitespace] = []
    while body and isinstance(last := body[-1][1], Comment | Whitespace):
        tail.append(last)
        body.pop()
    for key, value in keys.items():
        if section.get(key) != value:
            section[key] = value
    for item in reversed(tail):
        section.add(item)
    return as_before(tomlkit.dumps(document), text)


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
