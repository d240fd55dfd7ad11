"""What a process says of its machine."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk import health as health_module
from kiosk.calendar import utc_now
from kiosk.database.postgres import Postgres
from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.life import STORE_SECONDS, Life, Restart
from kiosk.office import devices, restarts
from kiosk.office.hall import read_devices
from tests.hall import OFFICE, Clock, centre_on
from tests.test_life import Seconds
from tests.waiting import until

if TYPE_CHECKING:
    import pytest

    from kiosk.office.centre import Centre


def told(centre: Centre) -> list[tuple[str, str, str]]:
    return [(known.name, known.state, known.reason) for known in read_devices(centre)]


def test_a_machine_whose_clock_is_wrong_says_so_until_it_is_set_right(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    local = Clock(utc_now() - timedelta(minutes=5))
    store = Postgres(postgres_url, OFFICE, local)
    centre = replace(centre_on(store), clock=store.now, glance=store.wall)
    with Health(centre) as health:
        health.report("touch", "ok")
        until(lambda: ("clock", "warning", "clock_differs") in told(centre))
        health.report("touch", "warning", "font_missing")
        until(lambda: ("touch", "warning", "font_missing") in told(centre))
        local.now = utc_now() + timedelta(seconds=30)
        health.report("touch", "ok")
        until(lambda: told(centre) == [("touch", "ok", "")])
    store.close()

    assert [record.message for record in caplog.records if record.name == "kiosk.health"] == [
        "the clock of this machine differs from the store's",
        "the clock of this machine is right again",
    ]


def test_a_file_has_no_clock_to_differ_from(centre: Centre) -> None:
    with Health(centre) as health:
        health.report("touch", "ok")
        until(lambda: told(centre) != [])

    assert told(centre) == [("touch", "ok", "")]


def notes(centre: Centre) -> list[str]:
    with centre.database.read() as query:
        sql = "SELECT details FROM event WHERE kind = 'process.restarted' ORDER BY seq"
        return [row["details"] for row in query.all(sql)]


def test_a_process_that_was_started_again_is_told_with_when_and_how_often(
    centre: Centre, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "REPEAT_SECONDS", 0.02)
    for times, why, reason in ((1, "hung", "process_hung"), (2, "died", "process_died"),
                               (3, "died", "process_often")):  # fmt: skip
        clock.forward(minutes=5)
        with Health(centre, Life("web", restart=Restart(why, times))):
            until(lambda reason=reason: told(centre) == [("process_web", "warning", reason)])
            (device,) = read_devices(centre)
            assert device.since == clock.now
        assert told(centre) == []
        assert f'"times":{times}' in notes(centre)[-1].replace(" ", "")
    monkeypatch.setattr(restarts, "CALM_SECONDS", 0.2)
    with Health(centre, Life("web", restart=Restart("died", 4))) as health:
        health.report("web", "ok")
        until(lambda: len(notes(centre)) == 4)
        until(lambda: told(centre) == [("web", "ok", "")])


def test_what_a_process_left_standing_is_taken_down_by_the_next_one(centre: Centre) -> None:
    restarts.note(centre, "process_web", "process_died", 1)
    with Health(centre, Life("web")):
        until(lambda: told(centre) == [])


def test_a_store_that_refuses_is_no_reason_to_end_a_process_and_one_that_never_answers_is(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "REPEAT_SECONDS", 0.02)
    seconds = Seconds()
    life = Life("web", clock=seconds)
    life.ready()
    full, gate, met = threading.Event(), threading.Event(), threading.Event()

    def report(*_: object) -> None:
        if not full.is_set():
            raise Unavailable("store_full")
        met.set()
        gate.wait(60)

    monkeypatch.setattr(devices, "report", report)
    with Health(centre, life) as health:
        health.report("web", "ok")
        until(lambda: health.trouble() is not None)
        for _ in range(10):
            seconds.now += STORE_SECONDS / 2
            until(lambda: life.late() is None)
        full.set()
        assert met.wait(20)
        seconds.now += STORE_SECONDS + 1
        assert life.late() == "store"
        gate.set()
        until(lambda: life.late() is None)
