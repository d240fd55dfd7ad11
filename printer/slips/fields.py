"""Reads a frozen dataclass from what JSON left of it, and refuses anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from printer.errors import SlipError
from printer.slip import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def refuse_unknown(data: Mapping[str, object], known: Sequence[str]) -> None:
    for name in data:
        if name not in known:
            raise SlipError("bad_slip_data", field=name)


def text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise SlipError("bad_slip_data", field=name)
    return value


def optional_text(data: Mapping[str, object], name: str) -> str | None:
    return None if data.get(name) is None else text(data, name)


def texts(data: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = data.get(name)
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise SlipError("bad_slip_data", field=name)
    return tuple(value)


def facts(data: Mapping[str, object], name: str) -> tuple[Fact, ...]:
    value = data.get(name)
    if not isinstance(value, (list, tuple)):
        raise SlipError("bad_slip_data", field=name)
    found = []
    for item in value:
        if (
            not isinstance(item, (list, tuple))
            or len(item) != 2
            or not all(isinstance(part, str) for part in item)
        ):
            raise SlipError("bad_slip_data", field=name)
        found.append(Fact(item[0], item[1]))
    return tuple(found)
