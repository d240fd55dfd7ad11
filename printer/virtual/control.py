"""Faults on request: a line of text, or JSON over HTTP on loopback.

paper_out              at once                {"fault": "paper_out"}
paper_out 40mm         after 40 mm of paper   {"fault": "paper_out", "after_mm": 40}
hang_up 9000b          after 9000 bytes       {"fault": "hang_up", "after_bytes": 9000}
cutter cut             at the next cut        {"fault": "cutter", "at_cut": true}
late 5s                answers 5 s late       {"fault": "late", "seconds": 5}
(an empty line)        mends it               {"fault": null}
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from printer.virtual.answers import FAULTS
from printer.virtual.printer import HAPPENINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from printer.virtual.printer import VirtualPrinter

KEYS: Final[dict[str, str | None]] = {
    "o": None,
    "p": "paper_out",
    "l": "paper_low",
    "c": "cover_open",
    "m": "offline_mute",
    "k": "cutter",
    "h": "overheated",
    "s": "silence",
    "t": "late",
    "g": "garbage",
    "d": "hang_up",
    "x": "power_cycle",
}
"""Short for the names."""
MOST: Final = {"after_bytes": 1e9, "after_mm": 1e6, "seconds": 3600.0}
LONGEST_REQUEST: Final = 4096
_WORD: Final = re.compile(r"(\d+(?:\.\d+)?)(mm|b|s)")


class BadOrder(ValueError):
    """What was asked for is no fault of this printer."""


@dataclass(frozen=True, slots=True)
class Order:
    fault: str | None
    after_bytes: int = 0
    after_mm: float | None = None
    at_cut: bool = False
    seconds: float | None = None

    def carry_out(self, printer: VirtualPrinter) -> None:
        printer.set_fault(
            self.fault,
            after=self.after_bytes,
            after_mm=self.after_mm,
            at_cut=self.at_cut,
            seconds=self.seconds,
        )


def read_line(line: str) -> Order:
    """The order in a line; BadOrder where there is none."""
    words = line.split()
    if not words:
        return Order(None)
    name = KEYS.get(words[0], words[0])
    told: dict[str, object] = {"fault": name}
    for word in words[1:]:
        measure = _WORD.fullmatch(word)
        if word == "cut":
            told["at_cut"] = True
        elif measure is None:
            raise BadOrder(word)
        else:
            key = {"mm": "after_mm", "b": "after_bytes", "s": "seconds"}[measure[2]]
            told[key] = float(measure[1]) if measure[2] != "b" else int(float(measure[1]))
    return read_json(told)


def read_json(told: object) -> Order:
    """The order in decoded JSON; BadOrder where there is none."""
    if not isinstance(told, dict) or "fault" not in told:
        raise BadOrder("fault")
    fault = told["fault"]
    if fault is not None and fault not in (*FAULTS, *HAPPENINGS):
        raise BadOrder(str(fault))
    given = {key: value for key, value in told.items() if key != "fault"}
    for key, value in given.items():
        if not _fits(key, value):
            raise BadOrder(key)
    return Order(fault, **given)


def _fits(key: str, value: object) -> bool:
    match key, value:
        case "at_cut", bool():
            return True
        case _, bool():
            return False
        case "after_bytes", int(number):
            return 0 <= number <= MOST[key]
        case (("after_mm" | "seconds"), (int(number) | float(number))):
            return 0 <= number <= MOST[key]
        case _:
            return False


@contextmanager
def controlled(printer: VirtualPrinter, port: int) -> Iterator[int]:
    """Takes orders on a ``port`` of loopback, 0 for any, while the context lasts; yields it."""

    class Control(_Control):
        controls = printer

    server = ThreadingHTTPServer(("127.0.0.1", port), Control)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="control")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Control(BaseHTTPRequestHandler):
    """GET tells how the printer is; POST breaks or mends it."""

    controls: VirtualPrinter
    timeout = 5

    def do_GET(self) -> None:
        self._tell(200, asdict(self.controls.standing))

    def do_POST(self) -> None:
        # A page in a browser cannot send this kind without asking first.
        if self.headers.get_content_type() != "application/json":
            self._tell(415, {"error": "application/json"})
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_REQUEST:
            self._tell(413, {"error": "Content-Length"})
            return
        try:
            order = read_json(json.loads(self.rfile.read(int(length))))
        except ValueError as error:
            known = {"faults": FAULTS, "happenings": HAPPENINGS}
            self._tell(400, {"error": str(error), **known})
            return
        order.carry_out(self.controls)
        self._tell(200, asdict(self.controls.standing))

    def _tell(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A printer has better things to say."""
