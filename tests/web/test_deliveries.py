"""Webhooks over real sockets: signed, in order, at least once, whatever the receiver does."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.health import Health
from kiosk.office import calls, clerks, devices, sessions, webhooks
from kiosk.office.hall import read_devices
from kiosk.office.tickets import take_ticket
from kiosk.posting import READ_BYTES
from kiosk.store import events
from kiosk.web.deliveries import FAULT_AFTER, REFUSALS, Deliveries
from kiosk.webhooks import Webhook, kinds_of, signature
from tests.hall import centre_of
from tests.receiving import Receiver, receiving
from tests.waiting import until
from tests.web.serving import PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
    from tests.hall import Clock
    from tests.receiving import Handler

SECRET = b"a secret of this test"


SOON = 0.01


def hook_to(receiver: Receiver, pattern: str = "ticket.*", name: str = "signage") -> Webhook:
    return Webhook(name, receiver.url, kinds_of(pattern), SECRET)


@contextmanager
def telling(centre: Centre, *hooks: Webhook) -> Iterator[None]:
    with Health(centre) as health, Deliveries(centre, hooks, health, lambda failures: SOON):
        yield


@contextmanager
def begun(centre: Centre, hook: Webhook) -> Iterator[None]:
    """The same once the webhook has its place, so that all that follows is told."""
    with telling(centre, hook):
        until(lambda: place(centre, hook) is not None)
        yield


def place(centre: Centre, hook: Webhook) -> int | None:
    with centre.database.read() as query:
        row = query.one("SELECT seq FROM webhook WHERE name = :name", name=hook.name)
    return row["seq"] if row else None


def take(centre: Centre, times: int = 1) -> None:
    for _ in range(times):
        take_ticket(centre, service="A", actor="touch")


def events_of(centre: Centre, kind: str) -> list[dict[str, Any]]:
    with centre.database.read() as query:
        rows = query.all("SELECT * FROM event WHERE kind = :kind ORDER BY seq", kind=kind)
    return [dict(row) for row in rows]


def issued(centre: Centre) -> list[int]:
    return [row["seq"] for row in events_of(centre, "ticket.issued")]


def health_of(centre: Centre, name: str = "webhook signage") -> tuple[str, str] | None:
    return next(((one.state, one.reason) for one in read_devices(centre) if one.name == name), None)


def with_status(status: int, **headers: str) -> Any:
    return lambda handler: handler.say(status, b"no", **headers)


def silent_until(let_go: threading.Event) -> Any:
    def answer(handler: Handler) -> None:
        let_go.wait(8)
        handler.say(200)

    return answer


def test_a_visit_is_told_in_order_and_signed(store_url: str) -> None:
    centre = centre_of(store_url)
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sessions.sign_in(centre, "hoa", PIN, 1)
    with receiving() as receiver, begun(centre, hook_to(receiver)):
        take_ticket(centre, service="A", actor="touch", priority="NCT")
        calls.call_next(centre, 1, clerk="hoa")
        calls.start(centre, 1, clerk="hoa")
        calls.finish(centre, 1, clerk="hoa")
        until(lambda: len(receiver.taken) == 4)
    assert receiver.kinds() == [
        "ticket.issued", "ticket.called", "ticket.started", "ticket.finished",
    ]  # fmt: skip
    assert receiver.seqs() == sorted(receiver.seqs())
    called = receiver.taken[1]
    assert called.path == "/kiosk?hall=1"
    assert called.headers["X-Kiosk-Event"] == "ticket.called"
    assert called.headers["X-Kiosk-Delivery"] == f"{centre.code}-{called.seq}"
    stamp = re.match(r"t=(\d+),v1=[0-9a-f]{64}$", called.headers["X-Kiosk-Signature"])
    assert stamp is not None
    assert called.headers["X-Kiosk-Signature"] == signature(SECRET, int(stamp[1]), called.body)
    assert called.told == {
        "office": "H15.50.05",
        "seq": called.seq,
        "event": "ticket.called",
        "at": "2026-11-23T08:42:00+07:00",
        "number": "A001",
        "service": "A",
        "counter": 1,
        "state": "called",
        "calls": 1,
        "issued_at": "2026-11-23T08:42:00+07:00",
        "called_at": "2026-11-23T08:42:00+07:00",
        "started_at": None,
        "ended_at": None,
    }
    whole = b"".join(got.body for got in receiver.taken)
    for secret in (b"hoa", b"NCT", "Lê Thị Hoa".encode()):
        assert secret not in whole
    centre.database.close()


def test_only_what_was_asked_for_is_told(centre: Centre) -> None:
    with receiving() as receiver, begun(centre, hook_to(receiver, "ticket.called")):
        take(centre, 3)
        calls.call_next(centre, 1, clerk="hoa")
        devices.report(centre, "printer", "fault", "paper_out")
        until(lambda: len(receiver.taken) == 1)
    assert receiver.kinds() == ["ticket.called"]


def test_pages_of_what_nobody_asked_for_are_passed_over(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PAGE", 3)
    with receiving() as receiver:
        hook = hook_to(receiver, "ticket.called")
        with begun(centre, hook):
            pass
        take(centre, 8)
        calls.call_next(centre, 1, clerk="hoa")
        take(centre, 8)
        calls.call_next(centre, 2, clerk="hoa")
        with telling(centre, hook):
            until(lambda: len(receiver.taken) == 2)
    assert receiver.seqs() == [row["seq"] for row in events_of(centre, "ticket.called")]


def test_a_new_webhook_is_not_told_of_what_was_before(centre: Centre) -> None:
    take(centre, 3)
    with receiving() as receiver, begun(centre, hook_to(receiver)):
        take(centre)
        until(lambda: len(receiver.taken) == 1)
    assert receiver.seqs() == issued(centre)[-1:]


@pytest.mark.parametrize("status", [500, 503, 408, 429, 302, 100])
def test_a_receiver_that_fails_is_asked_again_until_it_takes(centre: Centre, status: int) -> None:
    with receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = with_status(status)
        take(centre, 3)
        until(lambda: len(receiver.got) > REFUSALS + 3)
        until(lambda: health_of(centre) not in (None, ("ok", "")))
        receiver.answer = None
        until(lambda: len(receiver.taken) == 3)
        until(lambda: health_of(centre) == ("ok", ""))
    assert receiver.seqs() == issued(centre)
    assert {got.seq for got in receiver.got[: REFUSALS + 3]} == {issued(centre)[0]}
    assert events_of(centre, "webhook.skipped") == []


def test_nothing_is_lost_while_the_receiver_is_away(centre: Centre) -> None:
    with receiving() as receiver:
        take(centre)
    with begun(centre, hook_to(receiver)):
        take(centre, 4)
        until(lambda: health_of(centre) == ("fault", "webhook_unreachable"))
        with receiving(receiver):
            until(lambda: len(receiver.taken) == 4)
    assert receiver.seqs() == issued(centre)[-4:]


def test_a_kiosk_that_starts_again_goes_on_where_it_was(centre: Centre) -> None:
    with receiving() as receiver:
        hook = hook_to(receiver)
        with begun(centre, hook):
            take(centre, 3)
            until(lambda: len(receiver.taken) == 3)
        take(centre, 2)
        with telling(centre, hook):
            until(lambda: len(receiver.taken) == 5)
    assert receiver.seqs() == issued(centre)


def test_what_a_receiver_always_refuses_is_skipped_and_noted(centre: Centre) -> None:
    def answer(handler: Handler) -> None:
        got = handler.server.receiver.got[-1]
        if got.told["number"] == "A002":
            handler.say(422, b"what is this?")
        else:
            handler.server.receiver.taken.append(got)
            handler.say(204)

    with receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = answer
        take(centre, 4)
        until(lambda: len(receiver.taken) == 3)
        until(lambda: health_of(centre) == ("ok", ""))
    one, poison, *others = issued(centre)
    assert receiver.seqs() == [one, *others]
    assert [got.seq for got in receiver.got].count(poison) == REFUSALS
    (skipped,) = events_of(centre, "webhook.skipped")
    assert json.loads(skipped["details"]) == {
        "webhook": "signage", "first": poison, "last": poison, "why": "refused_422",
    }  # fmt: skip


def test_where_all_is_refused_few_events_are_lost(centre: Centre) -> None:
    pauses: list[int] = []

    def noted(failures: int) -> float:
        pauses.append(failures)
        return SOON

    with receiving() as receiver, Health(centre) as health:
        receiver.answer = with_status(401)
        hook = hook_to(receiver)
        with Deliveries(centre, [hook], health, noted):
            until(lambda: place(centre, hook) is not None)
            take(centre, 3)
            until(lambda: len(events_of(centre, "webhook.skipped")) == 2)
            until(lambda: health_of(centre) == ("fault", "webhook_refuses"))
    assert pauses[: 2 * REFUSALS] == list(range(1, 2 * REFUSALS + 1))


def test_a_redirect_is_not_followed(centre: Centre) -> None:
    with receiving() as elsewhere, receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = with_status(307, Location=elsewhere.url)
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_redirect"))
    assert elsewhere.got == []


def test_a_huge_answer_is_not_read(centre: Centre) -> None:
    sent = threading.Event()
    written: list[int] = []

    def answer(handler: Handler) -> None:
        handler.server.receiver.taken.append(handler.server.receiver.got[-1])
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        try:
            while True:
                written.append(handler.wfile.write(bytes(65536)))
        except OSError:
            sent.set()

    with receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = answer
        take(centre)
        assert sent.wait(10)
        until(lambda: health_of(centre) == ("ok", ""))
    assert len(receiver.taken) == 1
    assert sum(written) < 10**8
    assert READ_BYTES < 10**5


def test_a_receiver_that_trickles_is_given_up(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.posting.ANSWER_SECONDS", 0.3)
    ended = threading.Event()

    def trickle(handler: Handler) -> None:
        try:
            while not ended.wait(0.05):
                handler.wfile.write(b"H")
        except OSError:
            pass

    with receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = trickle
        take(centre)
        until(lambda: len(receiver.got) > FAULT_AFTER)
        until(lambda: health_of(centre) == ("fault", "webhook_silent"))
        receiver.answer = None
        until(lambda: len(receiver.taken) == 1)
        ended.set()


def test_what_is_no_http_is_told_as_that(centre: Centre) -> None:
    def babble(handler: Handler) -> None:
        handler.wfile.write(b"SSH-2.0-nobody\r\n\r\n")

    with receiving() as receiver, begun(centre, hook_to(receiver)):
        receiver.answer = babble
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_garbage"))


def test_a_slow_receiver_keeps_no_other_waiting(centre: Centre) -> None:
    let_go = threading.Event()
    with receiving() as slow, receiving() as quick:
        slow.answer = silent_until(let_go)
        one, other = hook_to(slow), hook_to(quick, name="quick")
        with telling(centre, one, other):
            until(lambda: None not in (place(centre, one), place(centre, other)))
            take(centre, 3)
            until(lambda: len(quick.taken) == 3)
            assert len(slow.got) <= 1
            let_go.set()


def test_the_kiosk_stops_within_two_seconds_while_a_receiver_is_silent(centre: Centre) -> None:
    let_go = threading.Event()
    with receiving() as receiver:
        receiver.answer = silent_until(let_go)
        hook = hook_to(receiver)
        with begun(centre, hook):
            take(centre)
            until(lambda: bool(receiver.got))
            began = time.monotonic()
        assert time.monotonic() - began < 2
        let_go.set()
        receiver.answer = None
        with telling(centre, hook):
            until(lambda: bool(receiver.taken))


def test_who_was_away_for_days_is_told_of_the_last_day_alone(centre: Centre, clock: Clock) -> None:
    with receiving() as receiver:
        hook = hook_to(receiver)
        with begun(centre, hook):
            pass
        take(centre, 30)
        clock.forward(days=3)
        take(centre, 2)
        clock.forward(hours=23)
        take(centre)
        with telling(centre, hook):
            until(lambda: issued(centre)[-1] in receiver.seqs())
    assert set(issued(centre)[:30]).isdisjoint(receiver.seqs())
    assert set(issued(centre)[30:]) <= set(receiver.seqs())
    (skipped,) = events_of(centre, "webhook.skipped")
    assert '"why":"too_old"' in skipped["details"]


def test_a_place_beyond_the_end_of_an_older_copy_begins_at_its_end(centre: Centre) -> None:
    hook = Webhook("signage", "http://127.0.0.1:9/", kinds_of("ticket.*"), SECRET)
    with centre.database.write() as query:
        events.append(query, centre.code, centre.clock(), "test.noted", actor="test")
        query.run(
            "INSERT INTO webhook (office, name, seq, seen_at) VALUES (:office, 'signage', 99, '')",
            office=centre.code,
        )
    with centre.database.read() as query:
        assert webhooks.hold(centre, hook, "one") == events.last(query, centre.code)


def test_a_webhook_without_its_secret_sends_nothing_and_says_so(centre: Centre) -> None:
    with receiving() as receiver, telling(centre, replace(hook_to(receiver), secret=b"")):
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_secret"))
    assert receiver.got == []


def test_the_health_of_a_webhook_goes_with_it(centre: Centre) -> None:
    devices.report(centre, "webhook old", "fault", "webhook_silent")
    devices.report(centre, "printer", "ok")
    with telling(centre):
        until(lambda: health_of(centre, "webhook old") is None)
    assert health_of(centre, "printer") == ("ok", "")


def test_the_secret_stands_in_no_log_and_no_event(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    hook = Webhook("signage", url, kinds_of("*"), SECRET)
    with begun(centre, hook):
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_unreachable"))
    with centre.database.read() as query:
        whole = str([dict(row) for row in query.all("SELECT * FROM event")])
    assert SECRET.decode() not in whole + caplog.text + repr(hook)
