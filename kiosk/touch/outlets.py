"""Where the touch window's speech sounds: its loudspeaker or its earphones, or a WAV file.

The hall's announcements have an output of their own and never come here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal, Slot

from display.chime import BYTES_PER_SAMPLE, RATE
from display.pcm import clipped, from_bytes, to_bytes
from display.sound import FileSound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtMultimedia import QAudioDevice, QAudioSink

    from kiosk.touch_config import TouchConfig

    Report = Callable[[str, str], None]

log = logging.getLogger(__name__)

CARDS: Final = Path("/proc/asound/cards")
"""Where Linux lists the sound cards that are plugged in: Qt 6.12 hears nothing of one that goes,
and PulseAudio then moves what it plays to the loudspeaker (both measured)."""
LOOK_MS: Final = 50
BUFFER_SECONDS: Final = 0.1
"""What the sound card is ahead of the ear."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which of the outputs it is (None: there is none), and whether nobody else hears it."""

    output: int | None
    alone: bool


def route(outputs: Sequence[str], main: int, settings: TouchConfig, *, plugged: bool) -> Route:
    """``outputs`` are the names of all there are, ``main`` the index of the system's own or -1.

    Earphones are the output whose name has ``earphones_device`` in it. With "plug" they are there
    as long as they are ``plugged`` in, and nobody else's output otherwise; with "always" nothing
    else is ever spoken to.
    """
    ears = _named(outputs, settings.earphones_device)
    own = [main, *range(len(outputs))]
    if settings.earphones == "always":
        return Route(ears[0] if ears else _first(own, outputs, settings), alone=True)
    if settings.earphones == "plug" and plugged and ears:
        return Route(ears[0], alone=True)
    taken = ears if settings.earphones == "plug" else []
    if settings.speaker:
        own = _named(outputs, settings.speaker)
    return Route(next((at for at in own if at not in taken and at >= 0), None), alone=False)


def _named(outputs: Sequence[str], part: str) -> list[int]:
    return [at for at, name in enumerate(outputs) if part and part.lower() in name.lower()]


def _first(own: Sequence[int], outputs: Sequence[str], settings: TouchConfig) -> int | None:
    """The main output, where the earphones have no name of their own."""
    known = [at for at in own if 0 <= at < len(outputs)]
    return known[0] if known and not settings.earphones_device else None


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

    ``cards`` is a file that names the sound cards that are there.
    """

    def __init__(self, settings: TouchConfig, report: Report, cards: Path = CARDS) -> None:
        # Loaded here: its libraries cost 20 MB, and not every kiosk speaks.
        from PySide6.QtMultimedia import QMediaDevices

        super().__init__(ready=False, alone=False)
        self._settings = settings
        self._report = report
        self._opened = b""
        self._names: list[str] | None = None
        self._sink: QAudioSink | None = None
        self._source: QBuffer | None = None
        self._cards = cards
        self._plugged = self._is_plugged()
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._look)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._watch)
        if settings.earphones == "plug":
            self._timer.start()
        self._look()

    def play(self, pcm: bytes, gain: float) -> None:
        self.stop()
        if self._sink is None:
            return
        source = QBuffer(self)
        source.setData(QByteArray(pcm))
        source.open(QIODevice.OpenModeFlag.ReadOnly)
        self._source = source
        self._sink.setVolume(gain)
        self._sink.start(source)

    def stop(self) -> None:
        source, self._source = self._source, None
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
        self._timer.stop()
        self._devices.audioOutputsChanged.disconnect(self._look)
        self._drop()

    def _is_plugged(self) -> bool:
        part = self._settings.earphones_device.lower()
        if not part or self._settings.earphones != "plug":
            return False
        try:
            return part in self._cards.read_text("utf-8", "replace").lower()
        except OSError:
            return False

    @Slot()
    def _watch(self) -> None:
        plugged = self._is_plugged()
        if plugged != self._plugged:
            self._plugged = plugged
            self._look()

    def _drop(self) -> None:
        self.stop()
        if self._sink is not None:
            sink, self._sink = self._sink, None
            sink.stateChanged.disconnect(self._on_state)
            sink.deleteLater()

    @Slot()
    def _look(self) -> None:
        """Takes the output that is the right one now; another one silences what still plays."""
        from PySide6.QtMultimedia import QMediaDevices

        outputs = QMediaDevices.audioOutputs()
        ids = [bytes(device.id().data()) for device in outputs]
        main = QMediaDevices.defaultAudioOutput()
        at = ids.index(bytes(main.id().data())) if not main.isNull() else -1
        names = [device.description() for device in outputs]
        found = route(names, at, self._settings, plugged=self._plugged)
        if names != self._names:
            self._names = names
            log.info("outputs for speech: %s", ", ".join(names) or "none")
        wanted = ids[found.output] if found.output is not None else b""
        before = (self.alone, self.ready)
        if wanted != self._opened or self._sink is None:
            self._drop()
            self._opened = wanted
            self._open(outputs[found.output] if found.output is not None else None)
        self.alone = found.alone
        if before != (self.alone, self.ready):
            self.changed.emit()

    def _open(self, device: QAudioDevice | None) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink

        self.ready = False
        if device is None:
            self._report("warning", "unplugged")
            return
        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if not device.isFormatSupported(form):
            self._report("warning", "error")
            return
        sink = QAudioSink(device, form, self)
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
        if self._sink.error() not in (QtAudio.Error.NoError, QtAudio.Error.UnderrunError):
            self._report("warning", "error")
            self.stop()
            self.ended.emit()
        elif self._sink.state() == QtAudio.State.IdleState:
            self.stop()
            self.ended.emit()
