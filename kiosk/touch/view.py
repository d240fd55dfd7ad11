"""What QML is given: one frozen dataclass per part of the screen, every sentence ready to show.

QML reads them as they are, names included.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from kiosk.touch.reading import ReadingView
from kiosk.touch.state import Screen


@dataclass(frozen=True, slots=True)
class Choice:
    key: str = ""
    name: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands on every screen; ``bar`` is the share of time left, -1 without a bar; ``read``
    the key that reads aloud, "" where the kiosk cannot."""

    parent: str = ""
    office: str = ""
    clock: str = ""
    date: str = ""
    languages: tuple[Choice, ...] = ()
    access: str = ""
    read: str = ""
    done: str = ""
    done_icon: str = ""
    bar: float = -1.0
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """``volume`` is "" unless something is read aloud."""

    shown: bool = False
    title: str = ""
    modes: tuple[Choice, ...] = ()
    close: str = ""
    volume: str = ""
    quieter: str = ""
    louder: str = ""
    speech: bool = False
    big: bool = False
    contrast: bool = False
    reach: bool = False


@dataclass(frozen=True, slots=True)
class Warn:
    """The question before an idle visit ends; ``left`` is the share of its time."""

    shown: bool = False
    title: str = ""
    text: str = ""
    stay: str = ""
    left: float = 1.0


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """One box of the home screen: a service, or a drawer of services (``drawer``).

    ``refusal`` is why a touch gives no number, ``brief`` the same for a flat box; ``warning``
    stands where the counters would.
    """

    key: str = ""
    letter: str = ""
    name: str = ""
    icon: str = ""
    waiting: str = ""
    counters: str = ""
    refusal: str = ""
    brief: str = ""
    warning: str = ""
    drawer: bool = False
    busy: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class QuietKey:
    """A key for a few, beside the boxes; ``brief`` names it where there is little room, ``spoken``
    for who does not see it."""

    key: str = ""
    name: str = ""
    brief: str = ""
    spoken: str = ""
    icon: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class HomeView:
    """``scans`` is False while the scanner is out of order, and codes are to be typed."""

    question: str = ""
    hint: str = ""
    cards: tuple[ServiceCard, ...] = ()
    scan_title: str = ""
    scan_text: str = ""
    scan_type: str = ""
    scans: bool = True
    quiet: tuple[QuietKey, ...] = ()
    notice: str = ""
    notice_icon: str = ""
    page: int = 0
    more: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class ClassesView:
    """The sheet in which who is called before others says so, for the next number."""

    shown: bool = False
    title: str = ""
    text: str = ""
    classes: tuple[Choice, ...] = ()
    close: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What draws people from afar, in one language."""

    title: str = ""
    scan: str = ""
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class AttractView:
    """The face of a machine at which nobody stands; the boxes on it are those of home, and live."""

    shown: bool = False
    invitations: tuple[Invitation, ...] = ()
    wake: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One line that belongs to a ticket; ``tone`` is "calm" or "warn".

    ``brief`` says it where large letters leave little room.
    """

    icon: str = ""
    text: str = ""
    brief: str = ""
    tone: str = "calm"


@dataclass(frozen=True, slots=True)
class Action:
    """A key that does something; the bridge's ``act`` takes its ``key``."""

    key: str = ""
    name: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TicketView:
    """The ticket just taken; ``qr`` is what the phone's square says, "" without one."""

    title: str = ""
    number: str = ""
    service: str = ""
    notes: tuple[Note, ...] = ()
    facts: tuple[Fact, ...] = ()
    paper: bool = True
    take: str = ""
    keep: str = ""
    qr: str = ""
    phone_title: str = ""
    phone_text: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A scanned ticket: where it stands now; ``main`` (which does ``main_key``) and ``give_up`` are
    keys, "" without."""

    label: str = ""
    number: str = ""
    service: str = ""
    title: str = ""
    text: str = ""
    icon: str = ""
    tone: str = "calm"
    notes: tuple[Note, ...] = ()
    facts: tuple[Fact, ...] = ()
    main: str = ""
    main_key: str = ""
    give_up: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    name: str = ""
    where: str = ""
    day: str = ""
    done: bool = True


@dataclass(frozen=True, slots=True)
class DossierView:
    """The answer first; ``tone`` is "ready", "warn" or "calm"; ``take`` is "" without a ticket.

    ``prove`` is the key to people, "" when they are shown; ``keys`` are smaller ones, ``done``
    tells what came of them. ``reading`` tells owner, procedure and steps once more, for where
    they do not stand beside the answer, from its second page on; ``turns`` are what turns them.
    """

    tone: str = "calm"
    icon: str = ""
    title: str = ""
    means: str = ""
    now: str = ""
    take: str = ""
    code: str = ""
    procedure: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[StepView, ...] = ()
    owner: str = ""
    prove: str = ""
    prove_text: str = ""
    keys: tuple[Action, ...] = ()
    done: str = ""
    reading: ReadingView = field(default_factory=ReadingView)
    turns: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What happened, what to do now, who helps; the first of ``actions`` is the one to choose.

    ``cause`` is the code of a fault, for staff.
    """

    icon: str = ""
    tone: str = "calm"
    title: str = ""
    text: str = ""
    help: str = ""
    subject: str = ""
    cause: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingView:
    """The office's question about a visit; once ``thanked`` there is nothing more to touch."""

    question: str = ""
    number: str = ""
    levels: tuple[Action, ...] = ()
    thanked: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KeypadView:
    """A space in ``rows`` is no key. ``card`` offers the scanner instead, ``note`` says what went
    wrong, ``other`` is a key that needs no typing; ``signs`` are those that keys may type."""

    title: str = ""
    hint: str = ""
    card: str = ""
    note: str = ""
    other: str = ""
    entry: str = ""
    empty: str = ""
    rows: tuple[str, ...] = ()
    signs: str = ""
    layout: str = ""
    erase: str = ""
    clear: str = ""
    search: str = ""
    ready: bool = False


@dataclass(frozen=True, slots=True)
class View:
    screen: str = Screen.HOME.value
    chrome: Chrome = field(default_factory=Chrome)
    access: Access = field(default_factory=Access)
    warn: Warn = field(default_factory=Warn)
    home: HomeView = field(default_factory=HomeView)
    classes: ClassesView = field(default_factory=ClassesView)
    attract: AttractView = field(default_factory=AttractView)
    ticket: TicketView = field(default_factory=TicketView)
    place: PlaceView = field(default_factory=PlaceView)
    dossier: DossierView = field(default_factory=DossierView)
    notice: NoticeView = field(default_factory=NoticeView)
    rating: RatingView = field(default_factory=RatingView)
    keypad: KeypadView = field(default_factory=KeypadView)


PARTS: Final = tuple(part.name for part in fields(View))
