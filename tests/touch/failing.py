"""A real store that can be out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from kiosk.database import Database, Query


class Failing:
    """The real store, out of reach while ``down``; it can still be read while ``full``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.down = False
        self.full = False

    def read(self) -> AbstractContextManager[Query]:
        return self._checked().read()

    def write(self) -> AbstractContextManager[Query]:
        return self._with_room().write()

    def changes(self, stop) -> Iterator[None]:
        return self._database.changes(stop)

    def try_to_write(self) -> None:
        self._with_room().try_to_write()

    def close(self) -> None:
        self._database.close()

    def _with_room(self) -> Database:
        if self.full:
            raise Unavailable("store_full")
        return self._checked()

    def _checked(self) -> Database:
        if self.down:
            raise Unavailable("store_full")
        return self._database
