"""kiosk.toml, read once into frozen models; every mistake in it is told at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
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

from kiosk.texts import languages
from kiosk.tickets import Counter, Group, Hours, Priority, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where in the file, its catalogue key below ``config.``, and the facts."""

    where: str
    key: str
    facts: dict[str, object]

    def told(self, texts: Texts) -> str:
        return f"{self.where}: {texts.say(f'config.{self.key}', **self.facts)}"


class BadConfig(Exception):
    """The file cannot be used; ``problems`` holds every mistake found."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        super().__init__(f"{path}: {len(problems)} problems")
        self.path = path
        self.problems = tuple(problems)


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
Code = Annotated[str, StringConstraints(pattern=r"^[A-ZĐ]{1,4}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
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
    unit_code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9.]{1,30}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("vi", "en")
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
        problems += [_problem(dict(entry)) for entry in error.errors(include_url=False)]
    problems += _crossed(raw)
    if config is None or problems:
        raise BadConfig(path, problems)
    return config


_TOLD = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "too_short": "empty_list",
    "bool_type": "yes_no",
    "bool_parsing": "yes_no",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "float_parsing": "number",
    "string_type": "text",
    "string_too_short": "empty",
    "string_pattern_mismatch": "pattern",
    "literal_error": "one_of",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than": "range",
    "less_than_equal": "range",
}


def _problem(entry: dict[str, Any]) -> Problem:
    location: tuple[str | int, ...] = entry["loc"]
    where = _where(location)
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "value_error":
        return Problem(where, str(context["error"]), _facts(str(context["error"]), entry))
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _keys_at(location[:-1]), n=1)
        return (
            Problem(where, "unknown_key_near", {"near": near[0]})
            if near
            else Problem(where, "unknown_key", {})
        )
    facts: dict[str, object] = {
        "value": entry.get("input"),
        "limit": next((context[k] for k in ("ge", "gt", "le", "lt") if k in context), ""),
        "expected": str(context.get("expected", context.get("pattern", ""))),
    }
    return Problem(where, _TOLD.get(kind, "wrong"), facts)


def _facts(code: str, entry: dict[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {"value": entry.get("input"), "known": ", ".join(languages())}
    if code == "timezone":
        near = difflib.get_close_matches(
            str(entry.get("input")), available_timezones(), n=1, cutoff=0.85
        )
        facts["near"] = near[0] if near else "Asia/Ho_Chi_Minh"
    return facts


def _where(location: Sequence[str | int]) -> str:
    """``service[2].name`` as a person finds it: counting from 1, as the file reads."""
    told = ""
    for part in location:
        if isinstance(part, int):
            told += f"[{part + 1}]"
        elif not part.startswith(("function-", "tuple[", "constrained-")):
            told += f".{part}" if told else part
    return told


def _keys_at(location: Sequence[str | int]) -> list[str]:
    model: Any = Config
    for part in location:
        if isinstance(part, str):
            field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
            if field is None:
                return []
            model = next(
                (inner for inner in _models(field.annotation) if hasattr(inner, "model_fields")),
                None,
            )
    names = list(model.model_fields) if model is not None else []
    return [name for name in names if name != "path"]


def _models(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _crossed(raw: dict[str, Any]) -> list[Problem]:
    """Mistakes between sections, as far as the sections themselves can be read."""
    problems: list[Problem] = []
    services = _tables(raw, "service")
    counters = _tables(raw, "counter")
    problems += [
        Problem(name, "empty_list", {}) for name in ("service", "counter") if raw.get(name) == []
    ]
    codes = {str(entry["code"]) for entry in services if "code" in entry}
    groups = {str(entry["code"]) for entry in _tables(raw, "group") if "code" in entry}
    for name, key in (
        ("service", "code"),
        ("group", "code"),
        ("counter", "number"),
        ("priority", "code"),
    ):
        seen: set[object] = set()
        for index, entry in enumerate(_tables(raw, name), 1):
            value = entry.get(key)
            if isinstance(value, str | int):
                if value in seen:
                    problems.append(Problem(f"{name}[{index}].{key}", "twice", {"value": value}))
                seen.add(value)
    for index, entry in enumerate(services, 1):
        group = entry.get("group")
        if isinstance(group, str) and group not in groups:
            near = difflib.get_close_matches(group, groups, n=1)
            where = f"service[{index}].group"
            problems.append(Problem(where, "no_such", {"value": group, "near": "".join(near)}))
    for index, entry in enumerate(counters, 1):
        wanted = entry.get("services")
        for code in wanted if isinstance(wanted, list) else ():
            if isinstance(code, str) and codes and code not in codes:
                where = f"counter[{index}].services"
                known = ", ".join(sorted(codes))
                problems.append(Problem(where, "no_such", {"value": code, "near": known}))
    problems += _needed(raw)
    return problems


def _needed(raw: dict[str, Any]) -> list[Problem]:
    """Keys that the chosen connection cannot do without."""
    needs = {
        ("printer", "network"): "host",
        ("printer", "usb"): "device",
        ("printer", "serial"): "device",
        ("printer", "file"): "device",
        ("scanner", "serial"): "device",
    }
    problems = []
    for (name, connection), key in needs.items():
        section = raw.get(name)
        if (
            isinstance(section, dict)
            and section.get("connection") == connection
            and not section.get(key)
        ):
            facts: dict[str, object] = {"connection": connection}
            problems.append(Problem(f"{name}.{key}", "needed", facts))
    return problems


def _tables(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = raw.get(name)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
