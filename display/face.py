"""One window of the call board: on which screen, laid out for it, and what it shows now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication
from PySide6.QtQuick import QSGRendererInterface

from display.bridge import BoardBridge
from display.cards import Areas, areas, sharing, welcome_px
from display.layout import STRIP_GAP, Plan, Surface, Words, pages, plan, strip_room
from display.pane import Slide, slide_at, slides
from display.screens import choose
from display.view import BoardView, Face, Page, view
from kiosk import app_ids
from kiosk.ui.engine import HOUSE, Engine
from kiosk.ui.fonts import FAMILY
from kiosk.ui.placing import Placing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from PySide6.QtGui import QScreen
    from PySide6.QtQuick import QQuickWindow

    from display.hero import Showing
    from display.screens import Seen
    from kiosk.board import Board
    from kiosk.board_config import BoardConfig
    from kiosk.look import Look
    from kiosk.media import Item
    from kiosk.texts import Texts

log = logging.getLogger(__name__)

FIRST_SIZE: Final = QSize(1920, 1080)
PANE_LINE: Final = 1.3
"""A line of a notice in the pane, in its size."""
PANE_PAD: Final = 0.8
"""Around the text of the pane, in its size."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What all windows of a board show now; as ``view`` has it, with how wide the words are, and
    the pictures and notices that are ``due``."""

    board: Board | None
    state: Showing
    languages: Sequence[Texts]
    office: str
    zone: ZoneInfo
    wall: datetime
    now: float
    stale: bool
    since: datetime | None
    late_minutes: int
    words: Words
    ticker: Mapping[str, Sequence[str]]
    due: tuple[Item, ...]
    speaking: frozenset[str]


class BoardFace(QObject):
    """``wanted`` is the screen's name or serial ("" for one that nobody else uses), ``others`` are
    those of the board's other windows. ``touch`` is as in ``BoardWindow``. ``report`` is told how
    the screen is (state, reason), ``resized`` when the window has another size, ``stopped`` the
    address of a video that cannot be played."""

    def __init__(
        self,
        settings: BoardConfig,
        moment: Moment,
        title: str,
        report: Callable[[str, str], None],
        resized: Callable[[], None],
        *,
        wanted: str = "",
        touch: str | None = None,
        others: Sequence[str] = (),
        app_id: str = app_ids.board(1),
        look: Look = HOUSE,
        stopped: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._report = report
        self._resized = resized
        self._wanted, self._touch, self._others = wanted, touch, others
        self._app_id = app_id
        self._told_far = False
        self._size = FIRST_SIZE
        self._planned_for: tuple[object, ...] = ()
        self._plans: tuple[Plan, ...] = ()
        self._bare: tuple[Plan, ...] = ()
        self._pages: list[tuple[Page, ...]] = []
        self._slides_of: tuple[object, ...] = ()
        self._slides: tuple[Slide, ...] = ()
        shown, chosen, stand, _, large = self._fold(moment)
        self.bridge = BoardBridge(shown, chosen, stand)
        self._engine = Engine("display.qml", {"board": self.bridge, "title": title}, look=look)
        self.bridge.swap(shown, chosen, stand, None, large)
        self.bridge.videoStopped.connect(stopped)
        self.window.widthChanged.connect(self._on_resized)
        self.window.heightChanged.connect(self._on_resized)
        self._on_resized()
        self._placing = Placing(
            self.window, self._choose, self._show_on, self._told, fills=settings.fullscreen
        )

    @property
    def window(self) -> QQuickWindow:
        return self._engine.window

    @property
    def screen(self) -> str:
        """The name or serial of its screen: of the wanted one, while it is on none."""
        return self._placing.screen or self._wanted

    @property
    def places(self) -> int:
        """How many calls are seen at one time."""
        return len(self._bare) + self._bare[-1].rows

    @property
    def plays(self) -> bool:
        """Whether videos are played: the software renderer cannot draw them."""
        api = self.window.rendererInterface().graphicsApi()
        return self._settings.video == "play" and api != QSGRendererInterface.GraphicsApi.Software

    def refresh(self, moment: Moment) -> None:
        """Shows this moment."""
        self.bridge.swap(*self._fold(moment))

    def open(self) -> None:
        """Opens the window on its screen, full screen if so set, and keeps it there."""
        self._placing.open()

    def close(self) -> None:
        self._placing.close()
        self._engine.close()

    # What is shown.

    def _fold(self, moment: Moment) -> tuple[BoardView, Plan, Areas, Slide | None, float]:
        surface = self._surface()
        self._lay_out(surface, moment)
        up = len(moment.state.up)
        chosen = self._plans[max(1, min(up, len(self._plans))) - 1]
        if up - chosen.cards > chosen.rows:
            # Calls come before pictures.
            chosen = self._bare[max(1, min(up, len(self._bare))) - 1]
        shown = view(
            moment.board,
            moment.state,
            moment.languages,
            moment.office,
            moment.zone,
            wall=moment.wall,
            now=moment.now,
            late_minutes=moment.late_minutes,
            stale=moment.stale,
            since=moment.since,
            pages=self._pages,
            ticker=moment.ticker,
            cards=chosen.cards,
            rows=chosen.rows,
            speaking=moment.speaking,
        )
        calling = shown.hero.face is Face.CALL
        stand = areas(
            surface,
            chosen,
            calling=calling,
            listed=bool(shown.rows) or calling,
            pane=bool(moment.due),
        )
        told = (shown.hero.lead, shown.hero.told, shown.hero.lead_second, shown.hero.told_second)
        large = (
            0.0 if calling else welcome_px(chosen, stand.cards, [em(text, BOLD) for text in told])
        )
        return shown, chosen, stand, self._slide(chosen, stand, moment), large

    def _slide(self, chosen: Plan, stand: Areas, moment: Moment) -> Slide | None:
        if not stand.pane.width:
            return None
        size = chosen.ticker_px
        width = stand.pane.width / size - 2 * PANE_PAD
        lines = (stand.pane.height / size - 2 * PANE_PAD) / PANE_LINE
        languages = tuple(each.language for each in moment.languages)
        wanted = (moment.due, languages, width, lines)
        if wanted != self._slides_of:
            self._slides_of = wanted
            self._slides = slides(moment.due, languages, width, lines, em, playing=self.plays)
        return slide_at(self._slides, moment.now)

    @Slot()
    def _on_resized(self) -> None:
        size = self.window.size()
        if not size.isEmpty() and size != self._size:
            self._size = size
            self._resized()

    def _surface(self) -> Surface:
        return Surface(
            self._size.width(),
            self._size.height(),
            self._settings.screen_mm,
            self._settings.viewing_distance_m,
        )

    def _lay_out(self, surface: Surface, moment: Moment) -> None:
        """The plans for this screen and these words; made anew only when one of them changed."""
        words, second = moment.words, len(moment.languages) > 1
        wanted = (self._size, words, moment.stale, bool(moment.due))
        if self._planned_for == wanted:
            return
        self._planned_for = wanted
        one = plan(surface, words, second=second, stale=moment.stale)
        self._bare = self._plans = sharing(surface, words, one, second=second)
        if moment.due:
            one = plan(surface, words, second=second, stale=moment.stale, pane=True)
            self._plans = sharing(surface, words, one, second=second)
        room = strip_room(surface.width, one.margin, one.ticker_px)
        self._pages = [
            pages(widths, room, words.waiting + STRIP_GAP, one.strip_lines)
            for widths in words.services
        ]

    # Where it is shown.

    def _choose(self, screens: Sequence[Seen], kept: str | None) -> Seen | None:
        return choose(screens, self._wanted, self._touch, kept=kept, others=self._others)

    def _told(self, has_screen: bool) -> None:
        self._report(*(("ok", "") if has_screen else ("fault", "unplugged")))

    def _show_on(self, screen: QScreen) -> None:
        window = self.window
        # Read when a window is shown: so each has its own, though it is set for all.
        QGuiApplication.setDesktopFileName(self._app_id)
        if self._settings.fullscreen:
            window.setGeometry(screen.geometry())
            window.setCursor(Qt.CursorShape.BlankCursor)
            window.showFullScreen()
        else:
            window.setGeometry(_within(screen.availableGeometry(), self._settings.screen_mm))
            window.show()
        if self.bridge.planned.far and not self._told_far:
            self._told_far = True
            log.warning(
                "the board's screen is too small to be read from %g m; see [board] screen_mm and"
                " viewing_distance_m",
                self._settings.viewing_distance_m,
            )


BOLD: Final = QFont.Weight.Bold


@lru_cache(maxsize=8000)
def em(text: str, weight: QFont.Weight = QFont.Weight.Medium) -> float:
    """How wide the text is, in em."""
    font = QFont(FAMILY)
    font.setWeight(weight)
    font.setPixelSize(100)
    return QFontMetricsF(font).horizontalAdvance(text) / 100


def _within(area: QRect, shape: tuple[float, float]) -> QRect:
    """A window of the real screen's shape, well inside the area."""
    size = QSize(int(shape[0]), int(shape[1])).scaled(
        area.size() * 0.8, Qt.AspectRatioMode.KeepAspectRatio
    )
    found = QRect(area.topLeft(), size)
    found.moveCenter(area.center())
    return found
