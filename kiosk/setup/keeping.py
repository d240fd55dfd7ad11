"""What setup leaves behind: the file, the one before it, the store with its first clerk, and a
certificate; and until then the answers so far, so that it can be taken up again."""

from __future__ import annotations

import glob
import json
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.config import load
from kiosk.config_file import as_before, replaced
from kiosk.errors import Refused, Unavailable
from kiosk.office import clerks
from kiosk.office.centre import open_centre
from kiosk.replacing import put
from kiosk.rights import StaffRole
from kiosk.setup.document import untouched
from kiosk.setup.sitting import PASSING, SECRETS
from kiosk.setup.steps import STEPS
from kiosk.texts import told_to_technician
from kiosk.tls import make_certificate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.setup.questions import Value
    from kiosk.setup.sitting import Sitting
    from kiosk.texts import Texts

_SECRET: Final = 0o600


@dataclass(frozen=True, slots=True)
class Kept:
    """``aside`` is where the file before stands now, None where there was none; ``told`` are
    sentences about what else was made, ``short`` about what was not."""

    config: Config
    aside: Path | None
    told: tuple[str, ...]
    short: tuple[str, ...]


def keep(sitting: Sitting) -> Kept:
    """Writes kiosk.toml at once or not at all, then what stands on it.

    BadConfig with every mistake; Unavailable: folder_unwritable. What fails after the file is in
    its place is told in ``short``: it can be repeated by itself.
    """
    path, words = sitting.path, sitting.words
    old = path.read_bytes() if path.exists() else None
    text = sitting.text()
    raw = as_before(text, old.decode("utf-8")).encode() if old is not None else text.encode()
    aside = None
    if old is not None and raw != old:
        aside = _set_aside(path)
    try:
        if raw != old:
            replaced(path, raw, lambda unfinished: _prove(unfinished, sitting))
    except BaseException:
        if aside is not None:
            aside.unlink(missing_ok=True)
        raise
    told: list[str] = []
    short: list[str] = []
    config = load(path)
    for work in (_certify, _seat):
        try:
            told += work(config, sitting)
        except (Refused, Unavailable) as error:
            short.append(told_to_technician(error, words))
    _hand_over(config)
    forget(path)
    return Kept(load(path), aside, tuple(told), tuple(short))


def _prove(unfinished: Path, sitting: Sitting) -> None:
    """BadConfig; Refused("section_unwritable") where more would change than was answered."""
    after = load(unfinished)
    before = sitting.path if sitting.path.exists() else None
    if before is None:
        return
    from kiosk.mistakes import BadConfig

    with suppress(BadConfig):
        known = load(before).model_copy(update={"path": unfinished})
        if not untouched(known, after, sitting.answers):
            raise Refused("section_unwritable", section=sitting.path.name)


def _set_aside(path: Path) -> Path:
    """A copy of the file beside it, under the moment's name. Unavailable: folder_unwritable."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    aside = path.with_name(f"{path.name}.{stamp}")
    try:
        shutil.copy2(path, aside)
        if os.geteuid() == 0:
            known = path.stat()
            os.chown(aside, known.st_uid, known.st_gid, follow_symlinks=False)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.parent) from error
    return aside


def _certify(config: Config, sitting: Sitting) -> list[str]:
    """The network is served with a certificate only."""
    if sitting.answers.get("web.reach") != "network" or config.certificate_files is not None:
        return []
    return [make_certificate(config, [], anew=False)]


def _seat(config: Config, sitting: Sitting) -> list[str]:
    """Makes the store, with whoever may sign in first."""
    answers, words = sitting.answers, sitting.words
    if "clerk.pin" not in answers:
        return []
    centre = open_centre(config)
    try:
        centre.database.prepare()
        role = StaffRole(str(answers["clerk.role"]))
        login, name = str(answers["clerk.login"]), str(answers["clerk.name"])
        made = clerks.add_clerk(centre, login, name, str(answers["clerk.pin"]), role)
    finally:
        centre.database.close()
    role_name = words.say(f"role.{made.role.value}")
    return [words.say("cli.clerk_added", login=made.login, name=made.name, role=role_name)]


def _hand_over(config: Config) -> None:
    """From root's hands the store goes to the owner of its folder, who runs the kiosk. No link is
    followed there: that one could make any file its own."""
    store = config.store_path
    if os.geteuid() != 0 or store is None or not store.exists():
        return
    owner = store.parent.stat()
    for path in store.parent.glob(f"{glob.escape(store.name)}*"):
        with suppress(OSError):
            there = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                now = os.fstat(there)
                if stat.S_ISREG(now.st_mode) and now.st_nlink == 1:
                    os.fchown(there, owner.st_uid, owner.st_gid)
            finally:
                os.close(there)


def progress_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.setup")


def remember(sitting: Sitting) -> None:
    """Keeps the answers so far, but for secrets, where only who ran setup can read them."""
    never = (*SECRETS, *PASSING)
    answers = {name: value for name, value in sitting.answers.items() if name not in never}
    told = {"language": sitting.words.language, "done": sitting.done, "answers": answers}
    place = progress_path(sitting.path)
    with suppress(OSError):
        put(place, json.dumps(told, ensure_ascii=False).encode(), _SECRET)


@dataclass(frozen=True, slots=True)
class Progress:
    answers: Mapping[str, Value]
    done: tuple[str, ...]
    at: datetime


def recall(path: Path) -> Progress | None:
    """What an earlier run left; None where there is nothing, or nothing of use."""
    place = progress_path(path)
    try:
        told = json.loads(place.read_text("utf-8"))
        at = datetime.fromtimestamp(place.stat().st_mtime).astimezone()
        answers = {str(name): _value(value) for name, value in told["answers"].items()}
        done = tuple(step for step in told["done"] if step in STEPS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Progress(answers, done, at)


def _value(kept: object) -> Value:
    if isinstance(kept, list):
        return tuple(kept)
    if isinstance(kept, str | bool | int | float):
        return kept
    raise TypeError


def forget(path: Path) -> None:
    with suppress(OSError):
        progress_path(path).unlink(missing_ok=True)


def end_lines(kept: Kept, words: Texts) -> list[str]:
    """What was written, and how to go on."""
    path = kept.config.path
    told = ["", words.say("setup.written", path=path.absolute())]
    if kept.aside is not None:
        told.append(words.say("setup.aside", path=kept.aside.name))
    told += kept.told
    return [*told, words.say("setup.next", path=path)]
