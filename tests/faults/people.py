"""People of a running hall, over HTTP: citizens who take numbers and clerks who call them, through
whatever happens meanwhile; and what must be true of it in the end."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

import httpx
import zxingcpp

from kiosk.store import events
from tests.hall import OFFICE, centre_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from printer.virtual import VirtualPrinter
    from tests.e2e.running import Hall

TAP_SECONDS: Final = 0.25
"""Between two tickets of one citizen, and two calls of one clerk."""
RETRY_SECONDS: Final = 0.05
PATIENCE: Final = 60.0


class People:
    """They press again until they are answered, each tap and each call with its own key."""

    def __init__(self, hall: Hall, clerks: Sequence[tuple[str, int]], citizens: int = 2) -> None:
        self._hall = hall
        self._stop = threading.Event()
        self.tickets: dict[str, str] = {}
        """Number by id, as acknowledged."""
        self.called: list[str] = []
        """Ids, each as often as a clerk was told that it is called."""
        self.bugs: list[str] = []
        self._clients = [hall.sign_in(login, counter) for login, counter in clerks]
        self._threads = [
            *(threading.Thread(target=self._take, args=(n,)) for n in range(citizens)),
            *(
                threading.Thread(target=self._call, args=(client, counter))
                for client, (_, counter) in zip(self._clients, clerks, strict=True)
            ),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for client in self._clients:
            client.close()

    def _take(self, citizen: int) -> None:
        tap = 0
        with httpx.Client(base_url=self._hall.api.base_url, timeout=10) as client:
            while not self._stop.wait(TAP_SECONDS):
                tap += 1
                given = {"service": "A", "request_id": f"citizen-{citizen}-tap-{tap}"}
                answer = self._press(client, "/api/tickets", given)
                if answer is not None:
                    self.tickets[answer["id"]] = answer["number"]

    def _call(self, client: httpx.Client, counter: int) -> None:
        press = 0
        while not self._stop.wait(TAP_SECONDS):
            press += 1
            given = {"request_id": f"counter-{counter}-press-{press}"}
            answer = self._press(client, f"/api/counters/{counter}/next", given)
            if answer:
                self.called.append(answer["id"])

    def _press(
        self, client: httpx.Client, path: str, given: dict[str, str]
    ) -> dict[str, Any] | None:
        """The answer, however often it must be asked for; None when it never came."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                answer = client.post(path, json=given)
                if answer.is_success:
                    return dict(answer.json()) if answer.content else {}
                if answer.status_code != 503:
                    self.bugs.append(f"{path}: {answer.status_code} {answer.text}")
                    return None
            threading.Event().wait(RETRY_SECONDS)
        self.bugs.append(f"{path}: no answer within {PATIENCE} s")
        return None


def rows(hall: Hall, sql: str) -> list[tuple[Any, ...]]:
    with closing(
        sqlite3.connect(f"file:{hall.folder / 'kiosk.db'}?mode=ro", uri=True, timeout=10)
    ) as store:
        return store.execute(sql).fetchall()


def codes_of(printer: VirtualPrinter) -> list[str]:
    """The code of every paper."""
    found = []
    for slip in printer.slips:
        found += {code.text for code in zxingcpp.read_barcodes(slip.convert("L"))}
    return found


def check(hall: Hall, people: People, printer: VirtualPrinter) -> None:
    """No number twice and none lost, no ticket on two papers, none called twice, every event
    stands."""
    assert not people.bugs
    stored = rows(hall, "SELECT id, number FROM ticket ORDER BY n")
    numbers = [number for _, number in stored]
    assert numbers == [f"A{n:03d}" for n in range(1, len(stored) + 1)]
    assert people.tickets.items() <= dict(stored).items()
    sql = "SELECT ticket FROM event WHERE kind = 'ticket.called'"
    calls = [ticket for (ticket,) in rows(hall, sql)]
    assert len(calls) == len(set(calls))
    assert len(people.called) == len(set(people.called))
    assert set(people.called) <= set(calls)
    papers = codes_of(printer)
    assert len(papers) == len(set(papers))
    slips = {ticket: tuple(told) for ticket, *told in
             rows(hall, "SELECT ticket, state, reason FROM print_job")}  # fmt: skip
    assert slips.keys() == dict(stored).keys()
    for ticket, (state, reason) in slips.items():
        # Of somebody who was served before it came out no slip is needed any more.
        assert state in {"printed", "unknown"} or (state, reason) == ("failed", "dropped")
        assert (ticket in papers) >= (state == "printed")
    kept = centre_at(hall.folder / "kiosk.db")
    with kept.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
    kept.database.close()
