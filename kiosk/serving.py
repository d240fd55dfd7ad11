"""A process that works on the office's store until it is stopped or its kiosk.toml changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from kiosk.health import Health
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, RENEWED, on_stop_signals, stop_with_parent
from kiosk.renewal import Renewal

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.life import Life
    from kiosk.office.centre import Centre


def serve_office(
    config: Config,
    ground: Callable[[Config], object],
    work: Callable[[Centre, Health, threading.Event], None],
    life: Life,
) -> int:
    """Does ``work`` until its event is set; returns the exit code.

    ``ground`` is what it goes by: when that changes in the file the process ends as RENEWED.
    """
    stop, anew = threading.Event(), threading.Event()
    before = ground(config)
    on_stop_signals(stop.set)
    stop_with_parent(stop.set)

    def renew(changed: Config) -> None:
        if ground(changed) != before:
            anew.set()
            stop.set()

    centre = open_centre(config)
    life.ready()
    with Health(centre, life) as health, Renewal(config, renew, health):
        work(centre, health, stop)
        life.ends()
    centre.database.close()
    return RENEWED if anew.is_set() else DONE
