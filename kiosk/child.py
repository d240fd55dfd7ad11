"""One process of the hall, started by the supervisor; a small door so that windows open soon."""

from __future__ import annotations

import argparse
import faulthandler
import os
import resource
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from kiosk import logs
from kiosk.errors import Unavailable
from kiosk.life import MIGRATION_SECONDS, START_SECONDS, Life, Restart
from kiosk.processes import BAD_CONFIG, PROCESS_OF, STRANGERS, YIELDING, Role, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from kiosk.config import Config


WINDOWS: Final = frozenset({Role.TOUCH, Role.BOARD})


def run_roles(config: Path, roles: Sequence[Role], tour: Path | None, life: Life) -> int:
    """Plays the roles of one group until the supervisor goes; it has told what is wrong with
    the configuration, so here that is only an exit code."""
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        settings = load(config)
    except BadConfig:
        return BAD_CONFIG
    return play(settings, roles, life, tour)


def play(settings: Config, roles: Sequence[Role], life: Life, tour: Path | None) -> int:
    """Plays the roles of one group in this process."""
    keep_log(settings, "+".join(roles))
    if Role.WEB in roles:
        from kiosk.web.process import run_web

        return run_web(settings, life)
    if Role.PUBLIC in roles:
        from kiosk.web.public_process import run_public

        return run_public(settings, life)
    if Role.PRINT in roles:
        return int(printing().run_print(settings, life))
    if Role.KEYPADS in roles:
        from kiosk.keypads.process import run_keypads

        return run_keypads(settings, life)
    if Role.IMPORT in roles:
        from kiosk.import_process import run_import

        return run_import(settings, life)
    if Role.UPKEEP in roles:
        from kiosk.upkeep import run_upkeep

        return run_upkeep(settings, life)
    from kiosk.app import run_windows

    return run_windows(settings, roles, life, tour)


def keep_log(settings: Config, process: str) -> None:
    """In the folder that kiosk.toml names, if it does."""
    if settings.log.folder:
        folder = settings.beside(settings.log.folder)
        logs.keep(folder, process, settings.log.days, settings.log.megabytes)


def printing() -> ModuleType:
    """What prints; without the package of the font nothing can be drawn."""
    try:
        from kiosk import printing
    except ModuleNotFoundError as error:
        raise Unavailable("font_missing", font=error.name) from error
    return printing


def step_back(steps: int) -> None:
    """Lets others go first, with all its threads: Linux asks each for itself."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            number = int(thread.name)
            now = os.getpriority(os.PRIO_PROCESS, number)
            os.setpriority(os.PRIO_PROCESS, number, now + steps)


def main() -> NoReturn:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--role", type=Role, action="append", required=True)
    parser.add_argument("--tour", type=Path)
    parser.add_argument("--life", type=int)
    parser.add_argument("--restart", type=Restart.read)
    given = parser.parse_args()
    # Whoever is ended because it hangs writes where; its memory, with people's data, nowhere.
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    steps = None
    if not {*WINDOWS, Role.KEYPADS} & set(given.role):
        steps = STRANGERS if Role.PUBLIC in given.role else YIELDING
        if given.restart is None:
            step_back(steps)
    life = Life(
        PROCESS_OF[given.role[0]],
        given.life,
        given.restart,
        # No window waits for the store; what does may bring it up to date first.
        start=START_SECONDS if WINDOWS & set(given.role) else MIGRATION_SECONDS,
        # Who is missed comes back as quickly as it can.
        settled=partial(step_back, steps) if steps and given.restart else None,
    )
    sys.exit(guarded(lambda: run_roles(given.config, given.role, given.tour, life)))


if __name__ == "__main__":
    main()
