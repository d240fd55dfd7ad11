"""What a printer can do outlasts the process that found it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.office.printers import read_printer, recall, remember
from printer.capabilities import Capabilities
from tests.hall import MORNING, Clock, centre_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

PLACE = "network 192.168.1.50:9100"
FULL = Capabilities((1, 2, 4), True, True, True, ("EPSON", "TM-T88VI", "X3"), 80)


@pytest.fixture
def hall(store_url: str, clock: Clock) -> Iterator[Centre]:
    centre = centre_of(store_url, clock)
    yield centre
    centre.database.close()


@pytest.mark.parametrize("known", [FULL, Capabilities(), Capabilities(status=())])
def test_it_is_kept_whole_until_another_is_kept(hall: Centre, known: Capabilities) -> None:
    assert read_printer(hall) is None
    remember(hall, PLACE, Capabilities(paper=True))
    remember(hall, PLACE, known)

    assert recall(hall, PLACE) == known
    kept = read_printer(hall)
    assert kept is not None
    assert (kept.place, kept.probed_at) == (PLACE, MORNING)


def test_what_is_forgotten_is_gone(hall: Centre) -> None:
    remember(hall, PLACE, FULL)
    remember(hall, PLACE, None)

    assert read_printer(hall) is None


def test_a_printer_that_is_reached_otherwise_is_another_one(hall: Centre) -> None:
    remember(hall, PLACE, FULL)

    assert recall(hall, "usb /dev/usb/lp0") is None


def test_each_kiosk_has_its_own_printer(hall: Centre, store_url: str, clock: Clock) -> None:
    other = centre_of(store_url, clock, kiosk="kiosk-2")
    remember(hall, PLACE, FULL)

    assert recall(other, PLACE) is None
    other.database.close()


@pytest.mark.parametrize("text", ["", "[]", "null", '{"colour": true}', '{"status": 1}'])
def test_what_cannot_be_read_is_found_out_anew(hall: Centre, text: str) -> None:
    remember(hall, PLACE, FULL)
    with hall.database.write() as query:
        query.run("UPDATE printer SET capabilities = :text", text=text)

    assert recall(hall, PLACE) is None
