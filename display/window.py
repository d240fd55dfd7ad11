"""The call board's window: reads the hall, folds it into a view, shows it, and lets it be said."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Property, QObject, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication
from PySide6.QtQml import QmlElement, QmlUncreatable

from display.hero import Showing, hear, tick
from display.layout import STRIP_GAP, Plan, Surface, Words, pages, plan, strip_room
from display.screens import Seen, choose
from display.sound import open_sink
from display.speaker import Loading, speaker_of
from display.view import BoardView, Page, entry, is_stale, missed, view
from kiosk.office.hall import read_board
from kiosk.texts import texts
from kiosk.tickets import numbered
from kiosk.ui.engine import Engine
from kiosk.ui.fonts import FAMILY
from kiosk.voice_config import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QScreen
    from PySide6.QtQuick import QQuickWindow

    from display.voices import Order
    from kiosk.board import Board
    from kiosk.config import BoardConfig
    from kiosk.errors import Refused, Unavailable
    from kiosk.office.centre import Centre
    from kiosk.ui.threads import Feed, GuiPost, Worker
    from kiosk.voice_config import VoiceConfig

    Report = Callable[[str, str, str], None]

QML_IMPORT_NAME = "display.window"
QML_IMPORT_MAJOR_VERSION = 1

log = logging.getLogger(__name__)

TICK_MILLISECONDS: Final = 200
HEARTBEAT_SECONDS: Final = 5.0
MOST_LANGUAGES: Final = 2
FIRST_SIZE: Final = QSize(1920, 1080)


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

    def __init__(self, shown: BoardView, plan: Plan) -> None:
        super().__init__()
        self._view = shown
        self._plan = plan

    def swap(self, shown: BoardView, plan: Plan) -> None:
        """Takes the new view and emits what changed, when everything is in place."""
        old, self._view = self._view, shown
        old_plan, self._plan = self._plan, plan
        if plan != old_plan:
            self.planChanged.emit()
        if (shown.office, shown.clock) != (old.office, old.clock):
            self.headChanged.emit()
        if shown.hero != old.hero:
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


class BoardWindow(QObject):
    """The board: ``report(name, state, reason)`` is told about "board" and "sound".

    ``touch`` is the screen that this process's touch window was told to use ("" the primary one),
    or None without such a window. ``order`` is what ``voice`` must be able to say, None for the
    chime alone. ``folder`` is where a relative sound file stands. ``clock``
    gives steady seconds.
    """

    def __init__(
        self,
        centre: Centre,
        settings: BoardConfig,
        post: GuiPost,
        worker: Worker,
        feed: Feed,
        report: Report,
        *,
        voice: VoiceConfig = SILENT,
        order: Order | None = None,
        touch: str | None = None,
        folder: Path = Path(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._centre = centre
        self._settings = settings
        self._post = post
        self._worker = worker
        self._feed = feed
        self._report = report
        self._touch = touch
        self._clock = clock
        self._languages = [texts(code) for code in centre.languages[:MOST_LANGUAGES]]
        self._health: dict[str, tuple[str, str]] = {}
        self._heartbeat_at = 0.0
        self._open = True

        self._started = clock()
        self._board: Board | None = None
        self._last_read: float | None = None
        self._reading = False
        self._again = False
        self._trouble = ""
        self._state = Showing(since=self._started)
        sound = partial(self._tell, "sound")
        self.speaker = speaker = speaker_of(centre, settings, voice, clock, sound, self._later)
        self._sink = open_sink(settings, folder, speaker.heard_of_sink, post.post)
        speaker.attach(self._sink)
        self._loading = Loading(order, speaker, post.post, self._later)

        self._screen: QScreen | None = None
        self._had_own_screen = False
        self._told_far = False
        self._size = FIRST_SIZE
        self._pages: list[tuple[Page, ...]] = []
        self._planned_for: tuple[object, ...] = ()
        self._plan = self._lay_out()
        self.bridge = BoardBridge(self._view(), self._plan)
        title = self._languages[0].say("board.title")
        self._engine = Engine("display.qml", {"board": self.bridge, "title": title})
        self.window.widthChanged.connect(self._on_resized)
        self.window.heightChanged.connect(self._on_resized)
        self._on_resized()

        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        feed.changed.connect(self._read)

    @property
    def window(self) -> QQuickWindow:
        return self._engine.window

    def show(self) -> None:
        """Opens the board on its screen, full screen if so set, and keeps it there."""
        app = _application()
        app.screenAdded.connect(self._place)
        app.screenRemoved.connect(self._on_screen_removed)
        self._place()
        self._timer.start()
        self._read()

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        self._timer.stop()
        self._feed.changed.disconnect(self._read)
        if self._screen is not None or self._health.get("board"):
            app = _application()
            app.screenAdded.disconnect(self._place)
            app.screenRemoved.disconnect(self._on_screen_removed)
        self._loading.close()
        self._sink.close()
        self._engine.close()

    @Slot()
    def look(self) -> None:
        """Moves on with time: the next call, the clock, a page of the strip, "not current"."""
        now = self._clock()
        self.speaker.look()
        self._state = tick(self._state, now)
        self._refresh()
        if now - self._heartbeat_at >= HEARTBEAT_SECONDS:
            self._heartbeat_at = now
            for name, (state, reason) in self._health.items():
                self._report(name, state, reason)

    @Slot()
    def _read(self) -> None:
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        self._worker.submit(lambda: read_board(self._centre), self._on_board, self._on_failed)

    def _on_board(self, board: Board) -> None:
        if not self._open:
            return
        if self._trouble:
            log.info("the board reads the store again")
            self._trouble = ""
        self._board = board
        self._last_read = self._clock()
        self.speaker.hear(board)
        self._state = hear(self._state, board, self._last_read)
        self._refresh()
        self._read_on()

    def _on_failed(self, error: Refused | Unavailable) -> None:
        if not self._open:
            return
        if self._trouble != error.code:
            log.warning("the board cannot read the store: %s", error)
            self._trouble = error.code
        self._refresh()
        self._read_on()

    def _read_on(self) -> None:
        self._reading = False
        if self._again:
            self._read()

    def _tell(self, name: str, state: str, reason: str) -> None:
        if self._health.get(name) != (state, reason):
            self._health[name] = (state, reason)
            self._report(name, state, reason)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        QTimer.singleShot(math.ceil(seconds * 1000), self, call)

    # What is shown.

    def _view(self) -> BoardView:
        return view(
            self._board,
            self._state,
            self._languages,
            self._centre.name,
            self._centre.timezone,
            wall=self._centre.wall(),
            now=self._clock(),
            stale=self._is_stale(),
            late_minutes=self._centre.queue.late_minutes,
            pages=self._pages,
        )

    def _is_stale(self) -> bool:
        return is_stale(self._last_read, self._started, self._clock())

    def _refresh(self) -> None:
        self._plan = self._lay_out()
        self.bridge.swap(self._view(), self._plan)

    @Slot()
    def _on_resized(self) -> None:
        size = self.window.size()
        if not size.isEmpty() and size != self._size:
            self._size = size
            self._refresh()

    def _lay_out(self) -> Plan:
        """The plan for this screen and these words; made anew only when one of them changed."""
        stale = self._is_stale()
        words = self._words(stale=stale)
        wanted = (self._size, words, stale)
        if self._planned_for == wanted:
            return self._plan
        self._planned_for = wanted
        surface = Surface(
            self._size.width(),
            self._size.height(),
            self._settings.screen_mm,
            self._settings.viewing_distance_m,
        )
        planned = plan(surface, words, second=len(self._languages) > 1, stale=stale)
        room = strip_room(surface.width, planned.margin, planned.ticker_px)
        self._pages = [
            pages(widths, room, words.waiting + STRIP_GAP, planned.strip_lines)
            for widths in words.services
        ]
        return planned

    def _words(self, *, stale: bool) -> Words:
        calls = self._board.calls if self._board else ()
        numbers = {numbered(code, 888) for code in self._centre.services}
        numbers |= {call.number for call in calls}
        lines = self._board.lines if self._board else ()
        notices = [missed(t, self._centre.queue.late_minutes) for t in self._languages]
        if stale or any(notices):
            notices += [t.say("board.stale") for t in self._languages]
        return Words(
            number=max(_em(number, QFont.Weight.ExtraBold) for number in numbers),
            counter=max(_em(str(n), QFont.Weight.ExtraBold) for n in self._centre.counters),
            to_counter=max(
                _em(t.say("board.to_counter"), QFont.Weight.Bold) for t in self._languages
            ),
            name=_em(self._centre.name, QFont.Weight.Bold),
            notice=max(_em(text, QFont.Weight.DemiBold) for text in notices),
            waiting=max(_em(t.say("board.waiting")) for t in self._languages),
            services=tuple(
                tuple(
                    _em(entry(line, t).name) + _em(" 88", QFont.Weight.Bold) + STRIP_GAP
                    for line in lines
                )
                for t in self._languages
            ),
        )

    # Where it is shown.

    @Slot()
    def _place(self) -> None:
        screens = _application().screens()
        seen = [
            Seen(s.name(), s.serialNumber(), s is _application().primaryScreen()) for s in screens
        ]
        chosen = choose(
            seen, self._settings.screen, self._touch, may_share=not self._had_own_screen
        )
        if chosen is None:
            self._screen = None
            self.window.hide()
            self._tell("board", "fault", "unplugged")
            return
        self._had_own_screen = self._had_own_screen or len(screens) > 1
        screen = screens[seen.index(chosen)]
        if screen is not self._screen or not self.window.isVisible():
            self._screen = screen
            self._show_on(screen)
        self._tell("board", "ok", "")

    def _show_on(self, screen: QScreen) -> None:
        window = self.window
        window.setScreen(screen)
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

    @Slot("QScreen*")
    def _on_screen_removed(self, screen: QScreen) -> None:
        # The window still claims the dead screen; shown there it would never come back.
        if screen is self._screen:
            self._screen = None
            self.window.hide()
        self._place()


@lru_cache(maxsize=2000)
def _em(text: str, weight: QFont.Weight = QFont.Weight.Medium) -> float:
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


def _application() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
