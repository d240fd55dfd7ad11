from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bench.__main__ import SHIPPED, main
from bench.estimate import Replay
from kiosk.__main__ import app
from kiosk.office.figures import read_events
from kiosk.office.tickets import take_ticket
from kiosk.store import events, staff
from tests.simulation.test_hall import MONDAY, Store, busy, crowd, simulated

if TYPE_CHECKING:
    from kiosk.history import Event
    from kiosk.office.centre import Centre
    from tests.hall import Clock

__all__ = ["busy"]


class Telling(Store):
    """The store on such a day, with clerks who sign in, and the waits that it told."""

    def __init__(self, centre: Centre, clock: Clock) -> None:
        super().__init__(centre, clock)
        self.told: dict[str, tuple[int, int] | None] = {}

    def follow(self, event: Event) -> str | None:
        number = super().follow(event)
        if event.kind == "counter.opened" and event.counter is not None:
            self._open(event.counter)
        return number

    def _open(self, number: int) -> None:
        centre, now = self.centre, self.clock.now
        with centre.database.write() as query:
            login = f"clerk{number}"
            staff.insert_session(query, centre.code, login, login, number, "", now)
            events.append(
                query, centre.code, now, "counter.opened", actor="test", counter=number, clerk=login
            )

    def _take(self, event: Event) -> str:
        priority = event.details["priority"] or None
        services = self._journey(event.details["service"])
        # The replay knows each time at once, an office within ten seconds.
        self.centre.paces.clear()
        place = take_ticket(self.centre, services=services, priority=priority, actor="test").place
        self.told[place.ticket.id] = place.estimate
        return place.ticket.number


@pytest.mark.parametrize("seed", range(2))
def test_the_replay_tells_what_the_office_told(busy: Centre, clock: Clock, seed: int) -> None:
    store = Telling(busy, clock)
    for event in simulated(busy, crowd(seed)).events():
        store.follow(event)
    replay = Replay(busy)
    replay.day(read_events(busy, MONDAY))

    told = [store.told[one.ticket] for one in replay.told]

    assert len(told) > 50
    assert sum(known is not None for known in told) > 40
    for ours, known in zip(replay.told, told, strict=True):
        assert (ours.range is None) == (known is None)
        if ours.range is not None and known is not None:
            assert ours.range == pytest.approx(known, abs=3)
            assert timedelta(seconds=ours.real) >= timedelta()


def test_measuring_the_estimate_makes_no_store_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "elsewhere" / "kiosk.toml"
    config.parent.mkdir()
    config.write_text(SHIPPED.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(config.parent)
    main(["estimate"], Path("kiosk.toml"))

    assert [path.name for path in config.parent.iterdir()] == ["kiosk.toml"]


@pytest.mark.parametrize("asked", [["nonsense"], ["estimate", "--config", "/no/kiosk.toml"]])
def test_what_cannot_be_measured_is_refused_before_anything_is(asked: list[str]) -> None:
    done = CliRunner().invoke(app, ["bench", *asked])

    assert (done.exit_code, done.stdout) == (2, "")
