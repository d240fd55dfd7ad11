"""What all commands share: the configuration, the office, and how mistakes are told."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.errors import Unavailable
from kiosk.installation.places import CONFIG_FILE
from kiosk.processes import BAD_CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.database import Database
    from kiosk.mistakes import BadConfig
    from kiosk.office.centre import Centre


CONFIG_VARIABLE: Final = "KIOSK_CONFIG"


def usual_config(here: Path, installed: Path) -> Path:
    """The file meant where none is named: the one in this folder, or else the machine's. Who comes
    from root is told by the environment: no folder that somebody else can write is looked into."""
    if told := os.environ.get(CONFIG_VARIABLE):
        return Path(told)
    with suppress(PermissionError):
        if not here.exists() and installed.exists():
            return installed
    return here


ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.")]
DEFAULT_CONFIG: Final = usual_config(Path("kiosk.toml"), Path(CONFIG_FILE))

_BAR: Final = 30
"""How many letters wide the bar is that shows how far something is."""


def read_config(path: Path, *, printer_to_come: bool = False, tell_flaws: bool = True) -> Config:
    """The configuration; or every mistake on standard error, and exit code 2.

    What the hall works without is told there too, and does not stop it. ``printer_to_come`` is as
    in ``config.load``; without ``tell_flaws`` the command itself is the mend.
    """
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        config = load(path, printer_to_come=printer_to_come)
    except BadConfig as bad:
        tell(bad)
        raise typer.Exit(BAD_CONFIG) from None
    if tell_flaws:
        _tell_flaws(config)
    return config


def usable(path: Path, found: Callable[[Config], None] = lambda config: None) -> bool:
    """Whether the configuration has no mistakes; tells them on standard error, and there too
    what the hall works without. ``found`` is given one that has none."""
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        config = load(path)
        found(config)
        _tell_flaws(config)
    except BadConfig as bad:
        tell(bad)
        return False
    return True


def _tell_flaws(config: Config) -> None:
    from kiosk.mistakes import BadConfig

    if flaws := config.flaws:
        tell(BadConfig(config.path, flaws), "cli.flawed_config")


def tell(bad: BadConfig, heading: str = "cli.bad_config") -> None:
    """Every mistake, on standard error; ``heading`` counts them."""
    from kiosk.texts import operator_texts

    words = operator_texts()
    print(words.count(heading, len(bad.problems), path=bad.path), file=sys.stderr)
    for problem in bad.problems:
        print(f"  {problem.told(words)}", file=sys.stderr)
    if any(problem.key == "missing_file" for problem in bad.problems):
        print(f"  {words.say('cli.no_config', path=bad.path)}", file=sys.stderr)


def centre_of(config: Config, url: str | None = None) -> Centre:
    """The office on its own store, or on another one."""
    from kiosk.config import with_store
    from kiosk.mistakes import BadConfig
    from kiosk.office.centre import open_centre
    from kiosk.texts import operator_texts

    try:
        centre = open_centre(with_store(config, url) if url else config)
    except BadConfig as bad:
        raise typer.BadParameter(bad.problems[0].told(operator_texts())) from None
    prepare(centre.database)
    return centre


def prepare(store: Database) -> int:
    """The version that the tables had; Unavailable names the store."""
    try:
        return store.prepare()
    except Unavailable as error:
        raise Unavailable(error.code, **{**error.facts, "store": store.place}) from error


def show_progress(share: float) -> None:
    """A share of 1 that is done, as a bar for whoever waits at a terminal; wiped off at the end."""
    if sys.stderr.isatty():
        done = int(share * _BAR)
        told = f"{'█' * done}{'░' * (_BAR - done)} {share:4.0%}"
        wiped = " " * len(told)
        print(f"\r{wiped if share >= 1 else told}\r", end="", file=sys.stderr, flush=True)
