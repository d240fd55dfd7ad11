"""The staff door of the touch window: a long hold, a login and a PIN, and what lies behind them.

The hold only keeps children out; the PIN is the lock. It goes the way of every sign-in of staff:
argon2id, and the same pauses after wrong ones. Whoever is behind the door is asked for anew at each
act, and each act stands in the trail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.errors import Refused, Unavailable
from kiosk.office import direction, jobs
from kiosk.office.door import checked, close_door, latest_slips, note_order, open_door
from kiosk.office.hall import read_devices
from kiosk.rights import Right
from kiosk.texts import texts
from kiosk.touch.door_state import HOLD_SECONDS, SCREENS, Door, Facts, Page, done, turned
from kiosk.touch.door_view import DoorView, derive
from kiosk.touch.powers import hall_volume, set_hall_volume, shut_down
from kiosk.touch.state import Screen, go, is_double
from kiosk.tries import PINS_FROM_ONE, PINS_OF_ONE, Limit, trying
from kiosk.ui.parts import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.office.identity import Clerk
    from kiosk.touch.powers import Powers
    from kiosk.touch.visit import Folding
    from kiosk.ui.threads import Worker

QML_IMPORT_NAME = "kiosk.touch"
QML_IMPORT_MAJOR_VERSION = 1

HERE = "touch"


@QmlElement
@QmlUncreatable("The window makes it.")
class DoorBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """What DoorScreen.qml and the office's sign in the head read and call."""

    doorChanged = Signal()

    def __init__(self, visit: Folding, centre: Centre, worker: Worker, powers: Powers) -> None:
        super().__init__()
        self._visit = visit
        self._centre = centre
        self._worker = worker
        self.powers = powers
        self._held_at: float | None = None
        self._reading = False
        self._stale = False
        self._of_login = Limit(PINS_OF_ONE, visit.now)
        self._from_here = Limit(PINS_FROM_ONE, visit.now)
        self.state = Door()
        self.view = DoorView()
        self.map: dict[str, Any] = plain(self.view)

    # What the window's bridge calls

    @property
    def deeper(self) -> bool:
        """Whether a page of the door is shown, and not its menu."""
        return self.state.clerk is not None and self.state.page is not Page.MENU

    def follow(self) -> None:
        """Shows what follows from the window's state; who went on, or away, is behind no door."""
        if self._visit.state.screen not in SCREENS and self.state != Door():
            self._leave()
        state = self._visit.state
        now, words = self._centre.wall(), texts(state.language)
        view = derive(
            self.state, self._centre, self.powers, words, now, store_down=state.store_down
        )
        if view != self.view:
            self.view, self.map = view, plain(view)
            self.doorChanged.emit()

    def tick(self) -> None:
        """Opens the way to the door when the sign was held for long enough."""
        if self._held_at is not None and self._visit.now() - self._held_at >= HOLD_SECONDS:
            self._held_at = None
            self.knock()

    def knock(self) -> None:
        """Asks who is there."""
        state = self._visit.state
        if state.busy_since is None and state.screen not in SCREENS:
            self._arrive(Screen.STAFF, letters=True)

    def refresh(self) -> None:
        """Reads again what the page shows; what is read while a read is under way waits for it."""
        self._stale = self._reading
        if self.state.clerk is not None and not self._reading:
            self._reading = True
            self._worker.submit(self._read, self._on_read, self._on_unread)

    def submit(self) -> None:
        """The large key of the keypad: the login, then the PIN."""
        entry = self._visit.state.entry
        if self._visit.state.screen is Screen.STAFF:
            self.state = replace(self.state, login=entry.strip())
            self._arrive(Screen.STAFF_PIN)
        else:
            self._prove(entry)

    def goes_back(self) -> bool:
        """One step back, where that is not the home screen."""
        if self._visit.state.screen is Screen.STAFF_PIN:
            self._arrive(Screen.STAFF, letters=True, entry=self.state.login)
        elif self._visit.state.screen is Screen.DOOR and self.state.page is not Page.MENU:
            self._turn(Page.MENU)
        else:
            return False
        return True

    # What QML calls

    @Slot(bool)
    def hold(self, held: bool) -> None:
        """The office's sign, or the key, is pressed or let go."""
        if not held:
            self._held_at = None
        elif self._held_at is None:
            self._held_at = self._visit.now()

    @Slot(int)
    def turnPage(self, part: int) -> None:
        self.state = replace(self.state, part=max(0, part))
        self.follow()

    @Slot(str)
    def choose(self, key: str) -> None:
        """A line was touched; what cannot be undone is done at the second touch."""
        state = self._visit.state
        if self.state.clerk is None or state.busy_since is not None:
            return
        if is_double(state, self._visit.now()):
            return
        act, _, about = key.partition(":")
        match act:
            case "page" if self.state.may(Page(about)):
                self._turn(Page(about))
            case "test":
                self._do(self._test, "test")
            case "reprint":
                self._do(lambda login: self._reprint(login, about), "reprint")
            case "volume":
                self._do(lambda login: self._set_volume(login, float(about)), "volume")
            case "sample":
                self._sample()
            case "pause" | "continue":
                self._do(lambda login: self._pause(login, act, about), act)
            case "restart" | "shut_down" if self.state.sure != act:
                self.state = replace(turned(self.state, self.state.page), sure=act)
                self._shown_anew()
            case "restart":
                self._do(lambda login: self._note("door.restarted", login), act, self._restart)
            case "shut_down":
                self._do(self._shut_down, act)

    # How it comes about

    def _prove(self, pin: str) -> None:
        centre, login = self._centre, self.state.login
        self._visit.fold(replace(self._visit.state, entry="", problem="", due_at=None))

        def work() -> Clerk:
            tries = (self._of_login, login), (self._from_here, HERE)
            with trying(*tries, lost="wrong_pin"):
                clerk = open_door(centre, login, pin)
            self._of_login.forget(login)
            return clerk

        def inside(clerk: Clerk) -> None:
            self.state = Door(login=login, clerk=clerk)
            self._arrive(Screen.DOOR)
            self.refresh()

        def refused(error: Refused | Unavailable) -> None:
            seconds = error.facts.get("seconds")
            after = timedelta(seconds=seconds) if isinstance(seconds, int) else None
            problem = "store" if isinstance(error, Unavailable) else error.code
            due_at = centre.wall() + after if after else None
            self._arrive(Screen.STAFF_PIN, problem=problem, due_at=due_at)

        self._visit.ask(work, inside, refused)

    def _do(
        self,
        work: Callable[[str], object],
        told: str,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Does it on the worker, for whoever may still, and tells what became of it."""
        clerk, page, centre = self.state.clerk, self.state.page, self._centre
        assert clerk is not None
        right = {Page.PAPER: Right.SLIPS, Page.SERVICES: Right.DIRECT}.get(page, Right.SETTINGS)

        def acted() -> Facts:
            checked(centre, clerk.login, right)
            work(clerk.login)
            return self._read()

        def well(facts: Facts) -> None:
            self.state = done(replace(self.state, facts=facts), told)
            self._shown_anew()
            if then is not None:
                then()

        def failed(error: Refused | Unavailable) -> None:
            code = "store" if isinstance(error, Unavailable) else error.code
            known = code if code in _TOLD else "refused"
            self.state = done(self.state, known, failed=True)
            self._shown_anew()

        self._visit.ask(acted, well, failed)

    def _shown_anew(self) -> None:
        """The same screen, no longer busy; a second tap of the same finger does nothing."""
        now = self._visit.now()
        self._visit.fold(replace(self._visit.state, busy_since=None, touched_at=now, shown_at=now))

    def _test(self, login: str) -> None:
        words = texts(self._centre.languages[0])
        jobs.queue_test_page(self._centre, words, clerk=login)

    def _reprint(self, login: str, job: str) -> None:
        jobs.reprint(self._centre, job, clerk=login)

    def _set_volume(self, login: str, volume: float) -> None:
        assert self.powers.config is not None
        set_hall_volume(self._centre, self.powers.config, volume, login=login)

    def _sample(self) -> None:
        volume, sample = self.state.facts.volume, self.powers.sample
        if volume is None or sample is None:
            return
        said = sample(volume)
        self.state = done(self.state, "sample" if said else "sample_waits", failed=not said)
        self._shown_anew()

    def _pause(self, login: str, act: str, code: str) -> None:
        codes = tuple(self._centre.services) if code == "*" else (code,)
        order = direction.pause_services if act == "pause" else direction.go_on_with
        order(self._centre, codes, by=login)

    def _note(self, kind: str, login: str) -> None:
        note_order(self._centre, kind, login)

    def _shut_down(self, login: str) -> None:
        self._note("door.shut_down", login)
        shut_down(self.powers.power_off)

    def _restart(self) -> None:
        if self.powers.restart is not None:
            self.powers.restart()

    def _turn(self, page: Page) -> None:
        self.state = turned(self.state, page)
        self._shown_anew()
        self.refresh()

    def _arrive(self, screen: Screen, **facts: Any) -> None:
        self._visit.arrive(replace(go(self._visit.state, screen, self._visit.now()), **facts))

    def _leave(self) -> None:
        """Shuts the door behind whoever was inside."""
        clerk, self.state = self.state.clerk, Door()
        if clerk is not None:
            centre, login = self._centre, clerk.login
            self._worker.submit(lambda: close_door(centre, login), _done, _unwritten)

    def _read(self) -> Facts:
        """On the worker."""
        centre, config = self._centre, self.powers.config
        return Facts(
            devices=read_devices(centre),
            slips=latest_slips(centre),
            paused=direction.paused_services(centre),
            volume=_volume(config) if config is not None else None,
        )

    def _on_read(self, facts: Facts) -> None:
        self._reading = False
        if self.state.clerk is not None:
            self.state = replace(self.state, facts=facts)
            self.follow()
        if self._stale:
            self.refresh()

    def _on_unread(self, error: Refused | Unavailable) -> None:
        """What was known stays; the window tells of its store by itself."""
        self._reading = False

    door = Property("QVariantMap", lambda bridge: bridge.map, notify=doorChanged)  # type: ignore[arg-type]


_TOLD = frozenset({
    "not_allowed", "job_settled", "job_waiting", "no_power_off", "settings_unread", "store",
})  # fmt: skip
"""What is told by name when an act comes to nothing; anything else is only said not to be done."""


def _volume(config: Path) -> float | None:
    try:
        return hall_volume(config)
    except Refused:
        return None


def _done(_: object) -> None:
    """Nothing follows."""


def _unwritten(_: Refused | Unavailable) -> None:
    """The store is away: that the door was shut is the least of it, and health tells the rest."""
