"""Wishes to be told about a dossier by SMS: kept until something sends, and never for long.

The number stands in its own table and nowhere else: in no event, no log, no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.dossiers import last_digits, normalise_code, plain_phone
from kiosk.errors import Refused
from kiosk.store import dossiers, events, lookups

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


def wish_sms(centre: Centre, code: str, phone: str | None, *, actor: str) -> str:
    """Keeps the number, or without one that of the dossier; returns its last digits.

    For who has shown the second factor. Refused: no_such_dossier, bad_phone.
    """
    if not centre.sms_wishes:
        raise Refused("no_sms_here")
    now, wanted = centre.clock(), normalise_code(code)
    with centre.database.write() as query:
        dossier = dossiers.find(query, centre.code, wanted)
        if dossier is None:
            raise Refused("no_such_dossier")
        plain = plain_phone(phone or dossier.phone or "")
        if plain is None:
            raise Refused("bad_phone")
        lookups.wish(query, centre.code, wanted, plain, now)
        events.append(query, centre.code, now, "dossier.sms_wished", actor=actor, dossier=wanted)
    return plain[-3:]


def decline_sms(centre: Centre, code: str, *, actor: str) -> None:
    """Takes the wish back, and with it the number; without one nothing changes."""
    now, wanted = centre.clock(), normalise_code(code)
    with centre.database.write() as query:
        if lookups.wished(query, centre.code, wanted) is None:
            return
        lookups.drop_wish(query, centre.code, wanted)
        events.append(query, centre.code, now, "dossier.sms_declined", actor=actor, dossier=wanted)


def wished_sms(centre: Centre, code: str) -> str:
    """The last digits of the number that is to be told; "" without a wish."""
    with centre.database.read() as query:
        phone = lookups.wished(query, centre.code, normalise_code(code))
    return last_digits(phone) or ""
