from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

from tests.display.films import film
from tests.e2e.running import PIN, Hall, serial_line, until
from tests.faults.findings import found

if TYPE_CHECKING:
    from printer.virtual import VirtualPrinter


def codes(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture.convert("L"))}


def rows(hall: Hall, sql: str) -> list[tuple[object, ...]]:
    store = sqlite3.connect(f"file:{hall.folder / 'kiosk.db'}?mode=ro", uri=True)
    try:
        return store.execute(sql).fetchall()
    finally:
        store.close()


def test_a_ticket_over_http_comes_out_of_the_printer_and_is_called_on_the_board(
    hall: Hall, printer: VirtualPrinter, tmp_path: Path
) -> None:
    assert hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=PIN).returncode == 0
    hall.start()
    hall.wait()
    ticket = hall.take()
    (slip,) = printer.wait_for_slips(1, deadline=20)
    clerk = hall.sign_in("hoa", 1)
    called = clerk.post("/api/counters/1/next", json={})
    board = hall.api.get("/api/board").json()

    assert ticket["number"] == "A001"
    assert codes(slip) == {ticket["id"]}
    assert called.json()["number"] == "A001"
    assert (board["calls"][0]["number"], board["calls"][0]["counter"]) == ("A001", 1)
    until(
        lambda: rows(hall, "SELECT state, evidence FROM print_job") == [("printed", "ack")],
        "the printer's answer is noted",
    )
    chimes = tmp_path / "calls.wav"
    until(lambda: chimes.exists() and chimes.stat().st_size > 10_000, "the chime sounds")
    clerk.close()
    assert hall.stop() == 0


def test_paper_out_costs_no_number_and_is_told_within_two_seconds(
    hall: Hall, printer: VirtualPrinter
) -> None:
    hall.start("web", "print")
    hall.wait()
    hall.wait_for_device("printer", "ok")
    printer.set_fault("paper_out")
    start = time.monotonic()
    hall.wait_for_device("printer", "fault", "paper_out")
    told_after = time.monotonic() - start
    taken = [hall.take()["id"] for _ in range(3)]
    waiting = rows(hall, "SELECT DISTINCT state FROM print_job")
    printer.set_fault(None)
    slips = printer.wait_for_slips(3, deadline=20)

    assert told_after <= 2.0
    assert waiting == [("queued",)]
    assert [codes(slip) for slip in slips] == [{ticket} for ticket in taken]
    hall.wait_for_device("printer", "ok")


def test_a_printer_that_is_not_there_costs_no_number(tmp_path: Path) -> None:
    hall = Hall(tmp_path, printer=9)
    hall.start("web", "print")
    hall.wait()
    hall.wait_for_device("printer", "fault", "unreachable")

    assert hall.take()["number"] == "A001"
    assert rows(hall, "SELECT state FROM print_job") == [("queued",)]
    hall.close()


def test_a_scanner_that_is_plugged_in_late_is_found(hall: Hall, tmp_path: Path) -> None:
    line = tmp_path / "scanner"
    hall.config.write_text(hall.config.read_text("utf-8").replace("/dev/absent-scanner", str(line)))
    hall.start("touch", "web")
    hall.wait()
    hall.wait_for_device("scanner", "fault", "unplugged")
    with serial_line(line):
        hall.wait_for_device("scanner", "ok")
    hall.wait_for_device("scanner", "fault", "unplugged")
    found(
        "device",
        "the scanner is plugged in late, and unplugged",
        "a serial line that comes and goes",
        1,
        "codes may be typed meanwhile",
    )


def test_a_web_port_in_use_is_told_and_the_rest_of_the_hall_goes_on(
    hall: Hall, printer: VirtualPrinter
) -> None:
    with socket.create_server(("127.0.0.1", hall.port)):
        hall.start("web", "print")
        until(lambda: "is used by another program" in hall.log(), "the port is told")
        until(lambda: "print" in hall.children(), "the printer is served all the same")
    hall.wait()

    assert "Traceback" not in hall.log()


def test_a_missing_font_is_told_and_the_hall_goes_on_in_another(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package of the font is there, its files are not."""
    empty = tmp_path / "path" / "fontpkg_be_vietnam_pro"
    empty.mkdir(parents=True)
    (empty / "__init__.py").write_text("from pathlib import Path\nROOT = Path(__file__).parent\n")
    monkeypatch.setenv("PYTHONPATH", str(empty.parent))
    hall.start()
    hall.wait()
    hall.wait_for_device("touch", "warning", "font_missing")
    until(lambda: "first frame of TouchWindow" in hall.log(), "the window opens all the same")

    assert hall.take()["number"] == "A001"
    assert "The font Be Vietnam Pro is missing" in hall.log()
    assert "Traceback" not in hall.log()


def test_the_demo_tours_its_own_windows_when_nobody_can_see_them(tmp_path: Path) -> None:
    """Exactly what ``make run`` does on a machine without a display."""
    folder = tmp_path / "demo"
    seen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "demo", "--folder", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={name: value for name, value in os.environ.items() if name not in seen},
    )  # fmt: skip
    try:
        pictures = [folder / "tour" / f"{name}.png" for name in
                    ("1-home", "2-ticket", "3-slip", "4-board", "5-dossier", "6-procedures",
                     "7-procedure")]  # fmt: skip
        until(lambda: all(map(Path.exists, pictures)), "the tour's pictures")
    finally:
        demo.send_signal(signal.SIGTERM)
        said, _ = demo.communicate(timeout=20)

    assert demo.returncode == 0
    assert str(folder / "tour") in said
    assert "Traceback" not in said
    sizes = []
    for picture in pictures:
        with Image.open(picture) as image:
            sizes.append(image.size)
    assert [sizes[n] for n in (0, 1, 3, 4)] == [
        (1080, 1920), (1080, 1920), (1920, 1080), (1080, 1920)
    ]  # fmt: skip
    with Image.open(pictures[2]) as slip:
        assert len(codes(slip)) == 1


def test_a_damaged_store_is_told_and_every_process_lives(hall: Hall) -> None:
    """Also with a scanner that is a keyboard, of which the store must forget an older one."""
    (hall.folder / "kiosk.db").write_bytes(b"no database" * 1000)
    text = hall.config.read_text("utf-8")
    hall.config.write_text(text.replace('connection = "serial"', 'connection = "keyboard"'))
    hall.start()
    hall.wait()
    until(lambda: "first frame of TouchWindow" in hall.log(), "the window says so")
    device = hall.device("store")
    answer = hall.api.post("/api/tickets", json={"service": "A"})

    assert device is not None
    assert (device["state"], device["reason"]) == ("fault", "store_damaged")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_damaged")
    until(lambda: len(hall.children()) == 4, "all processes run")
    assert "Traceback" not in hall.log()


def test_a_configuration_spoilt_meanwhile_is_told_and_ends_nothing_that_runs(hall: Hall) -> None:
    hall.start("web", "print")
    hall.wait()
    text = hall.config.read_text("utf-8")
    hall.config.write_text(text.replace("unit_code", "unit_cod"), "utf-8")
    until(lambda: "print" in hall.children(), "the print process")
    hall.children()["print"].kill()
    until(lambda: "Did you mean “unit_code”?" in hall.log(), "the mistake is told")
    alive_meanwhile = hall.take()
    hall.config.write_text(text, "utf-8")
    until(lambda: "print" in hall.children(), "the print process is back")

    assert alive_meanwhile["number"] == "A001"


def test_two_runs_on_one_store_put_no_number_on_two_papers(
    hall: Hall, printer: VirtualPrinter
) -> None:
    hall.start("web", "print")
    hall.wait()
    with (hall.folder / "log").open("a") as log:
        second = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", "--role", "print", "--config", hall.config],
            stderr=log, env={**os.environ, "LANGUAGE": "en"},
        )  # fmt: skip
    try:
        taken = [hall.take()["id"] for _ in range(15)]
        until(lambda: "Another process prints" in hall.log(), "one of them waits")
        printer.wait_for_slips(15, deadline=30)
        settled = "SELECT COUNT(*) FROM print_job WHERE state IN ('queued', 'sending')"
        until(lambda: rows(hall, settled) == [(0,)], "every slip has come out")
    finally:
        second.terminate()
        second.wait(20)

    assert sorted(next(iter(codes(slip))) for slip in printer.slips) == sorted(taken)


def test_the_demo_spares_the_data_of_an_office(hall: Hall) -> None:
    before = hall.config.read_bytes()
    ended = hall.kiosk("demo", "--folder", str(hall.folder))
    told = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--folder", str(hall.folder)],
        capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"}, check=False,
    )  # fmt: skip

    assert (ended.returncode, told.returncode) == (1, 1)
    assert "holds the data of an office" in told.stderr
    assert hall.config.read_bytes() == before


@pytest.mark.parametrize("command", [["run"], ["check"], ["clerk", "list"]])
def test_a_broken_configuration_ends_every_command_with_all_its_mistakes(
    hall: Hall, command: list[str]
) -> None:
    hall.config.write_text('[office]\nname = "Một cửa"\n[web]\nprot = 1\n', "utf-8")
    ended = hall.kiosk(*command)

    assert ended.returncode == 2
    assert "has 4 mistakes" in ended.stderr
    assert "web.prot: there is no such key. Did you mean “port”?" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_clerks_are_added_listed_signed_out_and_shut_out_from_the_command_line(hall: Hall) -> None:
    added = hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=f"{PIN}\n")
    again = hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=f"{PIN}\n")
    weak = hall.kiosk("clerk", "add", "an", "--name", "Trần Văn An", given="123\n")
    out = hall.kiosk("clerk", "sign-out", "hoa")
    nobody = hall.kiosk("clerk", "sign-out", "an")
    unknown = hall.kiosk("clerk", "pin", "an", given="")
    changed = hall.kiosk("clerk", "pin", "hoa", given="864213\n")
    shut = hall.kiosk("clerk", "disable", "hoa")
    listed = hall.kiosk("clerk", "list")
    usage = hall.kiosk("clerk", "add")

    every = (added, again, weak, out, nobody, unknown, changed, shut, listed, usage)
    assert [ended.returncode for ended in every] == [0, 1, 1, 0, 1, 1, 0, 0, 0, 2]
    assert "The login hoa exists already." in again.stderr
    for ended in (nobody, unknown):
        assert "There is no clerk with the login an." in ended.stderr
    assert listed.stdout == "hoa              clerk            Lê Thị Hoa (disabled)\n"
    # The least that OWASP allows: 19 MiB, two passes, one lane.
    [(kept,)] = rows(hall, "SELECT pin_hash FROM clerk")
    assert str(kept).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_check_says_for_each_part_whether_it_is_ready(hall: Hall) -> None:
    media = hall.folder / "media"
    media.mkdir()
    (media / "hours.md").write_text("# Giờ làm việc\n\nSáng: 7 giờ 30.", "utf-8")
    (media / "torn.png").write_bytes(b"no picture")
    film(media / "tour.avi")
    with (media / "film.mp4").open("wb") as hollow:
        hollow.truncate(4 << 30)
    text = hall.config.read_text("utf-8").replace("[board]", '[board]\nmedia = "media"')
    hall.config.write_text(text, "utf-8")
    before = hall.kiosk("check")
    hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=PIN)
    hall.config.write_text(text.replace('connection = "serial"', 'connection = "none"'), "utf-8")
    (media / "torn.png").unlink()
    (media / "film.mp4").unlink()
    after = hall.kiosk("check")

    assert before.returncode == 1
    assert "no clerk yet" in before.stdout
    assert "Unplugged" in before.stdout
    assert "film.mp4: A video in the board's folder is damaged" in before.stdout
    assert "torn.png: A picture in the board's folder is damaged" in before.stdout
    assert "2 pages" in after.stdout
    assert after.returncode == 0, after.stdout
    rows = after.stdout.splitlines()
    unknown = [row for row in rows if "NOT KNOWN" in row]
    assert [row.split("  ")[0] for row in unknown][:2] == ["Touch window", "Call board"]
    assert all("kiosk run" in row for row in unknown)
    warned = [row.split("  ")[0] for row in rows if "  WARNING" in row]
    assert warned == ["Copies of the store", "Alerts"]
    assert after.stdout.count("  ready") == len(rows) - len(unknown) - len(warned)


def test_the_test_page_waits_for_the_printer_and_comes_out(
    hall: Hall, printer: VirtualPrinter
) -> None:
    queued = hall.kiosk("printer", "test")
    waiting = hall.kiosk("printer", "status")
    hall.start("print")
    printer.wait_for_slips(1, deadline=20)
    until(
        lambda: "Every slip has been printed" in hall.kiosk("printer", "status").stdout,
        "the page is noted as printed",
    )

    assert queued.returncode == 0
    assert "Waiting for the printer" in waiting.stdout
