"""Which steps make a machine a kiosk, and which take it all away again."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.installation import names
from kiosk.installation.first_config import first_config
from kiosk.installation.machine_files import files
from kiosk.installation.places import (
    CONFIG,
    CONFIG_FILE,
    CURRENT,
    DATA,
    ENVIRONMENT,
    KEYS,
    LOCAL,
    NAME,
    PACKAGED,
    PROGRAM,
    SESSION_UNIT,
    SOCKET,
    TARGET,
    USER,
    VERSIONS,
    WESTON_INI,
    WISHES,
)
from kiosk.installation.session import weston_ini
from kiosk.installation.steps import (
    Account,
    Command,
    File,
    Folder,
    Gone,
    Later,
    Link,
    Machine,
    Step,
    uid,
)
from kiosk.installation.units import SERVICES, WINDOWS, own_user, units
from kiosk.installation.version import MARK, Environment, folder_of, offered, running
from kiosk.installation.wishes import Remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.config import Config
    from kiosk.installation.names import Named
    from kiosk.installation.places import Places

LINGER: Final = f"/var/lib/systemd/linger/{USER}"
"""Its user manager, with the sound server, runs from the start on; loginctl(1) enable-linger."""
OWN_UNITS: Final = "/etc/systemd/system"
OWN_RULES: Final = "/etc/udev/rules.d"
DROP_IN: Final = f"{OWN_UNITS}/{WINDOWS}.d"
LAUNCHER: Final = f"""\
#!/bin/sh
# Made by: kiosk install
# What root asks for is done by the kiosk's own user, so that all files stay its own; only root's
# right to read whatever is named goes along, and the way to the hall's screens and sound.
# What proves the hall may read no more than the hall.
program={CURRENT}/bin/kiosk
case "${{1-}}" in
install | uninstall | update | "" | --help) ;;
*)
    if [ "$(id -u)" = 0 ]; then
        HOME={DATA}
        STATE_DIRECTORY={DATA}
        XDG_RUNTIME_DIR=/run/user/$(id -u {USER})
        # Not a kiosk.toml that somebody has laid into the folder that we happen to be in.
        KIOSK_CONFIG={CONFIG_FILE}
        export HOME STATE_DIRECTORY XDG_RUNTIME_DIR KIOSK_CONFIG
        # As systemd reads it: taken as it stands, and nothing of it is carried out.
        if [ -r {ENVIRONMENT} ]; then
            while IFS= read -r line || [ -n "$line" ]; do
                name=${{line%%=*}} value=${{line#*=}}
                case $name in "" | "$line" | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
                case $value in
                \\"*\\") value=${{value#\\"}} value=${{value%\\"}} ;;
                "'"*"'") value=${{value#"'"}} value=${{value%"'"}} ;;
                esac
                export "$name=$value"
            done <{ENVIRONMENT}
        fi
        may=-all,+dac_read_search
        case "$1" in
        check | alerts | webhook) may=-all ;;
        esac
        # The hall's own screens, where nobody sits at others.
        if [ -S {SOCKET} ] && [ -z "${{DISPLAY-}}${{WAYLAND_DISPLAY-}}" ]; then
            WAYLAND_DISPLAY={SOCKET}
            QT_QPA_PLATFORM=${{QT_QPA_PLATFORM-wayland}}
            export WAYLAND_DISPLAY QT_QPA_PLATFORM
        fi
        exec setpriv --reuid={USER} --regid={USER} --init-groups \\
            "--inh-caps=$may" "--ambient-caps=$may" \\
            "$program" "$@"
    fi
    ;;
esac
exec "$program" "$@"
"""


@dataclass(frozen=True, slots=True)
class Wishes:
    """``wheels`` holds another version than the running one; ``devices`` get names; ``start``
    lets the hall run at once; ``windows`` says whether this machine has screens; bundles that are
    signed with ``update_key`` are taken."""

    wheels: Path | None = None
    devices: tuple[Named, ...] = field(default=())
    touch_screen: str = ""
    packaged: bool = False
    start: bool = True
    windows: bool = True
    update_key: str = ""


def places_of(machine: Machine, *, packaged: bool = False) -> Places:
    """Those of the package where that is installed, be it half."""
    known = machine.at(f"/var/lib/dpkg/info/{NAME}.list").exists()
    return PACKAGED if packaged or known else LOCAL


def installing(machine: Machine, wishes: Wishes, config: Config | None) -> list[Step]:
    """All steps, whether they are due or not; ``config`` is what /etc/kiosk/kiosk.toml says now.

    Refused("no_wheels", path): there is no program that could be installed.
    """
    places = places_of(machine, packaged=wishes.packaged)
    steps: list[Step] = [Account(), Folder(PROGRAM), Folder(VERSIONS)]
    steps += _program(machine, wishes)
    steps.append(File(places.command, LAUNCHER, 0o755))
    steps += [
        Folder(CONFIG, 0o750, ours=True),
        Folder(DATA, 0o750, ours=True),
        File(CONFIG_FILE, first_config(), 0o640, ours=True, kept=True),
        # A kiosk.toml with mistakes takes no window from its screen.
        File(WESTON_INI, weston_ini(config), 0o640, ours=True, kept=config is None),
    ]
    if wishes.packaged:
        # The package must not own what people and the program write; its script asks for it.
        steps = [File(places.command, LAUNCHER, 0o755)]
    made = units(windows=wishes.windows)
    steps += [File(f"{places.units}/{unit}", text) for unit, text in made.items()]
    # What stands in /etc dpkg would take for people's own, and not bring back after a removal.
    small = {
        path: text
        for path, text in files(places).items()
        if not (wishes.packaged and path.startswith("/etc/"))
    }
    steps += [File(path, text) for path, text in small.items()]
    steps.append(File(f"{places.udev}/{names.BASE_FILE}", names.BASE))
    if wishes.packaged:
        return steps
    if wishes.update_key:
        name = sha256(wishes.update_key.encode()).hexdigest()[:16]
        steps.append(File(f"{KEYS}/{name}.pem", wishes.update_key))
    told = Remembered(wishes.windows, wishes.devices, wishes.touch_screen)
    steps.append(File(WISHES, told.text()))
    if wishes.devices or wishes.touch_screen:
        text = names.rules(wishes.devices, wishes.touch_screen)
        steps.append(File(f"{OWN_RULES}/{names.FILE}", text))
    else:
        steps.append(Gone(f"{OWN_RULES}/{names.FILE}"))
    if machine.root is None:
        steps += _own(wishes)
    return steps


def _program(machine: Machine, wishes: Wishes) -> list[Step]:
    if wishes.packaged or (machine.root is not None and wishes.wheels is None):
        return []
    if wishes.wheels is not None:
        number = offered(wishes.wheels)
        steps: list[Step] = [Environment(number, wishes.wheels.absolute())]
    else:
        number, steps = running(), []
        there = Path(folder_of(number)) / MARK
        if Path(sys.prefix) != Path(folder_of(number)) and not there.exists():
            raise Refused("no_wheels", path=Path())
    return [*steps, Link(CURRENT, f"versions/{number}")]


def _own(wishes: Wishes) -> list[Step]:
    """What stands on the machine that we are on, and on no other."""
    steps: list[Step] = [Later(_sound), File(LINGER, "")]
    steps += [
        Command(("systemctl", "daemon-reload")),
        Command(("udevadm", "control", "--reload"), spared=True),
        Command(("udevadm", "trigger", "--action=change"), spared=True),
        Command(("systemctl", "restart", "systemd-journald"), spared=True),
        Command(("systemctl", "enable", "--quiet", TARGET), booted=False, follows=False),
    ]
    if wishes.start:
        steps += [
            Later(_session_of_user),
            Command(("systemctl", "restart", TARGET)),
            Command(("systemctl", "start", TARGET), follows=False),
        ]
    return steps


def _sound() -> Step:
    """Where the windows find the sound server of the kiosk's user."""
    return File(f"{DROP_IN}/10-user.conf", own_user(uid() or 0))


def _session_of_user() -> Step:
    """Starts the user's own services now; from the next start of the machine on they do so
    themselves."""
    return Command(("systemctl", "start", f"user@{uid() or USER}.service"), spared=True)


def uninstalling(machine: Machine, *, purge: bool) -> list[Step]:
    """Takes away the program; with ``purge`` the data and the configuration as well."""
    places = places_of(machine)
    steps: list[Step] = []
    if machine.root is None:
        stopped = (TARGET, *_stopped())
        steps += [
            Command(("systemctl", "stop", *stopped), spared=True, follows=False),
            Command(
                ("systemctl", "disable", "--quiet", TARGET),
                booted=False,
                spared=True,
                follows=False,
            ),
        ]
    gone = [f"{places.units}/{unit}" for unit in units()]
    gone += [*files(places), f"{places.udev}/{names.BASE_FILE}", f"{OWN_RULES}/{names.FILE}"]
    gone += [DROP_IN, LINGER, places.command, PROGRAM]
    if purge:
        gone += [CONFIG, DATA, ENVIRONMENT]
    steps += [Gone(path) for path in gone]
    if machine.root is None:
        steps += [
            Command(("systemctl", "daemon-reload")),
            Command(("udevadm", "control", "--reload"), spared=True),
        ]
        if (number := uid()) is not None:
            # Its sound server would go on, and nobody is taken away who still runs something.
            own = f"user@{number}.service"
            steps.append(Command(("systemctl", "stop", own), spared=True, follows=False))
            if purge:
                steps.append(Command(("userdel", USER), booted=False, follows=False))
    return steps


def _stopped() -> Sequence[str]:
    return (SESSION_UNIT, *(service.unit for service in SERVICES), "kiosk-config.path")
