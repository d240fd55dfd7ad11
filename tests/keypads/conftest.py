"""A hall with a line of software, and what the process of the keypads runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import utc_now
from kiosk.keypads.virtual import VirtualLine
from tests.keypads.crew import Host, hall_of, link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.fixture
def office(centre: Centre) -> Centre:
    """The hall's clock goes on: calls blink and presses grow old."""
    return hall_of(replace(centre, clock=utc_now, glance=utc_now), 12)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[VirtualLine]:
    with VirtualLine((1, 2), (1, 2), link=link(tmp_path)) as line:
        yield line


@pytest.fixture
def host(office: Centre, line: VirtualLine) -> Iterator[Host]:
    with Host(office, line.device) as host:
        yield host
