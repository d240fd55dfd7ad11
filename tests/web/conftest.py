from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.web.hall import add_clerks, make_centre, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    centre = make_centre(tmp_path / "kiosk.db")
    add_clerks(centre)
    yield centre
    centre.database.close()


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    with served(centre) as address:
        yield address


@pytest.fixture
def hall(address: str) -> Iterator[httpx.Client]:
    """A device of the hall: this machine, nobody signed in."""
    with httpx.Client(base_url=address) as client:
        yield client
