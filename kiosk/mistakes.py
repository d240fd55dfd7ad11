"""What can be wrong with kiosk.toml, told with its place in the file and a hint."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import available_timezones

from kiosk.calendar import MIDNIGHT, overlapping, read_date, read_hours, read_make_up
from kiosk.masking import MASK, shown
from kiosk.texts import languages
from kiosk.urls import without_password
from kiosk.veil import HIDDEN
from kiosk.webhooks import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from pydantic import BaseModel

    from kiosk.texts import Texts
    from kiosk.tickets import Hours

T = TypeVar("T")
CODE = r"^[A-ZĐ]{1,4}$"
KEY = r"^[A-Za-z0-9_-]{1,20}$"
UNIT = r"^[A-Z0-9][A-Z0-9.]{1,30}$"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where in the file, its catalogue key below ``config.``, and the facts."""

    where: str
    key: str
    facts: dict[str, object]

    def told(self, texts: Texts) -> str:
        """For a person or a log, so without what is secret in the file."""
        facts = {
            name: fact if name == "near" else _shown(self.where, fact)
            for name, fact in self.facts.items()
        }
        return f"{self.where}: {texts.say(f'config.{self.key}', **facts)}"


def _shown(where: str, fact: object) -> object:
    told = shown(where, fact)
    return told.replace(HIDDEN, MASK) if isinstance(told, str) else told


class BadConfig(Exception):
    """The file cannot be used; ``problems`` holds every mistake found."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        super().__init__(f"{path}: {len(problems)} problems")
        self.path = path
        self.problems = tuple(problems)


_FORMS = {CODE: "form_code", KEY: "form_key", UNIT: "form_unit"}
_TOLD = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "too_short": "empty_list",
    "bool_type": "yes_no",
    "int_type": "whole_number",
    "float_type": "number",
    "string_type": "text",
    "string_too_short": "empty",
    "literal_error": "one_of",
    "greater_than": "more_than",
    "greater_than_equal": "at_least",
    "less_than": "less_than",
    "less_than_equal": "at_most",
}


def told(entry: dict[str, Any], model: type[BaseModel]) -> Problem:
    """One of pydantic's errors as a mistake at its place in the file of ``model``."""
    location: tuple[str | int, ...] = entry["loc"]
    where = _where(location)
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "value_error":
        return Problem(where, str(context["error"]), _facts(str(context["error"]), entry))
    if kind == "extra_forbidden":
        near = near_key(model, location)
        return (
            Problem(where, "unknown_key_near", {"near": near})
            if near
            else Problem(where, "unknown_key", {})
        )
    if kind == "string_pattern_mismatch":
        return Problem(where, _FORMS[context["pattern"]], {"value": entry.get("input")})
    facts: dict[str, object] = {
        "value": entry.get("input"),
        "limit": next((f"{context[k]:g}" for k in ("ge", "gt", "le", "lt") if k in context), ""),
        "expected": str(context.get("expected", "")).replace(" or ", ", "),
    }
    return Problem(where, _TOLD.get(kind, "wrong"), facts)


def near_key(model: Any, location: Sequence[str | int]) -> str | None:
    """What an unknown key of ``model``, or of the model in a union, was perhaps meant to be."""
    near = difflib.get_close_matches(str(location[-1]), _keys_at(model, location[:-1]), n=1)
    return near[0] if near else None


def no_such(where: str, value: str, known: Collection[str]) -> Problem:
    """A name that there is not, with the one that was perhaps meant, or with all that there are."""
    if near := difflib.get_close_matches(value, known, n=1):
        return Problem(where, "no_such_near", {"value": value, "near": near[0]})
    facts: dict[str, object] = {"value": value, "near": ", ".join(sorted(known)) or "–"}
    return Problem(where, "no_such", facts)


def _facts(code: str, entry: dict[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {"value": entry.get("input"), "known": ", ".join(languages())}
    if code in ("screens_twice", "spoken_twice"):
        listed = list(entry.get("input") or ())
        facts["value"] = next((one for n, one in enumerate(listed) if one in listed[:n]), "")
    if code == "store_url":
        facts["value"] = without_password(str(entry.get("input")))
    if code == "webhook_event":
        near = difflib.get_close_matches(str(entry.get("input")), KINDS, n=1)
        facts["near"] = near[0] if near else ", ".join(("ticket.*", *KINDS))
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


def _keys_at(annotation: Any, location: Sequence[str | int]) -> list[str]:
    model = _model(annotation)
    for part in location:
        if isinstance(part, str):
            field = _fields(model).get(part)
            if field is None:
                return []
            model = _model(field.annotation)
    return [name for name in _fields(model) if name != "path"]


def _fields(model: Any) -> dict[str, Any]:
    """By the names that the file has for them."""
    known = model.model_fields.items() if model is not None else ()
    return {field.alias or name: field for name, field in known}


def _model(annotation: Any) -> Any:
    return next((one for one in _models(annotation) if hasattr(one, "model_fields")), None)


def _models(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def crossed(raw: dict[str, Any]) -> list[Problem]:
    """Mistakes between sections, as far as the sections themselves can be read."""
    problems: list[Problem] = []
    services = _tables(raw, "service")
    counters = _tables(raw, "counter")
    problems += [
        Problem(name, "empty_list", {}) for name in ("service", "counter") if raw.get(name) == []
    ]
    office = raw.get("office")
    if isinstance(office, dict) and office.get("languages") == []:
        problems.append(Problem("office.languages", "empty_list", {}))
    codes = {str(entry["code"]) for entry in services if "code" in entry}
    groups = {str(entry["code"]) for entry in _tables(raw, "group") if "code" in entry}
    for name, key in (
        ("service", "code"),
        ("group", "code"),
        ("counter", "number"),
        ("priority", "code"),
        ("outcome", "code"),
        ("webhook", "name"),
    ):
        seen: set[object] = set()
        for index, entry in enumerate(_tables(raw, name), 1):
            value = entry.get(key)
            if isinstance(value, str | int):
                if value in seen:
                    problems.append(Problem(f"{name}[{index}].{key}", "twice", {"value": value}))
                seen.add(value)
    problems += [
        Problem(f"group[{index}].code", "twice", {"value": entry["code"]})
        for index, entry in enumerate(_tables(raw, "group"), 1)
        if entry.get("code") in codes
    ]
    for index, entry in enumerate(services, 1):
        group = entry.get("group")
        if isinstance(group, str) and group not in groups:
            problems.append(no_such(f"service[{index}].group", group, groups))
    for index, entry in enumerate(counters, 1):
        wanted = entry.get("services")
        for code in wanted if isinstance(wanted, list) else ():
            if isinstance(code, str) and codes and code not in codes:
                where = f"counter[{index}].services"
                known = ", ".join(sorted(codes))
                problems.append(Problem(where, "no_such", {"value": code, "near": known}))
    problems += _repeated(services, "service", "then")
    problems += _repeated(counters, "counter", "services")
    problems += _reasons(_tables(raw, "reason"))
    problems += _weights(counters)
    problems += _keypads(_tables(raw, "keypad_line"), counters)
    problems += _journeys(services, codes)
    problems += _numbers(services, raw.get("queue"))
    problems += _hours(services)
    problems += _days(raw)
    problems += _past_midnight(raw, services)
    problems += _needed(raw)
    for name in ("web", "public"):
        problems += _halves(name, raw.get(name))
    return problems


def _repeated(entries: list[dict[str, Any]], table: str, key: str) -> Iterator[Problem]:
    """A service that a list names again."""
    for index, entry in enumerate(entries, 1):
        listed = entry.get(key)
        codes = (
            [code for code in listed if isinstance(code, str)] if isinstance(listed, list) else []
        )
        for code in dict.fromkeys(code for n, code in enumerate(codes) if code in codes[:n]):
            yield Problem(f"{table}[{index}].{key}", "twice", {"value": code})


def _reasons(reasons: list[dict[str, Any]]) -> Iterator[Problem]:
    """A code stands for one reason of its kind."""
    seen = set()
    for index, entry in enumerate(reasons, 1):
        known = (str(entry.get("kind")), str(entry.get("code")))
        if known in seen:
            yield Problem(f"reason[{index}].code", "twice", {"value": entry.get("code")})
        seen.add(known)


def _weights(counters: list[dict[str, Any]]) -> Iterator[Problem]:
    """By weight each of the named services needs one; in another order they mean nothing."""
    for index, entry in enumerate(counters, 1):
        weights, services = entry.get("weights", []), entry.get("services", [])
        if not isinstance(weights, list) or not isinstance(services, list):
            continue
        by_weight = entry.get("order") == "weight"
        if len(weights) != (len(services) if by_weight else 0) or (by_weight and not weights):
            facts: dict[str, object] = {"services": len(services), "weights": len(weights)}
            yield Problem(f"counter[{index}].weights", "weights", facts)


def _keypads(lines: list[dict[str, Any]], counters: list[dict[str, Any]]) -> Iterator[Problem]:
    """Two devices of a kind with one address on a line, one port for two lines, no such line."""
    ports: set[object] = set()
    for index, entry in enumerate(lines, 1):
        port = entry.get("device")
        if isinstance(port, str) and port in ports:
            yield Problem(f"keypad_line[{index}].device", "twice", {"value": port})
        ports.add(port if isinstance(port, str) else None)
    seen: set[tuple[str, object, object]] = set()
    for index, entry in enumerate(counters, 1):
        line, named = entry.get("line", 1), [key for key in ("keypad", "led") if key in entry]
        if isinstance(line, int) and line > len(lines) and (named or "line" in entry):
            facts: dict[str, object] = {"line": line, "lines": len(lines)}
            where = "line" if "line" in entry else named[0]
            yield Problem(f"counter[{index}].{where}", "no_such_line", facts)
        for key in named:
            place = (key, line, entry[key])
            if isinstance(entry[key], int) and isinstance(line, int):
                if place in seen:
                    yield Problem(f"counter[{index}].{key}", "twice", {"value": entry[key]})
                seen.add(place)


def _journeys(services: list[dict[str, Any]], codes: set[str]) -> Iterator[Problem]:
    for index, entry in enumerate(services, 1):
        then = entry.get("then")
        for code in then if isinstance(then, list) else ():
            others = codes - {str(entry.get("code"))}
            if isinstance(code, str) and code not in others:
                facts: dict[str, object] = {"value": code, "near": ", ".join(sorted(others)) or "–"}
                yield Problem(f"service[{index}].then", "no_such", facts)


def _numbers(services: list[dict[str, Any]], queue: object) -> Iterator[Problem]:
    """A range that runs backwards or may be used up before the day begins, and a limit per
    stretch of hours where there are none."""
    kept = isinstance(queue, dict) and queue.get("overnight") == "keep"
    for index, entry in enumerate(services, 1):
        first, last = entry.get("first_number", 1), entry.get("last_number")
        if isinstance(first, int) and isinstance(last, int) and last < first:
            yield Problem(
                f"service[{index}].last_number", "number_range", {"value": last, "first": first}
            )
        if last is not None and kept:
            yield Problem(f"service[{index}].last_number", "range_overnight", {})
        if "session_limit" in entry and not entry.get("hours"):
            yield Problem(f"service[{index}].session_limit", "session_hours", {})


def _hours(services: list[dict[str, Any]]) -> Iterator[Problem]:
    for index, entry in enumerate(services, 1):
        texts = entry.get("hours")
        texts = texts if isinstance(texts, list) else []
        yield from _overlaps(
            f"service[{index}].hours", texts, [_read(read_hours, t) for t in texts]
        )


def _days(raw: dict[str, Any]) -> Iterator[Problem]:
    """A day that is closed and made up, and made-up stretches that do not fit together."""
    section = raw.get("calendar")
    lists = section if isinstance(section, dict) else {}
    closed, made_up = (
        [str(text) for text in lists.get(key, ())] if isinstance(lists.get(key), list) else []
        for key in ("closed", "make_up")
    )
    off = {_read(read_date, text) for text in closed} - {None}
    stretches: dict[date, list[tuple[str, Hours | None]]] = {}
    for index, text in enumerate(made_up, 1):
        entry = _read(read_make_up, text)
        if entry is None:
            continue
        day, hours = entry
        stretches.setdefault(day, []).append((text, hours))
        if day in off:
            yield Problem(f"calendar.make_up[{index}]", "closed_and_open", {"value": str(day)})
    for day, entries in stretches.items():
        if len(entries) > 1 and any(hours is None for _, hours in entries):
            yield Problem("calendar.make_up", "twice", {"value": str(day)})
        # They begin on this one day, so none of them meets what another leaves to the day after.
        own = [hours and replace(hours, days=frozenset({1})) for _, hours in entries]
        yield from _overlaps("calendar.make_up", [text for text, _ in entries], own)


def _past_midnight(raw: dict[str, Any], services: list[dict[str, Any]]) -> Iterator[Problem]:
    """Hours over midnight within which the office's day ends, and with it everybody's number."""
    queue, calendar = raw.get("queue"), raw.get("calendar")
    starts = queue.get("day_starts", "00:00") if isinstance(queue, dict) else "00:00"
    days = calendar if isinstance(calendar, dict) else {}
    known = re.fullmatch(r"\d\d:\d\d", str(starts)) is not None
    day_starts = _read(time.fromisoformat, starts) if known else None
    lists = [(f"service[{n}].hours", entry.get("hours")) for n, entry in enumerate(services, 1)]
    lists += [(f"calendar.{key}", days.get(key)) for key in ("sessions", "make_up")]
    for where, texts in lists:
        for n, text in enumerate(texts if isinstance(texts, list) else (), 1):
            if where.endswith("make_up"):
                hours = (_read(read_make_up, text) or (None, None))[1]
            else:
                hours = _read(read_hours, text)
            if hours is None or day_starts is None or not MIDNIGHT < hours.end <= hours.start:
                continue
            if not hours.end <= day_starts <= hours.start:
                clocks = {"end": f"{hours.end:%H:%M}", "start": f"{hours.start:%H:%M}"}
                facts: dict[str, object] = {"value": text, "day_starts": starts, **clocks}
                yield Problem(f"{where}[{n}]", "hours_past_midnight", facts)


def _overlaps(
    where: str, texts: Sequence[object], stretches: Sequence[Hours | None]
) -> Iterator[Problem]:
    readable = [(text, hours) for text, hours in zip(texts, stretches, strict=True) if hours]
    if found := overlapping([hours for _, hours in readable]):
        one, other = (readable[index][0] for index in found)
        yield Problem(where, "hours_overlap", {"value": other, "other": one})


def _read(read: Callable[[str], T], text: object) -> T | None:
    try:
        return read(str(text))
    except ValueError:
        return None


_PLACES: Final = {
    "printer": {
        "network": "host",
        "usb": "device",
        "serial": "device",
        "cups": "device",
        "file": "device",
    },
    "scanner": {"serial": "device"},
}
"""The keys that a connection cannot do without."""


def _needed(raw: dict[str, Any]) -> list[Problem]:
    return [
        Problem(f"{name}.{key}", "needed", {"connection": raw[name]["connection"]})
        for name in _PLACES
        if (key := lacks_place(raw, name))
    ]


def _halves(name: str, web: object) -> Iterator[Problem]:
    """A certificate without its key, or a key without its certificate."""
    pair = ("certificate", "key")
    there = {key: bool(web.get(key)) for key in pair} if isinstance(web, dict) else {}
    if len(set(there.values())) > 1:
        lacks, has = sorted(pair, key=lambda key: there[key])
        yield Problem(f"{name}.{lacks}", "certificate_half", {"other": has})


def lacks_place(raw: dict[str, Any], name: str) -> str | None:
    """The key that the section's connection cannot do without, where it is not there."""
    section = raw.get(name)
    if not isinstance(section, dict):
        return None
    connection = section.get("connection")
    key = _PLACES[name].get(connection) if isinstance(connection, str) else None
    return key if key and not section.get(key) else None


def _tables(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = raw.get(name)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
