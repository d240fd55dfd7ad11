"""The demo office at work: everything runs, nothing is set up, and all of it is invented."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from importlib.resources import as_file, files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.calendar import day_start, local_day
from kiosk.config import load
from kiosk.config_file import write_section
from kiosk.demo_dossiers import demo_dossiers
from kiosk.errors import Refused
from kiosk.import_procedures import import_procedures
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.incoming import store_dossiers
from kiosk.office.jobs import mark_sending, next_job, settle
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.processes import grouped, roles_of
from kiosk.rights import StaffRole
from kiosk.supervisor import supervise
from kiosk.texts import operator_texts
from kiosk.urls import without_password
from kiosk.web.sockets import listen

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.config import Config
    from kiosk.office.centre import Centre

LOGIN: Final = "demo"
STILL_WAITING: Final = (3, 8, 12, 2, 0, 5)
"""How many wait for each service, in the file's order, when the demo opens."""
SERVED: Final = 8
"""How many people each service has served by then."""
MORNING: Final = timedelta(hours=2)
STEP: Final = timedelta(seconds=30)
"""Between two things that happened on the invented morning, at the most."""
SIT_DOWN_STEPS: Final = 3
CROWD: Final = timedelta(minutes=28)
"""Since when those have come who still wait: nobody of them for too long."""
COMING: Final = timedelta(seconds=50)
MARK: Final = ".kiosk-demo"
"""Stands in a folder that the demo made, and may make anew."""


def run_demo(folder: Path, config_path: Path | None) -> int:
    """Runs an invented office in ``folder`` until stopped; its store is made anew each time.

    Another office's configuration is copied into the folder, so that its own store stays as it
    is; its certificate stays behind, and the web speaks plain. Without a display the windows are
    not seen, and one tour through them saves pictures.
    """
    own, mark = folder / "kiosk.toml", folder / MARK
    if not mark.exists() and any((folder / name).exists() for name in ("kiosk.toml", "kiosk.db")):
        raise Refused("demo_over_office", path=folder.absolute())
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    given = config_path or files("assets") / "demo" / "kiosk.toml"
    if config_path is not None:
        load(config_path)
    if config_path is None or config_path.resolve() != own.resolve():
        own.write_bytes(given.read_bytes())
    if config_path is None:
        with as_file(files("assets") / "demo" / "notices") as notices:
            shutil.copytree(notices, folder / "notices", dirs_exist_ok=True)
    config = load(own)
    if config.store_path is None:
        raise Refused("demo_elsewhere", path=without_password(config.store.url))
    for path in (config.store_path, config.beside(config.printer.folder)):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Refused("demo_elsewhere", path=path)
    if config.certificate_files is not None:
        config = write_section(config, "web", {"certificate": "", "key": ""})
    listen(config.web.served_host, config.web.port).close()
    pin = _new_pin()
    prepare(config, pin)
    words = operator_texts()
    say = [
        words.say("cli.demo.page", host=config.web.served_host, port=config.web.port),
        words.say("cli.demo.clerk", login=LOGIN, pin=pin),
        words.say("cli.demo.folder", folder=folder.absolute()),
    ]
    pictures: Path | None = None
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        pictures = (folder / "tour").absolute()
        say.append(words.say("cli.demo.unseen", folder=pictures))
    sys.stdout.write("\n".join(say) + "\n")
    sys.stdout.flush()
    return supervise(own, grouped(roles_of(own)), lambda: True, pictures, whole=True)


def prepare(config: Config, pin: str) -> None:
    """An office at work: dossiers, procedures, clerks, people served this morning, others who wait.

    The one whose PIN is known is a supervisor, and may take over any counter.
    """
    for suffix in ("", "-wal", "-shm"):
        Path(f"{config.store_path}{suffix}").unlink(missing_ok=True)
    slips = config.beside(config.printer.folder)
    for slip in (*slips.glob("slip-*.png"), slips / "latest.png"):
        slip.unlink(missing_ok=True)
    centre = open_centre(config)
    now = centre.clock()
    try:
        name = operator_texts().say("cli.demo.name")
        add_clerk(centre, LOGIN, name, pin, StaffRole.SUPERVISOR)
        dossiers = demo_dossiers(local_day(now, centre.timezone))
        store_dossiers(centre, dossiers, source="demo")
        with as_file(files("assets") / "demo" / "procedures.csv") as catalogue:
            import_procedures(centre, catalogue)
        _open_doors(centre, now)
    finally:
        centre.database.close()


def _open_doors(centre: Centre, now: datetime) -> None:
    """The hours before: each service served some, a few minutes apart, and others have come."""
    served = [code for code in centre.services if centre.counters_of(code)]
    acts = SIT_DOWN_STEPS * len(centre.counters) + (2 * SERVED + 1) * len(served)
    # All clerks have been idle for longer than locks a counter, however large the office is.
    idle = min(centre.lock_after, MORNING / 4)
    step, steps = min(STEP, (MORNING - 2 * idle) / max(acts, 1)), count()
    past = replace(centre, clock=lambda: min(now, now - MORNING + step * next(steps)))
    for number in centre.counters:
        _sit_down(past, number)
    for code in served:
        for _ in range(SERVED):
            _give(past, code)
    for _ in range(SERVED + 1):
        for code in served:
            counter = centre.counters_of(code)[0]
            call_next(past, counter, clerk=_login_at(counter))
    # Shortly after midnight nobody can have come half an hour ago: who came before it has expired.
    begun = day_start(now, centre.timezone, centre.queue.day_starts)
    since, comings = min(CROWD, now - begun), count()
    apart = COMING * (since / CROWD)
    late = replace(centre, clock=lambda: min(now, now - since + apart * next(comings)))
    for code, waiting in zip(served, STILL_WAITING, strict=False):
        for _ in range(waiting):
            _give(late, code)


def _give(past: Centre, code: str) -> None:
    """A number on paper at once: one whose day ends before its slip comes out gets none."""
    at = past.clock()
    moment = replace(past, clock=lambda: at)
    take_ticket(moment, service=code, actor="demo")
    job = next_job(moment)
    assert job is not None
    mark_sending(moment, job.id)
    settle(moment, job.id, "printed", evidence="saved")


def _sit_down(past: Centre, counter: int) -> None:
    """Opens a counter in the morning; idle for so long, it is anybody's who signs in there."""
    login, pin = _login_at(counter), _new_pin()
    add_clerk(past, login, f"{operator_texts().say('cli.demo.name')} {counter}", pin)
    sign_in(past, login, pin, counter)


def _login_at(counter: int) -> str:
    return f"{LOGIN}-{counter}"


def _new_pin() -> str:
    return f"{secrets.randbelow(10**6):06d}"
