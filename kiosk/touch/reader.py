"""Reads the touch window aloud: what is new on it, where the walk stands, what was typed.

It looks at the window after each change, a moment later, when QML has laid it out. Nothing is said
unless speech is on, but that it was switched off.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from display.engines import espeak
from display.numbers import NORTH
from kiosk.texts import texts
from kiosk.touch import said
from kiosk.touch.access import gain
from kiosk.touch.answers import told_entry
from kiosk.touch.catalogue_state import SCREENS
from kiosk.touch.catalogue_view import PARTS as CATALOGUE_PARTS
from kiosk.touch.outlets import CardOutlet, FileOutlet
from kiosk.touch.speaker import Speaker
from kiosk.touch.state import DEFAULT_VOLUME, PERSONAL, Screen
from kiosk.touch.view import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtQuick import QQuickItem

    from display.engines import Engine
    from kiosk.texts import Texts
    from kiosk.touch.bridge import TouchBridge
    from kiosk.touch.outlets import Outlet
    from kiosk.touch.walk import Walk
    from kiosk.touch_config import TouchConfig
    from kiosk.ui.threads import GuiPost

    Report = Callable[[str, str], None]

SETTLED_MS: Final = 20


def open_speaker(
    settings: TouchConfig,
    languages: Sequence[str],
    post: GuiPost,
    report: Report,
    folder: Path,
    engine: Callable[[str], Engine] | None = None,
    hall: str = "",
    region: str = NORTH,
    report_language: Callable[[str, str, str], None] = lambda language, state, reason: None,
) -> tuple[Speaker, Outlet] | None:
    """What speaks, and where; None where nothing is to be spoken. ``folder`` is that of a relative
    sound file, ``hall`` the name of the card that is the calls' alone, "" for none; ``engine``
    gives what speaks a language, None for espeak-ng in the Vietnamese of ``region``; both
    reports are as in Speaker."""
    if settings.speech == "none":
        return None
    outlet: Outlet
    if settings.speech == "card":
        outlet = CardOutlet(settings, report, hall)
    else:
        alone = settings.earphones == "always"
        outlet = FileOutlet(folder / settings.speech_file, report, alone=alone)
    speaks = engine or partial(espeak, region=region)
    speaker = Speaker(speaks, languages, outlet, post, report, region, report_language)
    return speaker, outlet


class Reader(QObject):
    """``keys`` is whether the person uses keys, and so learns what they do."""

    def __init__(
        self,
        bridge: TouchBridge,
        walk: Walk,
        settings: TouchConfig,
        opened: tuple[Speaker, Outlet] | None,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._walk = walk
        self._takes_earphones = settings.earphones != "never"
        self._speaker: Speaker | None = None
        self._outlet: Outlet | None = None
        if opened is not None:
            self._speaker, self._outlet = opened
        self.keys = False
        self._alone = False
        self._speech = False
        self._screen = bridge.view.screen
        self._seen: tuple[str, ...] = ()
        self._head: tuple[str, ...] = ()
        self._language = bridge.state.language
        self._entry = ""
        self._waiting = ""
        self._told_control = ""
        self._warned = False
        self._lines = 0
        self._soon = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._soon.timeout.connect(self.look)
        for name in PARTS:
            getattr(bridge, f"{name}Changed").connect(self._later)
        bridge.screenChanged.connect(self._later)
        for name in CATALOGUE_PARTS:
            getattr(bridge.catalogue, f"{name}Changed").connect(self._later)
        bridge.listening = self._is_heard
        if self._speaker is not None and self._outlet is not None:
            self._speaker.ableChanged.connect(self._on_able)
            self._speaker.ended.connect(self._on_ended)
            self._outlet.changed.connect(self._on_earphones)
            self._alone = self._outlet.alone

    # What is asked of it

    @property
    def on(self) -> bool:
        return self._speaker is not None and self._bridge.state.speech

    @property
    def speaker(self) -> Speaker | None:
        return self._speaker

    @property
    def outlet(self) -> Outlet | None:
        return self._outlet

    def hush(self) -> None:
        """Silence at once: the person does something."""
        if self._speaker is not None:
            self._speaker.stop()

    def pause(self) -> None:
        if self._speaker is not None:
            self._speaker.pause()

    def say(self, *sentences: str) -> None:
        if self.on:
            self._speak(sentences)

    def say_control(self, *before: str) -> None:
        """The control that the walk has come to."""
        if self.on:
            self._told_control = self._control(self._walk.item)
            self._speak((*before, self._told_control))

    def say_text(self, text: str) -> None:
        """What lies below a finger and is no control."""
        if self.on:
            shown, hearing = Screen(self._bridge.view.screen), self._hearing()
            self._speak((said.text(text, shown, self._words(), hearing),))

    def repeat(self, *before: str) -> None:
        """The whole screen, and where the walk stands."""
        if self.on:
            told = self._told()
            self._told_control = self._control(self._walk.item)
            self._speak((*before, *told.head, *told.body, self._told_control))

    def help(self) -> None:
        if self.on:
            self._speak(said.help_with(self._bridge.view, self._words()))

    def say_volume(self) -> None:
        self.say(self._bridge.view.access.volume)

    def words_of(self, key: str) -> str:
        return self._words().say(f"said.{key}")

    def close(self) -> None:
        self._soon.stop()
        if self._speaker is not None:
            self._speaker.close()

    # How it follows the window

    @Slot()
    def _later(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def look(self) -> None:
        """Finds what is new, walks there and says it."""
        self._soon.stop()
        view, state = self._bridge.view, self._bridge.state
        if not (self.on or self._speech or self._walk.ring):
            self._screen, self._entry = view.screen, self._typed()
            return
        seen = self._walk.seen()
        another = view.screen != self._screen or (view.screen in SCREENS and seen[:1] != self._seen)
        self._screen, self._seen = view.screen, seen[:1]
        self._walk.settle(anew=another)
        if state.speech != self._speech:
            self._on_switched()
        elif self.on:
            self._say_news(another=another)

    def _say_news(self, *, another: bool) -> None:
        view, told = self._bridge.view, self._told()
        entry, before = self._typed(), self._entry
        head, control = self._head, self._told_control
        lines = len(self._bridge.catalogue.view.search.main.lines)
        waits = bool(view.chrome.waiting) and not self._waiting
        self._remember(told.head)
        warned, self._warned = self._warned, view.warn.shown
        if warned and not view.warn.shown and not another:
            self.say_control(self.words_of("stayed"))
        elif waits:
            self.say(view.chrome.waiting)
        elif told.head != head:
            self.repeat()
        elif entry != before:
            self.say(said.typed(before, entry, self._words(), self._hearing()))
        elif lines != self._lines and view.screen == Screen.SEARCH:
            self._lines = lines
            self.say(self._words().count("said.found", lines))
        elif self._control(self._walk.item) != control:
            self.say_control()

    def _remember(self, head: tuple[str, ...]) -> None:
        self._head, self._entry = head, self._typed()
        self._waiting = self._bridge.view.chrome.waiting
        self._language = self._bridge.state.language

    def _on_switched(self) -> None:
        self._speech = self.on
        if self.on:
            self._remember(self._told().head)
            self._walk.show(ring=True)
            self._walk.settle(anew=self._walk.item is None)
            office = self._bridge.view.chrome.office
            self.repeat(*said.hello(self._words(), keys=self.keys, office=office))
        elif self._speaker is not None:
            self._walk.forget()
            self._speaker.forget()
            language = self._language
            self._speaker.say((texts(language).say("said.off"),), language, gain(DEFAULT_VOLUME))

    @Slot()
    def _on_able(self) -> None:
        assert self._speaker is not None
        speaks, mute = self._speaker.able, self._speaker.mute
        state = replace(self._bridge.state, speaks=speaks, mute=mute)
        self._bridge.fold(replace(state, speech=state.reads and state.speech))

    @Slot()
    def _on_ended(self) -> None:
        """From now on nobody hears anything: the time of quiet begins."""
        if self.on and not self._bridge.view.warn.shown:
            state = self._bridge.state
            self._bridge.fold(replace(state, touched_at=self._bridge.now()))

    @Slot()
    def _on_earphones(self) -> None:
        """Earphones that go in begin to speak; without them nothing personal is said any more."""
        assert self._outlet is not None
        if self._outlet.alone == self._alone:
            return
        self._alone = self._outlet.alone
        self.hush()
        if self.on:
            self.repeat()
        elif self._alone and self._bridge.state.reads:
            self.keys = True
            self._bridge.touched()
            self._bridge.switchMode("speech")

    def _is_heard(self) -> bool:
        return self.on and self._speaker is not None and self._speaker.speaking

    # What is said

    def _told(self) -> said.Told:
        walk, covered = self._walk, self._walk.sheet is not None
        view, words, hearing = self._bridge.view, self._words(), self._hearing()
        return said.screen(view, walk.seen(), words, hearing, covered=covered)

    def _control(self, item: QQuickItem | None) -> str:
        if item is None:
            return ""
        shown = Screen(self._bridge.view.screen)
        return said.control(self._walk.described(item), shown, self._words(), self._hearing())

    def _words(self) -> Texts:
        return texts(self._bridge.state.language)

    def _typed(self) -> str:
        state = self._bridge.state
        if state.screen is Screen.SEARCH:
            return self._bridge.catalogue.state.entry
        return state.entry

    def _hearing(self) -> said.Hearing:
        state = self._bridge.state
        return said.Hearing(
            # What is searched for is nobody's own.
            alone=(self._outlet is not None and self._outlet.alone)
            or state.screen is Screen.SEARCH,
            earphones=self._takes_earphones,
            typed=self._typed(),
            own=told_entry(state.entry) if state.entry else "",
            classes=tuple(one.name for one in self._bridge.view.classes.classes),
        )

    def _speak(self, sentences: Sequence[str]) -> None:
        assert self._speaker is not None
        state = self._bridge.state
        secret = self._alone and (state.screen in PERSONAL or bool(state.entry))
        self._speaker.say(sentences, state.language, gain(state.volume), secret=secret)
