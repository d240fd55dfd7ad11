"""The web's process."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, REFUSED, stop_with_parent
from kiosk.texts import operator_texts
from kiosk.web.server import listen, serve

if TYPE_CHECKING:
    from kiosk.config import Config

log = logging.getLogger(__name__)


def run_web(config: Config, *, child: bool = False) -> int:
    """Serves until stopped; 1 when its address cannot be had."""
    stop = threading.Event()
    if child:
        stop_with_parent(stop.set)
    centre = open_centre(config)
    host, port = config.web.host, config.web.port
    try:
        with Health(centre) as health:
            try:
                listener = listen(host, port)
            except Unavailable as error:
                health.report("web", "fault", error.code)
                log.error("%s", operator_texts().say(f"unavailable.{error.code}", **error.facts))
                return REFUSED
            health.report("web", "ok")
            serve(centre, host, port, listener=listener, stop=stop, trouble=health.trouble)
    finally:
        centre.database.close()
    return DONE
