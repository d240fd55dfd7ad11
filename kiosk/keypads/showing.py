"""What stands at a counter, as its keypad and its number board show it; pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from kiosk.import_words import fold
from kiosk.keypads.frames import (
    LONGEST_BLINK,
    LONGEST_TEXT,
    NO_SESSION,
    Mode,
    Show,
    Sign,
    Sound,
    State,
)
from kiosk.presses import PIN_WANTED

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.presses import CounterNow
    from kiosk.texts import Texts

STORE_AWAY: Final = "store_away"
UNKNOWN: Final = "unknown_session"
UNSURE: Final = "store_unsure"
TOO_FAST: Final = "too_fast"

ERRORS: Final = {
    "nobody_waits": "N",
    "nobody_signed_in": "S",
    "not_signed_in": "S",
    "nobody_here": "H",
    "press_moved": "C",
    "illegal_move": "C",
    "counter_paused": "P",
    "counter_closed": "P",
    "somebody_here": "W",
    "call_again": "W",
    "wait_longer": "W",
    "press_digits": "D",
    "malformed": "D",
    "unknown_counter": "D",
    "transfer_where": "D",
    "transfer_here": "D",
    "press_late": "L",
    UNKNOWN: "L",
    TOO_FAST: "F",
    STORE_AWAY: "E",
    UNSURE: "E",
    "wrong_pin": "D",
    "number_first": "D",
    "too_many_tries": "W",
    "counter_taken": "T",
    PIN_WANTED: "I",
}
"""The answers to a press that have a word of their own, and the letter that a frame has for it."""

OTHERWISE: Final = "X"


def words_of(texts: Texts) -> dict[str, str]:
    """The words for a keypad's small display: capitals without diacritics."""
    return {key: plain(word) for key, word in texts.under("keypad.word.").items()}


def plain(text: str) -> str:
    return fold(text).upper()[:LONGEST_TEXT]


def show_of(
    now: CounterNow | None,
    words: dict[str, str],
    *,
    session: str | None = None,
    acked: int = 0,
    answer: str = "",
    sound: Sound = Sound.NONE,
) -> Show:
    """``now`` is None while the store is away, which is shown in any session; ``answer`` is that
    to a press of just before."""
    error = ERRORS.get(answer, OTHERWISE) if answer else " "
    if now is None:
        return Show(
            session=NO_SESSION,
            state=State.STORE_AWAY,
            acked=acked,
            sound=sound,
            error=error if error.strip() else ERRORS[STORE_AWAY],
            text=words[STORE_AWAY],
        )
    word = words["otherwise"] if error == OTHERWISE else words.get(answer, "")
    return Show(
        session=session or NO_SESSION,
        state=_state(now),
        acked=acked,
        mark=now.mark,
        sound=sound,
        lamp=bool(now.waiting) and now.staffed and not now.paused and now.ticket is None,
        error=error,
        waiting=now.waiting,
        text=word or _standing(now, words),
    )


def sign_of(now: CounterNow, at: datetime) -> Sign:
    """What the number board shows at that moment; a call blinks for LONGEST_BLINK seconds."""
    if now.number:
        since = (at - now.announced_at).total_seconds() if now.announced_at else math.inf
        left = 0.0 if now.serving or since < 0 else LONGEST_BLINK - since
        return Sign(Mode.NUMBER, max(0, math.ceil(left)), now.number)
    if not now.staffed:
        return Sign(Mode.CLOSED)
    return Sign(Mode.PAUSED if now.paused else Mode.DASHES)


def _state(now: CounterNow) -> State:
    if not now.staffed:
        return State.NOT_SIGNED_IN
    if now.number:
        return State.SERVING if now.serving else State.CALLED
    return State.PAUSED if now.paused else State.NOBODY


def _standing(now: CounterNow, words: dict[str, str]) -> str:
    if not now.staffed:
        return words["nobody_signed_in"]
    if now.number:
        return now.number
    return words["counter_paused"] if now.paused else "----"
