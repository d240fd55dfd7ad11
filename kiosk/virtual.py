"""``kiosk printer virtual``: a printer of software, for trying out what an office has not got."""

from __future__ import annotations

import errno
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.errors import Unavailable
from kiosk.processes import DONE, on_stop_signals
from kiosk.texts import operator_texts
from printer.slip import PRINTABLE_DOTS
from printer.virtual import FAULTS, HAPPENINGS, Model, VirtualPrinter
from printer.virtual.control import KEYS, BadOrder, controlled, read_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


LONGEST_ORDER: Final = 200
"""Characters of a typed order."""


@dataclass(frozen=True, slots=True)
class Virtual:
    """The printer that ``run_virtual`` plays; ``VirtualPrinter`` says what the fields mean."""

    tcp: int | None
    """None: behind a serial line."""
    folder: Path
    control: int | None = None
    """Port of loopback for faults by HTTP."""
    model: Model = field(default_factory=Model)
    paper_mm: int = 80
    speed: float | None = None
    buffer_kb: float | None = None
    baud: int | None = None
    roll_m: float | None = None


def run_virtual(virtual: Virtual) -> int:
    """Is a printer until stopped; breaks and mends as lines on standard input and HTTP say."""
    stop = threading.Event()
    on_stop_signals(stop.set)
    words = operator_texts()
    _prepare(virtual.folder)
    port = None
    with ExitStack() as open_:
        with _port_told("--tcp", virtual.tcp):
            printer = open_.enter_context(_printer(virtual))
        if virtual.control is not None:
            with _port_told("--control", virtual.control):
                port = open_.enter_context(controlled(printer, virtual.control))
        where = f"127.0.0.1:{printer.port}" if virtual.tcp is not None else printer.device
        _say(words.say("cli.virtual_ready", where=where, folder=virtual.folder.absolute()))
        _say(
            words.say("cli.virtual_faults", names=", ".join(map(_with_key, (*FAULTS, *HAPPENINGS))))
        )
        if port is not None:
            _say(words.say("cli.virtual_control", url=f"http://127.0.0.1:{port}/"))
        threading.Thread(target=_obey, args=(printer,), name="orders", daemon=True).start()
        stop.wait()
    return DONE


@contextmanager
def _port_told(option: str, port: int | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Unavailable("virtual_port_in_use", port=port, option=option) from error


def _printer(virtual: Virtual) -> VirtualPrinter:
    return VirtualPrinter(
        tcp=virtual.tcp,
        pty=virtual.tcp is None,
        dots=PRINTABLE_DOTS[virtual.paper_mm],
        folder=virtual.folder,
        model=virtual.model,
        speed=virtual.speed,
        buffer=None if virtual.buffer_kb is None else round(virtual.buffer_kb * 1024),
        baud=virtual.baud,
        roll_m=virtual.roll_m,
        keep=0,
    )


def _with_key(name: str) -> str:
    """The name of a fault and the key that is short for it."""
    return next((f"{name} ({key})" for key, known in KEYS.items() if known == name), name)


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unavailable("folder_unwritable", path=folder.absolute()) from error


def _obey(printer: VirtualPrinter) -> None:
    words = operator_texts()
    # A limit, for what is poured in without an end of line.
    for line in iter(partial(sys.stdin.readline, LONGEST_ORDER), ""):
        try:
            read_line(line).carry_out(printer)
        except BadOrder as error:
            _say(words.say("cli.virtual_unknown", word=error))
            continue
        now = printer.standing
        state = now.fault or "ok"
        if now.to_come:
            state = words.say("cli.virtual_to_come", state=state, fault=now.to_come)
        _say(words.say("cli.virtual_stands", state=state, slips=now.slips, torn=now.torn,
                       metres=f"{now.printed_mm / 1000:.2f}"))  # fmt: skip


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
