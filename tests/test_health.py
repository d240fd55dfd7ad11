"""What a process says of its machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.calendar import utc_now
from kiosk.database.postgres import Postgres
from kiosk.health import Health
from kiosk.office.hall import read_devices
from tests.hall import OFFICE, Clock, centre_on
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
