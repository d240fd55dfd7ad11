from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import utc_now
from kiosk.office import tickets
from kiosk.store import events
from kiosk.texts import texts
from kiosk.web.sockets import listen
from tests.hall import centre_at
from tests.web.serving import add_clerks, served, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from kiosk.office.centre import Centre


def take(centre: Centre, service: str = "A", times: int = 1) -> None:
    for _ in range(times):
        tickets.take_ticket(centre, service=service, actor="test")


def press(client: httpx.Client, move: str, at: int = 1, **body: object) -> httpx.Response:
    return client.post(f"/api/counters/{at}/{move}", json=body or None)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_next_finishes_the_present_ticket_and_calls_the_next(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    first = press(hoa, "next").json()
    assert (first["number"], first["state"], first["counter"]) == ("A001", "called", 1)
    assert press(hoa, "next").json()["number"] == "A002"
    assert hall.get(f"/api/tickets/{first['id']}").json()["state"] == "finished"
    last = press(hoa, "next")
    assert (last.status_code, last.content) == (204, b"")


def test_a_press_repeated_after_a_lost_answer_calls_nobody_else(
    centre: Centre, hoa: httpx.Client
) -> None:
    take(centre, times=3)
    first = press(hoa, "next", request_id="press-1").json()
    assert press(hoa, "next", request_id="press-1").json()["id"] == first["id"]
    assert press(hoa, "next", request_id="press-2").json()["number"] == "A002"
    assert press(hoa, "next").json()["number"] == "A003"


def test_a_visit_goes_its_way(centre: Centre, hoa: httpx.Client) -> None:
    take(centre, times=3)
    assert told(press(hoa, "recall")) == (409, "nobody_here")
    press(hoa, "next")
    assert press(hoa, "recall").json()["calls"] == 2
    assert press(hoa, "start").json()["state"] == "serving"
    assert told(press(hoa, "no-show")) == (409, "illegal_move")
    assert press(hoa, "finish").json()["state"] == "finished"
    press(hoa, "next")
    assert press(hoa, "no-show").json()["state"] == "no_show"
    press(hoa, "next")
    assert press(hoa, "finish").json()["state"] == "finished"


def test_a_parked_ticket_is_called_again(centre: Centre, hoa: httpx.Client) -> None:
    take(centre)
    called = press(hoa, "next").json()
    assert press(hoa, "park").json()["state"] == "parked"
    assert press(hoa, "resume", ticket=called["id"]).json()["state"] == "called"
    assert told(press(hoa, "resume", ticket="A00000000000")) == (404, "no_such_ticket")


def test_a_ticket_is_sent_to_a_service_or_to_a_counter(
    centre: Centre, hoa: httpx.Client, minh: httpx.Client
) -> None:
    take(centre, times=2)
    press(hoa, "next")
    assert press(hoa, "transfer", counter=2).json()["number"] == "A001"
    assert press(minh, "next", 2).json()["number"] == "A001"
    press(hoa, "next")
    moved = press(hoa, "transfer", service="B").json()
    assert (moved["number"], moved["service"], moved["state"]) == ("A002", "B", "waiting")
    press(hoa, "next")
    assert told(press(hoa, "transfer")) == (422, "malformed")
    assert told(press(hoa, "transfer", service="B", counter=2)) == (422, "transfer_where")
    assert told(press(hoa, "transfer", service="Z")) == (404, "unknown_service")
    assert told(press(hoa, "transfer", counter=77)) == (404, "unknown_counter")


def test_a_move_meant_for_someone_who_has_gone_is_too_late(
    centre: Centre, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    gone = press(hoa, "next").json()["id"]
    here = press(hoa, "next").json()["id"]
    assert told(press(hoa, "no-show", ticket=gone)) == (409, "illegal_move")
    assert press(hoa, "no-show", ticket=here).json()["id"] == here


WAYS_TO_CALL: list[dict[str, object]] = [
    {"move": "next"},
    {"move": "next", "request_id": "press-1"},
    {"move": "call", "number": "A003", "reason": "urgent"},
    {"move": "resume", "ticket": "{kept}"},
]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("way", WAYS_TO_CALL, ids=lambda way: "-".join(way))
def test_a_call_from_a_stale_page_ends_nobodys_visit(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client, way: dict[str, object], lang: str
) -> None:
    take(centre, times=4)
    kept = press(hoa, "next").json()["id"]
    press(hoa, "park")
    gone = press(hoa, "next").json()["id"]
    hoa.headers["Accept-Language"] = lang
    asked = {name: kept if fact == "{kept}" else fact for name, fact in way.items()}

    def refused(key: str, number: str = "", **seen: object) -> tuple[int, str]:
        with centre.database.read() as query:
            before = events.last(query, centre.code)
        answer = press(hoa, **asked, **seen)
        with centre.database.read() as query:
            assert events.last(query, centre.code) == before
        assert answer.json()["message"] == texts(lang).say(
            f"refused.{key}", number=number, counter=1
        )
        return told(answer)

    moved = (409, "illegal_move")
    assert refused("illegal_move.called.clerk", "A002", present=None) == moved
    assert refused("no_such_ticket", present="A00000000000") == (404, "no_such_ticket")
    assert refused("illegal_move.parked.clerk", "A001", present=kept) == moved
    press(hoa, "finish")
    assert refused("illegal_move.finished.clerk", "A002", present=gone) == moved
    called = press(hoa, **asked, present=None)
    assert (called.status_code, called.json()["state"]) == (200, "called")
    after = press(hoa, "next", present=called.json()["id"])
    assert after.status_code == 200
    assert hall.get(f"/api/tickets/{called.json()['id']}").json()["state"] == "finished"


def test_a_repeated_press_gives_its_first_answer_whoever_is_there_by_now(
    centre: Centre, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    asked = {"request_id": "press-1", "present": None}
    first = press(hoa, "next", **asked).json()
    assert press(hoa, "next", **asked).json() == first
    other = press(hoa, "next", request_id="press-2", present=first["id"]).json()
    assert press(hoa, "next", **asked).json()["id"] == first["id"]
    assert press(hoa, "recall", ticket=other["id"]).status_code == 200


@pytest.mark.parametrize("n", ["0", "-1", "x", "1.5", "9" * 30])
def test_an_impossible_counter_is_malformed(hoa: httpx.Client, n: str) -> None:
    assert told(hoa.post(f"/api/counters/{n}/next")) == (422, "malformed")


def call_together(pairs: list[tuple[httpx.Client, int]], people: int) -> list[str]:
    """All clerks press at the same moment, again and again; gives whom they called."""
    gate = threading.Barrier(len(pairs))
    called: list[str] = []

    def work(client: httpx.Client, counter: int) -> None:
        for _ in range(people // len(pairs) + 1):
            gate.wait(20)
            answer = client.post(f"/api/counters/{counter}/next")
            if answer.status_code == 200:
                called.append(answer.json()["number"])
            else:
                assert answer.status_code == 204, answer.text

    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return called


def test_two_clerks_never_call_one_ticket(
    centre: Centre, hoa: httpx.Client, minh: httpx.Client
) -> None:
    take(centre, times=30)
    called = call_together([(hoa, 1), (minh, 2)], 30)
    assert sorted(called) == [f"A{n:03d}" for n in range(1, 31)]


def test_two_clerks_of_two_processes_never_call_one_ticket(tmp_path: Path) -> None:
    centre = centre_at(tmp_path / "kiosk.db", utc_now)
    add_clerks(centre)
    take(centre, times=30)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.web.serving", str(tmp_path / "kiosk.db"), str(port)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        with (
            served(centre) as here,
            signed_in(here, "hoa", 1) as hoa,
            signed_in(f"http://127.0.0.1:{port}", "minh", 2) as minh,
        ):
            called = call_together([(hoa, 1), (minh, 2)], 30)
    finally:
        other.terminate()
        assert other.wait(10) == 0
        other.communicate()
    centre.database.close()
    assert sorted(called) == [f"A{n:03d}" for n in range(1, 31)]
