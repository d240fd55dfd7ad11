"""The view model of the procedures and notices, beside the touch window's own.

It folds what is touched into its own state and goes from screen to screen by the window's bridge;
an answer of the store that something newer has overtaken is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import Refused, Unavailable
from kiosk.notices import Notices
from kiosk.office.procedure_slips import queue_procedure
from kiosk.office.procedures import read_fields, read_procedure, search, service_of
from kiosk.texts import texts
from kiosk.touch.catalogue_state import SCREENS, SHOWN, Catalogue, closed, typed, visited
from kiosk.touch.catalogue_view import PARTS, View, derive
from kiosk.touch.derive import shown_screen
from kiosk.touch.lookups import ACTOR
from kiosk.touch.state import Screen, go, is_double
from kiosk.ui.parts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.notices import Notice
    from kiosk.office.centre import Centre
    from kiosk.office.procedures import Found
    from kiosk.procedures import Procedure
    from kiosk.store.procedures import Field
    from kiosk.touch.state import State
    from kiosk.ui.threads import Worker

QML_IMPORT_NAME = "kiosk.touch"
QML_IMPORT_MAJOR_VERSION = 1

T = TypeVar("T")


def _part(name: str) -> Callable[[CatalogueBridge], Any]:
    def read(bridge: CatalogueBridge) -> Any:
        return bridge.maps[name]

    return read


@QmlElement
@QmlUncreatable("The window makes it.")
class CatalogueBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """What the screens of the catalogue read and call.

    The window's bridge hands in how it goes to another state (``arrive``), how it tells that it is
    busy, and how it takes a number (``choose``).
    """

    entryChanged = Signal()
    browseChanged = Signal()
    searchChanged = Signal()
    procedureChanged = Signal()
    pageChanged = Signal()
    keysChanged = Signal()

    def __init__(
        self,
        centre: Centre,
        worker: Worker,
        state: Callable[[], State],
        arrive: Callable[[State], None],
        choose: Callable[[str], None],
        now: Callable[[], float],
    ) -> None:
        super().__init__()
        self._centre = centre
        self._worker = worker
        self._window = state
        self._arrive = arrive
        self._choose = choose
        self._now = now
        self._notices = Notices(centre.notices)
        self._reading = False
        self._asked = 0
        self.state = Catalogue()
        self.view = View()
        self.maps = {name: plain(getattr(self.view, name)) for name in PARTS}

    # What the window's bridge calls

    def follow(self) -> None:
        """Shows what follows from the window's state; where the visit has gone on, nothing of it
        is left here."""
        if self._window().screen not in SCREENS and self.state != visited(self.state):
            self._asked += 1
            self.state = visited(self.state)
        self._show()

    def refresh(self) -> None:
        """Reads the fields and the notices again, unless they are being read."""
        if self._reading:
            return
        self._reading = True
        centre, notices = self._centre, self._notices

        def read() -> tuple[tuple[Field, ...], tuple[Notice, ...]]:
            return read_fields(centre), notices.read()

        self._worker.submit(read, self._on_read, self._on_read_failed)

    def leave(self) -> None:
        """One step back; from the first screen home."""
        screen, now = self._window().screen, self._now()
        if screen in (Screen.PROCEDURE, Screen.PAGE):
            origin = self.state.origin if screen is Screen.PROCEDURE else Screen.CATALOGUE
            self.state = closed(self.state)
            self._go(origin)
        elif screen is Screen.SEARCH or self.state.field:
            self.state = visited(self.state)
            self._go(Screen.CATALOGUE)
        else:
            self._arrive(go(self._window(), Screen.HOME, now))

    # What QML calls

    @Slot()
    def open(self) -> None:
        """The key on the home screen."""
        if self.state.known and not self._held():
            self._go(Screen.CATALOGUE)

    @Slot(str)
    def openField(self, key: str) -> None:
        if self._held():
            return
        self.state = replace(self.state, field=key, found=None, failed=False, page=0)
        self._go(Screen.CATALOGUE)
        self._look()

    @Slot()
    def startSearch(self) -> None:
        if not self._held():
            self.state = replace(visited(self.state), entry="")
            self._go(Screen.SEARCH)

    @Slot(str)
    def typeKey(self, key: str) -> None:
        self._typed(typed(self.state, key))

    @Slot()
    def eraseKey(self) -> None:
        self._typed(replace(self.state, entry=self.state.entry[:-1], page=0))

    @Slot()
    def clearEntry(self) -> None:
        self._typed(replace(self.state, entry="", page=0))

    @Slot()
    def switchKeys(self) -> None:
        self._fold(replace(self.state, letters=not self.state.letters))

    @Slot(str)
    def openProcedure(self, code: str) -> None:
        if self._held():
            return
        origin, centre = self._window().screen, self._centre

        def done(procedure: Procedure) -> None:
            self.state = replace(closed(self.state), procedure=procedure, origin=origin)
            self._go(Screen.PROCEDURE)

        self._ask(lambda: read_procedure(centre, code), done)

    @Slot(str)
    def openPage(self, name: str) -> None:
        if not self._held():
            self.state = replace(closed(self.state), notice=name)
            self._go(Screen.PAGE)

    @Slot(int)
    def turnPage(self, page: int) -> None:
        self._fold(replace(self.state, page=max(0, page)))

    @Slot(int)
    def turnAside(self, page: int) -> None:
        self._fold(replace(self.state, aside=max(0, page)))

    @Slot(int)
    def turnPart(self, part: int) -> None:
        self._fold(replace(self.state, part=max(0, part)))

    @Slot()
    def take(self) -> None:
        """The number of the service at which the procedure is handed in."""
        procedure = self.state.procedure
        service = service_of(self._centre, procedure) if procedure else None
        if service is not None:
            self._choose(service.code)

    @Slot()
    def printPapers(self) -> None:
        procedure, language = self.state.procedure, self._window().language
        if procedure is None or self.state.printed or self._held():
            return
        self._fold(replace(self.state, printed="asked"))
        centre, code = self._centre, procedure.code

        def done(_job: str) -> None:
            self._fold(replace(self.state, printed="queued"))

        def failed(error: Refused | Unavailable) -> None:
            kind = "refused" if isinstance(error, Refused) else "unavailable"
            told = texts(language).say(f"{kind}.{error.code}", **error.facts)
            self._fold(replace(self.state, printed=told))

        self._ask(
            lambda: queue_procedure(centre, code, actor=ACTOR, language=language), done, failed
        )

    # How it all follows

    def _held(self) -> bool:
        window = self._window()
        return window.busy_since is not None or is_double(window, self._now())

    def _go(self, screen: Screen) -> None:
        self._arrive(go(self._window(), screen, self._now()))

    def _fold(self, state: Catalogue) -> None:
        self.state = state
        self._show()

    def _show(self) -> None:
        window = self._window()
        view = derive(self.state, window, shown_screen(window), self._centre)
        before, self.view = self.view, view
        changed = [name for name in PARTS if getattr(before, name) != getattr(view, name)]
        for name in changed:
            self.maps[name] = plain(getattr(view, name))
        for name in changed:
            getattr(self, f"{name}Changed").emit()

    def _typed(self, state: Catalogue) -> None:
        if state.entry.strip() != self.state.entry.strip():
            self._fold(state)
            self._look()
        else:
            self._fold(state)

    def _look(self) -> None:
        """Asks for the procedures of the field that is open, or of what was typed."""
        centre, text, field = self._centre, self.state.entry, self.state.field

        def done(found: Found) -> None:
            self._fold(replace(self.state, found=found, failed=False))

        if not text.strip() and not field:
            self._asked += 1
            self._fold(replace(self.state, found=None, failed=False))
            return
        self._ask(lambda: search(centre, text, field=field, limit=SHOWN), done)

    def _ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Refused | Unavailable], None] | None = None,
    ) -> None:
        self._asked += 1
        asked = self._asked

        def answered(result: T) -> None:
            if asked == self._asked:
                done(result)

        def refused(error: Refused | Unavailable) -> None:
            if asked == self._asked:
                (failed or self._on_failed)(error)

        self._worker.submit(work, answered, refused)

    def _on_failed(self, error: Refused | Unavailable) -> None:
        """What was to be shown is gone from the catalogue, or the store does not answer."""
        if isinstance(error, Unavailable):
            self._fold(replace(self.state, found=None, failed=True))
        else:
            self._look()

    def _on_read(self, read: tuple[tuple[Field, ...], tuple[Notice, ...]]) -> None:
        self._reading = False
        known = replace(self.state, fields=read[0], notices=read[1])
        if known != self.state:
            self._fold(known)

    def _on_read_failed(self, error: Refused | Unavailable) -> None:
        self._reading = False

    # What QML reads

    entry = Property("QVariantMap", _part("entry"), notify=entryChanged)  # type: ignore[arg-type]
    browse = Property("QVariantMap", _part("browse"), notify=browseChanged)  # type: ignore[arg-type]
    searching = Property("QVariantMap", _part("search"), notify=searchChanged)  # type: ignore[arg-type]
    procedure = Property("QVariantMap", _part("procedure"), notify=procedureChanged)  # type: ignore[arg-type]
    page = Property("QVariantMap", _part("page"), notify=pageChanged)  # type: ignore[arg-type]
    keys = Property("QVariantList", _part("keys"), notify=keysChanged)  # type: ignore[arg-type]
