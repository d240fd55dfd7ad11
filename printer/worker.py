"""The one thread that owns the printer: it carries out what ``step`` says and reports back."""

from __future__ import annotations

import logging
import secrets
import select
import socket
import threading
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from printer import slips
from printer.errors import Away, Lost, SlipError, Withdrawn
from printer.escpos import FENCE_LENGTH, PAD, STATUS_QUERIES, ask
from printer.finish import encode_slip
from printer.raster import draw_slip
from printer.slip import DENSITIES
from printer.state import Pace, State, done, doubles, due
from printer.status import Parser, PrinterState, PrinterStatus, Reason
from printer.steps import step
from printer.talk import (
    Ask,
    Balked,
    Close,
    Command,
    Dropped,
    Empty,
    Event,
    Fetch,
    Found,
    Gone,
    Heard,
    Job,
    Mark,
    Marked,
    Open,
    Opened,
    Pad,
    Poked,
    Query,
    Remember,
    Remembered,
    Report,
    Reported,
    Settle,
    Settled,
    Spoiled,
    Stop,
    Tick,
    Told,
    Write,
    Wrote,
)
from printer.transport import Transport, make_transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from printer.capabilities import Capabilities
    from printer.settings import PrinterSettings

__all__ = ["Job", "Outbox", "Pace", "Worker"]

STOP_SECONDS = 6.0
LONGEST_WAIT = 60.0

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """Where the slips wait.

    Any call, and so may the worker's ``report``, raises Away while the store is; it is then
    repeated, so a call that changes nothing must do no harm. ``sending`` and ``settle`` raise
    Withdrawn when they never will be taken. Anything else is a bug and ends the worker's thread.
    """

    def next(self) -> Job | None:
        """The oldest queued job; the same again until ``sending`` or ``settle`` is told of it."""

    def sending(self, job: Job) -> None:
        """Notes, before the first byte goes out, that ``job`` may be on paper from now on."""

    def settle(self, job: Job, state: str, evidence: str, reason: str) -> None:
        """Notes what became of ``job``: printed | unknown | failed, or queued when not a byte of
        it went out. An unknown job may be settled again as printed, when its answer comes late."""


class Worker:
    """Prints what the outbox holds, whatever the printer does, and says how the printer is.

    ``torn`` says that the printer may hold the half of a slip from before.
    With ``remember`` it finds out once what the printer can do and hands it over, to be given as
    ``known`` at the next start; None when the printer was exchanged.
    """

    def __init__(
        self,
        settings: PrinterSettings,
        outbox: Outbox,
        report: Callable[[str, str], None],
        *,
        torn: bool = False,
        pace: Pace | None = None,
        transport: Transport | None = None,
        known: Capabilities | None = None,
        remember: Callable[[Capabilities | None], None] | None = None,
    ) -> None:
        self._settings = settings
        self._remember = remember
        self._outbox = outbox
        self._report = report
        self._transport = transport or make_transport(settings)
        self._parser = Parser()
        self._state = State(
            pace=pace or Pace(),
            answers=settings.answers,
            evidence=settings.evidence,
            torn=torn,
            serial=secrets.randbelow(94**4),
            learns=remember is not None and settings.answers,
            known=known,
            kept=known,
            queries=(known and known.status) or STATUS_QUERIES,
        )
        self._events: deque[Event] = deque()
        self._balking = False
        self._beat: Callable[[], None] = lambda: None
        self._stopping = threading.Event()
        self._wake_up, self._woken = socket.socketpair()
        self._wake_up.setblocking(False)
        self._woken.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="printer")

    def start(self, beat: Callable[[], None] = lambda: None) -> None:
        """``beat`` is called from the thread, after each thing that it does and before it waits for
        the next one."""
        self._beat = beat
        self._thread.start()

    def poke(self) -> None:
        """Says, from any thread, that the outbox has something; does nothing after stop()."""
        try:
            self._wake_up.send(b"!")
        except OSError:
            return  # full: it is awake already; closed: it is gone

    def stop(self) -> None:
        """Ends the thread; a slip that is out gets a moment for its answer."""
        self._stopping.set()
        self.poke()
        if self._thread.ident is not None:
            self._thread.join()
        self._wake_up.close()
        self._woken.close()

    def _run(self) -> None:
        stop_by: float | None = None
        try:
            self._handle(Tick(time.monotonic()))
            while not done(self._state) and (stop_by is None or time.monotonic() < stop_by):
                self._beat()
                self._handle(self._events.popleft() if self._events else self._wait())
                if self._stopping.is_set() and stop_by is None:
                    stop_by = time.monotonic() + STOP_SECONDS
                    self._events.append(Stop(time.monotonic()))
        finally:
            self._transport.close()

    def _handle(self, event: Event) -> None:
        self._state, commands = step(self._state, event)
        for command in commands:
            answer = self._carry_out(command)
            if answer is not None:
                self._events.append(answer)

    def _wait(self) -> Event:
        """Sleeps until there is something to do and says what."""
        now = time.monotonic()
        timeout = min(max(0.0, due(self._state) - now), LONGEST_WAIT)
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        wire = self._transport.fileno()
        if wire is not None:
            poll.register(wire, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(round(timeout * 1000 + 0.5))}
        if self._woken.fileno() in ready:
            self._woken.recv(4096)
            return Poked(time.monotonic())
        return self._listen() if wire in ready else Tick(time.monotonic())

    def _listen(self) -> Heard | Gone:
        try:
            data = self._transport.read(0)
        except Lost as lost:
            return self._gone(lost)
        return Heard(time.monotonic(), self._parser.feed(data))

    def _gone(self, lost: Lost) -> Gone:
        self._transport.close()
        return Gone(time.monotonic(), lost.reason, lost.sent)

    def _carry_out(self, command: Command) -> Event | None:
        match command:
            case Open():
                return self._open()
            case Close():
                self._transport.close()
                return None
            case Pad():
                return self._say(PAD)
            case Ask(query):
                return self._say(ask(query))
            case Query(data):
                return self._query(data)
            case Write(data):
                return self._write(data)
            case Fetch() | Mark() | Settle() | Report() | Remember():
                return self._tell(command)

    def _open(self) -> Event:
        self._parser = Parser()
        try:
            self._transport.open()
        except Lost as lost:
            return self._gone(lost)
        return Opened(time.monotonic())

    def _say(self, data: bytes) -> Event | None:
        try:
            self._transport.write(data, time.monotonic() + self._state.pace.answer)
        except Lost as lost:
            return self._gone(lost)
        return None

    def _query(self, data: bytes) -> Event:
        try:
            sent = self._transport.write(data, time.monotonic() + self._state.pace.stall)
        except Lost as lost:
            return self._gone(lost)
        if sent < len(data):
            # Half a question would eat the head of the next slip.
            return self._gone(Lost(Reason.SILENT))
        return Tick(time.monotonic())

    def _write(self, data: bytes) -> Event:
        try:
            count = self._transport.write(data, time.monotonic() + self._state.pace.listen)
        except Lost as lost:
            return self._gone(lost)
        if len(data) - count > FENCE_LENGTH and self._transport.fileno() is not None:
            # It takes no more, and may say why. Not within the fence: its echo would come too soon.
            told = self._listen()
            if isinstance(told, Gone):
                return replace(told, sent=count)
            self._events.append(told)
        return Wrote(time.monotonic(), count)

    def _tell(self, command: Told) -> Event:
        try:
            answer = self._ask_store(command)
        except Away as away:
            if not self._balking:
                log.warning("The store does not take %s: %s", type(command).__name__, away)
            self._balking = True
            return Balked(time.monotonic(), command)
        if self._balking:
            log.warning("The store answers the printer again")
        self._balking = False
        return answer

    def _ask_store(self, command: Told) -> Event:
        match command:
            case Fetch():
                job = self._outbox.next()
                return Empty(time.monotonic()) if job is None else self._draw(job)
            case Mark(job):
                return self._mark(job)
            case Settle():
                return self._settle(command)
            case Report(status):
                self._report(status.state.value, status.reason.value)
                self._note(status)
                return Reported(time.monotonic(), status)
            case Remember(known):
                assert self._remember is not None
                self._remember(known)
                return Remembered(time.monotonic(), known)

    def _mark(self, job: Job) -> Event:
        try:
            self._outbox.sending(job)
        except Withdrawn:
            log.warning("Job %s is no longer queued", job.id)
            return Dropped(time.monotonic())
        return Marked(time.monotonic())

    def _settle(self, settle: Settle) -> Event:
        try:
            self._outbox.settle(settle.job, settle.state, settle.evidence, settle.reason)
        except Withdrawn:
            log.warning("Job %s is not to become %s any more", settle.job.id, settle.state)
        return Settled(time.monotonic())

    def _note(self, status: PrinterStatus) -> None:
        if status == self._state.reported:
            return
        if status.state is PrinterState.FAULT:
            log.warning("The printer cannot print: %s", status.reason.value)
        else:
            log.info("The printer can print: %s %s", status.state.value, status.reason.value)

    def _draw(self, job: Job) -> Event:
        if job.data is None:
            return Spoiled(time.monotonic(), job, "unreadable")
        try:
            settings = self._settings
            slip = slips.draw(job.slip, job.data)
            pictures = draw_slip(slip, settings.paper_mm, settings.dpi)
            if not settings.saves:
                rows = sum(picture.height for picture in pictures)
                job = replace(job, millimetres=round(rows / DENSITIES[settings.dpi]))
            data = encode_slip(pictures, settings, doubles=doubles(self._state))
            return Found(time.monotonic(), job, data)
        except SlipError as error:
            reason = str(error)
        except Exception:
            # A slip that brings the drawing down must not bring the printer down with it.
            log.exception("Job %s cannot be drawn", job.id)
            reason = "undrawable"
        return Spoiled(time.monotonic(), job, reason)
