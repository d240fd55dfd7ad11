"""The touch window's view model: folds what happens into the state, and tells QML what changed.

The store is asked through the worker only; an answer that a later scan has overtaken is dropped.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.board import SlipState
from kiosk.errors import Refused, Unavailable
from kiosk.office.hall import read_home
from kiosk.office.jobs import slip_of
from kiosk.office.tickets import follow
from kiosk.scans import parse
from kiosk.touch.access import modes, turned
from kiosk.touch.answers import can_cancel, can_come_back
from kiosk.touch.catalogue import CatalogueBridge
from kiosk.touch.catalogue_state import SCREENS
from kiosk.touch.derive import derive, shown_screen
from kiosk.touch.door import DoorBridge
from kiosk.touch.door_state import SCREENS as STAFF_SCREENS
from kiosk.touch.enquiry import Enquiry
from kiosk.touch.numbers import Numbers
from kiosk.touch.offers import Offers, stops
from kiosk.touch.phrases import prints
from kiosk.touch.powers import Powers
from kiosk.touch.state import (
    Pace,
    Screen,
    State,
    at_rest,
    draws,
    go,
    is_double,
    over,
    read_again,
    start,
    typed,
)
from kiosk.touch.view import PARTS, View
from kiosk.ui.parts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.board import Home, Place
    from kiosk.office.centre import Centre
    from kiosk.touch.state import Wish
    from kiosk.touch_config import TouchConfig
    from kiosk.ui.threads import Worker

QML_IMPORT_NAME = "kiosk.touch"
QML_IMPORT_MAJOR_VERSION = 1

T = TypeVar("T")
UNWRITTEN: Final = frozenset({"store_full", "store_readonly", "store_io"})
"""With these a store can often be read still, and yet takes nothing in."""


def _part(name: str) -> Callable[[TouchBridge], dict[str, Any]]:
    def read(bridge: TouchBridge) -> dict[str, Any]:
        part: dict[str, Any] = bridge.maps[name]
        return part

    return read


@QmlElement
@QmlUncreatable("The window makes it.")
class TouchBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """What Main.qml reads and calls; every part of the view has its own signal."""

    screenChanged = Signal()
    chromeChanged = Signal()
    accessChanged = Signal()
    warnChanged = Signal()
    homeChanged = Signal()
    classesChanged = Signal()
    attractChanged = Signal()
    ratingChanged = Signal()
    ticketChanged = Signal()
    placeChanged = Signal()
    dossierChanged = Signal()
    noticeChanged = Signal()
    keypadChanged = Signal()

    def __init__(
        self,
        centre: Centre,
        settings: TouchConfig,
        worker: Worker,
        monotonic: Callable[[], float] = time.monotonic,
        powers: Powers | None = None,
    ) -> None:
        super().__init__()
        self._centre = centre
        self._worker = worker
        self._enquiry = Enquiry(self, centre)
        self._numbers = Numbers(self, centre, self._enquiry)
        self.now = monotonic
        self.screen_mm = settings.screen_mm
        self.distance_mm = settings.viewing_distance_mm
        self.bottom_mm = settings.bottom_edge_height_mm
        self.pace = Pace(
            settings.idle_seconds,
            settings.warning_seconds,
            settings.personal_seconds,
            settings.ticket_seconds,
            settings.attract_seconds,
        )
        self.offers = Offers(
            priority=settings.priority and bool(centre.priorities),
            appointments=settings.appointments,
            paperless=settings.without_paper == "number",
        )
        # Whether somebody still hears what is read aloud: that is no quiet.
        self.listening: Callable[[], bool] = bool
        self._reading = False
        self._unwritten = self._probing = False
        self._stale = False
        self._asked = 0
        now = monotonic()
        first = centre.languages[0]
        self.state = State(first=first, language=first, touched_at=now, shown_at=now)
        self.catalogue = CatalogueBridge(
            centre, worker, lambda: self.state, self.arrive, self.choose, monotonic
        )
        self.door_bridge = DoorBridge(self, centre, worker, powers or Powers())
        self.view = View()
        self.maps = {name: plain(getattr(self.view, name)) for name in PARTS}
        self.fold(self.state)

    # What Python calls

    def fold(self, state: State) -> None:
        """Makes ``state`` the present one and shows what follows from it."""
        self.state = state
        now = self._centre.wall()
        self.catalogue.follow()
        self.door_bridge.follow()
        deeper = self.door_bridge.deeper
        self.show_view(
            derive(state, self._centre, self.pace, now, self.now(), self.offers, deeper=deeper)
        )

    def show_view(self, view: View) -> None:
        """Swaps the whole view, then tells QML which parts are different; the screen first."""
        before, self.view = self.view, view
        changed = [name for name in PARTS if getattr(before, name) != getattr(view, name)]
        for name in changed:
            self.maps[name] = plain(getattr(view, name))
        for name in changed:
            getattr(self, f"{name}Changed").emit()

    def tick(self) -> None:
        """Moves clock and bars on, and ends a visit that nobody continues."""
        now = self.now()
        if self.listening() and not self.view.warn.shown:
            self.state = replace(self.state, touched_at=now)
        self.door_bridge.tick()
        if over(self.state, self.pace, now, paper=prints(self.state)):
            self._asked += 1
            self.fold(start(self.state, now))
        elif draws(self.state, self.pace, now):
            self.fold(replace(self.state, attract=True, shown_at=now))
        else:
            self.fold(self.state)

    def touched(self) -> bool:
        """A finger or key anywhere; True when it only answered the warning and must do no more."""
        warned = self.view.warn.shown
        self.fold(replace(self.state, touched_at=self.now()))
        return warned

    def refresh(self) -> None:
        """Reads the store again; what is read while a read is under way waits for its end."""
        self.catalogue.refresh()
        self.door_bridge.refresh()
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        centre, place = self._centre, self.state.place
        shown = place.ticket.id if place is not None else None

        self._probing = unwritten = self._unwritten

        def read() -> tuple[Home, Place | None, SlipState]:
            home = read_home(centre)
            if unwritten:
                # A full disk can be read: nobody is invited to take a number that it cannot keep.
                centre.database.try_to_write()
            if shown is None:
                return home, None, SlipState.WAITING
            return home, follow(centre, shown), slip_of(centre, shown)

        self._worker.submit(read, self._on_read, self._on_read_failed)

    def scanned(self, frame: bytes) -> None:
        """One frame of the scanner, from any screen."""
        if self.state.wish is not None and self.state.busy_since is not None:
            return
        self._enquiry.scanned(parse(frame))

    # What QML calls

    @Slot(str)
    def choose(self, key: str) -> None:
        """A box of the home screen: opens the drawer, or takes the number."""
        if not (self._busy() or is_double(self.state, self.now())):
            self._numbers.choose(key)

    @Slot(int)
    def turnPage(self, page: int) -> None:
        """Another page of boxes, where one does not hold them all."""
        self.fold(replace(self.state, page=max(0, page)))

    @Slot()
    def takeNumber(self) -> None:
        """The key below the answer about a dossier."""
        if not (self._busy() or is_double(self.state, self.now())):
            self._enquiry.take_number()

    @Slot()
    def leave(self) -> None:
        """Xong, Quay lại, Về trang đầu: one step back, or home in the language of this visit."""
        now = self.now()
        if self._busy() or is_double(self.state, now):
            return
        screen = self.shown
        if self._enquiry.goes_back() or self.door_bridge.goes_back():
            return
        if screen is Screen.CANCEL:
            self._show_place(Screen.PLACE)
        elif screen in SCREENS:
            self.catalogue.leave()
        elif screen in (Screen.TICKET, Screen.DOSSIER, Screen.PLACE, Screen.RATING, Screen.DOOR):
            self.arrive(start(self.state, now))
        else:
            self.arrive(go(self.state, Screen.HOME, now))

    @Slot(str)
    def act(self, key: str) -> None:
        """A key that stands on one screen only; a second tap of the same finger does nothing."""
        place = self.state.place
        if self._busy() or is_double(self.state, self.now()):
            return
        match key:
            case "retry" if self.state.wish is not None:
                self.take(self.state.wish)
            case "give_up" if can_cancel(place):
                self._show_place(Screen.CANCEL)
            case "keep":
                self._show_place(Screen.PLACE)
            case "cancel" if can_cancel(place):
                self._numbers.move("cancel")
            case "back" if can_come_back(place, self._centre, self._centre.wall()):
                self._numbers.move("come_back")
            case "priority" if self.offers.priority:
                self.fold(replace(self.state, classes=True))
            case "no_priority":
                self.fold(replace(self.state, priority=None))
            case _:
                self._enquiry.act(key)

    @Slot(str)
    def chooseClass(self, key: str) -> None:
        """Who is called before others, for the next number of this visit; "" for nobody."""
        known = key if self.offers.priority and key in self._centre.priorities else None
        self.fold(replace(self.state, priority=known, classes=False, shown_at=self.now()))

    @Slot()
    def wake(self) -> None:
        """A touch on the face for who is far away, beside its boxes: home, and nothing more."""
        if self.state.attract:
            self.arrive(start(self.state, self.now()))

    @Slot()
    def openKeypad(self) -> None:
        if not self._busy():
            self._enquiry.type_code()

    @Slot(str)
    def typeKey(self, key: str) -> None:
        state = typed(self.state, key, self._centre.code)
        self.fold(replace(state, typed_at=self.now()))

    @Slot()
    def eraseKey(self) -> None:
        self.fold(replace(self.state, entry=self.state.entry[:-1], typed_at=0.0))

    @Slot()
    def clearEntry(self) -> None:
        self.fold(replace(self.state, entry=""))

    @Slot()
    def switchKeys(self) -> None:
        self.fold(replace(self.state, letters=not self.state.letters))

    @Slot()
    def search(self) -> None:
        if not self.view.keypad.ready or self._busy():
            return
        asked = self.door_bridge if self.state.screen in STAFF_SCREENS else self._enquiry
        asked.submit()

    @Slot(str)
    def speak(self, language: str) -> None:
        """The language of all that is shown from now on, until the visit ends; reading aloud ends
        with one that cannot be read."""
        if language in self._centre.languages:
            state = replace(self.state, language=language)
            self.fold(replace(state, speech=state.speech and state.reads))

    @Slot()
    def openAccess(self) -> None:
        self.fold(replace(self.state, menu=True))

    @Slot()
    def closeAccess(self) -> None:
        self.fold(replace(self.state, menu=False))

    @Slot(str)
    def switchMode(self, mode: str) -> None:
        if mode in modes(self.state):
            switched: dict[str, Any] = {mode: not getattr(self.state, mode)}
            self.fold(replace(self.state, **switched))

    @Slot(int)
    def changeVolume(self, steps: int) -> None:
        self.fold(turned(self.state, steps))

    @Slot()
    def stay(self) -> None:
        self.touched()

    def _show_place(self, screen: Screen) -> None:
        """The ticket that is shown, or the question whether to give it up."""
        state = go(self.state, screen, self.now())
        self.arrive(replace(state, place=self.state.place))

    # How answers come back

    @property
    def at_rest(self) -> bool:
        return at_rest(self.state)

    @property
    def shown(self) -> Screen:
        return shown_screen(self.state, self.offers)

    @property
    def stopped(self) -> bool:
        """Whether no numbers are given because they cannot be printed."""
        return stops(self.state, self.offers)

    def _busy(self) -> bool:
        return self.state.busy_since is not None

    def arrive(self, state: State) -> None:
        """Another screen: what was asked before no longer counts."""
        self._asked += 1
        self.fold(state)

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Refused | Unavailable], None],
    ) -> None:
        self._asked += 1
        asked = self._asked
        self.fold(replace(self.state, busy_since=self.now()))

        def answered(result: T) -> None:
            if asked == self._asked:
                done(result)

        def refused(error: Refused | Unavailable) -> None:
            self._unwritten = self._unwritten or error.code in UNWRITTEN
            if asked == self._asked:
                failed(error)

        self._worker.submit(work, answered, refused)

    def take(self, wish: Wish) -> None:
        self._numbers.take(wish)

    def _on_read(self, read: tuple[Home, Place | None, SlipState]) -> None:
        self._unwritten = self._unwritten and not self._probing
        home, place, slip = read
        self._read_ended(read_again(self.state, home, place, slip, self.now()))

    def _on_read_failed(self, error: Refused | Unavailable) -> None:
        down = isinstance(error, Unavailable)
        state = replace(self.state, store_down=down or self.state.store_down)
        self._read_ended(replace(state, trouble=error.code) if down else state)

    def _read_ended(self, state: State) -> None:
        self._reading = False
        self.fold(state)
        if self._stale:
            self.refresh()

    # What QML reads

    screen = Property(str, lambda bridge: bridge.view.screen, notify=screenChanged)
    chrome = Property("QVariantMap", _part("chrome"), notify=chromeChanged)  # type: ignore[arg-type]
    access = Property("QVariantMap", _part("access"), notify=accessChanged)  # type: ignore[arg-type]
    warn = Property("QVariantMap", _part("warn"), notify=warnChanged)  # type: ignore[arg-type]
    home = Property("QVariantMap", _part("home"), notify=homeChanged)  # type: ignore[arg-type]
    classes = Property("QVariantMap", _part("classes"), notify=classesChanged)  # type: ignore[arg-type]
    attract = Property("QVariantMap", _part("attract"), notify=attractChanged)  # type: ignore[arg-type]
    rating = Property("QVariantMap", _part("rating"), notify=ratingChanged)  # type: ignore[arg-type]
    ticket = Property("QVariantMap", _part("ticket"), notify=ticketChanged)  # type: ignore[arg-type]
    place = Property("QVariantMap", _part("place"), notify=placeChanged)  # type: ignore[arg-type]
    dossier = Property("QVariantMap", _part("dossier"), notify=dossierChanged)  # type: ignore[arg-type]
    notice = Property("QVariantMap", _part("notice"), notify=noticeChanged)  # type: ignore[arg-type]
    keypad = Property("QVariantMap", _part("keypad"), notify=keypadChanged)  # type: ignore[arg-type]
    staff = Property(DoorBridge, lambda bridge: bridge.door_bridge, constant=True)
    procedures = Property(CatalogueBridge, lambda bridge: bridge.catalogue, constant=True)
    shortMm = Property(float, lambda bridge: min(bridge.screen_mm), constant=True)
    longMm = Property(float, lambda bridge: max(bridge.screen_mm), constant=True)
    distanceMm = Property(float, lambda bridge: bridge.distance_mm, constant=True)
    bottomMm = Property(float, lambda bridge: bridge.bottom_mm, constant=True)
