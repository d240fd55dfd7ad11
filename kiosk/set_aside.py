"""What stood in the store's place before, under a name of its own beside it; pure but for the look
into the folder."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"\.before-(\d{8}T\d{6}Z)(-wal|-shm)?$")


def name_of(store: Path, at: datetime) -> Path:
    """For the store as it was at this moment."""
    return store.with_name(f"{store.name}.before-{at.astimezone(UTC):{_STAMP}}")


def there_are(store: Path) -> Iterator[tuple[Path, datetime]]:
    """Those beside the store, in any order, with what SQLite has left beside them."""
    for path in store.parent.glob(f"{store.name}.before-*"):
        if told := _NAME.search(path.name):
            yield path, datetime.strptime(told[1], _STAMP).replace(tzinfo=UTC)
