"""Whether this program may work on tables that a newer one has made."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

OLDEST: Final = "SELECT oldest FROM schema_fits"


def check_fit(version: int, place: Path | str, oldest: Callable[[], int | None]) -> None:
    """Refused("store_too_new", path, version) where tables of ``version`` are none of ours.

    ``oldest`` reads the last migration of the oldest program that can use them; None where nobody
    noted it.
    """
    if version <= len(MIGRATIONS):
        return
    fits = oldest()
    if fits is None or fits > len(MIGRATIONS):
        raise Refused("store_too_new", path=place, version=version)
    log.warning("store %s is at version %d, made by a newer program", place, version)
