"""The office's emblem on televisions and pages: what windows show, or our own sign in its place."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from kiosk.look import RED, Look, channels
from kiosk.web.emblem import WIDEST_PLATE
from tests.test_emblem import DISC, drawing, picture
from tests.web.boards import opened
from tests.web.browsing import PLAIN
from tests.web.serving import served, served_publicly

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from kiosk.office.centre import Centre

GREEN: Final = (0, 170, 85)
LONG: Final = "Trung tâm Phục vụ hành chính công và hỗ trợ chuyển đổi số phường Trung Tâm"
FILES: Final = {
    "svg": (drawing(DISC), GREEN, 1.0),
    # Windows take it as it is; a browser would show nothing of a drawing without its name space.
    "bare svg": (drawing(DISC).replace(b' xmlns="http://www.w3.org/2000/svg"', b""), GREEN, 1.0),
    "wide png": (picture((1600, 400), (0, 170, 85, 255)), GREEN, WIDEST_PLATE),
    "white svg": (drawing('<circle cx="12" cy="12" r="9" fill="#fff"/>'), channels(RED), 1.0),
    "torn png": (picture((400, 400))[:200], channels(RED), 1.0),
    "no file": (None, channels(RED), 1.0),
}


def chosen(centre: Centre, folder: Path, raw: bytes | None) -> Centre:
    path = folder / "emblem"
    if raw is not None:
        path.write_bytes(raw)
    return replace(centre, look=Look(emblem=path), name=LONG)


def colours(at: Locator) -> set[tuple[int, ...]]:
    """What is seen of it, in all colours that fill more than a fiftieth."""
    with Image.open(io.BytesIO(at.screenshot())) as shot:
        seen = shot.convert("RGB")
    found = seen.getcolors(seen.width * seen.height) or []
    least = seen.width * seen.height / 50
    return {known for n, known in found if n > least and isinstance(known, tuple)}


@pytest.mark.parametrize(("raw", "colour", "ratio"), FILES.values(), ids=FILES)
def test_a_television_shows_the_emblem_or_our_sign_and_never_an_empty_plate(
    live: Centre,
    tmp_path: Path,
    page: Page,
    raw: bytes | None,
    colour: tuple[int, int, int],
    ratio: float,
) -> None:
    with served(chosen(live, tmp_path, raw)) as address:
        opened(page, address)
        sign = page.locator("#sign")
        expect(sign).to_have_js_property("complete", value=True)
        page.wait_for_function(
            "() => { const box = document.getElementById('sign').getBoundingClientRect();"
            " const sign = document.getElementById('sign');"
            " return Math.abs(box.width / box.height - sign.naturalWidth / sign.naturalHeight)"
            " < 0.02; }"
        )
        box = sign.bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(ratio, rel=0.03)
        assert colour in colours(sign)
        name, clock = page.locator("#office").bounding_box(), page.locator("#clock").bounding_box()
        assert name is not None
        assert clock is not None
        assert box["x"] + box["width"] <= name["x"] <= name["x"] + name["width"] <= clock["x"]
        assert page.evaluate(PLAIN) == []


@pytest.mark.parametrize("name", ["svg", "torn png"])
def test_who_opens_it_by_itself_gets_a_picture_that_does_nothing(
    live: Centre, tmp_path: Path, name: str
) -> None:
    raw, *_ = FILES[name]
    centre = chosen(live, tmp_path, raw)
    with served(centre) as address, httpx.Client(base_url=address) as client:
        place = re.findall(r'src="(/static/\w+/emblem)"', client.get("/clerk").text)[0]
        found, old = client.get(place), client.get("/static/of-another-day/emblem")
        (tmp_path / "emblem").write_bytes(picture((200, 200)))
        changed = re.findall(r'src="(/static/\w+/emblem)"', client.get("/clerk").text)[0]

    kind = "image/png" if name == "svg" else "image/svg+xml"
    for answer in (found, old):
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'; sandbox" in answer.headers.get_list("content-security-policy")
    assert ("immutable" in found.headers["cache-control"]) == (name == "svg")
    assert "immutable" not in old.headers["cache-control"]
    assert changed != place


def test_it_heads_the_pages_that_name_the_office(live: Centre, tmp_path: Path, page: Page) -> None:
    """At the entrance of staff, and on a phone from the pages for everybody alone."""
    centre = chosen(live, tmp_path, FILES["wide png"][0])
    with served(centre) as address, served_publicly(centre) as outside:
        page.set_viewport_size({"width": 360, "height": 740})
        for place in (f"{address}/clerk", f"{address}/device", f"{outside}/tra-cuu"):
            page.goto(place)
            emblem = page.locator("img.emblem")
            assert emblem.evaluate("node => node.decode().then(() => node.naturalWidth)")
            assert GREEN in colours(emblem)
            assert page.evaluate(PLAIN) == []


def test_who_chose_none_has_none_on_the_pages(live: Centre, page: Page) -> None:
    with served(live) as address:
        page.goto(f"{address}/clerk")
        assert page.locator("img").count() == 0
        opened(page, address)
        assert {channels(RED), (255, 255, 255)} <= colours(page.locator("svg#sign"))
