"""What devices say of themselves, and when that is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.office import devices
from kiosk.office.hall import SILENT_AFTER, read_devices, read_home

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


def test_a_device_that_says_the_same_again_writes_no_event(centre: Centre, clock: Clock) -> None:
    devices.report(centre, "printer", "ok")
    devices.report(centre, "printer", "ok")
    clock.forward(seconds=6)
    devices.report(centre, "printer", "ok")
    devices.report(centre, "printer", "fault", "paper_out")
    with centre.database.read() as query:
        written = query.all("SELECT seq FROM event WHERE kind = 'device.changed'")

    (printer,) = read_devices(centre)
    assert len(written) == 2
    assert (printer.state, printer.reason, printer.since) == ("fault", "paper_out", clock.now)
    assert read_home(centre).printer == printer


def test_a_device_that_is_no_longer_heard_counts_as_not_running(
    centre: Centre, clock: Clock
) -> None:
    devices.report(centre, "printer", "ok")
    clock.forward(seconds=SILENT_AFTER.total_seconds() + 1)

    (printer,) = read_devices(centre)
    assert (printer.state, printer.reason) == ("fault", "not_running")


def test_a_device_that_was_taken_away_is_forgotten(centre: Centre) -> None:
    devices.report(centre, "scanner", "ok")
    devices.forget(centre, "scanner")
    devices.forget(centre, "scanner")

    assert read_devices(centre) == ()


def test_languages_without_a_voice_are_tried_anew_whenever_the_window_opens(
    centre: Centre,
) -> None:
    for name in ("speech", "speech km"):
        devices.report(centre, name, "warning", "speech_voice")
    devices.forget_voices(centre)

    assert [known.name for known in read_devices(centre)] == ["speech"]


def test_a_board_that_kiosk_toml_has_no_longer_is_not_missed(centre: Centre) -> None:
    for name in ("board", "board 2", "board 3", "board Tivi 9", "sound"):
        devices.report(centre, name, "ok")
    devices.forget_boards(centre, 2)
    assert {known.name for known in read_devices(centre)} == {
        "board",
        "board 2",
        "board Tivi 9",
        "sound",
    }
