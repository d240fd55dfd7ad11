"""What ``kiosk check`` finds out of what the hall sees and hears."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from display.engines import is_installed
from display.voices import lacks, shipped_share
from kiosk.media import read_media

if TYPE_CHECKING:
    from kiosk.board import DeviceHealth
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    part: str
    ready: bool
    detail: str


def windows(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Both windows, the sound and what reads aloud, as the process that shows them says."""
    findings = []
    silent = {"sound": config.board.sound, "speech": config.touch.speech}
    for name in ("touch", "board", "sound", "speech"):
        part, health = words.say(f"device.{name}"), devices.get(name)
        if silent.get(name) == "none":
            findings.append(Finding(part, True, words.say("cli.check.unused")))
        elif health is None:
            missing = name == "speech" and not is_installed("espeak-ng")
            told = "device.speech_missing" if missing else "cli.check.while_running"
            findings.append(Finding(part, not missing, words.say(told)))
        elif name == "speech":
            findings.append(Finding(part, health.state == "ok", told_state(health, words)))
        else:
            findings.append(Finding(part, health.state != "fault", told_state(health, words)))
    if config.touch.earphones == "plug" and not config.touch.earphones_device:
        findings.append(
            Finding(words.say("device.speech"), False, words.say("cli.check.earphones"))
        )
    return findings


def board_folder(config: Config, words: Texts) -> list[Finding]:
    """What the board's folder shows; then each file that is not shown, in a row of its own."""
    if not config.board.media:
        return []
    with tempfile.TemporaryDirectory(prefix="kiosk-check-") as into:
        media = read_media(config.beside(config.board.media), Path(into))
    part = words.say("device.board")
    shown = words.say("cli.check.pages", n=len(media.items))
    told = [f"{flaw.file}: {words.say(flaw.key)}" for flaw in media.flaws]
    return [
        Finding(part, bool(media.items) or not told, shown),
        *(Finding(part, False, flaw) for flaw in told),
    ]


def voice(config: Config, centre: Centre, words: Texts) -> Finding:
    """In which languages the hall calls, and what its voices lack."""
    part, spoken = words.say("cli.check.voice"), config.voice.languages
    if config.board.sound == "none":
        return Finding(part, True, words.say("cli.check.unused"))
    order = config.voice.order(centre.services, centre.counters, config.beside)
    found = lacks(order)
    told = [", ".join(spoken) or words.say("cli.voice.chime_alone")]
    for lack in found:
        facts = {"language": lack.language, "what": ", ".join(lack.what)}
        told.append(words.say(f"cli.voice.{lack.code}", **facts))
    if order.folder is not None and order.folder.is_dir():
        shares = [(code, *shipped_share(order, code)) for code in spoken]
        told += [words.say("cli.voice.shipped", language=code, n=n, of=of)
                 for code, n, of in shares if n]  # fmt: skip
    if silent := [code for code in config.office.languages if code not in spoken]:
        told.append(words.say("cli.voice.not_spoken", languages=", ".join(silent)))
    return Finding(part, not found, "; ".join(told))


def displays(config: Config, centre: Centre, words: Texts) -> Finding:
    """Where the display of a counter is opened, and what it asks."""
    web, scale = config.web, centre.rating
    number = next(iter(centre.counters))
    told = [f"{web.address}/counter/{number}/display"]
    if scale.enabled:
        levels = ", ".join(level.name(words) for level in scale.levels)
        told.append(words.say("cli.check.rating", levels=levels))
    else:
        told.append(words.say("cli.check.no_rating"))
    return Finding(words.say("cli.check.displays"), True, "; ".join(told))


def told_state(health: DeviceHealth, words: Texts) -> str:
    return words.say(f"device.{health.reason or 'ok'}")
