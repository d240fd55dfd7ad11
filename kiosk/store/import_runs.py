"""How far the files of dossiers came that were taken in, and which version of each address is in
the store, in SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query

KEPT_DAYS: Final = 90
"""How long it is remembered that a file was taken in."""


class Kept(NamedTuple):
    """A file by the ``digest`` of its content: the last of its rows that is stored, how many were
    written, known already, and not known at all (``fresh``), and how many before it were set aside.
    """

    digest: str
    place: int
    stored: int
    unchanged: int
    fresh: int
    bad: int


def unfinished(query: Query, office: str, digest: str) -> Kept | None:
    """How far the file came when it was broken off; None where it was not begun, or ended."""
    row = query.one(
        "SELECT digest, place, stored, unchanged, fresh, bad FROM import_run"
        " WHERE office = :office AND digest = :digest AND ended_at IS NULL",
        office=office,
        digest=digest,
    )
    return Kept(**row) if row else None


def keep(
    query: Query, office: str, source: str, kept: Kept, now: datetime, ended_at: datetime | None
) -> None:
    query.run(
        "INSERT INTO import_run (office, digest, source, place, stored, unchanged, fresh,"
        " bad, written_at, ended_at) VALUES (:office, :digest, :source, :place, :stored,"
        " :unchanged, :fresh, :bad, :now, :ended_at) ON CONFLICT (office, digest) DO UPDATE SET"
        " source = excluded.source, place = excluded.place, stored = excluded.stored,"
        " unchanged = excluded.unchanged, fresh = excluded.fresh,"
        " bad = excluded.bad, written_at = excluded.written_at,"
        " ended_at = excluded.ended_at",
        office=office,
        source=source,
        now=stamp(now),
        ended_at=stamp(ended_at) if ended_at else None,
        **kept._asdict(),
    )


def forget(query: Query, office: str, now: datetime) -> None:
    """Drops those that nobody has gone on with for KEPT_DAYS."""
    query.run(
        "DELETE FROM import_run WHERE office = :office AND written_at < :before",
        office=office,
        before=stamp(now - timedelta(days=KEPT_DAYS)),
    )


def version(query: Query, office: str, source: str) -> tuple[str, str]:
    """ETag and Last-Modified of what was fetched from there last; "" for what is not known."""
    row = query.one(
        "SELECT etag, modified FROM import_source WHERE office = :office AND source = :source",
        office=office,
        source=source,
    )
    return (row["etag"], row["modified"]) if row else ("", "")


def set_version(
    query: Query, office: str, source: str, told: tuple[str, str], now: datetime
) -> None:
    query.run(
        "INSERT INTO import_source (office, source, etag, modified, fetched_at)"
        " VALUES (:office, :source, :etag, :modified, :now) ON CONFLICT (office, source)"
        " DO UPDATE SET etag = excluded.etag, modified = excluded.modified,"
        " fetched_at = excluded.fetched_at",
        office=office,
        source=source,
        etag=told[0],
        modified=told[1],
        now=stamp(now),
    )
