"""Every page in a language whose words are 40 % longer: nothing is wider than its box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.profile import LONG
from tests.speaking import PSEUDO, pseudo_spoken
from tests.web.tours import TOURS
from tests.web.visits import Tour, fill, furnished, states, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre
    from tests.hall import Clock

WIDTHS: Final = (360, 1280)
WIDE: Final = """
() => {
  const seen = [];
  if (document.documentElement.scrollWidth > innerWidth) seen.push("the page");
  for (const node of document.querySelectorAll("body *")) {
    const style = getComputedStyle(node);
    const scrolls = ["auto", "scroll"].includes(style.overflowX);
    const ends = style.textOverflow == "ellipsis";
    if (scrolls || ends || style.display == "inline" || node.clientWidth <= 1) continue;
    if (node.scrollWidth > node.clientWidth + 1) {
      const name = node.tagName + (node.id ? "#" + node.id : "." + node.className);
      seen.push(`${name} ${node.scrollWidth} in ${node.clientWidth}: ${node.innerText}`);
    }
  }
  return seen;
}
"""
"""What is wider than its box, but lists that scroll and what is meant to lose its end. What only a
screen reader reads has a box of one pixel."""


@pytest.fixture(scope="module", autouse=True)
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_spoken(tmp_path_factory.mktemp("spoken")):
        yield


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
@pytest.mark.parametrize("width", WIDTHS if LONG else WIDTHS[:1])
def test_longer_words_stay_in_their_boxes(
    centre: Centre, clock: Clock, browser: Browser, tour: Tour, width: int
) -> None:
    office = furnished(replace(centre, languages=(*centre.languages, PSEUDO)))
    fill(office)
    wide = []
    with visiting(office, clock, browser, tour, PSEUDO, width) as visit:
        for state in states(visit, tour):
            assert visit.page.locator("html").get_attribute("lang") == PSEUDO, state
            wide += [(state, one) for one in visit.page.evaluate(WIDE)]
    assert wide == [], "\n".join(f"{at}: {one}" for at, one in wide)
