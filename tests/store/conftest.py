from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.database import open_database
from tests.hall import OFFICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.database import Database

    Opens = Callable[..., Database]


@pytest.fixture
def opened(store_url: str) -> Iterator[Opens]:
    """Opens the store as another process, or another office, would; closed at the end."""
    known: list[Database] = []

    def opens(office: str = OFFICE) -> Database:
        known.append(open_database(store_url, office))
        return known[-1]

    yield opens
    for store in known:
        store.close()


@pytest.fixture
def store(opened: Opens) -> Database:
    return opened()
