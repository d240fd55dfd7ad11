"""Threads on which the store is read and written, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kiosk.database import Database

T = TypeVar("T")

MOST_AT_ONCE: Final = 32
"""How many writes share one commit: the first of them waits for the last."""


class Lane:
    """One thread that does what it is given, in the order in which it was given."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Lets the work under way end and drops what still waits for its turn."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class Places:
    """So many at once, for what takes much memory or long; whoever finds none is told to come again
    after that many seconds."""

    def __init__(self, most: int, seconds: int) -> None:
        self._left = most
        self._seconds = seconds

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place, for as long as it is held. Refused: too_many_calls (seconds)."""
        if not self._left:
            raise Refused("too_many_calls", seconds=self._seconds)
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1


class ShortLane(Lane):
    """A lane for whom nobody knows: what it cannot do soon is refused at once, and not kept."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(name)
        self._most = most
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Unavailable("too_busy") behind so many others."""
        if self._waiting >= self._most:
            raise Unavailable("too_busy")
        self._waiting += 1
        try:
            return await super().run(work)
        finally:
            self._waiting -= 1


@dataclass(slots=True, eq=False)
class _Order:
    """Something to write, and who waits for it; ``result`` or ``error`` once it was tried."""

    work: Callable[[], Any]
    future: asyncio.Future[Any]
    result: object = None
    error: BaseException | None = None

    def do(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error

    def tell(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class WritingLane:
    """A lane for writes: those that came while the last one was on its way to the disk are
    committed together, and nobody is told before that."""

    def __init__(self, name: str, database: Database) -> None:
        self._database = database
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._dropped: list[_Order] = []
        self._closing = False
        self._thread = threading.Thread(target=self._follow, name=name)
        self._thread.start()

    async def run(self, work: Callable[[], T]) -> T:
        order = _Order(work, asyncio.get_running_loop().create_future())
        if self._closing:
            raise asyncio.CancelledError
        self._orders.put(order)
        result: T = await order.future
        return result

    def close(self) -> None:
        """Lets the work under way end and drops what still waits for its turn."""
        self._closing = True
        self._orders.put(None)
        self._thread.join()
        for order in (*self._dropped, *self._waiting(sys.maxsize)):
            order.future.cancel()

    def _follow(self) -> None:
        while orders := self._next():
            self._write(orders)
            orders[0].future.get_loop().call_soon_threadsafe(_tell, orders)

    def _next(self) -> list[_Order]:
        """All that waits, at most a batch of it; nothing when the lane closes."""
        first = self._orders.get()
        orders = [*([first] if first else []), *self._waiting(MOST_AT_ONCE - 1)]
        if not self._closing:
            return orders
        self._dropped = orders
        return []

    def _waiting(self, most: int) -> list[_Order]:
        found: list[_Order] = []
        with suppress(Empty):
            while len(found) < most:
                order = self._orders.get_nowait()
                found += [order] if order else []
        return found

    def _write(self, orders: Sequence[_Order]) -> None:
        if len(orders) == 1:
            orders[0].do()
            return
        try:
            with self._database.batch():
                for order in orders:
                    order.do()
        except Exception as error:
            for order in orders:
                order.error = error


def _tell(orders: Sequence[_Order]) -> None:
    for order in orders:
        order.tell()
