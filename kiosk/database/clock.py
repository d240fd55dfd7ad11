"""The clock of a database server, carried on between two looks at it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.database.server import Connection

_ASK: Final = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS now"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ServerClock:
    """What the server's clock says, without asking each time.

    It is carried on by the time since this machine was started, so that a ``local`` clock that is
    wrong, or set right during the day, moves nothing.
    """

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self._boot: datetime | None = None

    @property
    def known(self) -> bool:
        """Whether the server was ever asked."""
        return self._boot is not None

    def ask(self, connection: Connection) -> None:
        """Asks the server; what is known stays as long as the answer can agree with it."""
        asked = _since_boot()
        row = connection.execute(_ASK).fetchone()
        answered = _since_boot()
        assert row is not None
        moment = _EPOCH + timedelta(microseconds=row["now"])
        # It was read somewhere on the way there and back.
        earliest, latest = moment - answered, moment - asked
        if self._boot is None or not earliest <= self._boot <= latest:
            self._boot = earliest + (latest - earliest) / 2

    def now(self) -> datetime:
        """The server's moment, UTC; as long as it is not known, the local clock's."""
        return self._local() if self._boot is None else self._boot + _since_boot()

    def error(self) -> timedelta | None:
        """How far the local clock is ahead of the server's; None as long as that is not known."""
        return None if self._boot is None else self._local() - self.now()


def _since_boot() -> timedelta:
    """Not the monotonic clock, which stands still while the machine sleeps."""
    return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
