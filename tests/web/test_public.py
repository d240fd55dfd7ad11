"""The pages for everybody: what they answer, what they do not, and to whom how often."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.calendar import utc_now
from kiosk.dossiers import (
    Cause,
    Dossier,
    Fee,
    FeeStage,
    Postponement,
    Status,
    Step,
    SupplementRequest,
)
from kiosk.loopback import network_of
from kiosk.office import incoming
from kiosk.texts import texts
from kiosk.web.guard import HEADERS
from kiosk.web.lookups import STEP_SECONDS, told_time
from kiosk.web.public import WAITING
from tests.web.following import take
from tests.web.serving import served, served_publicly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock

CODE: Final = "H15.50.05-261123-0001"
UNKNOWN: Final = "H15.50.05-261123-9999"
PERSONAL: Final = (
    "Nguyễn", "Canaria", "Phạm Thị Lan", "Bùi Ký", "Vũ Nhận", "079090001234", "0912345678", "1234",
    "5678", "K7Q2", "12 Ngõ Kín", "giấy khai sinh gốc", "vợ của chủ hồ sơ", "chờ xác minh họ hàng",
    "gọi cho chị",
)  # fmt: skip
"""What names somebody, or is written about somebody, in the dossier."""


def day(n: int) -> datetime:
    return datetime(2026, 11, n, 2, tzinfo=UTC)


DOSSIER: Final = Dossier(
    code=CODE,
    status=Status.PROCESSING,
    procedure_name="Chứng thực bản sao",
    receipt_no="BN-7",
    receiving_unit="Bộ phận Một cửa",
    resolving_unit="Phòng Tư pháp",
    handler="Phạm Thị Lan",
    owner_name="Nguyễn Văn Canaria",
    phone="0912345678",
    address="12 Ngõ Kín",
    id_number="079090001234",
    secret="K7Q2",
    fee=8000,
    received_at=day(2),
    due_at=day(10),
    new_due_at=day(30),
    steps=(
        Step(Status.ACCEPTED, "Bộ phận Một cửa", "Bùi Ký", day(2), "gọi cho chị"),
        Step(Status.PROCESSING, "Phòng Tư pháp", "Phạm Thị Lan", day(3), task="vợ của chủ hồ sơ"),
    ),
    fees=(Fee("Phí sao", 3000, FeeStage.RECEIPT, True), Fee("Lệ phí", 5000, FeeStage.RETURN)),
    supplements=(SupplementRequest(day(4), "giấy khai sinh gốc", "Bùi Ký", day(6), "Vũ Nhận"),),
    postponements=(
        Postponement(day(9), day(10), day(30), Cause.APOLOGY, "chờ xác minh họ hàng", "Vũ Nhận"),
    ),
)


@pytest.fixture(autouse=True)
def known(centre: Centre) -> None:
    incoming.store_dossiers(centre, [DOSSIER], source="test")


@pytest.fixture
def public(centre: Centre) -> Iterator[httpx.Client]:
    with served_publicly(centre) as address, httpx.Client(base_url=address) as client:
        yield client


def ask(client: httpx.Client, code: str = CODE, secret: str = "", **more: str) -> httpx.Response:
    return client.post(
        f"/tra-cuu?lang={more.get('lang', 'vi')}",
        data={"code": code, "secret": secret},
        headers={"X-Forwarded-For": more["source"]} if "source" in more else None,
    )


def test_the_code_alone_opens_status_dates_units_and_fees_and_nobody(public: httpx.Client) -> None:
    for answer in (ask(public, f" {CODE.lower()} "), public.get("/tra-cuu", params={"MHS": CODE})):
        assert answer.status_code == 200
        for told in (
            CODE, "Hồ sơ được hẹn lại ngày trả", "chân thành xin lỗi", "ngày hẹn lại ghi dưới đây",
            "02/11/2026", "10/11/2026", "30/11/2026", "Từ ngày 10/11/2026 sang ngày 30/11/2026",
            "Bộ phận Một cửa", "Phòng Tư pháp", "8.000 đ", "3.000 đ · đã nộp", "5.000 đ · chưa nộp",
            "BN-7", "Đã nhận ngày 06/11/2026", "Chứng thực bản sao",
        ):  # fmt: skip
            assert told in answer.text
        for private in PERSONAL:
            assert private not in answer.text


@pytest.mark.parametrize("secret", ["K7Q2", "k7q2 ", "1234", "5678", "0912345678"])
def test_the_second_factor_opens_initials_and_who_has_it(public: httpx.Client, secret: str) -> None:
    answer = ask(public, secret=secret)
    assert answer.status_code == 200
    for told in ("N. V. C***", "Phạm Thị Lan", "Bùi Ký", "giấy khai sinh gốc", "họ hàng"):
        assert told in answer.text
    for never in ("Canaria", "0912345678", "079090001234", "12 Ngõ Kín", "K7Q2", "k7q2"):
        assert never not in answer.text


def test_a_late_one_is_excused_in_both_languages(centre: Centre, public: httpx.Client) -> None:
    late = replace(DOSSIER, code="H15.50.05-261123-0002", new_due_at=None, postponements=())
    incoming.store_dossiers(centre, [late], source="test")
    for lang, told in (("vi", "Chúng tôi chân thành xin lỗi"), ("en", "We sincerely apologise")):
        assert told in ask(public, late.code, lang=lang).text


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """All of both, but for the codes, and for the minute at which they were told."""
    heads = [
        [(name, value) for name, value in answer.headers.raw if name != b"date"]
        for answer in (one, other)
    ]
    bodies = [answer.text.replace(CODE, "#").replace(UNKNOWN, "#") for answer in (one, other)]
    return (one.status_code, heads[0], bodies[0]) == (other.status_code, heads[1], bodies[1])


def test_a_wrong_secret_is_answered_as_no_such_code_to_the_last_byte(
    public: httpx.Client,
) -> None:
    for lang in ("vi", "en"):
        wrong = ask(public, CODE, "0000", lang=lang)
        unknown = ask(public, UNKNOWN, "0000", lang=lang)
        assert wrong.status_code == 404
        assert same(wrong, unknown)
        assert wrong.headers["content-length"] == unknown.headers["content-length"]
    for n in range(5):
        held = ask(public, CODE, f"{n}000"), ask(public, UNKNOWN, f"{n}000")
        assert same(*held)
    assert {answer.status_code for answer in held} == {429}


def test_a_no_takes_as_long_for_a_code_that_is_there(
    centre: Centre, public: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told, not judged: what can be judged is that none comes before its time."""
    known = [replace(DOSSIER, code=f"H15.50.05-261124-{n:04d}") for n in range(8)]
    incoming.store_dossiers(centre, known, source="test")
    took: dict[str, list[float]] = {"261124": [], "261125": []}
    for n in range(8):
        for part, times in took.items():
            begun = time.perf_counter()
            answer = ask(public, f"H15.50.05-{part}-{n:04d}", "0000", source=f"198.51.100.{n}")
            times.append((time.perf_counter() - begun) * 1e3)
            assert answer.status_code == 404
    assert min(min(times) for times in took.values()) >= STEP_SECONDS * 1e3 - 1
    there, nowhere = (median(times) for times in took.values())
    with capsys.disabled():
        print(f"\na wrong secret {there:.2f} ms, no such code {nowhere:.2f} ms")


def test_wrong_secrets_are_counted_by_code_and_the_status_stays_open(
    public: httpx.Client, clock: Clock
) -> None:
    for code in (CODE, UNKNOWN):
        tries = []
        for n in range(7):
            tries.append(ask(public, code, "0000", source=f"203.0.113.{n}").status_code)
            clock.forward(seconds=8)  # longer than the pause after each of them
        assert tries == [404] * 5 + [429] * 2
    held = ask(public, secret="K7Q2", source="192.0.2.9")
    assert held.status_code == 429
    assert 0 < int(held.headers["retry-after"]) <= 900
    assert "Xin thử lại sau 14 phút" in held.text
    assert ask(public, source="192.0.2.9").status_code == 200


def test_right_secrets_use_up_no_tries(public: httpx.Client) -> None:
    assert {ask(public, secret="K7Q2").status_code for _ in range(20)} == {200}


def test_an_address_that_reads_codes_in_a_row_is_slowed_alone(public: httpx.Client) -> None:
    codes = [f"H15.50.05-261123-{n:04d}" for n in range(32)]
    answers = [
        public.get("/tra-cuu", params={"code": code}, headers={"X-Forwarded-For": "2001:db8::7"})
        for code in codes
    ]
    assert [answer.status_code == 429 for answer in answers] == [False] * 30 + [True] * 2
    for source, status in (("2001:db8::8", 429), ("2001:db8:0:1::7", 200), ("203.0.113.7", 200)):
        answer = ask(public, source=source)
        assert answer.status_code == status
        assert ("Xin thử lại sau 1 phút" in answer.text) == (status == 429)
    assert "Please try again in 1 minute." in ask(public, source="2001:db8::7", lang="en").text


def test_addresses_that_cannot_be_told_apart_are_one() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("nobody") == "nobody"


def test_all_together_are_answered_no_more_than_the_office_bears(centre: Centre) -> None:
    with served_publicly(centre) as address, httpx.Client(base_url=address) as client:
        answers = [ask(client, source=f"10.{n >> 8}.{n & 255}.1") for n in range(3001)]
    assert [answer.status_code for answer in answers] == [200] * 3000 + [503]
    assert "quá nhiều người" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) <= 60


def test_who_comes_while_too_many_wait_is_told_so_and_phones_follow_their_tickets(
    centre: Centre,
) -> None:
    gate, wanted = threading.Event(), take(centre)

    def held() -> datetime:
        if threading.current_thread().name.startswith("public-search"):
            assert gate.wait(30)
        return centre.clock()

    async def burst(address: str) -> list[httpx.Response]:
        every = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=every, timeout=30) as client:
            asked = [
                asyncio.create_task(
                    client.post(
                        "/tra-cuu",
                        data={"code": CODE},
                        headers={"X-Forwarded-For": f"203.0.113.{n}"},
                    )
                )
                for n in range(WAITING + 10)
            ]
            while sum(one.done() for one in asked) < 10:
                await asyncio.sleep(0.01)
            follows = await client.get(f"/so/{wanted}")
            gate.set()
            return [follows, *await asyncio.gather(*asked)]

    with served_publicly(replace(centre, clock=held)) as address:
        follows, *answers = asyncio.run(burst(address))
    assert follows.status_code == 200
    assert Counter(one.status_code for one in answers) == {200: WAITING, 503: 10}
    assert all("quá nhiều người" in one.text for one in answers if one.status_code == 503)


def test_a_card_a_ticket_and_nothing_are_told_apart(centre: Centre, public: httpx.Client) -> None:
    wanted = take(centre)
    there = ask(public, wanted.lower(), lang="en")
    assert (there.status_code, there.headers["location"]) == (303, f"so/{wanted}?lang=en")
    assert ask(public, f"https://motcua.example.vn/so/{wanted}").status_code == 303
    assert ask(public, f"https://dvc.example.vn/#/tra-cuu?MaHoSo={CODE}").status_code == 200
    assert ask(public, "A00000000000").status_code == 404
    card = ask(public, "079090001234")
    assert (card.status_code, "số căn cước" in card.text) == (422, True)
    assert "079090001234" not in card.text
    assert ask(public, "").status_code == 422
    for odd in ("\0", "x" * 600, "<script>alert(1)</script>", "ngày mai"):
        answer = ask(public, odd)
        assert answer.status_code == 404
        assert "<script" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/clerk", "/hall", "/settings", "/device", "/counter/1/display", "/reception", "/metrics",
        "/api/board", "/api/changes", "/api/openapi.json", "/api/tickets/A00000000000", "/api/x",
        "/static/1/clerk.js", "/static/1/settings.js", "/static/1/nothing.css", "/docs", "/a/b/c",
    ],
)  # fmt: skip
def test_nothing_of_staff_is_there(public: httpx.Client, path: str) -> None:
    for lang, told in (("vi", "Không có trang này"), ("en", "There is no such page")):
        answer = public.get(path, params={"lang": lang})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert told in answer.text
        link = answer.text.partition('action="')[2].partition('"')[0]
        assert httpx.URL(f"http://kiosk{path}").join(link).path == "/tra-cuu"
    assert public.post(path, json={}).status_code in (404, 405)


def test_what_it_says_besides_is_in_plain_words_too(public: httpx.Client) -> None:
    assert public.get("/healthz").json() == {"status": "ok"}
    assert public.get("/").headers["location"] == "tra-cuu"
    wrong = public.put("/tra-cuu")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST")
    assert "không nhận lệnh" in wrong.text
    assert "quá dài" in ask(public, "x" * 20_000).text
    assert public.head("/tra-cuu").status_code == 200


def test_every_answer_is_kept_by_nobody_and_goes_nowhere(
    centre: Centre, public: httpx.Client
) -> None:
    answers = [public.get("/tra-cuu"), ask(public), ask(public, UNKNOWN), public.get("/clerk")]
    answers.append(public.get(f"/so/{take(centre)}"))
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert "set-cookie" not in answer.headers
        policies = answer.headers.get_list("content-security-policy")
        assert HEADERS["Content-Security-Policy"] in policies
        scripts = "/so/" in str(answer.url)
        assert ("<script" in answer.text) == scripts
        assert ("script-src 'none'" in policies) != scripts
        assert "style=" not in answer.text


def test_pages_lead_to_each_other(centre: Centre, public: httpx.Client) -> None:
    page = public.get(f"/so/{take(centre)}?lang=en").text
    assert 'href="../tra-cuu?lang=en"' in page
    with served(centre) as address:
        assert "tra-cuu" not in httpx.get(f"{address}/so/{take(centre)}").text
        assert httpx.get(f"{address}/tra-cuu").status_code == 404


def test_nothing_typed_and_nobodys_name_goes_into_logs_events_and_addresses(
    centre: Centre, public: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [ask(public), ask(public, secret="K7Q2"), ask(public, secret="0000")]
    answers += [ask(public, "079090001234"), ask(public, UNKNOWN), public.get("/clerk")]
    answers += [ask(public, source="203.0.113.5") for _ in range(31)]
    kinds = [kind for kind, _ in events(centre)]
    assert kinds[kinds.index("dossiers.imported") + 1 :] == ["dossier.opened", "dossier.refused"]
    assert not [one for one in PERSONAL for _, told in events(centre) if one in told]
    for private in (*PERSONAL, CODE, UNKNOWN):
        assert private not in "\n".join(
            record.getMessage()
            for record in caplog.records
            if not record.name.startswith(("httpx", "httpcore"))
        )
        for answer in answers:
            assert private not in str(answer.url)
            assert private not in str(answer.headers)


def events(centre: Centre) -> list[tuple[str, str]]:
    """The kind of each, and all that it says."""
    with centre.database.read() as query:
        rows = query.all("SELECT * FROM event ORDER BY seq")
    return [(row["kind"], str(dict(row))) for row in rows]


def test_a_long_time_is_told_in_hours() -> None:
    for seconds, vi, en in (
        (1, "1 phút", "1 minute"),
        (61, "2 phút", "2 minutes"),
        (90 * 60, "90 phút", "90 minutes"),
        (90 * 60 + 1, "2 giờ", "2 hours"),
        (24 * 3600, "24 giờ", "24 hours"),
    ):
        assert (told_time(seconds, texts("vi")), told_time(seconds, texts("en"))) == (vi, en)


def test_a_bug_is_told_in_plain_words(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    with (
        served_publicly(replace(centre, clock=lambda: 1 // 0, glance=utc_now)) as address,
        httpx.Client(base_url=address) as client,
    ):
        answer = ask(client)
    assert (answer.status_code, "Trang gặp lỗi" in answer.text) == (500, True)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "bug in POST /tra-cuu" in caplog.text
    assert CODE not in caplog.text


def test_a_store_that_is_away_is_told_and_no_try_is_lost(
    centre: Centre, public: httpx.Client, tmp_path: Path
) -> None:
    centre.database.close()
    for part in tmp_path.glob("kiosk.db*"):
        part.write_bytes(b"not a database, but long enough to be looked at" * 200)
    for secret in ["", *["0000"] * 7]:
        answer = ask(public, secret=secret)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "Tạm thời chưa tra cứu được" in answer.text
