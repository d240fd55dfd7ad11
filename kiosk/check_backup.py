"""What ``kiosk check`` finds out of the copies of the store."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from kiosk import troubles
from kiosk.backups import copies
from kiosk.check_hall import Finding, of_health
from kiosk.errors import Refused, Unavailable
from kiosk.store.erasure import last_run

if TYPE_CHECKING:
    from kiosk.board import DeviceHealth
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

_LATE: Final = 4
"""So many pauses old the latest copy is too old, whatever the reason."""

_RARE: Final = timedelta(days=7)
"""So long without a run, what tells of people is kept longer than it should be."""


def erasing(centre: Centre, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    """When what tells of people was last erased by its term, and what keeps it from being so."""
    part = words.say("device.retention")
    if "retention" in devices:
        return of_health(part, devices["retention"], words)
    with suppress(Unavailable, Refused):
        with centre.database.read() as query:
            at = last_run(query, centre.code)
        now = centre.wall()
        if at is None:
            return Finding(part, True, words.say("cli.check.never_erased"))
        when = words.when(at.astimezone(centre.timezone), now)
        late: Literal["", "warning"] = "warning" if now - at > _RARE else ""
        return Finding(part, True, words.say("cli.check.last_erased", at=when), late)
    return Finding(part, False, words.say("cli.check.no_store"))


def backups(
    config: Config, centre: Centre, devices: dict[str, DeviceHealth], words: Texts
) -> Finding:
    """Where copies go, when the latest was made, and what the process that makes them says."""
    part = words.say("device.backup")
    if not config.backup.folder:
        return Finding(part, True, words.say("cli.check.no_backup"), "warning")
    folder = config.beside(config.backup.folder)
    if not folder.is_dir():
        return Finding(part, False, f"{folder}: {troubles.told('backup_no_folder', words)}")
    now = centre.wall()
    found = copies(folder, centre.code)
    told = str(folder)
    if found:
        at = words.when(found[0].at.astimezone(centre.timezone), now)
        told = words.say("cli.check.last_backup", folder=folder, count=len(found), at=at)
    if "backup" in devices:
        return of_health(part, devices["backup"], words, told)
    if not found:
        none = words.say("cli.check.no_copy_yet")
        return Finding(part, True, f"{told}: {none}", "warning")
    age = (now - found[0].at).total_seconds() / 60
    if age > _LATE * config.backup.every_minutes:
        late = words.say("cli.check.old_backup")
        return Finding(part, True, f"{told}: {late}", "warning")
    return Finding(part, True, told)
