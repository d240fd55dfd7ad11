"""The demo office at work: everything runs, nothing is set up, and all of it is invented."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.calendar import local_day, utc_now
from kiosk.config import load
from kiosk.demo import demo_dossiers
from kiosk.errors import Refused
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.dossiers import store_dossiers
from kiosk.office.jobs import mark_sending, next_job, settle
from kiosk.office.tickets import take_ticket
from kiosk.processes import Role, grouped, supervise
from kiosk.texts import operator_texts
from kiosk.web.server import listen

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.config import Config
    from kiosk.office.centre import Centre

LOGIN: Final = "demo"
STILL_WAITING: Final = (3, 8, 12, 2, 0, 5)
"""How many wait for each service, in the file's order, when the demo opens."""
SERVED: Final = 8
"""How many people each service has served by then."""


def run_demo(folder: Path, config_path: Path | None) -> int:
    """Runs an invented office in ``folder`` until stopped; its store is made anew each time.

    Another office's configuration is copied into the folder, so that its own store stays as it
    is. Without a display the windows are not seen, and one tour through them saves pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "kiosk.toml"
    given = config_path or files("assets") / "demo" / "kiosk.toml"
    if config_path is not None:
        load(config_path)
    if config_path is None or config_path.resolve() != own.resolve():
        own.write_bytes(given.read_bytes())
    config = load(own)
    if not config.store_path.is_relative_to(folder.absolute()):
        raise Refused("demo_elsewhere", path=config.store_path)
    listen(config.web.host, config.web.port).close()
    pin = f"{secrets.randbelow(10**6):06d}"
    prepare(config, pin)
    words = operator_texts()
    say = [
        words.say("cli.demo.page", host=config.web.host, port=config.web.port),
        words.say("cli.demo.clerk", login=LOGIN, pin=pin),
        words.say("cli.demo.folder", folder=folder.absolute()),
    ]
    pictures: Path | None = None
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        pictures = (folder / "tour").absolute()
        say.append(words.say("cli.demo.unseen", folder=pictures))
    sys.stdout.write("\n".join(say) + "\n")
    sys.stdout.flush()
    return supervise(own, grouped(list(Role)), lambda: None, pictures)


def prepare(config: Config, pin: str) -> None:
    """An office at work: dossiers, one clerk, people served this morning, others who wait."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{config.store_path}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(config.beside(config.printer.folder), ignore_errors=True)
    now = utc_now()
    centre = open_centre(config)
    try:
        add_clerk(centre, LOGIN, operator_texts().say("cli.demo.name"), pin)
        dossiers = demo_dossiers(local_day(now, centre.timezone))
        store_dossiers(centre, dossiers, source="demo")
        _open_doors(centre, now)
    finally:
        centre.database.close()


def _open_doors(centre: Centre, now: datetime) -> None:
    """The hours before: each service served some, a few minutes apart, and others have come."""
    chance = random.Random(1)  # noqa: S311 (the same invented day each time)
    times = iter(sorted(now - timedelta(seconds=chance.uniform(60, 7000)) for _ in range(400)))
    past = replace(centre, clock=lambda: next(times))
    for code in centre.services:
        for _ in range(SERVED):
            take_ticket(past, service=code, actor="demo")
    for _ in range(SERVED + 1):
        for code in centre.services:
            call_next(past, centre.counters_of(code)[0], clerk=LOGIN)
    for code, count in zip(centre.services, STILL_WAITING, strict=False):
        for _ in range(count):
            take_ticket(past, service=code, actor="demo")
    while (job := next_job(past)) is not None:
        mark_sending(past, job.id)
        settle(past, job.id, "printed", evidence="saved")
