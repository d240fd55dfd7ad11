"""The office that is measured, and the processes that work in it at once."""

from __future__ import annotations

import multiprocessing
import re
import time
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

import psutil

from kiosk.config import load
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from kiosk.office.centre import Centre

COUNTERS: Final = 8
ONE_IN: Final = 10
"""So many people of a service come for each one of a priority class."""
PATIENCE: Final = 120.0
PIN: Final = "135790"


def configure(shipped: Path, folder: Path, url: str, code: str = "H15.50.05") -> Path:
    """The shipped configuration in a folder of its own, with this store and this unit code."""
    folder.mkdir(parents=True, exist_ok=True)
    text = re.sub(r'(?m)^url = ".*"', f'url = "{url}"', shipped.read_text("utf-8"), count=1)
    text = re.sub(r'(?m)^unit_code = ".*"', f'unit_code = "{code}"', text, count=1)
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def open_bench(config_path: Path) -> Centre:
    """The configured office without hours or limits, with eight counters for two services each."""
    centre = open_centre(load(config_path))
    services = {
        code: replace(service, hours=(), daily_limit=None, session_limit=None, last_number=None)
        for code, service in centre.services.items()
    }
    codes = tuple(services)
    counters = {
        n: Counter(n, tuple(codes[(n + k) % len(codes)] for k in range(2)), "hall")
        for n in range(1, COUNTERS + 1)
    }
    return replace(centre, services=services, counters=counters)


def staff(centre: Centre) -> None:
    """A clerk at each counter, so that every wait is estimated as in an open hall."""
    for number in centre.counters:
        add_clerk(centre, f"bench{number}", "Bench", PIN)
        sign_in(centre, f"bench{number}", PIN, number)


def wish(centre: Centre, n: int) -> dict[str, str]:
    """What the n-th person asks for: the services in turn, and each tenth time as a first class."""
    services = tuple(centre.services)
    asked = {"service": services[n % len(services)]}
    if n // len(services) % ONE_IN == ONE_IN - 1:
        asked["priority"] = next(iter(centre.priorities))
    return asked


def issue(centre: Centre, n: int) -> None:
    take_ticket(centre, actor="bench", **wish(centre, n))


def call(centre: Centre, counter: int) -> None:
    call_next(centre, counter, clerk=f"bench{counter}")


@dataclass(frozen=True, slots=True)
class Work:
    """What processes did at once: the milliseconds of each issue and of each next, how many of
    both in a second all together, and how much of all cores was busy meanwhile, in percent."""

    issued: list[float]
    called: list[float]
    rate: float
    busy: float


def work_at_once(configs: Sequence[Path], seconds: float, *, calling: bool = True) -> Work:
    """A process for each configuration that issues, and calls next at a counter of its own."""
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(len(configs)), context.Queue()
    processes = [
        context.Process(target=_work, args=(config, n + 1, seconds, calling, start, told))
        for n, config in enumerate(configs)
    ]
    for process in processes:
        process.start()
    found = [told.get(timeout=PATIENCE + seconds) for _ in processes]
    for process in processes:
        process.join()
    return Work(
        issued=[sample for times, _, _, _ in found for sample in times],
        called=[sample for _, times, _, _ in found for sample in times],
        rate=sum((len(issued) + len(called)) / took for issued, called, took, _ in found),
        busy=median(busy for _, _, _, busy in found),
    )


def _work(
    config_path: Path,
    counter: int,
    seconds: float,
    calling: bool,
    start: Barrier,
    told: Queue[tuple[list[float], list[float], float, float]],
) -> None:
    centre = open_bench(config_path)
    issue(centre, counter)
    issued: list[float] = []
    called: list[float] = []
    start.wait(PATIENCE)
    psutil.cpu_percent()
    begun = now = time.perf_counter()
    while now - begun < seconds:
        before = now
        issue(centre, len(issued))
        now = time.perf_counter()
        issued.append((now - before) * 1e3)
        if calling:
            before = now
            call(centre, counter)
            now = time.perf_counter()
            called.append((now - before) * 1e3)
    told.put((issued, called, now - begun, psutil.cpu_percent()))
    centre.database.close()
