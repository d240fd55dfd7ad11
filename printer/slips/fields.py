"""Reads a frozen dataclass from what JSON left of it, and refuses anything else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from printer.errors import SlipError
from printer.slip import Fact, GridRow

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
    return _strings(data.get(name), name)


def optional_texts(data: Mapping[str, object], name: str) -> tuple[str, ...] | None:
    return None if data.get(name) is None else texts(data, name)


def number(data: Mapping[str, object], name: str, default: float) -> float:
    """A size above zero."""
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SlipError("bad_slip_data", field=name)
    if not math.isfinite(value) or value <= 0:
        raise SlipError("bad_slip_data", field=name)
    return float(value)


def facts(data: Mapping[str, object], name: str) -> tuple[Fact, ...]:
    return tuple(_fact(item, name) for item in _list(data.get(name), name))


def optional_fact(data: Mapping[str, object], name: str) -> Fact | None:
    return None if data.get(name) is None else _fact(data[name], name)


def grid_rows(data: Mapping[str, object], name: str) -> tuple[GridRow, ...]:
    """Each row as its name and its cells, each cell as a figure and what stands under it."""
    rows = []
    for item in _list(data.get(name), name):
        parts = _list(item, name)
        if len(parts) != 2 or not isinstance(parts[0], str):
            raise SlipError("bad_slip_data", field=name)
        cells = (_pair(cell, name) for cell in _list(parts[1], name))
        rows.append(GridRow(parts[0], tuple(cells)))
    return tuple(rows)


def _fact(item: object, name: str) -> Fact:
    return Fact(*_pair(item, name))


def _pair(item: object, name: str) -> tuple[str, str]:
    parts = _strings(item, name)
    if len(parts) != 2:
        raise SlipError("bad_slip_data", field=name)
    return parts[0], parts[1]


def _strings(value: object, name: str) -> tuple[str, ...]:
    items = _list(value, name)
    if not all(isinstance(item, str) for item in items):
        raise SlipError("bad_slip_data", field=name)
    return tuple(str(item) for item in items)


def _list(value: object, name: str) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise SlipError("bad_slip_data", field=name)
    return value
