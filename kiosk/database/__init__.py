"""The store's engine: read(), write() and changes(), with one meaning on every database.

``write()`` makes its caller the only writer until it ends; what it did is on the disk when it
returns. All that differs between databases lives in this package.
"""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

BUSY_SECONDS: Final = 3.0
"""How long a writer waits for its turn before it is told that the store is busy."""

REFRESH_SECONDS: Final = 5.0
"""How often ``changes`` speaks up although nothing is known to have changed."""


def open_database(url: str, office: str) -> Database:
    """The store at ``sqlite:///path`` or ``postgresql://…``; Unavailable("psycopg_missing")."""
    if (path := url.removeprefix("sqlite:///")) != url:
        from kiosk.database.sqlite import Sqlite

        return Sqlite(Path(path))
    try:
        from kiosk.database.postgres import Postgres
    except ImportError as error:
        raise Unavailable("psycopg_missing") from error
    return Postgres(url, office)


def refuse_nul(facts: Mapping[str, object]) -> None:
    """Refused("malformed") for text with a NUL, which PostgreSQL cannot keep."""
    # All facts as one text: looked at one by one they take longer than a statement does.
    if "\0" in "".join(map(str, facts.values())):
        where = next(name for name, fact in facts.items() if "\0" in str(fact))
        raise Refused("malformed", where=where)


def cells(names: tuple[str, ...], rows: Sequence[Mapping[str, object]]) -> list[tuple[object, ...]]:
    """What stands in those columns of many rows. Refused("malformed") as ``refuse_nul``."""
    told: list[tuple[object, ...]] = list(map(itemgetter(*names), rows))
    for row, said in zip(rows, told, strict=True):
        # The texts alone: of a million rows each look counts.
        if "\0" in "".join([one for one in said if one.__class__ is str]):
            refuse_nul(row)
    return told


class Query(Protocol):
    """SQL with named parameters (``:name``); rows are read by column name.

    ``tuples`` are rows without names, for a statement that each number asks and that finds many.
    """

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]: ...
    def tuples(self, sql: str, **facts: object) -> list[tuple[Any, ...]]: ...
    def one(self, sql: str, **facts: object) -> Mapping[str, Any] | None: ...
    def run(self, sql: str, **facts: object) -> int: ...
    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None: ...

    def put(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
        """Writes many rows of the same columns, each in the place of the one with its key."""

    def among(self, column: str, values: Sequence[str]) -> tuple[str, object]:
        """The condition that a column is one of many texts, and what the statement must be given as
        ``:among``."""

    def words(self, table: str, words: Sequence[str]) -> tuple[str, object]:
        """The condition that a row of the table has words that begin with each of these, and what
        the statement must be given as ``:words``.

        The words are letters and digits alone; the table has a column ``words`` of its own.
        """


class Database(Protocol):
    """A store; nothing is touched before the first use, so that a window can say what is wrong."""

    @property
    def place(self) -> str:
        """Where it is, as a person may be shown: the file, or the URL without its password."""

    def prepare(self) -> int:
        """Opens, creates or migrates it now, and returns the version that it had (0: none).

        Unavailable or Refused("store_too_new").
        """

    def read(self) -> AbstractContextManager[Query]:
        """A snapshot: nothing that is read inside changes between two statements."""

    def write(self) -> AbstractContextManager[Query]:
        """The only writer until it ends; all of it is kept, or on an exception none of it."""

    def batch(self) -> AbstractContextManager[None]:
        """Makes one transaction of all that this thread writes inside.

        Each ``write()`` that fails is undone alone. Nothing is kept, nor told to ``changes``,
        before the batch ends, and nothing at all when it raises.
        """

    def changes(self, stop: threading.Event) -> Iterator[None]:
        """Yields at once, after every change by any process, and at least every five seconds."""

    def now(self) -> datetime:
        """The moment, UTC, on which all agree who share the store; what is stored bears no other.

        Unavailable or Refused, as ``read`` raises them, while nobody can tell it.
        """

    def wall(self) -> datetime:
        """The same for a screen, which cannot wait: this machine's own until the store tells."""

    def clock_error(self) -> timedelta | None:
        """How far this machine's clock is ahead of ``now``; None where there is no other clock."""

    @property
    def deaf(self) -> Collection[int]:
        """Those of this process who follow ``changes`` and hear nothing of other machines, though
        the store itself may answer: changes are noticed by the refresh alone."""

    def sound(self) -> bool:
        """Whether the database finds its data whole; may read all of it."""

    def try_to_write(self) -> None:
        """Unavailable when nothing can be written."""

    def scrub(self) -> bool:
        """Leaves nothing of what was erased where bytes of the store are kept beside it; False
        where that has to be tried again."""

    def close(self) -> None: ...
