"""The counter window's view model: what QML reads of the state, and what it calls."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.counter.derive import derive
from kiosk.counter.keys import by_key, caps
from kiosk.counter.sheets import choice_for
from kiosk.counter.state import Screen, Sheet, State
from kiosk.counter.view import PARTS, View
from kiosk.counter.work import AGAIN_SECONDS, Work
from kiosk.texts import languages
from kiosk.ui.parts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.counter.client import Client, Lost, Said
    from kiosk.counter.memory import Kept
    from kiosk.counter.orders import Order
    from kiosk.counter.settings import Settings
    from kiosk.ui.threads import Worker

QML_IMPORT_NAME = "kiosk.counter"
QML_IMPORT_MAJOR_VERSION = 1


def _part(name: str) -> Callable[[CounterBridge], dict[str, Any]]:
    def read(bridge: CounterBridge) -> dict[str, Any]:
        part: dict[str, Any] = bridge.maps[name]
        return part

    return read


@QmlElement
@QmlUncreatable("The window makes it.")
class CounterBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """What Main.qml reads and calls; every part of the view has its own signal.

    ``folded`` says that the state is another one. ``typed`` is what a numeric pad typed where a
    PIN is asked for: a digit, "\\b" for back and "\\r" for Enter.
    """

    screenChanged = Signal()
    headChanged = Signal()
    deskChanged = Signal()
    clockChanged = Signal()
    sheetChanged = Signal()
    entranceChanged = Signal()
    lockChanged = Signal()
    folded = Signal()
    typed = Signal(str)
    quitAsked = Signal()

    def __init__(
        self,
        client: Client,
        settings: Settings,
        worker: Worker,
        state: State,
        monotonic: Callable[[], float] = time.monotonic,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        super().__init__()
        self._client = client
        self._server = settings.window.server
        self._worker = worker
        self._monotonic = monotonic
        self._caps = caps(settings.keys.table())
        self._keyboard = by_key(settings.keys.table())
        self._pad = by_key(settings.pad.table())
        self.work = Work(self, client, again_seconds=again_seconds)
        self.state = state
        self.view = View()
        self.maps = {name: plain(getattr(self.view, name)) for name in PARTS}
        self.fold(state)

    # What Python calls

    def fold(self, state: State) -> None:
        """Makes ``state`` the present one, and shows what follows from it; the screen last, so
        that it opens on what it has to show."""
        self.state = state
        self._client.language = state.language
        before, self.view = self.view, derive(state, self._caps, self.now())
        names = [name for name in PARTS if getattr(before, name) != getattr(self.view, name)]
        for name in names:
            self.maps[name] = plain(getattr(self.view, name))
        for name in reversed(names):
            getattr(self, f"{name}Changed").emit()
        self.folded.emit()

    def kept(self, before: Kept, place: tuple[int, int]) -> Kept:
        """What is worth keeping of the state; of an enrolled PC the secret too."""
        state, device = self.state, self._client.device
        devices = before.devices
        if device and state.enrolled:
            devices = {**devices, self._server: device}
        return replace(
            before,
            devices=devices,
            place=place,
            small=state.small,
            login=state.login,
            counter=state.counter,
            language=state.language,
        )

    def tick(self) -> None:
        """Moves the timer on."""
        self.fold(self.state)

    def now(self) -> float:
        return self._monotonic()

    def ask(self, order: Order, done: Callable[[Said | Lost], None]) -> None:
        """The answer comes back on the GUI thread."""
        client = self._client
        self._worker.submit(
            lambda: client.ask(order.method, order.path, order.body), done, _none_is_raised
        )

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        QTimer.singleShot(round(seconds * 1000), self, call)

    def touched(self) -> None:
        """A hand at the window; what it presses goes before what tells of it."""
        self.later(0, self.work.stay)

    def pad_is(self, trouble: str) -> None:
        """What is wrong with the numeric pad; "" while it is at work."""
        if trouble != self.state.pad:
            self.fold(replace(self.state, pad=trouble))

    def pad_key(self, key: str) -> None:
        """A key of the numeric pad, whatever has the focus."""
        self.touched()
        if self.state.screen is not Screen.DESK:
            sign = {"Enter": "\r", "Backspace": "\b"}.get(key, key if key.isdigit() else "")
            if sign:
                self.typed.emit(sign)
        elif self.state.sheet is not Sheet.NONE:
            self._sheet_key("Esc" if key == "Backspace" else key)
        elif action := self._pad.get(key):
            self.work.press(action)

    def key(self, key: str) -> bool:
        """A key of the keyboard while no field is typed in; whether it was one of ours."""
        if self.state.screen is not Screen.DESK:
            return False
        if self.state.sheet is not Sheet.NONE:
            return self._sheet_key(key)
        action = self._keyboard.get(key)
        if action is not None:
            self.work.press(action)
        return action is not None

    def _sheet_key(self, key: str) -> bool:
        if key == "Esc":
            self.work.close()
        elif key == "End" and self.state.sheet is Sheet.TRANSFER:
            self.keepPlace(not self.state.keep_place)
        elif choice := choice_for(self.view.sheet, key):
            self.work.choose(choice)
        else:
            return False
        return True

    # What QML calls

    @Slot(str)
    def press(self, action: str) -> None:
        self.work.press(action)

    @Slot(str)
    def openSheet(self, sheet: str) -> None:
        self.work.open(Sheet(sheet))

    @Slot()
    def closeSheet(self) -> None:
        self.work.close()

    @Slot(str)
    def choose(self, key: str) -> None:
        self.work.choose(key)

    @Slot(bool)
    def keepPlace(self, keep: bool) -> None:
        """Whether who is sent on keeps the place in the line, or goes to its end."""
        self.fold(replace(self.state, keep_place=keep))

    @Slot(str)
    def give(self, reason: str) -> None:
        self.work.give(reason)

    @Slot(bool)
    def shrink(self, small: bool) -> None:
        """The bar, or the whole window."""
        self.fold(replace(self.state, small=small))

    @Slot()
    def speakOther(self) -> None:
        """The next language that there is."""
        known = languages()
        language = known[(known.index(self.state.language) + 1) % len(known)]
        self.fold(replace(self.state, language=language, alert=""))

    @Slot()
    def enrolInstead(self) -> None:
        """From the sign-in to the enrolment of this PC, and back."""
        screen = Screen.SIGN_IN if self.state.screen is Screen.ENROL else Screen.ENROL
        self.fold(replace(self.state, screen=screen, alert="", ended=False))

    @Slot(str, str, str)
    def signIn(self, login: str, pin: str, counter: str) -> None:
        self.work.sign_in(login, pin, counter)

    @Slot(str)
    def enrol(self, code: str) -> None:
        self.work.enrol(code)

    @Slot(str)
    def unlock(self, pin: str) -> None:
        self.work.unlock(pin)

    @Slot()
    def signOut(self) -> None:
        """From the locked window, whose owner has gone."""
        self.work.sign_out()

    @Slot()
    def quit(self) -> None:
        self.quitAsked.emit()

    # What QML reads

    screen = Property(str, lambda bridge: bridge.view.screen, notify=screenChanged)
    head = Property("QVariantMap", _part("head"), notify=headChanged)  # type: ignore[arg-type]
    desk = Property("QVariantMap", _part("desk"), notify=deskChanged)  # type: ignore[arg-type]
    clock = Property("QVariantMap", _part("clock"), notify=clockChanged)  # type: ignore[arg-type]
    sheet = Property("QVariantMap", _part("sheet"), notify=sheetChanged)  # type: ignore[arg-type]
    entrance = Property("QVariantMap", _part("entrance"), notify=entranceChanged)  # type: ignore[arg-type]
    lock = Property("QVariantMap", _part("lock"), notify=lockChanged)  # type: ignore[arg-type]


def _none_is_raised(error: Exception) -> None:
    """The client refuses nothing: what goes wrong is an answer, too."""
    raise error
