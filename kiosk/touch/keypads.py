"""What the keypad asks for: a dossier's code, its second factor, or a phone number; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.appointments import normalise_code
from kiosk.dossiers import LAST_DIGITS, plain_phone
from kiosk.touch.state import SHOWN_SECONDS, Screen
from kiosk.touch.view import KeypadView

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.state import State

CODE_ROWS: Final = ("123", "456", "789", "-0.")
DIGIT_ROWS: Final = ("123", "456", "789", " 0 ")
LETTER_ROWS: Final = ("ABCDEFG", "HIJKLMN", "OPQRSTU", "VWXYZ/_")
SECRET_ROWS: Final = ("ABCDEFG", "HIJKLMN", "OPQRSTU", " VWXYZ ")
DIGITS: Final = "0123456789"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLAIN_ROWS: Final = ("123", "456", "789", "-0 ")
LOGIN_ROWS: Final = ("abcdefg", "hijklmn", "opqrstu", "vwxyz._")
KEYPADS: Final = (
    Screen.KEYPAD, Screen.PROVE, Screen.PHONE, Screen.CHECK_IN, Screen.STAFF, Screen.STAFF_PIN,
)  # fmt: skip
LEAST_PIN: Final = 6
# What keys may type, where it is not what every keypad takes.
SIGNS: Final = {
    "keypad": f"{DIGITS}-.{LETTERS}",
    "check_in": f"{DIGITS}-{LETTERS}",
    "staff": f"{DIGITS}-._{LETTERS.lower()}",
}
MASK: Final = "•"


def keypad_view(
    state: State, centre: Centre, words: Texts, tick: float, now: datetime
) -> KeypadView:
    """``tick`` is the monotonic clock of the state, ``now`` the wall clock."""
    match state.screen:
        case Screen.PROVE:
            return _prove(state, centre, words, tick, now)
        case Screen.PHONE:
            return _phone(state, words)
        case Screen.CHECK_IN:
            return _check_in(state, words)
        case Screen.STAFF:
            return _staff(state, words)
        case Screen.STAFF_PIN:
            return _pin(state, centre, words, now)
        case _:
            return _code(state, centre, words)


def _code(state: State, centre: Centre, words: Texts) -> KeypadView:
    example = f"{centre.code}-261118-0007"
    return _keypad(
        state,
        words,
        "keypad",
        rows=LETTER_ROWS if state.letters else CODE_ROWS,
        hint=words.say("touch.keypad.hint", example=example),
        entry=state.entry,
        ready=state.entry not in ("", f"{centre.code}-"),
    )


def _prove(state: State, centre: Centre, words: Texts, tick: float, now: datetime) -> KeypadView:
    shown = 1 if tick - state.typed_at < SHOWN_SECONDS else 0
    masked = len(state.entry) - shown
    return _keypad(
        state,
        words,
        "prove",
        rows=SECRET_ROWS if state.letters else DIGIT_ROWS,
        hint=words.say("touch.prove.hint"),
        card=words.say("touch.prove.card"),
        note=_refused(state, centre, words, now),
        entry=MASK * masked + state.entry[max(0, masked) :],
        ready=len(state.entry) >= LAST_DIGITS,
    )


def _refused(state: State, centre: Centre, words: Texts, now: datetime) -> str:
    """Why people are not shown, in the words in which an unknown code is told."""
    if state.due_at is not None:
        time = words.when(state.due_at.astimezone(centre.timezone), now)
        brief = (state.due_at - now).total_seconds() < BRIEF_SECONDS
        return words.say("touch.prove.slow" if brief else "touch.prove.closed", time=time)
    if state.problem in ("store", "unreadable"):
        return words.say(f"touch.prove.{state.problem}")
    return words.say("refused.no_such_dossier") if state.problem else ""


BRIEF_SECONDS: Final = 60.0


def _phone(state: State, words: Texts) -> KeypadView:
    end = state.answer.phone_end if state.answer is not None else None
    note = words.say("refused.bad_phone") if state.problem == "bad_phone" else ""
    if state.problem and not note:
        note = words.say("touch.prove.store")
    return _keypad(
        state,
        words,
        "phone",
        rows=DIGIT_ROWS,
        hint=words.say("touch.phone.hint"),
        note=note,
        other=words.say("touch.phone.own", end=end) if end else "",
        entry=state.entry,
        ready=plain_phone(state.entry) is not None,
        layout="",
    )


def _check_in(state: State, words: Texts) -> KeypadView:
    return _keypad(
        state,
        words,
        "check_in",
        rows=SECRET_ROWS if state.letters else PLAIN_ROWS,
        hint=words.say("touch.check_in.hint"),
        entry=state.entry,
        ready=normalise_code(state.entry) is not None,
    )


def _staff(state: State, words: Texts) -> KeypadView:
    return _keypad(
        state,
        words,
        "staff",
        rows=LOGIN_ROWS if state.letters else PLAIN_ROWS,
        hint=words.say("touch.staff.hint"),
        entry=state.entry,
        ready=bool(state.entry),
    )


def _pin(state: State, centre: Centre, words: Texts, now: datetime) -> KeypadView:
    """Nothing of it is ever shown, not even the digit typed last."""
    note = ""
    if state.due_at is not None and state.due_at > now:
        time = words.clock(state.due_at.astimezone(centre.timezone))
        note = words.say("touch.staff_pin.slow", time=time)
    elif state.problem and state.due_at is None:
        known = state.problem in ("wrong_pin", "not_allowed", "store")
        note = words.say(f"touch.staff_pin.{state.problem if known else 'store'}")
    return _keypad(
        state,
        words,
        "staff_pin",
        rows=DIGIT_ROWS,
        hint=words.say("touch.staff_pin.hint"),
        note=note,
        entry=MASK * len(state.entry),
        ready=len(state.entry) >= LEAST_PIN,
        layout="",
    )


def _keypad(
    state: State,
    words: Texts,
    head: str,
    *,
    rows: tuple[str, ...],
    hint: str,
    entry: str,
    ready: bool,
    card: str = "",
    note: str = "",
    other: str = "",
    layout: str | None = None,
) -> KeypadView:
    letters = LETTERS if layout is None else ""
    other_keys = words.say("touch.keypad.digits" if state.letters else "touch.keypad.letters")
    return KeypadView(
        title=words.say(f"touch.{head}.title"),
        hint=hint,
        card=card,
        note=note,
        other=other,
        entry=entry,
        empty=words.say(f"touch.{head}.empty"),
        rows=rows,
        signs=SIGNS.get(state.screen.value, DIGITS + letters),
        layout=other_keys if layout is None else layout,
        erase=words.say("touch.keypad.erase"),
        clear=words.say("touch.keypad.clear"),
        search=words.say(f"touch.{head}.search"),
        ready=ready,
    )
