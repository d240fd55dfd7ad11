"""The board of a smart TV in a real browser, beside clerks who call."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.look import Look
from kiosk.office import calls, enrolments, hall, tickets
from kiosk.tickets import Counter, Hours
from kiosk.web.current import Current
from tests import profile
from tests.hall import centre_at, service
from tests.waiting import until
from tests.web.boards import board_config, opened
from tests.web.browsing import CONTRAST, paged
from tests.web.cable import cable
from tests.web.serving import served
from tests.web.test_axe import faults
from tests.web.test_clerk_page import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

SIZES = [(1280, 720), (1920, 1080), (3840, 2160), (1080, 1920)]
NAMES = {
    "A": ("Chứng thực", "Certification"),
    "B": ("Hộ tịch", "Civil status"),
    "C": ("Đất đai", "Land"),
    "D": ("Đăng ký kinh doanh", "Business registration"),
}
LONG = (
    "Tiếp nhận hồ sơ đất đai, môi trường, xây dựng, giao thông và hạ tầng kỹ thuật của các hộ gia"
    " đình, cá nhân, tổ chức khác"
)
WRONG = """
() => {
  const wrong = [];
  const boxes = [];
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].filter((n) => n.nodeType == 3 && n.data.trim());
    if (!text.length || !node.getClientRects().length) continue;
    const range = document.createRange();
    range.selectNodeContents(text[0]);
    const height = parseFloat(getComputedStyle(node).fontSize);
    const rect = range.getBoundingClientRect();
    const middle = (rect.top + rect.bottom) / 2;
    const lines = Math.max(1, Math.round(rect.height / (height * 1.27)));
    const half = (lines - 1) * height * 0.635 + height * 0.38;
    const { left, right } = rect;
    const box = { text: node.textContent, left, right, top: middle - half, bottom: middle + half };
    if (left < -1 || box.top < -1 || right > innerWidth + 1 || box.bottom > innerHeight + 1) {
      wrong.push(["outside", box]);
    }
    const card = node.closest(".card, .row, #welcome, #page, #strip, #heads, header, footer");
    const edge = card ? card.getBoundingClientRect() : box;
    const over = left < edge.left - 1 || right > edge.right + 1;
    if (over || box.top < edge.top - 1 || box.bottom > edge.bottom + 1) wrong.push(["over", box]);
    for (const other of boxes) {
      const beside = left >= other.right - 1 || other.left >= right - 1;
      const above = box.top >= other.bottom - 1 || other.top >= box.bottom - 1;
      if (!beside && !above) wrong.push(["covered", box, other]);
    }
    boxes.push(box);
  }
  for (const node of document.querySelectorAll(".card, .row, #welcome, #page, footer, #strip")) {
    if (!node.getClientRects().length) continue;
    const wide = node.scrollWidth > node.clientWidth + 1;
    const high = node.scrollHeight > node.clientHeight + 1;
    if (wide || high) wrong.push(["cut", node.outerHTML.slice(0, 120)]);
  }
  return wrong;
}
"""
NEVER = (Hours(time(0, 0), time(0, 1)),)
"""Hours that are over whenever the tests run, but for one minute."""
FONT_SIZES = "all => all.map((node) => parseFloat(getComputedStyle(node).fontSize))"
BACKGROUND = "node => getComputedStyle(node).backgroundColor"
LATE_JS = (
    *("?.", "??", "||=", ".flat(", ".at(", ".append("),
    *("replaceChildren", "replaceAll", "AbortSignal.timeout"),
)
LATE_CSS = ("clamp(", "min(", "max(", " gap:", "inset:", "dvh", "aspect-ratio", ":is(", ":where(")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Centre]:
    """Four services at six counters in two zones, on the clock of everybody."""
    made = centre_at(tmp_path / "kiosk.db", utc_now)
    entries = {code: service(code, vi) for code, (vi, _) in NAMES.items()}
    entries = {
        c: replace(s, names={"vi": NAMES[c][0], "en": NAMES[c][1]}) for c, s in entries.items()
    }
    counters = {n: Counter(n, tuple(NAMES), "left" if n < 4 else "right") for n in range(1, 7)}
    centre = replace(made, services=entries, counters=counters, languages=("vi", "en"))
    yield centre
    centre.database.close()


def call(centre: Centre, code: str, counter: int) -> str:
    tickets.take_ticket(centre, service=code, actor="test")
    called = calls.call_next(centre, counter, clerk="hoa")
    assert called is not None
    return called.number


def shown(page: Page) -> list[tuple[str, str]]:
    cards = page.locator(".card").all()
    return [(c.locator(".number").inner_text(), c.locator(".counter").inner_text()) for c in cards]


def boards(centre: Centre) -> dict[str, tuple[str, str]]:
    return {d.name: (d.state, d.reason) for d in hall.read_devices(centre)}


def test_a_call_is_on_the_television_and_goes_with_an_undo(live: Centre, page: Page) -> None:
    with served(live) as address:
        opened(page, address)
        expect(page.locator("#lead")).to_have_text("Kính chào Ông/Bà")
        expect(page.locator("#lead-second")).to_have_text("Welcome")
        first = call(live, "A", 5)
        expect(page.locator(".number")).to_have_text(first)
        assert shown(page) == [(first, "5")]
        expect(page.locator(".to").first).to_have_text("đến Quầyto Counter")
        second = call(live, "B", 2)
        expect(page.locator(".number").first).to_have_text(second)
        assert shown(page) == [(second, "2"), (first, "5")]
        expect(page.locator(".card.blinking")).to_have_count(2)
        calls.undo(live, 2, clerk="hoa")
        expect(page.locator(".number")).to_have_text([first])


def test_calls_of_one_moment_stand_together_and_then_in_the_list(live: Centre, page: Page) -> None:
    with served(live) as address:
        page.clock.install()
        opened(page, address)
        numbers = [call(live, code, n) for n, code in enumerate("ABCDAB", 1)]
        expect(page.locator(".number").first).to_have_text(numbers[-1])
        told = [number for number, _ in shown(page)] + page.locator(
            ".row.fresh .of"
        ).all_inner_texts()
        assert told == numbers[::-1]
        expect(page.locator(".row.fresh .arrow")).to_have_count(len(told) - len(shown(page)))
        page.clock.fast_forward(14_000)
        expect(page.locator(".number")).to_have_text([numbers[-1]])
        expect(page.locator(".card.blinking, .row.fresh")).to_have_count(0)
        assert page.locator(".row .of").all_inner_texts() == numbers[-2::-1]


def test_a_board_of_a_zone_shows_its_calls_alone(live: Centre, page: Page) -> None:
    with served(live) as address:
        opened(page, address, "?zones=right")
        call(live, "A", 1)
        here = call(live, "B", 5)
        expect(page.locator(".number")).to_have_text([here])
        expect(page.locator(".row")).to_have_count(0)


def test_it_says_when_it_is_not_current_and_comes_back_by_itself(
    tmp_path: Path, page: Page
) -> None:
    program = Program(tmp_path / "kiosk.db")
    page.clock.install()
    opened(page, program.address)
    expect(page.locator("body")).to_have_attribute("data-face", "idle")
    program.stop()
    page.clock.fast_forward(11_000)
    expect(page.locator("body")).to_have_attribute("data-face", "stale")
    expect(page.locator("#notice")).to_contain_text(re.compile("cập nhật từ|date since"))
    program.start()
    try:
        expect(page.locator("body")).to_have_attribute("data-face", "idle")
    finally:
        program.stop()


def test_a_pulled_cable_is_noticed_though_nothing_says_so(live: Centre, page: Page) -> None:
    with served(live) as address, cable(address) as wire:
        page.clock.install()
        opened(page, wire.address)
        first = call(live, "A", 1)
        expect(page.locator(".number")).to_have_text(first)
        wire.pull()
        call(live, "B", 2)
        page.clock.fast_forward(11_000)
        expect(page.locator("body")).to_have_attribute("data-face", "stale")
        wire.plug()
        page.clock.fast_forward(5_000)
        expect(page.locator(".number").first).to_have_text("B001")


def test_staff_see_that_a_television_lives_and_when_it_fell_silent(
    live: Centre, page: Page
) -> None:
    page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    with served(live) as address:
        page.goto(f"{address}/board")
        expect(page.locator(".told").first).to_have_text("Đây là tivi hiện bảng gọi số.")
        page.locator("#code").fill(enrolments.add_device(live, "Tivi sảnh"))
        page.keyboard.press("Enter")
        expect(page.locator("#welcome")).to_be_visible()
        until(lambda: boards(live) == {"board Tivi sảnh": ("ok", "")})
        page.goto("about:blank")
        late = replace(live, clock=lambda: utc_now() + timedelta(seconds=20))
        assert boards(late) == {"board Tivi sảnh": ("fault", "not_running")}
        enrolments.remove_device(live, "Tivi sảnh")
        assert boards(live) == {}


def test_who_had_a_look_on_this_machine_is_not_missed(live: Centre, page: Page) -> None:
    with served(live) as address:
        opened(page, address)
        until(lambda: boards(live) == {"board web": ("ok", "")})
        page.goto("about:blank")
        until(lambda: boards(live) == {})


def test_a_television_that_gets_no_changes_is_told_to_staff(live: Centre) -> None:
    with served(live) as address, httpx.Client(base_url=address) as client:
        said = client.post("/api/board/seen", json={"seq": 4, "silent": 40})
        assert said.status_code == 200
        assert boards(live) == {"board web": ("warning", "board_not_current")}
        other = {"Sec-Fetch-Site": "cross-site"}
        refused = client.post("/api/board/seen", json={"seq": 4, "silent": 1}, headers=other)
        assert (refused.status_code, refused.json()["code"]) == (403, "other_site")


def test_a_stranger_gets_neither_board_nor_pictures(live: Centre) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    with served(live) as address, httpx.Client(base_url=address, headers=elsewhere) as client:
        assert client.get("/board").headers["location"] == "/device?board=1&lang=vi"
        assert client.get("/board/media/x.jpg").status_code == 401
        assert client.post("/api/board/seen", json={"seq": 1, "silent": 0}).status_code == 401
    assert boards(live) == {}


NOTICE = "# Lịch tiếp công dân\n\n" + "- Thứ Năm hằng tuần, từ 8 giờ đến 11 giờ 30.\n" * 30


@pytest.fixture
def with_media(live: Centre, tmp_path: Path) -> Current:
    folder = tmp_path / "media"
    folder.mkdir()
    Image.new("RGB", (1600, 900), "#0b5d3b").save(folder / "1.png")
    (folder / "2.md").write_text(NOTICE, "utf-8")
    (folder / "3.png").write_bytes(b"no picture")
    (folder / "ticker.txt").write_text("Thứ Bảy, trung tâm làm việc buổi sáng.\n", "utf-8")
    schedule = "".join(f'["{name}"]\nseconds = 30\n' for name in ("1.png", "2.md"))
    (folder / "schedule.toml").write_text(schedule, "utf-8")
    return Current(live, board_config(tmp_path, media="media"))


def test_the_offices_pictures_notices_and_lines_take_turns(with_media: Current, page: Page) -> None:
    with served(with_media) as address:
        page.clock.install()
        opened(page, address)
        until(lambda: boards(with_media.centre) == {"board web": ("warning", "media_broken")})
        page.clock.fast_forward(5_000)  # the next sign of life brings them
        expect(page.locator("#picture")).to_be_visible()
        assert page.locator("#picture").evaluate(
            "node => node.decode().then(() => node.naturalWidth)"
        )
        page.clock.fast_forward(30_000)
        expect(page.locator("#title")).to_have_text("Lịch tiếp công dân")
        assert page.evaluate(WRONG) == []
        seen = page.locator("#blocks li").count()
        assert 0 < seen < 30
        told = page.locator("#blocks").inner_text()
        page.clock.fast_forward(30_000)
        expect(page.locator("#picture")).to_be_hidden()
        expect(page.locator("#blocks li")).to_have_count(min(seen, 30 - seen))
        assert told
        notice = page.locator("#notice")
        lines = set()
        for _ in range(4):
            # A board that leaps ahead without news would say that it is not current.
            seq = page.locator("body").get_attribute("data-seq")
            tickets.take_ticket(with_media.centre, service="A", actor="test")
            expect(page.locator("body")).not_to_have_attribute("data-seq", seq)
            lines.add(before := notice.inner_text())
            page.clock.fast_forward(8_000)
            expect(notice).not_to_have_text(before)
        for line in ("Lỡ lượt gọi?", "Missed your call?", "Thứ Bảy, trung tâm làm việc"):
            assert any(line in told for told in lines), lines
        assert page.evaluate(WRONG) == []


@pytest.mark.parametrize("metres", [6.0, 10.0])
def test_everything_is_well_set_and_large_enough_on_every_screen(
    live: Centre, tmp_path: Path, browser: Browser, metres: float
) -> None:
    """Nothing cut or covered; calls span 0.7 degrees, rows 22 minutes of arc."""
    long = {**live.services, "D": replace(live.services["D"], names={"vi": LONG, "en": LONG})}
    shut = {code: replace(known, hours=NEVER) for code, known in live.services.items()}
    faces = {
        "idle": (live, ""),
        "closed": (replace(live, services=shut), ""),
        "one": (live, "A"),
        "three": (replace(live, services=long, name=LONG), "ABC"),
        "six": (live, "ABCDAB"),
    }
    assert len(LONG) == 120
    config = board_config(tmp_path, viewing_distance_m=metres)
    for at, (face, (centre, codes)) in enumerate(faces.items()):
        for n, code in enumerate(codes, 1):
            call(live, code, n)
        with served(Current(centre, config)) as address, paged(browser) as page:
            # Each size at one of the distances; at both with `make faults`.
            here = SIZES if profile.LONG else SIZES[(at + (metres > 6)) % 2 :: 2]
            for width, height in here:
                page.set_viewport_size({"width": width, "height": height})
                opened(page, address)
                expect(page.locator("#strip[hidden], .entry").first).to_be_attached()
                told = (face, width, height)
                assert (told, page.evaluate(WRONG)) == (told, [])
                assert page.evaluate(CONTRAST) >= 7
                per_mm = (width**2 + height**2) ** 0.5 / (1210**2 + 680.6**2) ** 0.5
                least = {".number": 12.217 * metres, ".row": 6.4 * metres}
                for what, mm in least.items():
                    sizes = page.locator(f"{what} >> visible=true").evaluate_all(FONT_SIZES)
                    assert all(size >= mm * per_mm / 0.74 * 0.99 for size in sizes), (told, what)
        for n in range(1, len(codes) + 1):
            calls.finish(live, n, clerk="hoa")


def test_the_offices_own_colours_reach_the_television(live: Centre, page: Page) -> None:
    """Also a light ground, whose letters are dark."""
    look = Look(board_ground="#F2F5F9", board_call="#7A1C00")
    with served(replace(live, look=look)) as address:
        opened(page, address)
        assert page.locator("body").evaluate(BACKGROUND) == "rgb(242, 245, 249)"
        call(live, "A", 1)
        expect(page.locator(".card")).to_have_count(1)
        page.emulate_media(reduced_motion="reduce")
        assert page.locator(".card").evaluate(BACKGROUND) == "rgb(122, 28, 0)"
        assert page.evaluate(CONTRAST) >= 7


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_axe_finds_nothing_on_any_face(live: Centre, page: Page, lang: str) -> None:
    centre = replace(live, languages=tuple(sorted(("vi", "en"), key=lambda code: code != lang)))
    with served(centre) as address:
        opened(page, address)
        assert faults(page) == []
        call(live, "A", 1)
        call(live, "B", 2)
        expect(page.locator(".card")).to_have_count(2)
        assert faults(page) == []


def test_nothing_blinks_more_than_twice_a_second_and_nothing_for_who_wants_no_motion(
    live: Centre, page: Page
) -> None:
    with served(live) as address:
        opened(page, address)
        call(live, "A", 1)
        card = page.locator(".card.blinking")
        expect(card).to_have_count(1)
        lasts = "node => getComputedStyle(node).animationDuration"
        assert float(card.evaluate(lasts).rstrip("s")) >= 0.5
        page.emulate_media(reduced_motion="reduce")
        assert card.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_blinking_ends_within_five_seconds_of_the_call(live: Centre, page: Page) -> None:
    with served(live) as address:
        page.clock.install()
        opened(page, address)
        call(live, "A", 1)
        expect(page.locator(".card.blinking")).to_have_count(1)
        page.clock.pause_at(page.evaluate("Date.now()") + 5_000)
        expect(page.locator(".card.blinking")).to_have_count(0)
        expect(page.locator(".card")).to_have_count(1)
        assert page.locator(".card").evaluate("node => node.getAnimations().length") == 0


def test_its_scripts_are_understood_by_televisions_of_2020() -> None:
    """Chromium 63: what came later is a syntax error there, and the whole board stays dark."""
    folder = files("kiosk.web") / "static"
    for name in ("board.js", "board_calls.js", "board_draw.js", "board_layout.js"):
        text = (folder / name).read_text("utf-8")
        code = "\n".join(line.split("//")[0] for line in text.splitlines())
        for late in LATE_JS:
            assert late not in code, (name, late)
    css = (folder / "board.css").read_text("utf-8")
    for late in LATE_CSS:
        assert late not in css, late
