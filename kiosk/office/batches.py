"""Rows on their way into the store, in batches that keep no tap waiting."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

WRITE_SECONDS: Final = 0.03
"""How long one batch may keep taps waiting; the commit itself comes on top."""
_FIRST: Final = 50
_LEAST: Final = 10


class Batches(Generic[T]):
    """``broken`` is what the rows broke off with, once those before were given."""

    def __init__(self, rows: Iterable[T], most: int) -> None:
        self.broken: Exception | None = None
        self._rows = iter(rows)
        self._size = min(_FIRST, most)
        self._most = most

    def next(self) -> tuple[T, ...]:
        """The next batch; empty at the end."""
        batch: list[T] = []
        if self.broken is None:
            try:
                for row in islice(self._rows, self._size):
                    batch.append(row)  # noqa: PERF402 (those before an exception count)
            except Exception as error:
                self.broken = error
        return tuple(batch)

    def pace(self, size: int, seconds: float) -> None:
        """From now on the batch that should take WRITE_SECONDS, at the pace of one of that size."""
        wanted = int(size * WRITE_SECONDS / max(seconds, 1e-6))
        self._size = max(_LEAST, min(self._most, wanted))
