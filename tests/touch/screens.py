"""Every screen of the touch window by name, each a way to bring the real bridge there.

The geometry tests walk them and `make shots` takes their pictures.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from kiosk.board import DeviceHealth, SlipState
from kiosk.dossier_answers import Outlook
from kiosk.dossiers import Status
from kiosk.notices import Notices
from kiosk.office import identity
from kiosk.office.devices import report
from kiosk.office.door import Slip
from kiosk.office.dossiers import look_up
from kiosk.office.hall import read_home
from kiosk.office.procedures import read_fields, read_procedure, search
from kiosk.office.tickets import take_ticket
from kiosk.rights import StaffRole
from kiosk.tickets import SUPPLEMENT, TicketState
from kiosk.touch.catalogue_state import SHOWN, Catalogue
from kiosk.touch.door_state import Door, Facts, Page
from kiosk.touch.offers import Offers
from kiosk.touch.powers import Powers
from kiosk.touch.rating import RATED
from kiosk.touch.state import Screen, limits
from tests.touch.contents import ASKING, LONG_NAME, RESTRICTED, SUPPLEMENTS
from tests.touch.office import CODE, EIGHT, SIX, TWELVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.board import Home, Place
    from kiosk.office.centre import Centre
    from kiosk.tickets import Service
    from kiosk.touch.bridge import TouchBridge


QUIET = Offers(priority=True, appointments="always")


class Shown(NamedTuple):
    """The services the office has, and how the bridge comes to the screen."""

    services: tuple[Service, ...]
    go: Callable[[Centre, TouchBridge], None]


def _fold(centre: Centre, bridge: TouchBridge, screen: Screen, **facts: object) -> None:
    now = bridge.now()
    # What the screen before it was offered is nothing to this one.
    bridge.offers = Offers()
    facts = {"home": _lines(centre, warning=None), **facts}
    bridge.fold(replace(bridge.state, screen=screen, touched_at=now, shown_at=now, **facts))


def _on(screen: Screen, **facts: object) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "ok")
        _fold(centre, bridge, screen, **facts)

    return go


def _no_paper(centre: Centre, bridge: TouchBridge) -> None:
    report(centre, "printer", "fault", "paper_out")
    _fold(centre, bridge, Screen.HOME)


def _ticket(
    printer: str, *, noted: bool = False, slip: SlipState = SlipState.WAITING
) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", printer, "" if printer == "ok" else "paper_out")
        place = replace(_taken(centre, "A"), estimate=(600, 900))
        place = annotated(centre, place) if noted else place
        _fold(centre, bridge, Screen.TICKET, place=place, slip=slip)

    return go


def _taken(centre: Centre, service: str) -> Place:
    """A place in a line without anything to be warned of."""
    place = take_ticket(centre, service=service, actor="test").place
    return replace(place, warning=None, ends_at=None)


def annotated(centre: Centre, place: Place) -> Place:
    """With an appointment, a journey and a warning: all that may be noted on one ticket."""
    now = centre.clock()
    ticket = replace(place.ticket, due_at=now + timedelta(minutes=48), journey=("B", "F"))
    return replace(
        place, ticket=ticket, warning="after_closing", ends_at=now + timedelta(minutes=168)
    )


def _place(
    state: TicketState,
    *,
    noted: bool = False,
    screen: Screen = Screen.PLACE,
    ahead: int | None = None,
    ago: float | None = None,
    shown: Mapping[str, str] | None = None,
    **changes: object,
) -> Callable[[Centre, TouchBridge], None]:
    """A scanned ticket; ``ago`` minutes it was called and missed, ``shown`` goes to the state."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        place = _taken(centre, "B")
        waits = state is TicketState.WAITING
        facts = {"counter": None if waits else 5, **changes}
        if ago is not None:
            called = centre.clock() - timedelta(minutes=ago)
            facts |= {"announced_at": called, "ended_at": called}
        place = replace(
            place,
            ticket=replace(place.ticket, state=state, **facts),
            ahead=place.ahead if ahead is None else ahead,
            estimate=(600, 900) if waits else None,
        )
        place = annotated(centre, place) if noted else place
        _fold(centre, bridge, screen, place=place, **(shown or {}))

    return go


def _warned_home(warning: str) -> Callable[[Centre, TouchBridge], None]:
    """Every box warns, as it does when nobody works there or the session is over too soon."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "ok")
        ends_at = centre.clock() + timedelta(minutes=168)
        _fold(centre, bridge, Screen.HOME, home=_lines(centre, warning=warning, ends_at=ends_at))

    return go


def _refused_home(centre: Centre, bridge: TouchBridge) -> None:
    """Every box gives no number, each for another reason, in the longest words."""
    report(centre, "printer", "ok")
    home = _lines(centre, opens_at=centre.clock() + timedelta(days=3))
    codes = ("session_limit_reached", "closed_hours", "limit_reached", "numbers_used_up")
    lines = tuple(
        replace(line, refusal=codes[at % len(codes)]) for at, line in enumerate(home.board.lines)
    )
    board = replace(home.board, lines=lines)
    _fold(centre, bridge, Screen.HOME, home=replace(home, board=board))


def _lines(centre: Centre, **changes: object) -> Home:
    home = read_home(centre)
    lines = tuple(replace(line, **changes) for line in home.board.lines)
    return replace(home, board=replace(home.board, lines=lines))


def _appointment(problem: str, days: int | None = None) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        due_at = centre.clock() + timedelta(days=days) if days is not None else None
        _fold(centre, bridge, Screen.APPOINTMENT, problem=problem, due_at=due_at)

    return go


def _dossier(
    outlook: Outlook,
    screen: Screen = Screen.DOSSIER,
    *,
    full: bool = False,
    minutes: int = 0,
    **shown: object,
) -> Callable[[Centre, TouchBridge], None]:
    """The answer, ``full`` with people; ``minutes`` until one may try again."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "ok")
        answer = look_up(centre, CODE)
        if full:
            people = tuple(replace(step, handler="Trần Thị Thanh Bình") for step in answer.steps)
            answer = replace(
                answer, full=True, owner="N. T. T. H***", phone_end="432", steps=people
            )
        if outlook is not Outlook.READY:
            answer = replace(
                answer,
                outlook=outlook,
                status=Status.PROCESSING,
                procedure_name=LONG_NAME,
                finished_at=None,
                timeliness=None,
                steps=answer.steps[:2],
            )
        facts = {"due_at": centre.clock() + timedelta(minutes=minutes)} if minutes else {}
        _fold(centre, bridge, screen, answer=answer, **shown, **facts)

    return go


def _catalogue(screen: Screen, **facts: object) -> Callable[[Centre, TouchBridge], None]:
    """``field`` opens one, ``entry`` is typed, ``code`` is the procedure that is shown."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "fault" if facts.get("no_paper") else "ok", "")
        known = {key: one for key, one in facts.items() if key not in ("code", "no_paper")}
        if "field" in facts or facts.get("entry"):
            text, field = str(facts.get("entry", "")), str(facts.get("field", ""))
            known["found"] = search(centre, text, field=field, limit=SHOWN)
        if "code" in facts:
            known["procedure"] = read_procedure(centre, str(facts["code"]))
        fields, notices = read_fields(centre), Notices(centre.notices).read()
        bridge.catalogue.state = Catalogue(fields=fields, notices=notices, **known)
        _fold(centre, bridge, screen)

    return go


def _offering(
    go: Callable[[Centre, TouchBridge], None], offers: Offers, **facts: object
) -> Callable[[Centre, TouchBridge], None]:
    """The same on a window that offers more, with this of its state."""

    def shown(centre: Centre, bridge: TouchBridge) -> None:
        go(centre, bridge)
        bridge.offers = offers
        bridge.fold(replace(bridge.state, **facts))

    return shown


def _trouble(**facts: object) -> Callable[[Centre, TouchBridge], None]:
    """Home while something of this machine is out of order: ``scanner`` or ``clock``."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "ok")
        now = centre.clock()
        told = {
            name: DeviceHealth(centre.kiosk, name, "fault", str(reason), now, now)
            for name, reason in facts.items()
        }
        _fold(centre, bridge, Screen.HOME, home=replace(_lines(centre, warning=None), **told))

    return go


def _attract(centre: Centre, bridge: TouchBridge) -> None:
    """As nobody has left it; the language that is looked at is the office's first."""
    report(centre, "printer", "ok")
    _fold(centre, bridge, Screen.HOME, attract=True, first=bridge.state.language)


def _stopped(centre: Centre, bridge: TouchBridge) -> None:
    report(centre, "printer", "fault", "cover_open")
    _fold(centre, bridge, Screen.HOME)
    bridge.offers = Offers(paperless=False)
    bridge.fold(bridge.state)


CHIEF = identity.Clerk("hoa", "Nguyễn Thị Thanh Hoa", StaffRole.SUPERVISOR, disabled=False)
SLIP_STATES = ("sending", "unknown", "printed", "failed", "printed", "printed", "printed")


def _door(page: Page, **facts: object) -> Callable[[Centre, TouchBridge], None]:
    """Behind the staff door, where much is out of order."""

    def go(centre: Centre, bridge: TouchBridge) -> None:
        now = centre.clock()
        devices = tuple(
            DeviceHealth(centre.kiosk, name, state, reason, now, now)
            for name, state, reason in (
                ("printer", "fault", "not_allowed"),
                ("scanner", "fault", "unplugged"),
                ("clock", "fault", "clock_back"),
                ("keypad 3", "warning", "noise"),
                ("board", "ok", ""),
                ("sound", "ok", ""),
                ("touch", "fault", "unplugged"),
                ("update", "fault", "update_unfinished"),
            )
        )
        slips = tuple(
            Slip(f"J{n}", f"A{n + 21:03}", state, "", int(n == 2), now)
            for n, state in enumerate(SLIP_STATES)
        )
        known = Facts(devices, slips, frozenset({"B"}), 0.8)
        bridge.door_bridge.powers = Powers(power_off=("true",), restart=lambda: None, sample=bool)
        _fold(centre, bridge, Screen.DOOR)
        door = Door("hoa", CHIEF, page, facts=known)
        bridge.door_bridge.state = replace(door, **facts)
        bridge.fold(bridge.state)

    return go


def _warned(centre: Centre, bridge: TouchBridge) -> None:
    """A quarter of the warning has passed, however long the mode lets one stand there quietly."""
    _dossier(Outlook.READY)(centre, bridge)
    running = limits(bridge.state, bridge.pace, paper=True)
    assert running is not None
    quiet, warning = running
    bridge.fold(replace(bridge.state, touched_at=bridge.now() - quiet - warning / 4))
    assert bridge.view.warn.shown


SCREENS: Mapping[str, Shown] = {
    "home": Shown(SIX, _on(Screen.HOME)),
    "home-eight": Shown(EIGHT, _on(Screen.HOME)),
    "home-drawers": Shown(TWELVE, _on(Screen.HOME)),
    "home-closed": Shown(RESTRICTED, _on(Screen.HOME)),
    "home-no-paper": Shown(SIX, _no_paper),
    "group": Shown(TWELVE, _on(Screen.GROUP, group="xa-hoi")),
    "ticket": Shown(SIX, _ticket("ok")),
    "ticket-no-paper": Shown(SIX, _ticket("fault")),
    "ticket-in-doubt": Shown(SIX, _ticket("ok", slip=SlipState.IN_DOUBT)),
    "home-no-counter": Shown(SIX, _warned_home("no_counter")),
    "home-after-closing": Shown(SIX, _warned_home("after_closing")),
    "home-eight-warned": Shown(EIGHT, _warned_home("after_closing")),
    "home-refused": Shown(SIX, _refused_home),
    "home-eight-refused": Shown(EIGHT, _refused_home),
    "ticket-noted": Shown(SIX, _ticket("ok", noted=True)),
    "ticket-noted-no-paper": Shown(SIX, _ticket("fault", noted=True)),
    "place-waiting": Shown(SIX, _place(TicketState.WAITING)),
    "place-next": Shown(SIX, _place(TicketState.WAITING, ahead=0)),
    "place-noted": Shown(SIX, _place(TicketState.WAITING, noted=True)),
    "place-back": Shown(SIX, _place(TicketState.WAITING, shown={"did": "come_back"})),
    "place-missed-once": Shown(SIX, _place(TicketState.WAITING, misses=1)),
    "place-trouble": Shown(SIX, _place(TicketState.WAITING, shown={"problem": "store"})),
    "place-called": Shown(SIX, _place(TicketState.CALLED)),
    "place-changed": Shown(SIX, _place(TicketState.CALLED, shown={"problem": "refused"})),
    "place-serving": Shown(SIX, _place(TicketState.SERVING)),
    "place-parked": Shown(SIX, _place(TicketState.PARKED)),
    "place-supplement": Shown(SIX, _place(TicketState.PARKED, reason=SUPPLEMENT)),
    "place-missed": Shown(SIX, _place(TicketState.NO_SHOW, ago=30)),
    "place-too-late": Shown(SIX, _place(TicketState.NO_SHOW, ago=90)),
    "place-given-up": Shown(SIX, _place(TicketState.CANCELLED, shown={"did": "cancel"})),
    "place-cancelled": Shown(SIX, _place(TicketState.CANCELLED)),
    "place-expired": Shown(SIX, _place(TicketState.EXPIRED)),
    "place-finished": Shown(SIX, _place(TicketState.FINISHED)),
    "cancel": Shown(SIX, _place(TicketState.WAITING, screen=Screen.CANCEL)),
    "appointment-later": Shown(SIX, _appointment("appointment_other_day", 2)),
    "appointment-over": Shown(SIX, _appointment("appointment_other_day", -2)),
    "appointment-cancelled": Shown(SIX, _appointment("appointment_cancelled")),
    "appointment-unknown": Shown(SIX, _appointment("unknown_service")),
    "dossier-ready": Shown(SIX, _dossier(Outlook.READY)),
    "dossier-late": Shown(SIX, _dossier(Outlook.LATE)),
    "dossier-payment": Shown(SIX, _dossier(Outlook.PAYMENT)),
    "dossier-full": Shown(SIX, _dossier(Outlook.LATE, full=True)),
    "dossier-more": Shown(SIX, _dossier(Outlook.LATE, full=True, page=1)),
    "dossier-told": Shown(SIX, _dossier(Outlook.LATE, full=True, did="wished", wished="432")),
    "dossier-printed": Shown(SIX, _dossier(Outlook.POSTPONED, did="apology")),
    "dossier-supplement": Shown(SUPPLEMENTS, _dossier(Outlook.SUPPLEMENT)),
    "prove": Shown(SIX, _dossier(Outlook.READY, Screen.PROVE, entry="48291")),
    "prove-wrong": Shown(SIX, _dossier(Outlook.READY, Screen.PROVE, problem="no_such_dossier")),
    "prove-closed": Shown(SIX, _dossier(Outlook.READY, Screen.PROVE, problem="x", minutes=14)),
    "prove-unreadable": Shown(SIX, _dossier(Outlook.READY, Screen.PROVE, problem="unreadable")),
    "prove-letters": Shown(SIX, _dossier(Outlook.READY, Screen.PROVE, letters=True)),
    "phone": Shown(SIX, _dossier(Outlook.LATE, Screen.PHONE, full=True, entry="0912345432")),
    "phone-wrong": Shown(SIX, _dossier(Outlook.LATE, Screen.PHONE, problem="bad_phone")),
    "ask": Shown(ASKING, _on(Screen.ASK, asking="B")),
    "ask-not-found": Shown(ASKING, _on(Screen.ASK, asking="B", problem="not_found", entry=CODE)),
    "ask-needed": Shown(ASKING, _on(Screen.ASK, asking="C")),
    "keypad": Shown(SIX, _on(Screen.KEYPAD, entry="H15.50.05-261118")),
    "keypad-letters": Shown(SIX, _on(Screen.KEYPAD, letters=True)),
    "catalogue": Shown(SIX, _catalogue(Screen.CATALOGUE)),
    "catalogue-page": Shown(SIX, _catalogue(Screen.CATALOGUE, page=1)),
    "catalogue-field": Shown(SIX, _catalogue(Screen.CATALOGUE, field="ho tich")),
    "catalogue-long": Shown(SIX, _catalogue(Screen.CATALOGUE, field="dat dai")),
    "search": Shown(SIX, _catalogue(Screen.SEARCH)),
    "search-found": Shown(SIX, _catalogue(Screen.SEARCH, entry="ket hon")),
    "search-many": Shown(SIX, _catalogue(Screen.SEARCH, entry="c", letters=False, page=1)),
    "search-nothing": Shown(SIX, _catalogue(Screen.SEARCH, entry="xyz")),
    "search-failed": Shown(SIX, _catalogue(Screen.SEARCH, entry="khai", failed=True)),
    "procedure": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.001193")),
    "procedure-printed": Shown(
        SIX, _catalogue(Screen.PROCEDURE, code="2.000815", printed="queued")
    ),
    "procedure-no-paper": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.000656", no_paper=True)),
    "procedure-police": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.004222")),
    "procedure-bare": Shown(SIX, _catalogue(Screen.PROCEDURE, code="2.002409")),
    "procedure-long": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.012999")),
    "procedure-long-2": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.012999", part=1)),
    "procedure-long-end": Shown(SIX, _catalogue(Screen.PROCEDURE, code="1.012999", part=99)),
    "procedure-closed": Shown(RESTRICTED, _catalogue(Screen.PROCEDURE, code="1.013949")),
    "page-table": Shown(SIX, _catalogue(Screen.PAGE, notice="1-leader-hours")),
    "page-list": Shown(SIX, _catalogue(Screen.PAGE, notice="4-house-rules")),
    "page-numbers": Shown(SIX, _catalogue(Screen.PAGE, notice="2-phone-numbers")),
    "not-found": Shown(SIX, _on(Screen.NOT_FOUND, entry=CODE)),
    "unreadable": Shown(SIX, _on(Screen.UNREADABLE)),
    "card": Shown(SIX, _on(Screen.CARD)),
    "closed": Shown(RESTRICTED, _on(Screen.CLOSED, service="C")),
    "limit": Shown(RESTRICTED, _on(Screen.LIMIT, service="D")),
    "unavailable": Shown(SIX, _on(Screen.HOME, store_down=True)),
    "home-quiet": Shown(SIX, _offering(_on(Screen.HOME), QUIET)),
    "home-eight-quiet": Shown(EIGHT, _offering(_on(Screen.HOME), QUIET)),
    "home-chosen": Shown(SIX, _offering(_no_paper, QUIET, priority="NCT")),
    "home-no-scanner": Shown(SIX, _trouble(scanner="unplugged")),
    "home-clock": Shown(SIX, _trouble(clock="clock_back")),
    "classes": Shown(SIX, _offering(_on(Screen.HOME), QUIET, classes=True)),
    "attract": Shown(SIX, _attract),
    "attract-eight": Shown(EIGHT, _attract),
    "paused": Shown(SIX, _on(Screen.PAUSED, service="C")),
    "stopped": Shown(SIX, _stopped),
    "check-in": Shown(SIX, _on(Screen.CHECK_IN, letters=True, entry="K7Q2M9XA")),
    "check-in-digits": Shown(SIX, _on(Screen.CHECK_IN)),
    "appointment-no-such": Shown(SIX, _appointment("no_such_appointment")),
    "rating": Shown(SIX, _place(TicketState.FINISHED, screen=Screen.RATING)),
    "rating-trouble": Shown(
        SIX, _place(TicketState.FINISHED, screen=Screen.RATING, shown={"problem": "store"})
    ),
    "rating-thanks": Shown(
        SIX, _place(TicketState.FINISHED, screen=Screen.RATING, shown={"did": RATED})
    ),
    "place-rates": Shown(SIX, _place(TicketState.FINISHED, shown={"rates": True})),
    "staff": Shown(SIX, _on(Screen.STAFF, letters=True, entry="hoa")),
    "staff-pin": Shown(SIX, _on(Screen.STAFF_PIN, entry="24681")),
    "staff-pin-wrong": Shown(SIX, _on(Screen.STAFF_PIN, problem="wrong_pin")),
    "door": Shown(SIX, _door(Page.MENU)),
    "door-health": Shown(SIX, _door(Page.HEALTH)),
    "door-paper": Shown(SIX, _door(Page.PAPER, told="reprint")),
    "door-volume": Shown(SIX, _door(Page.VOLUME)),
    "door-services": Shown(EIGHT, _door(Page.SERVICES)),
    "door-machine": Shown(SIX, _door(Page.MACHINE, sure="shut_down")),
    "door-failed": Shown(SIX, _door(Page.MACHINE, told="no_power_off", failed=True)),
    "warning": Shown(SIX, _warned),
    "access": Shown(SIX, _on(Screen.HOME, menu=True)),
    "access-speech": Shown(SIX, _on(Screen.HOME, menu=True, speaks=True, speech=True)),
}
