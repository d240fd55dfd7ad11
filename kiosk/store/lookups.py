"""What look-ups leave behind: wrong second factors of the last minutes, wishes for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.calendar import moment, stamp
from kiosk.tickets import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query


def mark_key(query: Query, office: str, made: str) -> bytes:
    """The office's key for marks; ``made`` becomes it where there is none yet."""
    query.run(
        "INSERT INTO mark_key (office, name, secret) VALUES (:office, 'look_up', :made)"
        " ON CONFLICT (office, name) DO NOTHING",
        office=office,
        made=made,
    )
    row = query.one(
        "SELECT secret FROM mark_key WHERE office = :office AND name = 'look_up'", office=office
    )
    assert row is not None
    return bytes.fromhex(row["secret"])


def tries(query: Query, office: str, mark: str) -> list[datetime]:
    """When there were wrong ones, the first first."""
    rows = query.all(
        "SELECT at FROM secret_try WHERE office = :office AND mark = :mark ORDER BY at",
        office=office,
        mark=mark,
    )
    return [moment(row["at"]) for row in rows]


def count_try(query: Query, office: str, mark: str, now: datetime) -> None:
    query.run(
        "INSERT INTO secret_try (office, id, mark, at) VALUES (:office, :id, :mark, :now)",
        office=office,
        id=new_id(),
        mark=mark,
        now=stamp(now),
    )


def forget_tries(query: Query, office: str, before: datetime, after: datetime) -> None:
    """Those that count no more, or that a clock far ahead has left."""
    query.run(
        "DELETE FROM secret_try WHERE office = :office AND (at < :before OR at > :after)",
        office=office,
        before=stamp(before),
        after=stamp(after),
    )


def wish(query: Query, office: str, dossier: str, phone: str, now: datetime) -> None:
    """One number for each dossier: the last one that was given."""
    query.run(
        "INSERT INTO sms_wish (office, dossier, phone, made_at)"
        " VALUES (:office, :dossier, :phone, :now)"
        " ON CONFLICT (office, dossier) DO UPDATE SET phone = excluded.phone,"
        " made_at = excluded.made_at",
        office=office,
        dossier=dossier,
        phone=phone,
        now=stamp(now),
    )


def wished(query: Query, office: str, dossier: str) -> str | None:
    """The number that is to be told."""
    row = query.one(
        "SELECT phone FROM sms_wish WHERE office = :office AND dossier = :dossier",
        office=office,
        dossier=dossier,
    )
    return str(row["phone"]) if row else None


def drop_wish(query: Query, office: str, dossier: str) -> None:
    query.run(
        "DELETE FROM sms_wish WHERE office = :office AND dossier = :dossier",
        office=office,
        dossier=dossier,
    )


def drop_wishes(query: Query, office: str, before: datetime) -> int:
    return query.run(
        "DELETE FROM sms_wish WHERE office = :office AND made_at < :before",
        office=office,
        before=stamp(before),
    )
