"""The page of one ticket, on the phone that read its code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import Request

from kiosk.dossiers import Dossier, Status
from kiosk.look import Look, css, palettes
from kiosk.office import appointments, calls, incoming, sessions, tickets, visits
from kiosk.texts import texts
from kiosk.tickets import ENDED, TicketState
from kiosk.web.access import source
from tests.hall import service
from tests.web.following import bring, serve_five, take
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock

UNKNOWN = "A00000000000"
ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}


class _Read(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.metas: dict[str, str] = {}
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "meta" and "content" in facts:
            self.metas[facts.get("name") or facts["http-equiv"]] = facts["content"]
        if "href" in facts:
            self.links.append(facts["href"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(answer: httpx.Response, status: int = 200) -> _Read:
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    return _Read(answer.text)


TOLD = {
    TicketState.WAITING: (
        "Còn 3 người trước Ông/Bà Dự kiến chờ {wait} Sẽ gọi đến Quầy 1 Xin Ông/Bà đừng đi",
        "3 people are ahead of you Expected wait {wait} You will go to Counter 1",
    ),
    TicketState.CALLED: ("Mời Ông/Bà đến Quầy 1 Quầy đang gọi", "Please go to Counter 1 The"),
    TicketState.SERVING: ("Đang làm việc tại Quầy 1", "Being served at Counter 1"),
    TicketState.PARKED: ("Số này được giữ lại", "This number is kept for you"),
    TicketState.FINISHED: ("Số này đã phục vụ xong", "This number has been served"),
    TicketState.NO_SHOW: (
        "Ông/Bà đã lỡ lượt gọi Trong 60 phút sau lượt gọi, mời Ông/Bà quét lại phiếu ở máy",
        "You missed your call Within 60 min of the call, please scan your ticket again at the",
    ),
    TicketState.CANCELLED: ("Số này đã hủy", "This number was cancelled"),
    TicketState.EXPIRED: ("Số này đã hết hạn", "This number has expired"),
}


@pytest.mark.parametrize("state", TicketState)
def test_each_state_is_told_in_both_languages(
    centre: Centre, clock: Clock, hall: httpx.Client, state: TicketState
) -> None:
    serve_five(centre, clock)
    wanted = bring(centre, clock, state)
    place = tickets.follow(centre, wanted)
    names = ("Chứng thực", "Chứng thực (en)")
    for lang, told, name in zip(("vi", "en"), TOLD[state], names, strict=True):
        page = read(hall.get(f"/so/{wanted}?lang={lang}"))
        assert told.format(wait=tickets.told_wait(place, texts(lang))) in page.text
        assert f" {place.ticket.number} {name} " in page.text
        assert "UBND phường Trung Tâm Trung tâm Phục vụ hành chính công" in page.text
        assert page.metas.get("refresh") == (None if state in ENDED else "10")


def test_who_is_first_in_line_is_told_so(centre: Centre, hall: httpx.Client) -> None:
    wanted = take(centre)
    assert "Ông/Bà là người tiếp theo" in read(hall.get(f"/so/{wanted}")).text
    take(centre)
    behind = read(hall.get(f"/so/{take(centre)}?lang=en")).text
    assert "2 people are ahead of you" in behind
    assert " Wait " not in behind


def test_a_ticket_sent_to_a_counter_names_that_counter(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    sessions.sign_in(centre, "hoa", PIN, 1)
    wanted = bring(centre, clock, TicketState.CALLED)
    calls.transfer(centre, 1, clerk="hoa", to_counter=2)
    assert "Sẽ gọi đến Quầy 2 " in read(hall.get(f"/so/{wanted}")).text


def told_in_both(hall: httpx.Client, wanted: str, vi: str, en: str) -> None:
    for lang, told in (("vi", vi), ("en", en)):
        assert told in read(hall.get(f"/so/{wanted}?lang={lang}")).text


def test_a_journey_shows_its_steps(centre: Centre, hall: httpx.Client) -> None:
    issued = tickets.take_ticket(centre, services=("A", "B", "F"), actor="test")
    wanted = issued.place.ticket.id
    told_in_both(
        hall,
        wanted,
        "Bước 1/3 Sau đó Hộ tịch, Trả kết quả ",
        "Step 1/3 Then Hộ tịch (en), Trả kết quả (en) ",
    )
    calls.call_next(centre, 1, clerk="hoa")
    calls.finish(centre, 1, clerk="hoa")
    told_in_both(hall, wanted, " A001 Hộ tịch ", " A001 Hộ tịch (en) ")
    told_in_both(hall, wanted, "Bước 2/3 Sau đó Trả kết quả ", "Step 2/3 Then Trả kết quả (en) ")


def test_who_must_bring_papers_is_told_how_to_come_back(centre: Centre, hall: httpx.Client) -> None:
    wanted = take(centre)
    calls.call_next(centre, 1, clerk="hoa")
    calls.park(centre, 1, clerk="hoa", reason="supplement")
    told_in_both(
        hall,
        wanted,
        "Quầy 1 chờ Ông/Bà bổ sung giấy tờ Khi có đủ giấy tờ, mời Ông/Bà quay lại trong hôm nay",
        "Counter 1 waits for your missing papers When you have the papers, please come back today",
    )


def test_where_numbers_are_kept_overnight_the_papers_may_come_another_day(centre: Centre) -> None:
    lasting = replace(centre, queue=replace(centre.queue, keep_overnight=True))
    wanted = take(lasting)
    calls.call_next(lasting, 1, clerk="hoa")
    calls.park(lasting, 1, clerk="hoa", reason="supplement")
    with served(lasting) as address, httpx.Client(base_url=address) as hall:
        page = read(hall.get(f"/so/{wanted}")).text
    assert "mời Ông/Bà quay lại và quét phiếu" in page
    assert "hôm nay" not in page


def test_who_missed_a_call_and_still_waits_is_told_so(centre: Centre, hall: httpx.Client) -> None:
    patient = replace(centre, queue=replace(centre.queue, no_show_after=2))
    wanted = take(centre)
    calls.call_next(patient, 1, clerk="hoa")
    calls.no_show(patient, 1, clerk="hoa")
    told_in_both(hall, wanted, "Số vẫn còn trong hàng chờ", "It is still in the line")


def test_who_missed_a_call_too_long_ago_takes_a_new_number(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    wanted = bring(centre, clock, TicketState.NO_SHOW)
    clock.forward(minutes=61)
    told_in_both(hall, wanted, "Mời Ông/Bà lấy số mới", "Please take a new number")


def test_who_missed_again_after_coming_back_is_sent_to_the_help_desk(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    wanted = bring(centre, clock, TicketState.NO_SHOW)
    visits.come_back(centre, wanted, actor="test")
    while (called := calls.call_next(centre, 1, clerk="hoa")) is not None and called.id != wanted:
        calls.finish(centre, 1, clerk="hoa")
    calls.no_show(centre, 1, clerk="hoa")
    page = read(hall.get(f"/so/{wanted}")).text
    assert "quét lại phiếu" not in page
    assert texts("vi").say("refused.missed_too_often") in page


def test_an_appointment_tells_its_time(centre: Centre, clock: Clock, hall: httpx.Client) -> None:
    at = clock() + timedelta(minutes=18)
    booked = appointments.book(centre, service="A", at=at, actor="test")
    arrived = appointments.check_in(centre, booked.code, actor="test").place
    told_in_both(hall, arrived.ticket.id, "Lịch hẹn 09:00", "09:00")
    page = read(hall.get(f"/so/{arrived.ticket.id}")).text
    assert "tiếp theo" not in page
    assert page.count("Lịch hẹn") == 2, "the title and the head alone"
    clock.forward(minutes=18)
    assert "tiếp theo" in read(hall.get(f"/so/{arrived.ticket.id}")).text


def test_a_line_that_nobody_calls_is_told(centre: Centre, hall: httpx.Client) -> None:
    told_in_both(
        hall, take(centre), "Hiện chưa có quầy mở cho việc này.", "Please ask at the help desk"
    )


def test_a_journey_that_goes_on_after_hours_is_told_on_the_phone(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    visit = tickets.take_ticket(centre, services=["A", "C"], actor="touch").place.ticket
    calls.call_next(centre, 1, clerk="hoa")
    clock.forward(hours=3)
    calls.finish(centre, 1, clerk="hoa")

    told_in_both(
        hall,
        visit.id,
        "Đã hết giờ làm việc Bước 2/2 Giờ làm việc đã hết lúc 11:30. Xin hỏi quầy hướng dẫn. Nếu"
        " hôm nay không được gọi nữa, số của Ông/Bà chỉ có giá trị đến hết hôm nay.",
        "Working hours are over Step 2/2 Working hours ended at 11:30. Please ask at the help desk."
        " If you are not called any more today, your number ends with this day.",
    )
    kept = replace(centre, queue=replace(centre.queue, keep_overnight=True))
    with served(kept) as address, httpx.Client(base_url=address) as phone:
        told_in_both(phone, visit.id, "vẫn ở trong hàng chờ ngày làm", "for the next working day.")


def test_a_service_that_is_no_longer_offered_is_told_by_its_code(centre: Centre) -> None:
    wanted = take(centre)
    fewer = {code: kept for code, kept in centre.services.items() if code != "A"}
    with served(replace(centre, services=fewer)) as address:
        assert " A001 A " in read(httpx.get(f"{address}/so/{wanted}")).text


def test_the_language_is_the_phones_and_can_be_changed(centre: Centre, hall: httpx.Client) -> None:
    path = f"/so/{take(centre)}"
    page = read(hall.get(path, headers={"Accept-Language": "en-GB,en;q=0.9"}))
    assert "You are next" in page.text
    assert "?lang=vi" in page.links
    assert 'lang="vi"' in hall.get(path, headers={"Accept-Language": "fr"}).text
    spaced = hall.get(path, headers={"Accept-Language": "fr, en; q=0.1, vi ;q = 0.9"})
    assert 'lang="vi"' in spaced.text
    asked = hall.get(f"{path}?lang=en", headers={"Accept-Language": "vi"})
    assert '<html lang="en">' in asked.text
    assert "?lang=vi" in read(asked).links


def test_an_id_typed_in_small_letters_is_found(centre: Centre, hall: httpx.Client) -> None:
    assert "A001" in read(hall.get(f"/so/{take(centre).lower()}")).text


@pytest.mark.parametrize("asked", [UNKNOWN, "", "x", "A" * 999, "..%2F..", "a/b", "%00", "%F0%9F"])
def test_an_id_that_is_not_there_is_told_calmly(hall: httpx.Client, asked: str) -> None:
    for lang, told in (("vi", "Không tìm thấy số này"), ("en", "This number was not found")):
        page = read(hall.get(f"/so/{asked}?lang={lang}"), 404)
        assert told in page.text
        assert "refresh" not in page.metas


def test_a_store_that_is_away_is_told_and_the_number_stays_valid(
    centre: Centre, hall: httpx.Client, tmp_path: Path
) -> None:
    wanted = take(centre)
    centre.database.close()
    for part in tmp_path.glob("kiosk.db*"):
        part.write_bytes(b"not a database, but long enough to be looked at" * 200)
    for lang, told in (("vi", "Số của Ông/Bà vẫn còn hiệu lực"), ("en", "Your number stays valid")):
        answer = hall.get(f"/so/{wanted}?lang={lang}")
        page = read(answer, 503)
        assert told in page.text
        assert page.metas["refresh"] == answer.headers["retry-after"] == "10"


def test_an_address_that_asks_too_often_is_held_off_alone(
    centre: Centre, hall: httpx.Client
) -> None:
    path = f"/so/{take(centre)}"
    for _ in range(600):
        assert hall.get("/so/x", headers=ELSEWHERE).status_code == 404
    for lang, told in (("vi", "Đang có quá nhiều lượt xem"), ("en", "Too many people are looking")):
        answer = hall.get(f"{path}?lang={lang}", headers=ELSEWHERE)
        page = read(answer, 429)
        assert told in page.text
        assert "A001" not in page.text
        assert page.metas["refresh"] == answer.headers["retry-after"] == "60"
    assert hall.get(path, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200
    assert hall.get(path).status_code == 200


@pytest.mark.parametrize(
    ("peer", "passed_on", "who"),
    [
        ("192.168.1.7", [], "192.168.1.7"),
        ("192.168.1.7", ["203.0.113.7"], "192.168.1.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.49", [], "127.0.0.1"),
        ("::1", ["127.0.0.9"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        ("::1", ["6.6.6.6", "2001:db8::7"], "2001:db8::7"),
    ],
)
def test_a_proxy_of_this_machine_is_believed_about_who_asks_and_nobody_else(
    peer: str, passed_on: list[str], who: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in passed_on]
    assert source(Request({"type": "http", "client": (peer, 1), "headers": headers})) == who


def test_it_is_open_to_whoever_has_the_id_and_tells_nothing_about_people(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    code = "H15.50.05-261123-0001"
    incoming.store_dossiers(centre, [Dossier(code, Status.PROCESSING)], source="test")
    issued = tickets.take_ticket(centre, service="A", actor="test", priority="NCT", dossier=code)
    wanted = issued.place.ticket.id
    sessions.sign_in(centre, "hoa", PIN, 1)
    calls.call_next(centre, 1, clerk="hoa")
    strange = {"Host": "motcua.example.vn", "Cookie": "kiosk_session=gone", **ELSEWHERE}
    answer = hall.get(f"/so/{wanted}", headers=strange)
    assert "Mời Ông/Bà đến Quầy 1" in read(answer).text
    for private in ("Người cao tuổi", "H15.50.05", "Hoa", "hoa", wanted):
        assert private not in answer.text


def test_every_answer_is_kept_by_nobody_and_found_by_no_robot(
    centre: Centre, hall: httpx.Client
) -> None:
    for path, status in ((f"/so/{take(centre)}", 200), (f"/so/{UNKNOWN}", 404)):
        answer = hall.get(path)
        page = read(answer, status)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert page.metas["robots"] == "noindex"
        # A page that loads itself anew takes a reader's place away: only where no script runs.
        assert answer.text.count("http-equiv") == answer.text.count("<noscript><meta http-equiv")
        assert page.tags.count("script") == 1
        assert not {"style", "form", "img", "iframe"} & set(page.tags)


@pytest.mark.parametrize("path", ["so/A00000000000", "so/", "so/a/b"])
def test_what_the_page_is_made_of_is_found_below_any_path(
    address: str, hall: httpx.Client, path: str
) -> None:
    links = [link for link in read(hall.get(f"/{path}"), 404).links if "static" in link]
    assert len(links) == 4
    for link in links:
        found = httpx.URL(f"https://motcua.example.vn/kiosk/{path}").join(link)
        assert found.path.startswith("/kiosk/static/")
        kept = httpx.get(f"{address}{str(found).partition('/kiosk')[2]}")
        assert kept.status_code == 200


def test_markup_in_names_is_only_text(centre: Centre) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&{{7*7}}</title></style>"
    marked = replace(
        centre, name=evil, parent=evil, services={**centre.services, "A": service("A", evil)}
    )
    wanted = take(marked)
    with served(marked) as address:
        page = read(httpx.get(f"{address}/so/{wanted}"))
    assert "img" not in page.tags
    assert page.text.count(evil) == 3


def test_its_style_names_only_colours_of_the_clerks_page() -> None:
    own = (files("kiosk.web") / "static" / "follow.css").read_text("utf-8")
    tokens = (files("kiosk.web") / "static" / "clerk.css").read_text("utf-8")
    tokens += css(palettes(Look()))
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl|opacity", own)
    for token in set(re.findall(r"var\((--[a-z-]+)\)", own)):
        assert f"{token}:" in tokens
