"""The dossier for which a number was taken, at the counter window of the clerk who calls it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.dossiers import Dossier, Status
from kiosk.office.incoming import store_dossiers
from kiosk.office.tickets import take_ticket
from tests.hall import MORNING

if TYPE_CHECKING:
    from tests.counter.conftest import Pc

CODE = "H15.50.05-261118-0007"
KNOWN = Dossier(
    CODE,
    Status.SUPPLEMENT_REQUIRED,
    "Cấp bản sao trích lục hộ tịch",
    fee=8000,
    owner_name="Nguyễn Văn An",
)


def test_the_dossier_stands_beside_the_number_when_it_is_called(pc: Pc, centre) -> None:
    other = replace(KNOWN, code="HS-0002", status=Status.PROCESSING, due_at=MORNING, fee_paid=True)
    store_dossiers(centre, [KNOWN, other], source="test")
    for code in (CODE, "HS-0002", None):
        take_ticket(centre, service="A", actor="test", dossier=code)
    pc.click("Gọi số tiếp theo")
    pc.reads(f"Hồ sơ {CODE} · Chờ bổ sung giấy tờ · lệ phí 8.000 đ chưa nộp\n")
    pc.idle()
    finish_and_call(pc)
    pc.reads("HS-0002 · Đang xử lý · lệ phí 8.000 đ đã nộp · hẹn trả 23/11/2026")
    finish_and_call(pc)
    pc.reads("A003")

    assert not any("HS-0002" in text for text in pc.texts())
    assert not any("Nguyễn" in text for text in pc.texts())


def finish_and_call(pc: Pc) -> None:
    for action in ("finish", "next"):
        pc.counter.bridge.press(action)
        pc.idle()
