"""A small office for tests: real store, real use cases, a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.database import open_database
from kiosk.database.sqlite import Sqlite
from kiosk.office.centre import Centre
from kiosk.tickets import Counter, Hours, Priority, Service

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.database import Database

OFFICE = "H15.50.05"

MORNING = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
"""08:42 on a Monday in the office's time zone."""


@dataclass
class Clock:
    now: datetime = field(default=MORNING)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Seconds:
    """A steady clock that tests turn."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def service(code: str, name: str, **more: object) -> Service:
    return replace(Service(code, {"vi": name, "en": f"{name} (en)"}, "ticket"), **more)


SERVICES = (
    service("A", "Chứng thực"),
    service("B", "Hộ tịch"),
    service("C", "Đất đai", hours=(Hours(time(7, 30), time(11, 30)),)),
    service("D", "Đăng ký kinh doanh", daily_limit=2),
    service("F", "Trả kết quả", returns_results=True),
)


def centre_at(path: Path, clock: Clock | None = None, kiosk: str = "kiosk-1") -> Centre:
    return centre_on(Sqlite(path), clock, kiosk)


def centre_of(
    url: str, clock: Clock | None = None, kiosk: str = "kiosk-1", code: str = OFFICE
) -> Centre:
    """The same office, or its like with another code, on a store of either kind."""
    return centre_on(open_database(url, code), clock, kiosk, code)


def centre_on(
    database: Database, clock: Clock | None = None, kiosk: str = "kiosk-1", code: str = OFFICE
) -> Centre:
    return Centre(
        database=database,
        code=code,
        kiosk=kiosk,
        name="Trung tâm Phục vụ hành chính công",
        parent="UBND phường Trung Tâm",
        languages=("vi", "en"),
        timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
        services={entry.code: entry for entry in SERVICES},
        groups={},
        counters={
            1: Counter(1, ("A", "B"), "hall"),
            2: Counter(2, ("A",), "hall"),
            3: Counter(3, ("C", "D", "F"), "hall"),
        },
        priorities={
            "NCT": Priority("NCT", {"vi": "Người cao tuổi", "en": "Elderly person"}),
        },
        public_url=None,
        clock=clock or Clock(),
    )
