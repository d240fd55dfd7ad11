"""What the eye waits for: from a touch to the changed frame, and whether motion keeps its pace.

Real windows at 1080 x 1920 and 1920 x 1080, drawn by the software renderer in this process. The
floor is the same touch in a bare window of that size, in which one small rectangle changes.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickView
from PySide6.QtTest import QTest

from bench.figures import Figure
from display.window import BoardWindow
from kiosk.config import load
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket
from kiosk.touch.state import DOUBLE_TAP_SECONDS, Screen
from kiosk.touch.tour import middle_of
from kiosk.touch.window import TouchWindow
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtQuick import QQuickItem, QQuickWindow

    from kiosk.office.centre import Centre

ROUNDS: Final = 60
MOTION_SECONDS: Final = 6.0
PATIENCE: Final = 20.0
FRAME_MS: Final = 1000 / 60
FADES: Final = 5
FADE_SECONDS: Final = 0.25
"""Theme.calm, in which the face fades."""
BARE: Final = b"""
import QtQuick
import QtQuick.Controls.Basic
AbstractButton {
    background: Rectangle { color: "#F6F4EF" }
    Rectangle { color: parent.down ? "#E3EBF5" : "#FFFFFF"; width: 400; height: 300 }
}
"""


@dataclass(frozen=True, slots=True)
class Tap:
    """``spot`` is pressed and let go; ``shown`` says when that has reached the view."""

    window: QQuickWindow
    spot: QPoint
    shown: Callable[[], bool]
    held: bool = False


class Eyes:
    """Both windows, without printer, scanner or network."""

    def __init__(self, config_path: Path) -> None:
        self.config = load(config_path)
        self.centre: Centre = open_centre(self.config)
        self.post = GuiPost()
        self.worker = Worker(self.post)
        self.feed = Feed(self.centre.database, self.post)
        self.touch = TouchWindow(self.centre, self.config.touch, self.post, self.worker, self.feed)
        self.board = BoardWindow(
            self.centre, self.config.board, self.post, self.worker, self.feed, lambda *_: None,
            touch="",
        )  # fmt: skip
        self.feed.start()
        self.touch.show()
        self.board.show()
        until(lambda: bool(self.touch.bridge.view.home.cards))

    def close(self) -> None:
        self.feed.close()
        self.worker.close()
        self.post.close()
        self.board.close()
        self.touch.close()
        self.centre.database.close()

    def home(self) -> None:
        rest(DOUBLE_TAP_SECONDS + 0.05)
        if self.touch.bridge.state.screen is not Screen.HOME:
            self.touch.bridge.leave()
            rest(DOUBLE_TAP_SECONDS + 0.05)


def measure(config_path: Path) -> list[Figure]:
    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    load_fonts()
    floor = _bare(config_path.parent / "bare.qml")
    least = sorted(floor)[len(floor) // 2]
    eyes = Eyes(config_path)
    try:
        taps = {name: [seen(tap) for tap in taps] for name, taps in _kinds(eyes)}
        moves = {"time bar gliding": _gaps(_glide(eyes)), "attract face fading": _fade(eyes)}
        calls = _calls(eyes)
    finally:
        eyes.close()
    return [
        Figure("floor: a touch to the frame, bare window", floor),
        *(
            Figure(f"touch to the frame: {name}", samples, "ms", least, "p99 <= 50 ms")
            for name, samples in taps.items()
        ),
        *(
            figure
            for name, each in moves.items()
            for figure in (
                Figure(f"{name}: between two frames", each, "ms", FRAME_MS, "60 a second"),
                Figure(
                    f"{name}: frames late, of {len(each)}",
                    [sum(gap > 1.5 * FRAME_MS for gap in each)],
                    "",
                ),
            )
        ),
        Figure("written call to the board's frame", calls, "ms", least, "p99 <= 100 ms"),
    ]


def seen(tap: Tap) -> float:
    """Milliseconds from the touch to the first frame in which the view shows it."""
    at: list[float] = []

    def framed() -> None:
        if not at and tap.shown():
            at.append(time.perf_counter())

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    tap.window.frameSwapped.connect(framed)
    if tap.held:
        start = time.perf_counter()
        QTest.mousePress(tap.window, left, none, tap.spot)
    else:
        QTest.mousePress(tap.window, left, none, tap.spot)
        until(lambda: True)
        start = time.perf_counter()
        QTest.mouseRelease(tap.window, left, none, tap.spot)
    until(lambda: bool(at))
    tap.window.frameSwapped.disconnect(framed)
    if tap.held:
        QTest.mouseRelease(tap.window, left, none, QPoint(1, 1))
    return (at[0] - start) * 1e3


def _kinds(eyes: Eyes) -> Iterator[tuple[str, Iterator[Tap]]]:
    yield "a service looks pressed", _pressed(eyes)
    yield "the other language", _languages(eyes)
    yield "the access sheet opens", _sheets(eyes)
    yield "another screen", _screens(eyes)
    yield "a letter on the keypad", _letters(eyes)


def _pressed(eyes: Eyes) -> Iterator[Tap]:
    window = eyes.touch.window
    spot = middle_of(window, eyes.touch.bridge.view.home.cards[2].spoken)
    for _ in range(ROUNDS):
        rest(0.05)
        yield Tap(window, spot, lambda: True, held=True)


def _languages(eyes: Eyes) -> Iterator[Tap]:
    bridge = eyes.touch.bridge
    for turn in range(ROUNDS):
        rest(0.05)
        language = bridge.view.chrome.languages[(turn + 1) % 2]

        def shown(wanted: str = language.key) -> bool:
            return bridge.state.language == wanted

        yield Tap(eyes.touch.window, middle_of(eyes.touch.window, language.name), shown)
    bridge.speak(bridge.state.first)


def _sheets(eyes: Eyes) -> Iterator[Tap]:
    bridge = eyes.touch.bridge
    for _ in range(ROUNDS):
        bridge.closeAccess()
        rest(0.05)
        spot = middle_of(eyes.touch.window, bridge.view.chrome.access)
        yield Tap(eyes.touch.window, spot, lambda: bridge.view.access.shown)
    bridge.closeAccess()


def _screens(eyes: Eyes) -> Iterator[Tap]:
    bridge = eyes.touch.bridge
    for _ in range(ROUNDS // 3):
        eyes.home()
        spot = middle_of(eyes.touch.window, bridge.view.home.scan_type)
        yield Tap(eyes.touch.window, spot, lambda: bridge.view.screen == Screen.KEYPAD)


def _letters(eyes: Eyes) -> Iterator[Tap]:
    bridge = eyes.touch.bridge
    for turn in range(ROUNDS):
        rest(0.02)
        key = str(1 + turn % 9)
        before = len(bridge.state.entry)
        if before > 20:
            bridge.clearEntry()
            before = 0

        def shown(before: int = before) -> bool:
            return len(bridge.state.entry) > before

        yield Tap(eyes.touch.window, middle_of(eyes.touch.window, key), shown)
    eyes.home()


def _glide(eyes: Eyes) -> list[float]:
    """Moments of the frames, in ms, while the ticket's time runs out and its bar glides."""
    eyes.home()
    take = middle_of(eyes.touch.window, eyes.touch.bridge.view.home.cards[0].spoken)
    QTest.mouseClick(
        eyes.touch.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, take
    )
    until(lambda: eyes.touch.bridge.state.screen is Screen.TICKET)
    rest(0.5)
    return _frames(eyes, MOTION_SECONDS)


def _fade(eyes: Eyes) -> list[float]:
    """Between two frames, while nobody stands here and the invitation changes its language: in each
    fade from its beginning until the new words stand there."""
    eyes.home()
    bridge = eyes.touch.bridge
    bridge.fold(replace(bridge.state, attract=True))
    until(lambda: bridge.view.attract.shown)
    [face] = [one for one in _items(eyes.touch.window) if one.property("turn") is not None]
    gaps: list[float] = []
    for _ in range(FADES):
        turn = face.property("turn")
        until(lambda turn=turn: face.property("turn") != turn)
        gaps += _gaps(_frames(eyes, FADE_SECONDS))
    return gaps


def _items(window: QQuickWindow) -> Iterator[QQuickItem]:
    waiting = [window.contentItem()]
    while waiting:
        item = waiting.pop()
        yield item
        waiting += item.childItems()


def _gaps(frames: list[float]) -> list[float]:
    return [later - sooner for sooner, later in pairwise(frames)]


def _frames(eyes: Eyes, seconds: float) -> list[float]:
    found: list[float] = []

    def framed() -> None:
        found.append(time.perf_counter() * 1e3)

    eyes.touch.window.frameSwapped.connect(framed)
    rest(seconds)
    eyes.touch.window.frameSwapped.disconnect(framed)
    return found


def _calls(eyes: Eyes) -> list[float]:
    """From the return of the call's transaction to the board's frame that shows its number."""
    samples = []
    counter = eyes.centre.counters_of("A")[0]
    for _ in range(ROUNDS // 2):
        take_ticket(eyes.centre, service="A", actor="bench")
        rest(0.2)
        at: list[float] = []
        called: list[str] = []

        def framed(at: list[float] = at, called: list[str] = called) -> None:
            if called and not at and called[0] in _on_board(eyes.board):
                at.append(time.perf_counter())

        eyes.board.window.frameSwapped.connect(framed)
        ticket = call_next(eyes.centre, counter, clerk="bench")
        start = time.perf_counter()
        assert ticket is not None
        called.append(ticket.number)
        until(lambda at=at: bool(at))
        eyes.board.window.frameSwapped.disconnect(framed)
        samples.append((at[0] - start) * 1e3)
    return samples


def _on_board(board: BoardWindow) -> set[str]:
    shown: Any = board.bridge.shown
    return {shown.hero.number, *(row.number for row in shown.rows)}


def _bare(path: Path) -> list[float]:
    path.write_bytes(BARE)
    view = QQuickView()
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.setSource(QUrl.fromLocalFile(str(path)))
    view.resize(1080, 1920)
    view.show()
    rest(0.5)
    samples = []
    for _ in range(ROUNDS):
        rest(0.05)
        samples.append(seen(Tap(view, QPoint(200, 150), lambda: True, held=True)))
    view.close()
    view.deleteLater()
    return samples


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if true():
            return
        if time.monotonic() > deadline:
            raise TimeoutError("the windows did not get there")


def rest(seconds: float) -> None:
    ending = time.monotonic() + seconds
    while time.monotonic() < ending:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
