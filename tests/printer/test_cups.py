"""A queue of CUPS, behind programs of the same names that keep what they were given."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from printer import cups
from printer.errors import Lost
from printer.finding import cups_candidates
from printer.settings import PrinterSettings
from printer.transport import make_transport, open_transport
from tests.printer.outbox import MemoryOutbox
from tests.printer.test_worker import working

if TYPE_CHECKING:
    from pathlib import Path

HALL = PrinterSettings(connection="cups", device="hall")
LPSTAT = """#!/bin/sh
case "$*" in
"-p") echo "printer hall is idle.  enabled since Mon"
      echo "printer old disabled since Sun -"
      echo "        Paused" ;;
"-p hall") echo "printer hall is idle.  enabled since Mon" ;;
"-p old") echo "printer old disabled since Sun -" ;;
*) echo "lpstat: Invalid destination name in list \\"$2\\"." >&2; exit 1 ;;
esac
"""
LP = """#!/bin/sh
echo "$@" >> {folder}/asked
cat >> {folder}/taken
{then}
"""


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    program(folder / "lpstat", LPSTAT)
    program(folder / "lp", LP.format(folder=tmp_path, then="echo request id is hall-12"))
    return tmp_path


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_a_slip_is_one_raw_job_and_counts_as_sent(queue: Path) -> None:
    outbox = MemoryOutbox()
    outbox.add("A001")
    outbox.add("A002")
    with working(HALL, outbox):
        outbox.until_job("A001", "printed", "sent")
        outbox.until_job("A002", "printed", "sent")

    assert (queue / "asked").read_text() == "-d hall -o raw\n" * 2
    assert (queue / "taken").read_bytes().count(b"\x1dVB\x00") == 2


@pytest.mark.parametrize("name", ["old", "none"])
def test_a_queue_that_is_stopped_or_unknown_is_unreachable(queue: Path, name: str) -> None:
    with pytest.raises(Lost) as lost:
        open_transport(PrinterSettings(connection="cups", device=name))

    assert lost.value.reason == "unreachable"
    assert name in str(lost.value)


def test_a_job_that_cups_refuses_is_not_sent_at_all(queue: Path) -> None:
    program(queue / "bin" / "lp", LP.format(folder=queue, then="exit 1"))
    wire = open_transport(HALL)
    with pytest.raises(Lost) as lost:
        wire.write(b"slip", time.monotonic() + 2)

    assert lost.value.sent == 0


def test_a_job_of_which_cups_says_nothing_may_have_been_sent(
    queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cups, "_SECONDS", 0.3)
    program(queue / "bin" / "lp", LP.format(folder=queue, then="exec sleep 60"))
    wire = make_transport(HALL)
    with pytest.raises(Lost) as lost:
        wire.write(b"slip", time.monotonic() + 2)

    assert (lost.value.reason, lost.value.sent) == ("silent", 4)


def test_a_machine_without_cups_is_told_so_and_has_no_queues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Lost) as lost:
        open_transport(HALL)

    assert lost.value.reason == "cups_missing"
    assert cups_candidates() == []


@pytest.mark.usefixtures("queue")
def test_the_queues_are_listed_stopped_ones_too() -> None:
    assert [one.settings.device for one in cups_candidates()] == ["hall", "old"]
