"""What setup finds out of this machine, by the same finding that the rest of the program uses.

Whatever cannot be found out is empty: setup asks instead.
"""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from serial.tools import list_ports

from kiosk import printer_search
from kiosk.backups import same_disk
from kiosk.config import checked
from kiosk.errors import Refused, Unavailable
from kiosk.installation.first_config import first_config
from kiosk.mistakes import BadConfig
from kiosk.office.centre import open_centre
from kiosk.office.clerks import list_clerks
from kiosk.printer_search import find_printers, told_candidate
from kiosk.printing import lock_path, owned, place_of_settings
from kiosk.setup.document import meant
from kiosk.setup.offices import offices
from kiosk.setup.questions import Facts, Found, Screen
from kiosk.texts import languages, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kiosk.config import Config
    from kiosk.setup.questions import Answers
    from kiosk.texts import Texts
    from printer.finding import Port

log = logging.getLogger(__name__)

DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
SHOWN_SECONDS: Final = 20.0
"""How long the screens may take to show their numbers; a slow PC needs a few seconds."""
HEARD_SECONDS: Final = 45.0
"""A call in two languages takes some fifteen."""
_MOUNTS: Final = Path("/proc/self/mounts")
_MEDIA: Final = ("/media/", "/mnt/", "/run/media/")
_REMOTE: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look; those of this machine unless they are handed in."""

    ports: Callable[[], Iterable[Port]] = list_ports.comports
    ports_by_id: Path = Path("/dev/serial/by-id")
    mounts: Path = _MOUNTS


HERE: Final = Places()


def first_facts(path: Path) -> Facts:
    """What the file says, and who may sign in; BadConfig where the file is there and is no TOML.

    The example that a machine is installed with says nothing of this office.
    """
    from kiosk.toml_file import read_toml

    file = read_toml(path) if path.exists() else {}
    logins = _logins(path, file)  # which takes up the languages beside the file, too
    named = tuple((code, texts(code).say("language.name")) for code in languages())
    if path.exists() and path.read_text("utf-8-sig") == first_config():
        file = {}
    return Facts(file=file, offices=offices(), languages=named, logins=logins)


def _logins(path: Path, file: dict[str, Any]) -> tuple[str, ...]:
    """None where there is no store yet: to look must not make one."""
    try:
        config = checked(path, dict(file))
        if config.store_path is not None and not config.store_path.exists():
            return ()
        centre = open_centre(config)
        try:
            return tuple(one.login for one in list_clerks(centre) if not one.disabled)
        finally:
            centre.database.close()
    except (BadConfig, Refused, Unavailable):
        return ()


def look(
    step: str, facts: Facts, draft: Config | None, words: Texts, *, scan: bool = False
) -> Facts:
    """The facts with what this step asks about, found anew. Screens come from ``Numbers``."""
    match step:
        case "printer" if draft is not None:
            return replace(facts, printers=_printers(draft, words, scan=scan))
        case "scanner":
            return replace(facts, ports=_ports())
        case "sound":
            return replace(facts, outputs=_outputs())
        case "backup":
            return replace(facts, media=_media(draft, words))
    return facts


def _printers(draft: Config, words: Texts, *, scan: bool) -> tuple[Found, ...]:
    """Each as it answers; none while the hall runs and has the printer to itself."""
    try:
        with alone(draft):
            tried = find_printers(draft, [], scan=scan, places=printer_search.HERE)
    except Refused:
        return ()
    return tuple(
        Found(
            place_of_settings(one.candidate.settings),
            " · ".join(part for part in (one.candidate.name, told_candidate(one, words)) if part),
            one.answers,
        )
        for one in tried
    )


@contextmanager
def alone(draft: Config) -> Iterator[None]:
    """The printer to ourselves, as ``owned``; where nothing has printed yet no trace is left."""
    if lock_path(draft).exists():
        with owned(draft):
            yield
    else:
        yield


def _ports() -> tuple[Found, ...]:
    names = {os.path.realpath(one): str(one) for one in sorted(HERE.ports_by_id.glob("*"))}
    return tuple(
        Found(
            names.get(os.path.realpath(port.device), port.device),
            "" if port.description == "n/a" else port.description,
        )
        for port in HERE.ports()
    )


def _outputs() -> tuple[Found, ...]:
    told = _asked_child([sys.executable, "-P", "-m", "kiosk.setup.hearing", "--list"], b"")
    found = told.get("outputs", ()) if told else ()
    return tuple(Found(one["key"], one["name"]) for one in found)


def heard(pcm: bytes, volume: float, card: str, others: Sequence[str]) -> tuple[str, str]:
    """Plays on the sound card, and says how that went: the state and the reason of its health."""
    command = [sys.executable, "-P", "-m", "kiosk.setup.hearing", "--volume", str(volume)]
    command += ["--card", card, *(part for one in others for part in ("--other", one))]
    told = _asked_child(command, pcm)
    return (str(told["state"]), str(told["reason"])) if told else ("fault", "error")


def _asked_child(command: list[str], given: bytes) -> dict[str, Any] | None:
    """Its one line of JSON; None where it fails, is late, or Qt is not there."""
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 (ours)
            command,
            input=given,
            capture_output=True,
            timeout=HEARD_SECONDS,
            check=True,
            env={**os.environ, **({} if has_display() else {"QT_QPA_PLATFORM": "offscreen"})},
        )
        told = json.loads(done.stdout)
        return told if isinstance(told, dict) else None
    return None


def has_display() -> bool:
    return any(os.environ.get(name) for name in DISPLAYS)


class Numbers:
    """The windows with the numbers, as long as they are shown."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def show(self, code: str = "") -> tuple[Screen, ...]:
        """Shows them, and ``code`` as bars to be scanned; none where there is no display, or it
        cannot be used."""
        self.hide()
        if not has_display():
            return ()
        command = [sys.executable, "-P", "-m", "kiosk.ui.numbers"]
        command += ["--code", code] if code else []
        self._process = subprocess.Popen(  # noqa: S603 (ours)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SHOWN_SECONDS)
        line = self._process.stdout.readline() if ready else b""
        screens = _read_screens(line)
        if not screens:
            log.info("no numbers on the screens")
            self.hide()
        return screens

    def hide(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _read_screens(line: bytes) -> tuple[Screen, ...]:
    try:
        return tuple(
            Screen(
                one["number"],
                one["name"],
                one["model"],
                (one["pixels"][0], one["pixels"][1]),
                (one["mm"][0], one["mm"][1]) if one["mm"] else None,
                one["primary"],
            )
            for one in json.loads(line)["screens"]
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return ()


@contextmanager
def numbers() -> Iterator[Numbers]:
    shown = Numbers()
    try:
        yield shown
    finally:
        shown.hide()


def _media(draft: Config | None, words: Texts) -> tuple[Found, ...]:
    """Media and shares that are mounted and can be written, but for the store's own disk."""
    try:
        lines = HERE.mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    store = draft.store_path if draft is not None else None
    found = []
    for line in lines:
        _, mounted, kind, *_ = [*line.split(" "), "", "", ""]
        place = Path(mounted.replace("\\040", " "))
        if not (str(place).startswith(_MEDIA) or kind in _REMOTE):
            continue
        if os.access(place, os.W_OK) and not (store and same_disk(place, store)):
            told = "setup.backup.share" if kind in _REMOTE else "setup.backup.medium"
            found.append(Found(str(place), words.say(told), True))
    return tuple(found)


def draft_of(path: Path, raw: Mapping[str, Any], answers: Answers, facts: Facts) -> Config | None:
    """What the file would mean with these answers, None while it would mean nothing."""
    try:
        return checked(path, meant(raw, answers, facts))
    except BadConfig:
        return None
