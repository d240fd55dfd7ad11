"""Every screen of the touch window by name, each a way to bring the real bridge there.

The geometry tests walk them and `make shots` takes their pictures.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from kiosk.dossiers import Outlook, Status
from kiosk.office.devices import report
from kiosk.office.dossiers import look_up
from kiosk.office.hall import read_home
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Hours, TicketState
from kiosk.touch.state import Screen
from tests.touch.office import CODE, EIGHT, SIX, TWELVE, ready_dossier, store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.office.centre import Centre
    from kiosk.tickets import Service
    from kiosk.touch.bridge import TouchBridge

WAITING = {"A": 3, "B": 8, "C": 12, "D": 2, "F": 5}
LONG_NAME = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong trường hợp "
    "chuyển đổi, chuyển nhượng, cho thuê, thừa kế, tặng cho"
)
RESTRICTED = tuple(
    replace(service, hours=(Hours(time(13), time(16)),))
    if service.code in "CE"
    else replace(service, daily_limit=2)
    if service.code == "D"
    else service
    for service in SIX
)


class Shown(NamedTuple):
    """The services the office has, and how the bridge comes to the screen."""

    services: tuple[Service, ...]
    go: Callable[[Centre, TouchBridge], None]


def fill(centre: Centre) -> None:
    """The morning of the design pictures: people wait, and one result is ready."""
    for code, people in WAITING.items():
        if code in centre.services and not centre.services[code].hours:
            for _ in range(people):
                take_ticket(centre, service=code, actor="test")
    store(centre, ready_dossier())


def _fold(centre: Centre, bridge: TouchBridge, screen: Screen, **facts: object) -> None:
    now = bridge.now()
    facts = {"home": read_home(centre), **facts}
    bridge.fold(replace(bridge.state, screen=screen, touched_at=now, shown_at=now, **facts))


def _on(screen: Screen, **facts: object) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", "ok")
        _fold(centre, bridge, screen, **facts)

    return go


def _no_paper(centre: Centre, bridge: TouchBridge) -> None:
    report(centre, "printer", "fault", "paper_out")
    _fold(centre, bridge, Screen.HOME)


def _ticket(printer: str) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        report(centre, "printer", printer, "" if printer == "ok" else "paper_out")
        place = take_ticket(centre, service="A", actor="test").place
        _fold(centre, bridge, Screen.TICKET, place=replace(place, estimate=(600, 900)))

    return go


def _place(state: TicketState) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        place = take_ticket(centre, service="B", actor="test").place
        waits = state is TicketState.WAITING
        ticket = replace(place.ticket, state=state, counter=None if waits else 5)
        estimate = (600, 900) if waits else None
        _fold(centre, bridge, Screen.PLACE, place=replace(place, ticket=ticket, estimate=estimate))

    return go


def _dossier(outlook: Outlook) -> Callable[[Centre, TouchBridge], None]:
    def go(centre: Centre, bridge: TouchBridge) -> None:
        answer = look_up(centre, CODE)
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
        _fold(centre, bridge, Screen.DOSSIER, answer=answer)

    return go


def _warned(centre: Centre, bridge: TouchBridge) -> None:
    _dossier(Outlook.READY)(centre, bridge)
    bridge.fold(replace(bridge.state, touched_at=bridge.now() - 25))


SCREENS: Mapping[str, Shown] = {
    "home": Shown(SIX, _on(Screen.HOME)),
    "home-eight": Shown(EIGHT, _on(Screen.HOME)),
    "home-drawers": Shown(TWELVE, _on(Screen.HOME)),
    "home-closed": Shown(RESTRICTED, _on(Screen.HOME)),
    "home-no-paper": Shown(SIX, _no_paper),
    "group": Shown(TWELVE, _on(Screen.GROUP, group="xa-hoi")),
    "ticket": Shown(SIX, _ticket("ok")),
    "ticket-no-paper": Shown(SIX, _ticket("fault")),
    "place-waiting": Shown(SIX, _place(TicketState.WAITING)),
    "place-called": Shown(SIX, _place(TicketState.CALLED)),
    "place-parked": Shown(SIX, _place(TicketState.PARKED)),
    "place-no-show": Shown(SIX, _place(TicketState.NO_SHOW)),
    "dossier-ready": Shown(SIX, _dossier(Outlook.READY)),
    "dossier-late": Shown(SIX, _dossier(Outlook.LATE)),
    "dossier-payment": Shown(SIX, _dossier(Outlook.PAYMENT)),
    "keypad": Shown(SIX, _on(Screen.KEYPAD, entry="H15.50.05-261118")),
    "keypad-letters": Shown(SIX, _on(Screen.KEYPAD, letters=True)),
    "not-found": Shown(SIX, _on(Screen.NOT_FOUND, entry=CODE)),
    "unreadable": Shown(SIX, _on(Screen.UNREADABLE)),
    "card": Shown(SIX, _on(Screen.CARD)),
    "closed": Shown(RESTRICTED, _on(Screen.CLOSED, service="C")),
    "limit": Shown(RESTRICTED, _on(Screen.LIMIT, service="D")),
    "unavailable": Shown(SIX, _on(Screen.HOME, store_down=True)),
    "warning": Shown(SIX, _warned),
    "access": Shown(SIX, _on(Screen.HOME, menu=True)),
}
