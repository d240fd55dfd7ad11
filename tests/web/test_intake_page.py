"""The page of the intake in a browser, from the papers to the result."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from kiosk.intake import IntakeRules
from kiosk.office import clerks, dossiers, jobs, tickets
from kiosk.office.intake import receive
from kiosk.rights import StaffRole
from printer.raster import draw_slip
from printer.slips import draw
from tests.office.test_intake import CARD, HOA, PRIVATE, WISH, opened
from tests.web.browsing import paged, settled, sign_in
from tests.web.serving import PIN, served, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(noon: Centre) -> Centre:
    centre = replace(opened(noon), intake=IntakeRules())
    clerks.add_clerk(centre, "an", "Vũ Bình An", PIN, StaffRole.RECEPTION)
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    return centre


def enter(
    page: Page, address: str, login: str = "hoa", counter: str = "1", lang: str = "vi"
) -> None:
    sign_in(page, address, login, counter, lang)
    page.goto(f"{address}/intake?lang={lang}")
    expect(page.locator("#link")).to_have_attribute("data-state", "live")
    expect(page.locator("#dossiers li, #dossiers-told:not(:empty)").first).to_be_visible()


def choose(page: Page, text: str = "tinh trang hon") -> None:
    page.locator("#procedure").focus()
    page.keyboard.type(text)
    expect(page.locator("#procedures [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#papers-part")).to_be_visible()
    settled(page)


def printed(centre: Centre) -> list[tuple[str, dict[str, Any]]]:
    """What the printer prints, each drawn as it would be."""
    found = []
    while job := jobs.next_job(centre):
        assert job.data is not None
        jobs.mark_sending(centre, job.id)
        assert draw_slip(draw(job.slip, job.data), 80)
        jobs.settle(centre, job.id, "printed", evidence="ack")
        found.append((job.slip, dict(job.data)))
    return found


def move(page: Page, name: str, **fields: str) -> None:
    page.get_by_role("button", name=name, exact=False).first.click()
    for field, value in fields.items():
        page.locator(f"#{field.replace('_', '-')}").fill(value)
    page.keyboard.press("Enter")
    expect(page.locator("#dossier-told")).not_to_be_empty()
    settled(page)


def test_from_the_papers_to_the_result(centre: Centre, page: Page) -> None:
    tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address:
        sign_in(page, address, "hoa", "1")
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A001")
        printed(centre)
        page.get_by_role("link", name="Tiếp nhận hồ sơ cho người này").click()
        expect(page.locator("#at-counter")).to_have_text("Đang ở quầy: A001")
        choose(page)
        page.get_by_role("button", name="Đủ tất cả").click()
        # The card is scanned wherever the focus is, here on a button.
        page.keyboard.type(CARD)
        page.keyboard.press("Enter")
        expect(page.locator("#owner")).to_have_value("Nguyễn Thị Bích Ngọc")
        expect(page.locator("#id_number")).to_have_value("001190123456")
        expect(page.locator("#address")).to_have_value("Số 5 ngõ 12, phường Trung Tâm")
        expect(page.locator("#scan")).to_have_value("")
        assert "05021990" not in page.content()
        page.locator("#phone").fill("0912 345 678")
        page.locator("#fee_paid").check()
        page.get_by_role("button", name="Xem lại").click()
        expect(page.locator("#review-facts")).to_contain_text("15.000 đ, đã thu")
        page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
        expect(page.locator("#received-code")).to_contain_text("-0001")
        code = page.locator("#received-code").inner_text()
        ((kind, data),) = printed(centre)
        assert kind == "receipt"
        secret = data["secret"][1]
        ticket = tickets.find(centre, "A001").ticket
        assert ticket.dossier == code

        look_up = {"code": code, "secret": secret}
        told = httpx.post(f"{address}/api/dossiers/lookup", json=look_up).json()
        assert (told["full"], told["owner"], told["status"]) == (True, "N. T. B. N***", 2)

        page.get_by_role("button", name="Mở hồ sơ").click()
        expect(page.locator("#dossier-code")).to_have_text(code)
        move(page, "Chuyển giải quyết", note="Thẩm tra")
        move(page, "Yêu cầu bổ sung", move_papers="Giấy khai sinh; Sổ hộ khẩu", note="Chưa có")
        expect(page.locator("#dossier-state")).to_have_text("Chờ bổ sung giấy tờ")
        move(page, "Đã nhận bổ sung")
        move(page, "Có kết quả")
        move(page, "Trả kết quả", secret=secret)
        expect(page.locator("#dossier-state")).to_have_text("Đã trả kết quả")
        expect(page.locator("#moves [data-move]")).to_have_count(0)
        assert [kind for kind, _ in printed(centre)] == ["supplement", "handover"]
        assert dossiers.look_up(centre, code).status == 10
        page.keyboard.press("Escape")
        page.locator("#find").fill("bich ngoc")
        expect(page.locator("#dossiers li")).to_have_count(1)


def test_the_keyboard_alone_is_enough(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address, "an", "none")
        page.keyboard.press("F2")
        page.keyboard.type("1.004873")
        expect(page.locator("#procedures [role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#papers input").first).to_be_focused()
        page.keyboard.press("Space")
        page.locator("#scan").focus()
        page.keyboard.press("Tab")
        page.keyboard.type("Le Van Tam")
        for text in ("001090123457", "0987654321"):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#review-missing")).to_have_text("Còn thiếu: Căn cước")
        page.keyboard.press("Enter")
        expect(page.locator("#received-code")).to_contain_text("-0001")
        page.keyboard.press("F4")
        page.keyboard.type("4321")
        expect(page.locator("#dossiers li")).to_have_count(1)
        page.locator("#find").focus()
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.code !== undefined"):
                break
        page.keyboard.press("Enter")
        expect(page.locator("#dossier-code")).to_contain_text("-0001")
        page.keyboard.press("1")
        expect(page.locator("#handler")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#dossier-state")).to_have_text("Đang xử lý")


@pytest.mark.parametrize("where", ["#phone", "#procedure", "#owner"])
def test_a_card_scanned_into_another_field_leaves_what_stood_there(
    centre: Centre, page: Page, where: str
) -> None:
    with served(centre) as address:
        enter(page, address)
        page.locator(where).fill("09")
        page.locator(where).press("End")
        page.keyboard.type(CARD)
        page.keyboard.press("Tab")
        expect(page.locator("#id_number")).to_have_value("001190123456")
        left = "Nguyễn Thị Bích Ngọc" if where == "#owner" else "09"
        expect(page.locator(where)).to_have_value(left)


def test_a_receipt_or_a_card_that_is_scanned_finds_the_dossier(centre: Centre, page: Page) -> None:
    code = receive(centre, WISH, by=HOA).dossier.code
    with served(centre) as address:
        enter(page, address)
        expect(page.locator("#dossiers li")).to_have_count(1)
        # As a scanner types it while a key has the focus.
        page.locator("#sign-out").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("#dossier-code")).to_have_text(code)
        page.keyboard.press("Escape")
        page.keyboard.press("F4")
        page.keyboard.type(CARD)
        page.keyboard.press("Enter")
        expect(page.locator("#find")).to_have_value("001190123456")
        expect(page.locator("#dossiers li")).to_have_count(1)
        expect(page.locator("#owner")).to_have_value("")


def test_damaged_letters_fill_no_name(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        page.locator("#scan").focus()
        # In one: key by key, a busy machine may pause within it as no scanner does.
        page.keyboard.insert_text("001190123456||Nguy?n Th\ufffd Ng|05021990|N\ufffd|S? 5|15042021")
        page.keyboard.press("Enter")
        expect(page.locator("#id_number")).to_have_value("001190123456")
        expect(page.locator("#owner")).to_have_value("")
        expect(page.locator("#owner")).to_be_focused()
        expect(page.locator("#scanned")).to_contain_text("bị lỗi")


def test_what_is_wrong_stands_at_its_field(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        page.get_by_role("button", name="Xem lại").click()
        expect(page.locator("#procedure-wrong")).not_to_be_empty()
        expect(page.locator("#procedure")).to_be_focused()
        choose(page)
        page.locator("#owner").fill("Lê Văn Tám")
        page.locator("#phone").fill("12")
        page.locator("#id_number").fill("1234")
        page.get_by_role("button", name="Xem lại").click()
        expect(page.locator("#phone-wrong")).to_contain_text("8 đến 15")
        expect(page.locator("#id_number-wrong")).to_contain_text("12 chữ số")
        # What only the server knows stands at its field too.
        page.locator("#phone").fill("")
        page.locator("#id_number").fill("1234567890")
        page.get_by_role("button", name="Xem lại").click()
        page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
        expect(page.locator("#id_number-wrong")).to_contain_text("mã số thuế")
        expect(page.locator("#id_number")).to_be_focused()


def test_a_lost_answer_takes_one_dossier_in(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        choose(page)
        page.locator("#owner").fill("Lê Văn Tám")
        page.get_by_role("button", name="Xem lại").click()

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route("**/api/intake", lose, times=1)
        page.locator("#receive").click()
        expect(page.locator("#review .alert")).not_to_be_empty()
        page.locator("#receive").click()
        expect(page.locator("#received-code")).to_contain_text("-0001")
    assert len(printed(centre)) == 1


def test_who_comes_second_is_told_what_it_is_now(
    centre: Centre, page: Page, browser: Browser
) -> None:
    with served(centre) as address, paged(browser) as other:
        enter(page, address)
        choose(page)
        page.locator("#owner").fill("Lê Văn Tám")
        page.get_by_role("button", name="Xem lại").click()
        page.locator("#receive").click()
        page.get_by_role("button", name="Mở hồ sơ").click()
        enter(other, address, "trang", "none")
        other.locator("#dossiers button").click()
        expect(other.locator("#dossier-facts")).to_contain_text("Lê Văn Tám")
        move(other, "Công dân rút hồ sơ")
        page.get_by_role("button", name="Chuyển giải quyết").click()
        page.keyboard.press("Enter")
        expect(page.locator("#dossier .alert")).to_contain_text("Đã rút hồ sơ")
        expect(page.locator("#moves [data-move]")).to_have_count(0)


def test_nothing_private_stands_in_events_logs_or_addresses(
    centre: Centre, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with served(centre) as address:
        enter(page, address)
        choose(page)
        page.keyboard.type(CARD)
        page.keyboard.press("Enter")
        page.locator("#phone").fill("0912345678")
        page.get_by_role("button", name="Xem lại").click()
        page.locator("#receive").click()
        page.locator("#look").click()
        expect(page.locator("#dossier-facts")).to_contain_text("0912345678")
        # The secret is masked for a clerk.
        expect(page.locator("#dossier-facts")).to_contain_text("•••••")
        page.keyboard.press("Escape")
        page.locator("#find").fill("bich ngoc")
        expect(page.locator("#dossiers li")).to_have_count(1)
    with centre.database.read() as query:
        rows = [dict(row) for row in query.all("SELECT * FROM event")]
    told = json.dumps(rows, ensure_ascii=False) + caplog.text + " ".join(asked)
    assert "dossier.seen" in told
    assert [part for part in PRIVATE if part in told] == []


def test_there_is_no_page_where_other_software_takes_dossiers_in(noon: Centre, page: Page) -> None:
    with served(noon) as address:
        sign_in(page, address, "hoa", "1")
        expect(page.get_by_role("link", name="Tiếp nhận hồ sơ")).to_have_count(0)
        page.goto(f"{address}/intake?lang=vi")
        expect(page).to_have_url(f"{address}/clerk?lang=vi")
        answer = page.request.post(f"{address}/api/intake/find", data={})
        assert answer.status in (403, 404)


def test_a_counter_that_takes_nothing_in_has_no_page_and_no_calls(
    centre: Centre, page: Page
) -> None:
    only = replace(centre, intake=IntakeRules(counters=frozenset({2})))
    with served(only) as address:
        sign_in(page, address, "hoa", "1")
        page.goto(f"{address}/intake?lang=vi")
        expect(page).to_have_url(f"{address}/clerk?lang=vi")
        with signed_in(address, "minh", 3) as client:
            for call, body in (("find", {}), ("read", {"code": "H15"}), ("procedures", {})):
                answer = client.post(f"/api/intake/{call}", json=body)
                assert (answer.status_code, answer.json()["code"]) == (403, "intake_elsewhere")
