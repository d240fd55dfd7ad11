"""Whether a clerk's PC is ready for its window: the server, the enrolment, the pad."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.counter.client import Client, Lost, trusting
from kiosk.counter.memory import Memory, state_folder
from kiosk.counter.pad import grabbed, trouble_of
from kiosk.errors import Unavailable
from kiosk.ui.fonts import FAMILY, font_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.counter.client import Said
    from kiosk.counter.settings import Settings
    from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    part: str
    ready: bool
    detail: str


def inspect_window(
    settings: Settings, words: Texts, take: Callable[[str], int] = grabbed
) -> tuple[Finding, ...]:
    """Looks at every part; the pad is held for a moment only."""
    server = settings.window.server
    told = str(settings.path.absolute()) if settings.path else f"--server {server}"
    findings = [Finding(words.say("cli.check.config"), True, told), _font(words)]
    try:
        trusted = trusting(settings.authority)
    except OSError as error:
        why = words.say("refused.bad_authority", path=settings.authority)
        return (*findings, Finding(words.say("cli.check.server"), False, f"{why} ({error})"))
    device = Memory(state_folder()).kept.devices.get(server, "")
    said = Client(server, trusted, device).ask("GET", "/api/office")
    findings.append(_server(server, said, words))
    if not isinstance(said, Lost):
        key = "cli.check.device_known" if said.done else "cli.check.device_unknown"
        findings.append(Finding(words.say("cli.check.device"), said.done, words.say(key)))
    return (*findings, _pad(settings.pad.device, words, take))


def _font(words: Texts) -> Finding:
    part = words.say("cli.check.font")
    try:
        font_files()
    except Unavailable as error:
        return Finding(part, False, words.say(f"unavailable.{error.code}", **error.facts))
    return Finding(part, True, FAMILY)


def _server(server: str, said: Said | Lost, words: Texts) -> Finding:
    part = words.say("cli.check.server")
    if isinstance(said, Lost):
        return Finding(part, False, f"{server}: {words.say(f'counter.lost.{said.why}')}")
    ready = said.done or said.status == 401
    return Finding(part, ready, server if ready else f"{server}: {said.message}")


def _pad(device: str, words: Texts, take: Callable[[str], int]) -> Finding:
    part = words.say("cli.check.pad")
    if not device:
        return Finding(part, True, words.say("cli.check.unused"))
    try:
        os.close(take(device))
    except OSError as error:
        told = words.say(f"counter.pad.{trouble_of(error)}")
        return Finding(part, False, f"{device}: {told}")
    return Finding(part, True, device)
