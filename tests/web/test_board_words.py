"""The board of a smart TV in words that are 40 % longer: every face on half of the screens,
and with `make faults` on all."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from kiosk.web.current import Current
from tests.profile import LONG
from tests.speaking import PSEUDO, pseudo_spoken
from tests.web.boards import board_config
from tests.web.browsing import paged
from tests.web.cable import cable
from tests.web.serving import served
from tests.web.test_board_page import NEVER, SIZES, WRONG, call, live, opened  # noqa: F401 (fixture)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

FACES: Final = {"idle": "", "closed": "", "one": "A", "six": "ABCDAB", "stale": "AB", "pane": ""}
"""The services that call at each."""
NOTICE: Final = "# Lịch tiếp công dân\n\n- Thứ Năm hằng tuần, từ 8 giờ đến 11 giờ 30, tại tầng 1.\n"
TELLS_ITS_SIZE: Final = """
() => addEventListener("resize", () => {
  document.documentElement.dataset.drawn = `${innerWidth} x ${innerHeight}`;
})
"""
"""A board draws itself anew when its window has another size, and whoever listens after it hears
of the size once that is done."""


@pytest.mark.parametrize("face", FACES)
def test_longer_words_stay_on_their_cards_on_every_screen(
    live: Centre,  # noqa: F811 (the fixture)
    tmp_path: Path,
    browser: Browser,
    face: str,
) -> None:
    if face == "closed":
        shut = {code: replace(known, hours=NEVER) for code, known in live.services.items()}
        live = replace(live, services=shut)
    if face == "pane":
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "a.md").write_text(NOTICE, "utf-8")
    with ExitStack() as stack:
        stack.enter_context(pseudo_spoken(tmp_path))
        media = "media" if face == "pane" else ""
        config = board_config(tmp_path, viewing_distance_m=6.0, media=media)
        current = Current(replace(live, languages=(PSEUDO, "vi")), config)
        wire = stack.enter_context(cable(stack.enter_context(served(current))))
        page = stack.enter_context(paged(browser))
        page.clock.install()
        opened(page, wire.address)
        for counter, code in enumerate(FACES[face], 1):
            call(live, code, counter)
        body = page.locator("body")
        expect(page.locator(".number, #lead >> visible=true").first).to_be_visible()
        if face == "six":
            expect(page.locator(".row.fresh").last).to_be_visible()
        if face == "pane":
            page.clock.fast_forward(5_000)  # the next sign of life brings it
            expect(page.locator("#title")).to_be_visible()
        if face == "stale":
            expect(page.locator(".number").first).to_have_text("B001")
            wire.pull()
            page.clock.fast_forward(16_000)
        shown = {"pane": "idle", "one": "call", "six": "call"}.get(face, face)
        expect(body).to_have_attribute("data-face", shown)
        page.evaluate(TELLS_ITS_SIZE)
        for width, height in SIZES if LONG else SIZES[list(FACES).index(face) % 2 :: 2]:
            page.set_viewport_size({"width": width, "height": height})
            expect(page.locator("html")).to_have_attribute("data-drawn", f"{width} x {height}")
            expect(page.locator("p:text('['), span:text('[')").first).to_be_visible()
            assert ((width, height), page.evaluate(WRONG)) == ((width, height), [])
        page.locator("#head").evaluate("node => { node.style.height = '4px'; }")
        assert "over" in {kind for kind, *_ in page.evaluate(WRONG)}
