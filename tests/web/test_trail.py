"""What the trail tells is said in words, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import Page, expect

from kiosk.office import (
    appointments,
    calls,
    clerks,
    devices,
    direction,
    jobs,
    keys,
    ratings,
    sessions,
    settings,
    tickets,
)
from kiosk.office.audit import Entry
from kiosk.office.moves import EVENTS
from kiosk.rights import Scope, StaffRole
from kiosk.settings import Change
from kiosk.store.jobs import DECIDED
from kiosk.texts import languages, texts
from kiosk.tickets import TicketState
from kiosk.web import trail
from printer.status import Reason
from tests.web.serving import PIN, served
from tests.web.test_hall_page import enter_hall
from tests.web.visits import OUTCOMES, REASONS, furnished
from tests.written import keys_written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.office.centre import Centre
    from tests.hall import Clock

BOTH: Final = pytest.mark.parametrize("lang", ["vi", "en"])
RAW: Final = re.compile(r"\w_\w|[Tt]rue|[Ff]alse|[Nn]one|null|[{}\[\]]|\dT\d|\b[A-Z]\b")
"""What only programs say: keys, codes of services, moments of the store."""


def test_whatever_is_written_has_a_label_in_every_language() -> None:
    """``rule`` says how the reason is put; clerk and dossier are told from their columns."""
    written = keys_written()
    assert written - {"rule"} | {"clerk", "dossier"} == trail.FACTS.keys() | trail.UNTOLD
    for lang in languages():
        assert trail.FACTS.keys() == texts(lang).under("trail.fact.").keys(), lang


@BOTH
def test_every_value_of_a_known_list_has_a_name(centre: Centre, lang: str) -> None:
    known = trail.reader(centre, texts(lang)).known
    assert known["role"].keys() >= set(StaffRole)
    assert known["scope"].keys() >= set(Scope)
    assert known["event"].keys() >= set(EVENTS.values())
    assert known["evidence"].keys() >= {"ack", "status", "sent", "queued", "saved"}
    assert known["state"].keys() >= {
        *TicketState, "queued", "sending", "printed", "unknown", "failed", "ok", "warning", "fault",
    }  # fmt: skip
    assert known["line"].keys() >= {"first", "place", "end"}
    reasons = known["reason"].keys() | known["slips.why"].keys() | known["device"].keys()
    assert reasons >= {*DECIDED, "interrupted", *(set(Reason) - {Reason.NONE})}
    orders = {"arrival", "listed", "weight"}
    assert known["rule"].keys() >= orders | {"manual", "resumed", "overdue", "early", "share"}


def told(centre: Centre, lang: str, kind: str, details: Mapping[str, Any]) -> str:
    at = datetime(2026, 11, 29, tzinfo=UTC)
    entry = Entry(1, at, kind, "day", None, None, None, None, None, details)
    return " · ".join(trail.told(trail.reader(centre, texts(lang)), entry))


@pytest.mark.parametrize(
    ("kind", "details", "vi", "en"),
    [
        ("ticket.transferred", {"from": "A", "to": 3, "kept_place": True},
         "từ: Chứng thực · đến: Quầy 3 · giữ chỗ: có",
         "from: Chứng thực (en) · to: Counter 3 · kept the place: yes"),
        ("ticket.went_on", {"outcome": "received", "to": "F"},
         "kết quả: Đã tiếp nhận · đến: Trả kết quả",
         "outcome: Received · to: Trả kết quả (en)"),
        ("ticket.returned", {"after": "supplement", "to": "first"},
         "sau khi: bổ sung giấy tờ · đến: trước mọi người",
         "after: papers were missing · to: before everybody"),
        ("ticket.kept", {"day": "2026-11-28", "to": "2026-11-29", "state": "parked"},
         "ngày: 28/11/2026 · đến: 29/11/2026 · trạng thái: để sau",
         "day: 28/11/2026 · to: 29/11/2026 · state: kept for later"),
        ("ticket.parked", {"came": False}, "đã đến quầy: không", "had come to the counter: no"),
        ("ticket.parked", {"reason": "supplement"},
         "lý do: bổ sung giấy tờ", "reason: papers were missing"),
        ("ticket.missed", {"calls": 2, "misses": 1},
         "lần gọi: 2 · lần vắng mặt: 1", "calls: 2 · calls missed: 1"),
        ("ticket.called", {"waited": 245, "why": {"rule": "priority", "class": "NCT", "one_in": 1}},
         "đã chờ: 4 phút 5 giây · lý do: thuộc diện ưu tiên, diện: Người cao tuổi",
         "waited: 4 min 5 s · reason: a class that goes first, class: Elderly person"),
        ("ticket.called", {"why": {"rule": "manual", "reason": "urgent"}},
         "lý do: gọi đích danh, Việc khẩn cấp",
         "reason: called by number, Urgent matter"),
        ("ticket.undone", {"undone": 7, "kind": "ticket.called"}, "việc: Gọi số", "what: Called"),
        ("ticket.rated", {"level": "great"}, "mức: Rất hài lòng", "level: Very satisfied"),
        ("appointment.booked",
         {"code": "AQFLD0NP", "service": "A", "due_at": "2026-11-29T13:23:00.000000Z"},
         "mã hẹn: AQFLD0NP · dịch vụ: Chứng thực · giờ hẹn: 20:23 29/11/2026",
         "code: AQFLD0NP · service: Chứng thực (en) · appointment at: 20:23 29/11/2026"),
        ("counter.paused", {"reason": "break"}, "lý do: Nghỉ giải lao", "reason: Break"),
        ("job.printed", {"job": "X", "evidence": "saved", "reason": ""},
         "căn cứ: lưu thành tệp", "known from: saved as a file"),
        ("job.reprinted", {"job": "X", "before": "printed"},
         "trước đó: đã in", "before: printed"),
        ("device.changed", {"device": "keypad 3", "state": "fault", "reason": "unplugged"},
         "thiết bị: Bàn phím gọi số ở quầy 3 · trạng thái: không dùng được"
         " · lý do: Đã bị rút ra hoặc chưa cắm.",
         "device: Call keypad at counter 3 · state: out of order"
         " · reason: Unplugged."),
        ("process.restarted", {"device": "process_web", "reason": "process_hung", "times": 2},
         "thiết bị: Chương trình trang web"
         " · lý do: Bị treo và đã được tự khởi động lại. Không mất số nào. · số lần trong ngày: 2",
         "device: Program of the web pages"
         " · reason: It hung and was started again by itself. No number was lost."
         " · times that day: 2"),
        ("clerk.role_changed", {"old": "clerk", "new": "reception"},
         "trước: cán bộ quầy · sau: tiếp đón", "before: clerk · after: reception"),
        ("key.added", {"name": "sms", "scopes": ["board", "tickets"]},
         "tên: sms · được dùng cho: bảng và trạng thái, số thứ tự",
         "name: sms · opens: board and state, numbers"),
        ("settings.changed", {"key": "queue.overnight", "old": "keep", "new": "expire"},
         "mục: Hàng chờ và cách gọi: Người còn chờ khi hết ngày · trước: Giữ sang ngày sau"
         " · sau: Hết hạn",
         "setting: The queue and how it is called: Who still waits when the day ends · before: Is"
         " kept for the next day · after: Expires"),
        ("settings.changed", {"key": "counter[2].services", "old": None, "new": ["A", "F"]},
         "mục: Dịch vụ của từng quầy: Quầy 2 · trước: – · sau: Chứng thực, Trả kết quả",
         "setting: Services of each counter: Counter 2 · before: – · after: Chứng thực (en),"
         " Trả kết quả (en)"),
        ("webhook.skipped", {"webhook": "sms", "first": 3, "last": 9, "why": "refused_410"},
         "webhook: sms · từ việc số: 3 · đến việc số: 9 · lý do: bên nhận từ chối (mã 410)",
         "webhook: sms · from event: 3 · to event: 9 · reason: the receiver refused it"
         " (status 410)"),
        ("hall.services_changed", {"old": ["A"], "new": ["A", "GONE"]},
         "trước: Chứng thực · sau: Chứng thực, GONE",
         "before: Chứng thực (en) · after: Chứng thực (en), GONE"),
        ("job.printed", {"sent_by": "before"}, "sent_by: before", "sent_by: before"),
    ],
)  # fmt: skip
def test_details_are_said_in_words(
    centre: Centre, kind: str, details: dict[str, Any], vi: str, en: str
) -> None:
    office = replace(centre, reasons=REASONS, outcomes=OUTCOMES)
    assert told(office, "vi", kind, details) == vi
    assert told(office, "en", kind, details) == en


def a_day(office: Centre, clock: Clock) -> None:
    """Everything that staff, machines and programs do in a day, in the real office."""
    sessions.sign_in(office, "hoa", PIN, 1)
    signed_in = sessions.sign_in(office, "minh", PIN, 2)
    tickets.take_ticket(office, service="A", services=("A", "F"), actor="clerk:an")
    for priority in ("", "", "", "NCT"):
        tickets.take_ticket(office, service="A", actor="touch", priority=priority or None)
    direction.prioritise(office, "A002", "NCT", reason="baby", by="trang")
    calls.call_next(office, 1, clerk="hoa")
    calls.recall(office, 1, clerk="hoa")
    calls.park(office, 1, clerk="hoa")
    calls.undo(office, 1, clerk="hoa")
    calls.transfer(office, 1, clerk="hoa", to_counter=2)
    calls.call_next(office, 1, clerk="hoa")
    calls.park(office, 1, clerk="hoa", reason="supplement")
    calls.call_next(office, 1, clerk="hoa")
    clock.forward(minutes=7)
    calls.no_show(office, 1, clerk="hoa")
    calls.call_next(office, 1, clerk="hoa")
    done = calls.finish(office, 1, clerk="hoa", outcome="received")
    ratings.rate(office, done.id, "great", actor="display")
    calls.call_ticket(office, 2, "A001", reason="urgent", clerk="minh")
    calls.finish(office, 2, clerk="minh")
    sessions.pause(office, signed_in.token, "break")
    booked = clock() + timedelta(hours=1)
    appointments.check_in(
        office, appointments.book(office, service="A", at=booked, actor="web").code, actor="touch"
    )
    for state, why in (("printed", "saved"), ("unknown", "")):
        job = jobs.next_job(office)
        assert job is not None
        jobs.mark_sending(office, job.id)
        jobs.settle(office, job.id, state, why, "" if why else "paper_out")
    jobs.drop(office, job.id, clerk="an")
    devices.report(office, "printer", "fault", "paper_out")
    direction.set_services(office, 2, ["A", "F"], by="trang")
    clerks.set_role(office, "minh", StaffRole.RECEPTION)
    keys.add_key(office, "sms", [Scope.BOARD])
    change = Change("queue.supplement", "first", "end")
    settings.change_settings(office, [change], lambda: None, actor="clerk:trang")
    clock.forward(days=1)
    tickets.take_ticket(office, service="A", actor="touch")


@BOTH
def test_nothing_of_a_day_is_told_as_programs_say_it(
    centre: Centre, clock: Clock, page: Page, lang: str
) -> None:
    office = furnished(centre)
    a_day(office, clock)
    with served(office) as address:
        enter_hall(page, address, lang=lang)
        page.goto(f"{address}/audit?lang={lang}")
        expect(page.locator("#events tr").nth(40)).to_be_visible()
        rows = page.locator("#events .more").all_inner_texts()
    raw = [row for row in rows if RAW.search(re.sub(r"A\d{3}|[0-9A-Z]{8}", "", row))]
    assert raw == []
    assert sum(bool(row) for row in rows) > 30
    assert any("Trần Văn Minh" in row for row in rows)
