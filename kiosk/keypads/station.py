"""What the host knows of each device of a line: pure, and gets its time (monotonic seconds)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.keypads import frames
from kiosk.keypads.frames import Sound
from kiosk.keypads.showing import TOO_FAST, UNSURE, show_of, sign_of
from kiosk.presses import DONE, PIN_SECONDS, PIN_WANTED

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.keypads.frames import Frame, Show, Sign
    from kiosk.presses import CounterNow, Keypad, Press

POLL_SECONDS: Final = 0.03
"""Between two polls of one keypad, where the line has time."""
REPEAT_SECONDS: Final = 3.0
"""So often a device is told what it shows although nothing has changed."""
WORD_SECONDS: Final = 2.0
"""How long a keypad shows why a press was not done."""
AT_ONCE: Final = -1.0
SOON: Final = 0.0
"""Before all that is due at a moment: first the answer to a press, then other news."""
SILENT_SECONDS: Final = 2.0
SHORT_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 2.0
"""Seconds between the questions to a keypad that does not answer, before and after it is told."""
HELD_SECONDS: Final = 0.5
"""The same key again within this time is a key held down."""
AGAIN_SECONDS: Final = 0.5
"""Before the store is asked once more for a session, or about a press of which nobody knows
whether it was done."""


class Recent:
    """Whether something has happened often lately."""

    def __init__(self, often: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=often)

    def note(self, now: float) -> None:
        self._times.append(now)

    def many(self, now: float) -> bool:
        full = len(self._times) == self._times.maxlen
        return full and now - self._times[0] < self._seconds


@dataclass(slots=True, eq=False)
class Station:
    """A keypad as the line last heard of it.

    ``pending`` is the press that the store is asked about; ``handled`` the last one that was
    answered. ``looked`` tells that the store was read since the start. ``session`` is None until
    the store has told it; ``opening`` while the store is asked for one, ``to_open`` until the
    keypad has taken it.
    """

    keypad: Keypad
    words: dict[str, str]
    heard_at: float
    due: float = 0.0
    session: str | None = None
    opening: bool = False
    opening_at: float = -60.0
    to_open: bool = False
    now: CounterNow | None = None
    looked: bool = False
    pending: Press | None = None
    asked_at: float = 0.0
    handled: tuple[str, int] | None = None
    acked: int = 0
    answer: str = ""
    word_until: float = 0.0
    sound: Sound = Sound.NONE
    delivered: Show | None = None
    delivered_at: float = 0.0
    failures: int = 0
    pressed: tuple[str, float] = ("", -60.0)
    flood: Recent = field(default_factory=lambda: Recent(20, 5.0))

    @property
    def silent(self) -> bool:
        """Whether it did not answer lately."""
        return self.failures > 2

    def wanted(self, now: float) -> Show:
        return show_of(
            self.now,
            self.words,
            session=self.session,
            acked=self.acked,
            answer=self.answer if now < self.word_until else "",
            sound=self.sound,
        )

    def frame(self, now: float, *, spare: bool) -> tuple[Frame, Show | None]:
        """What to send next: its session, what to show where that is news, or else a poll.

        How many wait changes for all keypads at once and is told only where the line has time to
        ``spare``: while it is told a press at another keypad waits.
        """
        if self.to_open and self.session is not None:
            return frames.opening(self.keypad.address, self.session), None
        if not self.looked or (self.session is None and self.now is not None):
            return frames.poll(self.keypad.address), None
        show = self.wanted(now)
        before = self.delivered
        told = before and replace(before, waiting=show.waiting, lamp=show.lamp)
        old = show != before or now - self.delivered_at >= REPEAT_SECONDS
        if show != told or (spare and old):
            return frames.showing(self.keypad.address, show), show
        return frames.poll(self.keypad.address), None

    def told(self, show: Show | None, now: float) -> None:
        """The keypad has answered, and so has what was sent to it."""
        self.heard_at, self.failures, self.due = now, 0, now + POLL_SECONDS
        if show is not None:
            self.delivered, self.delivered_at = frames.silenced(show), now
            if show.sound is self.sound:
                self.sound = Sound.NONE

    def missed(self, now: float) -> None:
        """It did not answer."""
        self.failures += 1
        longest = LONGEST_PAUSE if self.dead(now) else SHORT_PAUSE
        self.due = now + min(POLL_SECONDS * 2 ** min(self.failures, 10), longest)
        if self.dead(now):
            self.delivered = None

    def dead(self, now: float) -> bool:
        """Whether it has not answered for so long that staff are told."""
        return self.silent and now - self.heard_at >= SILENT_SECONDS

    def take(self, press: Press, now: float) -> bool:
        """Whether the store is to be asked about this press."""
        if self.pending is not None or self.opening:
            return False
        if (press.session, press.sequence) == self.handled:
            self.delivered = None  # the answer was lost
            return False
        if now - self.asked_at < AGAIN_SECONDS and self.answer == UNSURE:
            return False
        key, at = press.key, now - press.seconds
        before, self.pressed = self.pressed, (key, at)
        self.flood.note(now)
        if before[0] == key and at - before[1] < HELD_SECONDS and self.answer != UNSURE:
            self.settle(press, TOO_FAST, now)
            return False
        self.pending, self.asked_at = press, now
        return True

    def settle(self, press: Press, answer: str, now: float) -> None:
        """The press is dealt with, which the keypad is told at once."""
        self.pending = None
        self.handled, self.acked = (press.session, press.sequence), press.sequence
        self._say(answer, now)

    def doubt(self, now: float) -> None:
        """Nobody knows whether the press was done: it is not acknowledged, and asked again."""
        self.pending = None
        self._say(UNSURE, now)

    def opened(self, session: str | None, *, anew: bool) -> None:
        """The store has told the keypad's session; None: it is away."""
        self.opening = False
        if session is not None:
            self.session, self.to_open = session, anew
            self.acked, self.handled, self.delivered = 0, None, None

    def seen(self, now: CounterNow | None) -> None:
        if _shown(now) != _shown(self.now) and not self.silent:
            self.due = min(self.due, SOON)
        self.now, self.looked = now, True

    def _say(self, answer: str, now: float) -> None:
        self.answer, self.due = answer, AT_ONCE
        lasts = PIN_SECONDS if answer == PIN_WANTED else WORD_SECONDS
        self.word_until = now + lasts if answer != DONE else 0.0
        self.sound = Sound.DONE if answer in (DONE, PIN_WANTED) else Sound.ERROR


@dataclass(slots=True, eq=False)
class Board:
    """A number board, which is told and never answers."""

    address: int
    counter: int
    due: float = 0.0
    now: CounterNow | None = None

    def frame(self, at: datetime) -> Frame | None:
        """None while nobody knows what it should show."""
        return frames.signing(self.address, self._sign(at)) if self.now is not None else None

    def told(self, now: float) -> None:
        self.due = now + REPEAT_SECONDS

    def seen(self, now: CounterNow | None) -> None:
        if _shown(now) != _shown(self.now):
            self.due = SOON
        self.now = now

    def _sign(self, at: datetime) -> Sign:
        assert self.now is not None
        return sign_of(self.now, at)


def _shown(now: CounterNow | None) -> object:
    """What of a counter is news at once."""
    return now and (now.staffed, now.paused, now.ticket, now.serving, now.announced_at)
