"""The demo office's dossiers, invented, with their dates moved to the present day."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from kiosk.dossiers import Channel, Dossier, Status, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

UNIT: Final = "H15.50.05"
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def demo_dossiers(today: date) -> list[Dossier]:
    """Two hundred dossiers in all ten statuses, each with its steps; no date is later than
    ``today`` but those on which results are due."""
    steps: dict[str, list[Step]] = {}
    for row in _table("steps.csv"):
        step = Step(
            status=Status(int(row["status"])),
            unit=row["unit"],
            handler=row["handler"] or None,
            at=_moment(row["at"], today),
            note=row["note"] or None,
        )
        steps.setdefault(row["n"], []).append(step)
    return [_dossier(row, tuple(steps[row["n"]]), today) for row in _table("dossiers.csv")]


def _dossier(row: Mapping[str, str], steps: tuple[Step, ...], today: date) -> Dossier:
    received = _moment(row["received_at"], today)
    assert received is not None
    return Dossier(
        code=f"{UNIT}-{received:%y%m%d}-{int(row['sequence']):04d}",
        status=Status(int(row["status"])),
        procedure_name=row["procedure_name"],
        procedure_code=row["procedure_code"],
        field=row["field"],
        channel=Channel(int(row["channel"])),
        receiving_unit=row["receiving_unit"],
        resolving_unit=row["resolving_unit"],
        handler=row["handler"] or None,
        owner_name=row["owner_name"],
        phone=row["phone"],
        secret=row["secret"],
        fee=int(row["fee"]) if row["fee"] else None,
        fee_paid=row["fee_paid"] == "1",
        received_at=received,
        due_at=_moment(row["due_at"], today),
        new_due_at=_moment(row["new_due_at"], today),
        finished_at=_moment(row["finished_at"], today),
        returned_at=_moment(row["returned_at"], today),
        steps=steps,
    )


def _table(name: str) -> Iterator[Mapping[str, str]]:
    text = (files("assets") / "demo" / name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def _moment(text: str, today: date) -> datetime | None:
    """Of "-3 08:12": 08:12 three working days (Monday to Friday) ago; "+2" has no hour."""
    if not text:
        return None
    days, _, clock = text.partition(" ")
    day = _working_day(today, int(days))
    return datetime.combine(day, time.fromisoformat(clock) if clock else time(), ZONE)


def _working_day(today: date, distance: int) -> date:
    day = today
    while distance == 0 and day.weekday() >= 5:
        day -= timedelta(days=1)
    step = timedelta(days=1 if distance > 0 else -1)
    for _ in range(abs(distance)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day
