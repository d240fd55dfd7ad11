"""The call board: reads the hall, folds it into what its windows show, and lets it be said."""

from __future__ import annotations

import logging
import math
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QFont

from display.face import BOLD, BoardFace, Moment, em
from display.hero import Showing, hear, tick
from display.layout import STRIP_GAP, Words
from display.sound import open_sink
from display.speaker import Loading, loudness, speaker_of
from display.view import entry, is_stale, missed, not_current
from display.zones import in_zones
from kiosk import app_ids
from kiosk.board import Call
from kiosk.media import Media, MediaFolder
from kiosk.notices import Flaw
from kiosk.office.hall import read_board
from kiosk.plain import readable
from kiosk.texts import texts
from kiosk.tickets import numbered
from kiosk.voice_config import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtQuick import QQuickWindow

    from display.bridge import BoardBridge
    from display.voices import Order
    from kiosk.board import Board
    from kiosk.board_config import BoardConfig
    from kiosk.errors import Refused, Unavailable
    from kiosk.office.centre import Centre
    from kiosk.ui.threads import Feed, GuiPost, Worker
    from kiosk.voice_config import VoiceConfig

    Report = Callable[[str, str, str], None]

log = logging.getLogger(__name__)

TICK_MILLISECONDS: Final = 200
HEARTBEAT_SECONDS: Final = 5.0
MOST_LANGUAGES: Final = 2


class BoardWindow(QObject):
    """The board: a window on each screen of ``settings``, all showing the same, and one sound.

    ``report(name, state, reason)`` is told about "board", "board 2" and so on, and "sound".
    ``touch`` is the screen that this process's touch window was told to use ("" the primary one),
    or None without such a window. ``order`` is what ``voice`` must be able to say, None for the
    chime alone. ``others`` are parts of the names of outputs that are not the hall's. ``folder`` is
    where a relative sound file and the folder of pictures stand. ``clock`` gives steady seconds.
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
        others: Sequence[str] = (),
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
        self._clock = clock
        self._languages = [texts(code) for code in centre.languages[:MOST_LANGUAGES]]
        self._health: dict[str, tuple[str, str]] = {}
        self._heartbeat_at = 0.0
        self._open = True

        self._started = clock()
        self._board: Board | None = None
        self._last_read: float | None = None
        self._current_at: datetime | None = None
        self._reading = False
        self._again = False
        self._trouble = ""
        self._state = Showing()
        sound = partial(self._tell, "sound")
        self.speaker = speaker = speaker_of(centre, settings, voice, clock, sound, self._later)
        self._sink = open_sink(settings, folder, speaker.heard_of_sink, post.post, others)
        speaker.attach(self._sink)
        self._loading = Loading(order, speaker, post.post, self._later)

        self._media = Media()
        self._unplayed: dict[Path, Flaw] = {}
        self._screens: dict[str, tuple[str, str]] = {}
        self._folder = (
            MediaFolder(
                folder / settings.media, lambda found: post.post(partial(self._on_media, found))
            )
            if settings.media
            else None
        )
        title = self._languages[0].say("board.title")
        moment = self._moment()
        self.faces = tuple(
            BoardFace(
                settings,
                moment,
                title,
                partial(self._on_screen, "board" if n == 1 else f"board {n}"),
                self._refresh,
                wanted=wanted,
                touch=touch,
                others=tuple(other for other in settings.screen if other != wanted),
                app_id=app_ids.board(n),
                look=centre.look,
                stopped=self._on_video_stopped,
            )
            for n, wanted in enumerate(settings.screen, 1)
        )
        self._refresh()

        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        feed.first.connect(self._read)

    @property
    def window(self) -> QQuickWindow:
        """The first of its windows."""
        return self.faces[0].window

    @property
    def bridge(self) -> BoardBridge:
        return self.faces[0].bridge

    @property
    def screens(self) -> Sequence[str]:
        """The names or serials of its windows' screens."""
        return tuple(face.screen for face in self.faces)

    def show(self) -> None:
        """Opens the windows on their screens, full screen if so set, and keeps them there."""
        for face in self.faces:
            face.open()
        if self._folder is not None:
            self._folder.start()
        self._timer.start()
        self._read()

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        self._timer.stop()
        self._feed.first.disconnect(self._read)
        if self._folder is not None:
            self._folder.close()
        self._loading.close()
        self._sink.close()
        for face in self.faces:
            face.close()

    def follow_loudness(self, usual: float, voice: VoiceConfig) -> None:
        """From the next announcement on: what kiosk.toml says now, without making all anew."""
        self.speaker.follow(loudness(self._centre, usual, voice))

    def sample(self, volume: float) -> bool:
        """Lets a call that is nobody's be heard as loud as that; False while others are said."""
        code, counter = next(iter(self._centre.services)), next(iter(self._centre.counters))
        return self.speaker.sample(
            Call(0, numbered(code, 0), counter, self._centre.clock(), 1), volume
        )

    @Slot()
    def look(self) -> None:
        """Moves on with time: a call's time, the clock, what takes turns, "not current"."""
        now = self._clock()
        self.speaker.look()
        self._state = tick(self._state, now, min(face.places for face in self.faces))
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
        self._board = in_zones(board, self._centre.counters, self._settings.zones)
        self._last_read, self._current_at = self._clock(), board.at
        self.speaker.hear(board)
        self._state = hear(self._state, self._board, self._last_read)
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

    def _on_media(self, media: Media) -> None:
        if not self._open:
            return
        for flaw in media.flaws:
            if flaw not in self._media.flaws:
                self._log(flaw)
        self._media = media
        there = {item.file for item in media.items}
        self._unplayed = {file: flaw for file, flaw in self._unplayed.items() if file in there}
        self._on_flaws()

    def _on_video_stopped(self, address: str) -> None:
        """The player gave up a video: it is left out until its file changes."""
        for item in self._media.items:
            played = item.play and item.play.absolute().as_uri()
            if item.file and played == address and item.file not in self._unplayed:
                flaw = Flaw(readable(item.name), "device.media_video_stopped")
                self._unplayed[item.file] = flaw
                self._log(flaw)
        self._on_flaws()

    def _on_flaws(self) -> None:
        for name in self._screens:
            self._tell_screen(name)
        self._refresh()

    def _flaws(self) -> tuple[Flaw, ...]:
        flaws = (*self._media.flaws, *self._unplayed.values())
        if self._settings.video == "play" and not self.faces[0].plays:
            flaws += tuple(
                Flaw(readable(item.name), "device.media_no_card")
                for item in self._media.items
                if item.play
            )
        return flaws

    def _log(self, flaw: Flaw) -> None:
        log.warning("%s: %s", flaw.file, self._languages[0].say(flaw.key))

    def _on_screen(self, name: str, state: str, reason: str) -> None:
        self._screens[name] = (state, reason)
        self._tell_screen(name)

    def _tell_screen(self, name: str) -> None:
        """A screen that is away comes before a picture that cannot be shown, which is told once."""
        state, reason = self._screens[name]
        flaws = self._flaws() if state == "ok" and name == "board" else ()
        if flaws:
            state, reason = "warning", flaws[0].key.removeprefix("device.")
        self._tell(name, state, reason)

    def _tell(self, name: str, state: str, reason: str) -> None:
        if self._health.get(name) != (state, reason):
            self._health[name] = (state, reason)
            self._report(name, state, reason)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        QTimer.singleShot(math.ceil(seconds * 1000), self, call)

    @Slot()
    def _refresh(self) -> None:
        moment = self._moment()
        for face in getattr(self, "faces", ()):
            face.refresh(moment)

    def _moment(self) -> Moment:
        centre, now, wall = self._centre, self._clock(), self._centre.wall()
        stale = is_stale(self._last_read, self._started, now)
        local = wall.astimezone(centre.timezone)
        ticker = {
            each.language: self._media.ticker.get(each.language) or self._media.ticker.get("", ())
            for each in self._languages
        }
        return Moment(
            board=self._board,
            state=self._state,
            languages=self._languages,
            office=centre.name,
            zone=centre.timezone,
            wall=wall,
            now=now,
            stale=stale,
            since=self._current_at,
            late_minutes=centre.queue.late_minutes,
            words=self._words(stale=stale),
            ticker=ticker,
            due=tuple(i for i in self._media.due(local) if i.file not in self._unplayed),
            speaking=frozenset(call.number for call in self.speaker.speaking),
        )

    def _words(self, *, stale: bool) -> Words:
        calls = self._board.calls if self._board else ()
        numbers = {numbered(code, 888) for code in self._centre.services}
        numbers |= {call.number for call in calls}
        lines = self._board.lines if self._board else ()
        notices = [missed(t, self._centre.queue.late_minutes) for t in self._languages]
        notices += [line for told in self._media.ticker.values() for line in told]
        if stale or any(notices):
            notices += [not_current(t, self._centre.wall()) for t in self._languages]
        return Words(
            number=max(em(number, QFont.Weight.ExtraBold) for number in numbers),
            counter=max(em(str(n), QFont.Weight.ExtraBold) for n in self._centre.counters),
            to_counter=max(em(t.say("board.to_counter"), BOLD) for t in self._languages),
            name=em(self._centre.name, BOLD),
            notice=max(em(text, QFont.Weight.DemiBold) for text in notices),
            waiting=max(em(t.say("board.waiting")) for t in self._languages),
            services=tuple(
                tuple(em(entry(line, t).name) + em(" 88", BOLD) + STRIP_GAP for line in lines)
                for t in self._languages
            ),
        )
