"""One process of the hall, started by the supervisor; a small door so that windows open soon."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kiosk import logs
from kiosk.errors import Unavailable
from kiosk.processes import BAD_CONFIG, STRANGERS, YIELDING, Role, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from kiosk.config import Config


def run_roles(config: Path, roles: Sequence[Role], tour: Path | None, says: int | None) -> int:
    """Plays the roles of one group until the supervisor goes; it has told what is wrong with
    the configuration, so here that is only an exit code."""
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        settings = load(config)
    except BadConfig:
        return BAD_CONFIG
    return play(settings, roles, child=True, tour=tour, says=says)


def play(
    settings: Config,
    roles: Sequence[Role],
    *,
    child: bool,
    tour: Path | None = None,
    says: int | None = None,
) -> int:
    """Plays the roles of one group in this process."""
    keep_log(settings, "+".join(roles))
    if Role.WEB in roles:
        from kiosk.web.process import run_web

        return run_web(settings, child=child)
    if Role.PUBLIC in roles:
        from kiosk.web.public_process import run_public

        return run_public(settings, child=child)
    if Role.PRINT in roles:
        return int(printing().run_print(settings, child=child))
    if Role.KEYPADS in roles:
        from kiosk.keypads.process import run_keypads

        return run_keypads(settings, child=child)
    if Role.IMPORT in roles:
        from kiosk.import_process import run_import

        return run_import(settings, child=child)
    if Role.UPKEEP in roles:
        from kiosk.upkeep import run_upkeep

        return run_upkeep(settings, child=child)
    from kiosk.app import run_windows

    return run_windows(settings, roles, child=child, tour=tour, says=says)


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


def main() -> NoReturn:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--role", type=Role, action="append", required=True)
    parser.add_argument("--tour", type=Path)
    parser.add_argument("--ready", type=int)
    given = parser.parse_args()
    if not {Role.TOUCH, Role.BOARD, Role.KEYPADS} & set(given.role):
        os.nice(STRANGERS if Role.PUBLIC in given.role else YIELDING)
    sys.exit(guarded(lambda: run_roles(given.config, given.role, given.tour, given.ready)))


if __name__ == "__main__":
    main()
