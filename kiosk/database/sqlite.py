"""A store in one SQLite file."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk import reserve
from kiosk.calendar import utc_now
from kiosk.database import BUSY_SECONDS, REFRESH_SECONDS
from kiosk.database.dialect import BESIDE_IN_SQLITE
from kiosk.database.fitting import OLDEST, check_fit
from kiosk.database.sqlite_query import SqliteQuery, known_errors
from kiosk.database.turn import Turn
from kiosk.errors import Refused, Unavailable
from kiosk.schema import FITS, FITTING, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from kiosk.database import Query

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.02

PAGE_BYTES: Final = 2048
"""Of a new file. A number touches some sixteen pages, each of which goes to the disk whole with a
checksum; half of SQLite's usual size saves a sixth of a commit."""

TRY_SECONDS: Final = 0.003
"""How often a process whose turn it is asks whether another program has finished writing."""


@dataclass(slots=True)
class _Batch:
    """The transaction of a thread whose writes are parts of it; ``trouble`` ends all of them."""

    query: SqliteQuery
    thread: int
    trouble: Unavailable | None = None

    @contextmanager
    def part(self) -> Iterator[Query]:
        """One write of it: undone alone when it fails, unless the store itself failed."""
        if self.trouble is not None:
            raise self.trouble
        try:
            with known_errors:
                self.query.run("SAVEPOINT part")
                yield self.query
                self.query.run("RELEASE part")
        except Unavailable as trouble:
            self.trouble = trouble
            raise
        except BaseException:
            try:
                self.query.run("ROLLBACK TO part")
                self.query.run("RELEASE part")
            except sqlite3.Error as error:
                # The database has ended the transaction, and with it all that was in it.
                self.trouble = Unavailable("store_io")
                raise self.trouble from error
            raise


def _begin(connection: sqlite3.Connection, deadline: float) -> None:
    """Begins to write once nobody else does."""
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(TRY_SECONDS)
        else:
            return


def _is_full(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return isinstance(error, Unavailable) and error.code == "store_full"


def _number_of(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


class Sqlite:
    """A store in one file; any number of processes of one machine may have it open.

    Nothing is touched before the first use, so that a window can open and say what is wrong; the
    first use creates or migrates the file, and is tried again as long as that fails.
    """

    deaf: Final = ()
    """Nobody: who cannot look at the file cannot read it either."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = str(path.parent)
        self._log_path = path.with_name(f"{path.name}-wal")
        self._idle: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._write_lock = threading.Lock()
        self._turn: Turn | None = None
        self._batch: _Batch | None = None
        self._pokes: set[threading.Event] = set()
        self._ready = False
        self._found = 0
        self._file: int | None = None
        """The number of the file that was opened, which must be the one at the path ever after."""
        self._log_file: int | None = None
        """The same of the log beside it, which SQLite keeps as long as anybody has it open."""

    @property
    def place(self) -> str:
        return str(self.path)

    def prepare(self) -> int:
        """Opens, creates or migrates the file now, and returns the version that it had."""
        with known_errors, self._borrowed():
            return self._found

    def _check_file(self) -> None:
        """Raises Unavailable: store_unreachable while the file is away, store_replaced when another
        one is in its place.

        A file that was deleted or moved is still open here, and would take numbers that nobody
        finds again; a new one in its place would give them a second time.
        """
        if self._file is None:
            return
        try:
            found = self.path.stat().st_ino
        except OSError as error:
            raise Unavailable("store_unreachable") from error
        if found != self._file or self._has_lost_log():
            raise Unavailable("store_replaced")

    def _has_lost_log(self) -> bool:
        """Whether the log that is in use here is at its path no more. What stands in it is brought
        into the file while it can still be read; nothing may be written beside a second log."""
        if self._log_file is None or self._log_file == _number_of(self._log_path):
            return False
        with self._pool_lock:
            connections = [*self._idle, *([self._writer] if self._writer else [])]
            if not connections:
                self._log_file = None  # the last one closed it, and the next one begins another
            for connection in connections:
                with suppress(sqlite3.Error):
                    connection.execute("PRAGMA wal_checkpoint(FULL)")
        return bool(connections)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            # What is erased is overwritten, wherever SQLite was built without that as its habit.
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
            if not self._ready:
                self._migrate(connection)
                self._file = self.path.stat().st_ino
                self._ready = True
            if self._log_file is None:
                self._log_file = _number_of(self._log_path)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        self._check_file()
        with self._pool_lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            yield connection
        except BaseException:
            with suppress(sqlite3.Error):
                connection.rollback()
            connection.close()
            raise
        with self._pool_lock:
            self._idle.append(connection)

    @contextmanager
    def read(self) -> Iterator[Query]:
        """A snapshot: nothing that is read inside changes between two statements."""
        batch = self._my_batch()
        if batch is not None:
            yield batch.query
            return
        with known_errors, self._borrowed() as connection:
            connection.execute("BEGIN")
            yield SqliteQuery(connection)
            connection.execute("COMMIT")

    def write(self) -> AbstractContextManager[Query]:
        """The only writer until it ends; all of it is kept, or on an exception none of it."""
        batch = self._my_batch()
        return self._transaction() if batch is None else batch.part()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Makes one transaction of all that this thread writes inside."""
        with self._transaction() as query:
            batch = self._batch = _Batch(query, threading.get_ident())
            try:
                yield
            finally:
                self._batch = None
            if batch.trouble is not None:
                raise batch.trouble

    def _my_batch(self) -> _Batch | None:
        batch = self._batch
        return batch if batch is not None and batch.thread == threading.get_ident() else None

    @contextmanager
    def _transaction(self) -> Iterator[SqliteQuery]:
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise Unavailable("store_busy")
        try:
            with known_errors:
                connection = self._take_writer()
                # From here: making or migrating the store takes what it takes, on a slow machine.
                deadline = time.monotonic() + BUSY_SECONDS
                try:
                    turn = self._my_turn(deadline)
                    try:
                        _begin(connection, deadline)
                        yield SqliteQuery(connection)
                        connection.execute("COMMIT")
                    finally:
                        turn.leave()
                except (sqlite3.Error, Unavailable) as error:
                    # To close is not enough: a statement that failed in the middle, which lives as
                    # long as its exception does, would hold the lock against everybody.
                    with suppress(sqlite3.Error):
                        connection.rollback()
                    connection.close()
                    if _is_full(error):
                        # The one who asks again finds room.
                        reserve.give_up(self.path)
                    raise
                except BaseException:
                    connection.rollback()
                    self._keep_writer(connection)
                    raise
                self._keep_writer(connection)
        finally:
            self._write_lock.release()
        for poke in tuple(self._pokes):
            poke.set()

    def _my_turn(self, deadline: float) -> Turn:
        turn = self._turn
        if turn is None or not turn.again():
            turn = self._turn = Turn(self._folder, deadline)
        return turn

    def _take_writer(self) -> sqlite3.Connection:
        """The one connection that writes; after an error of SQLite it is a new one."""
        self._check_file()
        with self._pool_lock:
            connection, self._writer = self._writer, None
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def _keep_writer(self, connection: sqlite3.Connection) -> None:
        with self._pool_lock:
            self._writer = connection

    def changes(self, stop: threading.Event) -> Iterator[None]:
        """Yields at once, after every change by any process, and at least every five seconds."""
        poke = threading.Event()
        self._pokes.add(poke)
        connection: sqlite3.Connection | None = None
        seen: int | None = None
        due = time.monotonic()
        try:
            while not stop.is_set():
                try:
                    self._check_file()
                    connection = connection or self._connect()
                    version = connection.execute("PRAGMA data_version").fetchone()[0]
                except (sqlite3.Error, Refused, Unavailable):
                    if connection is not None:
                        connection.close()
                    connection, version = None, None
                if poke.is_set() or version != seen or time.monotonic() >= due:
                    poke.clear()
                    seen, due = version, time.monotonic() + REFRESH_SECONDS
                    yield
                poke.wait(LOOK_SECONDS)
        finally:
            self._pokes.discard(poke)
            if connection is not None:
                connection.close()

    def now(self) -> datetime:
        """The clock of the one machine that has the file."""
        return utc_now()

    def wall(self) -> datetime:
        return utc_now()

    def clock_error(self) -> None:
        return None

    def sound(self) -> bool:
        """Whether SQLite finds the file whole; reads all of it."""
        with known_errors, self._borrowed() as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")

    def whole(self) -> bool:
        """The same, and whether each index says what its table does; takes longer."""
        with known_errors, self._borrowed() as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")

    def save(self, target: Path) -> None:
        """The whole file as it is at one moment, in a new file of its own without a log beside it.

        Nobody waits for it. sqlite3.Error for whatever goes wrong on either side.
        """
        made = closing(sqlite3.connect(target, isolation_level=None))
        with self._borrowed() as connection, made as other:
            connection.backup(other)
            other.execute("PRAGMA journal_mode = DELETE")

    def try_to_write(self) -> None:
        """Writes what stands there already; Unavailable when nothing can be written."""
        with self.write() as query:
            row = query.one("PRAGMA user_version")
            assert row is not None
            query.run(f"PRAGMA user_version = {int(row['user_version'])}")

    def scrub(self) -> bool:
        """Empties the log, whose pages are as they were before; in the file itself what is erased
        is overwritten at once. False while somebody reads a page of it."""
        with known_errors, self._borrowed() as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def close(self) -> None:
        with self._pool_lock:
            idle, self._idle = self._idle, []
            writer, self._writer = self._writer, None
        for connection in (*idle, *([writer] if writer else [])):
            connection.close()

    def _migrate(self, connection: sqlite3.Connection) -> None:
        self._found = self._version(connection)
        if self._found >= len(MIGRATIONS):
            check_fit(self._found, self.path, partial(_oldest, connection))
            return
        turn = Turn(self._folder, time.monotonic() + BUSY_SECONDS)
        try:
            self._make(connection)
        finally:
            turn.leave()

    def _make(self, connection: sqlite3.Connection) -> None:
        """One process at a time: SQLite refuses at once who changes to WAL beside another."""
        # Half a second to import, so only when there is something to make.
        from sqlite_utils import Database as Tables

        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        Tables(connection).enable_wal()
        connection.execute("BEGIN IMMEDIATE")
        version = self._version(connection)
        check_fit(version, self.path, partial(_oldest, connection))
        for number, migration in enumerate(MIGRATIONS[version:], version + 1):
            for statement in (*migration.split(";\n"), *BESIDE_IN_SQLITE.get(number, ())):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        if version < len(MIGRATIONS):
            connection.execute(FITTING)
            connection.execute("DELETE FROM schema_fits")
            connection.execute("INSERT INTO schema_fits VALUES (?)", [FITS])
        connection.execute("COMMIT")
        log.info("store %s is at version %d", self.path, len(MIGRATIONS))

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _oldest(connection: sqlite3.Connection) -> int | None:
    known = "SELECT 1 FROM sqlite_master WHERE name = 'schema_fits'"
    row = connection.execute(known).fetchone() and connection.execute(OLDEST).fetchone()
    return int(row[0]) if row else None
