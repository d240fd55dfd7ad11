"""What clerks do with the keypad at their counter, each press once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.office import calls, days, sessions
from kiosk.presses import DONE, LATE_SECONDS, LONGEST_NUMBER, PIN_WANTED, CounterNow, Key
from kiosk.store import counters, keypads, lines, staff, tickets
from kiosk.texts import texts
from kiosk.tickets import SESSION_LIFE, TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.office.identity import Clerk
    from kiosk.presses import Keypad, Press

UNKNOWN_SESSION: Final = "unknown_session"
_BEHIND: Final = 128
"""So many steps of 256 ahead is rather a press of before."""
_NO_DIGITS: Final = frozenset({Key.NEXT, Key.RECALL, Key.START, Key.NO_SHOW})


def open_session(centre: Centre, keypad: Keypad) -> str:
    """The name, four hex digits, under which the keypad counts its presses from 1.

    Another one than before as soon as a press was done under that, so that the first press of a
    keypad that has lost its count is none that was done before.
    """
    with centre.database.write() as query:
        known = keypads.last(query, centre.code, centre.kiosk, keypad)
        if known is not None and not known["sequence"]:
            return str(known["session"])
        session = known["session"] if known else "0000"
        while session in ("0000", known and known["session"]):
            session = f"{secrets.randbelow(0x10000):04X}"
        keypads.remember(query, centre.code, centre.kiosk, keypad, session, 0, "")
        return session


def session_of(centre: Centre, keypad: Keypad) -> str:
    """The session that the keypad had last, or its first one."""
    with centre.database.read() as query:
        known = keypads.last(query, centre.code, centre.kiosk, keypad)
    return str(known["session"]) if known else open_session(centre, keypad)


def press(centre: Centre, keypad: Keypad, pressed: Press, proven: Clerk | None = None) -> str:
    """Does what the press asks, in one transaction with the note that it was done.

    ``proven`` is the clerk to whom the digits are the PIN, where the key is SIGN_IN.
    Returns DONE, PIN_WANTED or the code of why not; a known press gets the answer of its first time
    again, and one of a session that the store does not know is not done ("unknown_session").
    """
    with centre.database.batch():
        with centre.database.read() as query:
            known = keypads.last(query, centre.code, centre.kiosk, keypad)
        if known is None or known["session"] != pressed.session:
            return UNKNOWN_SESSION
        ahead = (pressed.sequence - known["sequence"]) % 256
        if ahead == 0:
            return str(known["answer"])
        if ahead >= _BEHIND:
            return "press_late"
        try:
            answer = _act(centre, keypad.counter, pressed, proven)
        except Refused as refused:
            answer = refused.code
        with centre.database.write() as query:
            keypads.remember(
                query, centre.code, centre.kiosk, keypad, pressed.session, pressed.sequence, answer
            )
    return answer


def read_counters(centre: Centre, numbers: Iterable[int]) -> dict[int, CounterNow]:
    """What stands at the counters at one moment."""
    now = centre.clock()
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        live = staff.live_sessions(query, centre.code, now - SESSION_LIFE)
        paused = {row["counter"]: row["paused_at"] is not None for row in live}
        counts = lines.waiting_counts(query, centre.code, day)
        return {
            number: _counter(centre, query, number, day, counts, paused.get(number))
            for number in numbers
        }


def _counter(
    centre: Centre,
    query: Query,
    number: int,
    day: str,
    counts: Mapping[str, int],
    paused: bool | None,
) -> CounterNow:
    here = tickets.at_counter(query, centre.code, number)
    waiting = len(tickets.sent_to(query, centre.code, day, number))
    waiting += sum(counts.get(code, 0) for code in centre.counter(number).services)
    return CounterNow(
        staffed=paused is not None,
        paused=bool(paused),
        ticket=here.id if here else None,
        number=here.number if here else "",
        serving=here is not None and here.state is TicketState.SERVING,
        announced_at=here.announced_at if here else None,
        waiting=waiting,
    )


def _act(centre: Centre, counter: int, pressed: Press, proven: Clerk | None) -> str:
    """Refused as the moves refuse."""
    if pressed.seconds > LATE_SECONDS:
        return "press_late"
    if proven is not None:
        sessions.admit(centre, proven, counter)
        return DONE
    if pressed.key == Key.SIGN_IN and pressed.digits:
        return PIN_WANTED if len(pressed.digits) <= LONGEST_NUMBER else "number_first"
    now = centre.clock()
    with centre.database.read() as query:
        clerk = counters.clerk_at(query, centre.code, counter, now - SESSION_LIFE)
    if clerk is None:
        return "nobody_signed_in"
    here = read_counters(centre, (counter,))[counter]
    if pressed.mark != here.mark:
        return "press_moved"
    if pressed.key in _NO_DIGITS and pressed.digits:
        return "press_digits"
    login, ticket = clerk[0], here.ticket
    match pressed.key:
        case Key.NEXT:
            if calls.call_next(centre, counter, clerk=login, present=ticket) is None:
                return "nobody_waits"
        case Key.RECALL:
            calls.recall(centre, counter, clerk=login, ticket=ticket)
        case Key.START:
            calls.start(centre, counter, clerk=login, ticket=ticket)
        case Key.NO_SHOW:
            calls.no_show(centre, counter, clerk=login, ticket=ticket)
        case Key.FINISH:
            outcome = _chosen(tuple(centre.outcomes), pressed.digits) if pressed.digits else None
            calls.finish(centre, counter, clerk=login, ticket=ticket, outcome=outcome)
        case Key.TRANSFER:
            _transfer(centre, counter, login, ticket, pressed.digits)
        case Key.PAUSE if here.paused:
            sessions.go_on_at(centre, counter, clerk=login)
        case Key.PAUSE:
            _pause(centre, counter, login, pressed.digits)
        case Key.SIGN_IN if ticket is not None:
            return "somebody_here"
        case Key.SIGN_IN:
            sessions.sign_out_at(centre, counter, clerk=login)
        case _:
            return "press_unknown"
    return DONE


def _transfer(centre: Centre, counter: int, clerk: str, ticket: str | None, digits: str) -> None:
    """Digits that begin with 0 are the place of a service in kiosk.toml, others a counter."""
    if digits.startswith("0"):
        service = _chosen(tuple(centre.services), digits)
        calls.transfer(centre, counter, clerk=clerk, ticket=ticket, service=service)
    else:
        goal = int(digits) if digits else None
        calls.transfer(centre, counter, clerk=clerk, ticket=ticket, to_counter=goal)


def _chosen(listed: tuple[str, ...], digits: str) -> str:
    """The code at that place of the list, counted from 1; Refused("malformed") beyond it."""
    place = int(digits)
    if not 0 < place <= len(listed):
        raise Refused("malformed", where="digits")
    return listed[place - 1]


def _pause(centre: Centre, counter: int, clerk: str, digits: str) -> None:
    """With the reason at that place of the office's list, or else the first.

    Refused: somebody_here, malformed.
    """
    listed = tuple(reason.code for reason in centre.reasons if reason.kind == "pause")
    plain = texts(centre.languages[0]).say("keypad.paused_here")
    reason = _chosen(listed, digits) if digits else next(iter(listed), plain)
    sessions.pause_at(centre, counter, reason, clerk=clerk)
