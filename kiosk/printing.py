"""The print process: drains the outbox of this kiosk into the printer."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from kiosk import troubles
from kiosk.errors import Refused, Unavailable
from kiosk.health import Health
from kiosk.life import MIGRATION_SECONDS, WORK_SECONDS
from kiosk.machine import Machine
from kiosk.office import jobs, outbox, printers
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, RENEWED, held_alone, on_stop_signals, stop_with_parent
from kiosk.renewal import DEVICES, LINES, PROGRAMS, Renewal, facts
from kiosk.texts import operator_texts
from kiosk.tickets import new_id
from printer.errors import Away, Withdrawn
from printer.settings import PrinterSettings
from printer.worker import Job, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.life import Life
    from kiosk.office.centre import Centre
    from printer.capabilities import Capabilities

log = logging.getLogger(__name__)

RECOVERY_PAUSE_SECONDS = 2.0


def settings_of(config: Config) -> PrinterSettings:
    """The printer section as ``printer`` wants it; paths stand beside the file."""
    section = config.printer
    device = str(config.beside(section.device)) if section.connection == "file" else section.device
    return PrinterSettings(
        connection=section.connection,
        host=section.host,
        port=section.port,
        device=device,
        baudrate=section.baudrate,
        paper_mm=section.paper_mm,
        dpi=section.dpi,
        folder=str(config.beside(section.folder)),
        flow=section.flow,
        replies=section.replies,
        presenter=section.presenter,
        buzzer=section.buzzer,
    )


def place_of(config: Config) -> str:
    """How the printer is reached, in a few words."""
    return place_of_settings(settings_of(config))


def place_of_settings(settings: PrinterSettings) -> str:
    where = {
        "network": f"{settings.host}:{settings.port}",
        "preview": settings.folder,
        "serial": f"{settings.device} {settings.baudrate} {settings.flow}",
    }
    return f"{settings.connection} {where.get(settings.connection, settings.device)}"


class Outbox:
    """The store's print jobs, as the printer's worker asks for them."""

    def __init__(self, centre: Centre, process: str | None = None) -> None:
        self._centre = centre
        self._process = process

    def next(self) -> Job | None:
        with _told():
            job = jobs.next_job(self._centre)
        return Job(job.id, job.slip, job.data, job.copy) if job else None

    def sending(self, job: Job) -> None:
        with _told():
            jobs.mark_sending(self._centre, job.id, job.millimetres, process=self._process)

    def settle(self, job: Job, state: str, evidence: str, reason: str) -> None:
        with _told():
            jobs.settle(self._centre, job.id, state, evidence, reason)


class Memory:
    """What the printer at ``place`` can do, as the store keeps it for the printer's worker."""

    def __init__(self, centre: Centre, place: str) -> None:
        self._centre = centre
        self._place = place

    def recall(self) -> Capabilities | None:
        """None too while the store is away: then it is found out anew."""
        try:
            return printers.recall(self._centre, self._place)
        except (Unavailable, Refused):
            return None

    def remember(self, known: Capabilities | None) -> None:
        with _told():
            printers.remember(self._centre, self._place, known)


@contextmanager
def _told() -> Iterator[None]:
    """What the store refuses, as the worker knows it; a bug stays one."""
    try:
        yield
    except Unavailable as error:
        raise Away(str(error)) from error
    except Refused as refused:
        if refused.code in ("store_too_new", "outbox_taken"):
            raise Away(str(refused)) from refused
        raise Withdrawn(str(refused)) from refused


def run_print(config: Config, life: Life) -> int:
    """Prints until stopped; what was on the way when it last died becomes unknown first."""
    stop, anew = threading.Event(), threading.Event()
    on_stop_signals(stop.set)
    stop_with_parent(stop.set)
    # Another process may have the printer for as long as it likes.
    life.ready()
    # Two processes with one outbox would put one number on two papers.
    alone = held_alone(lock_path(config), stop, _tell_waiting)
    if alone is None:
        return DONE
    centre = open_centre(config)
    renew = partial(_renew, config, stop, anew)
    with alone, Health(centre, life) as health, Renewal(config, renew, health):
        turn = _Turn(centre, Machine(config.beside_store("machine")))
        while turn.comes(stop):
            torn = _recovered(centre, stop)
            if torn is not None:
                _print(config, centre, turn, health, stop, life, torn=torn)
        life.ends()
        turn.leave()
    centre.database.close()
    return RENEWED if anew.is_set() else DONE


def _renew(before: Config, stop: threading.Event, anew: threading.Event, config: Config) -> None:
    """The slip under way is printed to its end first."""
    but = DEVICES | LINES | PROGRAMS
    if facts(config, but) != facts(before, but):
        anew.set()
        stop.set()


class _Turn:
    """This process's hold on the outbox, which it shares with no process of any machine."""

    def __init__(self, centre: Centre, machine: Machine) -> None:
        self.process = new_id()
        self._centre = centre
        self._machine = machine
        self._held = False
        self._told = False

    def comes(self, stop: threading.Event) -> bool:
        """Waits until the outbox is ours; False when told to stop meanwhile."""
        while not stop.is_set():
            if self.goes_on():
                return True
            stop.wait(RECOVERY_PAUSE_SECONDS)
        return False

    def goes_on(self) -> bool:
        """Whether it is ours, as far as the store can tell now."""
        try:
            found = outbox.hold(self._centre, self._machine.name(), self.process, held=self._held)
        except (Unavailable, Refused):
            return self._held
        if found is outbox.Hold.COPIED:
            log.error("the disk of this machine is another one's copy; it has a new name now")
            self._machine.rename()
        self._held = found is outbox.Hold.OURS
        if not self._held and not self._told:
            log.error("%s", troubles.told("name_taken", operator_texts()))
        self._told = not self._held
        return self._held

    def leave(self) -> None:
        with suppress(Unavailable, Refused):
            outbox.leave(self._centre, self.process)


def _print(
    config: Config,
    centre: Centre,
    turn: _Turn,
    health: Health,
    stop: threading.Event,
    life: Life,
    *,
    torn: bool,
) -> None:
    """Prints until stopped, or until another machine has the outbox."""
    memory = Memory(centre, place_of(config))
    worker = Worker(
        settings_of(config),
        Outbox(centre, turn.process),
        lambda state, reason: health.report("printer", state, reason),
        torn=torn,
        known=memory.recall(),
        remember=memory.remember,
    )
    with life.part("printer", WORK_SECONDS, MIGRATION_SECONDS) as part:
        worker.start(part.beat)
        for _ in centre.database.changes(stop):
            if not turn.goes_on():
                break
            worker.poke()
        worker.stop()
    health.withdraw("printer")


def lock_path(config: Config) -> Path:
    """One for each kiosk that prints from the store."""
    return config.beside_store("print")


@contextmanager
def owned(config: Config) -> Iterator[None]:
    """The printer to ourselves; Refused("printer_owned") while the print process has it."""
    path = lock_path(config)
    if not path.parent.is_dir():
        yield  # there is no store yet, so nobody prints from it
        return
    stop = threading.Event()
    alone = held_alone(path, stop, stop.set)
    if alone is None:
        raise Refused("printer_owned")
    with alone:
        yield


def _tell_waiting() -> None:
    log.warning("%s", operator_texts().say("cli.prints_already"))


def _recovered(centre: Centre, stop: threading.Event) -> bool | None:
    """Whether the printer may hold the half of a slip from before.

    Waits for a store that is away; None when told to stop meanwhile.
    """
    told = False
    while not stop.is_set():
        try:
            lost = jobs.recover(centre)
            torn = jobs.may_be_torn(centre)
        except (Unavailable, Refused) as error:
            if not told:
                log.error("the outbox cannot be read: %s", error)
            told = True
            stop.wait(RECOVERY_PAUSE_SECONDS)
        else:
            if lost:
                log.warning("%d slips were on the way at the end; now unknown", len(lost))
            return torn
    return None
