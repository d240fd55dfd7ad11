"""What the board's QML shows, part by part."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

if TYPE_CHECKING:
    from display.cards import Areas
    from display.layout import Plan
    from display.pane import Slide
    from display.view import BoardView

QML_IMPORT_NAME = "display.bridge"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("given by the window")
class BoardBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """What the board's QML shows; each part says when it changed."""

    headChanged = Signal()
    heroChanged = Signal()
    rowsChanged = Signal()
    stripChanged = Signal()
    noticeChanged = Signal()
    planChanged = Signal()
    areasChanged = Signal()
    paneChanged = Signal()
    videoStopped = Signal(str)
    """The video at this address cannot be played, or not any further."""

    def __init__(self, shown: BoardView, plan: Plan, areas: Areas) -> None:
        super().__init__()
        self._view = shown
        self._plan = plan
        self._areas = areas
        self._slide: Slide | None = None
        self._large = 0.0

    def swap(
        self, shown: BoardView, plan: Plan, areas: Areas, slide: Slide | None, large: float
    ) -> None:
        """Takes the new view and emits what changed, when everything is in place."""
        old, self._view = self._view, shown
        old_plan, self._plan = self._plan, plan
        old_areas, self._areas = (self._areas, self._large), areas
        old_slide, self._slide = self._slide, slide
        self._large = large
        if plan != old_plan:
            self.planChanged.emit()
        if (areas, large) != old_areas:
            self.areasChanged.emit()
        if slide != old_slide:
            self.paneChanged.emit()
        if (shown.office, shown.clock) != (old.office, old.clock):
            self.headChanged.emit()
        if shown.cards != old.cards:
            self.heroChanged.emit()
        if (shown.rows, shown.just_called) != (old.rows, old.just_called):
            self.rowsChanged.emit()
        if (shown.strip, shown.waiting) != (old.strip, old.waiting):
            self.stripChanged.emit()
        if (shown.notice, shown.stale) != (old.notice, old.stale):
            self.noticeChanged.emit()

    @Property(str, notify=headChanged)
    def office(self) -> str:
        return self._view.office

    @Property(str, notify=headChanged)
    def clock(self) -> str:
        return self._view.clock

    @Property("QVariantMap", notify=heroChanged)  # type: ignore[arg-type] # as above
    def hero(self) -> dict[str, Any]:
        return asdict(self._view.hero)

    @Property("QVariantList", notify=heroChanged)  # type: ignore[arg-type] # as above
    def cards(self) -> list[dict[str, Any]]:
        return [asdict(card) for card in self._view.cards]

    @Property("QVariantMap", notify=areasChanged)  # type: ignore[arg-type] # as above
    def areas(self) -> dict[str, Any]:
        return asdict(self._areas)

    @Property(float, notify=areasChanged)
    def large(self) -> float:
        """The size of the welcome."""
        return self._large

    @Property("QVariantMap", notify=paneChanged)  # type: ignore[arg-type] # as above
    def slide(self) -> dict[str, Any]:
        slide = self._slide
        if slide is None:
            return {"picture": "", "title": "", "lines": [], "video": ""}
        # A tuple would be one thing to QML, not many.
        return {**asdict(slide), "lines": [asdict(line) for line in slide.lines]}

    @Slot(str)
    def stopVideo(self, address: str) -> None:
        self.videoStopped.emit(address)

    @Property("QVariantList", notify=rowsChanged)  # type: ignore[arg-type] # as above
    def rows(self) -> list[dict[str, Any]]:
        return [asdict(row) for row in self._view.rows]

    @Property(str, notify=rowsChanged)
    def justCalled(self) -> str:
        return self._view.just_called

    @Property(str, notify=rowsChanged)
    def counterHead(self) -> str:
        return self._view.counter_head

    @Property(str, notify=stripChanged)
    def waiting(self) -> str:
        return self._view.waiting

    @Property("QVariantList", notify=stripChanged)  # type: ignore[arg-type] # as above
    def strip(self) -> list[list[dict[str, Any]]]:
        """Lines of entries."""
        return [[asdict(entry) for entry in line] for line in self._view.strip]

    @Property(str, notify=noticeChanged)
    def notice(self) -> str:
        return self._view.notice

    @Property(bool, notify=noticeChanged)
    def stale(self) -> bool:
        return self._view.stale

    @Property("QVariantMap", notify=planChanged)  # type: ignore[arg-type] # as above
    def plan(self) -> dict[str, Any]:
        return asdict(self._plan)

    @property
    def shown(self) -> BoardView:
        return self._view

    @property
    def planned(self) -> Plan:
        return self._plan
