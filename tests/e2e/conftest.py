from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.running import Hall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from printer.virtual import VirtualPrinter


@pytest.fixture
def hall(tmp_path: Path, printer: VirtualPrinter) -> Iterator[Hall]:
    """An office that does not run yet, with a printer."""
    hall = Hall(tmp_path, printer.port)
    yield hall
    hall.close()
