"""The real counter window of a PC on a real server, with the store behind it at the test's hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.counter.client import trusting
from kiosk.counter.memory import Memory
from kiosk.counter.pad import grabbed
from kiosk.counter.process import Counter
from kiosk.counter.settings import load_settings
from kiosk.tickets import SESSION_LIFE
from kiosk.ui.fonts import load_fonts
from tests.hall import centre_at
from tests.touch.scene import find, texts
from tests.web.serving import PIN, add_clerks, served

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQuick import QQuickWindow

    from kiosk.counter.state import State
    from kiosk.office.centre import Centre
    from tests.hall import Clock

AGAIN_SECONDS = 0.05
"""So that a repeated press does not hold a test up."""


@dataclass
class Pc:
    """A clerk's PC: its window, as a person sees it and presses it."""

    counter: Counter
    until: Callable[[Callable[[], object]], None]

    @property
    def window(self) -> QQuickWindow:
        return self.counter.window.window

    @property
    def state(self) -> State:
        return self.counter.bridge.state

    def texts(self) -> list[str]:
        return texts(self.window)

    def click(self, name: str) -> None:
        """A click on the key that a screen reader calls ``name``."""
        find(self.window, name).item.click()

    def reads(self, text: str) -> None:
        """Waits until somewhere in the window this text stands."""
        self.until(lambda: any(text in shown for shown in self.texts()))

    def sign_in(self, login: str, counter: int, pin: str = PIN) -> None:
        self.counter.bridge.signIn(login, pin, str(counter))

    def at_work(self) -> None:
        self.until(lambda: self.state.desk is not None and self.state.office is not None)

    def idle(self) -> None:
        self.until(lambda: not self.state.busy)


class OpenPc(Protocol):
    def __call__(
        self,
        address: str,
        *lines: str,
        name: str = ...,
        trusted: ssl.SSLContext | None = ...,
        take_pad: Callable[[str], int] = ...,
    ) -> Pc: ...


@pytest.fixture
def open_pc(qapp: QGuiApplication, qtbot, tmp_path: Path) -> Iterator[OpenPc]:
    """Opens the window of a PC whose counter.toml has these lines; ``name`` tells several apart."""
    load_fonts()
    opened: list[Counter] = []

    def open_window(
        address: str,
        *lines: str,
        name: str = "pc",
        trusted: ssl.SSLContext | None = None,
        take_pad: Callable[[str], int] = grabbed,
    ) -> Pc:
        path = tmp_path / f"{name}.toml"
        path.write_text("\n".join(lines), "utf-8")
        settings = load_settings(path, server=address)
        counter = Counter(
            settings,
            Memory(tmp_path / name),
            trusted or trusting(None),
            take_pad,
            again_seconds=AGAIN_SECONDS,
        )
        opened.append(counter)
        counter.window.show()
        return Pc(counter, lambda true: qtbot.waitUntil(lambda: bool(true())))

    yield open_window
    for counter in opened:
        counter.close()
    QCoreApplication.processEvents()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = replace(centre_at(tmp_path / "kiosk.db", clock), lock_after=SESSION_LIFE)
    add_clerks(centre)
    yield centre
    centre.database.close()


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    with served(centre) as address:
        yield address


@pytest.fixture
def pc(open_pc: OpenPc, address: str) -> Pc:
    """Signed in at counter 1."""
    opened = open_pc(address)
    opened.sign_in("hoa", 1)
    opened.at_work()
    return opened
