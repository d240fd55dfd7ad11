"""The serial line of the keypads and number boards: one host that asks, devices that answer."""

from __future__ import annotations

import errno
import os
import select
import threading
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from serial import Serial, SerialException

from kiosk.keypads.frames import NO_SESSION, Decoder, Kind, encode, read_press
from kiosk.keypads.showing import UNKNOWN, UNSURE
from kiosk.keypads.station import AGAIN_SECONDS, Board, Recent, Station

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.keypads.frames import Frame
    from kiosk.keypads.work import Work
    from kiosk.presses import CounterNow, Keypad, Press

ANSWER_SECONDS: Final = 0.03
"""How long after the host's last byte the answer may be complete, besides its own time."""
WRITE_SECONDS: Final = 1.0
LONGEST_ANSWER: Final = 40
"""Bytes, for which time is allowed."""
MOST_BYTES: Final = 512
"""So much is read at once of what nobody asked for."""
MOST_ECHOES: Final = 4
BITS_A_BYTE: Final = 10
DEAD_GAP_SECONDS: Final = 0.15
"""Between two polls of keypads that do not answer: each takes its time from the others."""
SPARE_SECONDS: Final = 0.06
"""Between two keypads that are told no more than how many wait."""
LONGEST_WAIT: Final = 0.25
RETRY_SECONDS: Final = (0.5, 1.0, 2.0)

_REASONS: Final = {
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EBUSY: "in_use",
    errno.EAGAIN: "in_use",
}


class Lost(Exception):
    """The line is gone."""


class Line:
    """Asks the devices of one serial line in turn for as long as it is started.

    The line may be absent at the start and may come and go. ``report`` (name, state, reason) is
    called once per change, on the line's own thread; the methods may be called from any.
    """

    def __init__(
        self,
        device: str,
        baudrate: int,
        stations: Iterable[Station],
        boards: Iterable[Board],
        work: Work,
        report: Callable[[str, str, str], None],
        *,
        name: str = "keypads",
        clock: Callable[[], datetime],
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self._device = device
        self._baudrate = baudrate
        self._stations = {station.keypad.address: station for station in stations}
        self._boards = list(boards)
        self._work = work
        self._report = report
        self._name = name
        self._clock = clock
        self._retry_seconds = retry_seconds
        self._news: deque[Callable[[], None]] = deque()
        self._woken = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name)
        self._beat: Callable[[], None] = lambda: None
        self._told: dict[str, tuple[str, str]] = {}
        self._decoder = Decoder()
        self._noise = Recent(10, 10.0)
        self._masters = Recent(2, 10.0)
        self._own: deque[Frame] = deque(maxlen=MOST_ECHOES)
        self._dead_until = 0.0
        self._spare_at = 0.0
        self._idle_at = 0.0
        """When the line will have carried all that was written."""

    def start(self, beat: Callable[[], None] = lambda: None) -> None:
        """``beat`` is called whenever the line looks round."""
        self._beat = beat
        self._thread.start()

    def stop(self) -> None:
        """Returns when the line is closed."""
        self._stopping = True
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join()

    def answered(self, keypad: Keypad, press: Press, answer: str) -> None:
        self._post(partial(self._answered, self._stations[keypad.address], press, answer))

    def opened(self, keypad: Keypad, session: str | None, *, anew: bool) -> None:
        self._post(partial(self._stations[keypad.address].opened, session, anew=anew))

    def seen(self, now: Mapping[int, CounterNow] | None) -> None:
        self._post(partial(self._seen, now))

    def _post(self, news: Callable[[], None]) -> None:
        self._news.append(news)
        self._woken.set()

    def _run(self) -> None:
        failures = 0
        while not self._stopping:
            try:
                port = self._open()
            except OSError as error:
                reason = _REASONS.get(error.errno or 0, "unplugged")
            else:
                failures, reason = 0, "unplugged"
                self._tell(self._name, "ok", "")
                try:
                    self._serve(port)
                except (Lost, OSError):
                    """Told below."""
                finally:
                    with suppress(OSError):
                        port.close()
            if not self._stopping:
                self._lose(reason)
                patience = self._retry_seconds[min(failures, len(self._retry_seconds) - 1)]
                failures += 1
                self._wait(patience)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and (left := until - time.monotonic()) > 0:
            self._woken.wait(left)
            self._take_news()

    def _open(self) -> Serial:
        """OSError when the line is not there, or is another's."""
        try:
            port = Serial(
                self._device, self._baudrate, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except ValueError as error:
            raise OSError(errno.ENODEV, str(error)) from error
        # An adapter that keeps what it heard for 16 ms would take most of each answer's time.
        with suppress(OSError, ValueError, NotImplementedError):
            port.set_low_latency_mode(True)
        return port

    def _lose(self, reason: str) -> None:
        self._tell(self._name, "fault", reason)
        for station in self._stations.values():
            station.delivered = None
            self._tell_station(station, "fault", "line_away")

    def _serve(self, port: Serial) -> None:
        """Asks and tells until told to stop; Lost or OSError when the line fails."""
        now = time.monotonic()
        for station in self._stations.values():
            station.heard_at = now
            station.failures = 0
        while not self._stopping:
            self._take_news()
            now = time.monotonic()
            devices: list[Station | Board] = [*self._stations.values(), *self._boards]
            device = min(devices, key=self._due_at, default=None)
            if device is None:
                self._woken.wait(LONGEST_WAIT)
                continue
            if (wait := self._due_at(device) - now) > 0:
                self._woken.wait(min(wait, LONGEST_WAIT))
                continue
            if isinstance(device, Board):
                frame = device.frame(self._clock())
                if frame is not None:
                    self._send(port, frame)
                device.told(now)
            else:
                self._ask(port, device)
            self._tell_line()

    def _due_at(self, device: Station | Board) -> float:
        if isinstance(device, Station) and device.silent:
            return max(device.due, self._dead_until)
        return device.due

    def _take_news(self) -> None:
        self._beat()
        self._woken.clear()
        while self._news:
            self._news.popleft()()

    def _ask(self, port: Serial, station: Station) -> None:
        if station.session is None:
            self._get_session(station, anew=False)
        now = time.monotonic()
        frame, show = station.frame(now, spare=now >= self._spare_at)
        if show is not None:
            self._spare_at = now + SPARE_SECONDS
        began = self._send(port, frame)
        answer = self._hear(port, frame, began)
        now = time.monotonic()
        if answer is None:
            station.missed(now)
            if station.silent:
                self._dead_until = now + DEAD_GAP_SECONDS
            if station.dead(now):
                self._tell_station(station, "fault", "silent")
            return
        # A keypad without a session shows nothing but that the store is away.
        away = show is not None and show.session == NO_SESSION
        station.told(show if away or answer.kind != Kind.HELLO else None, now)
        if frame.kind == Kind.OPEN and answer.kind != Kind.HELLO:
            station.to_open = False
        elif answer.kind == Kind.HELLO and not station.to_open:
            self._get_session(station, anew=True)
        elif answer.kind == Kind.PRESS:
            self._pressed(station, answer, now)
        flooded = station.flood.many(now)
        if flooded:
            station.due = now + 1.0
        self._tell_station(station, *(("warning", "flooding") if flooded else ("ok", "")))

    def _pressed(self, station: Station, frame: Frame, now: float) -> None:
        press = read_press(frame.payload)
        if press is None:
            self._noise.note(now)
        elif station.session is None:
            """The store is away; the keypad shows so, and keeps the press."""
        elif press.session != station.session:
            self._get_session(station, anew=True)
        elif station.take(press, now):
            self._work.press(self, station.keypad, press)

    def _get_session(self, station: Station, *, anew: bool) -> None:
        now = time.monotonic()
        if station.opening or now - station.opening_at < AGAIN_SECONDS:
            return
        station.opening, station.opening_at = True, now
        self._work.open(self, station.keypad, anew=anew)

    def _answered(self, station: Station, press: Press, answer: str) -> None:
        now = time.monotonic()
        if answer == UNSURE:
            station.doubt(now)
            return
        station.settle(press, answer, now)
        if answer == UNKNOWN:
            self._get_session(station, anew=True)

    def _seen(self, now: Mapping[int, CounterNow] | None) -> None:
        for station in self._stations.values():
            station.seen(now.get(station.keypad.counter) if now is not None else None)
        for board in self._boards:
            board.seen(now.get(board.counter) if now is not None else None)

    def _send(self, port: Serial, frame: Frame) -> float:
        """Writes the frame; returns when its last byte will be on the line."""
        stray = self._read(port)
        for heard in self._decoder.feed(stray):
            self._heed(heard)
        self._decoder.clear()
        self._own.append(frame)
        data = encode(frame)
        try:
            port.write(data)
        except SerialException as error:
            raise Lost from error
        idle_at = max(self._idle_at, time.monotonic())
        self._idle_at = idle_at + len(data) * BITS_A_BYTE / self._baudrate
        return self._idle_at

    def _hear(self, port: Serial, asked: Frame, sent: float) -> Frame | None:
        """The answer of the device that was asked; None when there is none in time."""
        first = sent + ANSWER_SECONDS
        whole = first + LONGEST_ANSWER * BITS_A_BYTE / self._baudrate
        found: Frame | None = None
        most = MOST_BYTES
        while found is None and most > 0:
            left = (whole if self._decoder.busy else first) - time.monotonic()
            select.select([port.fileno()], [], [], max(0.0, left))
            data = self._read(port)
            # On a busy machine the time may be over though the answer was there in time.
            if not data and left <= 0:
                break
            most -= len(data)
            for frame in self._decoder.feed(data):
                if frame.answers:
                    found = frame if frame.address == asked.address else found
                self._heed(frame)
        self._decoder.clear()
        if self._decoder.noise:
            self._noise.note(time.monotonic())
            self._decoder.noise = 0
        return found

    def _heed(self, frame: Frame) -> None:
        """Notes another host's frame; some adapters hear their own."""
        if frame in self._own:
            self._own.remove(frame)
        elif not frame.answers:
            self._masters.note(time.monotonic())

    def _read(self, port: Serial) -> bytes:
        try:
            if not select.select([port.fileno()], [], [], 0)[0]:
                return b""
            data = os.read(port.fileno(), MOST_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise Lost
        return data

    def _tell_line(self) -> None:
        now = time.monotonic()
        if self._masters.many(now):
            self._tell(self._name, "warning", "second_master")
        elif self._noise.many(now):
            self._tell(self._name, "warning", "noise")
        else:
            self._tell(self._name, "ok", "")

    def _tell_station(self, station: Station, state: str, reason: str) -> None:
        self._tell(f"keypad {station.keypad.counter}", state, reason)

    def _tell(self, name: str, state: str, reason: str) -> None:
        if self._told.get(name) != (state, reason):
            self._told[name] = (state, reason)
            self._report(name, state, reason)
