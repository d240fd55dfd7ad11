"""Where the hall's sound goes: the sound card, one WAV file, or nowhere.

What is wrong with it is told through ``report`` as (state, reason); the hall goes on without sound.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QObject, Slot

from display.chime import BYTES_PER_SAMPLE, RATE
from display.sinks import FileSound, NoSound
from kiosk.ui.outputs import CARDS, Outputs, failed, hall_output, unheard
from kiosk.ui.threads import GuiPost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtMultimedia import QAudioSink

    from display.sinks import Report, Sink
    from kiosk.board_config import BoardConfig

    Post = Callable[[Callable[[], None]], None]

LATEST: Final = 3.0
"""Seconds that a card may take longer than its sound lasts, to open or to close."""


class CardSound:
    """Plays on the system's sound card; one that is plugged in later is taken up by itself.

    ``name`` is what the system calls the card, "" for the one that it prefers, unless a name of
    that one has one of ``others`` in it. ``cards`` is a file that names those that are plugged in.
    A sound server that hangs keeps whoever calls it for half a minute, so the card has a thread of
    its own. ``post`` brings what it tells to the thread that made it.
    """

    def __init__(
        self,
        report: Report,
        post: Post,
        name: str = "",
        others: Sequence[str] = (),
        cards: Path = CARDS,
    ) -> None:
        self._report = report
        self._post = post
        self._name = name
        self._others = others
        self._cards = cards
        self._asked = 0
        self._done = 0
        self._hangs = False
        self._inbox: GuiPost | None = None
        self._card: _Card | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()
        self._ready.wait(LATEST)

    @property
    def is_busy(self) -> bool:
        if self._hangs:
            return False
        return self._asked != self._done or (self._card is not None and self._card.is_active)

    def play(self, pcm: bytes, volume: float = 1.0) -> None:
        if not self._hangs:
            self._ask(lambda card: card.play(pcm, volume))

    def restart(self) -> None:
        if self._asked == self._done:
            self._ask(lambda card: card.open())
            return
        self._hangs = True
        self._report("fault", "hung")

    def close(self) -> None:
        self._ask(lambda card: card.close())
        self._thread.join(LATEST)

    def _ask(self, order: Callable[[_Card], None]) -> None:
        self._asked += 1
        if self._inbox is not None:
            self._inbox.post(partial(self._do, order))

    def _do(self, order: Callable[[_Card], None]) -> None:
        if self._card is None:
            return
        order(self._card)
        self._done += 1
        if self._hangs and self._done == self._asked:
            self._hangs = False
            self._card.open()

    def _run(self) -> None:
        self._inbox, loop = GuiPost(), QEventLoop()
        self._card = _Card(self._name, self._others, self._tell, loop, self._cards)
        self._card.open()
        self._ready.set()
        loop.exec()
        self._card = self._inbox = None

    def _tell(self, state: str, reason: str) -> None:
        self._post(lambda: self._report(state, reason))


class _Card(QObject):
    """The card itself; lives in one thread, whose ``loop`` ends with it."""

    def __init__(
        self, name: str, others: Sequence[str], report: Report, loop: QEventLoop, cards: Path
    ) -> None:
        super().__init__()
        self._name = name
        self._others = others
        self._report = report
        self._loop = loop
        self._opened = ""
        self._sink: QAudioSink | None = None
        self._source: QBuffer | None = None
        self._pcm = b""
        self._outputs = Outputs(cards)
        self._main = self._outputs.main_key
        self._outputs.changed.connect(self._follow)
        self.is_active = False

    def play(self, pcm: bytes, volume: float) -> None:
        if self._sink is not None:
            self._sink.setVolume(_linear(volume))
            self._start(self._sink, pcm)

    def _start(self, sink: QAudioSink, pcm: bytes) -> None:
        sink.stop()
        source = QBuffer(self)
        source.setData(QByteArray(pcm))
        source.open(QIODevice.OpenModeFlag.ReadOnly)
        sink.start(source)
        if self._source is not None:
            self._source.deleteLater()
        self._source, self._pcm = source, pcm
        self._on_state()

    def close(self) -> None:
        self._outputs.close()
        self._drop()
        self._loop.quit()

    def open(self) -> None:
        """Begins anew on the output that is the right one."""
        self._drop()
        at = self._wanted()
        if at is None:
            self._report("fault", "unplugged")
            return
        sink = self._outputs.open(at, self)
        if sink is None:
            self._report("fault", "error")
            return
        sink.stateChanged.connect(self._on_state)
        self._sink, self._opened = sink, self._outputs.all[at].key
        self._report("ok", "")

    def _wanted(self) -> int | None:
        found = self._outputs
        return hall_output(found.all, found.main, self._name, self._others)

    def _drop(self) -> None:
        self.is_active = False
        self._opened = ""
        if self._sink is not None:
            sink, self._sink = self._sink, None
            sink.stateChanged.disconnect(self._on_state)
            sink.stop()
            sink.deleteLater()

    @Slot()
    def _follow(self) -> None:
        """What is being said goes on, unless another output is the right one now."""
        found, at = self._outputs, self._wanted()
        main, self._main = self._main, found.main_key
        if at is None or self._sink is None or found.all[at].key != self._opened:
            if self._sink is not None:
                # stop() alone can wait for the rest to be heard, on a card that has gone.
                self._sink.reset()
            self.open()
        elif main != found.main_key and self._source is not None and not self._source.atEnd():
            self._start(self._sink, unheard(self._sink, self._pcm))

    @Slot()
    def _on_state(self) -> None:
        from PySide6.QtMultimedia import QtAudio

        if self._sink is None:
            return
        self.is_active = self._sink.state() is QtAudio.State.ActiveState
        bad = failed(self._sink)
        self._report("fault" if bad else "ok", "error" if bad else "")


def _linear(volume: float) -> float:
    """What a card is told, for a volume as people feel it."""
    from PySide6.QtMultimedia import QAudio

    return QAudio.convertVolume(
        volume,
        QAudio.VolumeScale.LogarithmicVolumeScale,
        QAudio.VolumeScale.LinearVolumeScale,
    )


def play_to_end(
    pcm: bytes, volume: float, name: str = "", others: Sequence[str] = ()
) -> tuple[str, str]:
    """Plays on the sound card, as CardSound does, and waits for the end; returns what the card told
    last."""
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication.instance() or QCoreApplication([])
    told: list[tuple[str, str]] = []
    card = CardSound(
        lambda state, reason: told.append((state, reason)), lambda call: call(), name, others
    )
    card.play(pcm, volume)
    ends = time.monotonic() + len(pcm) / BYTES_PER_SAMPLE / RATE
    while time.monotonic() < ends + card.is_busy * LATEST and told[-1][0] == "ok":
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.01)
    card.close()
    return told[-1]


def open_sink(
    board: BoardConfig, folder: Path, report: Report, post: Post, others: Sequence[str] = ()
) -> Sink:
    """Where ``[board]`` wants the sound; a relative file stands in ``folder``, and ``post`` and
    ``others`` are as in CardSound."""
    if board.sound == "card":
        return CardSound(report, post, board.sound_card, others)
    if board.sound == "file":
        return FileSound(folder / board.sound_file, report)
    return NoSound()
