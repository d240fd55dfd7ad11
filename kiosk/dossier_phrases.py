"""How the answer about a dossier is said, in the touch window and on the web alike; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.dossier_answers import Outlook
from kiosk.dossiers import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from kiosk.dossier_answers import DossierAnswer
    from kiosk.dossiers import Step
    from kiosk.texts import Texts

Fact = tuple[str, str]
"""What something is called, and what it is."""

TONES: Final[Mapping[Outlook, str]] = {
    Outlook.REGISTERED: "calm",
    Outlook.IN_PROGRESS: "calm",
    Outlook.LATE: "warn",
    Outlook.POSTPONED: "warn",
    Outlook.SUPPLEMENT: "warn",
    Outlook.PAYMENT: "warn",
    Outlook.REJECTED: "warn",
    Outlook.WITHDRAWN: "calm",
    Outlook.STOPPED: "warn",
    Outlook.READY: "ready",
    Outlook.RETURNED: "calm",
}
"""Whether something is to be fetched ("ready"), to be done or regretted ("warn"), or neither."""

_WAITS_FOR_ITS_OWNER: Final = frozenset({Outlook.SUPPLEMENT, Outlook.PAYMENT})
ENDED: Final = frozenset({Outlook.REJECTED, Outlook.WITHDRAWN, Outlook.STOPPED})
"""No result is due any more."""


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the way: its status, the unit, the day and whether it is over; ``handler`` where
    people may be seen, ``year`` the day with its year."""

    name: str
    unit: str
    day: str
    year: str
    done: bool
    handler: str = ""


def dates(
    answer: DossierAnswer, zone: ZoneInfo, words: Texts, *, first: bool = False
) -> tuple[Fact, ...]:
    """When it was handed in, and when the result is due or was handed out; ``first`` also names
    the date before a new one."""

    def day(label: str, moment: datetime | None) -> tuple[Fact, ...]:
        if moment is None:
            return ()
        local = moment.astimezone(zone).date()
        return ((words.say(f"dossier.label.{label}"), words.date(local)),)

    received = day("received", answer.received_at)
    if answer.returned_at is not None:
        return (*received, *day("returned", answer.returned_at))
    if answer.outlook in _WAITS_FOR_ITS_OWNER:
        return (*received, (words.say("dossier.label.due"), words.say("dossier.on_hold")))
    if answer.outlook in ENDED:
        return received
    due, promised = (day("due", at) for at in (answer.due_at, answer.promised_at))
    if due in ((), promised):
        return (*received, *promised)
    return (*received, *(due if first else ()), *day("new_due", answer.promised_at))


def fee(answer: DossierAnswer, words: Texts) -> tuple[Fact, ...]:
    """What it costs, and whether that is paid; nothing where nothing is known or due."""
    if not answer.fee:
        return ()
    label = "dossier.label.fee_paid" if answer.fee_paid else "dossier.label.fee"
    return ((words.say(label), words.money(answer.fee)),)


def way(answer: DossierAnswer, where: str, zone: ZoneInfo, words: Texts) -> tuple[Station, ...]:
    """Its steps, and for a result that waits the last one: being handed out, ``where``."""
    steps = tuple(_station(step, answer, zone, words) for step in answer.steps)
    if answer.outlook is Outlook.READY:
        steps += (Station(words.say("dossier.collect"), where, "", "", done=False),)
    return steps


def _station(step: Step, answer: DossierAnswer, zone: ZoneInfo, words: Texts) -> Station:
    local = step.at.astimezone(zone).date() if step.at else None
    day, year = (words.short_date(local), words.date(local)) if local else ("", "")
    if step.status is Status.FINISHED and answer.timeliness is not None:
        when = words.say(f"dossier.timeliness.{answer.timeliness.value}")
        day, year = (f"{told} · {when}" if told else when for told in (day, year))
    done = step is not answer.steps[-1] or step.status in (Status.FINISHED, Status.RETURNED)
    name = words.say(step.status.key)
    return Station(name, step.unit or "", day, year, done, step.handler or "")
