"""The PostgreSQL server dies while three machines write: what was told stands after it is back."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

from kiosk.database import open_database
from kiosk.store import events
from tests.faults.findings import found
from tests.hall import MORNING, OFFICE, Clock
from tests.office.crew import Command, Crew, command
from tests.office.ledger import Ledger
from tests.office.worker import office
from tests.postgres import Server
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.office.crew import Answer

KIOSKS: Final = ("kiosk-1", "kiosk-2", "kiosk-3")
ROUNDS: Final = chosen(2, 40)
TAPS: Final = 60
PATIENCE: Final = 30.0
_LOOK: Final = threading.Event()


@pytest.fixture(scope="module")
def mortal_server() -> Iterator[Server]:
    server = Server()
    try:
        server.start()
        server.make_template()
        yield server
    finally:
        server.close()


def stopped_at_once(server: Server) -> None:
    server.stop(signal.SIGQUIT)
    server.start()


def killed(server: Server) -> None:
    server.stop(signal.SIGKILL)
    server.start()


def one_backend_killed(server: Server) -> None:
    """As the kernel does when memory runs out: the server then throws everybody out."""
    rows = server.run(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'kiosk' ORDER BY random()"
    )
    os.kill(rows[0][0], signal.SIGKILL)


def presses(round_: int, worker: int) -> list[Command]:
    told = []
    for n in range(TAPS):
        tap = f"{round_}-{worker}-{n}"
        told.append(command("take", MORNING, service="ABC"[n % 3], request_id=tap))
        if n % 3 == 0:
            counter, clerk = worker + 1, f"clerk-{worker}"
            told.append(command("next", MORNING, counter=counter, clerk=clerk, request_id=tap))
    return told


def read_tickets(url: str, least: int = 0) -> dict[str, str]:
    """The number of each ticket by its id, once there are so many and the server answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            tickets: dict[str, str] = dict(
                connection.execute("SELECT id, number FROM ticket").fetchall()
            )
            if len(tickets) >= least:
                return tickets
        assert time.monotonic() < deadline, "nobody takes tickets, or the server does not come back"
        _LOOK.wait(0.005)


def told(crew: Crew, worker: int) -> list[Answer]:
    answers = crew.workers[worker].hear()
    assert answers is not None, "a process died with its server"
    assert not [answer["bug"] for answer in answers if "bug" in answer]
    return answers


@dataclass(slots=True)
class Told:
    """What the machines were told while the server died; ``lost`` is what it then knew no more."""

    taps: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    interrupted: int = 0

    def take_down(self, asked: list[Command], answers: list[Answer], known: dict[str, str]) -> None:
        for press, answer in zip(asked, answers, strict=True):
            self.interrupted += "unavailable" in answer
            if press["do"] == "take" and "ok" in answer:
                ticket, number = answer["ok"]["id"], answer["ok"]["number"]
                self.taps[press["with"]["request_id"]] = ticket
                if known.get(ticket) != number:
                    self.lost.append(number)


def kill_among_writers(
    crew: Crew, url: str, round_: int, told_: Told, kill: Callable[[], None]
) -> dict[int, list[Command]]:
    """All machines press and the server dies in the middle; returns what was pressed."""
    asked = {worker: presses(round_, worker) for worker in range(len(KIOSKS))}
    for worker, commands in asked.items():
        crew.workers[worker].tell(commands)
    read_tickets(url, len(told_.taps) + 40 + 30 * round_ % 90)
    kill()
    heard = {worker: told(crew, worker) for worker in asked}
    known = read_tickets(url)
    for worker, commands in asked.items():
        told_.take_down(commands, heard[worker], known)
    return asked


@pytest.mark.parametrize("kill", [stopped_at_once, killed, one_backend_killed])
def test_a_server_that_dies_among_writers_loses_nothing_that_was_told(
    kill: Callable[[Server], None], mortal_server: Server, tmp_path: Path
) -> None:
    url = mortal_server.make_database()
    heard = Told()
    died: list[float] = []
    recovery: list[float] = []

    def deadly() -> None:
        died.append(time.monotonic())
        kill(mortal_server)

    with Crew(tmp_path, KIOSKS) as crew:
        crew.open(url, OFFICE, {})
        for round_ in range(ROUNDS):
            asked = kill_among_writers(crew, url, round_, heard, deadly)
            assert not heard.lost
            repeat(crew, asked, heard.taps)
            recovery.append(time.monotonic() - died[-1])
    check(url, heard.taps)
    mortal_server.drop_database(url)

    assert len(heard.taps) == ROUNDS * len(KIOSKS) * TAPS
    assert heard.interrupted, "the server died when nobody wrote"
    found(
        "store",
        f"PostgreSQL: {kill.__name__.replace('_', ' ')}",
        "signals to the server among writers",
        ROUNDS,
        f"of {len(heard.taps)} taps {heard.interrupted} had to be repeated",
        seconds=recovery,
    )


def test_a_server_that_answers_before_it_has_written_is_seen_to_lose_tickets(
    mortal_server: Server, tmp_path: Path
) -> None:
    url = mortal_server.make_database()
    heard = Told()
    with Crew(tmp_path, KIOSKS) as crew:
        crew.open(f"{url}?options=-c%20synchronous_commit%3Doff", OFFICE, {})
        for round_ in range(10):
            asked = kill_among_writers(crew, url, round_, heard, lambda: killed(mortal_server))
            if heard.lost:
                break
            repeat(crew, asked, heard.taps)
    mortal_server.drop_database(url)

    assert heard.lost


def repeat(crew: Crew, asked: dict[int, list[Command]], taps: dict[str, str]) -> None:
    """Everybody presses again what they pressed, until it is taken: the same ticket each time."""
    deadline = time.monotonic() + PATIENCE
    open_ = dict(asked)
    while open_:
        assert time.monotonic() < deadline, "the server does not come back"
        for worker, commands in open_.items():
            crew.workers[worker].tell(commands)
        for worker, commands in list(open_.items()):
            answers = told(crew, worker)
            for press, answer in zip(commands, answers, strict=True):
                if press["do"] == "take" and "ok" in answer:
                    ticket = answer["ok"]["id"]
                    assert taps.setdefault(press["with"]["request_id"], ticket) == ticket
            left = [p for p, a in zip(commands, answers, strict=True) if "unavailable" in a]
            open_[worker] = left
            if not left:
                del open_[worker]


def check(url: str, taps: dict[str, str]) -> None:
    """Each tap made one ticket, and every event stands."""
    centre = office(open_database(url, OFFICE), OFFICE, "hall", Clock())
    ledger = Ledger(centre)
    ledger.read()
    with centre.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
        series = query.all("SELECT code, last FROM series")
    centre.database.close()
    assert ledger.tickets.keys() == set(taps.values())
    assert sum(row["last"] for row in series) == len(taps)
