"""What keypads ask of the store, on one thread: no line waits for it."""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from kiosk.errors import Refused, Unavailable
from kiosk.keypads.showing import STORE_AWAY, UNSURE
from kiosk.keypads.signing import SigningIn
from kiosk.office import keypads
from kiosk.presses import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kiosk.office.centre import Centre
    from kiosk.presses import CounterNow, Keypad, Press

log = logging.getLogger(__name__)


class Asking(Protocol):
    """What is told the answers, on the thread of the work."""

    def answered(self, keypad: Keypad, press: Press, answer: str) -> None: ...
    def opened(self, keypad: Keypad, session: str | None, *, anew: bool) -> None: ...
    def seen(self, now: Mapping[int, CounterNow] | None) -> None: ...


class Work:
    """Presses, sessions and readings one after the other, so that what is read last is true."""

    def __init__(self, centre: Centre, counters: Iterable[int]) -> None:
        self._centre = centre
        self._counters = tuple(counters)
        self._signing = SigningIn(centre)
        self._lines: list[Asking] = []
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="keypad presses")
        self._away = False
        self._beat: Callable[[], None] = lambda: None

    def start(self, lines: Iterable[Asking], beat: Callable[[], None] = lambda: None) -> None:
        """``beat`` is called after each reading, at least every five seconds."""
        self._lines += lines
        self._beat = beat
        self._thread.start()

    def stop(self) -> None:
        """Returns when all that was asked before is done."""
        self._jobs.put(None)
        self._thread.join()

    def look(self) -> None:
        """Reads what stands at the counters, and tells every line."""
        self._jobs.put(self._look)

    def press(self, line: Asking, keypad: Keypad, press: Press) -> None:
        self._jobs.put(lambda: self._press(line, keypad, press))

    def open(self, line: Asking, keypad: Keypad, *, anew: bool) -> None:
        """A session for a keypad: ``anew`` for one that has lost its own."""
        self._jobs.put(lambda: self._open(line, keypad, anew=anew))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _look(self) -> None:
        self._beat()
        try:
            now = keypads.read_counters(self._centre, self._counters)
        except (Unavailable, Refused) as error:
            self._tell_away(error)
            for line in self._lines:
                line.seen(None)
            return
        self._away = False
        for line in self._lines:
            line.seen(now)

    def _press(self, line: Asking, keypad: Keypad, press: Press) -> None:
        try:
            if press.key == Key.SIGN_IN:
                answer = self._signing.press(keypad, press)
            else:
                self._signing.forget(keypad)
                answer = keypads.press(self._centre, keypad, press)
        except (Unavailable, Refused) as error:
            self._tell_away(error)
            answer = UNSURE if error.code == UNSURE else STORE_AWAY
        # First what stands there now, so that the keypad is told both at once.
        self._look()
        line.answered(keypad, press, answer)

    def _open(self, line: Asking, keypad: Keypad, *, anew: bool) -> None:
        ask = keypads.open_session if anew else keypads.session_of
        try:
            session = ask(self._centre, keypad)
        except (Unavailable, Refused) as error:
            self._tell_away(error)
            line.opened(keypad, None, anew=anew)
        else:
            line.opened(keypad, session, anew=anew)

    def _tell_away(self, error: Unavailable | Refused) -> None:
        if not self._away:
            log.warning("keypads cannot reach the store: %s", error)
        self._away = True
