"""What ``kiosk check`` finds out of what the hall sees and hears."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from display.engines import espeak, trouble_of
from display.voices import lacks, shipped_share
from kiosk import troubles
from kiosk.media import read_media

if TYPE_CHECKING:
    from kiosk.board import DeviceHealth
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.ui.asking import Found


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. ``ready`` is false where something keeps the part from its work;
    ``doubt`` what is to be said of one where nothing is known to: that it works, but not as it
    should ("warning"), or that nobody can know it now ("unknown")."""

    part: str
    ready: bool
    detail: str
    doubt: Literal["", "warning", "unknown"] = ""

    @property
    def state(self) -> str:
        return (self.doubt or "ready") if self.ready else "not_ready"


def of_health(part: str, health: DeviceHealth, words: Texts, where: str = "") -> Finding:
    """What the process that owns a device says of it; ``where`` stands before it."""
    told = f"{where}: {told_state(health, words)}" if where else told_state(health, words)
    doubt: Literal["", "warning"] = "warning" if health.state == "warning" else ""
    return Finding(part, health.state != "fault", told, doubt)


def not_known(part: str, words: Texts, *before: str) -> Finding:
    """Of a part that only ``kiosk run`` can try; ``before`` is what is known of it."""
    told = (*before, words.say("cli.check.while_running"))
    return Finding(part, True, "; ".join(told), "unknown")


def windows(config: Config, devices: dict[str, DeviceHealth], words: Texts) -> list[Finding]:
    """Both windows, the sound and what reads aloud, as the process that shows them says; where it
    does not run, what can be tried without it."""
    findings = []
    for name in ("touch", "board"):
        part = words.say(f"device.{name}")
        health = devices.get(name)
        findings.append(of_health(part, health, words) if health else not_known(part, words))
    there = _ask(config, devices)
    return [*findings, _sound(config, devices, there, words),
            *_speech(config, devices, there, words)]  # fmt: skip


def _ask(config: Config, devices: dict[str, DeviceHealth]) -> Found | None:
    """The outputs for sound, where anybody needs to know; None where nobody does or can."""
    used = {"sound": config.board.sound, "speech": config.touch.speech}
    if not any(kind == "card" and name not in devices for name, kind in used.items()):
        return None
    # Loaded here, for it loads Qt.
    from kiosk.ui.asking import ask_outputs

    return ask_outputs()


def _sound(
    config: Config, devices: dict[str, DeviceHealth], there: Found | None, words: Texts
) -> Finding:
    part, board = words.say("device.sound"), config.board
    if board.sound == "none":
        return Finding(part, True, words.say("cli.check.unused"))
    if "sound" in devices:
        return of_health(part, devices["sound"], words)
    if board.sound != "card" or there is None:
        return not_known(part, words)
    from kiosk.ui.outputs import hall_output, touch_outputs

    at = hall_output(there.all, there.main, board.sound_card, touch_outputs(config.touch))
    if at is None:
        return not_known(part, words, _told_outputs(there, words))
    return Finding(part, True, there.all[at].name)


def _speech(
    config: Config, devices: dict[str, DeviceHealth], there: Found | None, words: Texts
) -> list[Finding]:
    """What reads aloud, each language that it cannot read, and earphones that nobody can tell."""
    part, touch = words.say("device.speech"), config.touch
    if touch.speech == "none":
        return [Finding(part, True, words.say("cli.check.unused"))]
    if "speech" in devices:
        health = devices["speech"]
        findings = [Finding(part, health.state == "ok", told_state(health, words))]
        mute = {
            name.removeprefix("speech "): health.reason
            for name, health in devices.items()
            if name.startswith("speech ") and health.state != "ok"
        }
    else:
        found, mute = _tried(config, there, words)
        findings = [found]
    for language, reason in mute.items():
        findings.append(
            Finding(f"{part} {language}", True, troubles.told(reason, words), "warning")
        )
    if touch.earphones == "plug" and not touch.earphones_device:
        findings.append(Finding(part, False, words.say("cli.check.earphones")))
    if touch.earphones != "never" and _overlap(config):
        findings.append(Finding(part, True, words.say("cli.check.same_card"), "warning"))
    return findings


def _overlap(config: Config) -> bool:
    """Whether the hall's calls and the earphones name what may be one and the same card."""
    hall = config.board.sound_card.lower() if config.board.sound == "card" else ""
    ears = config.touch.earphones_device.lower()
    return bool(hall and ears) and (hall in ears or ears in hall)


def _tried(config: Config, there: Found | None, words: Texts) -> tuple[Finding, dict[str, str]]:
    """How reading aloud is by what can be tried without the window, and by language what keeps it
    from being spoken where others are."""
    part, spoken = words.say("device.speech"), config.office.languages
    tried = {language: trouble_of(espeak(language, config.voice.region)) for language in spoken}
    mute = {language: code for language, code in tried.items() if code}
    if len(mute) == len(tried):
        return Finding(part, False, troubles.told(mute[spoken[0]], words)), {}
    speaks = f"espeak-ng: {', '.join(language for language in spoken if language not in mute)}"
    if config.touch.speech != "card" or there is None:
        return not_known(part, words, speaks), mute
    from kiosk.touch.outlets import route

    hall = config.board.sound_card if config.board.sound == "card" else ""
    ears = config.touch.earphones_device.lower()
    plugged = bool(ears) and ears in there.cards.lower()
    at = route(there.all, there.main, config.touch, hall, plugged=plugged).output
    if at is None:
        return not_known(part, words, speaks, _told_outputs(there, words)), mute
    return Finding(part, True, f"{speaks}; {there.all[at].name}"), mute


def _told_outputs(there: Found, words: Texts) -> str:
    """That none of them is the right one."""
    if not there.all:
        return words.say("cli.check.no_output")
    names = ", ".join(one.name for one in there.all)
    return words.say("cli.check.other_outputs", outputs=names)


def board_folder(config: Config, words: Texts) -> list[Finding]:
    """What the board's folder shows; then each file that is not shown, in a row of its own. Calls
    are shown whatever it holds."""
    if not config.board.media:
        return []
    with tempfile.TemporaryDirectory(prefix="kiosk-check-") as into:
        media = read_media(config.beside(config.board.media), Path(into))
    part = words.say("cli.check.media")
    shown = words.say("cli.check.pages", n=len(media.items))
    told = [
        f"{flaw.file}: {troubles.told(flaw.key.removeprefix('device.'), words)}"
        for flaw in media.flaws
    ]
    empty = bool(told) and not media.items
    return [
        Finding(part, True, shown, "warning" if empty else ""),
        *(Finding(part, True, flaw, "warning") for flaw in told),
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
    mute = any(lack.code == "voice_mute" for lack in found)
    return Finding(part, not mute, "; ".join(told), "warning" if found and not mute else "")


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
    return troubles.told(health.reason, words)
