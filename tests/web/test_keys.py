"""The keys of other programs: what they open, and that nothing else does."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import clerks, enrolments, keys
from kiosk.rights import Scope, StaffRole
from kiosk.web.app import create_app
from kiosk.web.described import scope_of
from tests.hall import centre_of
from tests.waiting import until
from tests.web.serving import PIN, served
from tests.web.test_feed import Listened, Stream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kiosk.office.centre import Centre
    from tests.hall import Clock

WRONG = "mk_" + "A" * 43
OF_A_KEY = {"wrong_key", "key_scope", "no_key_here", "key_and_cookie", "too_many_calls"}


def bearing(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def written(centre: Centre) -> list[Mapping[str, Any]]:
    with centre.database.read() as query:
        return query.all("SELECT * FROM event ORDER BY seq")


def test_a_key_opens_its_scope_from_anywhere_and_events_name_it(store_url: str) -> None:
    centre = centre_of(store_url)
    key = keys.add_key(centre, "Một cửa điện tử", [Scope.TICKETS])
    elsewhere = {**bearing(key), "X-Forwarded-For": "203.0.113.7"}
    with served(centre) as address, httpx.Client(base_url=address, headers=elsewhere) as program:
        taken = program.post("/api/tickets", json={"service": "A"})
        ticket = f"/api/tickets/{taken.json()['id']}"
        followed = program.get(ticket)
        cancelled = program.post(f"{ticket}/cancel")
        board = program.get("/api/board")

    assert [taken.status_code, followed.status_code, cancelled.status_code] == [201, 200, 200]
    assert told(board) == (403, "key_scope")
    assert "board" in board.json()["message"]
    actors = {row["kind"]: row["actor"] for row in written(centre)}
    assert actors["ticket.issued"] == actors["ticket.cancelled"] == "key:Một cửa điện tử"
    centre.database.close()


def test_a_key_books_lists_and_cancels_in_its_own_name(centre: Centre, hall: httpx.Client) -> None:
    hall.headers.update(bearing(keys.add_key(centre, "dat hen", [Scope.APPOINTMENTS])))
    booked = hall.post(
        "/api/appointments", json={"service": "A", "at": "2026-11-24T09:30:00+07:00"}
    )
    code = booked.json()["code"]
    listed = hall.get("/api/appointments", params={"day": "2026-11-24"}).json()["appointments"]
    assert [one["code"] for one in listed] == [code]
    assert hall.delete(f"/api/appointments/{code}").json()["state"] == "cancelled"
    assert {row["actor"] for row in written(centre) if row["kind"].startswith("appointment")} == {
        "key:dat hen"
    }


@pytest.mark.parametrize(
    "header",
    [
        f"Bearer {WRONG}",
        "Bearer",
        "Bearer mk_",
        "Bearer ' OR 1=1 --",
        f"Bearer {WRONG}\xff",
        f"Basic {WRONG}",
        WRONG,
        "",
    ],
)
def test_a_wrong_key_is_told_everywhere_also_on_this_machine(
    centre: Centre, hall: httpx.Client, header: str
) -> None:
    for path in ("/api/board", "/healthz", "/", "/clerk", "/so/A00000000000", "/nowhere"):
        answer = hall.get(path, headers=[(b"Authorization", header.encode("latin-1"))])
        assert told(answer) == (401, "wrong_key"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert hall.post("/api/tickets", json={"service": "A"}, headers={"Authorization": "x"}).is_error
    assert not [row for row in written(centre) if row["kind"] == "ticket.issued"]


def test_two_keys_in_one_call_are_none(centre: Centre, hall: httpx.Client) -> None:
    right = keys.add_key(centre, "one", [Scope.BOARD])
    both = [("Authorization", f"Bearer {right}"), ("Authorization", f"Bearer {WRONG}")]
    assert told(hall.get("/api/board", headers=both)) == (401, "wrong_key")


def test_no_part_of_a_key_is_a_key(centre: Centre, hall: httpx.Client) -> None:
    """It is found by its digest alone, so a near one is as far off as any, and as quick."""
    right = keys.add_key(centre, "one", [Scope.BOARD])
    assert hall.get("/api/board", headers=bearing(right)).status_code == 200
    for near in (
        right[:-1],
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        right + "A",
        right[3:],
    ):
        assert told(hall.get("/api/board", headers=bearing(near))) == (401, "wrong_key")
    with centre.database.read() as query:
        kept = query.one("SELECT * FROM api_key")
        plan = query.all(
            "EXPLAIN QUERY PLAN SELECT * FROM api_key WHERE office = '' AND key_hash = ''"
        )
    assert kept is not None
    assert right not in str(dict(kept))
    assert right[3:] not in str(dict(kept))
    assert "INDEX api_key_hash (office=? AND key_hash=?)" in plan[0]["detail"]


def test_a_removed_key_stops_at_once_also_in_the_middle_of_a_stream(
    centre: Centre, hall: httpx.Client
) -> None:
    key = keys.add_key(centre, "signage", [Scope.BOARD])
    other = keys.add_key(centre, "other", [Scope.BOARD])
    hall.timeout = 20
    with (
        hall.stream("GET", "/api/changes", headers=bearing(key)) as answer,
        hall.stream("GET", "/api/changes", headers=bearing(other)) as others,
    ):
        stream, kept = Stream(answer), Stream(others)
        stream.until("board")
        kept.until("board")
        keys.remove_key(centre, "signage")
        stream.until("signed-out")
        assert stream.ended()
        kept.until("board")
        keys.remove_key(centre, "other")
        assert kept.ended()
    assert told(hall.get("/api/board", headers=bearing(key))) == (401, "wrong_key")


def test_the_same_name_with_a_new_key_does_not_revive_the_old_one(
    centre: Centre, hall: httpx.Client
) -> None:
    old = keys.add_key(centre, "signage", [Scope.BOARD])
    keys.remove_key(centre, "signage")
    new = keys.add_key(centre, "signage", [Scope.BOARD])
    assert told(hall.get("/api/board", headers=bearing(old))) == (401, "wrong_key")
    assert hall.get("/api/board", headers=bearing(new)).status_code == 200


def test_a_key_beside_a_cookie_is_refused_and_does_nothing(
    centre: Centre, hoa: httpx.Client
) -> None:
    key = keys.add_key(centre, "both", [Scope.TICKETS])
    answer = hoa.post("/api/tickets", json={"service": "A"}, headers=bearing(key))
    assert told(answer) == (422, "key_and_cookie")
    assert told(hoa.get("/api/board", headers=bearing(WRONG))) == (401, "wrong_key")
    assert not [row for row in written(centre) if row["kind"] == "ticket.issued"]


def test_a_key_beside_the_cookie_of_a_device_is_refused(centre: Centre, hall: httpx.Client) -> None:
    key = keys.add_key(centre, "both", [Scope.TICKETS])
    hall.post("/api/device", json={"code": enrolments.add_device(centre, "Quầy 3")})
    answer = hall.get("/api/tickets/A00000000000", headers=bearing(key))
    assert told(answer) == (422, "key_and_cookie")


def test_a_key_has_none_of_the_rights_of_this_machine(centre: Centre, hall: httpx.Client) -> None:
    clerks.add_clerk(centre, "lan", "Nguyễn Thị Lan", PIN, StaffRole.SUPERVISOR)
    everything = bearing(keys.add_key(centre, "all", list(Scope)))
    body = {"clerk": "lan", "pin": PIN}
    assert told(hall.post("/api/session", json=body, headers=everything)) == (403, "no_key_here")
    assert told(hall.post("/api/counters/1/next", headers=everything)) == (403, "no_key_here")
    assert told(hall.put("/api/tickets", headers=everything)) == (403, "no_key_here")
    assert hall.post("/api/session", json=body).status_code == 200


def test_a_key_in_the_address_or_the_body_is_no_key(centre: Centre, hall: httpx.Client) -> None:
    key = keys.add_key(centre, "signage", list(Scope))
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    for name in ("key", "access_token", "authorization", "token", "bearer"):
        for given in (key, f"Bearer {key}"):
            answer = hall.get("/api/board", params={name: given}, headers=elsewhere)
            assert told(answer) == (401, "not_signed_in")
    form = hall.post("/api/tickets", json={"service": "A", "access_token": key}, headers=elsewhere)
    assert told(form) == (401, "not_signed_in")


def test_a_key_that_calls_without_end_is_told_when_to_go_on(
    centre: Centre, hall: httpx.Client
) -> None:
    busy, other = (bearing(keys.add_key(centre, name, [Scope.BOARD])) for name in ("a", "b"))
    statuses = [hall.get("/api/tickets/x", headers=busy).status_code for _ in range(600)]
    assert set(statuses) == {403}
    answer = hall.get("/api/board", headers=busy)
    assert told(answer) == (429, "too_many_calls")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert hall.get("/api/board", headers=other).status_code == 200
    assert hall.get("/api/board").status_code == 200


def test_a_key_guesses_no_secrets_of_dossiers_from_many_addresses(
    centre: Centre, hall: httpx.Client
) -> None:
    key = bearing(keys.add_key(centre, "lookup", [Scope.DOSSIERS]))
    found = []
    for n in range(32):
        body = {"code": f"H15.50.05-261118-{n:04d}", "secret": "0000"}
        where = {**key, "X-Forwarded-For": f"203.0.113.{n}"}
        found.append(hall.post("/api/dossiers/lookup", json=body, headers=where).json()["code"])
    assert found == ["no_such_dossier"] * 30 + ["too_many_tries"] * 2


def test_the_last_use_is_known_to_an_hour_and_written_no_more_often(
    centre: Centre, clock: Clock, address: str
) -> None:
    key = bearing(keys.add_key(centre, "signage", [Scope.BOARD]))

    def used() -> str | None:
        with centre.database.read() as query:
            row = query.one("SELECT used_at FROM api_key")
        return row["used_at"] if row else None

    assert used() is None
    assert httpx.get(f"{address}/api/board", headers=key).status_code == 200
    first = used()
    assert first is not None
    assert moment(first) == clock.now
    clock.forward(minutes=59)
    # Another process, which remembers nothing, finds in the store that it is noted.
    with served(centre) as another:
        assert httpx.get(f"{another}/api/board", headers=key).status_code == 200
    assert used() == first
    clock.forward(minutes=2)
    with served(centre) as another:
        assert httpx.get(f"{another}/api/board", headers=key).status_code == 200
    assert keys.list_keys(centre)[0].used_at == clock.now


def test_a_key_of_another_office_opens_nothing(centre: Centre, hall: httpx.Client) -> None:
    key = keys.add_key(replace(centre, code="H15.50.06"), "other", list(Scope))
    assert told(hall.get("/api/board", headers=bearing(key))) == (401, "wrong_key")


def test_neither_logs_nor_events_contain_a_key(
    centre: Centre, hall: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    key = keys.add_key(centre, "signage", [Scope.BOARD, Scope.TICKETS])
    for method, path in (("GET", "/api/board"), ("POST", "/api/tickets"), ("GET", "/clerk")):
        hall.request(method, path, headers=bearing(key), json={"service": "A"})
    hall.get("/api/board", headers=bearing(key[:-1]))
    keys.remove_key(centre, "signage")
    hall.get("/api/board", headers=bearing(key))
    kinds = [row["kind"] for row in written(centre)]
    assert {"key.added", "key.removed", "ticket.issued"} <= set(kinds)
    secret = key.removeprefix(keys.PREFIX)[:-1]
    assert secret not in "".join(str(dict(row)) for row in written(centre))
    assert secret not in caplog.text


def test_a_store_that_is_away_lets_no_key_in(centre: Centre, hall: httpx.Client) -> None:
    key = bearing(keys.add_key(centre, "signage", [Scope.BOARD]))
    path = centre.database.path
    away = path.rename(path.with_name("away"))
    answer = hall.get("/api/board", headers=key)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    away.rename(path)
    until(lambda: hall.get("/api/board", headers=key).status_code == 200)


def test_a_key_needs_a_name_of_its_own_and_a_scope(centre: Centre) -> None:
    keys.add_key(centre, "signage", [Scope.BOARD])
    for name, scopes, code in (
        ("signage", [Scope.BOARD], "key_exists"),
        (" ", [Scope.BOARD], "bad_key_name"),
        ("x" * 41, [Scope.BOARD], "bad_key_name"),
        ("a\nb\x00", [Scope.BOARD], "bad_key_name"),
        ("none", [], "scope_needed"),
    ):
        with pytest.raises(Refused) as refused:
            keys.add_key(centre, name, scopes)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        keys.remove_key(centre, "nobody")
    assert refused.value.code == "no_such_key"


def test_every_call_that_a_key_opens_is_in_the_application(centre: Centre) -> None:
    opened = {scope_of(route) for route in create_app(centre).routes} - {None}
    assert opened == set(Scope)


def test_a_key_costs_one_read_and_a_call_without_one_none(centre: Centre) -> None:
    key = keys.add_key(centre, "signage", [Scope.BOARD])
    store = Listened(centre.database.path)
    with served(replace(centre, database=store)) as address, httpx.Client(base_url=address) as hall:

        def asked(**headers: str) -> list[str]:
            store.asked.clear()
            assert hall.get("/api/board", headers=headers).status_code == 200
            return [sql for sql in store.asked if "api_key" in sql]

        asked(**bearing(key))
        assert len(asked(**bearing(key))) == 1
        assert asked() == []
    store.close()
