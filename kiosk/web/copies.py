"""When the store was copied last, and what room its medium has, for /metrics.

The medium may be a share that hangs, so it is looked at on a thread that nobody waits for: of one
that does not come back the last copy simply grows older.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.backups import copies
from kiosk.disks import Room, look

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.web.current import Current

LOOK_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Medium:
    """``last`` is None where there is no copy, ``room`` where nobody can tell."""

    last: datetime | None
    room: Room | None


class CopiesWatch:
    """Looks while it is open; ``medium`` is what was seen last, None where no copies are kept."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self._stop = threading.Event()
        self.medium: Medium | None = None
        self._thread = threading.Thread(target=self._follow, name="copies", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Leaves a look that hangs behind."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            self.medium = self._seen()
            self._stop.wait(LOOK_SECONDS)

    def _seen(self) -> Medium | None:
        config = self._current.config
        if config is None or not config.backup.folder:
            return None
        folder = config.beside(config.backup.folder)
        found = copies(folder, self._current.centre.code)
        return Medium(found[0].at if found else None, look(folder))
