"""Power fails in the middle of the ticket path: what a person was told, the store still knows."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from kiosk.calendar import local_day
from kiosk.errors import Refused, Unavailable
from kiosk.office.tickets import take_ticket
from kiosk.store import events
from tests.faults.disk import CALLS, STRACE, Act, Disk, read_trace
from tests.faults.findings import found
from tests.faults.ticket_path import touch
from tests.hall import centre_at
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.database import Query
    from kiosk.office.centre import Centre

ROOT: Final = Path(__file__).resolve().parents[2]
CUTS: Final = chosen(500, 20_000)
STATES: Final = {
    "ticket.issued": "waiting",
    "ticket.called": "called",
    "ticket.started": "serving",
    "ticket.finished": "finished",
    "ticket.parked": "parked",
    "ticket.transferred": "waiting",
}
PRINTING: Final = ("queued", "sending", "printed")


@dataclass(slots=True)
class Findings:
    """What was wrong after which cuts; ``told`` counts what people had been told before all."""

    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    told: int = 0


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


def cut_often(acts: Sequence[Act], cuts: int, folder: Path, *, syncs: bool = True) -> Findings:
    """Rebuilds the disk at random moments of the recording and opens what is found there."""
    folder.mkdir()
    disk, findings, played = Disk(syncs=syncs), Findings(), 0
    points = sorted(Random(cuts).choices(range(len(acts) + 1), k=cuts))
    for number, point in enumerate(points):
        for act in acts[played:point]:
            disk.play(act)
        played = point
        found = folder / f"{number}"
        found.mkdir()
        disk.cut(found, Random(number))
        told = [json.loads(line) for line in b"".join(disk.told).splitlines()]
        findings.told += len(told)
        centre = centre_at(found / "kiosk.db")
        try:
            what = damaged(centre)
            if what:
                findings.damaged.append(f"cut {number} after act {point}: {what}")
            elif what := lost(centre, told):
                findings.lost.append(f"cut {number} after act {point}: {what}")
            else:
                go_on(centre, told)
        finally:
            centre.database.close()
        shutil.rmtree(found)
    return findings


def damaged(centre: Centre) -> str | None:
    """What no store may ever show, whatever was told."""
    try:
        with centre.database.read() as query:
            return _damaged(query, centre.code)
    except (Unavailable, Refused, sqlite3.Error) as error:
        return repr(error)


def _damaged(query: Query, office: str) -> str | None:
    checked = [tuple(row) for row in query.all("PRAGMA integrity_check")]
    if checked != [("ok",)]:
        return f"SQLite finds {checked[:3]}"
    if (seq := events.first_broken(query, office)) is not None:
        return f"the chain breaks at event {seq}"
    given: dict[tuple[str, str], list[int]] = {}
    for row in query.all("SELECT id, day, series, n, state FROM ticket ORDER BY n"):
        given.setdefault((row["day"], row["series"]), []).append(row["n"])
        told = query.all("SELECT kind FROM event WHERE ticket = :id ORDER BY seq", id=row["id"])
        kinds = [event["kind"] for event in told if event["kind"] in STATES]
        if kinds[:1] != ["ticket.issued"] or STATES[kinds[-1]] != row["state"]:
            return f"ticket {row['id']} is {row['state']}, its events say {kinds}"
        papers = query.all("SELECT state FROM print_job WHERE ticket = :id", id=row["id"])
        if len(papers) != 1:
            return f"ticket {row['id']} has {len(papers)} print jobs"
    for row in query.all("SELECT day, code, last FROM series"):
        numbers = given.pop((row["day"], row["code"]), [])
        if numbers != list(range(1, row["last"] + 1)):
            return f"series {row['code']} stands at {row['last']} and gave {numbers}"
    return f"tickets without a series: {given}" if given else None


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
    findings = cut_often(recording, CUTS, tmp_path / "cuts")

    assert not findings.damaged, "\n".join(findings.damaged)
    assert not findings.lost, "\n".join(findings.lost)
    assert findings.told > CUTS * 20, "most cuts came before anybody was told anything"
    found(
        "store",
        "the power fails while numbers are given, called and printed",
        "the writes (strace) of the program's ticket path in two processes of the test, not of"
        " `kiosk run`; cut at random points, unsynced ones torn or gone",
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

    findings = cut_often(acts, 60, tmp_path / "cuts")

    assert not findings.damaged, "\n".join(findings.damaged)
    assert len(findings.lost) > 10


def test_a_disk_that_syncs_nothing_is_seen_to_damage_the_store(
    recording: list[Act], tmp_path: Path
) -> None:
    findings = cut_often(recording, 60, tmp_path / "cuts", syncs=False)

    assert findings.lost
    assert findings.damaged
