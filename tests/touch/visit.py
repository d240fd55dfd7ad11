"""A visit to the touch window of who has a dossier: the office, its papers, and what hands do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.dossiers import Dossier, Status
from kiosk.office.devices import report
from tests.hall import MORNING
from tests.touch.office import CODE, SIX, office, ready_dossier, store
from tests.touch.scene import at, press

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock

OWNER, PHONE, ID = "Nguyễn Văn An", "0912345432", "001090123456"
CARD = f"{ID}|012345678|NGUYEN VAN AN|01011990|Nam|Phuong Ben Nghe|15042021".encode()
STRANGER = CARD.replace(ID.encode(), b"079190003456").replace(b"012345678", b"")
LATE, MISSING, OPEN = (f"H15.50.05-261101-000{n}" for n in (1, 2, 3))
SERVICES = tuple(
    replace(
        service,
        takes_supplements=service.code == "B",
        ask={"C": "dossier", "D": "dossier-needed"}.get(service.code, ""),
    )
    for service in SIX
)
PROVE, SHOW = "Xem thông tin chi tiết", "Xem"
WRONG = "Không tìm thấy hồ sơ, hoặc mã tra cứu chưa đúng. Mời Ông/Bà xem lại giấy hẹn."


def people(dossier: Dossier) -> Dossier:
    steps = tuple(replace(step, handler="Trần Thị Bình") for step in dossier.steps)
    return replace(dossier, owner_name=OWNER, phone=PHONE, id_number=ID, secret="K7Q2", steps=steps)


def office_of_owners(folder: Path, clock: Clock) -> Centre:
    """Four dossiers of one owner: ready, late, waiting for papers, and in time."""
    made = office(folder / "kiosk.db", SERVICES, clock)
    ready = people(ready_dossier())
    due = {"received_at": MORNING - timedelta(days=9), "due_at": MORNING - timedelta(days=2)}
    late = replace(ready, code=LATE, status=Status.PROCESSING, finished_at=None, **due)
    missing = replace(late, code=MISSING, status=Status.SUPPLEMENT_REQUIRED)
    store(made, ready, late, missing, replace(late, code=OPEN, due_at=MORNING + timedelta(days=9)))
    report(made, "printer", "ok")
    return made


def scan(window, qtbot, code: str = CODE) -> None:
    touch, seconds = window
    touch.scanned(code.encode())
    qtbot.waitUntil(lambda: at(touch, "dossier") and touch.bridge.state.busy_since is None)
    seconds.now += 1


def key(window, name: str) -> None:
    touch, seconds = window
    seconds.now += 1
    # What was just shown has been laid out by then.
    touch.window.grabWindow()
    press(touch.window, name)


def type_in(window, text: str) -> None:
    for letter in text:
        press(window[0].window, letter)


def prove(window, qtbot, secret: str = "3456") -> None:
    touch, _ = window
    key(window, PROVE)
    qtbot.waitUntil(lambda: at(touch, "prove"))
    type_in(window, secret)
    key(window, SHOW)
