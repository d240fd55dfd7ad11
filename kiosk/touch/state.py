"""What the touch window remembers between two touches, and how time ends it; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.board import SlipState
from kiosk.touch.phrases import prints

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import Home, Place
    from kiosk.dossier_answers import DossierAnswer

DOUBLE_TAP_SECONDS: Final = 0.5
BUSY_SHOWN_SECONDS: Final = 0.25
MAX_ENTRY: Final = 40
DEFAULT_VOLUME: Final = 2
DATE_DIGITS: Final = 6
SHOWN_SECONDS: Final = 1.0
"""How long the last letter of a secret stands on the glass before it is masked."""


class Screen(StrEnum):
    HOME = "home"
    GROUP = "group"
    TICKET = "ticket"
    PLACE = "place"
    CANCEL = "cancel"
    DOSSIER = "dossier"
    PROVE = "prove"
    PHONE = "phone"
    ASK = "ask"
    KEYPAD = "keypad"
    CHECK_IN = "check_in"
    RATING = "rating"
    CATALOGUE = "catalogue"
    SEARCH = "search"
    PROCEDURE = "procedure"
    PAGE = "page"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    CARD = "card"
    CLOSED = "closed"
    LIMIT = "limit"
    PAUSED = "paused"
    STOPPED = "stopped"
    APPOINTMENT = "appointment"
    UNAVAILABLE = "unavailable"
    STAFF = "staff"
    STAFF_PIN = "staff_pin"
    DOOR = "door"


PERSONAL: Final = frozenset(
    {
        Screen.DOSSIER,
        Screen.PROVE,
        Screen.PHONE,
        Screen.PLACE,
        Screen.CANCEL,
        Screen.KEYPAD,
        Screen.NOT_FOUND,
        Screen.ASK,
        Screen.APPOINTMENT,
        Screen.CHECK_IN,
        Screen.RATING,
        Screen.STAFF,
        Screen.STAFF_PIN,
    }
)
DOOR_SECONDS: Final = 60.0
"""How long the staff door stays open when nobody touches anything, the warning's time in it."""


MOST_TYPED: Final = {
    Screen.PROVE: 16, Screen.PHONE: 12, Screen.CHECK_IN: 32, Screen.STAFF: 32, Screen.STAFF_PIN: 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A ticket asked for by one tap; a retry with the same ``request_id`` gets the same one."""

    service: str
    request_id: str
    dossier: str | None = None
    supplement: bool = False
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, as the touch section of the configuration gives them; ``attract`` 0 for never."""

    idle: float
    warning: float
    personal: float
    ticket: float
    attract: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """One person's visit; ``touched_at`` and ``shown_at`` are readings of a monotonic clock.

    ``first`` is the office's first language, to which every visit returns. ``did`` is what the
    person just did with the ticket shown ("cancel", "come_back") or the dossier ("apology",
    "wished", "declined"); ``problem`` the code of what could not be done; ``due_at`` the time of
    an appointment that is not today, or from which one may try again. ``slip`` is how it stands
    with the paper of the ticket shown. ``entry`` is what stands on the keypad, and never told;
    ``asking`` the service before whose number a dossier is asked for; ``wished`` the last digits
    of the phone that is to be told of the dossier shown. ``speaks`` is whether the kiosk can read
    aloud, but for the languages in ``mute``, ``speech`` whether it does, ``volume`` a step of
    ``access.STEPS_DB``. ``priority`` is the class that the next ticket gets, chosen in the sheet
    that ``classes`` shows; ``attract`` says that nobody has stood here for long; ``trouble`` is the
    code of what keeps the store away; ``rates`` whether the visit of the ticket shown may be rated.
    """

    first: str
    language: str
    screen: Screen = Screen.HOME
    home: Home | None = None
    store_down: bool = False
    trouble: str = ""
    page: int = 0
    group: str | None = None
    service: str | None = None
    place: Place | None = None
    rates: bool = False
    slip: SlipState = SlipState.WAITING
    did: str = ""
    problem: str = ""
    due_at: datetime | None = None
    answer: DossierAnswer | None = None
    wished: str = ""
    asking: str | None = None
    entry: str = field(default="", repr=False)
    typed_at: float = 0.0
    letters: bool = False
    wish: Wish | None = None
    busy_since: float | None = None
    menu: bool = False
    speaks: bool = False
    mute: frozenset[str] = frozenset()
    speech: bool = False
    volume: int = DEFAULT_VOLUME
    classes: bool = False
    priority: str | None = None
    attract: bool = False
    big: bool = False
    contrast: bool = False
    reach: bool = False
    touched_at: float = 0.0
    shown_at: float = 0.0

    @property
    def reads(self) -> bool:
        """Whether the language that is shown can be read aloud."""
        return self.speaks and self.language not in self.mute


def start(state: State, now: float) -> State:
    """The home screen as the next person finds it: nothing of this visit is left."""
    return State(
        first=state.first,
        language=state.first,
        home=state.home,
        store_down=state.store_down,
        speaks=state.speaks,
        mute=state.mute,
        trouble=state.trouble,
        touched_at=now,
        shown_at=now,
    )


def go(state: State, screen: Screen, now: float) -> State:
    """The same visit on another screen, without what the screen before it showed."""
    return replace(
        state,
        screen=screen,
        page=0,
        group=None,
        service=None,
        place=None,
        rates=False,
        slip=SlipState.WAITING,
        did="",
        problem="",
        due_at=None,
        answer=None,
        wished="",
        asking=None,
        entry="",
        typed_at=0.0,
        letters=False,
        wish=None,
        busy_since=None,
        menu=False,
        classes=False,
        attract=False,
        touched_at=now,
        shown_at=now,
    )


def beside(state: State, screen: Screen, now: float) -> State:
    """Another screen about the dossier that is shown."""
    return replace(go(state, screen, now), answer=state.answer, wished=state.wished)


def read_again(state: State, home: Home, place: Place | None, slip: SlipState, now: float) -> State:
    """With what the store says by now. Paper that comes at last is as new as the ticket was."""
    known = replace(state, home=home, store_down=False, trouble="")
    shown = state.place
    if place is None or shown is None or shown.ticket.id != place.ticket.id:
        return known
    known = replace(known, place=place, slip=slip)
    came_out = slip is SlipState.PRINTED and state.slip is not SlipState.PRINTED
    if state.screen is Screen.TICKET and (came_out or (prints(known) and not prints(state))):
        return replace(known, touched_at=now)
    return known


def limits(state: State, pace: Pace, *, paper: bool) -> tuple[float, float] | None:
    """Seconds of quiet until the warning and from it to the end; None where nothing need end.

    The ticket that lies in the slot ends without a warning; big text and speech give twice the
    time.
    """
    patience = 2.0 if state.big or state.speech else 1.0
    if state.screen is Screen.TICKET and paper and not state.menu:
        return pace.ticket * patience, 0.0
    if state.screen is Screen.RATING and state.did:
        return pace.ticket * patience, 0.0
    if state.screen is Screen.DOOR:
        return max(pace.warning, DOOR_SECONDS - pace.warning), pace.warning
    if state.screen in PERSONAL:
        return pace.personal * patience, pace.warning
    if state.screen is Screen.HOME and not _touched_up(state):
        return None
    return pace.idle * patience, pace.warning


def time_left(
    state: State, pace: Pace, now: float, *, paper: bool
) -> tuple[float | None, float | None]:
    """Shares of 1: of the time until the warning, and of the warning's; None where not running."""
    running = limits(state, pace, paper=paper)
    if running is None or state.busy_since is not None:
        return None, None
    quiet, warning = running
    passed = now - state.touched_at
    if passed < quiet:
        return 1 - passed / quiet, None
    return 0.0, max(0.0, 1 - (passed - quiet) / warning) if warning else 0.0


def over(state: State, pace: Pace, now: float, *, paper: bool) -> bool:
    """Whether the visit ends now because nobody has touched anything for long enough."""
    running = limits(state, pace, paper=paper)
    if running is None or state.busy_since is not None:
        return False
    return now - state.touched_at >= sum(running)


def typed(state: State, key: str, unit_code: str) -> State:
    """The entry after a key; the dash after the date of a code of this office comes by itself."""
    entry = state.entry
    if len(entry) >= MOST_TYPED.get(state.screen, MAX_ENTRY):
        return state
    own = f"{unit_code}-"
    day = entry.removeprefix(own)
    if entry.startswith(own) and len(day) == DATE_DIGITS and day.isdigit() and key.isdigit():
        key = f"-{key}"
    return replace(state, entry=entry + key)


def draws(state: State, pace: Pace, now: float) -> bool:
    """Whether nobody has stood here for so long that the face for who is far away may begin."""
    long = pace.attract > 0 and now - state.touched_at >= pace.attract
    return long and not state.attract and at_rest(state)


def is_double(state: State, now: float) -> bool:
    """Whether a tap comes too soon after the screen appeared to be meant for it."""
    return now - state.shown_at < DOUBLE_TAP_SECONDS


def at_rest(state: State) -> bool:
    """Nobody stands here, nor waits for an answer."""
    return state.screen is Screen.HOME and state.busy_since is None and not _touched_up(state)


def _touched_up(state: State) -> bool:
    return (
        state.page > 0
        or state.menu
        or state.speech
        or state.classes
        or state.priority is not None
        or state.big
        or state.contrast
        or state.reach
        or state.language != state.first
    )
