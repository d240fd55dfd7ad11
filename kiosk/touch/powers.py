"""What the staff door can do to the machine that it stands on; no Qt, and nothing here asks who."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk import settings
from kiosk.board_config import BoardConfig
from kiosk.errors import Refused
from kiosk.mistakes import BadConfig
from kiosk.office.settings import change_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kiosk.office.centre import Centre

PATIENCE_SECONDS: Final = 10.0
POWER_OFF: Final = ("systemctl", "poweroff")
"""Not in kiosk.toml, which is changed over the network too: a page would run any command."""
VOLUME: Final = "board.volume"


@dataclass(frozen=True, slots=True)
class Powers:
    """``config`` is kiosk.toml, None where the window runs without one; ``power_off`` the command
    that shuts this machine down, empty where it may not be; ``restart`` starts the program anew.
    ``sample`` calls as loud as it is told, for staff to listen, or says that it cannot now; None
    where the hall is called by another program or not at all. Both belong to the GUI thread."""

    config: Path | None = None
    power_off: tuple[str, ...] = ()
    restart: Callable[[], None] | None = None
    sample: Callable[[float], bool] | None = None


def hall_volume(path: Path) -> float:
    """How loud the hall is called, 0 to 1, as kiosk.toml has it. Refused: settings_unread."""
    try:
        known = settings.open_settings(path).values.get(VOLUME, BoardConfig().volume)
    except (BadConfig, OSError) as error:
        raise Refused("settings_unread") from error
    return float(known) if isinstance(known, int | float) else BoardConfig().volume


def set_hall_volume(centre: Centre, path: Path, volume: float, *, login: str) -> None:
    """Writes it into kiosk.toml, and what it was into the trail.

    Refused: settings_unread (kiosk.toml has mistakes), settings_changed. Unavailable:
    folder_unwritable.
    """
    try:
        opened = settings.open_settings(path)
        text = settings.wished(path, [settings.Wish(VOLUME, round(volume, 2))])
        kept, changes = settings.changes_to(path, text, opened.digest)
        settings.prove(path, kept)
        if changes:
            change_settings(
                centre, changes, lambda: settings.keep(path, kept), actor=f"clerk:{login}"
            )
    except (BadConfig, OSError) as error:
        raise Refused("settings_unread") from error


def shut_down(command: Sequence[str]) -> None:
    """Asks the system to shut the machine down. Refused: no_power_off, when it does not let us."""
    try:
        asked = subprocess.run(  # noqa: S603 (ours)
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Refused("no_power_off") from error
    if asked.returncode:
        raise Refused("no_power_off")
