"""axe-core looks at every page in every state: what it finds is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.profile import LONG
from tests.web.tours import TOURS
from tests.web.visits import Tour, fill, furnished, states, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from kiosk.office.centre import Centre
    from tests.hall import Clock

SHOWN: Final = [("vi", 360), ("en", 1280), ("vi", 1280), ("en", 360)]
VISITS: Final = [
    (tour, *shown) for n, tour in enumerate(TOURS) for shown in (SHOWN if LONG else [SHOWN[n % 2]])
]
"""In every run each page in one language at one width; all of them with KIOSK_FAULTS=long."""
DOUBLE: Final = 640
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FITS: Final = "document.documentElement.scrollWidth <= window.innerWidth"


def faults(page: Page) -> list[str]:
    """What axe finds. It is put in by the browser itself, past the page's policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # At its end nothing of a page lies below the bar that stays at its foot.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    asked = {"runOnly": RULES, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("asked => axe.run(document, asked)", asked)
    return [
        f"{one['impact']}: {one['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("tour", "lang", "width"), VISITS, ids=lambda told: getattr(told, "name", str(told))
)
def test_axe_finds_nothing_in_any_state(
    centre: Centre, clock: Clock, browser: Browser, tour: Tour, lang: str, width: int
) -> None:
    office = furnished(centre)
    fill(office)
    wrong = []
    with visiting(office, clock, browser, tour, lang, width) as visit:
        for state in states(visit, tour):
            wrong += [(state, one) for one in faults(visit.page)]
            if not visit.page.evaluate(FITS):
                wrong.append((state, "it is wider than the screen"))
    assert wrong == []


@pytest.mark.parametrize("tour", TOURS if LONG else TOURS[2:4], ids=lambda tour: tour.name)
def test_letters_of_twice_the_size_make_no_page_wider_than_the_screen(
    centre: Centre, clock: Clock, browser: Browser, tour: Tour
) -> None:
    """To a page, twice the size is half the width."""
    office = furnished(centre)
    fill(office)
    with visiting(office, clock, browser, tour, "vi", DOUBLE) as visit:
        wide = [state for state in states(visit, tour) if not visit.page.evaluate(FITS)]
    assert wide == []
