"""The change feed to browsers: state read once per change, shared bytes, never a backlog.

A thread follows the store and pokes the event loop; the loop has the state rendered on the
reading thread, the first change at once and then at most five times a second, and lays the
newest bytes before every stream: the board first, which people look at, then what staff see,
piece by piece, so that one is on its way while the next is rendered. A slow browser misses what is
out of date, never what is true.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.office import (
    appointments,
    counter_displays,
    enrolments,
    hall,
    keys,
    ratings,
    sessions,
)
from kiosk.office.ordered import follow_orders_now
from kiosk.office.overview import read_overview
from kiosk.rights import Right
from kiosk.web import answers, desk_answers, hall_answers, rating_answers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping

    from pydantic import BaseModel

    from kiosk.appointments import Appointment
    from kiosk.board import Board, CounterView, DeviceHealth
    from kiosk.office.centre import Centre
    from kiosk.office.enrolments import Device
    from kiosk.office.hall import OpenJobs
    from kiosk.office.keys import Key
    from kiosk.office.sessions import SignedIn
    from kiosk.web.current import Current
    from kiosk.web.lanes import Lane

log = logging.getLogger(__name__)

RENDER_SECONDS: Final = 0.2
PING_SECONDS: Final = 10.0
DESKS_AT_ONCE: Final = 15
"""The views of so many counters are on their way while the next ones are rendered."""
RETRY_MILLISECONDS: Final = 1000

_HELLO: Final = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
_PING: Final = b": ping\n\n"
_LOCKED: Final = b"event: locked\ndata: {}\n\n"
_SIGNED_OUT: Final = b"event: signed-out\ndata: {}\n\n"


def _frame(event: str, data: bytes, seq: int | None = None) -> bytes:
    head = "" if seq is None else f"id: {seq}\n"
    return b"%sevent: %s\ndata: %s\n\n" % (head.encode(), event.encode(), data)


def _framed(event: str, answer: BaseModel, seq: int | None = None) -> bytes:
    return _frame(event, answer.model_dump_json().encode(), seq)


@dataclass(frozen=True, slots=True)
class Open:
    """What a rendering found that is for everybody: the board, what the displays at counters show;
    and which sessions live, which keys stand and which devices are enrolled."""

    board: Board
    shown: bytes
    displays: Mapping[int, bytes]
    live: Mapping[str, SignedIn]
    keys: frozenset[str]
    devices: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Around:
    """What all of the staff are shown beside their own work."""

    devices: tuple[DeviceHealth, ...]
    jobs: OpenJobs
    mark: str
    booked: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class ForStaff:
    """What it found for staff: the hall by the right with which it is seen, and what is to be shown
    at each counter at which somebody works, as ``desks`` tells it."""

    hall: Mapping[Right, bytes]
    counters: Mapping[int, CounterView]
    desks: desk_answers.Desks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a rendering is for: the sessions, the keys and the devices of streams, and the counters
    whose displays listen."""

    tokens: Collection[str] = ()
    digests: Collection[str] = ()
    devices: Collection[str] = ()
    displays: Collection[int] = ()


def render_open(centre: Centre, wanted: Wanted) -> Open:
    """What streams without a session are to be sent, and who may be sent more."""
    board = hall.read_board(centre)
    return Open(
        board,
        _framed("board", answers.board(centre, board), board.seq),
        _display_frames(centre, wanted.displays),
        sessions.live(centre, wanted.tokens),
        keys.known(centre, wanted.digests) if wanted.digests else frozenset(),
        enrolments.known(centre, wanted.devices) if wanted.devices else frozenset(),
    )


def render_staff(centre: Centre, found: Open, mark: str, people: desk_answers.People) -> ForStaff:
    """What the sessions that live are to be sent beside the board.

    ``mark`` is that of pages that are not out of date; ``people`` is kept as Desks has it.
    """
    live = found.live.values()
    open_ = {known.counter for known in live if known.counter and not known.locked}
    seen = {right for known in live if (right := _hall_right(known))}
    around = _Around(
        hall.read_devices(centre),
        hall.read_open_jobs(centre),
        mark,
        appointments.read_appointments(centre),
    )
    return ForStaff(
        _hall_frames(centre, seen, found.board, around) if seen else {},
        hall.read_counters(centre, sorted(open_)),
        desk_answers.Desks(
            centre, around.devices, around.jobs, around.booked, found.board, mark, people
        ),
    )


def render_counters(staff: ForStaff, numbers: Iterable[int]) -> dict[int, bytes]:
    """What is sent to some of the counters."""
    return {
        number: _frame("counter", staff.desks.told(staff.counters[number])) for number in numbers
    }


def _called(view: CounterView) -> int:
    """The last event of whoever is at the counter."""
    return view.current.version if view.current else 0


def _display_frames(centre: Centre, numbers: Iterable[int]) -> dict[int, bytes]:
    # One that kiosk.toml has no longer is told so by its page, when that is asked for again.
    wanted = sorted(number for number in numbers if number in centre.counters)
    shown = counter_displays.read_displays(centre, wanted) if wanted else ()
    return {
        known.counter: _framed("display", rating_answers.display(centre, known)) for known in shown
    }


def _hall_right(known: SignedIn) -> Right | None:
    """By which right somebody sees the hall."""
    if known.locked:
        return None
    return next((right for right in (Right.HALL, Right.RECEPTION) if known.may(right)), None)


def _hall_frames(
    centre: Centre, rights: Iterable[Right], board: Board, around: _Around
) -> dict[Right, bytes]:
    told = hall_answers.hall(
        centre,
        board,
        read_overview(centre),
        around.devices,
        around.jobs,
        around.booked,
        around.mark,
    )
    rated = rating_answers.hall_ratings(centre, ratings.read_ratings(centre))
    by_right = {
        Right.HALL: told.model_copy(update={"ratings": rated if centre.rating.enabled else None}),
        Right.RECEPTION: told.model_copy(update={"alarms": ()}),
    }
    return {right: _framed("hall", by_right[right]) for right in rights}


@dataclass(slots=True, eq=False)
class Stream:
    """What one browser has still to be sent: of each kind of event only the newest.

    ``token`` is that of its session, ``digest`` that of its key, ``device`` that of the enrolled
    device which may listen without a session; that of the ``display`` at a counter hears of nothing
    else. ``sent`` is when something was sent last, on the monotonic clock.
    """

    token: str | None
    digest: str | None = None
    device: str | None = None
    display: int | None = None
    sent: float = field(default_factory=time.monotonic)
    news: dict[str, bytes] = field(default_factory=dict)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def put(self, kind: str, frame: bytes) -> None:
        self.news[kind] = frame
        self.stirred.set()

    def end(self) -> None:
        self.ended = True
        self.stirred.set()

    async def frames(self) -> AsyncIterator[bytes]:
        """All there is to send, as it comes."""
        yield _HELLO
        while True:
            await self.stirred.wait()
            self.stirred.clear()
            ended, news, self.news = self.ended, self.news, {}
            if news:
                self.sent = time.monotonic()
                yield b"".join(news.values())
            if ended:
                return


class Feed:
    """All open streams, the thread that follows the store, and the task that serves them."""

    def __init__(self, current: Current, reader: Lane) -> None:
        self._current = current
        self._reader = reader
        self._streams: set[Stream] = set()
        self._stop = threading.Event()
        self._changed = asyncio.Event()
        self._thread: threading.Thread | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._trouble: str | None = None
        self._shown = current.centre
        self._people: desk_answers.People = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._streams)

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = (loop.create_task(self._serve()), loop.create_task(self._keep_alive()))
        self._thread = threading.Thread(target=self._follow, args=(loop,), name="web-changes")
        self._thread.start()
        self._current.changed = lambda: loop.call_soon_threadsafe(self._changed.set)

    def end_streams(self) -> None:
        """Ends every stream, and each that is asked for from now on, so that a server can stop."""
        self._closed = True
        for stream in tuple(self._streams):
            stream.end()

    def close(self) -> None:
        self.end_streams()
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        for task in self._tasks:
            task.cancel()

    async def stream(
        self,
        token: str | None,
        key: Key | None = None,
        device: Device | None = None,
        *,
        display: int | None = None,
    ) -> AsyncIterator[bytes]:
        """The state now and then each change, until the browser goes, the session ends or the key
        is removed, or the device by which somebody without a session listens."""
        guest = device.digest if device and token is None else None
        stream = Stream(token, key.digest if key else None, guest, display)
        self._streams.add(stream)
        if self._closed:
            stream.end()
        try:
            await self._publish((stream,))
            async for frame in stream.frames():
                yield frame
        finally:
            self._streams.discard(stream)

    def sign_out(self, token: str) -> None:
        for stream in tuple(self._streams):
            if stream.token == token:
                self._dismiss(stream)

    @staticmethod
    def _dismiss(stream: Stream) -> None:
        stream.put("signed-out", _SIGNED_OUT)
        stream.end()

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        for _ in self._current.centre.database.changes(self._stop):
            loop.call_soon_threadsafe(self._changed.set)
            # A thread that woke at every change would take its time from those who write.
            self._stop.wait(RENDER_SECONDS)

    async def _serve(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                if self._streams:
                    await self._publish(tuple(self._streams))
                else:
                    # What a number is told hangs on which counters take it, whoever watches.
                    await self._reader.run(lambda: follow_orders_now(self._current.centre))
            except (Unavailable, Refused) as trouble:
                self._note(trouble.code)
            except Exception:
                log.exception("a change could not be shown")

    async def _keep_alive(self) -> None:
        """A comment to each stream that was silent: whoever listens knows that it is not cut off.

        One task looks after all of them: a timer for each would cost more than what is sent.
        """
        while True:
            await asyncio.sleep(1)
            silent = time.monotonic() - PING_SECONDS
            for stream in self._streams:
                if stream.sent <= silent:
                    stream.put("ping", _PING)

    async def _publish(self, streams: Iterable[Stream]) -> None:
        centre, mark = self._current.centre, self._current.mark
        if centre is not self._shown:
            self._shown, self._people = centre, {}
        people = self._people
        wanted = Wanted(
            {stream.token for stream in streams if stream.token},
            {stream.digest for stream in streams if stream.digest},
            {stream.device for stream in streams if stream.device},
            {stream.display for stream in streams if stream.display is not None},
        )
        try:
            found = await self._reader.run(lambda: render_open(centre, wanted))
            # Boards are on their way while what staff are shown is read.
            staff = [stream for stream in streams if not self._open(stream, found)]
            if staff:
                shown = await self._reader.run(lambda: render_staff(centre, found, mark, people))
        except Unavailable as trouble:
            self._note(trouble.code)
            frame = _frame("unavailable", json.dumps({"code": trouble.code}).encode())
            for stream in streams:
                stream.put("unavailable", frame)
            return
        self._note(None)
        if not staff:
            return
        desks: dict[int, list[Stream]] = {}
        for stream in staff:
            known = found.live[str(stream.token)]
            if known.counter is not None and not known.locked:
                desks.setdefault(known.counter, []).append(stream)
            self._show(stream, found, shown, known)
        # Who has called last looks at the page now.
        numbers = sorted(desks, key=lambda number: _called(shown.counters[number]), reverse=True)
        for start in range(0, len(numbers), DESKS_AT_ONCE):
            some = numbers[start : start + DESKS_AT_ONCE]
            views = await self._reader.run(partial(render_counters, shown, some))
            for number in some:
                for stream in desks[number]:
                    self._show_counter(stream, found, views[number])

    def _open(self, stream: Stream, found: Open) -> bool:
        """Tells a stream what is for everybody; False for one that is to be told more."""
        if self._is_over(stream, found):
            self._dismiss(stream)
        elif stream.display is not None:
            stream.news.pop("unavailable", None)
            stream.put("display", found.displays[stream.display])
        elif stream.token is None:
            stream.news.pop("unavailable", None)
            stream.put("board", found.shown)
        else:
            return False
        return True

    @staticmethod
    def _is_over(stream: Stream, found: Open) -> bool:
        """Whether what the stream may be heard by is gone: its key, device or session; or what it
        shows, its counter."""
        return (
            (stream.digest is not None and stream.digest not in found.keys)
            or (stream.device is not None and stream.device not in found.devices)
            or (stream.token is not None and stream.token not in found.live)
            or (stream.display is not None and stream.display not in found.displays)
        )

    @staticmethod
    def _show(stream: Stream, found: Open, shown: ForStaff, known: SignedIn) -> None:
        """What a member of staff sees beside the own counter, and nothing while the page is
        locked."""
        stream.news.pop("unavailable", None)
        right = _hall_right(known)
        if right or known.counter is None or known.locked:
            stream.put("board", found.shown)
        if known.locked:
            for kind in ("counter", "hall"):
                stream.news.pop(kind, None)
            stream.put("locked", _LOCKED)
            return
        stream.news.pop("locked", None)
        if right:
            stream.put("hall", shown.hall[right])

    @staticmethod
    def _show_counter(stream: Stream, found: Open, view: bytes) -> None:
        """With the board: a piece costs as much as a large one."""
        if not stream.ended:
            stream.put("board", found.shown)
            stream.put("counter", view)

    def _note(self, trouble: str | None) -> None:
        """Logs a failing store once, and once when it can be read again."""
        if trouble and trouble != self._trouble:
            log.warning("browsers see no changes: %s", trouble)
        elif self._trouble and not trouble:
            log.warning("browsers see changes again")
        self._trouble = trouble
