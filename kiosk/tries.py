"""How often something may be tried: tries of the recent past, in memory.

A try is counted before its outcome is awaited and given back afterwards, so that a burst of them
gets no further than one after the other.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

MINUTE: Final = 60.0
REMEMBERED: Final = 10_000
_COUNTED: Final = 40
"""From here on a pause grows no more."""

Rule = Callable[[deque[float], float], float]
"""The seconds until the next try, from the earlier ones and now; drops those that count no more."""


def at_most(most: int, seconds: float) -> Rule:
    """So many within so long."""

    def wait(tries: deque[float], now: float) -> float:
        while tries and tries[0] <= now - seconds:
            tries.popleft()
        return tries[0] + seconds - now if len(tries) >= most else 0.0

    return wait


def ever_slower(free: int, longest: float) -> Rule:
    """A pause of a second after the free tries, then twice as long after each, never a lock-out."""

    def wait(tries: deque[float], now: float) -> float:
        while len(tries) > _COUNTED:
            tries.popleft()
        if len(tries) < free:
            return 0.0
        return tries[-1] + min(2.0 ** (len(tries) - free), longest) - now

    return wait


def both(*rules: Rule) -> Rule:
    """Whichever of them lets wait longer."""

    def wait(tries: deque[float], now: float) -> float:
        return max(rule(tries, now) for rule in rules)

    return wait


QUARTER: Final = 15 * MINUTE
SECRETS_OF_ONE: Final = both(at_most(5, QUARTER), ever_slower(2, MINUTE))
"""Wrong second factors of one dossier code, from all places together: 10 000 last digits of an ID
would take three weeks."""
SECRETS_FROM_ONE: Final = at_most(30, QUARTER)
"""Wrong second factors from one kiosk, device or address, whatever the code."""

PINS_OF_ONE: Final = ever_slower(5, MINUTE)
"""Wrong PINs of one login, at one place: five slips of the finger cost nothing, and a million PINs
take two years."""
PINS_OF_ONE_ELSEWHERE: Final = ever_slower(20, MINUTE)
"""Wrong PINs of one login from all places together that nobody enrolled: what four of them have
free, for who signs in from several is one person."""
PINS_FROM_ONE: Final = at_most(30, MINUTE)
"""Wrong PINs from one place, whoever's."""


class Limit:
    """A rule for each key by itself; the keys longest unused are forgotten first.

    ``code`` is what is told to a key that has no try left.
    """

    def __init__(
        self,
        rule: Rule,
        clock: Callable[[], float] = time.monotonic,
        code: str = "too_many_tries",
    ) -> None:
        self._rule = rule
        self._clock = clock
        self._code = code
        self._tries: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """Counts a try, or Refused(``code``, seconds=...) while the key has none left."""
        now = self._clock()
        tries = self._tries.get(key, deque())
        wait = self._rule(tries, now)
        if wait > 0:
            raise Refused(self._code, seconds=math.ceil(wait))
        tries.append(now)
        self._tries[key] = tries
        self._tries.move_to_end(key)
        if len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def give_back(self, key: Hashable) -> None:
        tries = self._tries.get(key)
        if tries:
            tries.pop()
        if not tries:
            self.forget(key)

    def forget(self, key: Hashable) -> None:
        self._tries.pop(key, None)


@contextmanager
def trying(*wanted: tuple[Limit, Hashable], lost: str) -> Iterator[None]:
    """A try at each of these or at none, given back unless it ends with the refusal ``lost``."""
    taken: list[tuple[Limit, Hashable]] = []
    try:
        for limit, key in wanted:
            limit.take(key)
            taken.append((limit, key))
        yield
    except (Refused, Unavailable) as error:
        if error.code != lost:
            _give_back(taken)
        raise
    _give_back(taken)


def _give_back(taken: list[tuple[Limit, Hashable]]) -> None:
    for limit, key in taken:
        limit.give_back(key)
