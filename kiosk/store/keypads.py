"""The last press of each keypad, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.database import Query
    from kiosk.presses import Keypad


def last(query: Query, office: str, kiosk: str, keypad: Keypad) -> Mapping[str, Any] | None:
    """Its session, the sequence of its last press and the answer to that; 0 before the first."""
    return query.one(
        "SELECT session, sequence, answer FROM keypad WHERE office = :office AND kiosk = :kiosk"
        " AND line = :line AND address = :address",
        office=office,
        kiosk=kiosk,
        line=keypad.line,
        address=keypad.address,
    )


def remember(
    query: Query,
    office: str,
    kiosk: str,
    keypad: Keypad,
    session: str,
    sequence: int,
    answer: str,
) -> None:
    query.run(
        "INSERT INTO keypad (office, kiosk, line, address, session, sequence, answer)"
        " VALUES (:office, :kiosk, :line, :address, :session, :sequence, :answer)"
        " ON CONFLICT (office, kiosk, line, address) DO UPDATE SET session = excluded.session,"
        " sequence = excluded.sequence, answer = excluded.answer",
        office=office,
        kiosk=kiosk,
        line=keypad.line,
        address=keypad.address,
        session=session,
        sequence=sequence,
        answer=answer,
    )
