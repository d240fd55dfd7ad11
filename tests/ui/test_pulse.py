"""Windows beat while frames come, and only then: a GUI thread that runs is not yet a picture."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtQuick import QQuickWindow

from kiosk.life import Life
from kiosk.ui.pulse import SCREEN_SECONDS, Pulse
from kiosk.ui.threads import GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hall import Seconds


class Stuck(QObject):
    """A renderer that is asked for frames and makes none, while ``on``."""

    on = True

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        return self.on and event.type() is QEvent.Type.UpdateRequest


@pytest.fixture
def life(seconds: Seconds) -> Life:
    life = Life("windows", clock=seconds)
    life.ready()
    return life


@pytest.fixture
def window(qapp, qtbot) -> Iterator[QQuickWindow]:
    window = QQuickWindow()
    window.resize(200, 100)
    with qtbot.waitSignal(window.frameSwapped, timeout=10000):
        window.show()
    yield window
    window.destroy()


@pytest.fixture
def pulse(life: Life, window: QQuickWindow) -> Iterator[Pulse]:
    with ExitStack() as stack:
        post = GuiPost()
        worker = Worker(post)
        stack.callback(worker.close)
        stack.callback(post.close)
        parts = (
            stack.enter_context(life.part(name, SCREEN_SECONDS)) for name in ("screens", "worker")
        )
        pulse = Pulse(*parts, worker)
        pulse.close()  # tests turn the clock, and beat by hand
        yield pulse


def beats(pulse: Pulse, life: Life, seconds: Seconds, qtbot) -> bool:
    """Whether a second later screens and worker beat, when what was asked for has had its time."""
    seconds.now += 1
    due = [part._due for part in life._parts]

    def all_beat() -> bool:
        return all(part._due > was for part, was in zip(life._parts, due, strict=True))

    pulse.beat()
    qtbot.waitUntil(lambda: pulse._asked is False and life._parts[1]._due > due[1], timeout=10000)
    return all_beat()


def test_a_window_that_shows_its_frames_is_alive(
    life: Life, pulse: Pulse, seconds: Seconds, qtbot
) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: all(one.fresh for one in pulse._screens.values()), timeout=10000)
        assert beats(pulse, life, seconds, qtbot)
        assert life.late() is None


def test_a_renderer_that_is_stuck_is_late_although_the_thread_runs(
    life: Life, pulse: Pulse, window: QQuickWindow, seconds: Seconds, qtbot
) -> None:
    stuck = Stuck()
    window.installEventFilter(stuck)
    assert beats(pulse, life, seconds, qtbot)
    for _ in range(round(SCREEN_SECONDS) + 1):
        assert not beats(pulse, life, seconds, qtbot)
    assert life.late() == "screens"
    stuck.on = False
    window.update()
    qtbot.waitUntil(lambda: all(one.fresh for one in pulse._screens.values()), timeout=10000)
    assert beats(pulse, life, seconds, qtbot)
    assert life.late() is None


def test_a_window_that_nobody_sees_owes_no_frame(
    life: Life, pulse: Pulse, window: QQuickWindow, seconds: Seconds, qtbot
) -> None:
    window.installEventFilter(Stuck(window))
    assert beats(pulse, life, seconds, qtbot)
    assert not beats(pulse, life, seconds, qtbot)
    window.hide()
    qtbot.waitUntil(lambda: not window.isExposed(), timeout=10000)
    assert beats(pulse, life, seconds, qtbot)
