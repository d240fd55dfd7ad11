"""A page as somebody finds it in an office at work: who is signed in, and what is going on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import httpx
from playwright.sync_api import Locator, Page, expect

from kiosk.office import (
    alarms,
    appointments,
    calls,
    clerks,
    devices,
    jobs,
    sessions,
    tickets,
)
from kiosk.rights import StaffRole
from kiosk.tickets import Outcome, Reason
from tests.office.test_intake import opened
from tests.web.browsing import paged, settled
from tests.web.serving import PIN, served, served_publicly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre
    from tests.hall import Clock


COUNTERS: Final = {"hoa": 1, "minh": 2}


REASONS: Final = (
    Reason("urgent", {"vi": "Việc khẩn cấp", "en": "Urgent matter"}, "call"),
    Reason("break", {"vi": "Nghỉ giải lao", "en": "Break"}, "pause"),
    Reason("baby", {"vi": "Có con nhỏ đi cùng", "en": "With a small child"}, "priority"),
)


OUTCOMES: Final = {"received": Outcome("received", {"vi": "Đã tiếp nhận", "en": "Received"})}


@dataclass(frozen=True, slots=True)
class Visit:
    """A page in an office; the clock is the office's."""

    page: Page
    centre: Centre
    clock: Clock
    address: str
    lang: str

    def go(self, place: str) -> None:
        self.page.goto(f"{self.address}{place}?lang={self.lang}")

    def press(self, key: str, shown: str) -> Locator:
        """Presses a key that opens that dialog."""
        self.page.keyboard.press(key)
        return self.sees(shown)

    def sees(self, what: str) -> Locator:
        found = self.page.locator(what)
        expect(found).to_be_visible()
        settled(self.page)
        return found

    def leave(self) -> None:
        """Closes the open dialog."""
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog[open]")).to_have_count(0)


@dataclass(frozen=True, slots=True)
class Tour:
    """``login`` is who is signed in; ``steps`` stops in each state and gives its name. ``public``
    is what is served to everybody."""

    place: str
    login: str | None
    steps: Callable[[Visit], Iterator[str]]
    public: bool = False

    @property
    def name(self) -> str:
        return f"{self.place} {self.login or ''}".strip()


def furnished(centre: Centre) -> Centre:
    """The office with lists of its own and all its staff, whose pages get locked."""
    for login, name, role in (
        ("trang", "Trần Thu Trang", StaffRole.SUPERVISOR),
        ("an", "Vũ Bình An", StaffRole.RECEPTION),
        ("binh", "Ngô Thanh Bình", StaffRole.TECHNICIAN),
    ):
        clerks.add_clerk(centre, login, name, PIN, role)
    return replace(
        opened(centre), reasons=REASONS, outcomes=OUTCOMES, lock_after=timedelta(minutes=15)
    )


def fill(centre: Centre) -> None:
    """A morning: people wait, one is served at counter 2, whose clerk asks for help, a service is
    full, somebody has an appointment, slips are in doubt, and the printer is out of paper."""
    sessions.sign_in(centre, "minh", PIN, 2)
    tickets.take_ticket(centre, service="A", actor="test")
    calls.call_next(centre, 2, clerk="minh")
    calls.start(centre, 2, clerk="minh")
    alarms.raise_alarm(centre, 2, clerk="minh")
    tickets.take_ticket(centre, service="A", actor="test", priority="NCT")
    for services in (("A",), ("A", "F"), ("B",), ("B",), ("A",), ("D",), ("D",)):
        tickets.take_ticket(centre, service=services[0], services=services, actor="test")
    soon = centre.clock() + timedelta(hours=1)
    appointments.book(centre, service="A", at=soon, actor="test", code="K7M2P4QX")
    for _ in range(2):
        job = jobs.next_job(centre)
        assert job is not None
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "unknown", reason="silent")
    devices.report(centre, "printer", "fault", "paper_out")


@contextmanager
def visiting(
    centre: Centre, clock: Clock, browser: Browser, tour: Tour, lang: str, width: int
) -> Iterator[Visit]:
    """The page of the tour, as whoever is signed in there finds it; nothing moves on it."""
    serving = served_publicly if tour.public else served
    with serving(centre) as address, paged(browser, width, 800) as page:
        if tour.login:
            asked = {"clerk": tour.login, "pin": PIN, "counter": COUNTERS.get(tour.login)}
            answer = httpx.post(f"{address}/api/session", json=asked)
            cookie = answer.cookies["kiosk_session"]
            page.context.add_cookies([{"name": "kiosk_session", "value": cookie, "url": address}])
        page.emulate_media(reduced_motion="reduce")
        visit = Visit(page, centre, clock, address, lang)
        visit.go(tour.place)
        yield visit


def states(visit: Visit, tour: Tour) -> Iterator[str]:
    """Stops in each state of the tour; the last one of staff is the locked page."""
    if tour.login:
        expect(visit.page.locator("#link")).to_have_attribute("data-state", "live")
    yield from tour.steps(visit)
    if tour.login:
        visit.clock.forward(minutes=16)
        visit.page.reload()
        visit.sees("#lock")
        yield "locked"
