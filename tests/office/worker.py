"""A process of the office for tests: a centre of its own on a shared store, told what to do.

``python -m tests.office.worker SOCKET`` listens; each connection is a process of its own, forked
from one that has imported everything. Lines of JSON go both ways: a command with its moment, and
its answer {"ok": ...}, {"refused": code}, {"unavailable": code} or {"bug": traceback}. A command
with "dies" kills the process before that many more statements, commits included, have been made.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from kiosk.database import open_database, postgres, sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.office import appointments, calls, jobs, sessions, tickets, visits
from kiosk.tickets import Counter, Priority, QueueRules, Ticket
from tests.hall import Clock, centre_at, service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kiosk.database import Database, Query
    from kiosk.office.centre import Centre

LOADED: Final = (postgres, sqlite)
"""Imported before the first fork: a process that replaces a dead one starts at once."""
SPANS: Final = ("ageing", "late", "grace", "least_pause", "undo")


def _priority(code: str, one_in: int = 1) -> Priority:
    return Priority(code, {"vi": code, "en": code}, one_in)


SERVICES: Final = (
    service("A", "Chứng thực"),
    service("B", "Hộ tịch", then=("C",)),
    service("C", "Đất đai"),
    service("D", "Kinh doanh", daily_limit=4, first_number=501),
    service("F", "Trả kết quả", last_number=5, returns_results=True),
)
PRIORITIES: Final = (_priority("NCT"), _priority("KT"), _priority("TV", 3))
COUNTERS: Final = {
    1: Counter(1, ("A", "B"), "hall"),
    2: Counter(2, ("B", "A", "C"), "hall", order="listed"),
    3: Counter(3, ("C", "D", "F"), "hall", order="weight", weights=(3, 1, 1)),
}
PEAK_SERVICES: Final = tuple(service(code, code) for code in "ABCDEFGHJKLM")
PEAK_COUNTERS: Final = {
    number: Counter(
        number,
        tuple(PEAK_SERVICES[(number + step) % 12].code for step in range(3)),
        "hall",
        order=("arrival", "listed", "weight")[number % 3],
        weights=(3, 2, 1) if number % 3 == 2 else (),
    )
    for number in range(1, 61)
}
PIN: Final = "314159"


class Mortal:
    """A store whose process is killed after so many statements; a commit is one before itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.left: int | None = None

    def step(self) -> None:
        if self.left is not None:
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1

    @contextmanager
    def read(self) -> Iterator[Query]:
        with self._database.read() as query:
            yield query

    @contextmanager
    def write(self) -> Iterator[Query]:
        with self._database.write() as query:
            yield _Counted(query, self)
            self.step()
        self.step()

    def close(self) -> None:
        self._database.close()


class _Counted:
    def __init__(self, query: Query, mortal: Mortal) -> None:
        self._query = query
        self._mortal = mortal

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]:
        self._mortal.step()
        return self._query.all(sql, **facts)

    def tuples(self, sql: str, **facts: object) -> list[tuple[Any, ...]]:
        self._mortal.step()
        return self._query.tuples(sql, **facts)

    def one(self, sql: str, **facts: object) -> Mapping[str, Any] | None:
        self._mortal.step()
        return self._query.one(sql, **facts)

    def run(self, sql: str, **facts: object) -> int:
        self._mortal.step()
        return self._query.run(sql, **facts)

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        self._mortal.step()
        self._query.many(sql, rows)


def office(
    database: Database, code: str, kiosk: str, clock: Clock, *, peak: bool = False, **rules: Any
) -> Centre:
    """The centre that all processes of a test share; ``rules`` of the queue, spans in seconds."""
    base = centre_at(Path("unused.db"), clock, kiosk)
    spans = {name: timedelta(seconds=rules[name]) for name in SPANS if rules.get(name) is not None}
    return replace(
        base,
        database=database,
        code=code,
        services={entry.code: entry for entry in (PEAK_SERVICES if peak else SERVICES)},
        priorities={entry.code: entry for entry in PRIORITIES},
        counters=PEAK_COUNTERS if peak else COUNTERS,
        queue=replace(QueueRules(), **{**rules, **spans}),
    )


def _take(centre: Centre, **facts: Any) -> object:
    issued = tickets.take_ticket(centre, actor="touch", **facts)
    return {**_told(issued.place.ticket), "new": issued.new}


def _book(centre: Centre, service: str, minutes: int, code: str) -> object:
    at = centre.clock() + timedelta(minutes=minutes)
    return appointments.book(centre, service=service, at=at, actor="web", code=code).code


def _check_in(centre: Centre, code: str) -> object:
    issued = appointments.check_in(centre, code, actor="touch")
    return {**_told(issued.place.ticket), "new": issued.new}


def _sign_in(centre: Centre, login: str, counter: int) -> object:
    return sessions.sign_in(centre, login, PIN, counter).token


def _print(centre: Centre, how: str) -> object:
    job = jobs.next_job(centre)
    if job is None:
        return None
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, how, evidence="ack")
    return job.id


COMMANDS: Final[Mapping[str, Callable[..., object]]] = {
    "take": _take,
    "next": calls.call_next,
    "call": calls.call_ticket,
    "recall": calls.recall,
    "start": calls.start,
    "finish": calls.finish,
    "no_show": calls.no_show,
    "park": calls.park,
    "transfer": calls.transfer,
    "return": calls.return_to_line,
    "resume": calls.resume,
    "undo": calls.undo,
    "cancel": visits.cancel,
    "come_back": visits.come_back,
    "book": _book,
    "check_in": _check_in,
    "cancel_appointment": appointments.cancel_appointment,
    "sign_in": _sign_in,
    "sign_out": sessions.sign_out,
    "pause": sessions.pause,
    "go_on": sessions.go_on,
    "print": _print,
    "recover": jobs.recover,
}


def _told(answer: object) -> Any:
    if isinstance(answer, Ticket):
        return {"id": answer.id, "number": answer.number, "day": answer.day, "state": answer.state}
    place = getattr(answer, "place", None)
    if place is None:
        place = answer
    ticket = getattr(place, "ticket", None)
    if isinstance(ticket, Ticket):
        return _told(ticket)
    return answer if isinstance(answer, str | int | dict | list | None) else str(answer)


def obey(centre: Centre, clock: Clock, command: dict[str, Any]) -> dict[str, Any]:
    clock.now = datetime.fromisoformat(command["now"])
    try:
        return {"ok": _told(COMMANDS[command["do"]](centre, **command["with"]))}
    except Refused as refused:
        return {"refused": refused.code}
    except Unavailable as unavailable:
        return {"unavailable": unavailable.code}
    except Exception:
        return {"bug": traceback.format_exc()}


def serve(connection: socket.socket) -> None:
    """Obeys until the other side hangs up."""
    centre, clock, mortal = None, Clock(), None
    with connection, connection.makefile("rwb") as lines:
        for line in lines:
            command = json.loads(line)
            if "store" in command:
                if centre is not None:
                    centre.database.close()
                mortal = Mortal(open_database(command["store"], command["code"]))
                rules = command["rules"]
                centre = office(
                    cast("Database", mortal), command["code"], command["kiosk"], clock, **rules
                )
                answer: object = {"ok": os.getpid()}
            else:
                assert centre is not None
                assert mortal is not None
                mortal.left = command.get("dies")
                told = [obey(centre, clock, each) for each in command["all"]]
                mortal.left = None
                answer = told
            lines.write(json.dumps(answer).encode() + b"\n")
            lines.flush()


def main(path: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                serve(connection)
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
