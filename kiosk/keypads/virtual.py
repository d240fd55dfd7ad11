"""Keypads and number boards of software on one serial line, to try out and to test with."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.keypads import frames
from kiosk.keypads.frames import Decoder, Frame, Kind, Show, Sign, encode
from kiosk.presses import Press
from printer.virtual.wires import Pty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

MOST_PRESSES: Final = 4
"""So many a keypad keeps that have not been acknowledged."""
TURNAROUND_SECONDS: Final = 0.001
BITS_A_BYTE: Final = 10
LOOK_SECONDS: Final = 0.02
_NOISE: Final = bytes(range(0, 256, 7)) * 2


@dataclass(eq=False)
class VirtualKeypad:
    """A keypad as docs/keypads.md tells a maker to build it; nothing outlives ``power_cycle``."""

    address: int
    on: bool = True
    session: str = ""
    sequence: int = 0
    presses: list[tuple[Press, float]] = field(default_factory=list)
    show: Show | None = None
    sounds: list[str] = field(default_factory=list)
    acked: list[tuple[str, int]] = field(default_factory=list)

    def press(self, key: str, digits: str = "") -> bool:
        """False when the keypad refuses the key, which the clerk hears."""
        if not self.on or not self.session or self.show is None:
            return False
        if len(self.presses) >= MOST_PRESSES:
            return False
        self.sequence = self.sequence % 255 + 1
        press = Press(self.session, self.sequence, self.show.mark, key, digits)
        self.presses.append((press, time.monotonic()))
        return True

    def power_cycle(self) -> None:
        self.session, self.sequence, self.show = "", 0, None
        self.presses.clear()

    def answer(self, frame: Frame) -> Frame:
        match frame.kind:
            case Kind.OPEN:
                self.session, self.sequence = frame.payload, 0
                if self.presses:
                    self.sounds.append(frames.Sound.ERROR)
                self.presses.clear()
            case Kind.SHOW if (show := frames.read_show(frame.payload)) is not None:
                if show.session not in (frames.NO_SESSION, self.session):
                    return Frame(self.address, Kind.HELLO, answers=True)
                self._take(show)
        if not self.session:
            return Frame(self.address, Kind.HELLO, answers=True)
        if self.presses:
            press, at = self.presses[0]
            return frames.pressing(self.address, replace(press, seconds=time.monotonic() - at))
        return Frame(self.address, Kind.IDLE, answers=True)

    def _take(self, show: Show) -> None:
        if self.presses and show.acked == self.presses[0][0].sequence:
            press, _ = self.presses.pop(0)
            self.acked.append((press.session, press.sequence))
        if show.sound != frames.Sound.NONE:
            self.sounds.append(show.sound)
        self.show = show


@dataclass(eq=False)
class VirtualBoard:
    """A number board; it blinks until ``steady_at`` (monotonic seconds)."""

    address: int
    sign: Sign | None = None
    told: int = 0
    steady_at: float = 0.0

    def take(self, sign: Sign) -> None:
        self.sign, self.told = sign, self.told + 1
        self.steady_at = time.monotonic() + sign.blink

    @property
    def blinks(self) -> bool:
        return time.monotonic() < self.steady_at


class VirtualLine:
    """A line with its devices, behind a pty; ``link`` is a name for it that outlives plugging.

    With ``baudrate`` each byte takes its time. ``changed`` is called, on the line's own thread,
    with each device that shows something new.
    """

    def __init__(
        self,
        keypads: Iterable[int],
        boards: Iterable[int] = (),
        *,
        link: Path | None = None,
        baudrate: int | None = None,
        changed: Callable[[VirtualKeypad | VirtualBoard], None] | None = None,
    ) -> None:
        self.keypads = {address: VirtualKeypad(address) for address in keypads}
        self.boards = {address: VirtualBoard(address) for address in boards}
        self.heard: list[Frame] = []
        """The host's last frames."""
        self._link = link
        self._baudrate = baudrate
        self._changed = changed
        self._lock = threading.RLock()
        self._wire: Pty | None = None
        self._decoder = Decoder()
        self._stopping = False
        self._lost_answers: dict[int, int] = {}
        self._thread = threading.Thread(target=self._run, name="virtual line")

    def __enter__(self) -> VirtualLine:
        self.plug()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._thread.join()
        self.unplug()

    @property
    def device(self) -> str:
        """What kiosk.toml names."""
        assert self._wire is not None
        return str(self._link or self._wire.device)

    def plug(self) -> None:
        with self._lock:
            if self._wire is None:
                self._wire = Pty()
                if self._link is not None:
                    self._link.unlink(missing_ok=True)
                    self._link.symlink_to(self._wire.device)

    def unplug(self) -> None:
        with self._lock:
            if self._wire is not None:
                self._wire.close()
                self._wire = None
                if self._link is not None:
                    self._link.unlink(missing_ok=True)

    def press(self, address: int, key: str, digits: str = "") -> bool:
        with self._lock:
            return self.keypads[address].press(key, digits)

    def power_cycle(self, address: int) -> None:
        with self._lock:
            self.keypads[address].power_cycle()

    def lose_answers(self, address: int, number: int) -> None:
        """The next answers of that keypad do not arrive, though it has heard the host."""
        with self._lock:
            self._lost_answers[address] = number

    def send(self, data: bytes) -> None:
        """Puts bytes on the line that nobody asked for."""
        with self._lock:
            if self._wire is not None:
                self._wire.write(data)

    def make_noise(self) -> None:
        self.send(_NOISE)

    def _run(self) -> None:
        while not self._stopping:
            with self._lock:
                wire = self._wire
            if wire is None:
                time.sleep(LOOK_SECONDS)
                continue
            with contextlib.suppress(OSError, ValueError):
                if not select.select([wire.fileno()], [], [], LOOK_SECONDS)[0]:
                    continue
            with self._lock:
                data = wire.read(4096) if self._wire is wire else None
            for frame in self._decoder.feed(data or b""):
                self._carry(len(encode(frame)))
                self._take(wire, frame)

    def _take(self, wire: Pty, frame: Frame) -> None:
        if frame.answers:
            return
        self.heard = [*self.heard[-99:], frame]
        if frame.kind == Kind.BOARD:
            board, sign = self.boards.get(frame.address), frames.read_sign(frame.payload)
            if board is not None and sign is not None:
                before = board.sign
                board.take(sign)
                self._tell(board, before != sign)
            return
        keypad = self.keypads.get(frame.address)
        if keypad is None or not keypad.on:
            return
        with self._lock:
            shown, answer = keypad.show, encode(keypad.answer(frame))
            lost = self._lost_answers.get(frame.address, 0)
            self._lost_answers[frame.address] = max(0, lost - 1)
        if keypad.show is not None:
            self._tell(keypad, shown != keypad.show)
        if not lost:
            self._carry(len(answer), TURNAROUND_SECONDS)
            with self._lock:
                if self._wire is wire:
                    wire.write(answer)

    def _carry(self, size: int, more: float = 0.0) -> None:
        """The time that so many bytes take on the line."""
        if self._baudrate is not None:
            time.sleep(size * BITS_A_BYTE / self._baudrate + more)

    def _tell(self, device: VirtualKeypad | VirtualBoard, news: bool) -> None:
        if news and self._changed is not None:
            self._changed(device)


def link_is_free(path: Path) -> bool:
    """Whether a line can be made at that name: nothing is there, or a link that is nobody's."""
    return not os.path.lexists(path) or path.is_symlink()
