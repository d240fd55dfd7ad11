"""Offices to begin with: the services and counters of a small ward, a large commune, a province.

They stand in ``assets/offices``, as kiosk.toml has them, with a title for whoever chooses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

ORDER: Final = ("ward", "commune", "province")
OWN: Final = "own"
"""The office that stands in the file already."""

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """Entries of [[service]], [[counter]] and [[group]], as TOML has them."""

    titles: Mapping[str, str]
    services: tuple[Entry, ...]
    counters: tuple[Entry, ...]
    groups: tuple[Entry, ...] = ()

    def served(self) -> dict[int, tuple[str, ...]]:
        """The services of each counter; those that name none take all."""
        every = tuple(str(one["code"]) for one in self.services)
        return {int(one["number"]): tuple(one.get("services") or every) for one in self.counters}


@cache
def offices() -> Mapping[str, Office]:
    """Those that ship, the smallest first."""
    found = {}
    for name in ORDER:
        raw = tomllib.loads((files("assets") / "offices" / f"{name}.toml").read_text("utf-8"))
        lists = (tuple(raw.get(key, ())) for key in ("service", "counter", "group"))
        found[name] = Office(raw["title"], *lists)
    return found


def own_office(file: Mapping[str, Any]) -> Office | None:
    """The one in a kiosk.toml, where it can be read that far."""
    services, counters, groups = (file.get(key, []) for key in ("service", "counter", "group"))
    if not (_entries(services, "code", str) and _entries(counters, "number", int)):
        return None
    if not all(isinstance(one.get("services", []), list) for one in counters):
        return None
    if groups and not _entries(groups, "code", str):
        return None
    return Office({}, tuple(services), tuple(counters), tuple(groups or ()))


def _entries(listed: Any, key: str, kind: type) -> bool:
    return (
        isinstance(listed, list)
        and bool(listed)
        and all(isinstance(one, Mapping) and isinstance(one.get(key), kind) for one in listed)
    )
