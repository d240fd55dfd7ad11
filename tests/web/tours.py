"""Every page in every state that matters, one after the other, for what must hold in all of them.

A page that is added gets a line in TOURS; where more than its first state matters, steps too.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from kiosk.demo_dossiers import demo_dossiers
from kiosk.dossiers import Status
from kiosk.office import (
    alarms,
    calls,
    direction,
    incoming,
    sessions,
    tickets,
)
from kiosk.tickets import TicketState
from tests.office.test_intake import CARD
from tests.web.browsing import settled
from tests.web.following import bring
from tests.web.serving import PIN
from tests.web.visits import Tour, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator


def as_it_is(visit: Visit) -> Iterator[str]:
    yield "as it is"


def sign_in(visit: Visit) -> Iterator[str]:
    page = visit.page
    yield "empty"
    page.locator("[type=submit]").click()
    expect(page.locator("#alert")).not_to_be_empty()
    yield "something is missing"
    page.locator("#login").fill("hoa")
    page.locator("#pin").fill("000000")
    page.locator("#counter").select_option("1")
    page.keyboard.press("Enter")
    page.locator("[type=submit]").click()
    expect(page.locator("#pin")).to_have_value("")
    expect(page.locator("#alert")).not_to_be_empty()
    yield "a wrong PIN"
    page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    visit.go("/clerk")
    expect(page.locator(".hint")).to_be_visible()
    yield "a device that nobody enrolled"


def enrolment(visit: Visit) -> Iterator[str]:
    yield "known"
    visit.page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    visit.go("/device")
    yield "unknown"
    visit.page.locator("#code").fill("7K3M-9QPX")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#alert")).not_to_be_empty()
    yield "a wrong code"


def desk(visit: Visit) -> Iterator[str]:
    page, press = visit.page, visit.press
    expect(page.locator("#next")).to_be_enabled()
    yield "nobody is called"
    press("p", "#pausing")
    yield "a reason for a pause"
    page.keyboard.press("1")
    visit.sees("#continue")
    yield "a pause"
    page.keyboard.press("p")
    expect(page.locator("#next")).to_be_enabled()
    for move, state in (("g", "parked"), ("v", "missed")):
        page.keyboard.press("Space")
        expect(page.locator("#number")).not_to_have_attribute("data-empty", "")
        page.keyboard.press(move)
        if move == "g":
            visit.sees("#hold")
            yield "a number is to be kept"
            page.keyboard.press("g")
        expect(page.locator(f"#{state} li")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator("[data-move=start]")).to_be_enabled()
    yield "somebody is called, one is kept, one was missed"
    for key, dialog in (
        ("c", "#transfer"),
        ("i", "#slips"),
        ("h", "#appointments"),
        ("x", "#outcome"),
    ):
        press(key, dialog)
        yield dialog
        visit.leave()
    press("h", "#appointments")
    page.locator("#booking [type=submit]").click()
    expect(page.locator("#appointments .alert")).not_to_be_empty()
    yield "a booking without a time"
    visit.leave()
    press("n", "#call")
    page.keyboard.press("Enter")
    expect(page.locator("#call .alert")).not_to_be_empty()
    yield "a call without a number"
    visit.leave()
    page.keyboard.press("s")
    expect(page.locator("[data-move=recall]")).to_be_disabled()
    page.keyboard.press("a")
    expect(page.locator("#alarm")).to_have_attribute("data-raised", "")
    settled(page)
    yield "an alarm"
    press("a", "#alarming")
    yield "#alarming"
    visit.leave()
    page.locator("#sign-out").click()
    visit.sees("#leaving")
    yield "#leaving"
    visit.leave()
    alarms.end_alarm(visit.centre, 1, by="trang")


def hall(visit: Visit) -> Iterator[str]:
    page = visit.page
    visit.sees("#alarms li")
    expect(page.locator("#lines button")).to_have_count(1)
    yield "busy, with an alarm"
    page.locator("[data-arrange]").nth(1).click()
    visit.sees("#counter")
    yield "#counter"
    for box in page.locator("#counter [type=checkbox]:checked").all():
        box.uncheck()
    page.locator("#counter [type=submit]").click()
    expect(page.locator("#counter .alert")).not_to_be_empty()
    yield "a counter without services"
    visit.leave()
    page.locator("#priority-open").click()
    page.locator("#priority [type=submit]").click()
    expect(page.locator("#priority .alert")).not_to_be_empty()
    yield "a class without a number"
    visit.leave()
    page.locator("#slips-open").click()
    visit.sees("#slips")
    yield "#slips"
    visit.leave()
    page.locator("#lines button").click()
    visit.sees("#lines [data-limit=bind]")
    yield "a limit is lifted"


def reception(visit: Visit) -> Iterator[str]:
    page, press = visit.page, visit.press
    expect(page.locator("[data-tool=find]")).to_be_enabled()
    yield "busy"
    page.locator("#classes [value=NCT]").check()
    page.locator("[data-service=A]").click()
    expect(page.locator("#alert")).not_to_be_empty()
    yield "a class without a reason"
    page.locator("#class-reason").select_option("baby")
    page.locator("[data-service=A]").click()
    visit.sees("#given strong")
    yield "a number was given"
    press("t", "#find")
    page.locator("#find-number").fill("a999")
    page.keyboard.press("Enter")
    expect(page.locator("#find .alert")).not_to_be_empty()
    yield "a number that is not there"
    page.locator("#find-number").fill("a1")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).not_to_be_empty()
    yield "a number is found"
    visit.leave()
    for key, dialog in (("h", "#appointments"), ("u", "#priority"), ("i", "#slips")):
        press(key, dialog)
        yield dialog
        visit.leave()


def intake(visit: Visit) -> Iterator[str]:
    page = visit.page
    visit.sees("#dossiers-told:not(:empty)")
    yield "nothing is held"
    page.locator("#taking [type=submit]").click()
    visit.sees("#procedure-wrong:not(:empty)")
    yield "something is missing"
    page.locator("#procedure").fill("h")
    visit.sees("#procedures")
    yield "procedures are found"
    page.locator("#procedure").fill("tình trạng hôn")
    visit.sees("#procedure-0:only-child")
    page.keyboard.press("Enter")
    visit.sees("#papers-part")
    page.locator("#more-papers").click()
    page.locator("#papers .named").fill("Giấy ủy quyền")
    page.locator("#scan").focus()
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")
    visit.sees("#scanned:not(:empty)")
    yield "a card was scanned"
    page.keyboard.press("Control+Enter")
    visit.sees("#review")
    yield "the summary"
    page.locator("#receive").click()
    visit.sees("#received-code:not(:empty)")
    yield "taken in"
    page.locator("#look").click()
    visit.sees("#dossier-facts")
    yield "the dossier"
    for move in ("begin", "refuse", "withdraw", "postpone"):
        page.locator(f"[data-move={move}]").click()
        visit.sees("#moving")
        yield move
    page.locator("[data-move=begin]").click()
    page.locator("#move-now").click()
    visit.sees("#dossier-told:not(:empty)")
    for move in ("ask_papers", "ask_payment", "stop", "finish"):
        page.locator(f"[data-move={move}]").click()
        yield move
    page.locator("#move-now").click()
    visit.sees("[data-move=hand_over]")
    page.locator("[data-move=hand_over]").click()
    yield "hand over"
    visit.leave()
    page.locator("#find").fill("nobody")
    visit.sees("#dossiers-told:not(:empty)")
    yield "nobody is found"


def figures(visit: Visit) -> Iterator[str]:
    expect(visit.page.locator("#services tr").first).to_be_visible()
    yield "today"
    visit.page.locator("#day").fill("2020-01-01")
    visit.sees("#hours-none")
    yield "a day on which nobody came"


def audit(visit: Visit) -> Iterator[str]:
    expect(visit.page.locator("#events tr").first).to_be_visible()
    yield "today"
    visit.page.locator("#audit-number").fill("A999")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#alert")).not_to_be_empty()
    yield "a number that is not there"


def display(visit: Visit) -> Iterator[str]:
    page, centre = visit.page, visit.centre

    def shows(scene: str) -> str:
        expect(page.locator("body")).to_have_attribute("data-shows", scene)
        return scene

    yield shows("serving")
    calls.call_next(centre, 2, clerk="minh")
    shows("rate")
    visit.sees("#called-now")
    yield "who leaves is asked while the next one is called"
    page.locator("[data-level]").first.click()
    yield shows("thanks")
    visit.clock.forward(seconds=30)
    calls.recall(centre, 2, clerk="minh")
    yield shows("called")
    calls.finish(centre, 2, clerk="minh")
    yield shows("rate")
    visit.clock.forward(seconds=30)
    session = sessions.sign_in(centre, "minh", PIN, 2)
    yield shows("free")
    sessions.pause(centre, session.token, "break")
    yield shows("paused")
    direction.close_counter(centre, number=2, by="trang")
    yield shows("closed")


def phone(visit: Visit) -> Iterator[str]:
    for state in TicketState:
        ticket = bring(visit.centre, visit.clock, state, "B")
        visit.go(f"/so/{ticket}")
        yield state.value
        if state in (TicketState.CALLED, TicketState.SERVING):
            calls.finish(visit.centre, 1, clerk="hoa")
    visit.go("/so/A00000000000")
    yield "a ticket that is not there"


def lookup(visit: Visit) -> Iterator[str]:
    page, demo = visit.page, demo_dossiers(date(2026, 11, 23))
    incoming.store_dossiers(visit.centre, demo, source="test")

    def ask(code: str, secret: str = "") -> None:
        visit.go("/tra-cuu")
        page.locator("#code").fill(code)
        page.locator("#secret").fill(secret)
        page.keyboard.press("Enter")
        visit.sees(".now")

    yield "empty"
    for status in Status:
        ask(next(one.code for one in demo if one.status is status))
        yield status.name
    ask(demo[0].code, demo[0].secret or "")
    expect(page.locator("#secret")).to_have_count(0)
    yield "with the secret"
    ask(demo[0].code, "????")
    yield "with a wrong secret"
    ask("079090001234")
    yield "the number of a card"
    visit.go("/hall")
    yield "a page that is not there"
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(30):
        page.request.get(f"{visit.address}/tra-cuu?code=none", headers=elsewhere)
    page.set_extra_http_headers(elsewhere)
    page.goto(f"{visit.address}/tra-cuu?code=none&lang={visit.lang}")
    expect(page.locator("form.ask")).to_have_count(0)
    yield "asked too often"
    phone_of = tickets.take_ticket(visit.centre, service="A", actor="test").place.ticket.id
    visit.go(f"/so/{phone_of}")
    yield "a ticket"


TOURS: Final = (
    Tour("/clerk", None, sign_in),
    Tour("/device", None, enrolment),
    Tour("/clerk", "hoa", desk),
    Tour("/hall", "trang", hall),
    Tour("/hall", "binh", as_it_is),
    Tour("/reception", "an", reception),
    Tour("/intake", "hoa", intake),
    Tour("/figures", "trang", figures),
    Tour("/audit", "trang", audit),
    Tour("/settings", "trang", as_it_is),
    Tour("/counter/2/display", None, display),
    Tour("/so/A00000000000", None, phone),
    Tour("/tra-cuu", None, lookup, public=True),
)
