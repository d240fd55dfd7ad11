"""Dossiers into a file that ``imports`` reads back: records of the national portal, or a table."""

from __future__ import annotations

import csv
import os
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, TextIO

from pydantic_core import to_json

from kiosk.errors import Refused
from kiosk.import_labels import HEADERS
from kiosk.national_out import SERVICE, records
from kiosk.store import dossiers, events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.dossiers import Dossier
    from kiosk.office.centre import Centre

_PAGE: Final = 200
_COLUMNS: Final = tuple(name for name in HEADERS if name not in ("secret", "term"))
"""A secret is known to the office and to who has the receipt, and to no file."""
_FORMULA: Final = ("=", "+", "-", "@")


def export_dossiers(
    centre: Centre, file: Path, *, first: date | None = None, last: date | None = None
) -> int:
    """Writes the dossiers that were received on these days, or all, and tells it in an event; how
    many. The form follows from the file's name: ``.csv`` a table, else JSON records.

    Whoever reads the file meanwhile sees the one before, or none. Nobody else on this machine may
    read it. Refused: export_unwritable (path, why).
    """
    since = _midnight(first, centre.timezone) if first else None
    until = _midnight(last, centre.timezone) + timedelta(days=1) if last else None
    count = 0

    def counted() -> Iterator[Dossier]:
        nonlocal count
        for dossier in _all(centre, since, until):
            count += 1
            yield dossier

    write = _write_table if file.suffix.lower() == ".csv" else _write_records
    with _opened(file) as out:
        write(out, counted(), centre.timezone)
    with centre.database.write() as query:
        details = {"file": file.name, "exported": count}
        now, kind = centre.clock(), "dossiers.exported"
        events.append(query, centre.code, now, kind, actor="operator", details=details)
    return count


def _all(centre: Centre, since: datetime | None, until: datetime | None) -> Iterator[Dossier]:
    """In pages, so that no read holds the store for long."""
    after = ""
    while True:
        with centre.database.read() as query:
            page = dossiers.page(query, centre.code, after, since, until, _PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].code


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """A new file that takes the place of the old one when it is whole."""
    part = file.with_name(f".{file.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
                yield out
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused("export_unwritable", path=file, why=error.strerror) from error


def _write_records(out: TextIO, found: Iterator[Dossier], zone: ZoneInfo) -> None:
    out.write(f'{{"service": "{SERVICE}", "isUpdating": true, "data": [')
    joint = "\n"
    for dossier in found:
        for record in records(dossier, zone):
            out.write(f"{joint}{to_json(record).decode()}")
            joint = ",\n"
    out.write("\n]}\n")


def _write_table(out: TextIO, found: Iterator[Dossier], zone: ZoneInfo) -> None:
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow(HEADERS[name][0] for name in _COLUMNS)
    for dossier in found:
        table.writerow(_cell(getattr(dossier, name), zone) for name in _COLUMNS)


def _cell(value: object, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(zone):%d/%m/%Y %H:%M:%S}"
        case bool():
            return "x" if value else ""
        case int():
            return str(int(value))
        case _:
            # With a space before it no program that opens the table takes it for a formula.
            text = str(value)
            return f" {text}" if text.startswith(_FORMULA) else text


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
