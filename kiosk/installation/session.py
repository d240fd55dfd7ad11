"""The session of the screens: weston with its kiosk shell, set up from kiosk.toml.

Each window has an app id of its own, and each screen that kiosk.toml names gets the windows that
belong there; the others ask for their screen themselves. What is not set here stands in
weston.ini(5).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk import app_ids
from kiosk.errors import Unavailable
from kiosk.installation.names import PLAIN
from kiosk.installation.places import CONFIG_FILE, SESSION_UNIT, WESTON_INI
from kiosk.processes import DONE, guarded
from kiosk.replacing import put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.config import Config

_RIGHTS: Final = 0o640
_BEHIND: Final = "0xff0f2f4f"
"""Seen until the windows are there: dark, as a screen that starts."""
_TURNS: Final = {90: "rotate-90", 180: "rotate-180", 270: "rotate-270"}


def weston_ini(config: Config | None) -> str:
    """For the screens of ``config``; without one for whatever screens there are."""
    plays = config is not None and config.board.video == "play"
    sections: list[tuple[str, Mapping[str, str]]] = [
        (
            "core",
            {
                "shell": "kiosk-shell.so",
                "idle-time": "0",
                "require-input": "false",
                # The windows draw in software; a card is only asked for where videos play.
                "use-pixman": "false" if plays else "true",
            },
        ),
        ("shell", {"background-color": _BEHIND}),
        # No key leads to another console; and weston's own combinations (pictures of the screen,
        # its debugger) all begin with Super, which no key is any more.
        ("keyboard", {"vt-switching": "false", "keymap_options": "altwin:ctrl_win"}),
    ]
    if config is not None:
        turned = {config.touch.screen: config.touch.turned}
        for name, ids in pinned(config).items():
            output = {"name": name, "app-ids": ",".join(ids)}
            if degrees := turned.get(name):
                output["transform"] = _TURNS[degrees]
            sections.append(("output", output))
    return "\n".join(
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
        for name, keys in sections
    )


def pinned(config: Config) -> dict[str, list[str]]:
    """The app ids that belong on a screen, by its name. A name that no connector has, such as a
    serial number with spaces, says nothing to weston: the window asks for its screen itself."""
    found: dict[str, list[str]] = {}
    if PLAIN.fullmatch(config.touch.screen):
        found.setdefault(config.touch.screen, []).append(app_ids.TOUCH)
    for n, name in enumerate(config.board.screen, 1):
        if PLAIN.fullmatch(name):
            found.setdefault(name, []).append(app_ids.board(n))
    return found


def write_session(config_file: Path, path: Path) -> bool:
    """Makes the file for weston anew; says whether it is another one than before. A kiosk.toml with
    mistakes changes nothing, where there is a file.

    Unavailable("folder_unwritable", path).
    """
    from kiosk.config import load
    from kiosk.mistakes import BadConfig

    try:
        text = weston_ini(load(config_file))
    except BadConfig:
        if path.exists():
            return False
        text = weston_ini(None)
    try:
        if path.exists() and path.read_text("utf-8") == text:
            return False
        put(path, text.encode(), _RIGHTS)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.parent) from error
    return True


def renew(config_file: Path, path: Path, *, restart: bool) -> int:
    """With ``restart`` the session, and the windows in it, start anew for other screens."""
    if write_session(config_file, path) and restart:
        command = ["systemctl", "--no-ask-password", "try-restart", SESSION_UNIT]
        subprocess.run(command, check=False)  # noqa: S603 (ours; what it says goes to the log)
    return DONE


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, default=Path(CONFIG_FILE))
    parser.add_argument("--to", type=Path, default=Path(WESTON_INI))
    parser.add_argument("--restart", action="store_true")
    given = parser.parse_args()
    sys.exit(guarded(lambda: renew(given.config, given.to, restart=given.restart)))


if __name__ == "__main__":
    main()
