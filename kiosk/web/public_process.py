"""The process of the pages for everybody: what the network asks of it slows down nobody else."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.health import Health
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, IDLE, RENEWED, on_stop_signals, stop_with_parent
from kiosk.renewal import Renewal
from kiosk.texts import operator_texts, told_to_technician
from kiosk.web.certificate import Certificate
from kiosk.web.connections import Patience
from kiosk.web.current import Current
from kiosk.web.guard import PUBLIC
from kiosk.web.public import create_public_app
from kiosk.web.server import refusal, serve_app
from kiosk.web.sockets import Room, listen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.life import Life
    from kiosk.web.sockets import Listener

log = logging.getLogger(__name__)

DEVICE: Final = "public"
ROOM: Final = Room(all=384, others=384, one=48)
"""Its own, for its files are those of no other process. Over TLS a connection takes 0.3 MB."""
PATIENCE: Final = Patience(head=10.0, body=10.0)
IDLE_SECONDS: Final = 5
RETRY_SECONDS: Final = 5.0


def run_public(config: Config, life: Life) -> int:
    """Serves until stopped; waits for an address or a certificate that cannot be had."""
    if not config.public.enabled:
        _forget(config)
        return IDLE
    stop, anew = threading.Event(), threading.Event()
    on_stop_signals(stop.set)
    stop_with_parent(stop.set)
    centre = open_centre(config)
    try:
        current = Current(centre, config)
        renew = partial(current.renew, ground=_ground, stop=stop, anew=anew)
        with Health(centre, life) as health, Renewal(config, renew, health):
            life.ready()
            opened = _opened_at_last(config, current, partial(health.report, DEVICE), stop)
            if opened is not None:
                _serve(current, *opened, stop, life)
            life.ends()
    finally:
        centre.database.close()
    return RENEWED if anew.is_set() else DONE


def _opened_at_last(
    config: Config, current: Current, tell: Callable[[str, str], None], stop: threading.Event
) -> tuple[Listener, Certificate | None] | None:
    """Tries until it can be; what is in the way is logged once. None when told to stop."""
    known = None
    while not stop.is_set():
        try:
            return _opened(config, current, tell)
        except Unavailable as error:
            tell("fault", error.code)
            if error.code != known:
                log.error("%s", told_to_technician(error, operator_texts()))
            known = error.code
        stop.wait(RETRY_SECONDS)
    return None


def _opened(
    config: Config, current: Current, tell: Callable[[str, str], None]
) -> tuple[Listener, Certificate | None]:
    """Unavailable: as ``Certificate`` and ``listen`` are, and public_port (port), with which it
    might be there before the pages of staff."""
    site = config.public_site
    if site.port == config.web.port:
        raise Unavailable("public_port", port=site.port)
    pair: tuple[Path, Path] | None = config.pair_of(site)
    certificate = Certificate(pair, current.centre.wall, tell) if pair else None
    listener = listen(site.served_host, site.port, ROOM)
    if site.is_withheld:
        log.error("%s", operator_texts().say("config.public_plain_http", value=site.host))
        tell("fault", "public_plain_http")
    elif certificate is None:
        tell("ok", "")
    return listener, certificate


def _serve(
    current: Current,
    listener: Listener,
    certificate: Certificate | None,
    stop: threading.Event,
    life: Life,
) -> None:
    strict_seconds = certificate.strict_seconds if certificate else lambda: 0
    serve_app(
        create_public_app(current, strict_seconds),
        listener,
        partial(refusal, current, strict_seconds, every=PUBLIC),
        stop=stop,
        life=life,
        certificate=certificate,
        patience=PATIENCE,
        idle_seconds=IDLE_SECONDS,
    )


def _forget(config: Config) -> None:
    """That it was served before."""
    centre = open_centre(config)
    try:
        devices.forget(centre, DEVICE)
    except (Unavailable, Refused) as error:
        log.warning("put off until the next start: %s", error)
    finally:
        centre.database.close()


def _ground(config: Config) -> tuple[object, ...]:
    unit, site = config.office.unit_code, config.public_site
    return unit, config.kiosk, config.store, site, config.web.port
