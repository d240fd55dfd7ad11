"""What a code under the scanner, or typed, leads to: a ticket, a dossier, or an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.appointments import normalise_code
from kiosk.errors import Refused
from kiosk.office.appointments import check_in, is_expected
from kiosk.office.dossiers import look_up
from kiosk.office.ratings import may_rate
from kiosk.office.tickets import follow
from kiosk.scans import DossierScan, TicketScan
from kiosk.touch.state import Screen

if TYPE_CHECKING:
    from kiosk.board import Issued, Place
    from kiosk.dossier_answers import DossierAnswer
    from kiosk.office.centre import Centre

ACTOR: Final = "touch"
NO_ANSWER: Final = {
    "no_such_dossier": Screen.NOT_FOUND,
    "appointment_other_day": Screen.APPOINTMENT,
    "appointment_cancelled": Screen.APPOINTMENT,
    "unknown_service": Screen.APPOINTMENT,
    "no_paper": Screen.STOPPED,
}
"""What is shown for a code that leads nowhere; anything else is a fault of the store."""
NO_NUMBER: Final = {
    "closed_hours": Screen.CLOSED,
    "limit_reached": Screen.LIMIT,
    "session_limit_reached": Screen.LIMIT,
    "numbers_used_up": Screen.LIMIT,
    "service_paused": Screen.PAUSED,
}
"""The same where a touch gives no number."""


@dataclass(frozen=True, slots=True)
class Rateable:
    """The ticket of a visit that has just ended and that nobody has rated yet."""

    place: Place


def find(
    centre: Centre, scan: TicketScan | DossierScan, language: str, *, gives: bool = True
) -> Place | Rateable | Issued | DossierAnswer:
    """What the code stands for; an appointment of today is checked in by it, unless the window
    ``gives`` no numbers now.

    A code says by its form alone whether it is a national dossier code; all others are looked for
    among tickets, dossiers and appointments, in this order. Refused: no_such_dossier,
    appointment_other_day (due_at), appointment_cancelled, unknown_service, no_paper.
    """
    if isinstance(scan, TicketScan):
        try:
            place = follow(centre, scan.id)
            return Rateable(place) if may_rate(centre, place.ticket) else place
        except Refused as unknown:
            if unknown.code != "no_such_ticket":
                raise
    code = code_of(scan)
    try:
        return look_up(centre, code)
    except Refused as unknown:
        certain = isinstance(scan, DossierScan) and scan.certain
        if unknown.code != "no_such_dossier" or certain or normalise_code(code) is None:
            raise
    if not gives and is_expected(centre, code):
        raise Refused("no_paper")
    try:
        return check_in(centre, code, actor=ACTOR, language=language)
    except Refused as unknown:
        if unknown.code != "no_such_appointment":
            raise
        raise Refused("no_such_dossier") from unknown


def code_of(scan: TicketScan | DossierScan) -> str:
    return scan.id if isinstance(scan, TicketScan) else scan.code
