"""The answer about a dossier as the page for everybody says it; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk import dossier_phrases
from kiosk.dossier_answers import Outlook
from kiosk.tickets import counter_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kiosk.dossier_answers import DossierAnswer
    from kiosk.dossier_phrases import Fact
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

Told = tuple[str, tuple[str, ...]]
"""An entry of a list, and what more there is to say of it."""


def told_answer(centre: Centre, answer: DossierAnswer, words: Texts) -> dict[str, Any]:
    """What stands in the page's template."""
    head = answer.outlook.key
    where = _where(centre, words) if answer.outlook is Outlook.READY else ""
    return {
        "answer": answer,
        "tone": dossier_phrases.TONES[answer.outlook],
        "title": words.say(f"{head}.title"),
        "texts": [words.say(f"{head}.means"), words.say(f"lookup.now.{answer.outlook.value}")],
        "facts": tuple(_facts(centre, answer, words)),
        "people": tuple(_people(answer, words)),
        "way": dossier_phrases.way(answer, where, centre.timezone, words),
        "fees": tuple(_fees(answer, words)),
        "supplements": tuple(_supplements(centre, answer, words)),
        "postponements": tuple(_postponements(centre, answer, words)),
    }


def _where(centre: Centre, words: Texts) -> str:
    """The counters at which results are handed out, where the office says which."""
    service = centre.returns_at()
    counters = centre.counters_of(service.code) if service else ()
    if not counters:
        return ""
    return words.say("common.counter", counter=counter_runs(counters))


def _facts(centre: Centre, answer: DossierAnswer, words: Texts) -> Iterator[Fact]:
    if answer.receipt_no:
        yield words.say("lookup.receipt_no"), answer.receipt_no
    yield from dossier_phrases.dates(answer, centre.timezone, words, first=True)
    if answer.receiving_unit:
        yield words.say("dossier.label.receiving_unit"), answer.receiving_unit
    if answer.resolving_unit and answer.resolving_unit != answer.receiving_unit:
        yield words.say("dossier.label.resolving_unit"), answer.resolving_unit
    yield from dossier_phrases.fee(answer, words)


def _people(answer: DossierAnswer, words: Texts) -> Iterator[Fact]:
    """Whom only the second factor shows."""
    if answer.owner:
        yield words.say("dossier.label.owner"), answer.owner
    if answer.handler:
        yield words.say("dossier.label.handler"), answer.handler


def _fees(answer: DossierAnswer, words: Texts) -> Iterator[Told]:
    """Each of several; one alone stands among the facts."""
    for one in answer.fees if len(answer.fees) > 1 else ():
        paid = words.say("lookup.fee.paid" if one.paid else "lookup.fee.open")
        amount = words.money(one.amount) if one.amount is not None else ""
        yield one.name, (" · ".join(part for part in (amount, paid) if part),)


def _supplements(centre: Centre, answer: DossierAnswer, words: Texts) -> Iterator[Told]:
    for one in answer.supplements:
        when = words.say("lookup.supplement.asked", date=_day(centre, one.asked_at, words))
        done = words.say("lookup.supplement.open")
        if one.received_at is not None:
            date = _day(centre, one.received_at, words)
            done = words.say("lookup.supplement.received", date=date)
        yield when, (one.text or "", done)


def _postponements(centre: Centre, answer: DossierAnswer, words: Texts) -> Iterator[Told]:
    for one in answer.postponements:
        after = _day(centre, one.due_after, words)
        told = words.say("lookup.postponed.to", date=after)
        if one.due_before is not None:
            before = _day(centre, one.due_before, words)
            told = words.say("lookup.postponed.from_to", before=before, date=after)
        yield told, (one.reason or "",)


def _day(centre: Centre, moment: datetime, words: Texts) -> str:
    return words.date(moment.astimezone(centre.timezone).date())
