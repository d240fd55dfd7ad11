"""Connections to a PostgreSQL server: their deadlines, their types, and what their errors mean."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from kiosk.database import BUSY_SECONDS
from kiosk.errors import Unavailable
from kiosk.urls import without_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.abc import PQGen

T = TypeVar("T")

PATIENCE_SECONDS: Final = 5.0
"""How long one statement may take before the server counts as out of reach."""

LONG_SECONDS: Final = 600.0
"""The same for what may read or change the whole store."""

UNHURRIED: Final = (
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
    " SET LOCAL idle_in_transaction_session_timeout = 0"
)

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
    "28": "store_login",
    "3D": "store_no_database",
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
_SAID: Final = {
    r"database .* does not exist": "store_no_database",
    r"authentication failed|no password supplied|role .* (does not exist|is not permitted)": (
        "store_login"
    ),
    r"pg_hba\.conf|does not exist|permission denied": "store_denied",
}


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


class Connection(psycopg.Connection[DictRow]):
    """A connection on which nothing takes longer than ``patience`` seconds."""

    patience = PATIENCE_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval, self.patience if timeout is None else timeout)


def connect(url: str) -> Connection:
    """A new connection, on which every statement is a transaction until one is begun."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        # What cannot be read stands in quotes there, and may be the password.
        shown = without_password(url)
        why = re.sub(
            '"([^"]*)"',
            lambda found: found[0] if found[1] in shown else '"***"',
            without_password(str(error).strip()),
        )
        raise Unavailable("store_unreachable", why=why) from None
    options = f"{_SESSION} {given.pop('options', '') or ''}".strip()
    return Connection.connect(
        **{**_CONNECTION, **given, "options": options},  # type: ignore[arg-type]
        autocommit=True,
        row_factory=dict_row,
        context=_ADAPTERS,
    )


def code_of(error: psycopg.Error) -> str | None:
    """The code of an environment's failure; None for a bug."""
    if isinstance(error, psycopg.IntegrityError):
        return None
    state = error.sqlstate
    if state:
        return next((_KNOWN[state[:n]] for n in (5, 3, 2) if state[:n] in _KNOWN), None)
    # What the driver itself finds has no SQLSTATE; a lost connection may come as the plain kind.
    if type(error) is not psycopg.DatabaseError and not isinstance(error, psycopg.OperationalError):
        return None
    said = next((code for sign, code in _SAID.items() if re.search(sign, str(error))), None)
    asked = error.pgconn is not None and error.pgconn.needs_password
    return said or ("store_login" if asked else "store_unreachable")


@contextmanager
def known_errors() -> Iterator[None]:
    """The server's environment failures as Unavailable; a broken statement stays a bug."""
    try:
        yield
    except psycopg.Error as error:
        code = code_of(error)
        if code is None:
            raise
        raise Unavailable(code, why=without_password(" ".join(str(error).split()))) from error


@contextmanager
def commit_errors() -> Iterator[None]:
    """Unavailable("store_unsure") where the answer to a COMMIT was lost: it may stand or not.

    What the server itself refuses to commit does not stand.
    """
    try:
        yield
    except psycopg.Error as error:
        if code_of(error) != "store_unreachable":
            raise
        why = without_password(" ".join(str(error).split()))
        raise Unavailable("store_unsure", why=why) from error


def commit(connection: Connection) -> None:
    """Ends the transaction; an error after which it was carried on must not look like success."""
    if connection.execute("COMMIT").statusmessage != "COMMIT":
        raise RuntimeError("a failed statement was passed over: nothing of it is stored")
