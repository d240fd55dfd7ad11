"""The outputs for sound that are there now: for the hall's calls, and the touch window's speech.

Qt 6.12 tells of outputs that come and of another default, but of no other one that goes: that stays
in the list, and a sound server moves what plays on it, or is to, to whatever else there is.
Measured on PipeWire 0.3.65 and PulseAudio 16.1. So the cards that Linux has are looked at too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from display.chime import BYTES_PER_SAMPLE, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink

    from kiosk.touch_config import TouchConfig

CARDS: Final = Path("/proc/asound/cards")
"""Where Linux lists the sound cards that are plugged in."""
LOOK_MS: Final = 250
DUMMIES: Final = frozenset({"auto_null"})
"""What PulseAudio and PipeWire offer in place of a card when there is none."""
_CARD: Final = re.compile(r"^\s*\d+ \[[^\]]*\]: .*? - (.+)\n\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Output:
    """``key`` is the sound server's own name of it, ``name`` the one for people."""

    key: str
    name: str

    def has(self, part: str) -> bool:
        """Whether a name of it has this in it, be it with other signs between the words."""
        names, wanted = f"{self.name}\n{self.key}".lower(), _letters(part)
        return bool(wanted) and (part.lower() in names or wanted in _letters(names))

    def called(self, name: str) -> bool:
        return bool(name) and name in (self.key, self.name)


Card = tuple[str, ...]
"""The names of a card, in small letters and digits alone."""


def cards(text: str) -> frozenset[Card]:
    """Of /proc/asound/cards. A card's second line says where it is plugged in, too."""
    found = set()
    for short, long in _CARD.findall(text):
        names = (short, re.sub(r"\s+at .*$", "", long))
        found.add(tuple(sorted({_letters(name) for name in names} - {""})))
    return frozenset(found)


def is_of(output: Output, card: Card) -> bool:
    """A server names an output after the maker and the model that the card gives."""
    names = f" {_letters(output.key)} | {_letters(output.name)} "
    return any(f" {name} " in names for name in card)


def _letters(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def hall_output(
    outputs: Sequence[Output], main: int, name: str, others: Sequence[str]
) -> int | None:
    """Where the hall's calls go: on the output called ``name``, "" for the system's own, which is
    ``main`` (-1: none). That may become another one at any time, and never is one of ``others``:
    parts of the names of the touch window's outputs."""
    if name:
        return next((at for at, one in enumerate(outputs) if one.called(name)), None)
    free = [at for at, one in enumerate(outputs) if not any(one.has(part) for part in others)]
    return main if main in free else next(iter(free), None)


def touch_outputs(touch: TouchConfig) -> tuple[str, ...]:
    """Parts of the names of the outputs that are the touch window's alone."""
    ears = touch.earphones_device if touch.earphones != "never" else ""
    return tuple(part for part in (ears, touch.speaker) if part and touch.speech == "card")


class Outputs(QObject):
    """``changed`` follows whenever others are there, or another one is the system's own."""

    changed = Signal()

    def __init__(self, cards: Path = CARDS, interval: int = LOOK_MS) -> None:
        # Loaded here: its libraries cost 20 MB, and not every machine has sound.
        from PySide6.QtMultimedia import QMediaDevices

        super().__init__()
        self._path = cards
        self.text = ""
        """What Linux tells of its cards; "" where there are none."""
        self._there: frozenset[Card] = frozenset()
        self._known: frozenset[Card] = frozenset()
        self._qt: Sequence[QAudioDevice] = ()
        self.all: tuple[Output, ...] = ()
        self.main = -1
        self._look()
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._on_changed)
        self._timer = QTimer(self, interval=interval)
        self._timer.timeout.connect(self._watch)
        self._timer.start()
        self._read()

    @property
    def main_key(self) -> str:
        return self.all[self.main].key if self.main >= 0 else ""

    def close(self) -> None:
        self._timer.stop()
        self._devices.audioOutputsChanged.disconnect(self._on_changed)

    def open(self, at: int, parent: QObject) -> QAudioSink | None:
        """For the hall's PCM, or None where that output cannot play it."""
        from PySide6.QtMultimedia import QAudioSink

        form = _form()
        if not self._qt[at].isFormatSupported(form):
            return None
        return QAudioSink(self._qt[at], form, parent)

    @Slot()
    def _on_changed(self) -> None:
        self._look()
        self._read()
        self.changed.emit()

    @Slot()
    def _watch(self) -> None:
        if self._look():
            self._read()
            self.changed.emit()

    def _look(self) -> bool:
        """Whether Linux tells of other cards than before."""
        try:
            text = self._path.read_text("utf-8", "replace")
        except OSError:
            text = ""
        if text == self.text:
            return False
        self.text, self._there = text, cards(text)
        self._known |= self._there
        return True

    def _read(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        pairs = [(_output(device), device) for device in QMediaDevices.audioOutputs()]
        pairs = [(one, device) for one, device in pairs if self._is_there(one)]
        self.all, self._qt = tuple(one for one, _ in pairs), [device for _, device in pairs]
        own = QMediaDevices.defaultAudioOutput()
        main = "" if own.isNull() else _output(own).key
        self.main = next((at for at, one in enumerate(self.all) if one.key == main), -1)

    def _is_there(self, output: Output) -> bool:
        if output.key in DUMMIES:
            return False
        lost = any(is_of(output, card) for card in self._known - self._there)
        return not lost or any(is_of(output, card) for card in self._there)


def listed() -> tuple[tuple[Output, ...], int]:
    """The outputs that are there now, and which is the system's own (-1: none), for a process that
    does nothing else."""
    app = QCoreApplication.instance() or QCoreApplication([])
    found = Outputs()
    told = found.all, found.main
    found.close()
    del app
    return told


def unheard(sink: QAudioSink, pcm: bytes) -> bytes:
    """What it has not played yet of this. PipeWire takes what plays on the system's own output
    along to another one that becomes that, but not what begins afterwards."""
    return pcm[sink.processedUSecs() * RATE // 1_000_000 * BYTES_PER_SAMPLE :]


def failed(sink: QAudioSink) -> bool:
    """Whether it cannot play; one that only had nothing to play for a moment can."""
    from PySide6.QtMultimedia import QtAudio

    return sink.error() not in (QtAudio.Error.NoError, QtAudio.Error.UnderrunError)


def _output(device: QAudioDevice) -> Output:
    return Output(bytes(device.id().data()).decode("utf-8", "replace"), device.description())


def _form() -> QAudioFormat:
    from PySide6.QtMultimedia import QAudioFormat

    form = QAudioFormat()
    form.setSampleRate(RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    assert form.bytesPerSample() == BYTES_PER_SAMPLE
    return form
