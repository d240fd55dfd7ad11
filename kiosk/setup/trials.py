"""Devices tried as the hall will use them: a test page, a call, a code under the scanner."""

from __future__ import annotations

import grp
import os
import queue
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.office.centre import open_centre
from kiosk.office.jobs import test_page_data
from kiosk.printing import settings_of
from kiosk.sample_call import sample_call
from kiosk.scanner import SerialScanner
from kiosk.scans import CardScan, Unreadable, parse
from kiosk.setup.machine import alone, heard
from kiosk.texts import told_to_technician
from kiosk.tickets import new_id
from printer.worker import Job, Worker

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.texts import Texts

PRINTED_SECONDS: Final = 30.0
SCANNED_SECONDS: Final = 20.0
NUMBER: Final = "A025"
COUNTER: Final = 1


@dataclass(frozen=True, slots=True)
class Tried:
    """``told`` is for people; ``well`` whether as much as a machine can tell went well."""

    well: bool
    told: str


class _OnePage:
    """An outbox with a single slip."""

    def __init__(self, job: Job) -> None:
        self._job: Job | None = job
        self.ended = threading.Event()
        self.state, self.reason = "queued", ""

    def next(self) -> Job | None:
        return self._job

    def sending(self, job: Job) -> None:
        self.state = "sending"

    def settle(self, job: Job, state: str, evidence: str, reason: str) -> None:
        self.state, self.reason = state, reason
        if state != "queued":
            self._job = None
            self.ended.set()


def print_test_page(draft: Config, words: Texts) -> Tried:
    """Prints it, past the store: nothing is kept of it, and there may be no store yet."""
    centre = open_centre(draft)
    job_id = new_id()
    data = test_page_data(centre, words, job_id, centre.clock())
    page = _OnePage(Job(job_id, "test", data, 0))
    faults: list[str] = []

    def report(state: str, reason: str) -> None:
        if state == "fault":
            faults.append(reason)
            page.ended.set()

    try:
        with alone(draft):
            worker = Worker(settings_of(draft), page, report)
            worker.start()
            page.ended.wait(PRINTED_SECONDS)
            worker.stop()
    except (Refused, Unavailable) as error:
        return Tried(False, told_to_technician(error, words))
    if page.state == "printed":
        return Tried(True, words.say("setup.printer.printed"))
    why = next((one for one in (*faults, page.reason) if one and words.has(f"device.{one}")), "")
    told = words.say(f"device.{why}") if why else words.say("setup.printer.silent")
    return Tried(False, told)


def play_call(draft: Config, words: Texts) -> Tried:
    """The call that everybody knows from the counters, on the chosen output."""
    from kiosk.ui.outputs import touch_outputs

    order = draft.voice.order(draft.services(), draft.counters(), draft.beside)
    pcm, _ = sample_call(order, NUMBER, COUNTER)
    board = draft.board
    state, reason = heard(pcm, board.volume, board.sound_card, touch_outputs(draft.touch))
    if state == "ok":
        return Tried(True, words.say("setup.sound.played"))
    return Tried(False, words.say("setup.sound.failed", why=words.say(f"device.{reason}")))


def new_code() -> str:
    """What stands on the screen to be scanned: another one each time, so that it was read now."""
    return f"KIOSK-{secrets.randbelow(10_000):04d}"


def scan_serial(
    draft: Config, expected: str, words: Texts, seconds: float = SCANNED_SECONDS
) -> Tried:
    """Waits for one code on the scanner's serial line. ``expected`` is "" where any will do."""
    found: queue.Queue[bytes | None] = queue.Queue()

    def report(state: str, reason: str) -> None:
        if state == "fault":
            found.put(None)

    section = draft.scanner
    scanner = SerialScanner(section.device, section.baudrate, found.put, report)
    scanner.start()
    try:
        frame = found.get(timeout=seconds)
    except queue.Empty:
        return Tried(False, words.say("setup.scanner.nothing", seconds=f"{seconds:g}"))
    finally:
        scanner.stop()
    if frame is None:
        if group := _owners(section.device):
            told = words.say("setup.scanner.no_right", device=section.device, group=group)
            return Tried(False, told)
        return Tried(False, words.say("setup.scanner.no_port", device=section.device))
    return told_frame(frame, expected, words)


def told_frame(frame: bytes, expected: str, words: Texts) -> Tried:
    """What was read, in words; a citizen card is never shown."""
    scan = parse(frame)
    text = frame.decode("utf-8", "replace").strip("\r\n\t \x02\x03")
    if expected and text == expected:
        return Tried(True, words.say("setup.scanner.right", code=expected))
    if isinstance(scan, CardScan):
        return Tried(not expected, words.say("setup.scanner.card"))
    if isinstance(scan, Unreadable) or not text.isprintable():
        return Tried(not expected, words.say("setup.scanner.other", n=len(text)))
    told = text if len(text) < 60 else f"{text[:59]}…"
    key = "setup.scanner.wrong" if expected else "setup.scanner.read"
    return Tried(not expected, words.say(key, code=told, expected=expected))


def _owners(device: str) -> str:
    """The group whose members may open a device that we may not; "" where that is not why."""
    try:
        known = Path(device).stat()
        return "" if os.access(device, os.R_OK | os.W_OK) else grp.getgrgid(known.st_gid).gr_name
    except (OSError, KeyError):
        return ""
