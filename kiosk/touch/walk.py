"""Going through a window's controls without touching it: which there are, and which one it is.

The order is that in which the screen lays them out. A sheet over the screen has all of them while
it is there; who comes back from it stands where they stood before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtQuick import QQuickItem
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtQuick import QQuickWindow

CONTENT: Final = "content"
"""The object name of what lies between head and foot."""
WAY_OUT: Final = "done"
_WORDS: Final = (QAccessible.Role.StaticText, QAccessible.Role.AlertMessage)


@dataclass(frozen=True, slots=True)
class Control:
    """What a screen reader says of a control.

    ``own`` is one of the screen itself, not of its foot nor of a sheet; ``chosen`` is None where
    there is nothing to choose; ``typing`` is where keys type.
    """

    name: str
    more: str = ""
    chosen: bool | None = None
    own: bool = False
    typing: bool = False


class Walk:
    """``ring`` says whether the control is marked on the glass."""

    def __init__(self, window: QQuickWindow) -> None:
        self._window = window
        self._item: QQuickItem | None = None
        self._name = ""
        self._place = 0
        self._sheet: QQuickItem | None = None
        self._beneath: tuple[str, int] | None = None
        self.ring = False

    # What there is

    def stops(self) -> list[QQuickItem]:
        """Every control that can be reached now, in order."""
        return list(_controls(self._top()))

    def seen(self) -> tuple[str, ...]:
        """The texts that belong to no control, in order: of the sheet on top, else the screen."""
        content = self.sheet or self._content()
        return tuple(_texts(content)) if content is not None else ()

    def at(self, point: QPointF) -> QQuickItem | None:
        """The control below a finger."""
        found = [item for item in self.stops() if _rect(item).contains(point)]
        return found[-1] if found else None

    def text_at(self, point: QPointF) -> str:
        """The text below a finger; "" where there is none."""
        found = [item for item in _shown(self._top()) if item.inherits("QQuickLabel")]
        texts = [str(item.property("text")) for item in found if _rect(item).contains(point)]
        # Without the joiners that only hold words together.
        return texts[-1].replace("\u2060", "") if texts else ""

    def described(self, item: QQuickItem) -> Control:
        face: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(item)
        if face is None:
            return Control("")
        state = face.state()
        content = self._content()
        own = self.sheet is None and content is not None and content.isAncestorOf(item)
        return Control(
            face.text(QAccessible.Text.Name),
            face.text(QAccessible.Text.Description),
            bool(state.checked) if state.checkable else None,
            own,
            _types(item),
        )

    # Where it is

    @property
    def sheet(self) -> QQuickItem | None:
        """The sheet that lies over everything, if any."""
        pieces = self._window.contentItem().childItems()
        sheets = [item for item in pieces if item.isVisible() and item.property("covers")]
        return sheets[-1] if sheets else None

    @property
    def item(self) -> QQuickItem | None:
        """The control that the walk has come to, as long as it is there."""
        item = self._item
        # Of the item's own window() Python would take possession, and end it.
        if item is None or not isValid(item) or not self._top().isAncestorOf(item):
            return None
        return item if item.isVisible() and item.isEnabled() and item.width() > 0 else None

    @property
    def types(self) -> bool:
        """Whether keys type now."""
        item = self.item
        return item is not None and _types(item)

    def go(self, item: QQuickItem | None) -> None:
        self._item = item
        if item is not None:
            self._name = self.described(item).name
            self._place = self.stops().index(item)
            item.forceActiveFocus(Qt.FocusReason.TabFocusReason)
        self._mark()

    def move(self, steps: int) -> None:
        """On or back by that many controls; after the last comes the first."""
        stops, item = self.stops(), self.item
        if not stops:
            self.go(None)
        elif item is None:
            self.go(stops[0] if steps > 0 else stops[-1])
        else:
            self.go(stops[(stops.index(item) + steps) % len(stops)])

    def show(self, *, ring: bool) -> None:
        self.ring = ring
        self._mark()

    def settle(self, *, anew: bool) -> bool:
        """Finds its place after a change, ``anew`` on another screen; True where it moved."""
        sheet, before = self.sheet, self._sheet
        self._sheet = sheet
        stops = self.stops()
        if sheet is not before:
            if before is None:
                self._beneath = (self._name, self._place)
            elif sheet is None and self._beneath is not None:
                (self._name, self._place), self._beneath = self._beneath, None
        if anew or (sheet is not before and sheet is not None):
            if anew:
                self._beneath = None
            self.go(self._first(stops))
            return True
        if sheet is before and self.item is not None:
            return False
        named = [item for item in stops if self.described(item).name == self._name]
        near = stops[min(self._place, len(stops) - 1)] if stops else None
        self.go(named[0] if named else near)
        return True

    def forget(self) -> None:
        """As the next person finds it."""
        self._item, self._name, self._place = None, "", 0
        self._beneath = None
        self.show(ring=False)

    def _first(self, stops: list[QQuickItem]) -> QQuickItem | None:
        """One that types before all others, then what the screen is for, then the rest of it, then
        the way out."""
        content = self._content()
        own = [item for item in stops if content is not None and content.isAncestorOf(item)]
        typing = [item for item in own if _types(item)]
        leading = [item for item in own if item.property("leads")]
        out = [item for item in stops if item.objectName() == WAY_OUT]
        found = typing or leading or own or out or stops
        return found[0] if found else None

    def _mark(self) -> None:
        item = self.item if self.ring else None
        self._window.setProperty("focused", item)

    def _top(self) -> QQuickItem:
        return self.sheet or self._window.contentItem()

    def _content(self) -> QQuickItem | None:
        found = self._window.findChild(QQuickItem, CONTENT)
        return found if isinstance(found, QQuickItem) else None


def _shown(item: QQuickItem) -> Iterator[QQuickItem]:
    if item.isVisible() and item.opacity() > 0:
        yield item
        for child in item.childItems():
            yield from _shown(child)


def _controls(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible() or item.opacity() == 0:
        return
    if item.activeFocusOnTab():
        if item.isEnabled() and item.width() > 0:
            yield item
        return
    for child in item.childItems():
        yield from _controls(child)


def _types(item: QQuickItem) -> bool:
    return bool(item.property("types"))


def _rect(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def _texts(item: QQuickItem) -> Iterator[str]:
    """Of an item and all below it; what a control says is the control's."""
    if not item.isVisible() or item.opacity() == 0 or item.activeFocusOnTab():
        return
    face: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(item)
    if face is not None and face.role() in _WORDS:
        yield face.text(QAccessible.Text.Name)
        return
    for child in item.childItems():
        yield from _texts(child)
