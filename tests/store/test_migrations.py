from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from kiosk.calendar import stamp
from kiosk.database import fitting, open_database, postgres_tables, sqlite
from kiosk.office.calls import call_next
from kiosk.office.hall import read_counter
from kiosk.office.tickets import follow, take_ticket
from kiosk.schema import MIGRATIONS
from kiosk.store import events
from tests.hall import MORNING, OFFICE, centre_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Server


def old_ticket(n: int, priority: str = "") -> dict[str, object]:
    return {
        "id": f"K{n:011d}",
        "number": f"A{n:03d}",
        "n": n,
        "place": n,
        "priority": priority,
        "office": OFFICE,
        "day": "2026-11-23",
        "at": stamp(MORNING),
    }


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store of either kind without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kiosk.db'}"
        return
    server: Server = request.getfixturevalue("server")
    url = server.make_database(empty=True)
    yield url
    server.drop_database(url)


def test_a_store_of_the_first_release_goes_on_with_its_lines_and_numbers(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as first_release:
        for engine in (sqlite, postgres_tables):
            first_release.setattr(engine, "MIGRATIONS", MIGRATIONS[:1])
        old = open_database(empty_url, OFFICE)
        with old.write() as query:
            for _ in range(2):
                events.append(query, OFFICE, MORNING, "ticket.issued", actor="touch")
            query.many(
                "INSERT INTO ticket (id, office, day, series, n, number, service, priority, state,"
                " place, kiosk, issued_at) VALUES (:id, :office, :day, 'A', :n, :number, 'A',"
                " :priority, 'waiting', :place, 'kiosk-1', :at)",
                [old_ticket(1), old_ticket(2, "NCT")],
            )
            query.run(
                "INSERT INTO series (office, day, code, last) VALUES (:office, :day, 'A', 2)",
                office=OFFICE,
                day="2026-11-23",
            )
        old.close()
    centre = centre_of(empty_url)
    new = take_ticket(centre, service="A", actor="touch").place

    assert new.ticket.number == "A003"
    assert follow(centre, "K00000000001").ahead == 1
    waiting = [ticket.number for ticket in read_counter(centre, 2).waiting]
    called = [call_next(centre, 2, clerk="lan") for _ in range(3)]
    assert waiting == [ticket.number for ticket in called if ticket] == ["A002", "A001", "A003"]
    with centre.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
    centre.database.close()


NEXT: Final = (
    *MIGRATIONS,
    """
CREATE TABLE remark (office TEXT NOT NULL, ticket TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (office, ticket));
ALTER TABLE ticket ADD COLUMN remarked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ticket_remarked ON ticket (office, remarked) WHERE remarked > 0;
""",
)
"""What a later release brings, which only adds."""


def test_the_release_before_goes_on_beside_the_next_one_and_after_it_was_taken_back(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that is under way, and one that did not do: nobody's number is lost."""
    old = centre_of(empty_url)
    first = take_ticket(old, service="A", actor="touch").place.ticket
    with monkeypatch.context() as next_release:
        for engine in (sqlite, postgres_tables, fitting):
            next_release.setattr(engine, "MIGRATIONS", NEXT)
        new = centre_of(empty_url)
        second = take_ticket(new, service="A", actor="touch").place.ticket
        with new.database.write() as query:
            query.run("UPDATE ticket SET remarked = 1 WHERE number = 'A002'")
    third = take_ticket(old, service="A", actor="touch").place.ticket
    old.database.try_to_write()
    fourth = take_ticket(new, service="A", actor="touch").place.ticket
    old.database.close()
    new.database.close()
    again = centre_of(empty_url)
    fifth = take_ticket(again, service="A", actor="touch").place.ticket

    numbers = [ticket.number for ticket in (first, second, third, fourth, fifth)]
    assert numbers == ["A001", "A002", "A003", "A004", "A005"]
    with again.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
    again.database.close()
    with monkeypatch.context() as next_release:
        for engine in (sqlite, postgres_tables, fitting):
            next_release.setattr(engine, "MIGRATIONS", NEXT)
        # It is the next release's store still: nothing is made a second time.
        once_more = centre_of(empty_url)
        assert take_ticket(once_more, service="A", actor="touch").place.ticket.number == "A006"
        with once_more.database.read() as query:
            remarked = query.one("SELECT number FROM ticket WHERE remarked = 1")
        assert remarked is not None
        assert remarked["number"] == "A002"
        once_more.database.close()
