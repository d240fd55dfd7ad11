"""The windows' process: builds what kiosk.toml asks for, and stops it in order."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

from display.window import BoardWindow
from kiosk import troubles
from kiosk.calendar import local_day
from kiosk.demo_dossiers import demo_dossiers
from kiosk.dossiers import Status
from kiosk.errors import Refused, Unavailable
from kiosk.health import Health
from kiosk.life import MIGRATION_SECONDS, START_SECONDS, WORK_SECONDS
from kiosk.machine import Machine
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.processes import RENEWED, RESTARTED, Role, stop_with_parent
from kiosk.renewal import LINES, PAPER, PROGRAMS, Renewal, as_loud, facts
from kiosk.scanner import SerialScanner
from kiosk.texts import operator_texts, texts
from kiosk.touch.paper import PaperWindow
from kiosk.touch.powers import POWER_OFF, Powers
from kiosk.touch.window import TouchWindow
from kiosk.ui.dress import dressed
from kiosk.ui.fonts import load_fonts
from kiosk.ui.outputs import touch_outputs
from kiosk.ui.pulse import SCREEN_SECONDS, Pulse
from kiosk.ui.running import Signals, draw_in_software, draw_with_card, give_up
from kiosk.ui.threads import Feed, GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QScreen

    from kiosk.config import Config
    from kiosk.life import Life
    from kiosk.office.centre import Centre
    from kiosk.touch.tour import Tour

log = logging.getLogger(__name__)

GAP: Final = 40
"""Pixels between the windows of a demo, room for a window's frame."""
NO_EMBLEM: Final = "emblem_unusable"
REST_MS: Final = 500
"""How often it is asked whether the touch window is at rest, when it is to be made anew."""
ONCE: Final = Qt.ConnectionType.SingleShotConnection
UNSEEN_PIXELS: Final = 1080
UNSEEN_LOOK: Final = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}


def run_windows(
    config: Config,
    roles: Sequence[Role],
    life: Life,
    tour: Path | None = None,
) -> int:
    """Shows the windows of the roles until stopped.

    ``tour`` is where a demo saves its pictures; ``life`` is told when the first frame is out.
    """
    given = config
    with tempfile.TemporaryDirectory(prefix="kiosk-") as folder:
        plays = Role.BOARD in roles and config.board.video == "play"
        config = _choose_platform(config, Path(folder), plays=plays)
        app = QGuiApplication(sys.argv[:1])
    if plays and not draw_with_card():
        log.warning("%s", troubles.told("media_no_card", operator_texts()))
    app.setApplicationName("motcua-kiosk")
    app.setQuitOnLastWindowClosed(False)
    sys.excepthook = give_up
    post = GuiPost()
    signals = Signals(app)
    stop_with_parent(lambda: post.post(app.exit))
    machine = Machine(config.beside_store("machine"))
    centre = replace(open_centre(config), machine=machine.name)
    with ExitStack() as stack:
        # Undone from the last to the first: threads end before the windows that they post to.
        stack.callback(centre.database.close)
        stack.callback(signals.close)
        windows: list[TouchWindow | BoardWindow | PaperWindow] = []
        stack.callback(_close, post, windows)
        health = stack.enter_context(Health(centre, life))
        dress = _dress(centre)
        worker = Worker(post)
        stack.callback(worker.close)
        if not config.keypad_line:
            # Nobody else would: their process is not started.
            worker.submit(partial(devices.forget_keypads, centre), _done, _not_now)
        feed = Feed(centre.database, post)
        stack.callback(feed.close)
        touch = board = None
        if Role.TOUCH in roles:
            powers = Powers(
                given.path,
                POWER_OFF if config.touch.shut_down else (),
                partial(app.exit, RESTARTED),
                partial(_sample, windows) if _calls(config, roles) else None,
            )
            touch = TouchWindow(
                centre,
                config.touch,
                post,
                worker,
                feed,
                report=partial(_report_touch, health, dress),
                folder=config.path.parent.absolute(),
                powers=powers,
                hall=config.board.sound_card if config.board.sound == "card" else "",
                region=config.voice.region,
                boards=lambda: () if board is None else board.screens,
            )
            worker.submit(partial(devices.forget_voices, centre), _done, _not_now)
            if config.touch.speech == "none":
                worker.submit(partial(devices.forget, centre, "speech"), _done, _not_now)
            windows.append(touch)
            scanner = _scanner(config, centre, health, post, worker, touch)
            if scanner is not None:
                stack.callback(scanner.stop)
        if Role.BOARD in roles:
            board = BoardWindow(
                centre,
                config.board,
                post,
                worker,
                feed,
                partial(_report_board, health, dress, touch if config.touch.fullscreen else None),
                voice=config.voice,
                order=config.voice.order(centre.services, centre.counters, config.beside),
                touch=config.touch.screen if touch is not None else None,
                others=touch_outputs(config.touch),
                folder=config.path.parent.absolute(),
            )
            windows.append(board)
            shown = len(config.board.screen)
            worker.submit(partial(devices.forget_boards, centre, shown), _done, _not_now)
        feed.start()
        halls = [window for window in (touch, board) if window is not None]
        for window in halls:
            window.window.frameSwapped.connect(life.ready, ONCE)
            window.window.frameSwapped.connect(partial(_first_frame, window), ONCE)
            window.show()
        if not any(window.window.isVisible() for window in halls):
            # Without any screen they wait for one, for which nobody need start them anew.
            life.ready()
        paper = _paper(config, feed) if touch is not None else None
        if paper is not None:
            windows.append(paper)
        if touch is not None and board is not None:
            share = partial(_share_screen, config, touch, board, paper)
            share()
            # After both have found their places on it.
            app.screenAdded.connect(share)
        stack.enter_context(Renewal(given, partial(_renew, given, app, post, touch, board), health))
        if tour is not None and touch is not None and board is not None:
            stack.callback(_tour(touch, board, centre, config, tour).close)
        screens = stack.enter_context(life.part("screens", SCREEN_SECONDS, START_SECONDS))
        # From the first frame on a picture that stands is a fault, also before the first beat.
        for window in halls:
            window.window.frameSwapped.connect(screens.beat, ONCE)
        asking = stack.enter_context(life.part("worker", WORK_SECONDS, MIGRATION_SECONDS))
        stack.callback(Pulse(screens, asking, worker).close)
        stack.callback(life.ends)
        return app.exec()


def _renew(
    before: Config,
    app: QGuiApplication,
    post: GuiPost,
    touch: TouchWindow | None,
    board: BoardWindow | None,
    config: Config,
) -> None:
    """The windows are made anew, as soon as nobody stands before the one that is touched. How loud
    the hall is called counts at once."""
    but = PAPER | LINES | PROGRAMS
    if facts(as_loud(config), but) != facts(as_loud(before), but):
        post.post(partial(_renew_at_rest, app, touch))
    if board is not None:
        post.post(partial(board.follow_loudness, config.board.volume, config.voice))


def _renew_at_rest(app: QGuiApplication, touch: TouchWindow | None) -> None:
    if touch is None or touch.bridge.at_rest:
        app.exit(RENEWED)
    else:
        QTimer.singleShot(REST_MS, app, partial(_renew_at_rest, app, touch))


def _share_screen(
    config: Config,
    touch: TouchWindow,
    board: BoardWindow,
    paper: PaperWindow | None,
    _: QScreen | None = None,
) -> None:
    """Where both windows are on one screen: side by side, or the touch window on top."""
    if touch.window.screen() is not board.window.screen():
        return
    if not config.touch.fullscreen and not config.board.fullscreen:
        room = touch.window.screen().availableGeometry()
        touch.window.setPosition(room.topLeft())
        left = room.left() + touch.window.width() + GAP
        width = room.right() - left
        if paper is not None:
            width -= room.width() // 5 + GAP
            paper.window.setGeometry(
                left + width + GAP, room.top(), room.width() // 5, touch.window.height()
            )
        board.window.setGeometry(left, room.top(), width, width * 9 // 16)
    touch.window.raise_()
    touch.window.requestActivate()


def _calls(config: Config, roles: Sequence[Role]) -> bool:
    """Whether the hall is called by this process."""
    return Role.BOARD in roles and config.board.sound != "none"


def _sample(windows: Sequence[TouchWindow | BoardWindow | PaperWindow], volume: float) -> bool:
    return any(one.sample(volume) for one in windows if isinstance(one, BoardWindow))


def _report_board(
    health: Health,
    dress: tuple[str, str],
    full: TouchWindow | None,
    name: str,
    state: str,
    reason: str,
) -> None:
    """A board that lies below a full-screen touch window is seen by nobody: staff are told; as they
    are of a face or an emblem that is not shown."""
    covers = full is not None and full.window.isVisible()
    hidden = covers and len(QGuiApplication.screens()) == 1
    if name == "board" and state != "fault" and hidden:
        state, reason = "warning", "no_screen"
    elif name == "board" and state == "ok":
        state, reason = dress
    health.report(name, state, reason)


def _close(post: GuiPost, windows: Sequence[TouchWindow | BoardWindow | PaperWindow]) -> None:
    post.close()
    for window in reversed(windows):
        window.close()


def _first_frame(window: TouchWindow | BoardWindow) -> None:
    log.info("first frame of %s", type(window).__name__)


def _tour(
    touch: TouchWindow, board: BoardWindow, centre: Centre, config: Config, folder: Path
) -> Tour:
    from kiosk.touch.tour import Tour

    today = local_day(centre.clock(), centre.timezone)
    ready = next(d.code for d in demo_dossiers(today) if d.status is Status.FINISHED)
    port = config.web.port
    return Tour(
        touch,
        board.window,
        lambda: str(board.bridge.property("hero")["number"]),
        centre,
        port=port,
        receipt=ready,
        slips=config.beside(config.printer.folder),
        folder=folder,
    )


def _dress(centre: Centre) -> tuple[str, str]:
    """A hall in another face or with another emblem is better than a dark one, so what is missing
    is only told: the state of the screens and its reason."""
    try:
        load_fonts()
    except Unavailable as error:
        log.error("%s", operator_texts().say(f"unavailable.{error.code}", **error.facts))
        return "warning", error.code
    if fault := dressed(centre.look).fault:
        log.error("the emblem %s is not shown: %s", centre.look.emblem, fault)
        return "warning", NO_EMBLEM
    return "ok", ""


def _report_touch(
    health: Health, dress: tuple[str, str], name: str, state: str, reason: str
) -> None:
    if name == "touch" and state == "ok":
        state, reason = dress
    health.report(name, state, reason)


def _paper(config: Config, feed: Feed) -> PaperWindow | None:
    """Shows slips that are pictures, where the screen is not the touch window's alone."""
    if config.printer.connection != "preview" or config.touch.fullscreen:
        return None
    title = texts(config.office.languages[0]).say("touch.paper.title")
    return PaperWindow(config.beside(config.printer.folder), feed, title)


def _scanner(
    config: Config,
    centre: Centre,
    health: Health,
    post: GuiPost,
    worker: Worker,
    touch: TouchWindow,
) -> SerialScanner | None:
    if config.scanner.connection != "serial":
        worker.submit(partial(devices.forget, centre, "scanner"), _done, _not_now)
        return None
    scanner = SerialScanner(
        config.scanner.device,
        config.scanner.baudrate,
        lambda frame: post.post(lambda: touch.scanned(frame)),
        lambda state, reason: health.report("scanner", state, reason),
    )
    scanner.start()
    return scanner


def _done(_: object) -> None:
    """Nothing follows."""


def _not_now(error: Refused | Unavailable) -> None:
    log.warning("put off until the next start: %s", error)


def _choose_platform(config: Config, folder: Path, *, plays: bool) -> Config:
    """Draws in software unless told otherwise: the same picture on every cheap PC; but with the
    graphics card where the board ``plays`` videos.

    Without a display the windows get two unseen screens of the configured proportions.
    """
    if plays:
        # A render thread would wait for Python's lock while Python waits for it.
        os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    else:
        draw_in_software()
    # What QtMultimedia tries and does not find; the sound's health says whether it plays.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    seen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if any(os.environ.get(name) for name in seen):
        return config
    log.warning("%s", operator_texts().say("cli.no_display"))
    screens = folder / "screens.json"
    sizes = {"touch": config.touch.screen_mm, "board": config.board.screen_mm}
    screens.write_text(json.dumps({"screens": _unseen(sizes)}), "utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    # By name: Qt does not keep the order of the file.
    touch = config.touch.model_copy(update={"screen": "touch", "fullscreen": True})
    board = config.board.model_copy(update={"screen": ("board",), "fullscreen": True})
    return config.model_copy(update={"touch": touch, "board": board})


def _unseen(sizes: Mapping[str, tuple[float, float]]) -> list[dict[str, object]]:
    """Screens side by side, the short side of each UNSEEN_PIXELS long."""
    screens: list[dict[str, object]] = []
    x = 0
    for name, (width, height) in sizes.items():
        scale = UNSEEN_PIXELS / min(width, height)
        pixels = {"width": round(width * scale), "height": round(height * scale)}
        screens.append({"name": name, "x": x, "y": 0, **pixels, **UNSEEN_LOOK})
        x += pixels["width"]
    return screens
