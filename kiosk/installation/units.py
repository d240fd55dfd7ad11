"""The units of systemd, all from one description of what runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.installation.hardening import SERIAL, Reach, hardened
from kiosk.installation.places import (
    CONFIG,
    CONFIG_FILE,
    CONSOLE,
    CURRENT,
    DATA,
    ENVIRONMENT,
    PAM,
    SESSION_UNIT,
    SOCKET,
    TARGET,
    USER,
    WESTON_INI,
)
from kiosk.processes import BAD_CONFIG, IDLE, ON_DEMAND, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOWS: Final = "kiosk-windows.service"
ELSEWHERE: Final = "-/media -/mnt -/srv"
"""Where copies of the store go, and where other software lays files for us."""


@dataclass(frozen=True, slots=True)
class Service:
    """One process of the hall. ``writes`` are more paths than the data; ``devices`` as in
    ``hardening.MAJORS``; ``serves`` as in ``hardened``; ``keys`` says
    whether it needs what stands in ENVIRONMENT, such as what opens a bucket."""

    name: str
    does: str
    roles: tuple[Role, ...]
    reach: Reach = Reach.OFFICE
    devices: tuple[str, ...] = ()
    writes: str = ""
    serves: bool = False
    keys: bool = False

    @property
    def unit(self) -> str:
        return f"{self.name}.service"


SERVICES: Final = (
    Service(
        "kiosk-windows",
        "Kiosk: touch window and call board",
        (Role.TOUCH, Role.BOARD),
        devices=(*SERIAL, "sound", "dri"),
        writes=CONFIG,
    ),
    Service(
        "kiosk-web",
        "Kiosk: pages of clerks and staff",
        (Role.WEB,),
        Reach.ANYWHERE,
        writes=f"{CONFIG} {ELSEWHERE}",
        serves=True,
    ),
    Service(
        "kiosk-print",
        "Kiosk: ticket printer",
        (Role.PRINT,),
        devices=("usb", "libusb", *SERIAL),
    ),
    Service(
        "kiosk-keypads",
        "Kiosk: call keypads and number boards",
        (Role.KEYPADS,),
        devices=SERIAL,
    ),
    Service(
        "kiosk-import",
        "Kiosk: dossiers that come by themselves",
        (Role.IMPORT,),
        Reach.ANYWHERE,
        writes=ELSEWHERE,
    ),
    Service(
        "kiosk-public",
        "Kiosk: pages for everybody",
        (Role.PUBLIC,),
        Reach.ANYWHERE,
        serves=True,
    ),
    Service(
        "kiosk-upkeep",
        "Kiosk: copies of the store, and erasing what is overdue",
        (Role.UPKEEP,),
        Reach.ANYWHERE,
        writes=ELSEWHERE,
        keys=True,
    ),
)
"""Every role but the counter's, which is on a clerk's PC."""

FAMILIES: Final = {"kiosk-print": "AF_UNIX AF_INET AF_INET6 AF_NETLINK"}
"""Of more than the usual: libusb does not begin where udev cannot tell it what is plugged in."""

Section = list[tuple[str, str]]


def units(*, windows: bool = True) -> dict[str, str]:
    """All of them: file name to text. Without ``windows`` the hall does not start these."""
    made = {TARGET: _target(windows=windows), SESSION_UNIT: _session()}
    for service in SERVICES:
        made[service.unit] = _service(service)
    made |= {"kiosk-config.path": _watched(), "kiosk-config.service": _started()}
    return made


def own_user(uid: int) -> str:
    """A drop-in for the windows: where the sound server of the user with this number is."""
    folder = f"/run/user/{uid}"
    return _text(
        Unit=[("Wants", f"user@{uid}.service"), ("After", f"user@{uid}.service")],
        Service=[("Environment", f"XDG_RUNTIME_DIR={folder}"), ("BindPaths", folder)],
    )


def _target(*, windows: bool) -> str:
    wanted = [SESSION_UNIT, *(service.unit for service in SERVICES), "kiosk-config.path"]
    left_out = () if windows else (SESSION_UNIT, WINDOWS)
    return _text(
        Unit=[
            ("Description", "Kiosk: the whole hall"),
            *(("Wants", unit) for unit in wanted if unit not in left_out),
            ("After", "network.target"),
        ],
        Install=[("WantedBy", "multi-user.target")],
    )


def _service(service: Service) -> str:
    roles = " ".join(f"--role {role.value}" for role in service.roles)
    windows = service.unit == WINDOWS
    # The windows have the machine to themselves until somebody can touch them.
    after = f"{SESSION_UNIT} sound.target" if windows else f"network.target {WINDOWS}"
    if set(service.roles) <= set(ON_DEMAND):
        after += " kiosk-web.service kiosk-print.service"
    unit: Section = [
        ("Description", service.does),
        ("PartOf", TARGET),
        ("After", after),
        # For a year nobody comes to start it again by hand.
        ("StartLimitIntervalSec", "0"),
    ]
    body: Section = [
        ("Type", "notify"),
        ("NotifyAccess", "main"),
        ("ExecStart", f"{CURRENT}/bin/kiosk run {roles} --config {CONFIG_FILE}"),
        ("User", USER),
        ("Group", USER),
        ("WorkingDirectory", DATA),
        ("StateDirectory", "kiosk"),
        ("StateDirectoryMode", "0750"),
        ("Environment", f"HOME={DATA}"),
        ("Environment", "PYTHONUNBUFFERED=1"),
        ("TimeoutStartSec", "30"),
        ("TimeoutStopSec", "15"),
        ("WatchdogSec", "20"),
        ("Restart", "always"),
        ("RestartSec", "500ms"),
        # kiosk.toml has mistakes, or no work for it: it rests until kiosk-config.path sees
        # another file. Trying again and again would take the processor for nothing.
        ("RestartPreventExitStatus", f"{BAD_CONFIG} {IDLE}"),
        ("SuccessExitStatus", str(IDLE)),
        *_journal(),
    ]
    if service.roles != (Role.PRINT,):
        # When the supervisor dies nobody waits for its children; a slip may be finished first.
        body.append(("KillMode", "mixed"))
    if service.keys:
        body.append(("EnvironmentFile", f"-{ENVIRONMENT}"))
    if windows:
        body += [
            ("Environment", "QT_QPA_PLATFORM=wayland"),
            ("Environment", f"WAYLAND_DISPLAY={SOCKET}"),
        ]
    if service.writes:
        body.append(("ReadWritePaths", service.writes))
    body += hardened(
        devices=service.devices,
        reach=service.reach,
        home="tmpfs" if windows else "yes",
        whole_proc=windows,
        serves=service.serves,
        families=FAMILIES.get(service.name, "AF_UNIX AF_INET AF_INET6"),
        draws=windows,
    )
    return _text(Unit=unit, Service=body)


def _session() -> str:
    """The compositor, on a console of its own; it gets screens and touch from logind."""
    unit: Section = [
        ("Description", "Kiosk: screens"),
        ("PartOf", TARGET),
        ("Wants", "dbus.socket systemd-logind.service"),
        ("After", "dbus.socket systemd-logind.service systemd-user-sessions.service"),
        ("After", f"getty@{CONSOLE}.service plymouth-quit-wait.service"),
        ("Conflicts", f"getty@{CONSOLE}.service display-manager.service"),
        ("ConditionPathExists", "/dev/tty0"),
        ("StartLimitIntervalSec", "0"),
    ]
    body: Section = [
        ("Type", "notify"),
        ("NotifyAccess", "main"),
        ("ExecStart",
         f"/usr/bin/weston --config={WESTON_INI} --socket={SOCKET} --modules=systemd-notify.so"),
        ("ExecStartPost", f"+-/bin/chvt {CONSOLE.removeprefix('tty')}"),
        ("User", USER),
        ("Group", USER),
        ("PAMName", PAM),
        ("TTYPath", f"/dev/{CONSOLE}"),
        ("TTYReset", "yes"),
        ("TTYVHangup", "yes"),
        ("TTYVTDisallocate", "yes"),
        ("StandardInput", "tty-fail"),
        ("UtmpIdentifier", CONSOLE),
        ("UtmpMode", "user"),
        ("WorkingDirectory", DATA),
        ("StateDirectory", "kiosk"),
        ("StateDirectoryMode", "0750"),
        ("RuntimeDirectory", "kiosk-weston"),
        ("RuntimeDirectoryMode", "0750"),
        ("TimeoutStartSec", "60"),
        ("TimeoutStopSec", "15"),
        ("WatchdogSec", "20"),
        ("Restart", "always"),
        ("RestartSec", "500ms"),
        *_journal(),
    ]  # fmt: skip
    return _text(Unit=unit, Service=[*body, *SESSION_HARDENING])


SESSION_HARDENING: Final = hardened(
    devices=("dri",),
    home="read-only",
    whole_proc=True,
    families="AF_UNIX AF_NETLINK",
    draws=True,
)
"""It wants the folder of its user in /run/user, and writes nothing there; of screens and devices
that come and go udev tells it over netlink."""


def _watched() -> str:
    return _text(
        Unit=[("Description", "Kiosk: whether kiosk.toml has changed"), ("PartOf", TARGET)],
        Path=[("PathChanged", CONFIG_FILE)],
    )


def _started() -> str:
    """What rests gets another try, and the session the screens that the file names now; all else
    takes a new file up by itself. Not root: a rule of polkit lets the kiosk's user start these."""
    body: Section = [
        ("Type", "oneshot"),
        ("ExecStart", f"{CURRENT}/bin/python -P -m kiosk.installation.session --restart"),
        ("ExecStart", f"/bin/systemctl --no-ask-password --no-block start {TARGET}"),
        ("User", USER),
        ("Group", USER),
        ("StateDirectory", "kiosk"),
        ("StateDirectoryMode", "0750"),
        *_journal(),
        *hardened(),
    ]
    return _text(Unit=[("Description", "Kiosk: try again with another kiosk.toml")], Service=body)


def _journal() -> Section:
    return [
        ("StandardOutput", "journal"),
        ("StandardError", "journal"),
        ("LogRateLimitIntervalSec", "30s"),
        ("LogRateLimitBurst", "1000"),
    ]


def _text(**sections: Iterable[tuple[str, str]]) -> str:
    blocks = (
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in lines)
        for name, lines in sections.items()
    )
    return "\n".join(blocks)
