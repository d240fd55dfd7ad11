"""Forms into the outbox, each in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.deadlines import Term, Unit, due
from kiosk.dossier_answers import Outlook, answer
from kiosk.dossiers import Cause, Dossier, Postponement, Status, normalise_code
from kiosk.errors import Refused
from kiosk.intake import new_secret
from kiosk.office import days
from kiosk.office.figures import read_day
from kiosk.office.forms import Apology, Receipt, Refusal, Supplement, form_data
from kiosk.office.summaries import clerk_names, summary_data
from kiosk.store import dossiers, events, jobs
from kiosk.texts import texts
from kiosk.tickets import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.dossier_answers import DossierAnswer
    from kiosk.office.centre import Centre
    from kiosk.office.forms import Form
    from kiosk.texts import Texts

SLIP_EVERY: Final = timedelta(hours=1)
"""How often anybody may print the apology for one dossier, so that nobody empties the roll."""
APOLOGISED: Final = frozenset({Outlook.LATE, Outlook.POSTPONED})

_ENDED: Final = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.STOPPED})
_READY: Final = frozenset({Status.FINISHED, Status.RETURNED})
_OPEN: Final = frozenset(Status) - _ENDED - _READY
_USUAL: Final[Mapping[str, frozenset[Status]]] = {
    "receipt": _OPEN,
    "supplement": _OPEN,
    "refusal": frozenset({Status.REGISTERED, Status.REJECTED}),
    "apology": _OPEN,
    "handover": _READY | _ENDED,
}
"""In which status a dossier is about which such a form is handed out."""


def queue_form(centre: Centre, code: str, form: Form, *, actor: str, language: str = "vi") -> str:
    """Queues a form about a stored dossier; returns its job.

    A receipt gives the dossier a secret if it has none yet, and the due date that follows from the
    days of the law where nobody knows another. An apology stands from now on beside the new date.
    Refused: unknown_dossier, no_due_date (of a receipt), no_new_date (of an apology), until_past
    (of a receipt or a supplement).
    """
    until = form.until if isinstance(form, Supplement | Receipt) else None
    if until is not None and is_past(centre, until):
        raise Refused("until_past", kind=form.kind)
    with centre.database.write() as query:
        dossier = dossiers.find(query, centre.code, normalise_code(code))
        if dossier is None:
            raise Refused("unknown_dossier", dossier=code)
        if isinstance(form, Apology) and dossier.new_due_at is None:
            raise Refused("no_new_date", dossier=dossier.code)
        if isinstance(form, Apology):
            _apologised(centre, query, dossier, form)
        if isinstance(form, Receipt):
            dossier = _received(centre, query, dossier, form)
        data = form_data(centre, dossier, form, texts(language))
        return queue(centre, query, form.kind, data, actor=actor, dossier=dossier.code)


def queue_apology_slip(
    centre: Centre, code: str, *, actor: str, named: bool, language: str = "vi"
) -> str:
    """Queues what a late dossier's owner may print without a clerk; returns its job.

    It bears no signature, and the masked owner only when ``named``: for who has shown the second
    factor. It is no promise: nothing of the dossier changes. Refused: no_such_dossier, not_late,
    apology_given (there was an apology within the hour).
    """
    now, words = centre.clock(), texts(language)
    with centre.database.write() as query:
        dossier = dossiers.find(query, centre.code, normalise_code(code))
        if dossier is None:
            raise Refused("no_such_dossier")
        dossier = replace(dossier, **dossiers.lists(query, centre.code, dossier.code))
        known = answer(dossier, now, centre.working_time, full=named)
        if known.outlook not in APOLOGISED:
            raise Refused("not_late")
        if events.forms_since(query, centre.code, dossier.code, "apology", now - SLIP_EVERY):
            raise Refused("apology_given")
        new = known.promised_at if known.outlook is Outlook.POSTPONED else None
        shown = replace(dossier, owner_name=known.owner, new_due_at=new)
        data = form_data(centre, shown, Apology((), ""), words)
        sorry = "sorry" if new else "sorry.undated"
        at = now.astimezone(centre.timezone)
        told = (
            words.say(f"slip.apology.{sorry}", office=centre.name_in(language)),
            words.say("slip.apology.by_machine", time=words.clock(at), date=words.date(at.date())),
        )
        own = {"title": words.say("slip.apology.plain"), "lines": told, "signers": []}
        data |= {**own, "addressee": _addressee(known, words)}
        return queue(centre, query, "apology", data, actor=actor, dossier=dossier.code)


def _addressee(known: DossierAnswer, words: Texts) -> list[str]:
    return [words.say("slip.apology.to"), *([known.owner] if known.owner else [])]


def status_against(centre: Centre, code: str, kind: str) -> Status | None:
    """The status in which nobody expects such a form about the stored dossier; None when it fits.

    It refuses nothing: what is stored may be a day old.
    """
    with centre.database.read() as query:
        dossier = dossiers.find(query, centre.code, normalise_code(code))
    return None if dossier is None or dossier.status in _USUAL[kind] else dossier.status


def is_overdue(centre: Centre, code: str) -> bool:
    """Whether the stored dossier's last due date has passed."""
    with centre.database.read() as query:
        dossier = dossiers.find(query, centre.code, normalise_code(code))
    promised = dossier.promised_at if dossier else None
    return promised is not None and is_past(centre, promised)


def is_past(centre: Centre, moment: datetime) -> bool:
    """A date without an hour is the whole day."""
    until = moment.astimezone(centre.timezone)
    whole_day = timedelta(days=1) if until.time() == time() else timedelta()
    return until + whole_day < centre.clock()


def queue_refusal_at_counter(
    centre: Centre, subject: str, form: Refusal, *, actor: str, language: str = "vi"
) -> str:
    """Queues the refusal of papers that never became a dossier; returns its job."""
    papers = Dossier("", Status.REJECTED, subject)
    with centre.database.write() as query:
        data = form_data(centre, papers, form, texts(language))
        return queue(centre, query, form.kind, data, actor=actor)


def queue_summary(
    centre: Centre, number: int, day: date | None, *, actor: str, language: str = "vi"
) -> str:
    """Queues the summary of a counter's office day, the running one if None; returns its job.

    Refused: unknown_counter, day_to_come (day).
    """
    centre.counter(number)
    today = _today(centre)
    day = day or today
    if day > today:
        raise Refused("day_to_come", day=texts(language).date(day))
    history, names = read_day(centre, day), clerk_names(centre)
    data = summary_data(centre, number, day, history, names, texts(language))
    with centre.database.write() as query:
        return queue(centre, query, "summary", data, actor=actor, counter=number)


def _today(centre: Centre) -> date:
    with centre.database.read() as query:
        return date.fromisoformat(days.today(centre, query, centre.clock()))


def _received(centre: Centre, query: Query, dossier: Dossier, form: Receipt) -> Dossier:
    """The dossier with what its receipt says, which is kept."""
    now, known = centre.clock(), dossier
    if not (form.until or dossier.promised_at):
        term = Term(Unit.WORKING_DAYS, form.days)
        due_at = due(centre.working_time, dossier.received_at or now, term) if form.days else None
        if due_at is None:
            raise Refused("no_due_date", dossier=dossier.code)
        known = replace(known, due_at=due_at)
    if not dossier.secret:
        known = replace(known, secret=new_secret())
    if known is not dossier:
        dossiers.upsert(query, centre.code, [dossiers.to_row(known)], now)
    return known


def _apologised(centre: Centre, query: Query, dossier: Dossier, form: Apology) -> None:
    """Notes for which new date the office apologised, by whom and why."""
    assert dossier.new_due_at is not None
    told = dossiers.lists(query, centre.code, dossier.code)["postponements"]
    before = told[-1].due_after if told else dossier.due_at
    meant = Postponement(centre.clock(), before, dossier.new_due_at)
    if told and told[-1].due_after == dossier.new_due_at:
        *told, meant = told
    if meant.cause is not Cause.SUPPLEMENT:
        meant = replace(
            meant,
            cause=Cause.APOLOGY,
            reason="; ".join(form.reasons),
            signer=form.signer,
            number=form.number or None,
        )
    dossiers.replace_list(query, centre.code, dossier.code, "postponements", [*told, meant])


def queue(
    centre: Centre,
    query: Query,
    kind: str,
    data: Mapping[str, object],
    *,
    actor: str,
    dossier: str | None = None,
    counter: int | None = None,
) -> str:
    """Lays a form into this kiosk's outbox; returns its job."""
    now, job_id = centre.clock(), new_id()
    place = events.append(
        query,
        centre.code,
        now,
        "form.queued",
        actor=actor,
        dossier=dossier,
        details={"form": kind, "job": job_id, **({"counter": counter} if counter else {})},
    )
    jobs.insert(
        query,
        centre.code,
        job_id=job_id,
        kiosk=centre.kiosk,
        place=place,
        ticket=None,
        slip=kind,
        data=data,
        now=now,
    )
    return job_id
