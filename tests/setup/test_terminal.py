"""Setup in a terminal, with a printer and a scanner of software; in part on a real pty."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import list_clerks
from kiosk.office.identity import proven
from kiosk.rights import StaffRole
from kiosk.setup import machine
from kiosk.setup.keeping import progress_path, recall
from printer.virtual import VirtualPrinter
from tests.e2e.running import serial_line
from tests.setup.test_steps import OWN

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from typer.testing import Result

PIN = "246810"
PATIENCE = 60.0


@dataclass(frozen=True)
class Port:
    device: str
    description: str = "Scanner"


def setup(path: Path, *words: str, typed: list[str] | None = None) -> Result:
    given = "".join(f"{line}\n" for line in typed or [])
    return CliRunner().invoke(app, ["setup", *words, "--config", str(path)], input=given)


OFFICE = ["", "Một cửa phường Thử", "One-stop shop", "UBND phường Thử", "", "H15.50.07", ""]
SCREENS = ["300 x 500", "", "8"]


def test_a_technician_brings_a_hall_to_work(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = path.parent.parent / "scanner"
    media = path.parent.parent / "usb"
    media.mkdir()
    monkeypatch.setattr(
        machine, "HERE", machine.Places(lambda: [Port(str(line))], path.parent / "none")
    )
    stop = threading.Event()

    def scan(far: int) -> None:
        while not stop.wait(0.1):
            os.write(far, b"H15.50.07-261130-0001\r")

    with VirtualPrinter(tcp=0) as printer, serial_line(line) as far:
        writer = threading.Thread(target=scan, args=(far,))
        writer.start()
        done = setup(path, typed=[
            "", *OFFICE[1:5], "h15", *OFFICE[5:], *SCREENS,
            "2", "nonsense/9100", f"127.0.0.1:{printer.port}", "2", "y", "y",
            "1", "y",
            "", "1 2", "3", "140", "70", "y", "n", "",
            "2", "1-4", "1,2,6,8", "3", "y", "",
            "Nguyễn Thị Lan", "Lan", "lan", "", "123", "123", PIN, PIN,
            str(path.parent / "away"), str(media), "30",
            "1", "8099", "y",
        ])  # fmt: skip
        stop.set()
        writer.join()
        slips = len(printer.slips)

    told = done.output
    assert done.exit_code == 0, told
    assert slips == 1
    assert "must be an identifier" in told
    assert "H15.50.07-261130-0001" in told
    assert "no folder" in told
    assert "Playing: number A025, counter 1" in told
    assert PIN not in told
    config = load(path)
    assert config.office.name == {"vi": "Một cửa phường Thử", "en": "One-stop shop"}
    assert (config.touch.screen_mm, config.board.viewing_distance_m) == ((300.0, 500.0), 8)
    assert (config.printer.port, config.printer.paper_mm) == (printer.port, 58)
    assert (config.scanner.connection, config.scanner.device) == ("serial", str(line))
    assert (config.voice.languages, config.voice.region) == (("vi", "en"), "south")
    assert config.board.volume == 0.7
    assert list(config.services()) == ["A", "B", "F", "H"]
    assert list(config.counters()) == [1, 2, 3]
    assert config.backup.folder == str(media)
    assert "# The office as people read it on screens" in path.read_text("utf-8")
    centre = open_centre(config)
    (clerk,) = list_clerks(centre)
    assert (clerk.login, clerk.role) == ("lan", StaffRole.SUPERVISOR)
    assert proven(centre, "lan", PIN).login == "lan"
    centre.database.close()
    assert {one.name for one in path.parent.iterdir()} >= {"kiosk.toml", "kiosk.db"}
    assert not progress_path(path).exists()


def test_one_step_again_changes_that_alone_and_keeps_the_file_before(path: Path) -> None:
    path.write_text(OWN, "utf-8")
    done = setup(path, "printer", typed=["3", "1", "y"])

    assert done.exit_code == 0, done.output
    aside = [one for one in path.parent.iterdir() if re.match(r"kiosk\.toml\.\d{4}-", one.name)]
    assert [one.read_text("utf-8") for one in aside] == [OWN]
    assert path.read_text("utf-8").startswith(OWN.rstrip())
    assert load(path).printer.connection == "preview"


def test_nothing_is_written_without_the_last_yes(path: Path) -> None:
    path.write_text(OWN, "utf-8")
    done = setup(path, "web", typed=["2", "8443", "n"])

    assert done.exit_code == 1
    assert "Nothing was written" in done.output
    assert path.read_text("utf-8") == OWN


def test_a_file_that_is_no_toml_is_left_alone(path: Path) -> None:
    path.write_text("[office\n", "utf-8")
    done = setup(path)

    assert done.exit_code == 2
    assert "line 1" in done.output
    assert path.read_text("utf-8") == "[office\n"


def test_a_machine_without_a_file_is_led_here(path: Path) -> None:
    done = CliRunner().invoke(app, ["run", "--role", "web", "--config", str(path)])

    assert done.exit_code == 2
    assert f"kiosk setup --config {path}" in done.output


class Pty:
    """A technician at a real terminal."""

    def __init__(self, path: Path) -> None:
        self.told = ""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            command = [sys.executable, "-m", "kiosk", "setup", "--config", str(path)]
            os.execve(sys.executable, command, {**os.environ, "LANGUAGE": "en"})

    def sees(self, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while what not in self.told:
            assert time.monotonic() < deadline, self.told
            if select.select([self._fd], [], [], 0.2)[0]:
                self.told += os.read(self._fd, 4096).decode("utf-8", "replace")
        self.told = self.told.split(what, 1)[1]

    def types(self, text: str) -> None:
        os.write(self._fd, f"{text}\n".encode())

    def interrupts(self) -> int:
        os.write(self._fd, b"\x03")
        self.sees("Stopped; nothing was written")
        _, status = os.waitpid(self.pid, 0)
        os.close(self._fd)
        return os.waitstatus_to_exitcode(status)


def test_ctrl_c_leaves_nothing_half_written_and_the_next_run_goes_on(path: Path) -> None:
    seat = Pty(path)
    try:
        seat.sees("[1, 2]:")
        for line, shown in zip(OFFICE, ["(Tiếng Việt):", "(English):", "(Tiếng Việt):",
                                        "(English):", "the unit:", "machine [", "mm ["],
                               strict=True):  # fmt: skip
            seat.types(line)
            seat.sees(shown)
        code = seat.interrupts()
    except BaseException:
        os.kill(seat.pid, signal.SIGKILL)
        raise
    assert code == 1
    assert [one.name for one in path.parent.iterdir()] == [progress_path(path).name]
    assert progress_path(path).stat().st_mode & 0o077 == 0

    done = setup(path, typed=["y", *SCREENS, "3", "58"])
    assert "1/9" not in done.output
    assert "4/9" in done.output
    assert done.exit_code == 1
    known = recall(path)
    assert known is not None
    assert known.done == ("office", "screens", "printer")
    assert known.answers["office.unit_code"] == "H15.50.07"
    assert not path.exists()
