"""Years of past tickets, laid into a store in bulk: each with its three events and its paper."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg

from bench.crew import issue
from kiosk.calendar import local_day
from kiosk.tickets import ALPHABET, ID_LENGTH, LETTERS, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

WAITING: Final = 500
A_DAY: Final = 1000
"""So many tickets on each past day: two million are eight years of working days."""

KINDS: Final = ("ticket.issued", "ticket.called", "ticket.finished")
TABLES: Final = {
    "series": ("office", "day", "code", "last", "first_n"),
    "office_day": ("office", "day", "began_at"),
    "ticket": (
        "id", "office", "day", "series", "n", "number", "service", "state", "place", "counter",
        "calls", "kiosk", "issued_at", "called_at", "started_at", "ended_at", "waits_since",
        "version",
    ),
    "event": (
        "office", "seq", "at", "kind", "actor", "ticket", "counter", "details", "digest",
    ),
    "print_job": (
        "id", "office", "kiosk", "place", "ticket", "slip", "data", "state", "evidence",
        "created_at", "ended_at",
    ),
}  # fmt: skip


def fill(centre: Centre, url: str, size: int) -> None:
    """``size`` finished tickets of the days before today, and 500 who wait now."""
    centre.database.prepare()
    centre.database.close()
    if size:
        past = _Past(centre, size)
        _into_postgres(url, past) if url.startswith("postgresql:") else _into_sqlite(url, past)
    for n in range(WAITING):
        issue(centre, n)


class _Past:
    """The rows of each table; ids are by chance, but in order, so that laying them in is quick."""

    def __init__(self, centre: Centre, size: int) -> None:
        chance = random.Random(size)
        self.size, self.office, self.kiosk = size, centre.code, centre.kiosk
        self.services, self.counters = list(centre.services), list(centre.counters)
        self.ids = sorted(
            chance.choice(LETTERS) + "".join(chance.choices(ALPHABET, k=ID_LENGTH - 1))
            for _ in range(size)
        )
        today = local_day(centre.clock(), centre.timezone)
        days = -(-size // A_DAY)
        self.days = [(today - timedelta(days=days - n)).isoformat() for n in range(days)]
        self.clock = [
            f"T{n // 3600 + 1:02}:{n // 60 % 60:02}:{n % 60:02}.000000Z" for n in range(0, 36000, 9)
        ]

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        if table == "series":
            for day in self.days:
                yield from ((self.office, day, code, A_DAY, 1) for code in self.services)
        elif table == "office_day":
            yield from ((self.office, day, f"{day}{self.clock[0]}") for day in self.days)
        else:
            row = {"ticket": self._ticket, "event": self._event, "print_job": self._job}[table]
            for n in range(self.size * (3 if table == "event" else 1)):
                yield row(n)

    def _at(self, n: int, step: int) -> str:
        return f"{self.days[n // A_DAY]}{self.clock[4 * (n % A_DAY) % 4000 + step]}"

    def _ticket(self, n: int) -> tuple[Any, ...]:
        code, count = self.services[n % len(self.services)], n % A_DAY + 1
        issued, called, ended = self._at(n, 0), self._at(n, 1), self._at(n, 3)
        return (
            self.ids[n], self.office, self.days[n // A_DAY], code, count, numbered(code, count),
            code, "finished", 3 * n + 1, self.counters[n % len(self.counters)], 1, self.kiosk,
            issued, called, called, ended, issued, 3 * n + 3,
        )  # fmt: skip

    def _event(self, n: int) -> tuple[Any, ...]:
        ticket, step = divmod(n, 3)
        counter = self.counters[ticket % len(self.counters)] if step else None
        return (
            self.office, n + 1, self._at(ticket, step), KINDS[step], "bench", self.ids[ticket],
            counter, '{"calls": 1, "number": "A001", "service": "A"}', "0" * 64,
        )  # fmt: skip

    def _job(self, n: int) -> tuple[Any, ...]:
        return (
            self.ids[n], self.office, self.kiosk, 3 * n + 1, self.ids[n], "ticket", "{}",
            "printed", "ack", self._at(n, 0), self._at(n, 1),
        )  # fmt: skip


def _into_sqlite(url: str, past: _Past) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as bulk:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
            bulk.execute(f"PRAGMA {pragma}")
        bulk.execute("BEGIN IMMEDIATE")
        for table, columns in TABLES.items():
            marks = ", ".join("?" * len(columns))
            bulk.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", past.rows(table)
            )
        bulk.execute("COMMIT")
        bulk.execute("PRAGMA journal_mode = WAL")


def _into_postgres(url: str, past: _Past) -> None:
    with psycopg.connect(url, autocommit=True) as bulk:
        bulk.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        for table, columns in TABLES.items():
            copy = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with bulk.cursor().copy(copy.encode()) as stream:
                for row in past.rows(table):
                    stream.write_row(row)
        bulk.execute("VACUUM ANALYZE")
        bulk.execute("CHECKPOINT")
