"""Where the touch window's speech sounds: its loudspeaker or its earphones, or a WAV file.

The hall's announcements have an output of their own and never come here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal, Slot

from display.chime import BYTES_PER_SAMPLE, RATE
from display.pcm import clipped, from_bytes, to_bytes
from display.sinks import FileSound
from kiosk.ui.outputs import CARDS, Outputs, failed, unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtMultimedia import QAudioSink

    from kiosk.touch_config import TouchConfig
    from kiosk.ui.outputs import Output

    Report = Callable[[str, str], None]

log = logging.getLogger(__name__)

LOOK_MS: Final = 50
"""So long somebody else may hear what was meant for earphones that are pulled out."""
BUFFER_SECONDS: Final = 0.1
"""What the sound card is ahead of the ear."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which of the outputs it is (None: there is none), and whether nobody else hears it."""

    output: int | None
    alone: bool


def route(
    outputs: Sequence[Output], main: int, settings: TouchConfig, hall: str = "", *, plugged: bool
) -> Route:
    """``outputs`` are all there are, ``main`` the index of the system's own or -1, ``hall`` the
    name of the one that is kept for the hall's calls, "" for none.

    Earphones are the output whose name has ``earphones_device`` in it. With "plug" they are there
    as long as they are ``plugged`` in, and nobody else's output otherwise; with "always" nothing
    else is ever spoken to.
    """
    free = [at for at, one in enumerate(outputs) if not one.called(hall)]
    ears = [at for at in free if outputs[at].has(settings.earphones_device)]
    own = [at for at in (main, *free) if at in free]
    if settings.earphones == "always":
        usual = own if not settings.earphones_device else []
        return Route(next(iter(ears or usual), None), alone=True)
    if settings.earphones == "plug" and plugged and ears:
        return Route(ears[0], alone=True)
    taken = ears if settings.earphones == "plug" else []
    if settings.speaker:
        own = [at for at, one in enumerate(outputs) if one.has(settings.speaker)]
    return Route(next((at for at in own if at not in taken), None), alone=False)


class Outlet(QObject):
    """``alone`` says that nobody else hears; ``changed`` that it, or ``ready``, is not what it was.

    ``ended`` follows when what was played has been heard, unless it was stopped.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, *, ready: bool, alone: bool) -> None:
        super().__init__()
        self.ready = ready
        self.alone = alone

    def play(self, pcm: bytes, gain: float) -> None:
        """Starts it at once, ``gain`` a share of 1."""
        raise NotImplementedError

    def stop(self) -> None:
        """Silence, before this returns."""
        raise NotImplementedError

    def pause(self, *, paused: bool) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class FileOutlet(Outlet):
    """Appends what is spoken to a WAV file and takes as long for it as an ear would."""

    def __init__(self, path: Path, report: Report, *, alone: bool = False) -> None:
        super().__init__(ready=True, alone=alone)
        self._file = FileSound(path, report)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.ended)
        self._left = 0

    @property
    def sounds(self) -> bool:
        return self._timer.isActive()

    def plug(self, *, alone: bool) -> None:
        """Earphones go in or out."""
        if alone != self.alone:
            self.alone = alone
            self.changed.emit()

    def play(self, pcm: bytes, gain: float) -> None:
        self._file.play(to_bytes(clipped([sample * gain for sample in from_bytes(pcm)])))
        self._timer.start(round(len(pcm) * 1000 / (RATE * BYTES_PER_SAMPLE)))

    def stop(self) -> None:
        self._timer.stop()

    def pause(self, *, paused: bool) -> None:
        if paused:
            self._left = max(0, self._timer.remainingTime())
            self._timer.stop()
        else:
            self._timer.start(self._left)

    def close(self) -> None:
        self.stop()
        self._file.close()


class CardOutlet(Outlet):
    """Plays on the output that ``route`` names; outputs may come and go.

    ``hall`` is the card that ``[board]`` names for the calls; ``cards`` a file that names the sound
    cards that are there.
    """

    def __init__(
        self, settings: TouchConfig, report: Report, hall: str = "", cards: Path = CARDS
    ) -> None:
        super().__init__(ready=False, alone=False)
        self._settings = settings
        self._report = report
        self._hall = hall
        self._opened = ""
        self._names: list[str] | None = None
        self._sink: QAudioSink | None = None
        self._source: QBuffer | None = None
        self._pcm = b""
        self._gain = 1.0
        self._outputs = Outputs(cards, LOOK_MS)
        self._main = self._outputs.main_key
        self._outputs.changed.connect(self._look)
        self._look()

    def play(self, pcm: bytes, gain: float) -> None:
        self.stop()
        if self._sink is None:
            return
        source = QBuffer(self)
        source.setData(QByteArray(pcm))
        source.open(QIODevice.OpenModeFlag.ReadOnly)
        self._source, self._pcm, self._gain = source, pcm, gain
        self._sink.setVolume(gain)
        self._sink.start(source)

    def stop(self) -> None:
        source, self._source, self._pcm = self._source, None, b""
        if self._sink is not None:
            # What lies in its buffer goes too.
            self._sink.reset()
        if source is not None:
            source.deleteLater()

    def pause(self, *, paused: bool) -> None:
        if self._sink is not None:
            if paused:
                self._sink.suspend()
            else:
                self._sink.resume()

    def close(self) -> None:
        self._outputs.close()
        self._drop()

    def _is_plugged(self) -> bool:
        part = self._settings.earphones_device.lower()
        return bool(part) and part in self._outputs.text.lower()

    def _drop(self) -> None:
        self.stop()
        if self._sink is not None:
            sink, self._sink = self._sink, None
            sink.stateChanged.disconnect(self._on_state)
            sink.deleteLater()

    @Slot()
    def _look(self) -> None:
        """Takes the output that is the right one now; another one silences what still plays."""
        outputs = self._outputs
        names = [one.name for one in outputs.all]
        if names != self._names:
            self._names = names
            log.info("outputs for speech: %s", ", ".join(names) or "none")
        plugged = self._is_plugged()
        found = route(outputs.all, outputs.main, self._settings, self._hall, plugged=plugged)
        wanted = outputs.all[found.output].key if found.output is not None else ""
        before = (self.alone, self.ready)
        if wanted != self._opened or self._sink is None:
            self._drop()
            self._opened = wanted
            self._open(found.output)
        elif outputs.main_key != self._main:
            self._begin_again()
        self._main = outputs.main_key
        self.alone = found.alone
        if before != (self.alone, self.ready):
            self.changed.emit()

    def _begin_again(self) -> None:
        """Goes on where it was, and where it is to be heard."""
        from PySide6.QtMultimedia import QtAudio

        if self._sink is None or self._source is None:
            return
        paused = self._sink.state() == QtAudio.State.SuspendedState
        self.play(unheard(self._sink, self._pcm), self._gain)
        if paused:
            self._sink.suspend()

    def _open(self, at: int | None) -> None:
        self.ready = False
        if at is None:
            self._report("warning", "unplugged")
            return
        sink = self._outputs.open(at, self)
        if sink is None:
            self._report("warning", "error")
            return
        sink.setBufferSize(round(BUFFER_SECONDS * RATE) * BYTES_PER_SAMPLE)
        sink.stateChanged.connect(self._on_state)
        self._sink = sink
        self.ready = True
        self._report("ok", "")

    @Slot()
    def _on_state(self) -> None:
        from PySide6.QtMultimedia import QtAudio

        if self._sink is None or self._source is None:
            return
        if failed(self._sink):
            self._report("warning", "error")
            self.stop()
            self.ended.emit()
        elif self._sink.state() == QtAudio.State.IdleState:
            if not self._source.atEnd():
                # Taken along to another output it stops for a moment, which is no end.
                self._begin_again()
                return
            self.stop()
            self.ended.emit()
