"""Who guesses is slowed down, and nobody can slow down the devices of the office by guessing."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.office import clerks, enrolments, keys
from kiosk.rights import Scope
from tests.hall import centre_at
from tests.web.serving import PIN, add_clerks
from tests.web.test_access import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock

PASSWORD: Final = "hai con mèo vàng"
SHARED: Final = "203.0.113.7"
FREE: Final = 5
FREE_ELSEWHERE: Final = 20
# What the growing pauses let through besides, should all the guesses take half a minute.
PAUSED: Final = 5


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    add_clerks(centre)
    yield centre
    centre.database.close()


def by(*addresses: str) -> dict[str, str]:
    """As a proxy of this machine tells where a call came from."""
    return {"X-Forwarded-For": ", ".join(addresses)}


def somewhere(n: int) -> dict[str, str]:
    return by(f"2001:db8::{n:x}")


@contextmanager
def enrolled(centre: Centre, address: str, name: str = "Quầy 1") -> Iterator[httpx.Client]:
    """A PC of the office that shares its address with whoever stands behind the same router."""
    with httpx.Client(base_url=address, headers=by(SHARED)) as client:
        code = enrolments.add_device(centre, name)
        assert client.post("/api/device", json={"code": code}).status_code == 200
        yield client


def enter(
    client: httpx.Client, clerk: str = "hoa", pin: str = PIN, **headers: str
) -> httpx.Response:
    body = {"clerk": clerk, "pin": pin, "counter": 2 if clerk == "minh" else 1}
    return client.post("/api/session", json=body, headers=headers)


def opened(client: httpx.Client, pin: str = PIN, **headers: str) -> None:
    answer = enter(client, pin=pin, **headers)
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]


def slowed(answers: list[httpx.Response], free: int) -> bool:
    """Whether guesses got no further than the free ones and those that the pauses allow."""
    codes = Counter(answer.json()["code"] for answer in answers)
    held = codes.pop("too_many_tries")
    assert set(codes) <= {"wrong_pin", "device_not_enrolled"}
    assert all(int(a.headers["retry-after"]) <= 60 for a in answers if a.status_code == 429)
    return free <= codes.total() <= free + PAUSED and held > 0


@pytest.mark.parametrize("login", ["hoa", "clerk{n}"])
@pytest.mark.parametrize("pin", ["000000", "một con mèo"])
@pytest.mark.parametrize(
    "attacker",
    [SHARED, "127.0.0.1", "here", "device:{digest}"],
    ids=["behind the same router", "as this machine", "as its key", "as the key of the device"],
)
def test_a_stranger_keeps_no_device_of_the_office_out(
    centre: Centre, hall: httpx.Client, login: str, pin: str, attacker: str
) -> None:
    with enrolled(centre, str(hall.base_url)) as pc:
        (device,) = enrolments.list_devices(centre)
        where = by(attacker.format(digest=device.digest))
        with httpx.Client(base_url=hall.base_url, headers=where) as stranger:
            guesses = [enter(stranger, login.format(n=n), pin) for n in range(40)]
        assert guesses[-1].status_code == 429
        assert enter(pc).status_code == 200
        assert enter(hall).status_code == 200


def test_one_account_from_many_addresses_is_slowed_down_and_opens_at_once_where_it_is_known(
    centre: Centre, hall: httpx.Client
) -> None:
    for login in ("hoa", "minh"):
        clerks.set_pin(centre, login, PASSWORD)
    guesses = [enter(hall, pin="một con mèo", **somewhere(n)) for n in range(60)]
    assert slowed(guesses, FREE_ELSEWHERE)
    assert told(enter(hall, pin=PASSWORD, **somewhere(99))) == (429, "too_many_tries")
    assert enter(hall, "minh", PASSWORD, **somewhere(99)).status_code == 200
    hall.cookies.clear()
    with enrolled(centre, str(hall.base_url)) as pc:
        assert enter(pc, pin=PASSWORD).status_code == 200
    assert enter(hall, pin=PASSWORD).status_code == 200


def test_an_account_that_nobody_has_is_slowed_down_from_many_addresses_as_well(
    hall: httpx.Client,
) -> None:
    assert slowed(
        [enter(hall, "nobody", "000000", **somewhere(n)) for n in range(60)], FREE_ELSEWHERE
    )


def test_a_few_wrong_passwords_elsewhere_are_forgotten_with_the_right_one(
    centre: Centre, hall: httpx.Client
) -> None:
    clerks.set_pin(centre, "hoa", PASSWORD)
    for round_ in range(3):
        for n in range(3):
            where = somewhere(10 * round_ + n)
            guesses = [enter(hall, pin="một con mèo", **where) for _ in range(4)]
            assert {answer.status_code for answer in guesses} == {401}
        assert enter(hall, pin=PASSWORD, **somewhere(99)).status_code == 200
        hall.cookies.clear()


def test_a_stolen_device_is_slowed_down_from_wherever_it_asks_and_no_other_with_it(
    centre: Centre, hall: httpx.Client
) -> None:
    address = str(hall.base_url)
    with enrolled(centre, address) as stolen, enrolled(centre, address, "Quầy 2") as pc:
        assert slowed(
            [enter(stolen, pin=f"{n:06d}", **somewhere(n // 5)) for n in range(200)], FREE
        )
        assert told(enter(stolen, **somewhere(999))) == (429, "too_many_tries")
        assert enter(pc).status_code == 200
        assert enter(hall).status_code == 200


def test_a_stolen_device_that_guesses_all_accounts_is_slowed_down_too(
    centre: Centre, hall: httpx.Client
) -> None:
    with enrolled(centre, str(hall.base_url)) as stolen:
        guesses = [enter(stolen, f"clerk{n}", "000000", **somewhere(n)) for n in range(40)]
    assert Counter(told(answer) for answer in guesses) == {
        (401, "wrong_pin"): 30,
        (429, "too_many_tries"): 10,
    }


@pytest.mark.parametrize("name", ["127.0.0.1", "motcua.example"])
def test_this_machine_is_one_by_whichever_address_it_calls(address: str, name: str) -> None:
    guesses = []
    for n in range(10, 50):
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{n}")
        with httpx.Client(base_url=address, transport=transport) as client:
            guesses.append(enter(client, pin="000000", Host=name))
    assert slowed(guesses, FREE)


@pytest.mark.parametrize("place", ["device", "elsewhere"])
def test_a_locked_page_is_guessed_as_slowly_as_the_sign_in(
    centre: Centre, clock: Clock, hall: httpx.Client, place: str
) -> None:
    wrong, right, free = {
        "device": ("000000", PIN, FREE),
        "elsewhere": ("một con mèo", PASSWORD, FREE_ELSEWHERE),
    }[place]
    clerks.set_pin(centre, "hoa", right)
    with enrolled(centre, str(hall.base_url)) as pc:
        opened(pc, right)
        device = pc.cookies.get("kiosk_device")
        if place == "elsewhere":
            pc.cookies.delete("kiosk_device")
        clock.forward(minutes=16)

        def resume(pin: str, **headers: str) -> httpx.Response:
            return pc.post("/api/session/resume", json={"pin": pin}, headers=headers)

        assert slowed([resume(wrong, **somewhere(n // 4)) for n in range(100)], free)
        assert told(resume(right, **somewhere(999))) == (429, "too_many_tries")
        # By the browser of the machine itself, or of a device that has not guessed.
        if place == "elsewhere":
            pc.cookies.set("kiosk_device", str(device))
        else:
            del pc.headers["X-Forwarded-For"]
        assert resume(right).status_code == 200
        assert pc.post("/api/counters/1/next").status_code == 204


def test_a_stranger_keeps_nobody_at_a_locked_page(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    with enrolled(centre, str(hall.base_url)) as pc:
        opened(pc)
        clock.forward(minutes=16)
        guesses = [enter(hall, pin="000000", **by(SHARED)) for _ in range(40)]
        guesses += [enter(hall, pin="000000", **somewhere(n)) for n in range(40)]
        assert guesses[-1].status_code == 429
        assert pc.post("/api/session/resume", json={"pin": PIN}).status_code == 200


def test_a_device_guesses_no_secrets_of_dossiers_from_many_addresses(
    centre: Centre, hall: httpx.Client
) -> None:
    with enrolled(centre, str(hall.base_url)) as stolen:
        found = []
        for n in range(32):
            body = {"code": f"H15.50.05-261118-{n:04d}", "secret": "0000"}
            answer = stolen.post("/api/dossiers/lookup", json=body, headers=somewhere(n))
            found.append(answer.json()["code"])
    assert found == ["no_such_dossier"] * 30 + ["too_many_tries"] * 2


ORDERED: Final = (
    ("/api/tickets", {"service": "A"}),
    ("/api/tickets/A00000000000/cancel", None),
    ("/api/tickets/A00000000000/return", None),
    ("/api/appointments", {"service": "A", "at": "2026-11-24T09:00:00+07:00"}),
    ("/api/appointments/K7M2P4QX/check-in", None),
)


def test_a_device_elsewhere_orders_as_fast_as_a_hall_and_no_faster(
    centre: Centre, hall: httpx.Client
) -> None:
    address, order = str(hall.base_url), {"service": "A"}
    key = keys.add_key(centre, "program", [Scope.TICKETS])
    with enrolled(centre, address) as stolen, enrolled(centre, address, "Bảng 2") as other:
        statuses = [
            stolen.post("/api/tickets", json=order, headers=somewhere(n)).status_code
            for n in range(70)
        ]
        assert statuses == [201] * 60 + [429] * 10
        for path, body in ORDERED:
            for lang, sentence in (("vi", "Máy này gửi quá"), ("en", "This device asks too often")):
                answer = stolen.post(path, params={"lang": lang}, json=body)
                assert told(answer) == (429, "too_many_orders")
                assert answer.json()["message"].startswith(sentence)
                assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert stolen.get("/api/board").json()["lines"][0]["waiting"] == 60
        assert other.post("/api/tickets", json=order).status_code == 201
    here = [hall.post("/api/tickets", json=order).status_code for _ in range(70)]
    assert set(here) == {201}
    program = {"Authorization": f"Bearer {key}", **by(SHARED)}
    called = [hall.post("/api/tickets", json=order, headers=program) for _ in range(70)]
    assert {answer.status_code for answer in called} == {201}


def test_a_clerk_at_an_enrolled_device_calls_as_often_as_there_are_people(
    centre: Centre, hall: httpx.Client
) -> None:
    with enrolled(centre, str(hall.base_url)) as pc:
        opened(pc)
        moves = [pc.post("/api/counters/1/next").status_code for _ in range(70)]
    assert set(moves) == {204}
