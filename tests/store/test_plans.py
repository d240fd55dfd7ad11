"""The database's own plans: nothing that is asked all day may read the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kiosk.calendar import utc_now
from kiosk.database.postgres import Postgres
from kiosk.database.sqlite import Sqlite
from kiosk.store import events, jobs
from tests.hall import OFFICE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kiosk.database import Query
    from tests.postgres import Server

ASKED = [
    ("SELECT id FROM ticket WHERE office = '' AND day = '' AND service = '' AND line = ''"
     " AND state = 'waiting' AND counter IS NULL ORDER BY place LIMIT 1", "ticket_line"),
    ("SELECT id FROM ticket WHERE office = '' AND day = '' AND counter = 1"
     " AND state = 'waiting' ORDER BY place", "ticket_sent"),
    ("SELECT id FROM ticket WHERE office = '' AND counter = 1"
     " AND state IN ('called', 'serving')", "ticket_at_counter"),
    ("SELECT series, n FROM ticket WHERE office = '' AND day < '1' AND counter > 0"
     " AND state IN ('called', 'serving') ORDER BY counter", "ticket_at_counter"),
    ("SELECT service, line, COUNT(*), SUM(CASE WHEN place < 1 THEN 1 ELSE 0 END) FROM ticket"
     " WHERE office = '' AND day = '' AND service IN ('A', 'B') AND state = 'waiting'"
     " AND counter IS NULL GROUP BY service, line", "ticket_line"),
    ("SELECT counter, COUNT(*) FROM ticket WHERE office = '' AND day = ''"
     " AND state = 'waiting' AND counter IS NOT NULL AND place < 1 GROUP BY counter",
     "ticket_sent"),
    ("SELECT counter, number FROM ticket WHERE office = '' AND day = ''"
     " AND state = 'parked' AND reason = '' ORDER BY counter, place", "ticket_parked"),
    ("SELECT seq FROM event WHERE office = '' AND kind IN ('ticket.called',"
     " 'ticket.recalled', 'ticket.undone') ORDER BY seq DESC LIMIT 40", "event_call"),
    ("SELECT id FROM ticket WHERE office = '' AND day = '' AND service = ''"
     " AND waits_since < '1' AND state = 'waiting' AND counter IS NULL"
     " ORDER BY waits_since, place LIMIT 1", "ticket_longest"),
]  # fmt: skip

# A year of tickets and events, of which the last day's thirty still wait.
YEAR = """
INSERT INTO ticket (id, office, day, series, n, number, service, line, state, place, kiosk,
    counter, issued_at, called_at, ended_at)
SELECT lpad(n::text, 12, '0'), '', (n / 100)::text, 'A', n, 'A', (n % 5)::text, '',
    CASE WHEN n > 19970 THEN 'waiting' ELSE 'finished' END, n, 'kiosk-1',
    CASE WHEN n > 19970 THEN NULL ELSE n % 9 END, n::text, n::text, n::text
FROM generate_series(1, 20000) AS n;
INSERT INTO event (office, seq, at, kind, actor, ticket, digest)
SELECT '', n, '', CASE n % 9 WHEN 1 THEN 'ticket.called' ELSE 'ticket.issued' END, '', 'T' || n, ''
FROM generate_series(1, 20000) AS n;
INSERT INTO print_job (id, office, kiosk, place, slip, data, state, created_at)
SELECT n::text, '', '', n, '', '', CASE WHEN n > 19990 THEN 'queued' ELSE 'printed' END, ''
FROM generate_series(1, 20000) AS n;
INSERT INTO dossier (office, code, status, procedure_name, imported_at)
SELECT '', n::text, 1, '', '' FROM generate_series(1, 20000) AS n;
INSERT INTO dossier_step (office, dossier, n, status)
SELECT '', n::text, 1, 1 FROM generate_series(1, 20000) AS n;
ANALYZE
"""


@pytest.fixture(scope="module")
def year(server: Server) -> str:
    """The URL of a database that has seen a year."""
    url = server.make_database()
    server.run(YEAR, url.rpartition("/")[2])
    return url


@pytest.mark.parametrize(("sql", "index"), ASKED)
def test_sqlite_never_reads_the_years(tmp_path: Path, sql: str, index: str) -> None:
    store = Sqlite(tmp_path / "kiosk.db")
    with store.read() as query:
        plan = " ".join(row["detail"] for row in query.all(f"EXPLAIN QUERY PLAN {sql}"))
    store.close()

    assert f"INDEX {index} " in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_sqlite_counts_who_is_overdue_without_reading_the_line(tmp_path: Path) -> None:
    store = Sqlite(tmp_path / "kiosk.db")
    with store.read() as query:
        plan = query.all(
            "EXPLAIN QUERY PLAN SELECT service, line || '' AS line, COUNT(*) FROM ticket"
            " WHERE office = '' AND day = '' AND service IN ('A', 'B') AND waits_since < ''"
            " AND state = 'waiting' AND counter IS NULL GROUP BY service, line || ''"
        )
    store.close()

    assert "INDEX ticket_longest " in plan[0]["detail"]
    assert "waits_since<?" in plan[0]["detail"]


class Explaining:
    """Has the store tell how it would answer, and answers nothing."""

    def __init__(self, query: Query, how: str) -> None:
        self._query = query
        self._how = how
        self.plan = ""

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]:
        rows = self._query.all(f"{self._how} {sql}", **facts)
        self.plan = " ".join(str(value) for row in rows for value in dict(row).values())
        return []

    def one(self, sql: str, **facts: object) -> None:
        self.all(sql, **facts)


@pytest.mark.parametrize("asked", [events.lined_up, events.course, events.services_done])
def test_what_is_asked_of_one_ticket_reads_the_events_of_no_other(
    tmp_path: Path, year: str, asked: Callable[[Any, str, str], object]
) -> None:
    stores = (
        (Sqlite(tmp_path / "kiosk.db"), "EXPLAIN QUERY PLAN"),
        (Postgres(year, OFFICE), "EXPLAIN"),
    )
    for store, how in stores:
        with store.read() as query:
            explaining = Explaining(query, how)
            asked(explaining, "", "T1")
        store.close()

        assert "event_ticket" in explaining.plan


def test_the_trail_is_searched_no_further_than_one_look(tmp_path: Path, year: str) -> None:
    stores = (
        (Sqlite(tmp_path / "kiosk.db"), "EXPLAIN QUERY PLAN", "(office=? AND seq>? AND seq<?)"),
        (Postgres(year, OFFICE), "EXPLAIN", "event_pkey"),
    )
    for store, how, told in stores:
        with store.read() as query:
            explaining = Explaining(query, how)
            events.search(explaining, "", after=15_000, before=15_500, limit=100, clerk="an")
        store.close()

        assert told in explaining.plan
        assert "TEMP B-TREE" not in explaining.plan
        assert "Seq Scan" not in explaining.plan


@pytest.mark.parametrize(
    "asked",
    [
        lambda query: jobs.next_queued(query, "", ""),
        lambda query: jobs.lost_since(query, "", "", utc_now()),
    ],
)
def test_what_the_printer_is_to_do_is_found_among_the_slips_of_years(
    tmp_path: Path, year: str, asked: Callable[[Any], object]
) -> None:
    store, beside = Sqlite(tmp_path / "kiosk.db"), Postgres(year, OFFICE)
    with store.read() as query, beside.read() as same:
        explaining, other = Explaining(query, "EXPLAIN QUERY PLAN"), Explaining(same, "EXPLAIN")
        asked(explaining)
        asked(other)
    store.close()
    beside.close()

    assert "INDEX print_job_unsettled (office=? AND kiosk=? AND state=?)" in explaining.plan
    assert "TEMP B-TREE" not in explaining.plan
    assert "print_job_unsettled" in other.plan


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM dossier WHERE office = '' AND code = ''",
        "SELECT * FROM dossier_step WHERE office = '' AND dossier = '' ORDER BY n",
    ],
)
def test_a_dossier_is_found_by_its_key(tmp_path: Path, year: str, sql: str) -> None:
    store, beside = Sqlite(tmp_path / "kiosk.db"), Postgres(year, OFFICE)
    with store.read() as query, beside.read() as same:
        plan = query.all(f"EXPLAIN QUERY PLAN {sql}")
        other = " ".join(row["QUERY PLAN"] for row in same.all(f"EXPLAIN {sql}"))
    store.close()
    beside.close()

    assert [row["detail"].split()[0] for row in plan] == ["SEARCH"]
    assert "Seq Scan" not in other


@pytest.mark.parametrize(("sql", "index"), ASKED)
def test_postgresql_never_reads_the_years(year: str, sql: str, index: str) -> None:
    store = Postgres(year, OFFICE)
    with store.read() as query:
        plan = " ".join(row["QUERY PLAN"] for row in query.all(f"EXPLAIN {sql}"))
    store.close()

    assert "Seq Scan" not in plan
    assert index in plan


def test_postgresql_finds_the_head_of_a_line_before_it_has_statistics(postgres_url: str) -> None:
    store = Postgres(postgres_url, OFFICE)
    with store.write() as query:
        query.run(
            "INSERT INTO ticket (id, office, day, series, n, number, service, state, place,"
            " kiosk, issued_at) SELECT lpad(n::text, 12, '0'), '', '', 'A', n, 'A',"
            " (n % 5)::text, 'waiting', n, 'kiosk-1', '' FROM generate_series(1, 700) AS n"
        )
    sql, index = next(asked for asked in ASKED if "line = ''" in asked[0])
    with store.read() as query:
        plan = " ".join(row["QUERY PLAN"] for row in query.all(f"EXPLAIN {sql}"))
    store.close()

    assert index in plan
    assert "Sort" not in plan
