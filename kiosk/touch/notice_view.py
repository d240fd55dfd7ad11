"""What a notice says: what happened, what to do now, who helps; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.touch.answers import told_entry
from kiosk.touch.offers import scans
from kiosk.touch.phrases import opening
from kiosk.touch.state import Screen
from kiosk.touch.view import Action, NoticeView

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.touch.state import State

LOOKS: Final = {
    Screen.NOT_FOUND: ("search-x", "warn"),
    Screen.UNREADABLE: ("scan", "warn"),
    Screen.CARD: ("card", "calm"),
    Screen.CLOSED: ("clock", "calm"),
    Screen.LIMIT: ("users", "calm"),
    Screen.PAUSED: ("pause", "calm"),
    Screen.STOPPED: ("printer", "warn"),
    Screen.APPOINTMENT: ("clock", "calm"),
    Screen.CANCEL: ("ticket", "calm"),
    Screen.ASK: ("barcode", "calm"),
    Screen.UNAVAILABLE: ("alert", "warn"),
}
_OF_A_SERVICE: Final = (Screen.CLOSED, Screen.LIMIT, Screen.PAUSED)
_TO_TYPE: Final = (Screen.NOT_FOUND, Screen.UNREADABLE, Screen.CARD, Screen.STOPPED)
NO_SUCH: Final = "no_such_appointment"


def notice_view(
    state: State, centre: Centre, words: Texts, screen: Screen, now: datetime
) -> NoticeView:
    if screen is Screen.CANCEL:
        return _give_up(state, centre, words)
    if screen is Screen.ASK:
        return _ask(state, centre, words)
    icon, tone = LOOKS[screen]
    key = f"touch.notice.{screen.value}"
    title, text = words.say(f"{key}.title"), words.say(f"{key}.text")
    subject = ""
    line = _line(state, state.service) if screen in (Screen.CLOSED, Screen.LIMIT) else None
    if line is not None and line.opens_at is not None:
        time = opening(line.opens_at, state.home, centre.timezone, words)
        text = words.say(f"touch.notice.{screen.value}.opens", time=time)
    if line is not None and line.refusal == "session_limit_reached":
        title = words.say("touch.notice.limit.session")
    refused = centre.services.get(state.service or "")
    if screen in _OF_A_SERVICE and refused is not None:
        subject = words.name(refused.names)
    if screen is Screen.NOT_FOUND:
        subject = told_entry(state.entry)
    if screen is Screen.APPOINTMENT:
        title, text = _appointment(state, centre, words, now)
    actions: tuple[Action, ...] = ()
    if screen in _TO_TYPE:
        actions = (Action("type", words.say("touch.scan.type"), "keypad"),)
    elif screen is Screen.APPOINTMENT and state.problem == NO_SUCH:
        actions = (Action("check_in", words.say("touch.scan.type"), "keypad"),)
    elif screen is Screen.UNAVAILABLE and state.wish is not None:
        actions = (Action("retry", words.say("touch.retry"), "undo"),)
    return NoticeView(
        icon=icon,
        tone=tone,
        title=title,
        text=text,
        help=words.say(f"{key}.help"),
        subject=subject,
        cause=_cause(state, screen, words),
        actions=actions,
    )


def _cause(state: State, screen: Screen, words: Texts) -> str:
    """For staff who stand before it: the code under which the health record and README have it."""
    code = ""
    if screen is Screen.UNAVAILABLE:
        code = state.trouble
    elif screen is Screen.STOPPED and state.home is not None and state.home.printer is not None:
        code = state.home.printer.reason
    return words.say("touch.notice.cause", code=code) if code else ""


def _appointment(state: State, centre: Centre, words: Texts, now: datetime) -> tuple[str, str]:
    """Why an appointment that was scanned or typed gives no number now, and what to do."""
    key = "touch.notice.appointment"
    time = ""
    if state.problem in ("appointment_cancelled", NO_SUCH):
        key = f"{key}.cancelled" if state.problem != NO_SUCH else f"{key}.no_such"
    elif state.due_at is not None:
        key = f"{key}.over" if state.due_at < now else f"{key}.later"
        time = words.when(state.due_at.astimezone(centre.timezone), now)
    else:
        return words.say(f"{key}.title"), words.say(f"{key}.text")
    return words.say(key), words.say(f"{key}.text", time=time)


def _give_up(state: State, centre: Centre, words: Texts) -> NoticeView:
    """The question before a ticket is given up; to keep it is the key to choose."""
    assert state.place is not None
    ticket = state.place.ticket
    icon, tone = LOOKS[Screen.CANCEL]
    service = centre.services.get(ticket.service)
    return NoticeView(
        icon=icon,
        tone=tone,
        title=words.say("touch.cancel.title", number=ticket.number),
        subject=words.name(service.names) if service else ticket.service,
        text=words.say("touch.cancel.text"),
        help=words.say("touch.cancel.help"),
        actions=(
            Action("keep", words.say("touch.cancel.keep"), "ticket"),
            Action("cancel", words.say("touch.cancel.sure"), "x"),
        ),
    )


def _ask(state: State, centre: Centre, words: Texts) -> NoticeView:
    """Before the number of a service: which dossier it is about."""
    service = centre.services.get(state.asking or "")
    needed = service is not None and service.needs_dossier
    icon, tone = LOOKS[Screen.ASK]
    actions = [Action("type", words.say("touch.scan.type"), "keypad")]
    if not needed:
        actions.append(Action("skip", words.say("touch.ask.skip"), "arrow-right"))
    told = state.problem or ("text" if scans(state) else "no_scanner")
    return NoticeView(
        icon="search-x" if state.problem else icon,
        tone="warn" if state.problem else tone,
        title=words.say("touch.ask.title"),
        subject=words.name(service.names) if service else "",
        text=words.say(f"touch.ask.{told}", code=told_entry(state.entry)),
        help=words.say("touch.ask.needed" if needed else "touch.ask.help"),
        actions=tuple(actions),
    )


def _line(state: State, service: str | None) -> ServiceLine | None:
    lines = state.home.board.lines if state.home is not None else ()
    return next((line for line in lines if line.code == service), None)
