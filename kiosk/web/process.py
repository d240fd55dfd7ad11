"""The web's process."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from kiosk.errors import Refused, Unavailable
from kiosk.health import Health
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, REFUSED, RENEWED, stop_with_parent
from kiosk.renewal import Renewal
from kiosk.texts import operator_texts, told_to_technician
from kiosk.web.boards import WEB_BOARD
from kiosk.web.certificate import Certificate
from kiosk.web.current import Current
from kiosk.web.deliveries import Deliveries
from kiosk.web.server import serve
from kiosk.web.sockets import Room, listen, raise_files

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.life import Life

log = logging.getLogger(__name__)


def run_web(config: Config, life: Life) -> int:
    """Serves until stopped; 1 when its address or its certificate cannot be had."""
    stop, anew = threading.Event(), threading.Event()
    stop_with_parent(stop.set)
    centre = open_centre(config)
    with suppress(Unavailable, Refused):
        # One that is looked at here now tells of itself within seconds.
        devices.forget(centre, WEB_BOARD)
    host, port = config.web.served_host, config.web.port
    try:
        with Health(centre, life) as health:
            tell = partial(health.report, "web")
            files = config.certificate_files
            try:
                certificate = Certificate(files, centre.wall, tell) if files else None
                listener = listen(host, port, Room.within(raise_files()))
            except Unavailable as error:
                tell("fault", error.code)
                log.error("%s", told_to_technician(error, operator_texts()))
                return REFUSED
            if config.web.is_withheld:
                log.error("%s", operator_texts().say("config.plain_http", value=config.web.host))
                tell("fault", "plain_http")
            elif certificate is None:
                tell("ok")
            current = Current(centre, config)
            renew = partial(current.renew, ground=_ground, stop=stop, anew=anew)
            renewal = Renewal(config, renew, health)
            with Deliveries(centre, config.webhooks(), health), renewal:
                serve(
                    current,
                    host,
                    port,
                    listener=listener,
                    stop=stop,
                    life=life,
                    trouble=health.trouble,
                    certificate=certificate,
                )
                life.ends()
    finally:
        centre.database.close()
    return RENEWED if anew.is_set() else DONE


def _ground(config: Config) -> tuple[object, ...]:
    web = config.web.model_copy(update={"public_url": None, "lock_minutes": 1})
    return config.office.unit_code, config.kiosk, config.store, config.webhook, web
