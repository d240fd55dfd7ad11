from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from kiosk.dossiers import Dossier, Status
from kiosk.office import incoming
from tests.web.serving import burst

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre

CODE = "H15.50.05-261123-0001"


@pytest.fixture(autouse=True)
def known(centre: Centre) -> None:
    dossier = Dossier(
        code=CODE,
        status=Status.PROCESSING,
        procedure_name="Chứng thực bản sao từ bản chính",
        receiving_unit="Bộ phận Một cửa",
        resolving_unit="Phòng Tư pháp",
        handler="Phạm Thị Lan",
        owner_name="Nguyễn Văn An",
        id_number="079090001234",
        secret="K7Q2",
        fee=8000,
        received_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
        due_at=datetime(2026, 11, 26, 9, tzinfo=UTC),
    )
    incoming.store_dossiers(centre, [dossier], source="test")


def look_up(client: httpx.Client, code: str = CODE, **more: object) -> httpx.Response:
    return client.post("/api/dossiers/lookup", json={"code": code, **more})


def test_the_code_alone_opens_status_dates_units_and_fee(hall: httpx.Client) -> None:
    answer = look_up(hall, f" {CODE.lower()} ")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["fee"], told["full"]) == (4, 8000, False)
    assert told["due_at"] == "2026-11-26T16:00:00+07:00"
    assert told["receiving_unit"] == "Bộ phận Một cửa"
    assert (told["owner"], told["handler"]) == (None, None)
    for person in ("Nguyễn", "Phạm", "1234", "K7Q2"):
        assert person not in answer.text


def test_the_secret_opens_people_with_the_owner_masked(hall: httpx.Client) -> None:
    for secret in ("K7Q2", "1234"):
        told = look_up(hall, secret=secret).json()
        assert (told["full"], told["owner"], told["handler"]) == (
            True,
            "N. V. A***",
            "Phạm Thị Lan",
        )


def test_a_wrong_secret_answers_as_no_such_code(hall: httpx.Client) -> None:
    wrong = look_up(hall, secret="0000")
    unknown = look_up(hall, "H15.50.05-261123-9999", secret="0000")
    bare = look_up(hall, "H15.50.05-261123-9999")
    assert wrong.status_code == unknown.status_code == bare.status_code == 404
    assert wrong.content == unknown.content == bare.content
    assert wrong.json()["code"] == "no_such_dossier"


def test_guessing_secrets_is_stopped_alike_for_known_and_unknown_codes(
    hall: httpx.Client,
) -> None:
    for code in (CODE, "H15.50.05-261123-9999"):
        statuses = [look_up(hall, code, secret=f"{n:04d}").status_code for n in range(7)]
        assert statuses == [404] * 2 + [429] * 5
    assert look_up(hall, secret="K7Q2").status_code == 429
    assert look_up(hall).status_code == 200


def test_a_burst_of_secrets_gets_no_further_than_one_after_the_other(address: str) -> None:
    bodies = [{"code": CODE, "secret": f"{n:04d}"} for n in range(200, 300)]
    assert Counter(burst(address, "/api/dossiers/lookup", bodies)) == {404: 2, 429: 98}


def test_right_secrets_use_up_no_tries(hall: httpx.Client) -> None:
    assert {look_up(hall, secret="K7Q2").status_code for _ in range(40)} == {200}


def test_a_code_that_is_held_off_uses_up_no_tries_of_who_asks(hall: httpx.Client) -> None:
    statuses = [look_up(hall, secret="0000").status_code for _ in range(60)]
    assert statuses == [404] * 2 + [429] * 58
    assert look_up(hall, "H15.50.05-261123-9999", secret="0000").status_code == 404


def test_each_address_behind_a_proxy_has_look_ups_of_its_own(hoa: httpx.Client) -> None:
    hoa.headers["X-Forwarded-For"] = "203.0.113.7"
    assert [look_up(hoa).status_code for _ in range(62)] == [200] * 60 + [429] * 2
    hoa.headers["X-Forwarded-For"] = "203.0.113.8"
    assert look_up(hoa).status_code == 200


def test_the_scanner_of_the_hall_is_never_limited(hall: httpx.Client) -> None:
    assert {look_up(hall).status_code for _ in range(80)} == {200}


def test_the_status_is_named_in_the_asked_language(hall: httpx.Client) -> None:
    names = {
        hall.post(f"/api/dossiers/lookup?lang={lang}", json={"code": CODE}).json()["status_name"]
        for lang in ("vi", "en")
    }
    assert len(names) == 2


@pytest.mark.parametrize("code", ["", "x" * 513, None, 7])
def test_an_impossible_code_is_malformed(hall: httpx.Client, code: object) -> None:
    answer = hall.post("/api/dossiers/lookup", json={"code": code})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
