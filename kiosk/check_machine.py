"""What ``kiosk check`` finds out of the machine: the room on its disks, the feed of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kiosk import troubles
from kiosk.alerts import DEVICE
from kiosk.check_hall import Finding, not_known, of_health
from kiosk.disks import COPIES, apart, judged, look
from kiosk.masking import host_of
from kiosk.office.devices import FEED

if TYPE_CHECKING:
    from kiosk.board import DeviceHealth
    from kiosk.config import Config
    from kiosk.texts import Texts


def disks(config: Config, words: Texts) -> list[Finding]:
    """Each disk with its free room; that of the copies too, where it is another one."""
    places = dict(config.disks)
    if config.backup.folder:
        places[COPIES] = config.beside(config.backup.folder)
    findings = []
    for name, path in apart(places).items():
        room = look(path)
        state, reason = judged(room, config.disk.rules())
        told = [troubles.told(reason, words)] if reason else []
        if room is not None:
            facts = {"free": _gigabytes(room.free, words), "total": _gigabytes(room.total, words)}
            told.insert(0, words.say("cli.check.disk", **facts))
        doubt: Literal["", "warning"] = "warning" if state == "warning" else ""
        part = words.say(f"device.{name}")
        findings.append(Finding(part, state != "fault", " ".join(told), doubt))
    return findings


def alerts(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> Finding:
    """Who is told when something breaks, and how the telling goes."""
    part, settings = words.say("device.alerts"), config.alerts
    if not settings.has_roads:
        return Finding(part, True, words.say("cli.check.no_alerts"), "warning")
    hook = [host_of(settings.webhook.url)] if settings.webhook.url else []
    told = ", ".join((*settings.email.to, *hook))
    flaws = [flaw.told(words) for flaw in (*settings.flaws(config.beside), *settings.unset())]
    if flaws:
        return Finding(part, False, f"{told}: {'; '.join(flaws)}")
    known = devices.get(DEVICE)
    return of_health(part, known, words, told) if known else not_known(part, words, told)


def feed(devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Only while changes are not heard."""
    told = devices.get(FEED)
    return [of_health(words.say("device.feed"), told, words)] if told else []


def _gigabytes(size: int, words: Texts) -> str:
    return words.number(round(size / 1e9, 1))
