"""The list of papers of a procedure on paper, as often as a roll can stand it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office.forms import Pairs, frame
from kiosk.office.procedures import service_of
from kiosk.plain import dotted
from kiosk.procedures import normalise_code
from kiosk.store import events, jobs, procedures
from kiosk.texts import texts
from kiosk.tickets import counter_runs, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.procedures import ChannelTerms, Procedure, RequiredDocument
    from kiosk.texts import Texts

KIND: Final = "procedure"
_QUEUED: Final = "procedure.queued"
WINDOW: Final = timedelta(minutes=10)
MOST: Final = 10
"""Lists that one kiosk prints within the window: more than those ask for who read what they get,
and some two metres of paper."""
AGAIN_AFTER: Final = timedelta(seconds=60)
"""The same list is not printed again at once: it is on its way."""
MOST_FORMS: Final = 3
"""Squares on one slip; a phone finds the other forms beside these."""


def queue_procedure(centre: Centre, code: str, *, actor: str, language: str = "vi") -> str:
    """Queues the list of papers of a procedure at this kiosk; returns its job.

    Refused: no_such_procedure, list_under_way (the same one a minute ago), too_many_lists
    (minutes).
    """
    now, job_id = centre.clock(), new_id()
    with centre.database.write() as query:
        found = procedures.find(query, centre.code, normalise_code(code))
        if found is None:
            raise Refused("no_such_procedure")
        if any(
            told["procedure"] == found.code for told in _late(centre, query, actor, AGAIN_AFTER)
        ):
            raise Refused("list_under_way")
        if len(_late(centre, query, actor, WINDOW)) >= MOST:
            raise Refused("too_many_lists", minutes=int(WINDOW.total_seconds() // 60))
        details = {"job": job_id, "procedure": found.code, "kiosk": centre.kiosk}
        place = events.append(query, centre.code, now, _QUEUED, actor=actor, details=details)
        jobs.insert(
            query,
            centre.code,
            job_id=job_id,
            kiosk=centre.kiosk,
            place=place,
            ticket=None,
            slip=KIND,
            data=procedure_data(centre, found, texts(language)),
            now=now,
        )
    return job_id


def is_wanted(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether somebody may still stand there for the list: not when paper comes hours later."""
    return row["copy"] > 0 or now - moment(row["created_at"]) <= WINDOW


def procedure_data(centre: Centre, procedure: Procedure, words: Texts) -> dict[str, object]:
    """The list as ``printer.slips`` wants it; what the catalogue says stays in its language."""
    service = service_of(centre, procedure)
    day = procedure.checked_on
    counters = centre.counters_of(service.code) if service else ()
    facts = (
        ("slip.procedure.service", words.name(service.names) if service else None),
        (
            "slip.procedure.counter",
            words.say("common.counter", counter=counter_runs(counters)) if counters else None,
        ),
        ("procedure.label.agency", procedure.agency),
        ("procedure.label.address", procedure.address),
        ("procedure.label.result", procedure.result.replace("\n", "; ")),
        ("procedure.label.checked", words.date(day) if day else None),
    )
    return {
        **frame(centre, KIND, words, state=False),
        "name": procedure.name,
        "about": dotted((procedure.code, procedure.field)),
        "papers_title": words.say("procedure.papers"),
        "papers": [[one.name, copies(one, words)] for one in procedure.documents],
        "no_papers": "" if procedure.documents else words.say("procedure.no_papers"),
        "terms_title": words.say("procedure.terms"),
        "terms": terms(procedure, words),
        "facts": [[words.say(label), value] for label, value in facts if value],
        "forms": [[words.say("procedure.form", name=p.name), p.form] for p in _forms(procedure)],
    }


def terms(procedure: Procedure, words: Texts) -> Pairs:
    """The deadline and fee of each channel in one line; channels of which the same is told are one
    entry."""
    by_terms: dict[str, list[str]] = {}
    for one in procedure.channels:
        told = dotted((one.term_text, fee(one, words)))
        by_terms.setdefault(told, []).append(words.say(f"procedure.channel.{one.channel.value}"))
    return [[", ".join(channels), told] for told, channels in by_terms.items() if told]


def fee(one: ChannelTerms, words: Texts) -> str:
    """As the catalogue says it; an amount alone in the way of the language."""
    if one.fee == 0:
        return words.say("procedure.free")
    if one.fee is not None:
        return words.money(one.fee)
    return words.say("procedure.fee", fee=one.fee_text) if one.fee_text else ""


def copies(one: RequiredDocument, words: Texts) -> str:
    counts = (
        words.count("slip.papers.originals", one.originals) if one.originals else "",
        words.count("slip.papers.copies", one.copies) if one.copies else "",
    )
    return dotted(counts)


def _forms(procedure: Procedure) -> list[RequiredDocument]:
    """Each address once."""
    by_link = {one.form: one for one in reversed(procedure.documents) if one.form}
    return [one for one in procedure.documents if by_link.get(one.form) is one][:MOST_FORMS]


def _late(centre: Centre, query: Query, actor: str, since: timedelta) -> list[Mapping[str, Any]]:
    """What this kiosk was asked for so lately."""
    told = events.of_late(query, centre.code, _QUEUED, actor, centre.clock() - since)
    return [one for one in told if one["kiosk"] == centre.kiosk]
