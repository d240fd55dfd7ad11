"""Dossiers and their steps, in SQL."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment, stamp
from kiosk.dossiers import Channel, Dossier, Status, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.database import Query

COLUMNS: Final = tuple(field.name for field in fields(Dossier) if field.name != "steps")
"""The dossier's own columns, named as its fields are; the store adds office and imported_at."""

_MOMENTS: Final = tuple(name for name in COLUMNS if name.endswith("_at"))
_UPSERT: Final = (
    f"INSERT INTO dossier (office, imported_at, {', '.join(COLUMNS)})"
    f" VALUES (:office, :imported_at, {', '.join(f':{name}' for name in COLUMNS)})"
    " ON CONFLICT (office, code) DO UPDATE SET imported_at = excluded.imported_at, "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "code")
)


def find(query: Query, office: str, code: str) -> Dossier | None:
    """The dossier without its steps."""
    row = query.one(
        "SELECT * FROM dossier WHERE office = :office AND code = :code", office=office, code=code
    )
    return to_dossier(row) if row else None


def count(query: Query, office: str) -> int:
    row = query.one("SELECT COUNT(*) AS n FROM dossier WHERE office = :office", office=office)
    return int(row["n"]) if row else 0


def find_rows(query: Query, office: str, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is stored of these dossiers, by code, in the form that ``to_row`` gives."""
    names = [f"code{n}" for n in range(len(codes))]
    rows = query.all(
        f"SELECT {', '.join(COLUMNS)} FROM dossier WHERE office = :office"
        f" AND code IN ({', '.join(f':{name}' for name in names)})",
        office=office,
        **dict(zip(names, codes, strict=True)),
    )
    return {row["code"]: dict(row) for row in rows}


def steps(query: Query, office: str, code: str) -> tuple[Step, ...]:
    rows = query.all(
        "SELECT * FROM dossier_step WHERE office = :office AND dossier = :code ORDER BY n",
        office=office,
        code=code,
    )
    return tuple(
        Step(Status(row["status"]), row["unit"], row["handler"], _moment(row["at"]), row["note"])
        for row in rows
    )


def upsert(query: Query, office: str, rows: Iterable[Mapping[str, object]], now: datetime) -> None:
    facts = {"office": office, "imported_at": stamp(now)}
    query.many(_UPSERT, [{**row, **facts} for row in rows])


def replace_steps(query: Query, office: str, code: str, steps: Sequence[Step]) -> None:
    query.run(
        "DELETE FROM dossier_step WHERE office = :office AND dossier = :code",
        office=office,
        code=code,
    )
    query.many(
        "INSERT INTO dossier_step (office, dossier, n, status, unit, handler, at, note)"
        " VALUES (:office, :dossier, :n, :status, :unit, :handler, :at, :note)",
        [
            {
                "office": office,
                "dossier": code,
                "n": n,
                "status": step.status.value,
                "unit": step.unit,
                "handler": step.handler,
                "at": stamp(step.at) if step.at else None,
                "note": step.note,
            }
            for n, step in enumerate(steps, 1)
        ],
    )


def to_row(dossier: Dossier) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(dossier, name) for name in COLUMNS}
    for name in _MOMENTS:
        if row[name] is not None:
            row[name] = stamp(row[name])
    row["status"] = dossier.status.value
    row["channel"] = dossier.channel.value if dossier.channel else None
    row["fee_paid"] = int(dossier.fee_paid)
    return row


def to_dossier(row: Mapping[str, Any]) -> Dossier:
    facts = {name: row[name] for name in COLUMNS}
    for name in _MOMENTS:
        facts[name] = _moment(facts[name])
    facts["status"] = Status(row["status"])
    facts["channel"] = Channel(row["channel"]) if row["channel"] else None
    facts["fee_paid"] = bool(row["fee_paid"])
    return Dossier(**facts)


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None
