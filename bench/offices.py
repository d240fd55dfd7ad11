"""Twenty offices in one PostgreSQL, a process each, beside one office alone.

What the machine itself can do is measured beside it: the same processes with bare one-row
commits, and how much of all cores was busy.
"""

from __future__ import annotations

import multiprocessing
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

from bench.crew import PATIENCE, configure, open_bench, staff, work_at_once
from bench.figures import Figure
from bench.floor import bare_postgres
from tools.postgres import Server

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

OFFICES: Final = 20
SECONDS: Final = 5.0


def measure(shipped: Path, folder: Path) -> list[Figure]:
    with closing(Server(synced=True)) as server:
        server.start()
        server.run("CREATE DATABASE offices")
        url = server.url("offices")
        configs = [
            configure(shipped, folder / f"office-{n}", url, f"H15.50.{n:02}")
            for n in range(OFFICES)
        ]
        for config in configs:
            centre = open_bench(config)
            staff(centre)
            centre.database.close()
        floor_one, floor_all = _bare_rate(url, 1), _bare_rate(url, OFFICES)
        before = work_at_once(configs[:1], SECONDS, calling=False)
        many = work_at_once(configs, SECONDS, calling=False)
        after = work_at_once(configs[:1], SECONDS, calling=False)
    one = (before.rate + after.rate) / 2
    return [
        Figure("PostgreSQL: bare one-row commits, one process", [floor_one], "/s"),
        Figure(f"PostgreSQL: bare one-row commits, {OFFICES} processes", [floor_all], "/s",
               floor_one),
        Figure("PostgreSQL: issue, one office", before.issued),
        Figure(f"PostgreSQL: issue, {OFFICES} offices at once", many.issued),
        Figure("PostgreSQL: tickets of one office", [before.rate, after.rate], "/s"),
        Figure(f"PostgreSQL: tickets of {OFFICES} offices", [many.rate], "/s", one,
               ">= 5x one office, or the machine's limit"),
        Figure("all cores busy, one office", [before.busy, after.busy], "%"),
        Figure(f"all cores busy, {OFFICES} offices", [many.busy], "%"),
    ]  # fmt: skip


def _bare_rate(url: str, processes: int) -> float:
    """Commits of one row in a second, all processes together."""
    bare_postgres(url)()
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(processes), context.Queue()
    crew = [context.Process(target=_commit, args=(url, start, told)) for _ in range(processes)]
    for process in crew:
        process.start()
    rate = sum(told.get(timeout=PATIENCE) for _ in crew)
    for process in crew:
        process.join()
    return rate


def _commit(url: str, start: Barrier, told: Queue[float]) -> None:
    write, done = bare_postgres(url), 0
    start.wait(PATIENCE)
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        write()
        done += 1
    told.put(done / (time.perf_counter() - begun))
