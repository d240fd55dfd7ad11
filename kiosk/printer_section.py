"""Writes what was found into the [printer] section of kiosk.toml, and nothing else of the file."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tomlkit
from tomlkit.items import Table

from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig

if TYPE_CHECKING:
    from kiosk.config import Config
    from printer.settings import PrinterSettings

_MARK: Final = "\ufeff"


def keys_of(settings: PrinterSettings) -> dict[str, str | int]:
    """The keys of the section that say how the printer is reached."""
    keys: dict[str, str | int] = {"connection": settings.connection}
    match settings.connection:
        case "network":
            return {**keys, "host": settings.host, "port": settings.port}
        case "serial":
            keys |= {"baudrate": settings.baudrate, "flow": settings.flow}
            return {**keys, "device": settings.device}
        case _:
            return {**keys, "device": settings.device}


def write_section(config: Config, keys: dict[str, str | int]) -> Config:
    """Sets ``keys`` in the file that ``config`` was read from, keeping every other line.

    The new file takes the old one's place only after it was read back: it must mean the same but
    for these keys. Refused("section_unwritable"), Unavailable("folder_unwritable").
    """
    path = config.path.resolve()
    text = _changed(path.read_bytes().decode("utf-8"), keys)
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=f"{path.name}.", delete=False
        ) as file:
            unfinished = Path(file.name)
            try:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
                _prove(unfinished, config, keys)
                shutil.copymode(path, unfinished)
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink()
                raise
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.parent) from error
    return load(config.path)


def _changed(text: str, keys: dict[str, str | int]) -> str:
    """With the byte order mark and the line ends that the file has."""
    mark = _MARK if text.startswith(_MARK) else ""
    document = tomlkit.parse(text.removeprefix(mark))
    if "printer" not in document:
        document["printer"] = tomlkit.table()
    section = document["printer"]
    if not isinstance(section, Table):
        raise Refused("section_unwritable")
    for key, value in keys.items():
        if section.get(key) != value:
            section[key] = value
    written = tomlkit.dumps(document)
    if text.count("\n") == text.count("\r\n") > 0:
        written = written.replace("\r\n", "\n").replace("\n", "\r\n")
    return mark + written


def _prove(unfinished: Path, before: Config, keys: dict[str, str | int]) -> None:
    try:
        after = load(unfinished)
    except BadConfig as bad:
        raise Refused("section_unwritable") from bad
    wanted = before.model_copy(
        update={"path": unfinished, "printer": before.printer.model_copy(update=dict(keys))}
    )
    if after != wanted:
        raise Refused("section_unwritable")
