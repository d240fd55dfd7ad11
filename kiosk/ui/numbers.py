"""Shows a number on each screen while setup asks which is which.    python -m kiosk.ui.numbers

A process of its own, so that a display that fails takes nothing with it. It tells on standard
output, in one line of JSON, which screens there are, and goes when standard input ends.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

from kiosk.texts import operator_texts
from kiosk.ui.engine import Engine
from kiosk.ui.fonts import load_fonts
from kiosk.ui.running import Signals, draw_in_software
from kiosk.ui.threads import GuiPost
from printer.barcode import code128

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QScreen

UNMEASURED: Final = frozenset({"offscreen", "minimal", "vnc", "linuxfb"})
"""Platforms whose screens have no size but an invented one."""
INVENTED_DPI: Final = 96.0
"""What a display answers for who has not told it a size: X servers without a monitor, such as
virtual ones, count it out from the pixels."""
COVERS_MS: Final = 8000
SHARE: Final = 0.4
"""Of the shorter side of a screen, for its window."""
MARGIN_BARS: Final = 32
"""The white on both sides of a code, in bars: 10 each are needed."""
SMALLEST_MM: Final = 101.0
"""Of the shorter side. Many televisions tell 160 × 90, which is a shape and no size."""
UNKNOWN_MM: Final = 300.0
"""How high a screen is taken to be that does not say; only the code to be scanned needs it."""


def physical_mm(
    pixels: tuple[int, int], mm: tuple[float, float], platform: str
) -> tuple[float, float] | None:
    """The width and height of a picture on the glass, as its screen says; None where that is not
    to be believed. A screen that stands on end may still tell its sides as they were made."""
    if platform in UNMEASURED or min(mm) < SMALLEST_MM or min(pixels) <= 0 or pixels == mm:
        return None
    if (pixels[0] < pixels[1]) != (mm[0] < mm[1]) and mm[0] != mm[1]:
        mm = (mm[1], mm[0])
    across, down = (dots * 25.4 / size for dots, size in zip(pixels, mm, strict=True))
    if abs(across - INVENTED_DPI) < 0.4 and abs(down - INVENTED_DPI) < 0.4:
        return None
    # Projectors and adapters tell sides that fit no picture.
    return None if not 0.8 < across / down < 1.25 else (round(mm[0], 1), round(mm[1], 1))


def numbered() -> tuple[tuple[int, QScreen], ...]:
    """The screens by their numbers: from left to right and from the top down, which stays."""
    screens = QGuiApplication.screens()
    order = sorted(screens, key=lambda one: (one.geometry().x(), one.geometry().y(), one.name()))
    return tuple(enumerate(order, 1))


@dataclass(frozen=True, slots=True)
class Told:
    """A screen as setup is told of it; ``mm`` is None where it does not say."""

    number: int
    name: str
    model: str
    pixels: tuple[int, int]
    mm: tuple[float, float] | None
    primary: bool


def told(number: int, screen: QScreen) -> Told:
    ratio = screen.devicePixelRatio()
    pixels = (round(screen.size().width() * ratio), round(screen.size().height() * ratio))
    size = screen.physicalSize()
    return Told(
        number,
        screen.name(),
        " ".join(f"{screen.manufacturer()} {screen.model()}".split()),
        pixels,
        physical_mm(pixels, (size.width(), size.height()), QGuiApplication.platformName()),
        screen is QGuiApplication.primaryScreen(),
    )


def shown(number: int, screen: QScreen, code: str) -> Engine:
    """The window on that screen."""
    facts = told(number, screen)
    wide, high = facts.pixels
    size = operator_texts().say("setup.screens.size", wide=wide, high=high)
    if facts.mm is not None:
        size = f"{size} · {facts.mm[0]:.0f} × {facts.mm[1]:.0f} mm"
    bars = code128(code) if code else ""
    # A bar of 0.4 mm or more is read from any glass.
    dots_per_mm = screen.size().height() / (facts.mm[1] if facts.mm else UNKNOWN_MM)
    dot = max(2, round(0.4 * dots_per_mm))
    properties = {
        "number": str(number),
        "name": facts.name,
        "told": f"{facts.model}  {size}".strip(),
        "bars": bars,
        "code": code,
        "dot": dot,
    }
    engine = Engine("kiosk.ui", properties, component="ScreenNumber")
    window = engine.window
    window.setScreen(screen)
    if QGuiApplication.platformName().startswith("wayland"):
        # Only what fills a screen can be told on which one to stand, so it goes by itself again.
        window.showFullScreen()
        QTimer.singleShot(COVERS_MS, window, window.hide)
        return engine
    # Small and in a corner, so that a terminal or a page on this screen can still be used.
    place = screen.geometry()
    side = round(min(place.width(), place.height()) * SHARE)
    wide = min(max(side, (len(bars) + MARGIN_BARS) * dot), place.width())
    window.setFlags(
        Qt.WindowType.Window
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowDoesNotAcceptFocus
    )
    gap = min(side // 12, place.width() - wide)
    window.setGeometry(place.right() - wide - gap, place.top() + gap, wide, side)
    window.show()
    return engine


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--code", default="")
    code = parser.parse_args(arguments).code
    draw_in_software()
    app = QGuiApplication(sys.argv[:1])
    # One app id for each kind of window, so that a compositor need not know this one.
    app.setDesktopFileName("motcua-kiosk-setup")
    load_fonts()
    signals, post = Signals(app), GuiPost()
    engines = [shown(number, screen, code) for number, screen in numbered()]
    screens = [asdict(told(number, screen)) for number, screen in numbered()]
    sys.stdout.write(json.dumps({"screens": screens}) + "\n")
    sys.stdout.flush()

    def watch() -> None:
        while os.read(0, 64):
            pass
        post.post(app.exit)

    # A daemon because nothing can wake it while setup goes on.
    threading.Thread(target=watch, name="setup", daemon=True).start()
    code_of_exit = app.exec()
    for engine in engines:
        engine.close()
    signals.close()
    return code_of_exit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
