"""Power fails in the middle of the ticket path: what a person was told, the store still knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from kiosk.calendar import local_day
from kiosk.office.tickets import take_ticket
from kiosk.store import events
from tests.faults.cutting import cut_often
from tests.faults.disk import CALLS, STRACE, Act, read_trace
from tests.faults.findings import found
from tests.faults.ticket_path import touch
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.office.centre import Centre

ROOT: Final = Path(__file__).resolve().parents[2]
CUTS: Final = chosen(500, 20_000)
PRINTING: Final = ("queued", "sending", "printed")


def record(folder: Path, care: str, tickets: int = 120) -> list[Act]:
    """The acts of a real run of the ticket path, by two processes on one store."""
    folder.mkdir()
    trace = folder.with_suffix(".trace")
    path = [sys.executable, "-m", "tests.faults.ticket_path", folder / "kiosk.db", tickets, care]
    run = subprocess.run(
        [*STRACE, "-e", f"trace={CALLS}", "-o", trace, *map(str, path)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr.decode()
    acts = read_trace(trace, folder.resolve())
    trace.unlink()
    told = b"".join(act.data for act in acts if act.kind == "tell")
    heard = sorted(run.stdout.splitlines())
    assert sorted(told.splitlines()) == heard, "strace has not seen all that was told"
    return acts


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> list[Act]:
    return record(tmp_path_factory.mktemp("power") / "full", "full")


def lost(centre: Centre, told: Sequence[dict[str, Any]]) -> str | None:
    """What somebody was told and the store does not know."""
    with centre.database.read() as query:
        tickets = {row["id"]: row for row in query.all("SELECT id, number, day FROM ticket")}
        papers = {row["id"]: row["state"] for row in query.all("SELECT id, state FROM print_job")}
        happened = {
            (row["ticket"], row["kind"]) for row in query.all("SELECT ticket, kind FROM event")
        }
        presses = {
            row["request_id"]: row["ticket"]
            for row in query.all("SELECT request_id, ticket FROM asked")
        }
    for fact in told:
        match fact:
            case {"ticket": ticket, "number": number, "day": day}:
                row = tickets.get(ticket)
                known = row is not None and (row["number"], row["day"]) == (number, day)
            case {"ticket": ticket, "event": kind}:
                known = (ticket, kind) in happened
            case {"press": press, "ticket": ticket}:
                known = press in presses and presses[press] == ticket
            case {"job": job, "state": state}:
                known = PRINTING.index(papers.get(job, "queued")) >= PRINTING.index(state)
            case _:
                raise AssertionError(f"nobody knows what this tells: {fact}")
        if not known:
            return f"the store does not know {fact}"
    return None


def go_on(centre: Centre, told: Sequence[dict[str, Any]]) -> None:
    """The office opens again: the last tap repeated gives its ticket, a new one the next number."""
    taps = [fact for fact in told if "tap" in fact]
    if taps:
        again = touch(centre, taps[-1]["tap"])
        assert (again.new, again.place.ticket.id) == (False, taps[-1]["ticket"])
    day = local_day(centre.clock(), centre.timezone).isoformat()
    with centre.database.read() as query:
        before = query.one("SELECT COUNT(*) AS n FROM ticket WHERE series = 'A' AND day = :day",
                           day=day)  # fmt: skip
    assert before is not None
    ticket = take_ticket(centre, service="A", actor="touch").place.ticket
    assert ticket.number == f"A{before['n'] + 1:03d}"
    with centre.database.read() as query:
        assert events.first_broken(query, centre.code) is None


def test_a_power_cut_loses_no_ticket_that_somebody_was_told(
    recording: list[Act], tmp_path: Path
) -> None:
    findings = cut_often(recording, CUTS, tmp_path / "cuts", lost, go_on)
    findings.are_none(CUTS)
    found(
        "store",
        "the power fails while numbers are given, called and printed, the log moved often",
        "the writes (strace) of the program's ticket path in two processes of the test; cut at"
        " random points, unsynced ones torn or gone",
        CUTS,
        "after the next start all that they had been told still holds",
        f"nothing of {findings.told} things that people had been told",
    )


def test_the_recording_holds_what_is_dangerous(recording: list[Act]) -> None:
    kinds = [(act.kind, act.name) for act in recording]
    checkpoints = [
        act for act in recording if act.kind == "write" and act.name == "kiosk.db" and act.at == 0
    ]

    assert len(checkpoints) > 5, "the log was hardly ever moved into the store"
    assert kinds.count(("sync", "kiosk.db-wal")) > 300
    assert kinds.count(("sync", "")) > 0
    assert ("remove", "kiosk.db-wal") in kinds


def test_a_store_that_syncs_less_often_is_seen_to_lose_tickets(tmp_path: Path) -> None:
    acts = record(tmp_path / "normal", "normal")

    findings = cut_often(acts, 60, tmp_path / "cuts", lost, go_on)

    assert not findings.damaged, "\n".join(findings.damaged)
    assert len(findings.lost) > 10


def test_a_disk_that_syncs_nothing_is_seen_to_damage_the_store(
    recording: list[Act], tmp_path: Path
) -> None:
    findings = cut_often(recording, 60, tmp_path / "cuts", lost, go_on, syncs=False)

    assert findings.lost
    assert findings.damaged
