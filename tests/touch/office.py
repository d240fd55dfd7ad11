"""The office of the design pictures for the touch window's tests, on a real store."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kiosk.dossiers import Dossier, Status, Step
from kiosk.import_procedures import import_procedures
from kiosk.office.incoming import store_dossiers
from kiosk.office.procedures import store_procedures
from kiosk.procedures import Procedure
from kiosk.tickets import Counter, Group, Priority, Service
from tests.hall import MORNING, Clock, centre_at

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

CODE = "H15.50.05-261118-0007"
DEMO = Path(__file__).parents[2] / "assets" / "demo"


def _service(code: str, vi: str, en: str, icon: str, **more: object) -> Service:
    return replace(Service(code, {"vi": vi, "en": en}, icon), **more)


SIX = (
    _service("A", "Chứng thực", "Certification", "stamp", fields=("Chứng thực",)),
    _service("B", "Hộ tịch", "Civil status", "baby", fields=("Hộ tịch", "Nuôi con nuôi")),
    _service("C", "Đất đai", "Land", "map", fields=("Đất đai",)),
    _service("D", "Đăng ký kinh doanh", "Business registration", "shop"),
    _service("E", "Chính sách, xã hội", "Social policy", "hand-heart"),
    _service("F", "Trả kết quả", "Collect results", "box-check", returns_results=True),
)
EIGHT = (
    *SIX,
    _service(
        "G",
        "Xây dựng, nông nghiệp và môi trường",
        "Construction, agriculture and environment",
        "construction",
    ),
    _service("H", "Giáo dục, y tế và văn hóa thông tin", "Education, health and culture", "book"),
)
GROUPS = (
    Group("tu-phap", {"vi": "Tư pháp, hộ tịch", "en": "Justice and civil status"}, "scales"),
    Group("kinh-te", {"vi": "Kinh tế, hạ tầng và đô thị", "en": "Economy and building"}, "shop"),
    Group("xa-hoi", {"vi": "Văn hóa, xã hội", "en": "Culture and society"}, "hand-heart"),
)
TWELVE = (
    *(
        replace(service, group=group)
        for service, group in zip(
            EIGHT[:5], ("tu-phap", "tu-phap", "kinh-te", "kinh-te", "xa-hoi"), strict=True
        )
    ),
    EIGHT[5],
    replace(EIGHT[6], group="kinh-te"),
    replace(EIGHT[7], group="xa-hoi"),
    _service("K", "Thi đua, khen thưởng", "Awards", "award", group="xa-hoi"),
    _service("L", "Lao động, việc làm", "Labour", "briefcase", group="xa-hoi"),
    _service("M", "Nhà ở", "Housing", "house", group="kinh-te"),
    _service("N", "Thanh tra, tiếp dân", "Complaints", "megaphone", group="tu-phap"),
)


CLASSES = {
    code: Priority(code, {"vi": vi, "en": en})
    for code, vi, en in (
        ("NCC", "Người có công với cách mạng", "Person of merit"),
        ("NCT", "Người cao tuổi", "Elderly person"),
        ("NKT", "Người khuyết tật", "Person with a disability"),
        ("PNMT", "Phụ nữ mang thai, có con nhỏ", "Pregnant, or with a small child"),
        ("TE", "Trẻ em dưới 6 tuổi", "Child under 6"),
    )
}


def office(
    path: Path, services: tuple[Service, ...] = SIX, clock: Clock | None = None, **more: object
) -> Centre:
    """A centre with these services, its store empty."""
    codes = [service.code for service in services]
    counters = {
        1: Counter(1, ("C", *codes[6:]), "hall"),
        2: Counter(2, ("F",), "hall"),
        3: Counter(3, ("E",), "hall"),
        4: Counter(4, ("C", *codes[6:]), "hall"),
        5: Counter(5, ("B", "D"), "hall"),
        6: Counter(6, ("A",), "hall"),
    }
    centre = centre_at(path, clock)
    return replace(
        centre,
        services={service.code: service for service in services},
        groups={group.code: group for group in GROUPS},
        counters=counters,
        **{"sms_wishes": True, "notices": DEMO / "notices", "priorities": CLASSES, **more},
    )


def ready_dossier() -> Dossier:
    """The dossier of the design picture: its result waits at counter 2."""
    received = MORNING - timedelta(days=5)
    steps = (
        Step(Status.ACCEPTED, "Bộ phận tiếp nhận, Quầy 5", at=received),
        Step(Status.PROCESSING, "Tư pháp – Hộ tịch", at=received + timedelta(days=1)),
        Step(Status.FINISHED, "Lãnh đạo UBND phường ký", at=received + timedelta(days=2)),
    )
    return Dossier(
        CODE,
        Status.FINISHED,
        "Cấp bản sao trích lục hộ tịch",
        received_at=received,
        due_at=MORNING,
        finished_at=received + timedelta(days=2),
        fee=8000,
        fee_paid=True,
        steps=steps,
    )


def store(centre: Centre, *dossiers: Dossier) -> None:
    store_dossiers(centre, dossiers, source="test")


def post(centre: Centre, *more: Procedure) -> None:
    """The demo's catalogue, and these; of a copy, as another test may be taking it in."""
    with TemporaryDirectory() as folder:
        import_procedures(centre, Path(shutil.copy(DEMO / "procedures.csv", folder)))
    whole = frozenset(Procedure.__dataclass_fields__)
    store_procedures(centre, [(one, whole) for one in more], source="test")


def issued(centre: Centre) -> int:
    with centre.database.read() as query:
        row = query.one("SELECT count(*) AS n FROM ticket")
    assert row is not None
    return int(row["n"])
