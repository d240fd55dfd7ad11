"""CSV files of a booking system into appointments: good rows in, bad rows set aside.

Who comes is neither read nor kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from kiosk import dossiers
from kiosk.appointments import normalise_code
from kiosk.aside import BadRow
from kiosk.import_words import appointment_columns_of, read_clock, read_moment, squeeze
from kiosk.office.appointments import Asked, store_appointments
from kiosk.tables import ImportReport, Row, Table, open_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.errors import Refused
    from kiosk.office.centre import Centre

_NEEDED: Final = frozenset({"code", "service"})
_MISSING: Final = "no_appointment_columns"


def import_appointments(centre: Centre, path: Path) -> ImportReport:
    """Takes in a CSV file; bad rows go to ``<file>.rejected.csv`` beside it.

    A known code with another service or time moves the booking; the same again changes nothing.
    Refused: as ``tables.open_table``, and "no_appointment_columns".
    """
    with open_table(path, _columns_of, _NEEDED, _MISSING) as table:

        def refused(row: Row, why: Refused) -> None:
            table.set_aside(row, BadRow(f"refused.{why.code}", **why.facts))

        asked = _asked(centre, table)
        done = store_appointments(centre, asked, source=path.name, refused=refused)
    report = table.report(done.stored, done.unchanged)
    # Some were refused at the end only.
    return replace(report, rejected=tuple(sorted(report.rejected)))


def _columns_of(cells: list[str]) -> Mapping[str, int]:
    """A header without any moment is none."""
    columns = appointment_columns_of(cells)
    return columns if columns.keys() & {"at", "date"} else {}


def _asked(centre: Centre, table: Table) -> Iterator[tuple[Asked, Row]]:
    """The good rows; sets the others aside on the way."""
    services = centre.named_services()
    seen: set[str] = set()
    for row in table.rows():
        try:
            asked = _read(row, services, centre.timezone)
            if asked.code in seen:
                raise BadRow("appointment.reject.repeated_code")
        except BadRow as bad:
            table.set_aside(row, bad)
        else:
            seen.add(asked.code)
            yield asked, row


def _read(row: Row, services: Mapping[str, str], zone: ZoneInfo) -> Asked:
    facts = row.facts
    if not facts["code"]:
        raise BadRow("appointment.reject.no_code")
    code = normalise_code(facts["code"])
    if code is None:
        raise BadRow("appointment.reject.bad_code", value=facts["code"][:60])
    if not facts["service"]:
        raise BadRow("appointment.reject.no_service")
    service = services.get(squeeze(facts["service"]))
    if service is None:
        raise BadRow("appointment.reject.unknown_service", value=facts["service"][:60])
    dossier = dossiers.normalise_code(facts.get("dossier", ""))
    kept = dossier if dossiers.is_free_code(dossier) else None
    return Asked(code, service, _at(facts, zone), kept)


def _at(facts: Mapping[str, str], zone: ZoneInfo) -> datetime:
    """The moment, from one column or from two: a day without an hour is no appointment."""
    at, day, clock = (facts.get(name, "") for name in ("at", "date", "time"))
    try:
        if day and (clock or at):
            local = read_moment(day, zone).astimezone(zone)
            return datetime.combine(local.date(), read_clock(clock or at), zone)
        moment = read_moment(at or day, zone)
        if moment.astimezone(zone).time() == time():
            raise ValueError(at or day)
    except (ValueError, OverflowError):
        said = " ".join(text for text in (at, day, clock) if text)
        raise BadRow("appointment.reject.bad_time", value=said[:60]) from None
    return moment
