"""What of a new kiosk.toml makes the windows anew, and what they take up as they are."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.config import load
from kiosk.health import Health
from kiosk.office.hall import read_devices
from kiosk.renewal import Renewal, as_loud, facts
from tests.waiting import until

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

SHIPPED = (Path(__file__).parents[1] / "kiosk.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("volume = 0.8", "volume = 0.5", False),
        ("quiet = []", "quiet = [{ hours = '11:30-13:30', volume = 0.4 }]", False),
        ("times = 1", "times = 2", True),
        ('sound = "card"', 'sound = "none"', True),
    ],
)
def test_how_loud_the_hall_is_called_makes_no_window_anew(
    tmp_path: Path, centre: Centre, old: str, new: str, anew: bool
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(SHIPPED, "utf-8")
    before, found, seen = load(path), [], threading.Event()
    health = Health(centre)
    with Renewal(before, lambda config: (found.append(config), seen.set())[0], health):
        assert old in SHIPPED
        path.write_text(SHIPPED.replace(old, new), "utf-8")
        assert seen.wait(10)

    assert (facts(as_loud(found[-1]), ()) != facts(as_loud(before), ())) is anew
    assert facts(found[-1], ()) != facts(before, ())


def test_staff_are_told_of_a_file_with_mistakes_until_it_is_mended(
    tmp_path: Path, centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    def told() -> list[tuple[str, str, str]]:
        return [(known.name, known.state, known.reason) for known in read_devices(centre)]

    path = tmp_path / "kiosk.toml"
    path.write_text(SHIPPED, "utf-8")
    with Health(centre) as health, Renewal(load(path), lambda _: None, health):
        health.report("touch", "ok")
        path.write_text(SHIPPED.replace("volume = 0.8", "volume = 8"), "utf-8")
        until(lambda: ("settings", "warning", "settings_mistakes") in told())
        path.write_text(SHIPPED.replace("volume = 0.8", "volume = 0.7"), "utf-8")
        until(lambda: "settings" not in [name for name, *_ in told()])

    (logged,) = (one.message for one in caplog.records if one.name == "kiosk.renewal")
    assert "board.volume: " in logged


def test_a_change_between_reading_the_file_and_following_it_is_not_missed(
    tmp_path: Path, centre: Centre
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(SHIPPED, "utf-8")
    before, found = load(path), []
    path.write_text(SHIPPED.replace("late_minutes = 60", "late_minutes = 45"), "utf-8")
    with Renewal(before, found.append, Health(centre)):
        until(lambda: bool(found))

    assert [config.queue.late_minutes for config in found] == [45]
