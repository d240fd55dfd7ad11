"""How often something may be tried: counts of the recent past, in memory."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

REMEMBERED: Final = 10_000


class Limit:
    """At most ``most`` per ``seconds`` and key; the keys longest unused are forgotten first."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._tries: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def check(self, key: Hashable) -> None:
        """Refused("too_many_tries", seconds=...) while the key has no try left."""
        tries = self._recent(key)
        if len(tries) >= self._most:
            raise Refused("too_many_tries", seconds=round(tries[0] + self._seconds - self._clock()))

    def count(self, key: Hashable) -> None:
        tries = self._recent(key)
        tries.append(self._clock())
        self._tries[key] = tries
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def _recent(self, key: Hashable) -> deque[float]:
        tries = self._tries.get(key) or deque()
        while tries and tries[0] <= self._clock() - self._seconds:
            tries.popleft()
        return tries
