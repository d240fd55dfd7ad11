"""Two boards in one hall, each a program of its own on a screen of its own."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from kiosk.calendar import utc_now
from kiosk.look import Look
from kiosk.office.calls import call_next
from kiosk.office.hall import read_devices
from kiosk.office.tickets import take_ticket
from tests.e2e.running import Hall, until
from tests.e2e.screens import screen
from tests.hall import centre_at

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 1280, 720
ZONES = {1: "left", 2: "right"}
CALL = bytes.fromhex(Look().board_call.removeprefix("#"))[::-1]
"""A pixel of a called number's card, as the screen holds it, less the byte that means nothing."""


def shows_a_call(shown: Path) -> bool:
    """Whether a card stands there; the file is a picture of X11's xwd."""
    data = shown.read_bytes()
    head, colours = struct.unpack_from(">I", data)[0], struct.unpack_from(">I", data, 76)[0]
    pixels = data[head + 12 * colours :]
    cards = sum(pixels[at : at + 3] == CALL for at in range(0, len(pixels), 4 * 97))
    return cards * 97 > WIDTH * HEIGHT / 20


def test_each_of_two_boards_shows_the_calls_of_its_zone_and_lives_in_its_own_name(
    tmp_path: Path,
) -> None:
    store = tmp_path / "kiosk.db"
    halls, centre = [], None
    with (
        screen(made(tmp_path / "left"), WIDTH, HEIGHT) as left,
        screen(made(tmp_path / "right"), WIDTH, HEIGHT) as right,
    ):
        try:
            for (number, zone), (display, _) in zip(ZONES.items(), (left, right), strict=True):
                hall = Hall(tmp_path / zone, 9)
                text = hall.config.read_text("utf-8")
                for counter, of in ZONES.items():
                    text = text.replace(
                        f"[[counter]]\nnumber = {counter}\n",
                        f'[[counter]]\nnumber = {counter}\nzone = "{of}"\n',
                    )
                text = text.replace("[board]", f'[board]\nzones = ["{zone}"]')
                more = f'[store]\nurl = "sqlite:///{store}"\n[kiosk]\nname = "kiosk-{number}"\n'
                hall.config.write_text(text + more, "utf-8")
                halls.append(hall)
                hall.start("board", DISPLAY=display, QT_QPA_PLATFORM="xcb")
            until(store.exists, "the store is made")
            centre = centre_at(store, utc_now)

            def healthy() -> set[str]:
                return {
                    d.kiosk for d in read_devices(centre) if (d.name, d.state) == ("board", "ok")
                }

            until(lambda: healthy() == {"kiosk-1", "kiosk-2"}, "both boards live")
            assert not shows_a_call(left[1])
            assert not shows_a_call(right[1])
            for number, own, other in ((1, left, right), (2, right, left)):
                take_ticket(centre, service="A", actor="test")
                assert call_next(centre, number, clerk="hoa") is not None
                until(lambda own=own: shows_a_call(own[1]), "the zone's board shows it")
                assert number == 2 or not shows_a_call(other[1])
            halls[1].stop()
            assert halls[0].process.poll() is None
        finally:
            if centre is not None:
                centre.database.close()
            for hall in halls:
                hall.close()


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
