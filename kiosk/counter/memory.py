"""What the window keeps between two days: its place, who signed in, and the device's secret.

Nobody but the user may read it. What cannot be kept is only asked again, so no failure stops work.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk.counter.settings import FOLDER
from kiosk.replacing import put

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

FILE: Final = "counter.json"
OURS: Final = 0o600


@dataclass(frozen=True, slots=True)
class Kept:
    """``devices`` are the secrets of enrolled devices by their server's address; ``place`` are the
    logical pixels of the window's corner."""

    devices: Mapping[str, str] = field(default_factory=dict)
    place: tuple[int, int] | None = None
    small: bool = False
    login: str = ""
    counter: str = ""
    language: str = ""


def state_folder() -> Path:
    named = os.environ.get("XDG_STATE_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".local/state") / FOLDER


class Memory:
    """The file, and what it holds; only the GUI thread changes it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.kept = _read(self._path)

    def keep(self, kept: Kept) -> bool:
        """Whether it could be written; ``kept`` holds until the end of the process in any case."""
        if kept == self.kept:
            return True
        self.kept = kept
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(self._path, json.dumps(asdict(kept), ensure_ascii=False).encode(), OURS)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, error)
            return False
        return True


def _read(path: Path) -> Kept:
    """What stands there, as far as it can be used."""
    raw: Any = None
    with suppress(OSError, ValueError):
        raw = json.loads(path.read_text("utf-8"))
    if not isinstance(raw, dict):
        return Kept()
    known = {part.name: raw[part.name] for part in fields(Kept) if part.name in raw}
    place, devices = known.pop("place", None), known.pop("devices", {})
    usual = Kept()
    known = {name: value for name, value in known.items() if _alike(value, getattr(usual, name))}
    if isinstance(place, list) and len(place) == 2 and all(type(n) is int for n in place):
        known["place"] = (place[0], place[1])
    if isinstance(devices, dict):
        known["devices"] = {k: v for k, v in devices.items() if isinstance(v, str)}
    return Kept(**known)


def _alike(value: object, usual: object) -> bool:
    return type(value) is type(usual)
