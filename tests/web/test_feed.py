from __future__ import annotations

import json
import socket
import statistics
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, ClassVar

import httpx

from kiosk.database.sqlite import Sqlite
from kiosk.office import clerks, devices, sessions, tickets
from kiosk.web import feed
from kiosk.web.desk_answers import CounterAnswer
from kiosk.web.feed import (
    RENDER_SECONDS,
    Wanted,
    render_counters,
    render_open,
    render_staff,
)
from tests.waiting import PATIENCE, until
from tests.web.serving import PIN, served, signed_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    import pytest

    from kiosk.office.centre import Centre

END = ("end", None, 0.0)


class Stream:
    """Events of one open stream, with the moment at which each came."""

    def __init__(self, answer: httpx.Response) -> None:
        self.events: Queue[tuple[str, Any, float]] = Queue()
        self.lines: list[str] = []
        self._answer = answer
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        kind = ""
        try:
            for line in self._answer.iter_lines():
                self.lines.append(line)
                name, _, text = line.partition(": ")
                if name == "event":
                    kind = text
                elif name == "data":
                    self.events.put((kind, json.loads(text), time.perf_counter()))
        except httpx.HTTPError as error:
            self.lines.append(repr(error))
        self.events.put(END)

    def until(
        self, wanted: str, when: Callable[[Any], object] = lambda data: True
    ) -> tuple[Any, float]:
        """The next event of the kind whose data is as wanted, and when it came."""
        deadline = time.monotonic() + PATIENCE
        while True:
            kind, data, came = self.events.get(timeout=max(0.01, deadline - time.monotonic()))
            if kind == wanted and when(data):
                return data, came

    def until_seq(self, seq: int) -> tuple[Any, float]:
        return self.until("board", lambda board: board["seq"] >= seq)

    def until_calm(self) -> None:
        """Waits until nothing has come for as long as the feed holds changes back."""
        with suppress(Empty):
            while True:
                self.events.get(timeout=RENDER_SECONDS * 1.1)

    def ended(self) -> bool:
        self._thread.join(10)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Hangs up under the reader's hands, as a browser does that is shut."""
        network = self._answer.extensions["network_stream"]
        with suppress(OSError):
            network.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        assert self.ended()


@contextmanager
def following(client: httpx.Client) -> Iterator[Stream]:
    with client.stream("GET", "/api/changes", timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = Stream(answer)
        yield stream
        stream.close()


def take(centre: Centre) -> str:
    return tickets.take_ticket(centre, service="A", actor="test").place.ticket.number


def test_a_stream_begins_with_the_state_and_tells_each_change(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre)
    with following(hall) as stream:
        first, _ = stream.until("board")
        assert first["lines"][0]["waiting"] == 1
        assert stream.lines[0] == "retry: 1000"
        hoa.post("/api/counters/1/next")
        board, _ = stream.until_seq(first["seq"] + 1)
        assert board["calls"][0]["number"] == "A001"
        assert f"id: {board['seq']}" in stream.lines


def test_a_stream_that_has_been_silent_is_told_that_it_is_not_cut_off(
    hall: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PING_SECONDS", 0.5)
    with following(hall) as stream:
        stream.until("board")
        until(lambda: ": ping" in stream.lines)


def test_a_clerk_sees_the_own_counter_and_a_device_does_not(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre)
    with following(hoa) as mine, following(hall) as public:
        view, _ = mine.until("counter")
        assert (view["counter"], view["clerk"], view["current"]) == (1, "Lê Thị Hoa", None)
        assert [ticket["number"] for ticket in view["waiting"]] == ["A001"]
        hoa.post("/api/counters/1/next")
        view, _ = mine.until("counter", lambda view: view["current"])
        assert view["current"]["number"] == "A001"
        devices.report(centre, "printer", "fault", "paper_out")
        view, _ = mine.until("counter", lambda view: view["devices"])
        assert view["devices"][0]["reason"] == "paper_out"
        kinds = {public.events.get(timeout=PATIENCE)[0] for _ in range(2)}
    assert kinds == {"board"}


def test_a_change_of_another_connection_arrives_soon(centre: Centre, hall: httpx.Client) -> None:
    delays = []
    with following(hall) as stream:
        seq = stream.until("board")[0]["seq"]
        for _ in range(15):
            pressed = time.perf_counter()
            take(centre)
            seq += 1
            delays.append(stream.until_seq(seq)[1] - pressed)
            stream.until_calm()
    median = statistics.median(delays)
    print(f"change to event: median {median * 1000:.1f} ms, worst {max(delays) * 1000:.1f} ms")
    assert median < 0.08


def test_streams_are_told_at_most_five_times_a_second(centre: Centre, hall: httpx.Client) -> None:
    with following(hall) as stream:
        seq = stream.until("board")[0]["seq"]
        started = time.perf_counter()
        for _ in range(40):
            take(centre)
        _, came = stream.until_seq(seq + 40)
        told = sum(line == "event: board" for line in stream.lines)
    assert told <= 3 + (came - started) * 5


def test_signing_out_ends_the_stream(hoa: httpx.Client) -> None:
    with following(hoa) as stream:
        stream.until("counter")
        hoa.delete("/api/session")
        stream.until("signed-out")
        assert stream.ended()


def test_a_session_that_ends_elsewhere_ends_the_stream(
    centre: Centre, address: str, hoa: httpx.Client
) -> None:
    with following(hoa) as stream:
        stream.until("counter")
        with signed_in(address, "hoa", 2):
            stream.until("signed-out")
            assert stream.ended()
    with signed_in(address, "minh", 1) as minh, following(minh) as stream:
        stream.until("counter")
        clerks.disable_clerk(centre, "minh")
        stream.until("signed-out")


def test_a_store_that_cannot_be_read_is_told_to_browsers(
    centre: Centre, hall: httpx.Client
) -> None:
    with following(hall) as stream:
        stream.until("board")
        centre.database.close()
        for part in centre.database.path.parent.glob("kiosk.db*"):
            part.write_bytes(b"not a database, but long enough to be looked at" * 200)
        told, _ = stream.until("unavailable")
    assert told == {"code": "store_damaged"}


class Listened(Sqlite):
    """The same store, which tells what it was asked."""

    asked: ClassVar[list[str]] = []

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.set_trace_callback(self.asked.append)
        return connection


def views_of(centre: Centre, tokens: Sequence[str]) -> dict[int, bytes]:
    """What these sessions' counters are sent."""
    staff = render_staff(centre, render_open(centre, Wanted(tokens)), "", {})
    return render_counters(staff, staff.counters)


def test_devices_and_slips_are_read_once_for_all_counters(centre: Centre) -> None:
    tokens = [sessions.sign_in(centre, *at).token for at in (("hoa", PIN, 1), ("minh", PIN, 2))]
    devices.report(centre, "printer", "fault", "paper_out")
    take(centre)
    store = Listened(centre.database.path)
    views = views_of(replace(centre, database=store), tokens)
    store.close()
    for table in ("device", "print_job"):
        assert len([asked for asked in store.asked if f"FROM {table} " in asked]) == 1
    assert views.keys() == {1, 2}
    for view in views.values():
        assert b"paper_out" in view
        assert b"A001" in view.partition(b'"jobs"')[2]


def test_what_all_counters_show_takes_no_more_questions_than_one(centre: Centre) -> None:
    tokens = [sessions.sign_in(centre, *at).token for at in (("hoa", PIN, 1), ("minh", PIN, 2))]
    for code in ("A", "B", "A"):
        tickets.take_ticket(centre, service=code, actor="test")
    asked = []
    for some in (tokens[:1], tokens):
        store = Listened(centre.database.path)
        store.prepare()
        before = len(store.asked)
        views = views_of(replace(centre, database=store), some)
        asked.append(len(store.asked) - before)
        store.close()

    assert asked[0] == asked[1]
    told = [
        CounterAnswer.model_validate_json(frame.split(b"data: ")[1]) for frame in views.values()
    ]
    assert [[ticket.number for ticket in view.waiting] for view in told] == [
        ["A001", "B001", "A002"],
        ["A001", "A002"],
    ]


def test_a_server_that_stops_ends_its_streams_quickly(centre: Centre) -> None:
    with ExitStack() as server, httpx.Client(timeout=20) as client:
        address = server.enter_context(served(centre))
        with client.stream("GET", f"{address}/api/changes") as answer:
            stream = Stream(answer)
            stream.until("board")
            stopping = time.perf_counter()
            server.close()
            assert stream.ended()
            assert time.perf_counter() - stopping < 2
