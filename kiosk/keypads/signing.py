"""Signing in at a keypad: the clerk's number, then the PIN, each followed by the key."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kiosk.errors import Refused, Unavailable
from kiosk.keypads.showing import UNSURE
from kiosk.office import identity, keypads
from kiosk.presses import LATE_SECONDS, LONGEST_NUMBER, PIN_SECONDS, PIN_WANTED
from kiosk.tries import PINS_FROM_ONE, PINS_OF_ONE, Limit, trying

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from kiosk.presses import Keypad, Press


class SigningIn:
    """Who has typed a number, at which keypad, and how often a PIN was wrong.

    A PIN is in memory no longer than it takes to prove it. Wrong ones count for each keypad by
    itself, so that nobody keeps somebody else from signing in elsewhere.
    """

    def __init__(self, centre: Centre, clock: Callable[[], float] = time.monotonic) -> None:
        self._centre = centre
        self._clock = clock
        self._typed: dict[Keypad, tuple[str, float]] = {}
        self._of_number = Limit(PINS_OF_ONE, clock)
        self._at = Limit(PINS_FROM_ONE, clock)

    def press(self, keypad: Keypad, press: Press) -> str:
        """As ``keypads.press``, and why nobody was signed in: wrong_pin, too_many_tries.

        Digits that can only be a PIN are never taken for a number, however late they come.
        """
        number, until = self._typed.pop(keypad, ("", 0.0))
        meant = number and len(press.digits) > LONGEST_NUMBER and self._clock() < until
        if not meant or press.seconds > LATE_SECONDS:
            answer = keypads.press(self._centre, keypad, press)
            if answer == PIN_WANTED:
                self._typed[keypad] = press.digits, self._clock() + PIN_SECONDS
            return answer
        tries = (self._of_number, (number, keypad)), (self._at, keypad)
        try:
            with trying(*tries, lost="wrong_pin"):
                clerk = identity.proven(self._centre, number, press.digits, actor="keypad")
            self._of_number.forget((number, keypad))
            return keypads.press(self._centre, keypad, press, clerk)
        except Refused as refused:
            return refused.code
        except Unavailable as trouble:
            if trouble.code == UNSURE:
                self._typed[keypad] = number, until  # the keypad tells this press again
            raise

    def forget(self, keypad: Keypad) -> None:
        """Another key was pressed: what is typed next is a number again."""
        self._typed.pop(keypad, None)
