"""A store in PostgreSQL, shared by several kiosks of one office and by several offices."""

from __future__ import annotations

import hashlib
import logging
import os
import select
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import psycopg
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

from kiosk.database import BUSY_SECONDS, REFRESH_SECONDS, refuse_nul
from kiosk.database.dialect import tables, translated
from kiosk.errors import Refused, Unavailable
from kiosk.schema import MIGRATIONS
from kiosk.urls import without_password

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psycopg.abc import PQGen

    from kiosk.database import Query

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE_SECONDS: Final = 5.0
"""How long one statement may take before the server counts as out of reach."""

LONG_SECONDS: Final = 600.0
"""The same for what may read or change the whole store."""

CHANNEL: Final = "kiosk"
LOOK_SECONDS: Final = 0.05
_FIRST_PAUSE: Final = 0.5

# All of it gives way to what the URL says. A server that is gone without a word (a cut cable) is
# found by the first three of TCP's own, a server that is there and silent by PATIENCE_SECONDS.
_CONNECTION: Final[dict[str, str]] = {
    "connect_timeout": "3",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",
    "gssencmode": "disable",
    "client_encoding": "utf8",
    "application_name": "kiosk",
}

# The server lets go of a kiosk that is gone, or stands still in the middle, and of its lock.
_SESSION: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "synchronous_commit": "on",
        "lock_timeout": int(BUSY_SECONDS * 1000),
        "statement_timeout": int(PATIENCE_SECONDS * 1000),
        "idle_in_transaction_session_timeout": int(PATIENCE_SECONDS * 1000),
        "tcp_keepalives_idle": 2,
        "tcp_keepalives_interval": 1,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": 4000,
        "client_min_messages": "warning",
        "jit": "off",
    }.items()
)

# By SQLSTATE, or its class: https://www.postgresql.org/docs/15/errcodes-appendix.html
_KNOWN: Final = {
    "08": "store_unreachable",
    "25006": "store_readonly",
    "25P03": "store_unreachable",
    "28": "store_denied",
    "3D": "store_denied",
    "40001": "store_busy",
    "40P01": "store_busy",
    "42501": "store_denied",
    "53100": "store_full",
    "53": "store_busy",
    "55P03": "store_busy",
    "57014": "store_busy",
    "57P": "store_unreachable",
    "58": "store_io",
    "XX001": "store_damaged",
    "XX002": "store_damaged",
}

# What a server says before a connection stands reaches us only as a sentence.
_DENIED: Final = ("authentication failed", "pg_hba.conf", "no password supplied", "does not exist")
_MIGRATION: Final = 7_239_104_511_820_377
"""The key of the lock under which one of several migrates; offices have others."""
_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_UNHURRIED: Final = (
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
    " SET LOCAL idle_in_transaction_session_timeout = 0"
)


class _Flag(Dumper):
    """True and False as 1 and 0, which is how our tables keep them."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _Sum(Loader):
    """A sum of whole numbers stays one."""

    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text or text == "NaN" else int(text)


_ADAPTERS: Final = AdaptersMap(psycopg.adapters)
_ADAPTERS.register_dumper(bool, _Flag)
_ADAPTERS.register_loader("numeric", _Sum)


class _Connection(psycopg.Connection[DictRow]):
    """A connection on which nothing takes longer than ``patience`` seconds."""

    patience = PATIENCE_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval, self.patience if timeout is None else timeout)


class _PostgresQuery:
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]:
        return cast("list[Mapping[str, Any]]", self._execute(sql, facts).fetchall())

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

    def _execute(self, sql: str, facts: Mapping[str, object]) -> psycopg.Cursor[DictRow]:
        refuse_nul(facts)
        text, bound = translated(sql)
        return self._connection.execute(cast("Any", text), facts if bound else None)


def _code(error: psycopg.Error) -> str | None:
    """The code of an environment's failure; None for a bug."""
    if isinstance(error, psycopg.IntegrityError):
        return None
    state = error.sqlstate
    if state is not None:
        return next((_KNOWN[state[:n]] for n in (5, 3, 2) if state[:n] in _KNOWN), None)
    if not isinstance(error, psycopg.OperationalError):
        return None
    pgconn = error.pgconn
    denied = any(sign in str(error) for sign in _DENIED) or (
        pgconn is not None and pgconn.needs_password
    )
    return "store_denied" if denied else "store_unreachable"


@contextmanager
def _known_errors() -> Iterator[None]:
    """The server's environment failures as Unavailable; a broken statement stays a bug."""
    try:
        yield
    except psycopg.Error as error:
        code = _code(error)
        if code is None:
            raise
        raise Unavailable(code, why=without_password(" ".join(str(error).split()))) from error


class Postgres:
    """The store of one office in a database that it may share with others.

    Nothing is touched before the first use; the first use creates or migrates the tables, and is
    tried again as long as that fails. Connections that broke are dropped.
    """

    def __init__(self, url: str, office: str) -> None:
        self.office = office
        self.place = without_password(url)
        self._url = url
        self._idle: list[_Connection] = []
        self._pool_lock = threading.Lock()
        self._pokes: set[int] = set()
        self._own: set[int] = set()
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

    def prepare(self) -> None:
        """Connects, creates or migrates the tables now; Unavailable or Refused("store_too_new")."""
        with self.read():
            pass

    @contextmanager
    def read(self) -> Iterator[Query]:
        """A snapshot: nothing that is read inside changes between two statements."""
        with _known_errors(), self._borrowed(_READ) as connection:
            yield _PostgresQuery(connection)
            _commit(connection)

    @contextmanager
    def write(self) -> Iterator[Query]:
        """The office's only writer until it ends; all of it is kept, or on an exception none."""
        with _known_errors(), self._borrowed(self._write) as connection:
            yield _PostgresQuery(connection)
            _commit(connection)
            self._tell_others(connection)
        for poke in tuple(self._pokes):
            os.eventfd_write(poke, 1)

    def _tell_others(self, connection: _Connection) -> None:
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
        ear: _Connection | None = None
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
                        ear = None
                if changed or refresh:
                    due = time.monotonic() + REFRESH_SECONDS
                    yield
        finally:
            self._pokes.discard(poke)
            os.close(poke)
            if ear is not None:
                self._drop(ear)

    def _listen(self) -> _Connection | None:
        try:
            with _known_errors():
                ear = self._connect()
                ear.execute(f"LISTEN {CHANNEL}")
        except (Unavailable, Refused):
            return None
        return ear

    def _heard(self, ear: _Connection, *, ping: bool) -> bool:
        """Whether another process told of a change of this office; our own we are told by poke."""
        if ping:
            ear.execute("SELECT 1")
        ear.pgconn.consume_input()
        heard = False
        while (told := ear.pgconn.notifies()) is not None:
            ours = told.extra.decode() == self.office
            heard |= ours and told.be_pid not in self._own
        return heard

    def sound(self) -> bool:
        """Whether every row can be read; with data checksums the server looks at each page."""
        with _known_errors(), self._borrowed(f"{_READ}; {_UNHURRIED}") as connection:
            connection.patience = LONG_SECONDS
            names = connection.execute(
                "SELECT quote_ident(table_name) AS name FROM information_schema.tables"
                " WHERE table_schema = current_schema()"
            ).fetchall()
            for row in names:
                count = f"SELECT COUNT(*) FROM {row['name']}"  # noqa: S608 (quoted)
                connection.execute(cast("Any", count))
            _commit(connection)
            connection.patience = PATIENCE_SECONDS
        return True

    def try_to_write(self) -> None:
        """Writes what stands there already; Unavailable when nothing can be written."""
        with self.write() as query:
            query.run("UPDATE schema_version SET version = version")

    def close(self) -> None:
        with self._pool_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            self._drop(connection)

    def _connect(self) -> _Connection:
        """A new connection; for a moment after one failed, the same failure at once."""
        away = self._away
        if away is not None and time.monotonic() < away[0]:
            raise Unavailable(away[1].code, **away[1].facts)
        try:
            with _known_errors():
                connection = self._opened()
        except Unavailable as failure:
            self._away = (time.monotonic() + _FIRST_PAUSE, failure)
            raise
        self._away = None
        return connection

    def _opened(self) -> _Connection:
        try:
            given = conninfo_to_dict(self._url)
        except psycopg.ProgrammingError as error:
            why = without_password(str(error).strip())
            raise Unavailable("store_unreachable", why=why) from None
        options = f"{_SESSION} {given.pop('options', '') or ''}".strip()
        connection = _Connection.connect(
            **{**_CONNECTION, **given, "options": options},  # type: ignore[arg-type]
            autocommit=True,
            row_factory=dict_row,
            context=_ADAPTERS,
        )
        self._own.add(connection.pgconn.backend_pid)
        try:
            self._migrate(connection)
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _drop(self, connection: _Connection) -> None:
        self._own.discard(connection.pgconn.backend_pid)
        connection.close()

    def _begun(self, begin: str) -> _Connection:
        """A connection in a new transaction; one that broke while idle costs nobody anything."""
        while True:
            with self._pool_lock:
                connection = self._idle.pop() if self._idle else None
            fresh = connection is None
            connection = connection or self._connect()
            try:
                connection.execute(cast("Any", begin))
            except psycopg.Error as error:
                self._drop(connection)
                if fresh or _code(error) != "store_unreachable":
                    raise
                self.close()
            else:
                return connection

    @contextmanager
    def _borrowed(self, begin: str) -> Iterator[_Connection]:
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

    def _give_back(self, connection: _Connection) -> None:
        """Keeps the connection for the next one, unless it broke or cannot be undone."""
        try:
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        except psycopg.Error:
            self._drop(connection)
            return
        with self._pool_lock:
            self._idle.append(connection)

    def _migrate(self, connection: _Connection) -> None:
        """Brings the tables up to date; of several that start at once one does it."""
        if self._version(connection) == len(MIGRATIONS):
            return
        connection.patience = LONG_SECONDS
        connection.execute(
            cast("Any", f"BEGIN; {_UNHURRIED}; SELECT pg_advisory_xact_lock({_MIGRATION})")
        )
        version = self._version(connection)
        if version > len(MIGRATIONS):
            raise Refused("store_too_new", path=self.place, version=version)
        connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
        for migration in MIGRATIONS[version:]:
            connection.execute(cast("Any", tables(migration)))
        connection.execute("DELETE FROM schema_version")
        connection.execute("INSERT INTO schema_version VALUES (%s)", [len(MIGRATIONS)])
        _commit(connection)
        connection.patience = PATIENCE_SECONDS
        log.info("store %s is at version %d", self.place, len(MIGRATIONS))

    @staticmethod
    def _version(connection: _Connection) -> int:
        found = connection.execute("SELECT to_regclass('schema_version') IS NOT NULL AS there")
        row = found.fetchone()
        if row is None or not row["there"]:
            return 0
        row = connection.execute("SELECT version FROM schema_version").fetchone()
        return int(row["version"]) if row else 0


def _commit(connection: _Connection) -> None:
    """Ends the transaction; an error after which it was carried on must not look like success."""
    if connection.execute("COMMIT").statusmessage != "COMMIT":
        raise RuntimeError("a failed statement was passed over: nothing of it is stored")


def _wait(seconds: float, poke: int, ear: _Connection | None) -> None:
    poll = select.poll()
    poll.register(poke, select.POLLIN)
    if ear is not None:
        poll.register(ear.fileno(), select.POLLIN)
    poll.poll(seconds * 1000)
