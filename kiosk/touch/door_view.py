"""From the state of the staff door to what it shows; pure. Of citizens it shows numbers alone."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from kiosk import troubles
from kiosk.touch.door_state import STEP, Door, Page
from kiosk.touch.lines import Line, ListView
from kiosk.troubles import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kiosk.board import DeviceHealth
    from kiosk.office.centre import Centre
    from kiosk.office.door import Slip
    from kiosk.texts import Texts
    from kiosk.touch.powers import Powers


@dataclass(frozen=True, slots=True)
class DoorView:
    """``told`` says what became of the last act, ``failed`` that it came to nothing."""

    title: str = ""
    who: str = ""
    told: str = ""
    failed: bool = False
    menu: bool = True
    rows: ListView = field(default_factory=ListView)
    keys: tuple[str, ...] = ()


PARTS: Final = ("door",)
assert len(fields(DoorView)) == 7

_ICONS: Final = {
    Page.HEALTH: "health",
    Page.PAPER: "printer",
    Page.VOLUME: "speaker",
    Page.SERVICES: "pause",
    Page.MACHINE: "power",
}
_TONES: Final = {"ok": "ready", "warning": "warn", "fault": "warn"}
_SIGNS: Final = {"ok": "check-circle", "warning": "alert", "fault": "alert"}
_UNDER_WAY: Final = frozenset({"queued", "sending"})


def derive(
    door: Door, centre: Centre, powers: Powers, words: Texts, now: datetime, *, store_down: bool
) -> DoorView:
    if door.clerk is None:
        return DoorView()
    lines = tuple(_lines(door, centre, powers, words, now, store_down=store_down))
    empty = "" if lines else words.say(f"touch.door.{door.page}.empty")
    told = words.say(f"touch.door.told.{door.told}", about=door.about) if door.told else ""
    role = words.say(f"role.{door.clerk.role}")
    return DoorView(
        title=words.say(f"touch.door.{door.page}"),
        who=words.say("touch.door.who", name=door.clerk.name, role=role),
        told=told,
        failed=door.failed,
        menu=door.page is Page.MENU,
        rows=ListView(lines, door.part, empty),
        keys=(words.say("touch.home.previous"), words.say("touch.home.more")),
    )


def _lines(
    door: Door, centre: Centre, powers: Powers, words: Texts, now: datetime, *, store_down: bool
) -> Iterator[Line]:
    match door.page:
        case Page.MENU:
            yield from _menu(door, centre, words)
        case Page.HEALTH:
            if store_down:
                yield _line("", "alert", words.say("device.store"), words.say("touch.door.store"),
                            tone="warn")  # fmt: skip
            for device in door.facts.devices:
                yield _device(device, centre, words, now)
        case Page.PAPER:
            yield from _paper(door, centre, words)
        case Page.VOLUME:
            yield from _volume(door, powers, words)
        case Page.SERVICES:
            yield from _services(door, centre, words)
        case Page.MACHINE:
            yield from _machine(door, powers, words)


def _line(
    key: str, icon: str, title: str, note: str = "", action: str = "", tone: str = "calm"
) -> Line:
    spoken = ", ".join(part for part in (action, title, note) if part)
    return Line(key, icon, title, note, spoken, action, tone, still=not key)


def _menu(door: Door, centre: Centre, words: Texts) -> Iterator[Line]:
    bad = sum(device.state != "ok" for device in door.facts.devices)
    notes = {Page.HEALTH: words.count("touch.door.bad", bad) if bad else words.say("device.ok")}
    if door.facts.paused:
        notes[Page.SERVICES] = words.count("touch.door.paused", len(door.facts.paused))
    for page, icon in _ICONS.items():
        if door.may(page):
            tone = "warn" if page in notes and (bad if page is Page.HEALTH else True) else "calm"
            note = notes.get(page) or words.say(f"touch.door.{page}.about")
            yield _line(f"page:{page}", icon, words.say(f"touch.door.{page}"), note, tone=tone)


def _device(device: DeviceHealth, centre: Centre, words: Texts, now: datetime) -> Line:
    """Its name, what is the matter and what to do, and since when."""
    name = name_of(device.name, words)
    if device.kiosk != centre.kiosk:
        name = f"{name} · {device.kiosk}"
    told = troubles.told(device.reason, words)
    since = words.when(device.since.astimezone(centre.timezone), now)
    note = f"{told} {words.say('touch.door.since', time=since)}" if device.state != "ok" else told
    return _line("", _SIGNS[device.state], name, note, tone=_TONES[device.state])


def _paper(door: Door, centre: Centre, words: Texts) -> Iterator[Line]:
    yield _line("test", "printer", words.say("touch.door.test"), words.say("touch.door.test.about"),
                words.say("touch.door.test.do"))  # fmt: skip
    for slip in door.facts.slips:
        yield _slip(slip, centre, words)


def _slip(slip: Slip, centre: Centre, words: Texts) -> Line:
    time = words.clock(slip.at.astimezone(centre.timezone))
    state = words.say(f"touch.door.slip.{slip.state}")
    if slip.copy:
        state = f"{state} · {words.say('slip.reprint', n=slip.copy)}"
    under_way = slip.state in _UNDER_WAY
    return _line(
        "" if under_way else f"reprint:{slip.job}",
        "ticket",
        words.say("touch.door.slip", number=slip.number, time=time),
        state,
        "" if under_way else words.say("touch.door.reprint"),
        "warn" if slip.state in ("unknown", "failed") else "calm",
    )


def _volume(door: Door, powers: Powers, words: Texts) -> Iterator[Line]:
    now = door.facts.volume
    if now is None:
        return
    percent = words.number(round(now * 100))
    yield _line("", "speaker", words.say("touch.door.volume.now", percent=percent),
                words.say("touch.door.volume.when"))  # fmt: skip
    for key, icon, step in (("louder", "plus-circle", STEP), ("quieter", "minus-circle", -STEP)):
        wanted = min(1.0, max(0.0, round(now + step, 2)))
        to = words.say("touch.door.volume.to", percent=words.number(round(wanted * 100)))
        act = f"volume:{wanted}" if wanted != now else ""
        yield _line(act, icon, words.say(f"touch.door.volume.{key}"), to if act else "")
    if powers.sample is not None:
        sample, about = words.say("touch.door.sample"), words.say("touch.door.sample.about")
        yield _line("sample", "speaker", sample, about, words.say("touch.door.sample.do"))


def _services(door: Door, centre: Centre, words: Texts) -> Iterator[Line]:
    paused = door.facts.paused & centre.services.keys()
    stop, again = words.say("touch.door.pause"), words.say("touch.door.continue")
    every = words.say("touch.door.every")
    if paused != centre.services.keys():
        yield _line("pause:*", "pause", every, words.say("touch.door.every.about"), stop)
    if paused:
        yield _line("continue:*", "undo", every, words.say("touch.door.every.again"), again)
    for code, service in centre.services.items():
        off = code in paused
        yield _line(
            f"{'continue' if off else 'pause'}:{code}",
            "pause" if off else "check-circle",
            words.name(service.names),
            words.say("touch.door.service.paused" if off else "touch.door.service.given"),
            again if off else stop,
            "warn" if off else "ready",
        )


def _machine(door: Door, powers: Powers, words: Texts) -> Iterator[Line]:
    for act, icon, able in (
        ("restart", "undo", powers.restart is not None),
        ("shut_down", "power", bool(powers.power_off)),
    ):
        sure = door.sure == act
        key = f"touch.door.{act}"
        note = words.say(f"{key}.sure" if sure else f"{key}.about" if able else f"{key}.unable")
        do = words.say(f"{key}.now" if sure else f"{key}.do") if able else ""
        yield _line(act if able else "", icon, words.say(key), note, do, "warn" if sure else "calm")
