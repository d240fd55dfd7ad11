"""Dossiers out into a file and back in: the same dossiers."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.dossiers import Channel, Dossier, Fee, FeeStage, Status
from kiosk.errors import Refused
from kiosk.exports import export_dossiers
from kiosk.imports import import_dossiers
from kiosk.intake import Move, legal
from kiosk.office import intake
from kiosk.office.forms import Paper
from kiosk.office.incoming import store_dossiers
from kiosk.office.intake import receive
from kiosk.office.intake_moves import Told, move
from kiosk.plain import one_line
from kiosk.store import dossiers as store
from tests.hall import Clock, centre_at
from tests.office.test_intake import HOA, MINH, WISH, opened

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="\0"),
    min_size=1,
    max_size=40,
).map(one_line).filter(bool)  # fmt: skip


def told(data: st.DataObject, wanted: Move, now: datetime) -> Told:
    """What a clerk may say with the move."""
    until = now + timedelta(days=data.draw(st.integers(1, 40)))
    return Told(
        note=data.draw(WORDS),
        papers=(Paper(data.draw(WORDS), originals=1),),
        until=until if wanted in (Move.POSTPONE, Move.ASK_PAPERS) else None,
        handler=data.draw(st.just("") | WORDS),
        unit=data.draw(st.just("") | WORDS),
        fee=Fee(data.draw(WORDS), data.draw(st.integers(1, 10**9))),
        taker=data.draw(WORDS),
        paid=True,
    )


def as_told(known: Dossier) -> Dossier:
    """What of a dossier the national record has a place for."""
    return replace(
        known,
        secret=None,
        fee_paid=False,
        fees=tuple(replace(fee, paid=False) for fee in known.fees),
        postponements=(),
    )


@pytest.fixture
def office(tmp_path: Path) -> Centre:
    return opened(centre_at(tmp_path / "kiosk.db", Clock()))


def held(centre: Centre) -> list[Dossier]:
    with centre.database.read() as query:
        return store.page(query, centre.code, "", None, None, 1000)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_records_come_back_as_they_went(tmp_path: Path, data: st.DataObject) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.db").unlink(missing_ok=True)
    clock = Clock()
    one, two = opened(centre_at(tmp_path / "one.db", clock)), centre_at(tmp_path / "two.db", clock)
    try:
        for n in range(data.draw(st.integers(1, 2))):
            names = {name: data.draw(WORDS) for name in ("owner", "address", "submitter")}
            fees = data.draw(
                st.lists(st.builds(Fee, WORDS, st.integers(0, 10**9), st.sampled_from(FeeStage)))
            )
            wish = replace(
                WISH,
                **names,
                channel=data.draw(st.sampled_from(Channel)),
                fees=tuple(fees),
                request_id=f"r{n}",
            )
            known = receive(one, wish, by=HOA).dossier
            for _ in range(data.draw(st.integers(0, 7))):
                clock.forward(minutes=data.draw(st.integers(0, 5000)))
                moves = legal(known.status)
                if not moves:
                    break
                wanted = data.draw(st.sampled_from(moves))
                said = told(data, wanted, clock.now)
                known = move(one, known.code, wanted, said, by=MINH, version=None)
        went = [as_told(known) for known in held(one)]
        file = tmp_path / "out.json"
        assert export_dossiers(one, file) == len(went)
        assert import_dossiers(two, file).bad == 0
        assert held(two) == went
        again = import_dossiers(two, file, source="again")
        assert (again.stored, held(two)) == (0, went)
    finally:
        for centre in (one, two):
            centre.database.close()


def test_what_was_taken_in_here_stays_when_its_own_file_comes_back(
    office: Centre, tmp_path: Path
) -> None:
    known = receive(office, WISH, by=HOA).dossier
    file = tmp_path / "out.json"
    export_dossiers(office, file)
    told = json.loads(file.read_text("utf-8"))
    assert told["service"] == "DongBoHoSoMC"
    assert [one["MaHoSo"] for one in told["data"]] == [known.code, known.code]
    assert known.secret is not None
    assert known.secret not in file.read_text("utf-8").replace(known.code, "")
    report = import_dossiers(office, file)
    assert (report.own, report.stored) == (2, 0)
    with office.database.read() as query:
        assert intake.whole(office, query, known.code) == known


def test_a_table_comes_back_without_what_it_has_no_columns_for(
    office: Centre, tmp_path: Path
) -> None:
    tricky = replace(WISH, owner='=HYPERLINK("x")', phone="+84912345678")
    known = receive(office, tricky, by=HOA).dossier
    file = tmp_path / "out.csv"
    export_dossiers(office, file)
    assert '" =HYPERLINK' in file.read_text("utf-8-sig")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = centre_at(tmp_path / "other.db", Clock())
    assert import_dossiers(other, file).stored == 1
    (back,) = held(other)
    columns = [name for name in store.COLUMNS if name not in ("secret",)]
    assert {name: getattr(back, name) for name in columns} == {
        name: getattr(known, name) for name in columns
    }
    other.database.close()


def test_days_choose_what_is_written(office: Centre, tmp_path: Path) -> None:
    days = [datetime(2026, 11, day, 3, tzinfo=UTC) for day in (2, 3, 4)]
    rows = [Dossier(f"A-{n}", Status.ACCEPTED, received_at=at) for n, at in enumerate(days)]
    store_dossiers(office, rows, source="test")
    file = tmp_path / "out.csv"
    assert export_dossiers(office, file, first=date(2026, 11, 3)) == 2
    assert export_dossiers(office, file, last=date(2026, 11, 3)) == 2
    assert export_dossiers(office, file, first=date(2026, 11, 3), last=date(2026, 11, 3)) == 1
    assert "A-1" in file.read_text("utf-8-sig")


def test_a_file_that_cannot_be_written_leaves_the_old_one(office: Centre, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="export_unwritable"):
        export_dossiers(office, tmp_path / "nowhere" / "out.json")
    with office.database.read() as query:
        assert query.all("SELECT seq FROM event WHERE kind = 'dossiers.exported'") == []
