"""The counters as they work now: as kiosk.toml has them, but for what a supervisor ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.tickets import Counter


@dataclass(frozen=True, slots=True)
class Around:
    """What a wait for some services hangs on: they and all others that a counter for one of them
    takes too (``sharing``), and the counters for any of those."""

    sharing: frozenset[str]
    counters: frozenset[int]


class Counters(Mapping[int, "Counter"]):
    """By number, in configured order. ``adopt`` changes all copies of a centre in this process; it
    is called wherever the store is read anew, so that nobody sees an old order for long."""

    def __init__(self, configured: Mapping[int, Counter]) -> None:
        self.configured = dict(configured)
        self._chosen: dict[int, tuple[str, ...]] = {}
        self._set(self.configured)

    def __getitem__(self, number: int) -> Counter:
        return self._now[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def adopt(self, chosen: Mapping[int, tuple[str, ...]]) -> None:
        """From now on these counters take these services; the others those of kiosk.toml."""
        if chosen != self._chosen:
            self._chosen = dict(chosen)
            self._set(
                {
                    number: _taking(counter, chosen[number]) if number in chosen else counter
                    for number, counter in self.configured.items()
                }
            )

    def taking(self, service: str) -> tuple[int, ...]:
        """The counters that take the service."""
        return self._taken_at.get(service, ())

    def around(self, services: frozenset[str]) -> Around:
        known = self._around.get(services)
        if known is None:
            shared = services.union(*(self._shared.get(code, frozenset()) for code in services))
            counters = frozenset[int]().union(*map(self.taking, shared))
            known = self._around[services] = Around(shared, counters)
        return known

    def _set(self, counters: Mapping[int, Counter]) -> None:
        taken_at: dict[str, tuple[int, ...]] = {}
        shared: dict[str, frozenset[str]] = {}
        for counter in counters.values():
            for code in counter.services:
                taken_at[code] = (*taken_at.get(code, ()), counter.number)
                shared[code] = shared.get(code, frozenset()).union(counter.services)
        # Each of these is whole whenever another thread looks; they are asked at each number.
        self._now, self._taken_at, self._shared = counters, taken_at, shared
        self._around: dict[frozenset[str], Around] = {}


def _taking(counter: Counter, services: tuple[str, ...]) -> Counter:
    weights = dict(zip(counter.services, counter.weights, strict=False))
    weighed = tuple(weights.get(code, 1) for code in services) if weights else ()
    return replace(counter, services=services, weights=weighed)
