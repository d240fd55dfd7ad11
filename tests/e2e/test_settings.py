"""kiosk.toml changed while the hall works: every process follows, and nobody starts anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.running import PIN, Hall, until

if TYPE_CHECKING:
    from printer.virtual import VirtualPrinter


def pids(hall: Hall) -> dict[str, int]:
    return {roles: child.pid for roles, child in hall.children().items()}


def names(hall: Hall) -> dict[str, str]:
    return dict(hall.api.get("/api/board").json()["lines"][0]["names"])


def change(hall: Hall, old: str, new: str) -> None:
    text = hall.config.read_text("utf-8")
    assert old in text
    whole = hall.config.with_suffix(".new")
    whole.write_text(text.replace(old, new), "utf-8")
    whole.replace(hall.config)


def test_a_changed_file_is_followed_by_every_process_and_no_number_is_lost(
    hall: Hall, printer: VirtualPrinter
) -> None:
    assert hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=PIN).returncode == 0
    hall.start()
    hall.wait()
    clerk = hall.sign_in("hoa", 1)
    first = hall.take()
    printer.wait_for_slips(1, deadline=20)
    until(lambda: len(pids(hall)) == 4, "all run")
    before = pids(hall)

    change(hall, 'name.vi = "Chứng thực"', 'name.vi = "Sao y bản chính"\ndaily_limit = 2')
    until(lambda: hall.log().count("starts anew") == 2, "windows and print start anew")
    until(lambda: len(pids(hall)) == 4, "all run again")
    after = pids(hall)
    assert after["web"] == before["web"]
    assert after["touch+board"] != before["touch+board"]
    assert after["print"] != before["print"]

    assert names(hall)["vi"] == "Sao y bản chính"
    second = hall.take()
    assert second["number"] == "A002"
    assert hall.api.post("/api/tickets", json={"service": "A"}).json()["code"] == "limit_reached"
    printer.wait_for_slips(2, deadline=20)
    called = clerk.post("/api/counters/1/next").json()
    clerk.close()
    assert called["id"] == first["id"]


def test_a_spoilt_file_is_told_and_the_hall_goes_on(hall: Hall) -> None:
    hall.start("web", "print")
    hall.wait()
    change(hall, 'name.vi = "Chứng thực"', 'name.vi = ""')
    until(lambda: "mistakes; what was known goes on" in hall.log(), "it is told")
    assert hall.take()["number"] == "A001"
    change(hall, 'name.vi = ""', 'name.vi = "Sao y"')
    until(lambda: names(hall)["vi"] == "Sao y", "it is in use")


def test_one_part_alone_is_started_anew(hall: Hall) -> None:
    """As a service of the system it has a supervisor of its own, which stays."""
    hall.start("print")
    before = until(lambda: hall.children().get("print"), "it runs")
    until(lambda: "print is at work" in hall.log(), "it works")
    change(hall, 'name.vi = "Chứng thực"', 'name.vi = "Sao y"')
    until(lambda: hall.children().get("print", before) != before, "it is anew")
    assert hall.process is not None
    assert hall.process.poll() is None
    assert "Traceback" not in hall.log()
