"""The print process's own parts: the outbox as the worker knows it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.office import devices, jobs
from kiosk.office.hall import read_jobs
from kiosk.office.rolls import read_roll
from kiosk.office.tickets import take_ticket
from kiosk.printing import Memory, Outbox
from printer.capabilities import ABILITIES, Capabilities
from printer.errors import Away, Withdrawn
from printer.saved import LATEST
from printer.settings import PrinterSettings
from printer.slip import DOTS_PER_MM
from printer.talk import Job
from printer.virtual import VirtualPrinter
from printer.worker import Worker
from tests.hall import centre_at
from tests.test_config import LEAST
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

CALLS = {
    "next": lambda outbox: outbox.next(),
    "sending": lambda outbox: outbox.sending(Job("job", "ticket", {})),
    "settle": lambda outbox: outbox.settle(Job("job", "ticket", {}), "printed", "ack", ""),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_store_out_of_reach_is_away(tmp_path: Path, call: str) -> None:
    with pytest.raises(Away):
        CALLS[call](Outbox(centre_at(tmp_path / "no-such-folder" / "kiosk.db")))


@pytest.mark.parametrize("call", CALLS)
def test_a_store_of_a_newer_kiosk_is_away_until_it_is_updated(tmp_path: Path, call: str) -> None:
    store = sqlite3.connect(tmp_path / "kiosk.db")
    store.execute("PRAGMA user_version = 999")
    store.close()

    with pytest.raises(Away):
        CALLS[call](Outbox(centre_at(tmp_path / "kiosk.db")))


@pytest.mark.parametrize("call", ["sending", "settle"])
def test_a_job_that_the_store_does_not_have_is_withdrawn(centre: Centre, call: str) -> None:
    with pytest.raises(Withdrawn):
        CALLS[call](Outbox(centre))


@pytest.mark.parametrize("call", CALLS)
def test_a_bug_in_the_store_stays_one(centre: Centre, call: str) -> None:
    with centre.database.write() as query:
        query.run("DROP TABLE print_job")

    with pytest.raises(sqlite3.OperationalError):
        CALLS[call](Outbox(centre))


@pytest.mark.parametrize("data", ["", '{"number": "A0', "[]", "null", "[" * 200_000])
def test_data_that_cannot_be_read_can_be_settled_and_hold_up_nothing(
    centre: Centre, data: str
) -> None:
    outbox = Outbox(centre)
    take_ticket(centre, service="A", actor="touch")
    with centre.database.write() as query:
        query.run("UPDATE print_job SET data = :data", data=data)
    take_ticket(centre, service="A", actor="touch")

    spoiled = outbox.next()
    assert spoiled is not None
    assert spoiled.data is None
    outbox.settle(spoiled, "failed", "", "unreadable")
    following = outbox.next()
    assert following is not None
    assert following.data is not None
    assert following.data["number"] == "A002"


def test_what_a_printer_can_do_is_no_reason_to_wait_for_a_store_that_is_away(
    tmp_path: Path,
) -> None:
    memory = Memory(centre_at(tmp_path / "no-such-folder" / "kiosk.db"), "network")

    assert memory.recall() is None
    with pytest.raises(Away):
        memory.remember(Capabilities())


def test_a_printer_is_asked_what_it_can_do_at_the_first_start_only_and_its_paper_is_counted(
    centre: Centre,
) -> None:
    with VirtualPrinter() as printer:
        settings = PrinterSettings(connection="network", host="127.0.0.1", port=printer.port)
        memory = Memory(centre, "network")
        for n in (1, 2):
            take_ticket(centre, service="A", actor="touch")
            worker = Worker(
                settings,
                Outbox(centre),
                lambda *_: None,
                known=memory.recall(),
                remember=memory.remember,
            )
            worker.start()
            until(lambda n=n: (roll := read_roll(centre)) is not None and roll.slips == n)
            worker.stop()
        asked = b"".join(one.data for one in printer.received).count(ABILITIES)
        rows = sum(slip.height for slip in printer.slips)

    assert asked == 1
    names = ("KIOSK", "VIRTUAL", "V0000001")
    assert memory.recall() == Capabilities(echo=True, paper=True, auto=True, names=names)
    roll = read_roll(centre)
    assert roll is not None
    assert roll.millimetres == pytest.approx(rows / DOTS_PER_MM, abs=1)


def test_a_roll_that_ends_within_a_slip_and_is_changed_is_a_new_roll(centre: Centre) -> None:
    """The full buffer of a printer without paper holds all questions back, so it must tell."""
    told: list[tuple[str, str]] = []

    def report(state: str, reason: str) -> None:
        devices.report(centre, "printer", state, reason)
        told.append((state, reason))

    with VirtualPrinter(buffer=4096, speed=250) as printer:
        settings = PrinterSettings(connection="network", host="127.0.0.1", port=printer.port)
        memory = Memory(centre, "network")
        take_ticket(centre, service="A", actor="touch")
        worker = Worker(settings, Outbox(centre), report, remember=memory.remember)
        worker.start()
        try:
            until(lambda: read_roll(centre) is not None)
            old = read_roll(centre)
            printer.set_fault("paper_out", after_mm=20)
            take_ticket(centre, service="A", actor="touch")
            worker.poke()
            until(lambda: told[-1] == ("fault", "paper_out"))
            assert read_roll(centre) == old
            printer.set_fault(None)
            until(lambda: [one.state for one in read_jobs(centre)] == ["unknown"])
            new = read_roll(centre)
            (torn,) = read_jobs(centre)
            jobs.reprint(centre, torn.id, clerk="hoa")
            reprint = jobs.next_job(centre)
            worker.poke()
            until(lambda: read_jobs(centre) == ())
        finally:
            worker.stop()

    assert [reason for _, reason in told if reason] == ["paper_out"]
    with centre.database.read() as query:
        (changed,) = query.all("SELECT actor FROM event WHERE kind = 'roll.changed'")
    assert changed["actor"] == f"kiosk:{centre.kiosk}"
    assert new is not None
    assert new.slips == 1
    assert torn.reason == "paper_out"
    assert reprint is not None
    assert reprint.data is not None
    assert reprint.data["copy_mark"] == "BẢN IN LẠI 1"
    assert [paper.whole for paper in printer.papers] == [True, False, False, True]


@pytest.mark.parametrize(("dpi", "dots"), [(203, 576), (180, 512)])
def test_slips_are_drawn_for_the_head_that_prints_them(
    centre: Centre, tmp_path: Path, dpi: int, dots: int
) -> None:
    settings = PrinterSettings(folder=str(tmp_path / "slips"), dpi=dpi)
    take_ticket(centre, service="A", actor="touch")
    worker = Worker(settings, Outbox(centre), lambda *_: None)
    worker.start()
    until((tmp_path / "slips" / LATEST).exists)
    worker.stop()

    with Image.open(tmp_path / "slips" / LATEST) as slip:
        assert slip.width == dots


def test_an_argument_of_other_bytes_than_text_is_told(tmp_path: Path) -> None:
    whole = [sys.executable, "-m", "kiosk", "clerk", "add", b"\xff\xfe", "--name", "x"]
    done = subprocess.run(whole, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_other_users_of_the_machine_read_neither_the_store_nor_the_slips(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(LEAST, "utf-8")
    config.chmod(0o640)
    for command in (["clerk", "list"], ["printer", "preview", "--out", "slip.png"]):
        whole = [sys.executable, "-m", "kiosk", *command, "--config", "kiosk.toml"]
        subprocess.run(whole, cwd=tmp_path, check=True, capture_output=True, umask=0o022)

    made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert {"kiosk.db", "slip.png"} <= made.keys()
    assert {mode & 0o007 for mode in made.values()} == {0}, made
