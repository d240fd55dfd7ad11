"""What of a new kiosk.toml makes the windows anew, and what they take up as they are."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.renewal import Renewal, as_loud, facts

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
    tmp_path: Path, old: str, new: str, anew: bool
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(SHIPPED, "utf-8")
    before, found, seen = load(path), [], threading.Event()
    with Renewal(before, lambda config: (found.append(config), seen.set())[0]):
        assert old in SHIPPED
        path.write_text(SHIPPED.replace(old, new), "utf-8")
        assert seen.wait(10)

    assert (facts(as_loud(found[-1]), ()) != facts(as_loud(before), ())) is anew
    assert facts(found[-1], ()) != facts(before, ())
