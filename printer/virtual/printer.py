"""The virtual printer as a whole: one thread between its line and its mechanism."""

from __future__ import annotations

import random
import selectors
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from printer.decode import Question
from printer.saved import save_slip
from printer.virtual.answers import FAULTS, MUTE, Model, at_once, in_turn, of_itself
from printer.virtual.mechanism import Finished, Mechanism, Piece, Reached
from printer.virtual.wires import CHUNK, Pty, Tcp, listen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from PIL import Image

    from printer.virtual.mechanism import Outcome

HAPPENINGS: Final = ("hang_up", "power_cycle")
"""What is over at once, beside FAULTS, which last until they are mended."""
LATE_SECONDS: Final = 3.0
_BITS_A_BYTE: Final = 10
"""On a serial line, with start and stop."""
_SLICE_SECONDS: Final = 0.01
"""Of a slow serial line, read at once."""


@dataclass(frozen=True, slots=True)
class Received:
    at: float
    """time.monotonic()"""
    data: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """How a printer is and what it did, at one moment."""

    fault: str | None
    to_come: str | None
    """The fault that waits for its bytes, its paper or its cut."""
    connected: bool
    held: int
    """Bytes that wait to be printed."""
    slips: int
    torn: int
    junk: int
    used_mm: float
    """Of the present roll."""
    printed_mm: float


class VirtualPrinter:
    """A printer at ``port`` (TCP) or ``device`` (pty) while the context lasts.

    ``model`` says what it can answer, ``echo`` and ``paper_sensor`` False that it has no GS ( H or
    no GS r all the same. It prints ``speed`` mm/s (None: at once), holds ``buffer`` bytes (None:
    any number) and holds the host back when they are full, reads a line of ``baud``, and its rolls
    are ``roll_m`` long (None: endless). ``folder`` keeps each paper as a picture; it remembers the
    last ``keep`` papers and pieces of what it was sent, None for all.
    """

    def __init__(
        self,
        *,
        tcp: int | None = None,
        pty: bool = False,
        host: str = "127.0.0.1",
        dots: int = 576,
        folder: str | Path | None = None,
        model: Model | None = None,
        echo: bool = True,
        paper_sensor: bool = True,
        speed: float | None = None,
        buffer: int | None = None,
        baud: int | None = None,
        roll_m: float | None = None,
        keep: int | None = None,
    ) -> None:
        self.port = 0
        self.device = ""
        self.slips: list[Image.Image] = []
        """Each that was cut off; one that went on over a change of paper is put together."""
        self.papers: list[Piece] = []
        """Each piece that came out."""
        self.received: list[Received] = []
        self.kicks = 0
        """Real-time commands that a picture should never hold (DLE DC4, DLE ENQ)."""
        model = model or Model()
        self._model = replace(
            model,
            echo=model.echo and echo,
            paper_sensor=model.paper_sensor and paper_sensor,
        )
        self._host = host
        self._tcp = 0 if tcp is None and not pty else tcp
        self._with_pty = pty
        self._folder = Path(folder) if folder is not None else None
        self._most = keep
        roll_mm = None if roll_m is None else roll_m * 1000
        self._mechanism = Mechanism(dots, speed=speed, roll_mm=roll_mm, doubles=self._model.doubles)
        self._buffer, self._baud = buffer, baud
        self._counts = {"slips": 0, "torn": 0}
        self._line_fault: str | None = None
        """A fault of its answers; the mechanism has the others."""
        self._late_seconds = LATE_SECONDS
        self._armed: tuple[str, int] | None = None
        self._said_asb: bytes | None = None
        """What it last said of itself; None while GS a does not ask for that."""
        self._outgoing: deque[tuple[float, bytes]] = deque()
        self._tail = b""
        self._read_at = 0.0
        """When the slow line brings more."""
        self._noise = random.Random(1)  # noqa: S311 - noise, not a secret
        self._change = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._wake_up, self._woken = socket.socketpair()
        self._server: socket.socket | None = None
        self._pty: Pty | None = None
        self._line: Tcp | Pty | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="virtual-printer")

    def __enter__(self) -> VirtualPrinter:
        try:
            self._open()
        except OSError:
            self._close()
            raise
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._wake()
        self._thread.join()
        self._close()

    def _open(self) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._selector.register(self._woken, selectors.EVENT_READ)
        if self._tcp is not None:
            self._server = listen(self._host, self._tcp, self._buffer)
            self.port = self._server.getsockname()[1]
        if self._with_pty:
            self._line = self._pty = Pty()
            self.device = self._pty.device

    def _close(self) -> None:
        self._selector.close()
        for wire in (self._line, self._server, self._wake_up, self._woken):
            if wire is not None:
                wire.close()

    # From any thread

    @property
    def junk(self) -> int:
        """Bytes that were no command: stray letters on paper."""
        return self._mechanism.junk

    @property
    def fault(self) -> str | None:
        return self._line_fault or self._mechanism.fault

    @property
    def standing(self) -> Standing:
        with self._change:
            return Standing(
                fault=self.fault,
                to_come=self._armed[0] if self._armed else self._mechanism.to_come,
                connected=self._line is not None,
                held=self._mechanism.held,
                slips=self._counts["slips"],
                torn=self._counts["torn"],
                junk=self.junk,
                used_mm=self._mechanism.used_mm,
                printed_mm=self._mechanism.printed_mm,
            )

    def set_fault(
        self,
        fault: str | None,
        *,
        after: int = 0,
        after_mm: float | None = None,
        at_cut: bool = False,
        seconds: float | None = None,
    ) -> None:
        """Breaks (one of FAULTS or HAPPENINGS) or mends the printer.

        Now, or in ``after`` more bytes, ``after_mm`` more of paper, or when it cuts the next time;
        mending forgets what was still to break. ``seconds`` is by how much it answers late.
        """
        assert fault is None or fault in (*FAULTS, *HAPPENINGS)
        with self._change:
            if seconds is not None:
                self._late_seconds = seconds
            if fault is not None and after:
                self._armed = (fault, after)
            elif fault is not None and after_mm is not None:
                self._mechanism.break_after(fault, after_mm)
            elif fault is not None and at_cut:
                self._mechanism.break_at_cut(fault)
            else:
                if fault is None:
                    self._armed = None
                    self._mechanism.disarm()
                self._happen(fault)
        self._wake()

    def hang_up(self) -> None:
        """Closes the connection; on a pty, unplugs the cable."""
        self.set_fault("hang_up")

    def power_cycle(self) -> None:
        """Loses what was not printed, tears off what was, and hangs up."""
        self.set_fault("power_cycle")

    def wait_for_slips(self, count: int, deadline: float = 5.0) -> list[Image.Image]:
        """The first ``count`` slips; TimeoutError when they have not come in ``deadline`` s."""
        with self._change:
            if not self._change.wait_for(lambda: len(self.slips) >= count, deadline):
                raise TimeoutError(f"{len(self.slips)} of {count} slips after {deadline} s")
            return self.slips[:count]

    def wait_for_papers(self, count: int, deadline: float = 5.0) -> list[Piece]:
        """The first ``count`` pieces of paper, whole and torn."""
        with self._change:
            if not self._change.wait_for(lambda: len(self.papers) >= count, deadline):
                raise TimeoutError(f"{len(self.papers)} of {count} papers after {deadline} s")
            return self.papers[:count]

    def _wake(self) -> None:
        self._wake_up.send(b"!")

    # In its own thread, or with the lock

    def _run(self) -> None:
        while not self._closing:
            with self._change:
                self._work()
                wait = self._listen()
            ready = {key.fd for key, _ in self._selector.select(wait)}
            with self._change:
                self._take_up(ready)

    def _work(self) -> None:
        """Prints and says what is due."""
        self._keep(self._mechanism.run(time.monotonic()))
        if self._said_asb is not None and of_itself(self.fault) != self._said_asb:
            self._said_asb = of_itself(self.fault)
            self._say(self._said_asb)
        while self._outgoing and self._outgoing[0][0] <= time.monotonic():
            self._send(self._outgoing.popleft()[1])

    def _listen(self) -> float | None:
        """Chooses whom to hear; returns the seconds until there is something to do anyway."""
        now = time.monotonic()
        wanted: list[Tcp | Pty | socket.socket] = []
        if self._line is None and self._server is not None:
            wanted.append(self._server)
        elif self._line is not None and self._room() and self._read_at <= now:
            wanted.append(self._line)
        for key in list(self._selector.get_map().values()):
            if key.fileobj not in (self._woken, *wanted):
                self._selector.unregister(key.fileobj)
        for wire in wanted:
            if wire.fileno() not in self._selector.get_map():
                self._selector.register(wire, selectors.EVENT_READ)
        times = [self._read_at] if self._line is not None and self._read_at > now else []
        times += [at for at, _ in list(self._outgoing)[:1]]
        due = self._mechanism.due
        times += [] if due is None else [due]
        return max(0.0, min(times) - now) if times else None

    def _room(self) -> int:
        return CHUNK if self._buffer is None else max(0, self._buffer - self._mechanism.held)

    def _take_up(self, ready: set[int]) -> None:
        if self._woken.fileno() in ready:
            self._woken.recv(64)
        if self._line is not None and self._line.fileno() in ready:
            self._read(self._line)
        elif self._server is not None and self._server.fileno() in ready and self._line is None:
            self._line = Tcp(self._server.accept()[0])

    def _read(self, line: Tcp | Pty) -> None:
        most = self._room()
        if self._baud is not None:
            most = min(most, max(1, round(self._baud / _BITS_A_BYTE * _SLICE_SECONDS)))
        data = line.read(most) if most else None
        if data is None:
            return
        if not data:
            self._hang_up(lost=False)
            return
        if self._baud is not None:
            begun = max(self._read_at, time.monotonic() - _SLICE_SECONDS)
            self._read_at = begun + len(data) * _BITS_A_BYTE / self._baud
        self._take(data)

    def _take(self, data: bytes) -> None:
        self.received.append(Received(time.monotonic(), data))
        self._forget(self.received)
        self._change.notify_all()
        if self._armed is None:
            self._swallow(data)
            return
        what, after = self._armed
        if len(data) < after:
            self._armed = (what, after - len(data))
            self._swallow(data)
            return
        self._armed = None
        self._swallow(data[:after])
        self._happen(what)
        if what not in HAPPENINGS:
            self._swallow(data[after:])

    def _swallow(self, data: bytes) -> None:
        self._mechanism.feed(data)
        self._answer_at_once(data)
        self._keep(self._mechanism.run(time.monotonic()))

    def _answer_at_once(self, data: bytes) -> None:
        """Real-time commands act on arrival, wherever they stand."""
        seen = self._tail + data
        place = seen.find(b"\x10")
        while 0 <= place < len(seen) - 2:
            name, value = seen[place + 1], seen[place + 2]
            if name == 0x04:
                self._say(at_once(self._model, self.fault, value))
            elif name in (0x05, 0x14):
                self.kicks += 1
            place = seen.find(b"\x10", place + 1)
        self._tail = seen[-2:]

    def _happen(self, what: str | None) -> None:
        if what == "hang_up":
            self._hang_up(lost=True)
        elif what == "power_cycle":
            self._lose_power()
        else:
            line = what in (*MUTE, "late", "garbage")
            self._line_fault = what if line else None
            mechanical = "cover_open" if what == "offline_mute" else None if line else what
            self._keep(self._mechanism.set_fault(mechanical))
        self._change.notify_all()

    def _lose_power(self) -> None:
        self._keep(self._mechanism.power_cycle())
        self._said_asb = self._armed = None
        self._outgoing.clear()
        self._tail = b""
        if self._line is self._pty and self._pty is not None:
            self._pty.clear()
        else:
            self._hang_up(lost=True)

    def _hang_up(self, *, lost: bool) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if line.fileno() in self._selector.get_map():
            self._selector.unregister(line)
        if lost and isinstance(line, Tcp):
            line.reset()
        else:
            line.close()
        self._outgoing.clear()
        self._said_asb = None

    def _keep(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            match outcome:
                case Question():
                    self._answer(outcome)
                case Reached(what):
                    self._happen(what)
                case Piece():
                    self._keep_piece(outcome)
                case Finished(picture):
                    self._counts["slips"] += 1
                    self.slips.append(picture)
                    self._forget(self.slips)
                    self._change.notify_all()

    def _keep_piece(self, piece: Piece) -> None:
        if self._folder is not None:
            save_slip(self._folder, piece.picture, torn=not piece.whole)
        self._counts["torn"] += not piece.whole
        self.papers.append(piece)
        self._forget(self.papers)
        self._change.notify_all()

    def _forget(self, past: list[Any]) -> None:
        if self._most is not None:
            del past[: max(0, len(past) - self._most)]

    def _answer(self, question: Question) -> None:
        if question.kind == "asb":
            if self._model.auto_status:
                self._said_asb = None if question.value == b"\x00" else of_itself(self.fault)
                self._say(self._said_asb or b"")
            return
        self._say(in_turn(self._model, self.fault, question.kind, question.value))

    def _say(self, answer: bytes) -> None:
        if not answer or self._line_fault in MUTE:
            return
        if self._line_fault == "garbage":
            noise = bytes(self._noise.choices((0x80, 0x91, 0xFF, 0xC3, 0xA0, 0x01, 0x02), k=3))
            answer = noise + answer + noise
        if self._line_fault == "late":
            self._outgoing.append((time.monotonic() + self._late_seconds, answer))
        elif self._outgoing:
            self._outgoing.append((self._outgoing[-1][0], answer))
        else:
            self._send(answer)

    def _send(self, answer: bytes) -> None:
        if self._line is not None:
            self._line.write(answer)
