"""What the window remembers between two presses, and how it changes; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.counter.desk import HERE, situation, without
from kiosk.tickets import TicketState

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.counter.desk import Desk, Dossier, Office, Person

BUSY_SHOWN_SECONDS: Final = 0.25


class Screen(StrEnum):
    SIGN_IN = "sign_in"
    ENROL = "enrol"
    DESK = "desk"
    LOCKED = "locked"


class Link(StrEnum):
    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


class Sheet(StrEnum):
    """What lies over the desk and asks one thing."""

    NONE = ""
    TRANSFER = "transfer"
    HOLD = "hold"
    OUTCOME = "outcome"
    PAUSING = "pausing"
    ALARMING = "alarming"
    LEAVING = "leaving"
    KEPT = "kept"
    NOTICES = "notices"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A "next" whose answer has not come; repeated as it was, so that nobody is called twice."""

    request_id: str
    present: str | None


@dataclass(frozen=True, slots=True)
class State:
    """``heard_at`` and ``busy_since`` are readings of a monotonic clock.

    ``lost`` says why there is no link, ``trouble`` what the server's store lacks, ``pad`` what is
    wrong with the numeric pad; ``busy`` is the action on its way, ``asked`` the last event that was
    known when it began, and ``kept`` the last key pressed meanwhile. ``newest`` is the last event
    of which an answer told; ``dossier`` the last one that was looked up; ``about`` whom a sheet is
    about. ``ended`` is set where somebody else ended the session.
    """

    language: str
    screen: Screen = Screen.SIGN_IN
    login: str = ""
    counter: str = ""
    enrolled: bool = False
    clerk: str = ""
    office: Office | None = None
    desk: Desk | None = None
    dossier: Dossier | None = None
    heard_at: float = 0.0
    link: Link = Link.CONNECTING
    lost: str = ""
    trouble: str = ""
    pad: str = ""
    busy: str = ""
    busy_since: float = 0.0
    asked: int = 0
    kept: str = ""
    unfinished: Unfinished | None = None
    newest: int = 0
    alert: str = ""
    told: str = ""
    ended: bool = False
    sheet: Sheet = Sheet.NONE
    about: str | None = None
    keep_place: bool = True
    small: bool = False


def server_now(state: State, now: float) -> datetime | None:
    """The server's clock by ours since it last spoke: an hour of skew shows no wrong time."""
    if state.desk is None:
        return None
    return state.desk.at + timedelta(seconds=now - state.heard_at)


def undo_left(state: State, now: float) -> float:
    """Seconds in which the last move can still be taken back."""
    desk, at = state.desk, server_now(state, now)
    if desk is None or at is None or desk.undo is None or desk.paused is not None:
        return 0.0
    return max(0.0, (desk.undo.until - at).total_seconds())


def allowed(state: State, now: float) -> frozenset[str]:
    """What may be pressed as things stand, whether or not something is on its way."""
    desk = state.desk
    if desk is None or state.screen is not Screen.DESK:
        return frozenset()
    found = {"pause", "alarm"}
    if desk.paused is None and not desk.closed:
        found |= {"next", "resume"}
    if desk.current is not None and desk.current.state in HERE:
        found |= {"transfer", "park", "finish"}
        if desk.current.state is TicketState.CALLED:
            found |= {"recall", "start", "no_show"}
    if undo_left(state, now) > 0:
        found.add("undo")
    return frozenset(found)


def present(state: State) -> str | None:
    """Whom the clerk sees at the counter: a call ends that visit, and no other one."""
    here = state.desk.current if state.desk else None
    return here.id if here else None


def heard(state: State, desk: Desk, now: float) -> State:
    """With what the stream says; not where it was rendered before an answer that is here."""
    known = replace(state, link=Link.LIVE, lost="", trouble="")
    if desk.seq < state.newest:
        return known
    changed = state.desk is None or situation(desk) != situation(state.desk)
    return replace(
        known,
        desk=desk,
        heard_at=now,
        screen=Screen.DESK,
        # What a sheet asks for it asks for until it is closed.
        alert="" if changed and state.sheet is Sheet.NONE else state.alert,
        # What is shown is true: another press is a new one.
        unfinished=state.unfinished if state.busy else None,
    )


def begun(state: State) -> State:
    """The stream begins anew: its first words are the state by now."""
    return replace(state, link=Link.LIVE, lost="", newest=0)


def cut(state: State, why: str) -> State:
    return replace(state, link=Link.LOST, lost=why)


def locked(state: State) -> State:
    """Nothing of the desk is shown until its owner gives the PIN."""
    if state.screen is Screen.LOCKED:
        return state
    hidden = replace(state, screen=Screen.LOCKED, desk=None, dossier=None, sheet=Sheet.NONE)
    hidden = replace(hidden, about=None)
    # A "next" on its way is over too: the server calls nobody for a locked window.
    return replace(hidden, alert="", told="", kept="", busy="", unfinished=None)


def signed_out(state: State, *, ended: bool) -> State:
    """The entrance, with nothing of the session left."""
    return State(
        language=state.language,
        login=state.login,
        counter=state.counter,
        enrolled=state.enrolled,
        link=state.link,
        lost=state.lost,
        pad=state.pad,
        small=state.small,
        ended=ended,
    )


def answered(state: State, person: Person | None) -> State:
    """After a move: who is at the counter now, if anybody."""
    assert state.desk is not None
    here = person if person is not None and person.state in HERE else None
    desk = without(state.desk, person.id) if person is not None else state.desk
    version = person.version if person is not None else 0
    return replace(
        state,
        desk=replace(desk, current=here),
        newest=max(state.newest, version),
    )


def nobody_waits(state: State) -> State:
    assert state.desk is not None
    desk = replace(state.desk, current=None, waiting=(), waiting_total=0)
    return replace(state, desk=desk)
