from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hall import centre_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
    from tests.hall import Clock


@pytest.fixture
def centre(store_url: str, clock: Clock) -> Iterator[Centre]:
    """What the office does, it does on either store."""
    centre = centre_of(store_url, clock)
    yield centre
    centre.database.close()
