"""A full hall: sixty counters that call every two seconds while a hundred streams are open.

Web and print run as they do in an office, the crowd in a process of its own; the touch window runs
in this process so that its frames can be timed. The floor is the same crowd at a bare server.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

from bench.crew import ONE_IN, PIN, wish
from bench.crowd import Crowd, Heard, work
from bench.figures import Figure
from bench.web import free_port, serving
from bench.wire import post
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_jobs
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.processes import YIELDING
from kiosk.rights import StaffRole
from kiosk.touch.window import TouchWindow
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kiosk.office.centre import Centre

QUICK: Final = 60.0
FULL: Final = 600.0
"""Seconds."""

MORE: Final = ("G", "H", "K", "L", "M", "N")
EACH: Final = 3
"""Services that a counter takes."""
WAITING: Final = 20
"""People who wait for each service at the start."""
FLOOR_SECONDS: Final = 15.0
STILL_SECONDS: Final = 5.0
FRAME_MS: Final = 100
LOOK_MS: Final = 1000
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Hall:
    """How many work and watch in it: streams are those of all of them."""

    counters: int = 60
    supervisors: int = 5
    boards: int = 35


FULL_HALL: Final = Hall()


class Watch:
    """What is seen of the processes meanwhile: the web's megabytes at each look, and of one core
    the share that each took, in percent."""

    def __init__(self, processes: Mapping[str, psutil.Process]) -> None:
        self.megabytes: list[float] = []
        self.shares: dict[str, float] = {}
        self._processes = processes
        self._begun = time.monotonic()
        self._used = self._seconds()
        self.look()

    def look(self) -> None:
        if "web" in self._processes:
            self.megabytes.append(self._processes["web"].memory_info().rss / 2**20)
        took = time.monotonic() - self._begun
        used = self._seconds()
        self.shares |= {name: (used[name] - self._used[name]) / took * 100 for name in used}

    def told(self) -> str:
        """In two lines for whoever measures."""
        last = len(self.megabytes) - 1
        shown = [*range(0, last, max(1, min(60, last // 4))), last]
        memory = " ".join(f"{self.megabytes[n]:.0f}" for n in shown)
        shares = ", ".join(f"{name} {share:.0f} %" for name, share in self.shares.items())
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        return f"memory of the web, MB: {memory}\nof one core: {shares}; load {load}"

    def _seconds(self) -> dict[str, float]:
        """Of a core that each took so far, as long as it runs."""
        found = {}
        for name, process in self._processes.items():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                found[name] = times.user + times.system
        return found


class Glass:
    """The touch window, whose frames are asked for and timed."""

    def __init__(self, config_path: Path) -> None:
        config = load(config_path)
        self._centre = open_centre(config)
        self._post = GuiPost()
        self._worker = Worker(self._post)
        self._feed = Feed(self._centre.database, self._post)
        self._touch = TouchWindow(self._centre, config.touch, self._post, self._worker, self._feed)
        self._asked: float | None = None
        self._frames: list[float] = []
        self._touch.window.frameSwapped.connect(self._framed)
        self._feed.start()
        self._touch.show()

    def close(self) -> None:
        self._feed.close()
        self._worker.close()
        self._post.close()
        self._touch.close()
        self._centre.database.close()

    def frames(self, done: Callable[[], bool], look: Callable[[], None]) -> list[float]:
        """Milliseconds from asking for a frame to having it, until ``done``; looks each second."""
        self._frames, self._asked = [], None
        loop, asking, looking = QEventLoop(), QTimer(), QTimer()
        asking.timeout.connect(self._ask)
        asking.timeout.connect(lambda: loop.quit() if done() else None)
        looking.timeout.connect(look)
        asking.start(FRAME_MS)
        looking.start(LOOK_MS)
        loop.exec()
        asking.stop()
        looking.stop()
        return self._frames

    def _ask(self) -> None:
        if self._asked is None:
            self._asked = time.perf_counter()
            self._touch.window.update()

    def _framed(self) -> None:
        if self._asked is not None:
            self._frames.append((time.perf_counter() - self._asked) * 1e3)
            self._asked = None


def measure(config_path: Path, seconds: float, hall: Hall = FULL_HALL) -> list[Figure]:
    """``config_path`` is an office of its own, which is made larger."""
    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    load_fonts()
    _enlarge(config_path, hall)
    config = load(config_path)
    centre = open_centre(config)
    crowd = _crowd(centre, config.web.port, seconds, hall)
    plain = free_port()
    bare = Crowd(
        plain, crowd.clerks, crowd.watchers, crowd.boards, crowd.orders,
        min(FLOOR_SECONDS, seconds),
    )  # fmt: skip
    beside = ("bench.bare", str(plain), str(config_path.parent / "bare.db"))
    kiosk = ("kiosk", "run", "--role", "web", "--role", "print", "--config", str(config_path))
    print(f"load before: {' '.join(f'{value:.1f}' for value in os.getloadavg())}", flush=True)
    glass = Glass(config_path)
    try:
        with serving(beside, plain) as process:
            psutil.Process(process.pid).nice(YIELDING)
            floors = [_gather(glass, bare)[0]]
        with serving(kiosk, config.web.port) as process:
            _settle(centre)
            ends = time.monotonic() + min(STILL_SECONDS, seconds)
            still = glass.frames(lambda: time.monotonic() > ends, lambda: None)
            heard, frames, watch = _gather(glass, crowd, process.pid)
        with serving(beside, plain) as process:
            psutil.Process(process.pid).nice(YIELDING)
            floors.append(_gather(glass, bare)[0])
    finally:
        glass.close()
        centre.database.close()
    print(watch.told())
    print(_told(heard, hall))
    return _figures(floors, heard, still, frames, watch)


def _figures(
    floors: Sequence[Heard],
    heard: Heard,
    still: Sequence[float],
    frames: Sequence[float],
    watch: Watch,
) -> list[Figure]:
    called = [took for floor in floors for took in floor.called]
    told = [took for floor in floors for took in floor.told["board"]]
    least, sight, quiet = median(called), median(told), median(still)
    streams = {"counter": "the clerk's", "board": "a board's", "hall": "a supervisor's"}
    start = watch.megabytes[: max(1, len(watch.megabytes) // 10)]
    return [
        Figure("floor: next at a bare server, the same crowd", called),
        Figure("floor: call to a board's stream of it", told),
        Figure("full hall: next", heard.called, floor=least, target="p99 <= 150 ms"),
        Figure("full hall: a number", heard.issued, floor=least),
        *(
            Figure(f"full hall: call to {name} stream", heard.told[kind], "ms", sight,
                   "p99 <= 250 ms")
            for kind, name in streams.items()
        ),
        Figure("full hall: streams lost", [heard.lost], "of all", target="0"),
        Figure("full hall: memory of the web", watch.megabytes, "MB", median(start), "flat"),
        Figure("touch window: a frame before", still),
        Figure("touch window: a frame meanwhile", frames, "ms", quiet, "the same"),
    ]  # fmt: skip


def _told(heard: Heard, hall: Hall) -> str:
    streams = hall.counters + hall.supervisors + hall.boards
    calls, sizes = len(heard.called), heard.sizes
    bytes_ = ", ".join(f"{kind} {sizes.get(kind, 0) / 1024:.1f} KiB" for kind in sizes)
    tellings = sum(map(len, heard.told.values()))
    return (
        f"{calls} calls ({heard.idle} found nobody), {len(heard.issued)} numbers, {streams} streams"
        f" with {heard.frames} frames ({bytes_}); {heard.shown} of {tellings} tellings by"
        f" the call itself, {heard.untold} never"
    )


def _gather(glass: Glass, crowd: Crowd, pid: int | None = None) -> tuple[Heard, list[float], Watch]:
    """The crowd at work in a process of its own, and the touch window's frames meanwhile."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(crowd, theirs))
    process.start()
    theirs.close()
    watch = Watch(dict(_processes(pid, process.pid)))
    frames = glass.frames(lambda: ours.poll() or not process.is_alive(), watch.look)
    heard: Heard = ours.recv()
    process.join()
    return heard, frames, watch


def _processes(pid: int | None, crowd: int | None) -> Iterator[tuple[str, psutil.Process]]:
    children = psutil.Process(pid).children() if pid is not None else []
    for child in children:
        command = child.cmdline()
        yield command[command.index("--role") + 1], child
    yield "touch", psutil.Process()
    yield "crowd", psutil.Process(crowd)


def _enlarge(config_path: Path, hall: Hall) -> None:
    """Twelve services, and counters that take some of them each; a printer that takes whatever it
    is sent: a preview draws each slip a second time, which no office has to."""
    text = config_path.read_text("utf-8")
    text = text.replace('connection = "preview"\n', 'connection = "file"\n', 1)
    text = text.replace('device = ""\n', f'device = "{os.devnull}"\n', 1)
    shipped = re.findall(r'(?m)^\[\[service\]\]\ncode = "(\w+)"', text)
    codes = [*shipped, *MORE]
    text = re.sub(r"(?ms)^\[\[counter\]\]\n.*?(?=^\[\[(?!counter\]\]))", "", text)
    added = [
        f'[[service]]\ncode = "{code}"\nname.vi = "{code}"\nname.en = "{code}"' for code in MORE
    ]
    for n in range(hall.counters):
        mine = [codes[(n + 4 * k) % len(codes)] for k in range(EACH)]
        added.append(f"[[counter]]\nnumber = {n + 1}\nservices = {mine}")
    config_path.write_text(f"{text}\n" + "\n\n".join(added) + "\n", "utf-8")


def _crowd(centre: Centre, port: int, seconds: float, hall: Hall) -> Crowd:
    """Everybody signed in and the first people waiting."""
    clerks = {n: _session(centre, f"bench{n}", n) for n in range(1, hall.counters + 1)}
    watchers = [_session(centre, f"chief{n}", None) for n in range(hall.supervisors)]
    for n in range(WAITING * len(centre.services)):
        take_ticket(centre, actor="bench", **wish(centre, n))
    orders = [post("/api/tickets", wish(centre, n)) for n in range(ONE_IN * len(centre.services))]
    return Crowd(port, clerks, tuple(watchers), hall.boards, tuple(orders), seconds)


def _session(centre: Centre, login: str, counter: int | None) -> tuple[str, ...]:
    """The headers of a clerk at the counter, or of a supervisor at none."""
    role = StaffRole.CLERK if counter is not None else StaffRole.SUPERVISOR
    add_clerk(centre, login, "Bench", PIN, role)
    known = sign_in(centre, login, PIN, counter)
    return (f"Cookie: kiosk_session={known.token}", f"X-CSRF-Token: {known.csrf_token}")


def _settle(centre: Centre) -> None:
    """Until the slips of those who wait are out."""
    deadline = time.monotonic() + PATIENCE
    while read_jobs(centre) and time.monotonic() < deadline:
        time.sleep(0.1)
