"""Every page of staff by keyboard alone: what has the focus is seen, and is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from kiosk.office import alarms
from tests.waiting import until
from tests.web.browsing import settled
from tests.web.serving import PIN
from tests.web.tours import as_it_is
from tests.web.visits import Tour, Visit, fill, furnished, visiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre
    from tests.hall import Clock

MANY: Final = 80
"""Presses of Tab: more than any page has places."""

LOST: Final = """
() => {
  const held = document.activeElement;
  if (held === document.body) return "the focus is lost";
  const open = document.querySelector("dialog[open]");
  if (open && !open.contains(held)) return "the focus is behind the dialog";
  // Within a date a browser's own button shows its own ring.
  if (["date", "time"].includes(held.type) && !held.matches(":focus-visible")) return "";
  if (!held.matches(":focus-visible")) return "the focus is not shown";
  const { outlineStyle, outlineWidth } = getComputedStyle(held);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return "the focus has no outline";
  const { top, bottom, left, right } = held.getBoundingClientRect();
  const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  if (!inside) return "the focus is out of sight";
  return "";
}
"""


class Hand:
    """Somebody without a mouse, who always sees where the focus is."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page

    def press(self, *keys: str) -> None:
        """Presses one after the other, and what they do is done."""
        for key in keys:
            self.page.keyboard.press(key)
            settled(self.page)

    def looks(self) -> None:
        until(lambda: self.page.evaluate(LOST) == "")

    def goes_to(self, what: str, key: str = "Tab") -> None:
        """Presses Tab until that has the focus, which is seen all the way."""
        wanted = self.page.locator(what).first
        expect(wanted).to_be_enabled()
        for _ in range(MANY):
            self.page.keyboard.press(key)
            told = self.page.evaluate(LOST)
            # Past the last place a browser goes to its own bar, and comes in again at the first.
            assert told in ("", "the focus is lost"), told
            if wanted.evaluate("node => node === document.activeElement"):
                assert told == ""
                return
        pytest.fail(f"no Tab leads to {what}")

    def does(self, what: str, key: str = "Enter") -> None:
        self.goes_to(what)
        self.press(key)


def at_the_door(visit: Visit, hand: Hand) -> None:
    page = visit.page
    hand.looks()
    hand.press("Enter")
    expect(page.locator("#alert")).not_to_be_empty()
    hand.looks()
    page.keyboard.type("hoa")
    hand.press("Tab")
    page.keyboard.type("000000")
    hand.goes_to("#counter")
    hand.press("Home")
    hand.does("[type=submit]")
    expect(page.locator("#alert")).to_contain_text("không đúng")
    hand.looks()
    page.keyboard.type(PIN)
    hand.press("Enter")
    expect(page.locator("#link")).to_have_attribute("data-state", "live")


def at_the_desk(visit: Visit, hand: Hand) -> None:
    page = visit.page
    expect(page.locator("#next")).to_be_enabled()
    hand.does("#next")
    expect(page.locator("#number")).not_to_have_attribute("data-empty", "")
    hand.looks()
    for tool, dialog in (
        ("[data-move=transfer]", "#transfer"),
        ("[data-move=park]", "#hold"),
        ("[data-tool=appointments]", "#appointments"),
        ("#slips-open", "#slips"),
        ("#call-open", "#call"),
    ):
        hand.does(tool)
        visit.sees(dialog)
        hand.looks()
        hand.goes_to(f"{dialog} [data-close]")
        hand.press("Enter")
        expect(page.locator(dialog)).to_be_hidden()
        hand.looks()
    hand.does("[data-tool=appointments]")
    hand.does("[data-check-in]")
    expect(page.locator("#booking-told")).not_to_be_empty()
    hand.looks()
    hand.press("Escape")
    hand.does("[data-move=park]")
    hand.press("Enter")
    expect(page.locator("#parked li")).to_have_count(1)
    hand.looks()
    hand.does("[data-return]")
    expect(page.locator("#parked li")).to_have_count(0)
    hand.looks()
    hand.does("#next", "Space")
    expect(page.locator("[data-move=finish]")).to_be_enabled()
    hand.does("[data-move=finish]")
    visit.sees("#outcome")
    hand.press("Enter")
    expect(page.locator("[data-move=finish]")).to_be_disabled()
    hand.looks()
    hand.goes_to("#undo")
    visit.clock.forward(seconds=11)
    page.evaluate("Date.now = (real => () => real() + 11000)(Date.now)")
    expect(page.locator("#undo")).to_be_hidden()
    hand.looks()
    hand.does("#pause")
    visit.sees("#pausing")
    hand.does("#pausing .target")
    visit.sees("#continue")
    hand.looks()
    hand.does("[data-tool=appointments]")
    hand.press("Escape")
    hand.looks()
    hand.does("#continue")
    expect(page.locator("#next")).to_be_enabled()
    hand.looks()
    hand.does("#alarm")
    expect(page.locator("#alarm")).to_have_attribute("data-raised", "")
    hand.looks()


def in_the_hall(visit: Visit, hand: Hand) -> None:
    page = visit.page
    hand.does("[data-answer]")
    expect(page.locator("[data-answer]")).to_have_count(0)
    hand.looks()
    expect(page.locator("[data-end]")).to_be_focused()
    hand.press("Enter")
    expect(page.locator("#alarms li")).to_have_count(0)
    hand.looks()
    hand.does("[data-arrange='2']")
    visit.sees("#counter")
    hand.looks()
    hand.does("#counter [value=B]", "Space")
    hand.does("#counter [type=submit]")
    expect(page.locator("#counter")).to_be_hidden()
    expect(page.locator("[data-arrange='2']")).to_be_focused()
    hand.looks()
    hand.press("Enter")
    hand.does("[data-order=close]", "Space")
    expect(page.locator("#counter")).to_be_hidden()
    hand.looks()
    hand.does("#priority-open")
    hand.looks()
    page.keyboard.type("b1")
    hand.goes_to("#priority-reason")
    hand.press("ArrowDown")
    hand.does("#priority [type=submit]")
    expect(page.locator("#priority")).to_be_hidden()
    hand.looks()
    hand.does("[data-limit=lift]")
    expect(page.locator("[data-limit=bind]")).to_be_focused()
    hand.looks()
    hand.does("#slips-open")
    visit.sees("#slips")
    for left in (1, 0):
        hand.does("#slip-list li:not([data-done]) [data-said=printed]")
        expect(page.locator("#slip-list li:not([data-done])")).to_have_count(left)
        hand.looks()
    expect(page.locator("#slips-open")).to_be_hidden()
    hand.press("Escape")
    expect(page.locator("#slips")).to_be_hidden()
    hand.looks()


def at_the_reception(visit: Visit, hand: Hand) -> None:
    page = visit.page
    expect(page.locator("[data-tool=find]")).to_be_enabled()
    hand.goes_to("#classes input")
    hand.press("ArrowRight")
    hand.goes_to("#class-reason")
    hand.press("ArrowDown")
    hand.does("[data-service=B]")
    expect(page.locator("#given strong")).to_have_text("B003")
    hand.looks()
    hand.press("t")
    visit.sees("#find")
    page.keyboard.type("b3")
    hand.press("Enter")
    hand.does("[data-found=cancel]")
    expect(page.locator("[data-found=cancel]")).to_be_hidden()
    hand.looks()
    hand.press("Escape")
    expect(page.locator("[data-tool=find]")).to_be_focused()
    hand.looks()
    hand.press("h")
    hand.does("[data-check-in]")
    expect(page.locator("#booking-told")).not_to_be_empty()
    hand.looks()
    hand.press("Escape")
    hand.looks()


def in_the_figures(visit: Visit, hand: Hand) -> None:
    page = visit.page
    expect(page.locator("#services tr").first).to_be_visible()
    hand.goes_to("#day")
    hand.press("ArrowUp")
    expect(page.locator("#hours-none")).to_be_visible()
    hand.looks()
    hand.does("#today")
    expect(page.locator("#hours-none")).to_be_hidden()
    hand.looks()
    for table in ("services", "counters", "hours"):
        hand.goes_to(f"[aria-labelledby={table}-title].scroll")


def in_the_trail(visit: Visit, hand: Hand) -> None:
    page = visit.page
    expect(page.locator("#events tr").first).to_be_visible()
    hand.goes_to("#audit-group")
    hand.press("End")
    hand.press("ArrowUp")
    hand.press("ArrowUp")
    hand.does("#searching [type=submit]")
    expect(page.locator("#events tr th").first).to_be_visible()
    hand.looks()
    hand.goes_to("#audit-group")
    hand.press("Home")
    hand.press("Enter")
    for n in range(110):
        (alarms.raise_alarm if n % 2 else alarms.end_alarm)(visit.centre, 1, **BY[n % 2])
    hand.does("#searching [type=submit]")
    expect(page.locator("#older")).to_be_visible()
    hand.does("#older")
    expect(page.locator("#older")).to_be_hidden()
    hand.looks()


BY: Final = ({"by": "trang"}, {"clerk": "hoa"})

FLOWS: Final = (
    ("/clerk", None, at_the_door),
    ("/clerk", "hoa", at_the_desk),
    ("/hall", "trang", in_the_hall),
    ("/reception", "an", at_the_reception),
    ("/figures", "trang", in_the_figures),
    ("/audit", "trang", in_the_trail),
)
"""A page that is added gets a line here, with what is done on it."""


@pytest.mark.parametrize(
    ("place", "login", "flow"), FLOWS, ids=lambda one: getattr(one, "__name__", str(one))
)
def test_a_page_goes_by_keyboard_alone(
    centre: Centre,
    clock: Clock,
    browser: Browser,
    place: str,
    login: str | None,
    flow: Callable[[Visit, Hand], None],
) -> None:
    office = furnished(centre)
    fill(office)
    with visiting(office, clock, browser, Tour(place, login, as_it_is), "vi", 1280) as visit:
        if login:
            expect(visit.page.locator("#link")).to_have_attribute("data-state", "live")
        flow(visit, Hand(visit))
