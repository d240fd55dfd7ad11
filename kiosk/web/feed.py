"""The change feed to browsers: state read once per change, shared bytes, never a backlog.

A thread follows the store and pokes the event loop; the loop has the state rendered on the
reading thread, the first change at once and then at most five times a second, and lays the
newest bytes before every stream. A slow browser misses what is out of date, never what is true.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.office import appointments, counter_displays, hall, keys, ratings, sessions
from kiosk.office.direction import follow_orders_now
from kiosk.office.overview import read_overview
from kiosk.rights import Right
from kiosk.web import answers, desk_answers, hall_answers, rating_answers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping

    from kiosk.appointments import Appointment
    from kiosk.board import Board, DeviceHealth
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.office.keys import Key
    from kiosk.office.sessions import SignedIn
    from kiosk.web.current import Current
    from kiosk.web.lanes import Lane

log = logging.getLogger(__name__)

RENDER_SECONDS: Final = 0.2
PING_SECONDS: Final = 10.0
RETRY_MILLISECONDS: Final = 1000

_HELLO: Final = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
_PING: Final = b": ping\n\n"
_LOCKED: Final = b"event: locked\ndata: {}\n\n"
_SIGNED_OUT: Final = b"event: signed-out\ndata: {}\n\n"


def _frame(event: str, data: str, seq: int | None = None) -> bytes:
    head = "" if seq is None else f"id: {seq}\n"
    return f"{head}event: {event}\ndata: {data}\n\n".encode()


@dataclass(frozen=True, slots=True)
class State:
    """What one rendering found: the hall, the view of each counter, what the displays at counters
    show, and which sessions live and which keys stand."""

    board: bytes
    views: Mapping[int, bytes]
    hall: Mapping[Right, bytes]
    live: Mapping[str, SignedIn]
    displays: Mapping[int, bytes]
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Around:
    """What all of the staff are shown beside their own work."""

    devices: tuple[DeviceHealth, ...]
    jobs: tuple[OpenJob, ...]
    mark: str
    booked: tuple[Appointment, ...]


def _counter_frames(
    centre: Centre, numbers: Iterable[int], board: Board, around: _Around
) -> dict[int, bytes]:
    views = hall.read_counters(centre, numbers)
    told = desk_answers.counter_views(
        centre, views.values(), around.devices, around.jobs, around.booked, board, around.mark
    )
    return {number: _frame("counter", data) for number, data in told.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a rendering is for: the sessions and the keys of streams, and the counters whose
    displays listen. ``mark`` is that of pages that are not out of date."""

    tokens: Collection[str] = ()
    digests: Collection[str] = ()
    displays: Collection[int] = ()
    mark: str = ""


def render(centre: Centre, wanted: Wanted) -> State:
    """What the streams of these sessions, keys and displays, and those without, are to be sent."""
    board = hall.read_board(centre)
    live = sessions.live(centre, wanted.tokens)
    open_ = {known.counter for known in live.values() if known.counter and not known.locked}
    seen = {right for known in live.values() if (right := _hall_right(known))}
    views, halls = dict[int, bytes](), dict[Right, bytes]()
    if open_ or seen:
        around = _Around(
            hall.read_devices(centre),
            hall.read_jobs(centre),
            wanted.mark,
            appointments.read_appointments(centre),
        )
        views = _counter_frames(centre, sorted(open_), board, around)
        halls = _hall_frames(centre, seen, board, around) if seen else {}
    shown = _frame("board", answers.board(centre, board).model_dump_json(), board.seq)
    known_keys = keys.known(centre, wanted.digests) if wanted.digests else frozenset[str]()
    displays = _display_frames(centre, wanted.displays)
    return State(shown, views, halls, live, displays, known_keys)


def _display_frames(centre: Centre, numbers: Iterable[int]) -> dict[int, bytes]:
    wanted = sorted(numbers)
    shown = counter_displays.read_displays(centre, wanted) if wanted else ()
    return {
        known.counter: _frame("display", rating_answers.display(centre, known).model_dump_json())
        for known in shown
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
    return {right: _frame("hall", by_right[right].model_dump_json()) for right in rights}


@dataclass(slots=True, eq=False)
class Stream:
    """What one browser has still to be sent: of each kind of event only the newest.

    ``token`` is that of its session, ``digest`` that of its key; that of the ``display`` at a
    counter hears of nothing else.
    """

    token: str | None
    digest: str | None = None
    display: int | None = None
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
        """All there is to send, as it comes, and a comment whenever ten seconds were silent."""
        yield _HELLO
        while True:
            try:
                await asyncio.wait_for(self.stirred.wait(), PING_SECONDS)
            except TimeoutError:
                yield _PING
                continue
            self.stirred.clear()
            ended, news, self.news = self.ended, self.news, {}
            if news:
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
        self._task: asyncio.Task[None] | None = None
        self._trouble: str | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._streams)

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._serve())
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
        if self._task is not None:
            self._task.cancel()

    async def stream(
        self, token: str | None, key: Key | None = None, *, display: int | None = None
    ) -> AsyncIterator[bytes]:
        """The state now and then each change, until the browser goes, the session ends or the key
        is removed."""
        stream = Stream(token, key.digest if key else None, display)
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
            except (Unavailable, Refused):
                continue
            except Exception:
                log.exception("a change could not be shown")

    async def _publish(self, streams: Iterable[Stream]) -> None:
        tokens = {stream.token for stream in streams if stream.token}
        wanted = Wanted(
            tokens,
            {stream.digest for stream in streams if stream.digest},
            {stream.display for stream in streams if stream.display is not None},
            self._current.mark,
        )
        try:
            state = await self._reader.run(lambda: render(self._current.centre, wanted))
        except Unavailable as trouble:
            self._note(trouble.code)
            frame = _frame("unavailable", json.dumps({"code": trouble.code}))
            for stream in streams:
                stream.put("unavailable", frame)
            return
        self._note(None)
        for stream in streams:
            stream.news.pop("unavailable", None)
            if stream.digest is not None and stream.digest not in state.keys:
                self._dismiss(stream)
            elif stream.display is not None:
                stream.put("display", state.displays[stream.display])
            elif stream.token is None:
                stream.put("board", state.board)
            elif stream.token not in state.live:
                self._dismiss(stream)
            else:
                stream.put("board", state.board)
                self._show(stream, state, state.live[stream.token])

    @staticmethod
    def _show(stream: Stream, state: State, known: SignedIn) -> None:
        """What a member of staff sees, and nothing while the page is locked."""
        if known.locked:
            for kind in ("counter", "hall"):
                stream.news.pop(kind, None)
            stream.put("locked", _LOCKED)
            return
        stream.news.pop("locked", None)
        if known.counter is not None:
            stream.put("counter", state.views[known.counter])
        if right := _hall_right(known):
            stream.put("hall", state.hall[right])

    def _note(self, trouble: str | None) -> None:
        """Logs a failing store once, and once when it can be read again."""
        if trouble and trouble != self._trouble:
            log.warning("browsers see no changes: %s", trouble)
        elif self._trouble and not trouble:
            log.warning("browsers see changes again")
        self._trouble = trouble
