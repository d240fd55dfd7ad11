"""A real browser for the tests of the pages."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from tests.waiting import PATIENCE
from tests.web.serving import PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FINDER = Path(__file__).parents[2] / "tools" / "browser.sh"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PLAIN = """
() => [...document.querySelectorAll("body, body *")].filter(each =>
  each.scrollWidth > each.clientWidth && getComputedStyle(each).display != "inline"
  || each.getBoundingClientRect().right > innerWidth
  || each.getBoundingClientRect().left < 0).map(each => each.outerHTML)
"""
"""What is cut off or stands beside the screen."""
CONTRAST = """
() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = each => {
    const own = getComputedStyle(each).backgroundColor;
    return own == "rgba(0, 0, 0, 0)" && each.parentElement ? ground(each.parentElement) : own;
  };
  const ratios = [...document.querySelectorAll("body *")]
    .filter(each => [...each.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
    .map(each => [light(getComputedStyle(each).color), light(ground(each))])
    .map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  return Math.min(...ratios);
}
"""
"""The least contrast of any text with its ground."""


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright was given; without any the tests fail."""
    found = subprocess.run([FINDER], check=False, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1000)
        browser = playwright.chromium.launch(executable_path=found or None, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def paged(
    browser: Browser, width: int = 1280, height: int = 800, *, trusts_all: bool = False
) -> Iterator[Page]:
    """A page that has told no error and loaded nothing from elsewhere when it is left.

    With ``trusts_all`` warnings about certificates are clicked away.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", ignore_https_errors=trusts_all
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if "Policy" in line.text else None)
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    # Watched only from the middle on, the next call slips through on a busy machine.
    page.route("**/never", lambda route: route.abort())
    yield page
    context.close()
    assert said == []
    assert hosts <= {"127.0.0.1"}


def sign_in(page: Page, address: str, clerk: str, counter: str, lang: str = "vi") -> None:
    """Opens the page of somebody who has signed in, as the form would have; ``counter`` is a
    number, or "none"."""
    form = {"clerk": clerk, "pin": PIN, "counter": counter}
    answer = page.request.post(f"{address}/clerk?lang={lang}", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()
    page.goto(address + answer.headers["location"])
    expect(page.locator("#link")).to_have_attribute("data-state", "live")


def settled(page: Page) -> None:
    """No answer is on its way, which the stream may overtake, and nobody was called just now: until
    then the same key is the same press."""
    expect(page.locator("[data-busy], [data-resting]")).to_have_count(0)
