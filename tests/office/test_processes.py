"""Eight processes that issue and call at once on one SQLite file."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from kiosk.store import events
from tests.hall import centre_at

PROCESSES: Final = 8
TICKETS: Final = 20
PATIENCE: Final = 120

# Each process takes tickets of two services and calls at a counter of its own in turn.
_PROCESS: Final = """
import json, sys
from dataclasses import replace
from pathlib import Path
from kiosk.office.calls import call_next
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter
from tests.hall import centre_at

path, mine, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
centre = centre_at(path)
centre = replace(centre, counters={n: Counter(n, ("A", "B"), "hall") for n in range(1, 9)})
print("ready", flush=True)
sys.stdin.readline()
issued, called = [], []
for n in range(count):
    issued.append(take_ticket(centre, service="AB"[n % 2], actor="test").place.ticket.number)
    ticket = call_next(centre, mine, clerk=f"clerk{mine}")
    called += [ticket.number] if ticket else []
print(json.dumps([issued, called]))
"""


def run_at_once(path: Path) -> list[list[list[str]]]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, str(path), str(mine), str(TICKETS)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mine in range(1, PROCESSES + 1)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told: list[Any] = [process.communicate(timeout=PATIENCE)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert not any(process.returncode for process in processes)
    return [json.loads(text) for text in told]


def test_eight_processes_leave_no_gap_and_call_nobody_twice(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with closing(centre_at(path).database) as database:
        database.prepare()
        told = run_at_once(path)
        with database.read() as query:
            broken = events.first_broken(query, "H15.50.05")
            states = query.all("SELECT number, state, counter FROM ticket ORDER BY number")
            kinds = {
                row["kind"]: row["n"]
                for row in query.all("SELECT kind, COUNT(*) AS n FROM event GROUP BY kind")
            }

    issued = [number for mine, _ in told for number in mine]
    called = [number for _, mine in told for number in mine]
    each = PROCESSES * TICKETS // 2
    assert sorted(issued) == [f"{code}{n:03}" for code in "AB" for n in range(1, each + 1)]
    assert len(called) == len(set(called)) == PROCESSES * TICKETS
    assert broken is None
    assert (kinds["ticket.issued"], kinds["ticket.called"]) == (len(issued), len(called))
    present = [row["counter"] for row in states if row["state"] == "called"]
    assert sorted(present) == list(range(1, PROCESSES + 1))
    assert sum(row["state"] == "finished" for row in states) == len(issued) - PROCESSES
