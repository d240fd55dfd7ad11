"""Dossiers that another program brings over HTTP."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.errors import Refused
from kiosk.office import keys
from kiosk.office.dossiers import count_dossiers, look_up
from kiosk.rights import Scope
from kiosk.web.guard import DOSSIERS_LIMIT
from kiosk.web.parts import Limits
from tests.hall import centre_of
from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

RECORD = {
    "MaHoSo": "HS-0001",
    "TenTTHC": "Cấp bản sao trích lục",
    "TrangThaiHoSo": "4",
    "ChuHoSo": "Nguyễn Văn An",
}


@pytest.fixture
def centre(store_url: str) -> Iterator[Centre]:
    centre = centre_of(store_url)
    yield centre
    centre.database.close()


@pytest.fixture
def program(centre: Centre) -> Iterator[httpx.Client]:
    """One that may bring dossiers, from somewhere else."""
    key = keys.add_key(centre, "mot-cua", [Scope.IMPORT])
    headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": "203.0.113.7"}
    with (
        served(centre) as address,
        httpx.Client(base_url=address, headers=headers, timeout=60) as program,
    ):
        yield program


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_records_come_in_and_the_same_again_changes_nothing(
    centre: Centre, program: httpx.Client
) -> None:
    envelope = {"service": "DongBoHoSoMC", "data": [RECORD, {"MaHoSo": "x"}]}
    first = program.post("/api/dossiers", json=envelope)
    again = program.post("/api/dossiers", json=envelope)
    changed = program.post("/api/dossiers", json={**RECORD, "TrangThaiHoSo": "9"})
    assert first.status_code == 200
    counts = {"read": 2, "new": 1, "changed": 0, "unchanged": 0, "own": 0, "bad": 1}
    assert {name: first.json()[name] for name in counts} == counts
    assert first.json()["rejected"][0]["n"] == 2
    assert (again.json()["new"], again.json()["unchanged"]) == (0, 1)
    assert (changed.json()["new"], changed.json()["changed"]) == (0, 1)
    with centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = 'dossiers.imported' ORDER BY seq")
    assert {json.loads(row["details"])["source"] for row in rows} == {"key:mot-cua"}
    assert not any("An" in row["details"] for row in rows)


def test_a_table_comes_in_too(centre: Centre, program: httpx.Client) -> None:
    text = "Mã hồ sơ,Trạng thái\nHS-0002,Đã có kết quả\n"
    answer = program.post(
        "/api/dossiers", content=text.encode(), headers={"Content-Type": "text/csv"}
    )
    assert (answer.status_code, answer.json()["new"]) == (200, 1)
    assert look_up(centre, "HS-0002").outlook.value == "ready"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'[{"MaHoSo": "HS-0001", "TrangThaiHoSo": "4"}, {', "broken_json"),
        ("Tên,Tuổi\nAn,7\n".encode(), "no_code_column"),
        (b"", "no_code_column"),
        (b"\0\0", "not_csv"),
        (b"PK\x03\x04damaged", "not_csv"),
    ],
)
def test_what_is_no_file_of_dossiers_is_refused(
    program: httpx.Client, body: bytes, code: str
) -> None:
    answer = program.post("/api/dossiers", content=body)
    assert told(answer) == (422, code)
    assert "/" not in answer.json()["message"].replace("CSV/", "")


def test_only_a_key_of_that_scope_may(centre: Centre, program: httpx.Client) -> None:
    other = keys.add_key(centre, "signage", [Scope.BOARD, Scope.DOSSIERS])
    stranger = httpx.Client(base_url=program.base_url)
    assert told(stranger.post("/api/dossiers", json=[RECORD])) == (401, "key_needed")
    headers = {"Authorization": f"Bearer {other}"}
    assert told(stranger.post("/api/dossiers", json=[RECORD], headers=headers)) == (
        403,
        "key_scope",
    )
    assert told(program.post("/api/dossiers/lookup", json={"code": "HS-0001"})) == (
        403,
        "key_scope",
    )
    assert count_dossiers(centre) == 0
    stranger.close()


def test_more_than_the_limit_is_refused_unread(program: httpx.Client) -> None:
    assert told(program.post("/api/dossiers", content=b"[" * (DOSSIERS_LIMIT + 1))) == (
        413, "too_large",
    )  # fmt: skip


def test_few_wait_at_once_and_the_others_are_told_to_come_again(
    centre: Centre, program: httpx.Client
) -> None:
    places = Limits().bodies
    at_once = 0
    with suppress(Refused), ExitStack() as held:
        while True:
            held.enter_context(places.one())
            at_once += 1
    records = [{**RECORD, "MaHoSo": f"HS-{n:05d}"} for n in range(4000)]
    answers: list[httpx.Response] = []

    def bring() -> None:
        answers.append(httpx.post(
            program.base_url.join("/api/dossiers"), json=records, headers=program.headers,
            timeout=60,
        ))  # fmt: skip

    threads = [threading.Thread(target=bring) for _ in range(at_once + 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= at_once
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 429)
    assert count_dossiers(centre) == 4000
