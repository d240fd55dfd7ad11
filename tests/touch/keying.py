"""Pressing keys as a person does, and hearing what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds

PLAIN = Qt.KeyboardModifier.NoModifier


def strike(
    touch: TouchWindow, seconds: Seconds, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN
) -> None:
    """One key, no other soon before or after it; the window has followed when this returns."""
    seconds.now += 0.6
    QTest.keyClick(touch.window, key, modifiers)
    seconds.now += 0.1
    touch.operation.look()
    touch.reader.look()


def strikes(touch: TouchWindow, seconds: Seconds, keys: str) -> None:
    for key in keys:
        strike(touch, seconds, key)


def walk_to(touch: TouchWindow, seconds: Seconds, name: str) -> None:
    """On and on until the control whose name begins so."""
    walk = touch.operation.walk
    for _ in range(len(walk.stops()) + 1):
        strike(touch, seconds, "6")
        item = walk.item
        if item is not None and walk.described(item).name.startswith(name):
            return
    raise AssertionError(f"no way leads to {name!r}")


def burst(touch: TouchWindow, text: str, *ends: Qt.Key) -> None:
    """As a scanner types: everything in one moment."""
    for sign in text:
        QTest.keyClick(touch.window, sign)
    for end in ends:
        QTest.keyClick(touch.window, end)


class Ear:
    """Notes each sentence as it begins to be heard, and whether earphones were in."""

    def __init__(self, touch: TouchWindow) -> None:
        assert touch.reader.speaker is not None
        self.speaker = touch.reader.speaker
        self.heard: list[tuple[str, bool]] = []
        self.speaker.spoke.connect(self._on_spoke)

    def _on_spoke(self, sentence: str, alone: bool) -> None:
        self.heard.append((sentence, alone))

    @property
    def sentences(self) -> list[str]:
        return [sentence for sentence, _ in self.heard]

    def all(self, qtbot) -> list[str]:
        """All that is said until it is silent; what was said before is gone."""
        qtbot.waitUntil(lambda: not self.speaker.speaking)
        found, self.heard = self.sentences, []
        return found
