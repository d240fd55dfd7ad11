"""Issue and call-next on both stores, alone and from eight processes, with years of past tickets.

All stores of a kind stand side by side and are used in turn, one step each, so that whatever else
the machine does meanwhile falls on all of them, and on the floor, alike.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.crew import COUNTERS, call, configure, issue, open_bench, staff, work_at_once
from bench.figures import Figure, took
from bench.floor import bare_postgres, bare_sqlite
from bench.past import fill
from tools.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kiosk.office.centre import Centre

QUICK: Final = (0, 100_000)
FULL: Final = (0, 100_000, 2_000_000)
ROUNDS: Final = 400
PROCESSES: Final = 8
SECONDS: Final = 4.0

PEERS: Final = (
    "open peers on such a machine: 1.6 ms and 552/s, flat to 100,000, but double calls;",
    "the next one 8 ms growing to 42 ms, 158/s falling to 34/s, half its numbers twice",
)


@dataclass(slots=True)
class _Store:
    size: int
    config: Path
    centre: Centre
    issued: list[float] = field(default_factory=list)
    called: list[float] = field(default_factory=list)


def measure(shipped: Path, folder: Path, sizes: Sequence[int]) -> list[Figure]:
    """``shipped`` is the office's kiosk.toml, ``folder`` where the stores are built."""
    folder.mkdir()
    figures = _measure("SQLite", bare_sqlite(folder / "floor.db"), [
        _build(shipped, folder / f"sqlite-{size}", f"sqlite:///{folder}/{size}.db", size)
        for size in sizes
    ])  # fmt: skip
    with closing(Server(synced=True)) as server:
        server.start()
        for size in sizes:
            server.run(f"CREATE DATABASE past_{size}")
        figures += _measure("PostgreSQL", bare_postgres(server.url()), [
            _build(shipped, folder / f"postgres-{size}", server.url(f"past_{size}"), size)
            for size in sizes
        ])  # fmt: skip
    print("\n".join(PEERS))
    return figures


def _build(shipped: Path, folder: Path, url: str, size: int) -> _Store:
    config = configure(shipped, folder, url)
    centre = open_bench(config)
    start = time.perf_counter()
    fill(centre, url, size)
    staff(centre)
    seconds = time.perf_counter() - start
    print(f"{url.split(':')[0]}: {size:,} past tickets laid in within {seconds:.0f} s", flush=True)
    return _Store(size, config, centre)


def _measure(name: str, bare: Callable[[], object], stores: Sequence[_Store]) -> list[Figure]:
    floor = _alone(bare, stores)
    figures = [Figure(f"floor: bare {name} transaction, synced", floor)]
    least, empty = median(floor), stores[0]
    promise = "median <= 2.5x" if name == "SQLite" else ""
    for store in stores:
        past = f"{name}, {store.size:,} past"
        figures += [
            Figure(f"{past}: issue", store.issued, floor=least, target=promise),
            Figure(f"{past}: call next", store.called, floor=least),
        ]
    for store in stores[1:]:
        past = f"{name}: {store.size:,} past beside none"
        target = "<= 1.25x"
        figures += [
            Figure(f"{past}: issue", [median(store.issued)], floor=median(empty.issued),
                   target=target),
            Figure(f"{past}: call next", [median(store.called)], floor=median(empty.called),
                   target=target),
        ]  # fmt: skip
    for store in stores:
        figures += _together(name, store)
        store.centre.database.close()
    return figures


def _alone(bare: Callable[[], object], stores: Sequence[_Store]) -> list[float]:
    """Fills in the times of one process; as many issues as calls, so 500 go on waiting."""
    floor: list[float] = []
    for store in stores:
        for n in range(COUNTERS):
            issue(store.centre, n)
            call(store.centre, n + 1)
    for n in range(ROUNDS):
        floor.append(took(bare))
        for store in stores:
            store.issued.append(took(partial(issue, store.centre, n)))
            store.called.append(took(partial(call, store.centre, n % COUNTERS + 1)))
    return floor


def _together(name: str, store: _Store) -> list[Figure]:
    before = work_at_once([store.config], SECONDS).rate
    many = work_at_once([store.config] * PROCESSES, SECONDS)
    after = work_at_once([store.config], SECONDS).rate
    past = f"{name}, {store.size:,} past, {PROCESSES} processes"
    target = ">= 0.5x one process" if name == "SQLite" else ""
    return [
        Figure(f"{past}: issue", many.issued),
        Figure(f"{past}: call next", many.called),
        Figure(f"{past}: issues and calls", [many.rate], "/s", (before + after) / 2, target),
    ]
