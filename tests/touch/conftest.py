"""A real touch window on a real store; its monotonic clock stands still until a test turns it."""

from __future__ import annotations

import gc
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.touch.window import TouchWindow
from kiosk.touch_config import TouchConfig
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker
from tests.hall import Seconds
from tests.touch.keying import Ear
from tests.touch.office import office, ready_dossier, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QGuiApplication

    from kiosk.office.centre import Centre

PORTRAIT = ((1080, 1920), (268.0, 476.0))
LANDSCAPE = ((1920, 1080), (476.0, 268.0))
SMALL = ((1024, 768), (304.0, 228.0))
SIZES = {"portrait": PORTRAIT, "landscape": LANDSCAPE, "small": SMALL}
LARGE = ((1080, 1920), (398.0, 708.0))
"""32 inch upright."""


COLLECTED_EVERY = 16
"""Tests: each collection takes as long as a small one of them."""
_OPENED = count(1)


class Hum:
    """An engine that needs no program: a hundredth of a second for any sentence."""

    name = "hum"

    def __init__(self, language: str) -> None:
        self.language = language

    def speak(self, text: str) -> bytes:
        assert not any(sign.isdigit() for sign in text), f"digits are for no engine: {text}"
        return bytes(960)


class Open(Protocol):
    def __call__(
        self, centre: Centre, size: str = ..., **settings: Any
    ) -> tuple[TouchWindow, Seconds]: ...


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """One whose receipt is ready, and whose tickets a phone can follow."""
    made = office(tmp_path / "kiosk.db", public_url="https://motcua.example.vn")
    store(made, ready_dossier())
    return made


@pytest.fixture
def open_touch(qapp: QGuiApplication, qtbot, tmp_path: Path) -> Iterator[Open]:
    """Opens the window on a centre at a size of SIZES; its ticker is the test itself."""
    load_fonts()
    # What is left of former windows must go on this thread: a worker that collects it can wait for
    # a lock of Qt's which this thread has while it waits for Python.
    gc.disable()
    parts: list[tuple[TouchWindow, Worker, GuiPost, Centre]] = []

    def open_window(
        centre: Centre, size: str = "portrait", **settings: Any
    ) -> tuple[TouchWindow, Seconds]:
        pixels, millimetres = {**SIZES, "large": LARGE}[size]
        engine, powers = settings.pop("engine", Hum), settings.pop("powers", None)
        region = settings.pop("region", "north")
        chosen = {"speech": "none", "attract_seconds": 0.0, "fullscreen": False, **settings}
        config = TouchConfig(screen_mm=millimetres, **chosen)
        post, seconds = GuiPost(), Seconds()
        worker = Worker(post)
        feed = Feed(centre.database, post)
        said: list[tuple[str, str]] = []

        def report(name: str, state: str, reason: str) -> None:
            said.append((name, reason or state))

        touch = TouchWindow(
            centre, config, post, worker, feed, seconds, report, tmp_path, engine, powers,
            region=region,
        )  # fmt: skip
        touch.reports = said
        parts.append((touch, worker, post, centre))
        touch.show()
        touch.ticker.stop()
        touch.window.resize(*pixels)
        qtbot.waitUntil(lambda: touch.bridge.state.home is not None)
        qtbot.waitUntil(lambda: touch.window.width() == pixels[0])
        seconds.now += 1
        return touch, seconds

    yield open_window
    for touch, worker, post, centre in parts:
        worker.close()
        touch.close()
        post.close()
        centre.database.close()
    QCoreApplication.processEvents()
    if next(_OPENED) % COLLECTED_EVERY == 0:
        gc.collect()
    gc.enable()


@pytest.fixture
def speaking(open_touch: Open, centre, qtbot):
    """A window that can speak, nothing said yet; ``earphones`` go in and out by ``outlet.plug``."""

    def open_speaking(shown=centre, **settings):
        window, seconds = open_touch(shown, **{"speech": "file", "earphones": "plug", **settings})
        qtbot.waitUntil(lambda: window.bridge.state.speaks)
        return window, seconds, Ear(window)

    return open_speaking
