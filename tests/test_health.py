"""What a process says of its machine."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk import health as health_module
from kiosk.calendar import utc_now
from kiosk.database.postgres import Postgres
from kiosk.disks import DiskRules
from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.life import STORE_SECONDS, Life, Restart
from kiosk.office import devices, restarts
from kiosk.office.devices import report_all, report_outage
from kiosk.office.hall import read_devices
from kiosk.upkeep import Updating
from tests.hall import OFFICE, Clock, Seconds, centre_on
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kiosk.office.centre import Centre


CLOCK: Final = ("clock", "ok", "")
STORE: Final = ("store", "ok", "")


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
        until(lambda: told(centre) == [CLOCK, STORE, ("touch", "ok", "")])
    store.close()

    assert [record.message for record in caplog.records if record.name == "kiosk.health"] == [
        "the clock of this machine differs from the store's",
        "the clock of this machine is right again",
    ]


def test_a_file_has_no_clock_to_differ_from(centre: Centre) -> None:
    with Health(centre) as health:
        health.report("touch", "ok")
        until(lambda: told(centre) != [])

    assert told(centre) == [CLOCK, STORE, ("touch", "ok", "")]


def test_an_update_that_was_broken_off_is_told_until_it_is_finished(
    centre: Centre, tmp_path: Path
) -> None:
    note = tmp_path / "update-unfinished.json"

    def looked() -> list[tuple[str, str, str]]:
        with Health(centre) as health:
            updating = Updating(health, note)
            for _ in range(2):
                updating.look()
        return [one for one in told(centre) if one[0] == "update"]

    assert looked() == []
    note.touch()
    assert looked() == [], "one that goes on is no fault"
    long_ago = time.time() - 3600
    os.utime(note, (long_ago, long_ago))
    assert looked() == [("update", "fault", "update_unfinished")]
    with Health(centre) as health:
        updating = Updating(health, note)
        updating.look()
        note.unlink()
        updating.look()
    assert looked() == []
    assert "update" not in {one[0] for one in told(centre)}


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
            own = ("process_web", "fault" if times >= 3 else "warning", reason)
            until(lambda own=own: told(centre) == [CLOCK, own, STORE])
            device = next(one for one in read_devices(centre) if one.name == "process_web")
            assert device.since == clock.now
        assert told(centre) == [CLOCK, STORE]
        assert f'"times":{times}' in notes(centre)[-1].replace(" ", "")
    monkeypatch.setattr(restarts, "CALM_SECONDS", 0.2)
    with Health(centre, Life("web", restart=Restart("died", 4))) as health:
        health.report("web", "ok")
        until(lambda: len(notes(centre)) == 4)
        until(lambda: told(centre) == [CLOCK, STORE, ("web", "ok", "")])


def test_what_a_process_left_standing_is_taken_down_by_the_next_one(centre: Centre) -> None:
    restarts.note(centre, "process_web", "process_died", 1)
    with Health(centre, Life("web")):
        until(lambda: told(centre) == [CLOCK, STORE])


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

    monkeypatch.setattr(devices, "report_all", report)
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


def test_a_disk_that_runs_full_is_told_by_every_process_of_the_machine(
    centre: Centre, tmp_path: Path
) -> None:
    never = DiskRules(warning_mb=0, fault_mb=0, warning_files=0, fault_files=0)
    soon = replace(never, fault_mb=100_000_000, warning_mb=100_000_000)
    small = replace(centre, disks={"disk": tmp_path}, disk_rules=soon)
    with Health(small):
        until(lambda: ("disk", "fault", "disk_short") in told(centre))
    with Health(replace(small, disk_rules=never)):
        until(lambda: ("disk", "ok", "") in told(centre))


def test_an_outage_of_the_store_stands_in_the_record_and_the_trail_afterwards(
    centre: Centre, clock: Clock
) -> None:
    report_all(centre, {"store": ("ok", "")})
    clock.forward(seconds=3)
    began = clock()
    clock.forward(minutes=4)
    report_outage(centre, "store_readonly", began)
    # Another process of the machine met the same.
    report_outage(centre, "store_readonly", began)
    [store] = read_devices(centre)
    with centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = 'device.changed' ORDER BY seq")
    told = [json.loads(row["details"]) for row in rows]

    assert (store.name, store.state, store.since) == ("store", "ok", clock())
    assert [(one["state"], one["reason"]) for one in told] == [
        ("fault", "store_readonly"),
        ("ok", ""),
    ]


def test_a_machine_that_hears_no_changes_says_so_though_the_store_answers(
    postgres_url: str,
) -> None:
    store = Postgres(postgres_url, OFFICE)
    centre = replace(centre_on(store), clock=store.now, glance=store.wall)
    store.prepare()
    stop = threading.Event()
    heard = threading.Thread(target=lambda: [None for _ in store.changes(stop)])
    listen = store._listen
    store._listen = lambda: None
    heard.start()
    try:
        until(lambda: bool(store.deaf))
        with Health(centre) as health:
            until(lambda: ("feed", "warning", "feed_deaf") in told(centre))
            store._listen = listen
            until(lambda: not store.deaf)
            health.report("touch", "ok")
            until(lambda: "feed" not in [name for name, *_ in told(centre)])
    finally:
        stop.set()
        heard.join()
        store.close()


def test_what_died_with_its_process_or_left_the_settings_is_told_no_more(centre: Centre) -> None:
    report_all(centre, {"feed": ("warning", "feed_deaf"), "disk_log": ("fault", "disk_short")})
    with Health(centre):
        until(lambda: told(centre) == [CLOCK, STORE])
