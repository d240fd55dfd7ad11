"""kiosk.toml, read once into frozen models; every mistake in it is told at once."""

from __future__ import annotations

import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    StringConstraints,
    ValidationError,
)

from kiosk.mistakes import CODE, KEY, UNIT, BadConfig, Problem, crossed, told
from kiosk.texts import languages
from kiosk.tickets import Counter, Group, Hours, Priority, Service


def _known_language(code: str) -> str:
    if code not in languages():
        raise ValueError("language")
    return code


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("timezone")
    return name


def _stretch(text: object) -> Hours:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", str(text))
    if match is None:
        raise ValueError("hours")
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = time(start_hour, start_minute), time(end_hour, end_minute)
    if not start < end:
        raise ValueError("hours")
    return Hours(start, end)


def _store_url(url: str) -> str:
    if url.startswith(("postgresql://", "postgres://")):
        raise ValueError("postgres_later")
    if not url.startswith("sqlite:///") or url == "sqlite:///":
        raise ValueError("store_url")
    return url


def _public_url(url: str | None) -> str | None:
    if url is None:
        return None
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError("public_url")
    return url.rstrip("/")


def _as_names(names: object) -> object:
    """A plain name stands for the first language."""
    return {languages()[0]: names} if isinstance(names, str) else names


def _names(names: dict[str, str]) -> dict[str, str]:
    unknown = [code for code in names if code not in languages()]
    if unknown or not names.get(languages()[0], "").strip():
        raise ValueError("names")
    return names


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Names = Annotated[dict[str, str], BeforeValidator(_as_names), AfterValidator(_names)]
Language = Annotated[str, AfterValidator(_known_language)]
Stretch = Annotated[InstanceOf[Hours], BeforeValidator(_stretch)]
Port = Annotated[int, Field(ge=1, le=65535)]
Millimetres = tuple[
    Annotated[float, Field(gt=20, lt=5000)], Annotated[float, Field(gt=20, lt=5000)]
]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OfficeConfig(_Section):
    name: Name
    parent: str = ""
    unit_code: Annotated[str, StringConstraints(pattern=UNIT)]
    languages: tuple[Language, ...] = ("vi", "en")
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"


class KioskConfig(_Section):
    name: Key = "kiosk-1"


class StoreConfig(_Section):
    url: Annotated[str, AfterValidator(_store_url)] = "sqlite:///kiosk.db"


class PrinterConfig(_Section):
    connection: Literal["preview", "usb", "serial", "network", "file"] = "preview"
    host: str = ""
    port: Port = 9100
    device: str = ""
    baudrate: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    flow: Literal["rtscts", "xonxoff", "none"] = "rtscts"
    paper_mm: Literal[58, 80] = 80
    folder: str = "slips"
    replies: bool = True


class ScannerConfig(_Section):
    connection: Literal["serial", "keyboard", "none"] = "keyboard"
    device: str = ""
    baudrate: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600


class TouchConfig(_Section):
    screen: str = ""
    fullscreen: bool = True
    screen_mm: Millimetres = (268.0, 476.4)
    viewing_distance_mm: Annotated[float, Field(ge=300, le=2000)] = 600
    bottom_edge_height_mm: Annotated[float, Field(ge=0, le=2000)] = 700
    idle_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    warning_seconds: Annotated[float, Field(gt=0, le=600)] = 20
    personal_seconds: Annotated[float, Field(gt=0, le=600)] = 20
    ticket_seconds: Annotated[float, Field(gt=0, le=600)] = 8


class BoardConfig(_Section):
    screen: str = ""
    fullscreen: bool = True
    screen_mm: Millimetres = (1210.0, 680.6)
    viewing_distance_m: Annotated[float, Field(ge=1, le=50)] = 6
    sound: Literal["card", "file", "none"] = "card"
    sound_file: str = "calls.wav"
    volume: Annotated[float, Field(ge=0, le=1)] = 0.8


class WebConfig(_Section):
    host: Name = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[str | None, AfterValidator(_public_url)] = None


class ServiceConfig(_Section):
    code: Code
    name: Names
    icon: Key = "ticket"
    group: Key | None = None
    hours: tuple[Stretch, ...] = ()
    daily_limit: Annotated[int, Field(ge=1, le=99999)] | None = None
    returns_results: bool = False


class GroupConfig(_Section):
    code: Key
    name: Names
    icon: Key = "ticket"


class CounterConfig(_Section):
    number: Annotated[int, Field(ge=1, le=999)]
    services: tuple[Code, ...] = ()
    zone: Key = "hall"


class PriorityConfig(_Section):
    code: Key
    name: Names


class Config(_Section):
    """The whole file; ``path`` is where it was read, so that relative paths stand beside it."""

    path: Path
    office: OfficeConfig
    kiosk: KioskConfig = KioskConfig()
    store: StoreConfig = StoreConfig()
    printer: PrinterConfig = PrinterConfig()
    scanner: ScannerConfig = ScannerConfig()
    touch: TouchConfig = TouchConfig()
    board: BoardConfig = BoardConfig()
    web: WebConfig = WebConfig()
    service: tuple[ServiceConfig, ...]
    group: tuple[GroupConfig, ...] = ()
    counter: tuple[CounterConfig, ...]
    priority: tuple[PriorityConfig, ...] = ()

    def beside(self, path: str) -> Path:
        """The path as written in the file, seen from the file's own folder."""
        return (self.path.parent / path).absolute()

    @property
    def store_path(self) -> Path:
        return self.beside(self.store.url.removeprefix("sqlite:///"))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.timezone)

    def services(self) -> dict[str, Service]:
        return {
            entry.code: Service(
                entry.code,
                entry.name,
                entry.icon,
                entry.group,
                entry.hours,
                entry.daily_limit,
                entry.returns_results,
            )
            for entry in self.service
        }

    def groups(self) -> dict[str, Group]:
        return {entry.code: Group(entry.code, entry.name, entry.icon) for entry in self.group}

    def counters(self) -> dict[int, Counter]:
        """By number; a counter that names no services takes all of them, in the file's order."""
        every = tuple(entry.code for entry in self.service)
        return {
            entry.number: Counter(entry.number, entry.services or every, entry.zone)
            for entry in self.counter
        }

    def priorities(self) -> dict[str, Priority]:
        return {entry.code: Priority(entry.code, entry.name) for entry in self.priority}


def load(path: Path) -> Config:
    """The checked configuration; BadConfig with every mistake when the file cannot be used."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadConfig(path, [Problem(str(path), "missing_file", {})]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(path, [Problem(str(path), "unreadable", {"why": error})]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(path, [Problem(str(path), "syntax", {"why": error})]) from None
    raw.pop("path", None)
    problems: list[Problem] = []
    config: Config | None = None
    try:
        config = Config.model_validate({**raw, "path": path})
    except ValidationError as error:
        problems += [told(dict(entry), Config) for entry in error.errors(include_url=False)]
    problems += crossed(raw)
    if config is None or problems:
        raise BadConfig(path, problems)
    return config
