"""What QML is given: one frozen dataclass per part of the window, every sentence ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from kiosk.counter.state import Link, Screen


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top; ``notices`` is how many there are, "" for none."""

    title: str = ""
    clerk: str = ""
    link: str = ""
    link_state: str = Link.CONNECTING.value
    alarm: str = ""
    raised: bool = False
    pause: str = ""
    notices: str = ""
    notices_name: str = ""
    kept: str = ""
    kept_name: str = ""
    menu: str = ""
    shrink: str = ""
    grow: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A key that does something with whoever is here; ``cap`` is the key of the keyboard."""

    key: str = ""
    name: str = ""
    cap: str = ""
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class DeskView:
    """``tone`` is "warn" or "calm"; ``undo`` and ``go_on`` are keys, their name "" without.
    ``closed`` is what a supervisor ordered: nobody is called."""

    state: str = ""
    number: str = ""
    words: bool = False
    facts: str = ""
    moves: tuple[Move, ...] = ()
    next: Move = Move()
    next_up: str = ""
    next_short: str = ""
    closed: bool = False
    undo: Move = Move()
    go_on: Move = Move()
    message: str = ""
    tone: str = "calm"


@dataclass(frozen=True, slots=True)
class Clock:
    """What goes on by itself."""

    timer: str = ""
    undo_left: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to what a sheet asks; of a person, ``who``, there may be ``also`` a second one."""

    key: str = ""
    name: str = ""
    cap: str = ""
    spoken: str = ""
    who: str = ""
    text: str = ""
    also: str = ""
    also_name: str = ""
    also_spoken: str = ""


@dataclass(frozen=True, slots=True)
class SheetView:
    """``lines`` are only read; ``entry`` is the name of a field, ``places`` of two that exclude
    each other, the first of them chosen while ``keep`` says so."""

    shown: bool = False
    title: str = ""
    text: str = ""
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    places: tuple[str, ...] = ()
    keep: bool = True
    entry: str = ""
    submit: str = ""
    alert: str = ""
    close: str = ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The sign-in, or the enrolment of this PC."""

    text: str = ""
    enrolling: bool = False
    login_label: str = ""
    login: str = ""
    pin_label: str = ""
    counter_label: str = ""
    counter: str = ""
    code_label: str = ""
    submit: str = ""
    alert: str = ""
    other: str = ""
    language: str = ""
    leave: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    title: str = ""
    text: str = ""
    pin_label: str = ""
    submit: str = ""
    leave: str = ""
    alert: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class View:
    screen: str = Screen.SIGN_IN.value
    head: Head = field(default_factory=Head)
    desk: DeskView = field(default_factory=DeskView)
    clock: Clock = field(default_factory=Clock)
    sheet: SheetView = field(default_factory=SheetView)
    entrance: Entrance = field(default_factory=Entrance)
    lock: Lock = field(default_factory=Lock)


PARTS: Final = tuple(part.name for part in fields(View))
