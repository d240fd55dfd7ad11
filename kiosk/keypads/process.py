"""The process of the call keypads and number boards."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused, Unavailable
from kiosk.keypads.line import Line
from kiosk.keypads.showing import words_of
from kiosk.keypads.station import Board, Station
from kiosk.keypads.work import Work
from kiosk.life import MIGRATION_SECONDS, WORK_SECONDS
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.presses import Keypad
from kiosk.processes import IDLE
from kiosk.renewal import DEVICES, PAPER, PROGRAMS, facts
from kiosk.serving import serve_office
from kiosk.texts import texts

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.health import Health
    from kiosk.life import Life
    from kiosk.office.centre import Centre

log = logging.getLogger(__name__)

LINE_SECONDS: Final = 15.0
"""A line looks round four times a second; only to open its device, or to fail at it, takes long."""


def run_keypads(config: Config, life: Life) -> int:
    """Serves the keypads and number boards of all lines until stopped."""
    if not config.keypad_line:
        centre = open_centre(config)
        _forget_others(centre, frozenset())
        centre.database.close()
        return IDLE

    def work(centre: Centre, health: Health, stop: threading.Event) -> None:
        _forget_others(centre, device_names(config))
        serve(config, centre, health.report, stop, life)

    return serve_office(config, _ground, work, life)


def _ground(config: Config) -> dict[str, Any]:
    return facts(config, DEVICES | PAPER | PROGRAMS)


def serve(
    config: Config,
    centre: Centre,
    report: Callable[[str, str, str], None],
    stop: threading.Event,
    life: Life,
) -> None:
    """Serves all lines until told to stop; ``report`` takes the name, state and reason of one."""
    work = Work(centre, (counter.number for counter in config.counter))
    lines = lines_of(config, centre, work, report)
    with ExitStack() as stack:
        presses = stack.enter_context(life.part("presses", WORK_SECONDS, MIGRATION_SECONDS))
        work.start(lines, presses.beat)
        for number, line in enumerate(lines, 1):
            part = stack.enter_context(life.part(f"line {number}", LINE_SECONDS))
            line.start(part.beat)
        for _ in centre.database.changes(stop):
            work.look()
        for line in lines:
            line.stop()
        work.stop()


def lines_of(
    config: Config, centre: Centre, work: Work, report: Callable[[str, str, str], None]
) -> list[Line]:
    words, now = words_of(texts(centre.languages[0])), time.monotonic()
    lines = []
    for number, section in enumerate(config.keypad_line, 1):
        here = [counter for counter in config.counter if counter.line == number]
        stations = [
            Station(Keypad(number, counter.keypad, counter.number), words, now)
            for counter in here
            if counter.keypad is not None
        ]
        boards = [Board(counter.led, counter.number) for counter in here if counter.led is not None]
        lines.append(
            Line(
                section.device,
                section.baudrate,
                stations,
                boards,
                work,
                report,
                name=name_of(number),
                clock=centre.wall,
            )
        )
    return lines


def name_of(line: int) -> str:
    """By which device a line is known, counted from 1."""
    return "keypads" if line == 1 else f"keypads {line}"


def device_names(config: Config) -> frozenset[str]:
    """The lines, and the keypads by the numbers of their counters."""
    lines = (name_of(number) for number in range(1, len(config.keypad_line) + 1))
    pads = (f"keypad {counter.number}" for counter in config.counter if counter.keypad is not None)
    return frozenset((*lines, *pads))


def _forget_others(centre: Centre, names: frozenset[str]) -> None:
    """The keypads and lines that stood in kiosk.toml before."""
    try:
        devices.forget_keypads(centre, names)
    except (Unavailable, Refused) as error:
        log.warning("put off until the next start: %s", error)
