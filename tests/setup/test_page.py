"""Setup as a page on loopback: by real HTTP, and once by a real browser."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import list_clerks
from kiosk.setup.form import Walk
from kiosk.setup.machine import numbers
from kiosk.setup.page import opened
from kiosk.setup.steps import STEPS
from printer.virtual import VirtualPrinter
from tests.setup.test_steps import OWN
from tests.web.browsing import launched, paged
from tests.web.test_axe import FITS, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk.setup.page import Opened
    from kiosk.setup.sitting import Sitting

PATIENCE = 20.0
OFFICE = {
    "office.languages": ["vi", "en"],
    "office.name.vi": "Một cửa phường Thử",
    "office.name.en": "",
    "office.parent.vi": "UBND phường Thử",
    "office.parent.en": "",
    "office.unit_code": "H15.50.07",
    "office.kiosk": "kiosk-1",
}


@contextmanager
def served(sitting: Sitting, *steps: str) -> Iterator[Opened]:
    up = threading.Event()
    with numbers() as shown, opened(sitting, steps or tuple(STEPS), shown) as page:
        thread = threading.Thread(target=page.serve, args=(up.set,))
        thread.start()
        try:
            assert up.wait(PATIENCE)
            yield page
        finally:
            page.stop.set()
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def page(sit: Callable[[], Sitting]) -> Iterator[Opened]:
    with served(sit()) as page:
        yield page


@pytest.fixture
def client(page: Opened) -> Iterator[httpx.Client]:
    base, _, _ = page.address.partition("/setup")
    with httpx.Client(base_url=base, timeout=30, follow_redirects=True) as client:
        assert client.get(page.address).status_code == 200
        yield client


def test_the_address_opens_for_one_browser_and_once(page: Opened, client: httpx.Client) -> None:
    assert "Electronic identifier" in client.get("/setup/office").text
    with httpx.Client(base_url=client.base_url) as other:
        assert other.get(page.address).status_code == 403
        assert other.get("/setup?token=guess").status_code == 403
        for place in ("/setup", "/setup/office", "/setup/summary"):
            assert other.get(place).status_code == 403
        assert other.post("/setup/write").status_code == 403
    assert client.get("/setup/nowhere").url.path == "/setup/office"
    assert client.get("/api/board").status_code == 404
    answer = client.get("/setup/office")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_from_elsewhere_changes_nothing(
    page: Opened, client: httpx.Client, sit: Callable[[], Sitting]
) -> None:
    form = {**OFFICE, "go": "next"}
    assert client.post("/setup/office", data=form).status_code == 403
    form["csrf"] = page.door.csrf
    strange = {"Origin": "http://evil.example"}
    assert client.post("/setup/office", data=form, headers=strange).status_code == 403
    named = {"Host": f"evil.example:{client.base_url.port}"}
    assert client.get("/setup/office", headers=named).status_code == 403
    assert page.page.walk.sitting.done == []
    assert client.post("/setup/office", data={"csrf": "x" * 20_000}).status_code == 413


def test_a_refused_answer_is_told_at_its_question(page: Opened, client: httpx.Client) -> None:
    form = {**OFFICE, "office.unit_code": "h15<b>", "csrf": page.door.csrf, "go": "next"}
    answer = client.post("/setup/office", data=form)

    assert answer.status_code == 422
    assert "must be an identifier" in answer.text
    assert 'value="h15&lt;b&gt;"' in answer.text
    assert 'value="Một cửa phường Thử"' in answer.text
    assert page.page.walk.sitting.done == []


def test_one_step_alone_changes_the_file_and_the_page_is_gone(
    path: Path, sit: Callable[[], Sitting]
) -> None:
    path.write_text(OWN, "utf-8")
    with served(sit(), "web") as page, httpx.Client(follow_redirects=True) as client:
        base, _, _ = page.address.partition("/setup")
        assert client.get(page.address).url.path == "/setup/web"
        form = {"csrf": page.door.csrf, "go": "next", "web.reach": "here", "web.port": "8099"}
        answer = client.post(f"{base}/setup/web", data=form)
        assert answer.url.path == "/setup/summary"
        answer = client.post(f"{base}/setup/write", data={"csrf": page.door.csrf})
        assert "is kept as kiosk.toml." in answer.text
        assert page.stop.wait(PATIENCE)
    assert load(path).web.port == 8099
    assert path.read_text("utf-8").startswith(OWN.rstrip())


def test_another_touch_screen_leaves_the_other_one_to_the_board(
    sit: Callable[[], Sitting], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form was made for the first choice: what it says of boards and sizes is stale."""
    file = tmp_path / "screens.json"
    look = {"y": 0, "width": 800, "height": 600, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [{"name": name, "x": x, **look} for name, x in (("left", 0), ("right", 800))]
    file.write_text(json.dumps({"screens": screens}), "utf-8")
    monkeypatch.setenv("QT_QPA_PLATFORM", f"offscreen:configfile={file}")
    with numbers() as shown:
        walk = Walk(sit(), ("screens",), shown)
        first = {item.question.id: item for item in walk.shown("screens").items}
        (touch,), (board,) = first["screens.touch"].picked, first["screens.boards"].picked
        form = {
            name: [item.picked[0] if item.choices else item.typed] for name, item in first.items()
        }
        again = walk.taken("screens", {**form, "screens.touch": [board], "go": ["next"]})
        assert again is not None
        (boards,) = (one for one in again.items if one.question.id == "screens.boards")
        assert boards.picked == (touch,)
        form |= {"screens.touch": [board], "screens.boards": [touch], "go": ["next"]}
        assert walk.taken("screens", form) is None
    assert walk.sitting.answers["screens.boards"] == (touch,)


def test_a_hall_is_set_up_in_a_browser(path: Path, sit: Callable[[], Sitting]) -> None:
    """On a phone's width, with nothing that axe finds."""
    wrong: list[tuple[str, object]] = []
    with (
        VirtualPrinter(tcp=0) as printer,
        served(sit(), "office", "printer", "scanner", "services", "clerk", "web") as setup,
        launched() as browser,
        paged(browser, 360, 780) as page,
    ):

        def looked(state: str) -> None:
            wrong.extend((state, one) for one in faults(page))
            if not page.evaluate(FITS):
                wrong.append((state, "it is wider than the screen"))

        def on(title: str) -> None:
            page.get_by_role("button", name="Next").last.click()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)

        page.goto(setup.address)
        page.get_by_label("Name of the office (Tiếng Việt)").fill("Một cửa phường Thử")
        page.get_by_label("Electronic identifier of the unit").fill("h15")
        on("Office")
        expect(page.get_by_label("Electronic identifier of the unit")).to_have_value("h15")
        looked("office")
        page.get_by_label("Electronic identifier of the unit").fill("H15.50.07")
        on("Ticket printer")
        page.get_by_label("Type the printer's network address").check()
        on("Ticket printer")
        page.get_by_label("Address, such as").fill(f"127.0.0.1:{printer.port}")
        page.get_by_role("button", name="Print a test page").click()
        expect(page.get_by_role("status")).to_have_text("The printer says that it is done.")
        looked("printer")
        on("Scanner")
        page.get_by_label("With the cursor in here").fill(page.locator("figcaption").inner_text())
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Read as it should be")
        on("Services and counters")
        page.get_by_label("Large commune").check()
        on("Services and counters")
        expect(page.get_by_label("Number of counters")).to_have_value("6")
        on("Staff")
        page.get_by_label("Full name").fill("Nguyễn Thị Lan")
        page.get_by_label("Login").fill("lan")
        page.get_by_label("PIN", exact=True).fill("246810")
        page.get_by_label("The PIN again").fill("246811")
        on("Staff")
        page.get_by_label("PIN", exact=True).fill("246810")
        page.get_by_label("The PIN again").fill("246810")
        on("Pages of staff")
        on("Summary")
        looked("summary")
        assert "246810" not in page.content()
        page.get_by_role("button", name="Write and finish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The hall is set up")
        slips = len(printer.slips)
    assert wrong == []
    assert slips == 1
    config = load(path)
    assert len(config.counters()) == 6
    assert config.printer.port == printer.port
    centre = open_centre(config)
    assert [one.login for one in list_clerks(centre)] == ["lan"]
    centre.database.close()
