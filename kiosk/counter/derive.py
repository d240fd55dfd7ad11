"""From what the window remembers to all that is shown: one pure function, nothing kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.counter.keys import SHORT
from kiosk.counter.phrases import (
    lost_because,
    marks_of,
    notices_of,
    service_name,
    stopwatch,
    told_of,
)
from kiosk.counter.sheets import sheet_of
from kiosk.counter.state import (
    BUSY_SHOWN_SECONDS,
    Link,
    Screen,
    Sheet,
    State,
    allowed,
    server_now,
    undo_left,
)
from kiosk.counter.view import Clock, DeskView, Entrance, Head, Lock, Move, View
from kiosk.texts import languages, texts
from kiosk.tickets import TicketState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.texts import Texts

MOVES: Final = ("recall", "start", "no_show", "transfer", "park", "finish")
"""In the order of their buttons, as on the clerk's page."""


def derive(state: State, caps: Mapping[str, str], now: float) -> View:
    """All that is shown; ``caps`` are the keys of the keyboard, ``now`` the monotonic clock."""
    words = texts(state.language)
    desk = state.screen is Screen.DESK
    entrance = state.screen in (Screen.SIGN_IN, Screen.ENROL)
    shown = Sheet.NONE if not desk else state.sheet
    sheet = sheet_of(state, shown, now, words)
    alone = desk and not sheet.shown and not state.alert
    return View(
        screen=state.screen.value,
        head=_head(state, now, words, small=state.small and alone),
        desk=_desk(state, caps, now, words) if desk else DeskView(),
        clock=_clock(state, now, words) if desk else Clock(),
        sheet=sheet,
        entrance=_entrance(state, words) if entrance else Entrance(),
        lock=_lock(state, words) if state.screen is Screen.LOCKED else Lock(),
    )


def _head(state: State, now: float, words: Texts, *, small: bool) -> Head:
    if state.screen in (Screen.SIGN_IN, Screen.ENROL):
        enrols = state.screen is Screen.ENROL
        title = words.say("web.device.title" if enrols else "web.sign_in.title")
        return Head(title=title, link_state=state.link.value)
    desk = state.desk
    working = state.screen is Screen.DESK
    notices = notices_of(state, server_now(state, now), words) if working else ()
    kept = len(desk.parked) + len(desk.missed) if desk else 0
    alarm = words.say("web.alarm.raise")
    if desk is not None and desk.alarm is not None:
        who = desk.alarm.answered_by
        alarm = words.say("web.alarm_answered", name=who) if who else words.say("web.alarm.raised")
    return Head(
        title=words.say("common.counter", counter=state.counter),
        clerk=state.clerk,
        link=words.say(f"web.link.{state.link.value}"),
        link_state=state.link.value,
        alarm=alarm,
        raised=desk is not None and desk.alarm is not None,
        pause=words.say("web.continue" if desk is not None and desk.paused else "web.pause"),
        notices=str(len(notices)) if notices else "",
        notices_name=words.count("counter.notices", len(notices)),
        kept=str(kept) if kept and working else "",
        kept_name=words.count("counter.kept", kept),
        menu=words.say("counter.menu"),
        shrink=words.say("counter.shrink"),
        grow=words.say("counter.grow"),
        small=small,
    )


def _desk(state: State, caps: Mapping[str, str], now: float, words: Texts) -> DeskView:
    desk = state.desk
    slow = bool(state.busy) and now - state.busy_since >= BUSY_SHOWN_SECONDS
    may = frozenset[str]() if slow else allowed(state, now)
    shown = {action: cap_of(key, words) for action, key in caps.items()}

    def move(action: str, name: str) -> Move:
        return Move(action, name, shown[action], action in may)

    message, tone = _message(state, words)
    if desk is None:
        what = words.say("web.next.call")
        return DeskView(
            state=words.say("web.link.connecting"),
            number="–",
            moves=tuple(move(one, _name(one, words)) for one in MOVES),
            next=move("next", what),
            next_short=words.say("counter.next.short"),
            message=message,
            tone=tone,
        )
    here, paused = desk.current, desk.paused
    kind = here.state.value if here else "paused" if paused else "nobody"
    number, facts = "–", ""
    if here is not None:
        number, facts = here.number, told_of(here, state, words)
    elif paused is not None:
        known = state.office.pauses if state.office else ()
        named = {reason.code: words.name(reason.names) for reason in known}
        number = named.get(paused.reason, paused.reason) or "–"
        facts = words.say("web.pause_since", time=words.clock(paused.since))
    what, up = _next(state, words)
    undo, go_on = Move(), Move()
    if desk.undo is not None and undo_left(state, now) > 0:
        undo = move("undo", words.say(f"web.undo.{desk.undo.move}"))
    if paused is not None:
        go_on = move("pause", words.say("web.continue"))
    return DeskView(
        state=words.say(f"web.state.{kind}"),
        number=number,
        words=here is None and paused is not None,
        facts=facts,
        moves=tuple(move(one, _name(one, words)) for one in MOVES),
        next=move("next", what),
        next_up=up,
        next_short=words.say("web.continue" if paused else "counter.next.short"),
        closed=desk.closed,
        undo=undo,
        go_on=go_on,
        message=message,
        tone=tone,
    )


def _name(action: str, words: Texts) -> str:
    return words.say(f"web.move.{action.replace('_', '-')}")


def cap_of(key: str, words: Texts) -> str:
    """What stands on a key; "" for none."""
    return words.say("web.key.space") if key == "Space" else SHORT.get(key, key)


def _next(state: State, words: Texts) -> tuple[str, str]:
    """What the big key does, and who is next or why it does nothing."""
    desk = state.desk
    assert desk is not None
    if desk.closed:
        why = "web.next.closed.finish" if desk.current else "web.next.closed.ask"
        return words.say("web.next.closed"), words.say(why)
    if desk.paused is not None:
        return words.say("web.next.paused"), words.say("web.next.continue")
    what = words.say("web.next.finish_and_call" if desk.current else "web.next.call")
    if not desk.waiting:
        return what, words.say("web.next.nobody")
    first = desk.waiting[0]
    said = [words.say("web.next_up", number=first.number)]
    waiting = words.count("counter.waiting", desk.waiting_total)
    several = state.office is not None and len({one.service for one in desk.waiting}) > 1
    service = [service_name(first.service, state.office, words)] if several else []
    return what, " · ".join([*said, *marks_of(first, words), *service, waiting])


def _message(state: State, words: Texts) -> tuple[str, str]:
    """What must be read first, and whether it is a warning."""
    if state.alert:
        return state.alert, "warn"
    if state.link is Link.LOST:
        return f"{words.say('web.link.lost')} {lost_because(state.lost, words)}", "warn"
    if state.pad:
        return words.say(f"counter.pad.{state.pad}"), "warn"
    return state.told, "calm"


def _clock(state: State, now: float, words: Texts) -> Clock:
    desk, at = state.desk, server_now(state, now)
    if desk is None or at is None:
        return Clock()
    since = desk.paused.since if desk.paused else None
    if desk.current is not None:
        serving = desk.current.state is TicketState.SERVING
        since = desk.current.started_at if serving else desk.current.called_at
    left = undo_left(state, now)
    return Clock(
        timer=stopwatch((at - since).total_seconds()) if since else "",
        undo_left=words.say("web.seconds", n=int(left) + 1) if left > 0 else "",
    )


def _entrance(state: State, words: Texts) -> Entrance:
    lost = state.link is Link.LOST
    alert = state.alert or (lost_because(state.lost, words) if lost else "")
    if not alert and state.ended:
        alert = words.say("web.sign_in.ended")
    others = [code for code in languages() if code != state.language]
    shared = Entrance(
        alert=alert,
        language=texts(others[0]).say("language.name") if others else "",
        leave=words.say("counter.quit"),
        busy=bool(state.busy),
    )
    if state.screen is Screen.ENROL:
        return replace(
            shared,
            text=words.say("web.device.known" if state.enrolled else "web.device.what"),
            enrolling=True,
            code_label=words.say("web.device.code"),
            submit=words.say("web.device.submit"),
            other=words.say("web.device.back"),
        )
    return replace(
        shared,
        login_label=words.say("web.sign_in.login"),
        login=state.login,
        pin_label=words.say("web.sign_in.pin"),
        counter_label=words.say("web.sign_in.counter"),
        counter=state.counter,
        submit=words.say("web.sign_in.submit"),
        other="" if state.enrolled else words.say("web.sign_in.enrol"),
    )


def _lock(state: State, words: Texts) -> Lock:
    lost = state.link is Link.LOST and not state.alert
    return Lock(
        title=words.say("counter.lock.title"),
        text=words.say("web.lock.what", name=state.clerk),
        pin_label=words.say("web.sign_in.pin"),
        submit=words.say("web.lock.submit"),
        leave=words.say("web.lock.leave"),
        alert=lost_because(state.lost, words) if lost else state.alert,
        busy=bool(state.busy),
    )
