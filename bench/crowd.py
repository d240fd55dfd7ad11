"""A full hall over HTTP from one process: clerks who press next, citizens, and open streams.

All of it on one event loop and bare sockets, so that it costs little beside what is measured.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Final

from bench.wire import Answer, answer_in, check, post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

KIOSKS: Final = 30
"""Connections over which citizens take their numbers."""
PATIENCE: Final = 30.0
LAST_SECONDS: Final = 1.0
"""So long the last calls are waited for."""
NOBODY: Final = 204
KINDS: Final = ("counter", "board", "hall")
_KEPT: Final = 8
"""Frames that a stream keeps: a frame may come before the answer to the call that it shows."""
_SEQ: Final = re.compile(rb'"seq": ?(\d+)')


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is in the hall: ``clerks`` are the headers of each session by its counter, ``watchers``
    those of supervisors, ``boards`` streams of nobody; ``orders`` are posted in turn.

    Each clerk presses next every ``pause`` seconds, for ``seconds``; numbers are taken as often.
    """

    port: int
    clerks: dict[int, tuple[str, ...]]
    watchers: tuple[tuple[str, ...], ...]
    boards: int
    orders: tuple[bytes, ...]
    seconds: float
    pause: float = 2.0


@dataclass(slots=True)
class Heard:
    """What the crowd met: milliseconds of each next and each number, and by kind of stream those
    from the moment of a call to the frame that tells it, or a later state.

    ``shown`` frames held the call itself, ``untold`` calls were told in none within a second of
    the end, ``idle`` presses found nobody who waits, ``lost`` streams ended by themselves;
    ``sizes`` are the bytes of a stream's last news by kind.
    """

    called: list[float] = field(default_factory=list)
    issued: list[float] = field(default_factory=list)
    told: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    shown: int = 0
    idle: int = 0
    lost: int = 0
    untold: int = 0
    frames: int = 0
    sizes: dict[str, int] = field(default_factory=dict)


class _Line(asyncio.Protocol):
    """A kept connection on which one request at a time is answered."""

    def __init__(self) -> None:
        self._received = b""
        self._asked: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, piece: bytes) -> None:
        answer, self._received = answer_in(self._received + piece)
        if answer is not None and self._asked is not None:
            self._asked.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> tuple[Answer, float]:
        """The answer, and its milliseconds."""
        assert self._transport is not None
        self._asked = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        self._transport.write(request)
        answer = await self._asked
        return answer, (time.perf_counter() - begun) * 1e3

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that a stream is to tell: its event, what shows it, and its moment."""

    version: int
    shown: bytes
    at: float


class _Ear(asyncio.Protocol):
    """An open stream of which one kind of event is listened to."""

    def __init__(self, kind: str, heard: Heard) -> None:
        self.kind = kind
        self.first = asyncio.get_running_loop().create_future()
        self.closing = False
        self.calls: list[_Call] = []
        self._heard = heard
        self._mark = f"event: {kind}\n".encode()
        self._received = bytearray()
        self._streaming = False
        self._frames: deque[tuple[int, float, bytes]] = deque(maxlen=_KEPT)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, headers: tuple[str, ...]) -> None:
        assert self._transport is not None
        lines = ("GET /api/changes HTTP/1.1", "Host: localhost", *headers, "", "")
        self._transport.write("\r\n".join(lines).encode())

    def data_received(self, piece: bytes) -> None:
        self._received += piece
        if not self._streaming:
            head, found, body = bytes(self._received).partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                self.first.set_exception(RuntimeError(head.decode()))
                return
            self._streaming, self._received = True, bytearray(body)
        while (at := self._received.find(b"\r\n")) >= 0:
            end = at + 2 + int(self._received[:at], 16)
            if len(self._received) < end + 2:
                return
            self._frame(bytes(self._received[at + 2 : end]))
            del self._received[: end + 2]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.closing:
            self._heard.lost += 1
        if not self.first.done():
            self.first.set_exception(ConnectionError("the server hung up"))

    def close(self) -> None:
        self.closing = True
        if self._transport is not None:
            self._transport.abort()

    def expect(self, call: _Call) -> None:
        """Counts the frame that tells the call, which may have come already."""
        if not any(self._tells(frame, call) for frame in self._frames):
            self.calls.append(call)

    def _frame(self, data: bytes) -> None:
        start = data.find(self._mark)
        found = _SEQ.search(data, start) if start >= 0 else None
        if found is None:
            return
        frame = (int(found[1]), time.time(), data)
        self._heard.frames += 1
        self._heard.sizes[self.kind] = len(data)
        self._frames.append(frame)
        self.calls = [call for call in self.calls if not self._tells(frame, call)]
        if not self.first.done():
            self.first.set_result(None)

    def _tells(self, frame: tuple[int, float, bytes], call: _Call) -> bool:
        seq, at, data = frame
        if seq < call.version:
            return False
        self._heard.told[self.kind].append((at - call.at) * 1e3)
        self._heard.shown += call.shown in data
        return True


def work(crowd: Crowd, told: Connection) -> None:
    """What a process of its own does; ``told`` is sent what it Heard."""
    told.send(asyncio.run(gather(crowd)))


async def gather(crowd: Crowd) -> Heard:
    """The crowd at work until its time is over."""
    heard = Heard()
    ears: list[_Ear] = []
    try:
        own = {
            n: await _ear(crowd, "counter", head, ears, heard) for n, head in crowd.clerks.items()
        }
        boards = [await _ear(crowd, "board", (), ears, heard) for _ in range(crowd.boards)]
        halls = [await _ear(crowd, "hall", head, ears, heard) for head in crowd.watchers]
        pairs = [(board, halls[n % len(halls)]) for n, board in enumerate(boards)]
        await _be_busy(crowd, own, pairs, heard)
        await asyncio.sleep(LAST_SECONDS)
        heard.untold = sum(len(ear.calls) for ear in ears)
    finally:
        for ear in ears:
            ear.close()
        await asyncio.sleep(0)
    return heard


async def _be_busy(
    crowd: Crowd, own: Mapping[int, _Ear], pairs: Sequence[tuple[_Ear, _Ear]], heard: Heard
) -> None:
    """Presses and takes numbers; each call is listened for at the clerk's stream and at the next of
    the ``pairs`` of a board and a supervisor."""
    step, others, orders = crowd.pause / len(crowd.clerks), cycle(pairs), cycle(crowd.orders)

    async def press(ear: _Ear, request: bytes, line: _Line) -> None:
        answer, took = await line.ask(request)
        heard.called.append(took)
        if answer.status == NOBODY:
            heard.idle += 1
            return
        check(answer)
        for at, call in zip((ear, *next(others)), _calls(answer), strict=True):
            at.expect(call)

    async def take(line: _Line) -> None:
        answer, took = await line.ask(next(orders))
        heard.issued.append(took)
        check(answer)

    async with asyncio.TaskGroup() as group:
        for n, (counter, head) in enumerate(crowd.clerks.items()):
            request = post(f"/api/counters/{counter}/next", {}, *head)
            work = partial(press, own[counter], request)
            group.create_task(_repeat(crowd, work, n * step, crowd.pause))
        for n in range(KIOSKS):
            first, every = (n + 0.5) * step, KIOSKS * step
            group.create_task(_repeat(crowd, take, first, every, catching_up=True))


def _calls(answer: Answer) -> tuple[_Call, _Call, _Call]:
    """The call of this answer, as the clerk's own stream, a board's and a supervisor's tell it."""
    ticket = json.loads(answer.body)
    version, number = ticket["version"], ticket["number"]
    at = datetime.fromisoformat(ticket["called_at"]).timestamp()
    shown = (
        f'"current":{{"id":"{ticket["id"]}"',
        f'"seq":{version},"number":"{number}"',
        f'"ticket":"{number}"',
    )
    own, board, hall = (_Call(version, text.encode(), at) for text in shown)
    return own, board, hall


async def _repeat(
    crowd: Crowd,
    work: Callable[[_Line], Awaitable[None]],
    first: float,
    every: float,
    *,
    catching_up: bool = False,
) -> None:
    """Does it again and again on a connection of its own; at once where its time is over.

    Who is catching up leaves none out: as many people come, however slowly they are served.
    """
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(_Line, "127.0.0.1", crowd.port)
    begun = loop.time()
    due = begun + first
    try:
        while due < begun + crowd.seconds:
            await asyncio.sleep(due - loop.time())
            async with asyncio.timeout(PATIENCE):
                await work(line)
            due = due + every if catching_up else max(due + every, loop.time())
    finally:
        line.close()
        await asyncio.sleep(0)


async def _ear(
    crowd: Crowd, kind: str, headers: tuple[str, ...], ears: list[_Ear], heard: Heard
) -> _Ear:
    """An open stream whose first frame has come, laid beside the others."""
    loop = asyncio.get_running_loop()
    _, ear = await loop.create_connection(lambda: _Ear(kind, heard), "127.0.0.1", crowd.port)
    ears.append(ear)
    ear.ask(headers)
    await asyncio.wait_for(ear.first, PATIENCE)
    return ear
