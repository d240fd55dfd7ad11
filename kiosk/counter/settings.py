"""counter.toml, the few settings of a clerk's PC; every mistake in it is told at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from kiosk.counter.keys import ACTIONS, NAMES
from kiosk.mistakes import BadConfig, Problem, told
from kiosk.own_languages import Language, take_languages
from kiosk.texts import FIRST
from kiosk.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION: Final = ConfigDict(frozen=True, extra="forbid")
FOLDER: Final = "motcua-kiosk"
FILE: Final = "counter.toml"
FOR_ALL: Final = Path("/etc") / FOLDER / FILE


def _server(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("server")
    return url.rstrip("/")


def _listed(keys: object) -> object:
    """One key may stand alone, and "" for none."""
    return ([keys] if keys else []) if isinstance(keys, str) else keys


def _named(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Letters as the caps show them."""
    known = {name.upper(): name for name in NAMES}
    named = tuple(known.get(key.upper(), "") for key in keys)
    if not all(named):
        raise ValueError("key")
    return named


Keys = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_named)]


class WindowConfig(BaseModel):
    """``server`` is "" until it is told; ``authority`` is who vouches for its certificate."""

    model_config = SECTION

    server: Annotated[str, AfterValidator(lambda url: url and _server(url))] = ""
    counter: Annotated[int, Field(strict=True, ge=1, le=9999)] | None = None
    authority: str = ""
    language: Language = FIRST


class KeysConfig(BaseModel):
    """Keys that act while the window has the focus; the same as on the clerk's page."""

    model_config = SECTION

    next: Keys = ("Space", "Enter")
    recall: Keys = ("R",)
    start: Keys = ("S",)
    no_show: Keys = ("V",)
    transfer: Keys = ("C",)
    park: Keys = ("G",)
    finish: Keys = ("X",)
    pause: Keys = ("P",)
    undo: Keys = ("U",)
    alarm: Keys = ("A",)

    def table(self) -> dict[str, tuple[str, ...]]:
        return {action: getattr(self, action) for action in ACTIONS}


class PadConfig(KeysConfig):
    """The same of a numeric pad that is the window's alone; digits choose in a sheet.

    ``device`` is its place or its name, "" for none.
    """

    device: str = ""
    next: Keys = ("Enter",)
    recall: Keys = ("+",)
    start: Keys = (".",)
    no_show: Keys = ("-",)
    transfer: Keys = ("*",)
    park: Keys = ("/",)
    finish: Keys = ("0",)
    pause: Keys = ()
    undo: Keys = ("Backspace",)
    alarm: Keys = ()


class Settings(BaseModel):
    """The whole file; ``path`` is None where there is none."""

    model_config = SECTION

    window: WindowConfig = WindowConfig()
    keys: KeysConfig = KeysConfig()
    pad: PadConfig = PadConfig()
    path: Path | None = None

    @property
    def authority(self) -> Path | None:
        """The file of the authority; a relative one stands beside counter.toml."""
        named = self.window.authority
        return (self.path.parent if self.path else Path()) / named if named else None


def config_folder() -> Path:
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".config") / FOLDER


def usual_path() -> Path | None:
    """The user's own file, else the one for all users of the PC, else None."""
    return next((path for path in (config_folder() / FILE, FOR_ALL) if path.is_file()), None)


def load_settings(path: Path | None, **given: object) -> Settings:
    """The settings of the file, or the defaults; what is ``given`` and not None goes before its
    [window]. BadConfig with every mistake when they cannot be used."""
    raw = read_toml(path) if path is not None else {}
    raw.pop("path", None)
    chosen = {name: value for name, value in given.items() if value is not None}
    window = raw.get("window", {})
    if isinstance(window, dict):
        raw["window"] = {**window, **chosen}
    problems = take_languages(path, raw) if path is not None else []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate({**raw, "path": path})
    except ValidationError as error:
        problems += [told(dict(entry), Settings) for entry in error.errors(include_url=False)]
    if settings is not None:
        problems += _crossed(settings)
    if settings is None or problems:
        raise BadConfig(path or Path(FILE), problems)
    return settings


def _crossed(settings: Settings) -> Iterator[Problem]:
    """No server, an authority that is not there, and a key that is given twice."""
    if not settings.window.server:
        yield Problem("window.server", "missing", {})
    if settings.authority is not None and not settings.authority.is_file():
        yield Problem("window.authority", "no_file", {"path": settings.authority})
    for section, table in (("keys", settings.keys.table()), ("pad", settings.pad.table())):
        seen: set[str] = set()
        for action, keys in table.items():
            for key in keys:
                if key in seen:
                    yield Problem(f"{section}.{action}", "twice", {"value": key})
                seen.add(key)
