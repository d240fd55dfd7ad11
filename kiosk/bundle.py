"""What support needs of an office, in one file that an officer can read before sending it.

It is made where something is broken, so each part stands for itself: one that cannot be had says
why, and the others are there. Nothing of a person is in it.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
import zipfile
from contextlib import suppress
from datetime import timedelta
from functools import partial
from importlib.metadata import distributions, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk import masking, troubles
from kiosk.calendar import moment, utc_now
from kiosk.config import load
from kiosk.database.sqlite import Sqlite
from kiosk.disks import COPIES, look
from kiosk.errors import Unavailable
from kiosk.logs import BLOT, blotted, told_of
from kiosk.mistakes import BadConfig
from kiosk.office.centre import open_centre
from kiosk.office.hall import read_devices
from kiosk.running import everywhere
from kiosk.schema import MIGRATIONS
from kiosk.store import events, tables
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

PACKAGE: Final = "motcua-kiosk"
EVENTS: Final = 500
LOG_DAYS: Final = 7
LOG_BYTES: Final = 2_000_000
"""Of each file the end."""
UNITS: Final = ("kiosk*", "motcua*")
"""What the units of systemd are called that run the program."""
_ABOUT_DEVICES: Final = frozenset({"device.changed", "device.removed", "device.alerted"})
_FACTS: Final = ("device", "kiosk", "state", "reason", "road")
_NAMED: Final = frozenset({"speech", "webhook", "keypad", "keypads", "feed"})
"""Devices whose second word no member of staff has chosen freely."""


def pack(path: Path, to: Path | None, folder: Path) -> Path:
    """Makes the file, in ``folder`` unless ``to`` names it. Unavailable: bundle_unwritable (path,
    why)."""
    at, words = utc_now(), operator_texts()
    try:
        config: Config | None = load(path)
    except BadConfig:
        config = None
    unit = config.office.unit_code if config else "unknown"
    target = (to or folder / f"kiosk-report-{unit}-{at:%Y%m%d-%H%M%S}.zip").absolute()
    parts = list(_parts(path, config, words))
    readme = _readme([name for name, _ in parts], config, words, path)
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in (("README.txt", readme), *parts):
                bundle.writestr(name, text.encode("utf-8", "replace"))
    except OSError as error:
        raise Unavailable("bundle_unwritable", path=target, why=error.strerror) from error
    return target


def _parts(path: Path, config: Config | None, words: Texts) -> Iterator[tuple[str, str]]:
    yield "versions.txt", _had(_versions)
    yield "machine.txt", _had(lambda: _machine(config))
    yield "devices.txt", _had(_devices)
    yield "kiosk.toml", _had(lambda: masking.masked(path.read_text("utf-8-sig")))
    if mistakes := _had(lambda: _mistakes(path)):
        yield "mistakes.txt", mistakes
    if config is None:
        return
    if config.store_path is not None and not config.store_path.exists():
        # To open it would make it, and what is broken may be that its disk is away.
        yield "store.txt", f"{config.store_path} is not there\n"
        yield from _logs(config)
        return
    centre = open_centre(config)
    try:
        yield "health.txt", _had(lambda: _health(centre, words))
        yield "events.txt", _had(lambda: _events(centre))
        yield "store.txt", _had(lambda: _store(centre))
    finally:
        centre.database.close()
    yield "check.txt", blotted(masking.only_hosts(_had(lambda: _check(config))))
    yield from _logs(config)


def _had(work: Callable[[], str]) -> str:
    """What a part says, or why it cannot be had."""
    try:
        return work()
    except Exception as error:
        return f"not to be had:\n{told_of(error)}\n"


def _readme(names: list[str], config: Config | None, words: Texts, path: Path) -> str:
    at = f"{utc_now():%Y-%m-%d %H:%M} UTC"
    office = config.office.name["vi"] if config else str(path.name)
    kiosk = config.kiosk.name if config else "?"
    listed = [name for name in names if not name.startswith("logs/")]
    lines = [
        words.say("bundle.title"),
        "",
        words.say("bundle.about", at=at, kiosk=kiosk, office=office),
        "",
        words.say("bundle.inside"),
    ]
    for name in ("README.txt", *listed):
        key = name.replace(".", "_").replace("README", "readme")
        lines.append(f"  {name:<14} {words.say(f'bundle.{key}')}")
    if len(listed) < len(names):
        lines.append(f"  {'logs/':<14} {words.say('bundle.logs')}")
    lines += ["", words.say("bundle.without", blot=BLOT), "", words.say("bundle.look"), ""]
    return "\r\n".join(lines)


def _versions() -> str:
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    packages = sorted(
        {f"{one.metadata['Name']} {one.version}" for one in distributions() if one.metadata}
    )
    lines = [
        f"{PACKAGE} {version(PACKAGE)}",
        f"schema {len(MIGRATIONS)}",
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        f"system {system}",
        f"kernel {platform.release()}",
        f"architecture {platform.machine()}",
        f"C library {' '.join(platform.libc_ver())}",
        "",
        *packages,
    ]
    return "\n".join(lines) + "\n"


def _machine(config: Config | None) -> str:
    load = " ".join(f"{n:.2f}" for n in os.getloadavg())
    wanted = ("MemTotal", "MemAvailable", "SwapTotal", "SwapFree")
    memory = [line for line in Path("/proc/meminfo").read_text().splitlines()
              if line.startswith(wanted)]  # fmt: skip
    lines = [f"processors {os.cpu_count()}", f"load {load}", *memory]
    lines.append(f"uptime {Path('/proc/uptime').read_text().split()[0]} s")
    places = dict(config.disks) if config else {}
    if config and config.backup.folder:
        places[COPIES] = config.beside(config.backup.folder)
    for name, place in places.items():
        room = look(place)
        told = (
            f"{room.free} of {room.total} bytes free, {room.files} files left,"
            f" {'read-only' if room.read_only else 'writable'}"
            if room
            else "away"
        )
        lines.append(f"{name} {told}")
    for one in everywhere():
        since = time.time() - one.started
        lines.append(f"process {one.pid} {one.role}: {one.resident} bytes, for {since:.0f} s")
    return "\n".join(lines) + "\n"


def _devices() -> str:
    """What this machine has: screens, sound, serial lines, printers, keyboards and scanners."""
    lines = []
    for status in sorted(Path("/sys/class/drm").glob("card*-*/status")):
        modes = (status.parent / "modes").read_text().split()[:1]
        state = " ".join((status.read_text().strip(), *modes))
        lines.append(f"screen {status.parent.name}: {state}")
    folders = ("/dev/serial/by-id", "/dev/usb", "/dev/input/by-id")
    for folder in map(Path, folders):
        lines += [str(one) for one in sorted(folder.glob("*"))]
    cards = Path("/proc/asound/cards")
    lines += cards.read_text().splitlines() if cards.exists() else ["no sound card"]
    from kiosk.ui.asking import ask_outputs

    found = ask_outputs()
    silent = ["sound does not answer"]
    lines += [f"sound output {one.name}" for one in found.all] if found else silent
    return "\n".join(lines) + "\n"


def _mistakes(path: Path) -> str:
    """Where and of which kind; not what stands there."""
    try:
        found = load(path).flaws
    except BadConfig as bad:
        found = list(bad.problems)
    return "".join(f"{flaw.where}: {flaw.key}\n" for flaw in found)


def _health(centre: Centre, words: Texts) -> str:
    rows = []
    for one in read_devices(centre):
        since = one.since.astimezone(centre.timezone)
        told = f"{one.reason} {troubles.told(one.reason, words)}".strip()
        at = f"{since:%Y-%m-%d %H:%M:%S}"
        rows.append(f"{one.kiosk} {_device(one.name)}: {one.state} since {at} {told}")
    return "\n".join(rows) + "\n"


def _events(centre: Centre) -> str:
    with centre.database.read() as query:
        rows = events.search(
            query, centre.code, after=0, before=2**62, limit=EVENTS, group="device"
        )
    return "".join(_event(row, centre) for row in rows if row["kind"] in _ABOUT_DEVICES)


def _event(row: Any, centre: Centre) -> str:
    details = json.loads(row["details"])
    details["device"] = _device(str(details.get("device", "")))
    facts = " ".join(f"{key}={details[key]}" for key in _FACTS if details.get(key))
    at = moment(row["at"]).astimezone(centre.timezone)
    return f"{at:%Y-%m-%d %H:%M:%S} {row['kind']} {facts}\n"


def _device(name: str) -> str:
    """A television is called as staff called it, which may be after somebody."""
    kind, *more = name.split(" ")
    chosen = more and kind not in _NAMED and not all(word.isdecimal() for word in more)
    return f"{kind} {BLOT}" if chosen else name


def _store(centre: Centre) -> str:
    lines = [f"place {centre.database.place}", f"version {len(MIGRATIONS)}"]
    if isinstance(centre.database, Sqlite):
        for ending in ("", "-wal", "-shm"):
            file = Path(f"{centre.database.path}{ending}")
            lines += [f"{file.name} {file.stat().st_size} bytes"] if file.exists() else []
    lines.append(f"whole {'yes' if centre.database.sound() else 'NO'}")
    with centre.database.read() as query:
        lines.append(f"events {events.last(query, centre.code)}")
        lines += [f"{table} {tables.count(query, centre.code, table)}" for table in tables.listed()]
    return "\n".join(lines) + "\n"


def _check(config: Config) -> str:
    from kiosk.check import inspect, table

    return table(inspect(config)) + "\n"


def _logs(config: Config) -> Iterator[tuple[str, str]]:
    """Those of systemd, and the files of [log]."""
    if journal := _had(_journal):
        yield "logs/journal.txt", blotted(masking.only_hosts(journal))
    folder = config.beside(config.log.folder) if config.log.folder else None
    since = utc_now() - timedelta(days=LOG_DAYS)
    for file in sorted(folder.glob("*.log*")) if folder else ():
        changed = 0.0
        with suppress(OSError):
            # One that is rotated away at this moment is there under its next name.
            changed = file.stat().st_mtime
        if changed >= since.timestamp():
            yield f"logs/{file.name}.txt", blotted(masking.only_hosts(_had(partial(_end, file))))


def _end(file: Path) -> str:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - LOG_BYTES))
        return stream.read().decode("utf-8", "replace")


def _journal() -> str:
    """ "" where there is no journal."""
    units = [part for unit in UNITS for part in ("--unit", unit)]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, nothing given)
            ["journalctl", "--no-pager", "--output", "short-iso", "--lines", "20000",  # noqa: S607
             "--since", f"-{LOG_DAYS}d", *units],
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
    except (FileNotFoundError, PermissionError):
        return ""
    text = done.stdout.decode("utf-8", "replace")
    return "" if text.strip() in ("", "-- No entries --") else text[-LOG_BYTES:]
