"""Sentences into sound, one after another, each made while the one before it is heard.

The engine runs on a thread of its own. What was begun and is no longer wanted is dropped when it
comes.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from display.engines import trouble_of
from display.numbers import NORTH
from kiosk.touch.spelling import spelled
from kiosk.ui.threads import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from display.engines import Engine
    from kiosk.errors import Refused, Unavailable
    from kiosk.touch.outlets import Outlet
    from kiosk.ui.threads import GuiPost

    Report = Callable[[str, str], None]

ALL_WELL: Final = ("ok", "")
RETRY_MS: Final = 30_000
KEPT_BYTES: Final = 24_000_000
"""Four minutes of sentences: the hundred short ones that all people hear."""


class Speaker(QObject):
    """``able`` is whether it can speak, ``mute`` the languages that it cannot; ``spoke`` tells each
    sentence as it begins to be heard.

    ``report(state, reason)`` is told how it speaks, ``report_language(language, state, reason)``
    of each language that alone has no voice, and when it has.
    """

    spoke = Signal(str, bool)
    ended = Signal()
    ableChanged = Signal()

    def __init__(
        self,
        engine: Callable[[str], Engine],
        languages: Sequence[str],
        outlet: Outlet,
        post: GuiPost,
        report: Report,
        region: str = NORTH,
        report_language: Callable[[str, str, str], None] = lambda language, state, reason: None,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._region = region
        self._languages = languages
        self._outlet = outlet
        self._report = report
        self._report_language = report_language
        self._told: dict[str, str] = {}
        self._worker = Worker(post)
        self._waiting: deque[str] = deque()
        self._made: tuple[str, bytes] | None = None
        self._making = False
        self._playing = False
        self._epoch = 0
        self._language = ""
        self._gain = 1.0
        self._secret = False
        self._paused = False
        self._sound = False
        self._failure = ""
        self.mute: frozenset[str] = frozenset()
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._retry = QTimer(self, interval=RETRY_MS)
        self._retry.timeout.connect(self.probe)
        outlet.ended.connect(self._on_ended)
        outlet.changed.connect(self._on_outlet)
        self.probe()

    @property
    def able(self) -> bool:
        return self._sound and self._outlet.ready

    @property
    def speaking(self) -> bool:
        """Whether anything is heard or will be; a pause counts as hearing."""
        return self._playing or self._making or bool(self._waiting) or self._made is not None

    @property
    def paused(self) -> bool:
        return self._paused

    def say(
        self, sentences: Sequence[str], language: str, gain: float, *, secret: bool = False
    ) -> None:
        """Says them instead of what is being said; ``secret`` ones are not kept, and are dropped
        when somebody else could hear them."""
        self.stop()
        if not self.able or language in self.mute:
            return
        self._language, self._gain, self._secret = language, gain, secret
        self._waiting.extend(sentence for sentence in sentences if sentence.strip())
        self._go_on()

    def louder(self, gain: float) -> None:
        """From the next sentence on."""
        self._gain = gain

    def stop(self) -> None:
        """Silence, before this returns."""
        self._epoch += 1
        self._waiting.clear()
        self._made, self._making, self._playing, self._paused = None, False, False, False
        self._outlet.stop()

    def pause(self) -> None:
        """Holds what is heard, or goes on with it."""
        if self._playing:
            self._paused = not self._paused
            self._outlet.pause(paused=self._paused)

    def forget(self) -> None:
        """Keeps nothing of what one person heard."""
        self.stop()
        self._kept.clear()

    def close(self) -> None:
        self._retry.stop()
        self.stop()
        self._worker.close()
        self._outlet.close()

    @Slot()
    def probe(self) -> None:
        """Tries which languages the engine speaks; again and again while it does not speak all."""
        engines = {language: self._engine(language) for language in self._languages}

        def work() -> dict[str, str]:
            return {language: trouble_of(engine) for language, engine in engines.items()}

        def found(troubles: dict[str, str]) -> None:
            self._take({language: code for language, code in troubles.items() if code})

        self._worker.submit(work, found, self._on_failed)

    def _take(self, troubles: dict[str, str]) -> None:
        """What is wrong by language; where none speaks it is the engine, not the languages."""
        before = self._sound, self.mute
        self.mute = frozenset(troubles)
        self._sound = bool(set(self._languages) - self.mute)
        failure = "" if self._sound else next(iter(troubles.values()), "")
        if not self._sound or self._language in self.mute:
            self.stop()
        if failure:
            self._report("warning", failure)
        elif self._outlet.ready and (self._failure or not before[0]):
            self._report(*ALL_WELL)
        self._failure = failure
        if self._sound:
            self._tell_languages(troubles)
        if not troubles:
            self._retry.stop()
        elif not self._retry.isActive():
            self._retry.start()
        if before != (self._sound, self.mute):
            self.ableChanged.emit()

    def _tell_languages(self, troubles: dict[str, str]) -> None:
        for language in self._told.keys() - troubles.keys():
            self._report_language(language, *ALL_WELL)
        for language, code in troubles.items():
            if self._told.get(language) != code:
                self._report_language(language, "warning", code)
        self._told = troubles

    def _on_failed(self, error: Refused | Unavailable) -> None:
        """A sentence could not be made, in a language that it does speak: silence until a try of
        all of them tells more."""
        self._take(dict.fromkeys(self._languages, error.code))

    @Slot()
    def _on_outlet(self) -> None:
        # An output that comes says that all is well; without an engine it is not.
        if self._failure:
            self._report("warning", self._failure)
        self.ableChanged.emit()

    def _go_on(self) -> None:
        """Plays what is ready, and makes the next."""
        if self._secret and not self._outlet.alone:
            self.stop()
        if not self._playing and self._made is not None:
            (sentence, pcm), self._made = self._made, None
            self._playing = True
            self.spoke.emit(sentence, self._outlet.alone)
            self._outlet.play(pcm, self._gain)
        if self._made is None and not self._making and self._waiting:
            self._make(self._waiting.popleft())

    def _make(self, sentence: str) -> None:
        self._making = True
        epoch, language = self._epoch, self._language
        known = self._kept.get((language, sentence))
        if known is not None:
            self._kept.move_to_end((language, sentence))
            self._on_made(epoch, sentence, known)
            return
        engine, told = self._engine(language), spelled(sentence, language, self._region)

        def work() -> bytes:
            return engine.speak(told) if epoch == self._epoch else b""

        def failed(error: Refused | Unavailable) -> None:
            self._on_failed(error)

        self._worker.submit(work, partial(self._on_new, epoch, language, sentence), failed)

    def _on_new(self, epoch: int, language: str, sentence: str, pcm: bytes) -> None:
        if epoch != self._epoch:
            return
        if not self._secret:
            self._kept[language, sentence] = pcm
            while sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
        self._on_made(epoch, sentence, pcm)

    def _on_made(self, epoch: int, sentence: str, pcm: bytes) -> None:
        if epoch == self._epoch:
            self._making = False
            self._made = (sentence, pcm) if pcm else None
            self._go_on()
            if not self.speaking:
                self.ended.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._playing = False
        self._go_on()
        if not self.speaking:
            self.ended.emit()
