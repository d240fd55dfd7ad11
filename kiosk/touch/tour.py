"""The demo's tour: one visit through the real windows, by real touches, a picture of each step."""

from __future__ import annotations

import json
import logging
import secrets
import shutil
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest

from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_board
from kiosk.texts import operator_texts
from kiosk.touch.state import Screen, is_double
from printer.saved import newest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from PySide6.QtQuick import QQuickWindow

    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow

log = logging.getLogger(__name__)

STEP_MS: Final = 50
SETTLED_SECONDS: Final = 1.2
"""Motions are over by then."""
PATIENCE_SECONDS: Final = 30.0
GUIDE: Final = "tour"
TYPED: Final = "SINH"
"""What is typed of the name of a procedure of the demo."""


class TourEnded(Exception):
    """What the tour waited for did not come about."""


class Tour(QObject):
    """Takes a ticket, calls it over HTTP, scans a receipt as a keyboard scanner types it.

    ``pictures`` names what was saved; a step that does not come about ends the tour with a
    warning, and the hall goes on.
    """

    def __init__(
        self,
        touch: TouchWindow,
        board: QQuickWindow,
        hero: Callable[[], str],
        centre: Centre,
        *,
        port: int,
        receipt: str,
        slips: Path,
        folder: Path,
    ) -> None:
        super().__init__()
        self._touch = touch
        self._board = board
        self._hero = hero
        self._centre = centre
        self._url = f"http://127.0.0.1:{port}"
        self._receipt = receipt
        self._slips = slips
        self._folder = folder
        self.pictures: list[Path] = []
        self._steps = self._walk()
        self._wanted: Callable[[], bool] = lambda: True
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        self._steps.close()

    def _step(self) -> None:
        if not self._wanted():
            if time.monotonic() > self._deadline:
                log.warning("the tour ends early; step %d did not come about", len(self.pictures))
                self.close()
            return
        try:
            self._wanted = next(self._steps)
        except (TourEnded, OSError) as ended:
            log.warning("the tour ends early: %s", ended)
            self.close()
        except StopIteration:
            self._timer.stop()
            said = operator_texts().say(
                "cli.demo.toured", n=len(self.pictures), folder=self._folder
            )
            log.info("%s", said)
        self._deadline = time.monotonic() + PATIENCE_SECONDS

    def _walk(self) -> Generator[Callable[[], bool], None, None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        bridge = self._touch.bridge
        yield lambda: bool(bridge.view.home.cards)
        yield from self._shown("1-home", self._touch.window)
        line = min(read_board(self._centre).lines, key=lambda line: line.waiting)
        name = line.names[bridge.state.language]
        press(self._touch.window, name)
        yield lambda: bridge.state.screen is Screen.TICKET
        yield from self._shown("2-ticket", self._touch.window)
        yield lambda: newest(self._slips) is not None
        slip = newest(self._slips)
        if slip is None:
            raise TourEnded("no slip came out")
        self.pictures.append(Path(shutil.copy(slip, self._folder / "3-slip.png")))
        place = bridge.state.place
        assert place is not None
        called: list[str] = []
        thread = threading.Thread(
            target=partial(self._call, place.counters[0], place.ticket.number, called), name="tour"
        )
        thread.start()
        yield lambda: not thread.is_alive()
        thread.join()
        if not called or called[-1] != place.ticket.number:
            raise TourEnded("the number could not be called")
        yield lambda: self._hero() == called[-1]
        yield from self._shown("4-board", self._board)
        for letter in self._receipt:
            QTest.keyClick(self._touch.window, ord(letter))
        QTest.keyClick(self._touch.window, Qt.Key.Key_Return)
        yield lambda: bridge.state.screen is Screen.DOSSIER
        yield from self._shown("5-dossier", self._touch.window)
        yield from self._read_procedure()

    def _read_procedure(self) -> Generator[Callable[[], bool], None, None]:
        """To the procedures from the home screen, and one of them by what is typed of its name."""
        bridge, window = self._touch.bridge, self._touch.window
        yield lambda: not is_double(bridge.state, bridge.now())
        bridge.leave()
        yield lambda: bridge.state.screen is Screen.HOME and bool(bridge.catalogue.view.entry.name)
        yield lambda: not is_double(bridge.state, bridge.now())
        press(window, bridge.catalogue.view.entry.name)
        yield lambda: bridge.state.screen is Screen.CATALOGUE
        yield from self._shown("6-procedures", window)
        press(window, bridge.catalogue.view.browse.search)
        yield lambda: bridge.state.screen is Screen.SEARCH
        for letter in TYPED:
            press(window, letter)
        yield lambda: bool(bridge.catalogue.view.search.main.lines)
        yield lambda: not is_double(bridge.state, bridge.now())
        press(window, bridge.catalogue.view.search.main.lines[0].spoken)
        yield lambda: bridge.state.screen is Screen.PROCEDURE
        yield from self._shown("7-procedure", window)

    def _shown(self, name: str, window: QQuickWindow) -> Generator[Callable[[], bool], None, None]:
        """Waits until motions are over, then saves the window."""
        settled = time.monotonic() + SETTLED_SECONDS
        yield lambda: time.monotonic() >= settled
        path = self._folder / f"{name}.png"
        window.grabWindow().save(str(path))
        self.pictures.append(path)

    def _call(self, counter: int, number: str, called: list[str]) -> None:
        """Signs in at the counter as a guide and presses next until the number is called."""
        pin = f"{secrets.randbelow(10**6):06d}"
        login = f"{GUIDE}-{secrets.token_hex(3)}"
        add_clerk(self._centre, login, operator_texts().say("cli.demo.guide"), pin)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                signed, cookie = self._post(
                    "/api/session", {"clerk": login, "pin": pin, "counter": counter}
                )
                break
            except OSError:
                threading.Event().wait(0.2)
        else:
            return
        headers = {"Cookie": cookie, "X-CSRF-Token": str(signed["csrf_token"])}
        try:
            while not called or called[-1] != number:
                answer, _ = self._post(f"/api/counters/{counter}/next", {}, headers)
                called.append(str(answer.get("number", "")))
                if not called[-1]:
                    return
        except OSError as error:
            log.warning("next was not answered: %s", error)

    def _post(
        self, path: str, body: dict[str, object], headers: dict[str, str] | None = None
    ) -> tuple[dict[str, object], str]:
        request = Request(  # noqa: S310 (loopback, our own web)
            self._url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", **(headers or {})},
        )
        with urlopen(request, timeout=5) as answer:  # noqa: S310 (as above)
            text = answer.read()
            cookie = answer.headers.get("Set-Cookie", "").split(";")[0]
        return (json.loads(text) if text else {}), cookie


def press(window: QQuickWindow, name: str) -> None:
    """Touches the middle of the control whose accessible name begins with ``name``."""
    QTest.mouseClick(
        window,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        middle_of(window, name),
    )


def middle_of(window: QQuickWindow, name: str) -> QPoint:
    """Where in the window the middle of the control lies whose name begins with ``name``."""
    found = _named(QAccessible.queryAccessibleInterface(window), name)
    if found is None:
        raise TourEnded(f"no control is named {name!r}")
    return window.mapFromGlobal(found.rect().center())


def _named(part: QAccessibleInterface, name: str) -> QAccessibleInterface | None:
    actionable = part.role() == QAccessible.Role.Button
    if actionable and part.text(QAccessible.Text.Name).startswith(name):
        return part
    for index in range(part.childCount()):
        child = part.child(index)
        found = _named(child, name) if child is not None else None
        if found is not None:
            return found
    return None
