"""The office as kiosk.toml has it now: what all endpoints act on."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from kiosk.office.centre import centre_on
from kiosk.web.files import static_version

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.office.centre import Centre

log = logging.getLogger(__name__)


class Current:
    """The office, exchanged when the file changes.

    ``config`` is None where the office was made without a file, as in tests. ``mark`` is another
    one when the pages of staff are out of date: the program or the file changed. ``changed`` is
    called after each exchange, on the thread that made it.
    """

    def __init__(self, centre: Centre, config: Config | None = None) -> None:
        self.centre, self.config, self.mark = centre, config, _mark(config)
        self.changed: Callable[[], object] = _nobody

    def exchange(self, centre: Centre, config: Config) -> None:
        self.centre, self.config, self.mark = centre, config, _mark(config)
        self.changed()

    def renew(
        self,
        config: Config,
        ground: Callable[[Config], tuple[object, ...]],
        stop: threading.Event,
        anew: threading.Event,
    ) -> None:
        """Takes a new content of the file: the office is exchanged in place, and only where its
        ``ground`` differs, on which the process itself stands, is that to start anew."""
        assert self.config is not None
        if ground(config) != ground(self.config):
            anew.set()
            stop.set()
        else:
            self.exchange(centre_on(config, self.centre.database), config)
            log.info("the new kiosk.toml is in use")


def _mark(config: Config | None) -> str:
    facts = config.model_dump_json() if config else ""
    return f"{static_version()}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def _nobody() -> None:
    """Until somebody wants to know."""
