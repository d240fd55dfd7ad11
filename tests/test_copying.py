from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from kiosk.copying import copy_office
from kiosk.demo_dossiers import demo_dossiers
from kiosk.errors import Refused
from kiosk.office import calls, clerks, devices, hall, jobs, sessions
from kiosk.office.incoming import store_dossiers
from kiosk.office.procedures import search, store_procedures
from kiosk.office.tickets import follow, take_ticket
from kiosk.procedures import Procedure
from kiosk.store import events, tables
from tests.hall import MORNING, OFFICE, Clock, centre_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre

PIN = "246810"


@pytest.fixture
def at(clock: Clock) -> Iterator[Callable[..., Centre]]:
    opened: list[Centre] = []

    def open_at(url: str, code: str = OFFICE) -> Centre:
        opened.append(centre_of(url, clock, code=code))
        return opened[-1]

    yield open_at
    for centre in opened:
        centre.database.close()


@pytest.fixture(params=["to postgresql", "to sqlite"])
def ways(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> tuple[str, str]:
    """From where to where."""
    urls = f"sqlite:///{tmp_path / 'kiosk.db'}", postgres_url
    return urls if request.param == "to postgresql" else urls[::-1]


def play_a_day(centre: Centre, clock: Clock) -> None:
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sessions.sign_in(centre, "hoa", PIN, 1)
    store_dossiers(centre, demo_dossiers(MORNING.date()), source="demo")
    marriage = Procedure("1.000894", "Đăng ký kết hôn", "Hộ tịch")
    store_procedures(centre, [(marriage, ())], source="demo")
    for n in range(120):
        take_ticket(centre, service="AB"[n % 2], actor="touch", request_id=f"tap-{n}")
        clock.forward(seconds=20)
        if n % 3:
            calls.call_next(centre, 1, clerk="hoa", request_id=f"press-{n}")
    while (job := jobs.next_job(centre)) is not None:
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "printed", evidence="ack")
    devices.report(centre, "printer", "ok")


def everything(centre: Centre) -> dict[str, list[dict[str, object]]]:
    with centre.database.read() as query:
        return {
            table: [dict(row) for page in tables.pages(query, centre.code, table) for row in page]
            for table in tables.listed()
        }


def test_a_day_is_copied_whole_and_the_queue_goes_on_there(
    ways: tuple[str, str], at: Callable[..., Centre], clock: Clock
) -> None:
    source, target = map(at, ways)
    play_a_day(source, clock)
    mine = take_ticket(source, service="A", actor="touch", request_id="last-tap").place.ticket
    clock.forward(minutes=1)
    copied = copy_office(source, target)

    assert everything(target) == everything(source)
    assert copied["ticket"] == 121
    assert copied["dossier"] > 0
    assert search(target, "ket hon").total == 1
    assert follow(target, mine.id) == follow(source, mine.id)
    assert hall.read_board(target) == hall.read_board(source)
    assert take_ticket(target, service="A", actor="touch").place.ticket.number == "A062"
    again = take_ticket(target, service="A", actor="touch", request_id="last-tap")
    assert (again.new, again.place.ticket.id) == (False, mine.id)
    assert calls.call_next(target, 1, clerk="hoa") is not None
    with target.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
        assert events.last(query, OFFICE) > copied["event"]


def test_nothing_is_ever_overwritten(
    ways: tuple[str, str], at: Callable[..., Centre], clock: Clock
) -> None:
    source, target = map(at, ways)
    take_ticket(source, service="A", actor="touch")
    take_ticket(target, service="B", actor="touch")
    before = everything(target)
    with pytest.raises(Refused, match="copy_exists"):
        copy_office(source, target)

    assert everything(target) == before


def test_another_office_that_is_there_already_stays_as_it_is(
    ways: tuple[str, str], at: Callable[..., Centre], clock: Clock
) -> None:
    source, target = map(at, ways)
    other = at(ways[1], code="H15.50.06")
    take_ticket(source, service="A", actor="touch")
    take_ticket(other, service="B", actor="touch")
    before = everything(other)
    copy_office(source, target)

    assert everything(other) == before
    assert everything(target) == everything(source)


def test_an_empty_store_or_a_broken_log_is_not_copied(
    ways: tuple[str, str], at: Callable[..., Centre]
) -> None:
    source, target = map(at, ways)
    with pytest.raises(Refused, match="copy_empty"):
        copy_office(source, target)
    for _ in range(3):
        take_ticket(source, service="A", actor="touch")
    with source.database.write() as query:
        query.run("UPDATE event SET actor = 'somebody' WHERE seq = 3")
    with pytest.raises(Refused, match=r"copy_broken .*seq=3"):
        copy_office(source, target)
    with target.database.read() as query:
        assert not tables.holds(query, OFFICE)


def test_an_office_that_runs_is_not_copied(
    ways: tuple[str, str], at: Callable[..., Centre], clock: Clock
) -> None:
    source, target = map(at, ways)
    take_ticket(source, service="A", actor="touch")
    devices.report(source, "web", "ok")
    with pytest.raises(Refused, match="copy_running"):
        copy_office(source, target)
    clock.forward(seconds=20)

    assert copy_office(source, target)["ticket"] == 1


def test_a_server_that_is_away_is_told_so_and_not_as_in_a_hall(
    ways: tuple[str, str], at: Callable[..., Centre]
) -> None:
    source, away = at(ways[0]), at("postgresql://127.0.0.1:1/kiosk")
    take_ticket(source, service="A", actor="touch")
    for known, other in ((source, away), (away, source)):
        with pytest.raises(Refused, match="copy_unreachable"):
            copy_office(known, other)


def test_every_table_is_copied_by_its_own_key(tmp_path: Path, at: Callable[..., Centre]) -> None:
    at(f"sqlite:///{tmp_path / 'kiosk.db'}").database.prepare()
    store = sqlite3.connect(tmp_path / "kiosk.db")
    names = store.execute(
        # The index of words follows its table by itself; whom the tables fit is no office's.
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'procedure_words%'"
        " AND name != 'schema_fits'"
    ).fetchall()
    keys = {}
    for (name,) in names:
        columns = store.execute(f"PRAGMA table_info({name})").fetchall()
        key = sorted((column[5], column[1]) for column in columns if column[5])
        keys[name] = tuple(column for _, column in key if column != "office")
        assert "office" in {column[1] for column in columns}
    store.close()

    assert tables.listed() == keys
