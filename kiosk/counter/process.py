"""The process of the counter window: builds it from its settings, and stops it in order."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from kiosk.counter.bridge import CounterBridge
from kiosk.counter.changes import Changes
from kiosk.counter.client import Client, trusting
from kiosk.counter.memory import Memory, state_folder
from kiosk.counter.pad import Pad, grabbed
from kiosk.counter.state import State
from kiosk.counter.window import CounterWindow
from kiosk.counter.work import AGAIN_SECONDS
from kiosk.errors import Refused, Unavailable
from kiosk.texts import languages
from kiosk.ui.fonts import load_fonts
from kiosk.ui.running import Signals, draw_in_software, give_up
from kiosk.ui.threads import GuiPost, Worker

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from typing import Any

    from kiosk.counter.settings import Settings

log = logging.getLogger(__name__)


def run_counter(settings: Settings) -> int:
    """Shows the window until it is closed or stopped. Refused: no_display, bad_authority (path,
    why)."""
    if not any(os.environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise Refused("no_display")
    try:
        trusted = trusting(settings.authority)
    except OSError as error:
        raise Refused("bad_authority", path=settings.authority, why=error) from error
    draw_in_software()
    if os.environ.get("DISPLAY"):
        # On Wayland no program may put a window above others, or back where it was; through the
        # X11 that desktops offer beside it this one may.
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
    app = QGuiApplication(sys.argv[:1])
    app.setApplicationName("motcua-counter")
    app.setQuitOnLastWindowClosed(False)
    sys.excepthook = give_up
    with ExitStack() as stack:
        # Undone from the last to the first: threads end before the window that they post to.
        signals = Signals(app)
        stack.callback(signals.close)
        try:
            load_fonts()
        except Unavailable as error:
            log.error("%s", error)
        made = Counter(settings, Memory(state_folder()), trusted)
        stack.callback(made.close)
        made.window.show()
        return app.exec()


class Counter:
    """The window with its threads: one asks, one hears, and one reads the numeric pad."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        trusted: ssl.SSLContext,
        take_pad: Callable[[str], int] = grabbed,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        server, kept = settings.window.server, memory.kept
        self._client = Client(server, trusted, kept.devices.get(server, ""))
        self._post = GuiPost()
        self._worker = Worker(self._post)
        self.bridge = CounterBridge(
            self._client,
            settings,
            self._worker,
            first_state(settings, memory),
            again_seconds=again_seconds,
        )
        self.changes = Changes(self._client, self._hear)
        self.bridge.work.stream = self.changes
        self.window = CounterWindow(self.bridge, memory)
        device = settings.pad.device
        self.pad = Pad(device, self._pad_pressed, self._pad_told, take_pad) if device else None

    def close(self) -> None:
        """Safe once the event loop is over."""
        self._client.close()
        if self.pad is not None:
            self.pad.close()
        self.changes.close()
        self._worker.close()
        self.window.close()
        self._post.close()

    def _hear(self, name: str, said: Mapping[str, Any]) -> None:
        self._post.post(partial(self.bridge.work.heard, name, said))

    def _pad_pressed(self, key: str) -> None:
        self._post.post(partial(self.bridge.pad_key, key))

    def _pad_told(self, trouble: str) -> None:
        self._post.post(partial(self.bridge.pad_is, trouble))


def first_state(settings: Settings, memory: Memory) -> State:
    """As the window opens: with who was here the day before, and what this PC is given."""
    kept, window = memory.kept, settings.window
    return State(
        language=kept.language if kept.language in languages() else window.language,
        login=kept.login,
        counter=str(window.counter) if window.counter else kept.counter,
        enrolled=window.server in kept.devices,
        small=kept.small,
    )
