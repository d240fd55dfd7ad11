from __future__ import annotations

import pytest

from display.screens import Seen, choose

TOUCH = Seen("DP-1", "T-001", primary=True)
HALL = Seen("HDMI-1", "H-777", primary=False)


@pytest.mark.parametrize("screens", [(TOUCH, HALL), (HALL, TOUCH)])
@pytest.mark.parametrize(
    ("wanted", "touch", "found"),
    [
        ("HDMI-1", "", HALL),
        ("H-777", "", HALL),
        ("", "", HALL),
        ("", None, HALL),
        ("", "HDMI-1", TOUCH),
        ("", "H-777", TOUCH),
        ("DP-1", "HDMI-1", TOUCH),
        ("VGA-9", "", None),
    ],
)
def test_a_screen_is_found_by_name_or_serial_in_any_order(
    screens: tuple[Seen, ...], wanted: str, touch: str | None, found: Seen | None
) -> None:
    assert choose(screens, wanted, touch, may_share=True) == found


def test_the_only_screen_serves_at_the_start() -> None:
    assert choose([TOUCH], "", "", may_share=True) == TOUCH


def test_the_board_never_jumps_onto_the_touch_window_when_its_screen_is_unplugged() -> None:
    assert choose([TOUCH], "", "", may_share=False) is None


def test_a_board_without_touch_window_beside_it_takes_the_screen_that_is_left() -> None:
    assert choose([TOUCH], "", None, may_share=False) == TOUCH


def test_without_any_screen_there_is_none() -> None:
    assert choose([], "", None, may_share=True) is None


def test_a_second_window_without_a_name_leaves_the_first_one_its_screen() -> None:
    third = Seen("VGA-1", "V-3", primary=False)
    screens = (TOUCH, HALL, third)
    assert choose(screens, "", "", may_share=True, others=("HDMI-1",)) == third
    assert choose(screens, "", "", may_share=True, others=("V-3",)) == HALL
    assert choose((TOUCH, HALL), "", None, may_share=True, others=("DP-1", "HDMI-1")) is None


@pytest.mark.parametrize("turned", [False, True])
def test_two_screens_that_changed_places_are_told_by_their_serial_numbers(turned: bool) -> None:
    """Plugged the other way round, the same screen answers to the other socket's name."""
    one = Seen("DP-1", "H-777" if turned else "T-001", primary=True)
    other = Seen("HDMI-1", "T-001" if turned else "H-777", primary=False)
    found = choose((one, other), "H-777", "T-001", may_share=True)
    assert found is not None
    assert found.serial == "H-777"
