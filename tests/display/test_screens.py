from __future__ import annotations

import pytest

from display.screens import Seen, choose, choose_touch

TOUCH = Seen("DP-1", "T-001", primary=True)
HALL = Seen("HDMI-1", "H-777", primary=False)
SPARE = Seen("VGA-1", "V-3", primary=False)


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
    assert choose(screens, wanted, touch, kept=None) == found


def test_the_only_screen_serves_at_the_start() -> None:
    assert choose([TOUCH], "", "", kept=None) == TOUCH


def test_the_board_never_jumps_onto_the_touch_window_when_its_screen_is_unplugged() -> None:
    assert choose([TOUCH], "", "", kept="HDMI-1") is None


def test_a_board_without_touch_window_beside_it_takes_the_screen_that_is_left() -> None:
    assert choose([TOUCH], "", None, kept="HDMI-1") == TOUCH


def test_without_any_screen_there_is_none() -> None:
    assert choose([], "", None, kept=None) is None


def test_a_second_window_without_a_name_leaves_the_first_one_its_screen() -> None:
    screens = (TOUCH, HALL, SPARE)
    assert choose(screens, "", "", kept=None, others=("HDMI-1",)) == SPARE
    assert choose(screens, "", "", kept=None, others=("V-3",)) == HALL
    assert choose((TOUCH, HALL), "", None, kept=None, others=("DP-1", "HDMI-1")) is None


@pytest.mark.parametrize("turned", [False, True])
def test_two_screens_that_changed_places_are_told_by_their_serial_numbers(turned: bool) -> None:
    """Plugged the other way round, the same screen answers to the other socket's name."""
    one = Seen("DP-1", "H-777" if turned else "T-001", primary=True)
    other = Seen("HDMI-1", "T-001" if turned else "H-777", primary=False)
    found = choose((one, other), "H-777", "T-001", kept=None)
    assert found is not None
    assert found.serial == "H-777"


def test_the_touch_window_stays_where_it_is_when_another_screen_is_switched_on() -> None:
    """But for the one that it is told to use."""
    shared = ("DP-1",)
    assert choose_touch((HALL, TOUCH), "", kept=None, boards=shared, here="DP-1") == TOUCH
    assert choose_touch((HALL, TOUCH), "H-777", kept=None, boards=shared, here="DP-1") == HALL


def test_a_board_without_a_name_takes_the_screen_again_that_it_had() -> None:
    """Also where its touch window's is gone, and what is left is the primary one now."""
    left = Seen("HDMI-1", "H-777", primary=True)
    assert choose([left], "", "", kept="HDMI-1") == left


@pytest.mark.parametrize(
    ("wanted", "kept", "boards", "screens", "found"),
    [
        ("", None, (), (HALL, TOUCH), TOUCH),
        ("H-777", None, (), (HALL, TOUCH), HALL),
        ("VGA-9", None, ("HDMI-1",), (HALL, TOUCH), TOUCH),
        ("DP-1", "DP-1", ("HDMI-1",), (HALL,), None),
        ("", "DP-1", ("HDMI-1",), (HALL,), None),
        ("", "DP-1", ("H-777",), (HALL, SPARE), SPARE),
        ("", "DP-1", (), (HALL,), HALL),
        ("DP-1", None, ("",), (HALL,), HALL),
        ("DP-1", None, ("HDMI-1",), (HALL,), None),
        ("", None, ("HDMI-1",), (HALL,), HALL),
        ("DP-1", "HDMI-1", ("",), (HALL, TOUCH), TOUCH),
        ("", "HDMI-1", ("",), (HALL, TOUCH), HALL),
        ("DP-1", "DP-1", ("HDMI-1",), (HALL, SPARE), SPARE),
        ("", None, (), (), None),
    ],
)
def test_the_touch_window_keeps_its_screen_and_leaves_the_boards_theirs(
    wanted: str,
    kept: str | None,
    boards: tuple[str, ...],
    screens: tuple[Seen, ...],
    found: Seen | None,
) -> None:
    assert choose_touch(screens, wanted, kept=kept, boards=boards) == found
