"""What can be wrong with kiosk.toml, told with its place in the file and a hint."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from kiosk.texts import languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from kiosk.texts import Texts

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
        return f"{self.where}: {texts.say(f'config.{self.key}', **self.facts)}"


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
    "bool_parsing": "yes_no",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "float_parsing": "number",
    "string_type": "text",
    "string_too_short": "empty",
    "literal_error": "one_of",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than": "range",
    "less_than_equal": "range",
}


def told(entry: dict[str, Any], model: type[BaseModel]) -> Problem:
    """One of pydantic's errors as a mistake at its place in the file of ``model``."""
    location: tuple[str | int, ...] = entry["loc"]
    where = _where(location)
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "value_error":
        return Problem(where, str(context["error"]), _facts(str(context["error"]), entry))
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _keys_at(model, location[:-1]), n=1)
        return (
            Problem(where, "unknown_key_near", {"near": near[0]})
            if near
            else Problem(where, "unknown_key", {})
        )
    if kind == "string_pattern_mismatch":
        return Problem(where, _FORMS[context["pattern"]], {"value": entry.get("input")})
    facts: dict[str, object] = {
        "value": entry.get("input"),
        "limit": next((context[k] for k in ("ge", "gt", "le", "lt") if k in context), ""),
        "expected": str(context.get("expected", "")).replace(" or ", ", "),
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


def _keys_at(model: Any, location: Sequence[str | int]) -> list[str]:
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
            near = difflib.get_close_matches(group, groups, n=1)
            where = f"service[{index}].group"
            known = near[0] if near else ", ".join(sorted(groups)) or "–"
            problems.append(Problem(where, "no_such", {"value": group, "near": known}))
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
