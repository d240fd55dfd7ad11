"""Sentences of the counter window that are put together from facts; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.counter.desk import Desk, Dossier, Office, Person
    from kiosk.counter.state import State
    from kiosk.texts import Texts

MOST_NUMBERS: Final = 5
QUEUED: Final = timedelta(seconds=10)
OPEN_JOBS: Final = ("unknown", "failed", "queued")


def stopwatch(seconds: float) -> str:
    """Minutes and seconds, with hours when there are any: "04:09", "1:02:03"."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"


def service_name(code: str, office: Office | None, words: Texts) -> str:
    known = office.services.get(code) if office else None
    return words.name(known.names) if known else code


def lost_because(why: str, words: Texts) -> str:
    return words.say(f"counter.lost.{why}")


def facts_of(person: Person, office: Office | None, words: Texts) -> str:
    """Under the number: for what, how long it waited, how often it was called, and why so."""
    told = [service_name(person.service, office, words)]
    if person.called_at is not None:
        waited = int((person.called_at - person.waits_since).total_seconds() // 60)
        told.append(words.say("web.waited", n=waited) if waited > 0 else words.say("web.just_now"))
    told.append(words.say("web.calls", n=person.calls))
    told += marks_of(person, words)
    if person.journey:
        then = ", ".join(service_name(code, office, words) for code in person.journey)
        told.append(words.say("web.journey", services=then))
    return " · ".join(told)


def told_of(person: Person, state: State, words: Texts) -> str:
    """All that is told of who is at the counter; what may be cut off where room is scarce last."""
    lines = [facts_of(person, state.office, words)]
    if person.dossier is not None:
        known = state.dossier
        known = known if known is not None and known.code == person.dossier else None
        head = [person.dossier, *(_standing(known, words) if known else ())]
        lines.insert(0, words.say("web.dossier_of", code=" · ".join(head)))
        if known is not None and known.procedure:
            lines.append(known.procedure)
    return "\n".join(lines)


def _standing(known: Dossier, words: Texts) -> tuple[str, ...]:
    """Status, fee and date of a dossier."""
    told = [words.say(known.status.key)]
    if known.fee:
        key = "web.dossier_fee_paid" if known.fee_paid else "web.dossier_fee"
        told.append(words.say(key, fee=words.number(known.fee)))
    if known.due_at is not None:
        told.append(words.say("web.dossier_due", date=words.date(known.due_at.date())))
    return tuple(told)


def marks_of(person: Person, words: Texts) -> list[str]:
    """Why it stands where it stands, in a word or two each."""
    marks = []
    if person.line == "priority":
        marks.append(words.say("web.priority"))
    if person.line == "returned":
        marks.append(words.say("web.line.returned"))
    if person.due_at is not None:
        marks.append(words.say("web.line_appointment", time=words.clock(person.due_at)))
    if person.reason == "supplement":
        marks.append(words.say("web.supplement"))
    if person.misses:
        marks.append(words.say("web.misses", n=person.misses))
    return marks


def too_late(person: Person, at: datetime | None) -> bool:
    """Whether a missed one needs a new number by now."""
    until = person.taken_back_until
    return until is not None and at is not None and at > until


def notices_of(state: State, at: datetime | None, words: Texts) -> tuple[str, ...]:
    """What staff are told beside their work: devices, slips, lines in need."""
    told = []
    if state.trouble:
        known = f"unavailable.{state.trouble}"
        told.append(words.say(known) if known in _plain(words) else words.say("web.refused"))
    if state.pad:
        told.append(words.say(f"counter.pad.{state.pad}"))
    if state.desk is not None:
        told += _devices(state.desk, state.office, words)
        told += _slips(state.desk, state.office, at, words)
        told += _lines(state.desk, state.office, words)
        told += _closed(state.desk, words)
    return tuple(told)


def _plain(words: Texts) -> set[str]:
    """The keys of sentences about the store that need no facts."""
    return {f"unavailable.{key}" for key in words.under("unavailable.")}


def _placed(name: str, said: Mapping[str, Any], office: Office | None) -> str:
    elsewhere = office is not None and said["kiosk"] != office.kiosk
    return f"{name} ({said['kiosk']})" if elsewhere else name


def _devices(desk: Desk, office: Office | None, words: Texts) -> list[str]:
    known = words.under("device.")
    told = []
    for device in desk.devices:
        if device["state"] == "ok":
            continue
        # "keypad 3" is the one at counter 3.
        kind, *number = str(device["name"]).split(" ")
        name = _placed(" ".join([known.get(kind, kind), *number]), device, office)
        reason = known.get(device["reason"], device["reason"])
        told.append(words.say("web.device", device=name, reason=reason))
    return told


def _slips(desk: Desk, office: Office | None, at: datetime | None, words: Texts) -> list[str]:
    """A slip on its way to a printer that prints is nobody's worry."""
    told = []
    for state in OPEN_JOBS:
        names = [
            _placed(_slip(job, words), job, office)
            for job in desk.jobs
            if job["state"] == state and (state != "queued" or _old(job, at))
        ]
        if names:
            told.append(words.say(f"web.job_{state}", number=_listed(names)))
    return told


def _old(job: Mapping[str, Any], at: datetime | None) -> bool:
    return at is not None and at - datetime.fromisoformat(job["created_at"]) > QUEUED


def _slip(job: Mapping[str, Any], words: Texts) -> str:
    """A ticket by its number, another paper by its kind and dossier."""
    kind = words.under("web.slip.").get(str(job["slip"]), str(job["slip"]))
    return str(job["number"] or f"{kind} {job['dossier'] or ''}".rstrip())


def _lines(desk: Desk, office: Office | None, words: Texts) -> list[str]:
    """The services with the same warning until the same time stand in one notice."""
    lines: dict[tuple[str, str], list[str]] = {}
    for one in desk.warnings:
        if one["service"] and words.has(f"web.line_{one['warning']}"):
            timed = one["warning"] in ("after_closing", "session_over") and one["ends_at"]
            until = str(one["ends_at"])[11:16] if timed else ""
            name = service_name(str(one["service"]), office, words)
            lines.setdefault((str(one["warning"]), until), []).append(name)
    told = []
    for (warning, until), services in lines.items():
        facts = {"service": ", ".join(services)} | ({"time": until} if until else {})
        told.append(words.say(f"web.line_{warning}", **facts))
    return told


def _closed(desk: Desk, words: Texts) -> list[str]:
    told = []
    for one in desk.warnings:
        if one["warning"] == "sent_to_closed":
            told.append(words.say("web.sent_to_closed", n=one["people"], counter=one["counter"]))
        if one["warning"] == "kept_at_closed":
            numbers = _listed(one["numbers"])
            told.append(words.say("web.kept_at_closed", numbers=numbers, counter=one["counter"]))
    return told


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NUMBERS]) + (", …" if len(names) > MOST_NUMBERS else "")
