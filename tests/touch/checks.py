"""What must hold on every screen of the touch window, each as a function that names the faults."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPointF
from PySide6.QtGui import QAccessible

from kiosk.touch.state import Screen
from tests.picture import Picture, faint_edges, faint_icons, faint_words
from tests.touch.scene import Piece, buttons, labels, shown, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtQuick import QQuickItem

    from kiosk.touch.window import TouchWindow

CAPITALS_PER_EM = 0.74
PRIMARY_MM, TARGET_MM, GAP_MM = 20.0, 15.0, 3.0
NORMAL_CAPS_MM, BIG_CAPS_MM = 4.8, 7.33
REACH_MM = (380.0, 1220.0)
"""Above the floor, from a wheelchair (EN 301 549, 8.3.2)."""
ROUNDING_PX = 1.0
"""Places and sizes are whole pixels: each edge may be half of one off."""
LONG = 60
"""Letters of a name."""
PRESSABLE = (
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.PageTab,
)


@dataclass(frozen=True)
class Seen:
    """One screen as it stands on the glass; ``keys`` and ``words`` are those of the top sheet."""

    touch: TouchWindow
    root: QQuickItem
    keys: list[Piece]
    words: list[Piece]
    px_per_mm: float
    picture: Picture | None
    endless: bool = False
    """The office has names longer than any place for them: these may lose their end."""


def look_at(touch: TouchWindow, width_mm: float, *, picture: bool, endless: bool = False) -> Seen:
    """The screen now, drawn; with its ``picture`` where contrast is to be looked at."""
    # Items of the screens before wait for an event loop to delete them: many, in a long walk.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    grabbed = Picture(touch.window)
    root = top_sheet(touch.window.contentItem())
    px_per_mm = touch.window.width() / width_mm
    kept = grabbed if picture else None
    return Seen(touch, root, buttons(root), labels(root), px_per_mm, kept, endless)


def top_sheet(root: QQuickItem) -> QQuickItem:
    """What lies on top: a sheet over everything when there is one, else the whole window."""
    sheets = [
        item
        for item in root.childItems()
        if item.isVisible() and "Sheet" in item.metaObject().className()
    ]
    return sheets[-1] if sheets else root


def outside(seen: Seen) -> list[str]:
    glass = seen.touch.window.contentItem().boundingRect().adjusted(-1, -1, 1, 1)
    return [
        f"outside the window: {piece.name}"
        for piece in (*seen.keys, *seen.words)
        if not glass.contains(piece.rect)
    ]


def spilled(seen: Seen) -> list[str]:
    """The words that stand over the edge of the coloured panel or key below them."""
    faults = []
    for panel in shown(seen.root):
        edge = panel.mapRectToScene(panel.boundingRect()).adjusted(-1, -1, 1, 1)
        if _is_panel(panel):
            faults += [
                f"over the edge of {panel.metaObject().className()}: {piece.name}"
                for piece in labels(panel)
                if not edge.contains(piece.rect)
            ]
    return faults


def _is_panel(item: QQuickItem) -> bool:
    """A rectangle of colour, a key, or a part that has such a rectangle as its ground."""
    if item.inherits("QQuickAbstractButton"):
        return True
    grounds = [item, *item.childItems()[:1]]
    return any(one.inherits("QQuickRectangle") and one.size() == item.size() for one in grounds)


def small(seen: Seen) -> list[str]:
    faults = []
    for key in seen.keys:
        least = (PRIMARY_MM if _is_primary(key.item) else TARGET_MM) * seen.px_per_mm
        side = min(key.rect.width(), key.rect.height())
        if side < least - ROUNDING_PX:
            faults.append(f"{side / seen.px_per_mm:.1f} mm is too small to touch: {key.name}")
    return faults


def _is_primary(item: QQuickItem) -> bool:
    """What a visit goes on with: a box of services, or the key that is filled with colour."""
    box = "ServiceBox" in item.metaObject().className()
    return box or (item.inherits("QQuickButton") and told(item, "kind") in (1, 3))


def crowded(seen: Seen) -> list[str]:
    faults = []
    for one, other in combinations(seen.keys, 2):
        gap = max(
            one.rect.left() - other.rect.right(),
            other.rect.left() - one.rect.right(),
            one.rect.top() - other.rect.bottom(),
            other.rect.top() - one.rect.bottom(),
        )
        if gap < GAP_MM * seen.px_per_mm - ROUNDING_PX:
            faults.append(f"{gap / seen.px_per_mm:.1f} mm between {one.name!r} and {other.name!r}")
    return faults


def cut(seen: Seen) -> list[str]:
    """Letters that are missing, or stand outside the place that they were given."""
    faults = []
    for piece in seen.words:
        item = piece.item
        ended = seen.endless and len(piece.name) > LONG
        if item.property("truncated") and not ended:
            faults.append(f"truncated: {piece.name}")
        wide = item.property("contentWidth") > item.width() + 2
        high = item.property("contentHeight") > item.height() + 2
        if wide or high:
            size = f"{item.property('contentWidth'):.0f}x{item.property('contentHeight'):.0f}"
            box = f"{item.width():.0f}x{item.height():.0f}"
            faults.append(f"{size} in a box of {box}: {piece.name}")
    return faults


def untold(seen: Seen) -> list[str]:
    """What a dossier's page neither shows nor has on a further page."""
    view = seen.touch.bridge.view
    if view.screen != Screen.DOSSIER or seen.root is not seen.touch.window.contentItem():
        return []
    if {key.name for key in seen.keys} & set(view.dossier.turns):
        return []
    glass = " ".join(piece.name for piece in seen.words)
    return [
        f"not told: {part}"
        for step in view.dossier.steps
        for part in (step.name, step.where, step.day)
        if part not in glass
    ]


def forlorn(seen: Seen) -> list[str]:
    """A heading that stands last on a page."""
    pieces = [one for one in shown(seen.root) if "PieceText" in one.metaObject().className()]
    pieces.sort(key=lambda one: one.mapToScene(QPointF()).y())
    if not pieces or not told(pieces[-1], "heading"):
        return []
    return [f"a heading alone: {one.name}" for one in labels(pieces[-1])]


def tiny(seen: Seen) -> list[str]:
    least = BIG_CAPS_MM if _is_big(seen) else NORMAL_CAPS_MM
    faults = []
    for piece in seen.words:
        capitals = told(piece.item, "fontInfo.pixelSize") * CAPITALS_PER_EM / seen.px_per_mm
        if capitals < least - 0.1:
            faults.append(f"capitals of {capitals:.2f} mm: {piece.name}")
    return faults


def overlapping(seen: Seen) -> list[str]:
    faults = []
    for one, other in combinations(seen.words, 2):
        both = one.rect.intersected(other.rect)
        if both.height() > 2.2 * seen.px_per_mm and both.width() > 1 * seen.px_per_mm:
            faults.append(f"{one.name!r} lies over {other.name!r}")
    return faults


def unnamed(seen: Seen) -> list[str]:
    """What can be pressed and a screen reader would not know what it is."""
    faults = []
    for key in seen.keys:
        face = QAccessible.queryAccessibleInterface(key.item)
        if not key.name.strip():
            faults.append(f"a button without a name at {key.rect.center().toTuple()}")
        if key.item.isEnabled() and (face is None or face.role() not in PRESSABLE):
            faults.append(f"the role {face.role() if face else None}: {key.name}")
    return faults


def out_of_reach(seen: Seen) -> list[str]:
    """The controls that who sits in a wheelchair cannot reach, in the mode that is for them."""
    bridge = seen.touch.bridge
    if not bridge.state.reach:
        return []
    low, high = REACH_MM
    height = seen.touch.window.height()
    faults = []
    for key in seen.keys:
        top = bridge.bottom_mm + (height - key.rect.top()) / seen.px_per_mm
        foot = bridge.bottom_mm + (height - key.rect.bottom()) / seen.px_per_mm
        if top > high + 1 or foot < low - 1:
            faults.append(f"{foot:.0f} to {top:.0f} mm above the floor: {key.name}")
    return faults


def faint(seen: Seen) -> list[str]:
    """What does not stand out enough on the picture itself."""
    if seen.picture is None:
        return []
    return [
        *faint_words(seen.picture, seen.words),
        *faint_icons(seen.picture, shown(seen.root)),
        *faint_edges(seen.picture, seen.keys),
    ]


def _is_big(seen: Seen) -> bool:
    return bool(seen.touch.bridge.state.big)


CHECKS: tuple[Callable[[Seen], list[str]], ...] = (
    outside,
    spilled,
    small,
    crowded,
    cut,
    untold,
    forlorn,
    tiny,
    overlapping,
    unnamed,
    out_of_reach,
    faint,
)
"""All of them; whoever knows one more puts it here."""


def faults_of(seen: Seen) -> list[str]:
    return [fault for check in CHECKS for fault in check(seen)]
