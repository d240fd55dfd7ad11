"""What stands on the screens: services, names, people of the design pictures, and the longest."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel
from kiosk.office.tickets import take_ticket
from kiosk.procedures import ChannelTerms, Level, Procedure, RequiredDocument
from kiosk.tickets import Hours
from tests.hall import MORNING
from tests.touch.office import SIX, post, ready_dossier, store

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


WAITING = {"A": 3, "B": 8, "C": 12, "D": 2, "F": 5}


LONG_NAME = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong trường hợp "
    "chuyển đổi, chuyển nhượng, cho thuê, thừa kế, tặng cho"
)


LONG_PROCEDURE = Procedure(
    "1.012999",
    LONG_NAME,
    "Đất đai",
    level=Level.PART,
    audience="Cá nhân, hộ gia đình, cộng đồng dân cư, tổ chức trong nước",
    agency="Chi nhánh Văn phòng Đăng ký đất đai",
    result="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
    legal_basis="\n".join(f"Nghị định {n}/2024/NĐ-CP của Chính phủ" for n in range(101, 113)),
    conditions="Đất không có tranh chấp. " * 30,
    decision="Quyết định 123/QĐ-UBND",
    address="Quầy 1, Trung tâm Phục vụ hành chính công",
    checked_on=MORNING.date(),
    channels=tuple(
        ChannelTerms(channel, f"{days} ngày làm việc", Term(Unit.WORKING_DAYS, days), "", 50_000)
        for channel, days in ((Channel.IN_PERSON, 10), (Channel.ONLINE, 8), (Channel.POST, 12))
    ),
    documents=tuple(
        RequiredDocument(
            f"Giấy tờ thứ {n} về quyền sử dụng đất, tài sản gắn liền với đất, theo mẫu số {n}/ĐK",
            n % 2,
            n % 3,
            f"https://example.vn/mau-{n}" if n % 3 == 0 else "",
        )
        for n in range(1, 12)
    ),
)


RESTRICTED = tuple(
    replace(service, hours=(Hours(time(13), time(16)),))
    if service.code in "CE"
    else replace(service, daily_limit=2)
    if service.code == "D"
    else service
    for service in SIX
)


SUPPLEMENTS = tuple(replace(service, takes_supplements=service.code == "B") for service in SIX)


ASKING = tuple(
    replace(service, ask={"B": "dossier", "C": "dossier-needed"}.get(service.code, ""))
    for service in SIX
)


def fill(centre: Centre) -> None:
    """The morning of the design pictures: people wait, and one result is ready."""
    for code, people in WAITING.items():
        if code in centre.services and not centre.services[code].hours:
            for _ in range(people):
                take_ticket(centre, service=code, actor="test", excused=True)
    store(centre, ready_dossier())
    post(centre, LONG_PROCEDURE)
