"""A store in PostgreSQL, shared by several kiosks of one office and by several offices."""

from __future__ import annotations

import hashlib
import logging
import os
import select
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import psycopg
from psycopg.pq import TransactionStatus

from kiosk.calendar import utc_now
from kiosk.database import REFRESH_SECONDS, cells, refuse_nul
from kiosk.database.clock import ServerClock
from kiosk.database.dialect import postgres_words, put, translated
from kiosk.database.postgres_tables import bring_up_to_date
from kiosk.database.server import (
    LONG_SECONDS,
    PATIENCE_SECONDS,
    UNHURRIED,
    Connection,
    code_of,
    commit,
    commit_errors,
    connect,
    known_errors,
)
from kiosk.errors import Refused, Unavailable
from kiosk.urls import without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from psycopg.rows import DictRow

    from kiosk.database import Query

log = logging.getLogger(__name__)

CHANNEL: Final = "kiosk"
LOOK_SECONDS: Final = 0.05
_FIRST_PAUSE: Final = 0.5
_SLOW_SECONDS: Final = 1.0

_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class _PostgresQuery:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]:
        return cast("list[Mapping[str, Any]]", self._execute(sql, facts).fetchall())

    def tuples(self, sql: str, **facts: object) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self._execute(sql, facts).fetchall()]

    def one(self, sql: str, **facts: object) -> Mapping[str, Any] | None:
        return self._execute(sql, facts).fetchone()

    def run(self, sql: str, **facts: object) -> int:
        return self._execute(sql, facts).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        wanted = list(rows)
        for row in wanted:
            refuse_nul(row)
        with self._connection.cursor() as cursor:
            cursor.executemany(cast("Any", translated(sql)[0]), wanted)

    def put(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
        """Copied into a table of this connection first: thrice as fast as one by one."""
        if not rows:
            return
        names = tuple(rows[0])
        told = cells(names, rows)
        beside, run = f"put_{table}", self._connection.execute
        like = f"LIKE {table} INCLUDING DEFAULTS"
        made = f"CREATE TEMP TABLE IF NOT EXISTS {beside} ({like}) ON COMMIT DELETE ROWS"
        run(cast("Any", f"SET LOCAL client_min_messages = warning; {made}"))
        copied = cast("Any", f"COPY {beside} ({', '.join(names)}) FROM STDIN")
        with self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            for row in told:
                copy.write_row(row)
        run(cast("Any", put(table, tuple(key), names, beside)))
        run(cast("Any", f"DELETE FROM {beside}"))  # noqa: S608 (a name of ours)

    def among(self, column: str, values: Sequence[str]) -> tuple[str, object]:
        return f"{column} = ANY(CAST(:among AS TEXT[]))", list(values)

    def words(self, table: str, words: Sequence[str]) -> tuple[str, object]:
        return postgres_words(table, words)

    def _execute(self, sql: str, facts: Mapping[str, object]) -> psycopg.Cursor[DictRow]:
        refuse_nul(facts)
        text, bound = translated(sql)
        return self._connection.execute(cast("Any", text), facts if bound else None)


@dataclass(slots=True)
class _Batch:
    """The transaction of a thread whose writes are parts of it; ``trouble`` ends all of them."""

    connection: Connection
    trouble: Unavailable | None = None

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """One write of it: undone alone when it fails, unless the store itself failed."""
        if self.trouble is not None:
            raise self.trouble
        try:
            with known_errors():
                self.connection.execute("SAVEPOINT part")
                yield self.connection
                self.connection.execute("RELEASE SAVEPOINT part")
        except Unavailable as trouble:
            self.trouble = trouble
            raise
        except BaseException:
            try:
                with known_errors():
                    self.connection.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
            except Unavailable as trouble:
                self.trouble = trouble
                raise
            raise


class Postgres:
    """The store of one office in a database that it may share with others.

    Nothing is touched before the first use; the first use creates or migrates the tables, and is
    tried again as long as that fails. Connections that broke are dropped. ``local`` is the clock of
    this machine.
    """

    def __init__(self, url: str, office: str, local: Callable[[], datetime] = utc_now) -> None:
        self.office = office
        self.place = without_password(url)
        self._url = url
        self._idle: list[Connection] = []
        self._pool_lock = threading.Lock()
        self._pokes: set[int] = set()
        self.deaf: set[int] = set()
        self._own: set[int] = set()
        self._batches = threading.local()
        self._found: int | None = None
        self._clock = ServerClock(local)
        self._away: tuple[float, Unavailable] | None = None
        key = int.from_bytes(hashlib.sha256(office.encode()).digest()[:8], signed=True)
        self._write = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({key})"
        )
        name = office.replace("'", "''")
        self._tell = (
            "BEGIN; SET LOCAL synchronous_commit = off;"
            f" SELECT pg_notify('{CHANNEL}', '{name}'); COMMIT"
        )

    def prepare(self) -> int:
        """Connects, creates or migrates the tables now, and returns the version that they had."""
        with self.read():
            return self._found or 0

    @contextmanager
    def read(self) -> Iterator[Query]:
        """A snapshot: nothing that is read inside changes between two statements."""
        batch = self._my_batch()
        with self._snapshot() if batch is None else batch.part() as connection:
            yield _PostgresQuery(connection)

    @contextmanager
    def write(self) -> Iterator[Query]:
        """The office's only writer until it ends; all of it is kept, or on an exception none."""
        batch = self._my_batch()
        with self._transaction() if batch is None else batch.part() as connection:
            yield _PostgresQuery(connection)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Makes one transaction of all that this thread writes inside."""
        with self._transaction() as connection:
            batch = self._batches.mine = _Batch(connection)
            try:
                yield
            finally:
                self._batches.mine = None
            if batch.trouble is not None:
                raise batch.trouble

    def _my_batch(self) -> _Batch | None:
        batch: _Batch | None = getattr(self._batches, "mine", None)
        return batch

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        with known_errors(), self._borrowed(_READ) as connection:
            yield connection
            commit(connection)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with known_errors(), self._borrowed(self._write) as connection:
            yield connection
            with commit_errors():
                commit(connection)
            self._tell_others(connection)
        for poke in tuple(self._pokes):
            os.eventfd_write(poke, 1)

    def _tell_others(self, connection: Connection) -> None:
        """Pokes the other machines in a transaction of its own.

        Within ours NOTIFY would let the whole server commit one transaction at a time. A poke
        that is lost is made good by their refresh.
        """
        try:
            connection.execute(cast("Any", self._tell))
        except psycopg.Error as error:
            log.warning("other machines were not told of a change: %s", error)
            connection.close()

    def changes(self, stop: threading.Event) -> Iterator[None]:
        """Yields at once, after every change by any machine, and at least every five seconds."""
        poke = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._pokes.add(poke)
        ear: Connection | None = None
        pause, retry, due = _FIRST_PAUSE, 0.0, 0.0
        try:
            while not stop.is_set():
                changed = False
                if ear is None and time.monotonic() >= retry:
                    ear = self._listen()
                    changed = ear is not None
                    pause = _FIRST_PAUSE if ear else min(pause * 2, REFRESH_SECONDS)
                    retry = time.monotonic() + pause
                refresh = time.monotonic() >= due
                _wait(0 if changed or refresh else LOOK_SECONDS, poke, ear)
                with suppress(BlockingIOError):
                    changed = os.eventfd_read(poke) > 0
                if ear is not None:
                    try:
                        changed = self._heard(ear, ping=refresh) or changed
                    except psycopg.Error as error:
                        log.warning("changes by other machines are not heard: %s", error)
                        self._drop(ear)
                        ear, changed = None, True
                (self.deaf.discard if ear else self.deaf.add)(poke)
                if changed or refresh:
                    due = time.monotonic() + REFRESH_SECONDS
                    yield
        finally:
            self._pokes.discard(poke)
            self.deaf.discard(poke)
            os.close(poke)
            if ear is not None:
                self._drop(ear)

    def _listen(self) -> Connection | None:
        try:
            with known_errors():
                ear = self._connect()
                ear.execute(f"LISTEN {CHANNEL}")
        except (Unavailable, Refused):
            return None
        return ear

    def _heard(self, ear: Connection, *, ping: bool) -> bool:
        """Whether another process told of a change of this office; our own we are told by poke."""
        if ping:
            self._clock.ask(ear)
        ear.pgconn.consume_input()
        heard = False
        while (told := ear.pgconn.notifies()) is not None:
            ours = told.extra.decode() == self.office
            heard |= ours and told.be_pid not in self._own
        return heard

    def now(self) -> datetime:
        """The server's clock, so that kiosks whose clocks differ write one order and one day."""
        if not self._clock.known:
            self._give_back(self._connect())
        return self._clock.now()

    def wall(self) -> datetime:
        return self._clock.now()

    def clock_error(self) -> timedelta | None:
        return self._clock.error()

    def sound(self) -> bool:
        """Whether every row can be read; with data checksums the server looks at each page."""
        with known_errors(), self._borrowed(f"{_READ}; {UNHURRIED}") as connection:
            connection.patience = LONG_SECONDS
            names = connection.execute(
                "SELECT quote_ident(table_name) AS name FROM information_schema.tables"
                " WHERE table_schema = current_schema()"
            ).fetchall()
            for row in names:
                count = f"SELECT COUNT(*) FROM {row['name']}"  # noqa: S608 (quoted)
                connection.execute(cast("Any", count))
            commit(connection)
            connection.patience = PATIENCE_SECONDS
        return True

    def scrub(self) -> bool:
        return True  # rows as they were are the server's to sweep up (autovacuum)

    def try_to_write(self) -> None:
        """Writes what stands there already; Unavailable when nothing can be written."""
        with self.write() as query:
            query.run("UPDATE schema_version SET version = version")

    def close(self) -> None:
        with self._pool_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            self._drop(connection)

    def _connect(self) -> Connection:
        """A new connection; for a moment after one failed, the same failure at once."""
        away = self._away
        if away is not None and time.monotonic() < away[0]:
            raise Unavailable(away[1].code, **away[1].facts)
        try:
            with known_errors():
                connection = self._opened()
        except Unavailable as failure:
            self._away = (time.monotonic() + _FIRST_PAUSE, failure)
            raise
        self._away = None
        return connection

    def _opened(self) -> Connection:
        connection = connect(self._url)
        self._own.add(connection.pgconn.backend_pid)
        try:
            self._clock.ask(connection)
            found = bring_up_to_date(connection, self.place)
            self._found = found if self._found is None else self._found
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _drop(self, connection: Connection) -> None:
        self._own.discard(connection.pgconn.backend_pid)
        connection.close()

    def _begun(self, begin: str) -> Connection:
        """A connection in a new transaction; one that broke while idle costs nobody anything."""
        while True:
            with self._pool_lock:
                connection = self._idle.pop() if self._idle else None
            fresh = connection is None
            connection = connection or self._connect()
            began = time.monotonic()
            try:
                connection.execute(cast("Any", begin))
            except psycopg.Error as error:
                self._drop(connection)
                slow = time.monotonic() - began > _SLOW_SECONDS
                if fresh or slow or code_of(error) != "store_unreachable":
                    raise
                self.close()
            else:
                return connection

    @contextmanager
    def _borrowed(self, begin: str) -> Iterator[Connection]:
        connection = self._begun(begin)
        try:
            yield connection
        except psycopg.Error:
            self._drop(connection)
            raise
        except BaseException:
            self._give_back(connection)
            raise
        self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        """Keeps the connection for the next one, unless it broke or hangs."""
        status = connection.pgconn.transaction_status
        try:
            if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                connection.execute("ROLLBACK")
        except psycopg.Error:
            status = TransactionStatus.UNKNOWN
        if status in (TransactionStatus.UNKNOWN, TransactionStatus.ACTIVE):
            self._drop(connection)
            return
        with self._pool_lock:
            self._idle.append(connection)


def _wait(seconds: float, poke: int, ear: Connection | None) -> None:
    poll = select.poll()
    poll.register(poke, select.POLLIN)
    if ear is not None:
        poll.register(ear.fileno(), select.POLLIN)
    poll.poll(seconds * 1000)
