from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import httpx
import pytest

from kiosk.calendar import utc_now
from kiosk.tickets import SESSION_LIFE
from tests.hall import Clock, centre_at
from tests.web.browsing import launched, paged
from tests.web.serving import add_clerks, served, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from kiosk.office.centre import Centre


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with paged(browser) as page:
        yield page


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    # Clocks leap in these tests, and nobody has gone: what locks a page is in test_lock.py.
    centre = replace(centre_at(tmp_path / "kiosk.db", clock), lock_after=SESSION_LIFE)
    add_clerks(centre)
    yield centre
    centre.database.close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Centre]:
    """The same on the clock of everybody, for pages whose seconds go by."""
    centre = centre_at(tmp_path / "kiosk.db", utc_now)
    add_clerks(centre)
    yield centre
    centre.database.close()


@pytest.fixture
def noon(live: Centre) -> Centre:
    """The same where it is noon: no test meets midnight."""
    return replace(live, timezone=ZoneInfo(f"Etc/GMT{utc_now().hour - 12:+d}"))


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    with served(centre) as address:
        yield address


@pytest.fixture
def hall(address: str) -> Iterator[httpx.Client]:
    """A device of the hall: this machine, nobody signed in."""
    with httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def hoa(address: str) -> Iterator[httpx.Client]:
    """A clerk at counter 1, which takes A and B."""
    with signed_in(address, "hoa", 1) as client:
        yield client


@pytest.fixture
def minh(address: str) -> Iterator[httpx.Client]:
    """A clerk at counter 2, which takes A."""
    with signed_in(address, "minh", 2) as client:
        yield client
