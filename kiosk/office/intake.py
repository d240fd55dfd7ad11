"""Taking a dossier in: its code, its receipt and its first step, in one transaction.

What names a person stands in the dossier and on its slips alone, never in an event or a log.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json

from kiosk.calendar import local_day, stamp
from kiosk.deadlines import Unit, due, is_day
from kiosk.dossier_answers import promise
from kiosk.dossiers import Channel, Dossier, Fee, Status, Step, normalise_code
from kiosk.errors import Refused
from kiosk.intake import (
    OPEN,
    IntakeRules,
    is_id_number,
    is_phone,
    new_secret,
    plain_number,
)
from kiosk.office import jobs
from kiosk.office.form_jobs import is_past, queue
from kiosk.office.forms import Paper, Receipt, form_data
from kiosk.plain import one_line
from kiosk.procedures import folded
from kiosk.procedures import normalise_code as procedure_code
from kiosk.store import dossiers, events, procedures, tickets
from kiosk.store import intake as store
from kiosk.store import jobs as job_rows
from kiosk.texts import texts
from kiosk.tickets import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.procedures import ChannelTerms, Procedure

_UNDER_WAY: Final = frozenset({"queued", "sending"})
_WHOLE_DAY: Final = timedelta(days=1, seconds=-1)


@dataclass(frozen=True, slots=True)
class By:
    """The clerk who acts, and at which counter."""

    login: str
    name: str
    counter: int | None = None

    @property
    def actor(self) -> str:
        return f"clerk:{self.login}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is handed in. ``due_at`` is when the result is promised where the procedure's term is
    not meant; ``ticket`` is the id of who is at the counter; the owner hands it in unless there is
    a ``submitter``.

    ``request_id`` tells one press from another: with one that is known nothing is taken in again.
    """

    procedure: str
    owner: str
    phone: str = ""
    id_number: str = ""
    address: str = ""
    submitter: str = ""
    channel: Channel = Channel.IN_PERSON
    papers: tuple[Paper, ...] = ()
    fees: tuple[Fee, ...] = ()
    sets: int = 1
    due_at: datetime | None = None
    ticket: str | None = None
    request_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Received:
    """``new`` is False where the same request had been answered before."""

    dossier: Dossier
    job: str
    new: bool = True


def rules_of(centre: Centre) -> IntakeRules:
    """Refused: no_such_page, where other software takes dossiers in."""
    if centre.intake is None:
        raise Refused("no_such_page")
    return centre.intake


def receive(centre: Centre, wish: Wish, *, by: By) -> Received:
    """Takes a dossier in: gives the next code of the office, and queues its receipt.

    Refused: no_such_page (switched off), intake_elsewhere (not at this counter), no_such_procedure,
    owner_needed, phone_digits, bad_id_number, due_needed (the procedure says no term), due_past,
    intake_differs.
    """
    rules = rules_of(centre)
    if not rules.takes_at(by.counter):
        raise Refused("intake_elsewhere", counter=by.counter)
    wish = _checked(centre, wish)
    digest = _digest(wish)
    with centre.database.write() as query:
        known = store.by_request(query, centre.code, wish.request_id)
        if known is not None:
            if known["request"] != digest:
                raise Refused("intake_differs", dossier=known["code"])
            return Received(whole(centre, query, known["code"]), known["job"], new=False)
        procedure = procedures.find(query, centre.code, procedure_code(wish.procedure))
        if procedure is None:
            raise Refused("no_such_procedure")
        return _received(centre, query, rules, wish, procedure, by, digest)


def _received(
    centre: Centre,
    query: Query,
    rules: IntakeRules,
    wish: Wish,
    procedure: Procedure,
    by: By,
    digest: str,
) -> Received:
    now = centre.clock()
    terms = terms_by(procedure, wish.channel)
    due_at = wish.due_at or due_by(centre, terms, now)
    if due_at is None:
        raise Refused("due_needed")
    unit = centre.name
    dossier = Dossier(
        code=_next_code(centre, query, rules, now),
        status=Status.ACCEPTED,
        procedure_name=procedure.name,
        procedure_code=procedure.code,
        field=procedure.field or None,
        channel=wish.channel,
        receiving_unit=unit,
        resolving_unit=procedure.agency or centre.parent or unit,
        handler=by.name,
        owner_name=wish.owner,
        phone=wish.phone or None,
        address=wish.address or None,
        id_number=wish.id_number or None,
        secret=new_secret(),
        fee=total_of(wish.fees),
        fee_paid=bool(wish.fees) and all(one.paid for one in wish.fees),
        received_at=now,
        due_at=due_at,
        steps=(Step(Status.ACCEPTED, unit, by.name, now, due_at=due_at),),
        fees=wish.fees,
    )
    code = dossier.code
    put(centre, query, dossier)
    seq = events.append(
        query,
        centre.code,
        now,
        "dossier.received",
        actor=by.actor,
        counter=by.counter,
        clerk=by.login,
        dossier=code,
        details={"procedure": procedure.code, "channel": int(wish.channel)},
    )
    term_days = 0 if wish.due_at else _working_days(terms)
    form = Receipt(
        wish.submitter or wish.owner, by.name, wish.papers, sets=wish.sets, days=term_days
    )
    job = _queue_receipt(centre, query, dossier, form, by)
    here = tickets.at_counter(query, centre.code, by.counter) if by.counter else None
    linked = here is not None and here.id == wish.ticket
    if linked and wish.ticket:
        store.link_ticket(query, centre.code, wish.ticket, code)
    facts = {
        "code": code,
        "request_id": wish.request_id,
        "request": digest,
        "version": seq,
        "clerk": by.login,
        "counter": by.counter,
        "ticket": wish.ticket if linked else None,
        "submitter": wish.submitter,
        "sets": wish.sets,
        "term_days": term_days,
        "owner_folded": folded(wish.owner),
        "digits": " ".join(filter(None, (wish.phone, wish.id_number))),
        "job": job,
        "receipts": 1,
        **standing(centre, dossier),
    }
    store.insert(query, centre.code, facts)
    store.insert_papers(query, centre.code, code, [_paper_row(one) for one in wish.papers])
    return Received(dossier, job)


def print_again(centre: Centre, code: str, *, by: By) -> str:
    """Queues the receipt once more, marked as a reprint with its number; returns its job.

    Refused: no_such_page, no_such_dossier, job_waiting (it will still print by itself).
    """
    rules_of(centre)
    code = normalise_code(code)
    with centre.database.write() as query:
        row = known(centre, query, code)
        last = job_rows.by_id(query, centre.code, row["job"])
        if last is not None and last["state"] in _UNDER_WAY:
            raise Refused("job_waiting")
        if last is not None and last["data"] and last["reason"] not in job_rows.DECIDED:
            job = jobs.reprint_in(centre, query, last["id"], clerk=by.login)
        else:
            dossier = whole(centre, query, code)
            form = Receipt(
                row["submitter"] or dossier.owner_name or "",
                by.name,
                papers_of(centre, query, code),
                sets=row["sets"],
                days=row["term_days"],
            )
            job = _queue_receipt(centre, query, dossier, form, by, copy=row["receipts"])
        store.change(query, centre.code, code, job=job, receipts=row["receipts"] + 1)
    return job


def terms_by(procedure: Procedure, channel: Channel) -> ChannelTerms | None:
    """What the posting says of that channel; where it says nothing of it, of handing in at the
    counter, or of the only one it has."""
    by = {one.channel: one for one in reversed(procedure.channels)}
    return by.get(channel) or by.get(Channel.IN_PERSON) or next(iter(by.values()), None)


def due_by(centre: Centre, terms: ChannelTerms | None, received: datetime) -> datetime | None:
    """When the result is due of what is received then; None where no term is posted."""
    if terms is None or terms.term is None:
        return None
    return due(centre.working_time, received, terms.term)


def _working_days(terms: ChannelTerms | None) -> int:
    """How many the law gives; 0 where it counts otherwise."""
    term = terms.term if terms else None
    return term.amount if term and term.unit is Unit.WORKING_DAYS else 0


def known(centre: Centre, query: Query, code: str) -> Mapping[str, Any]:
    """What is kept of a dossier that was taken in here. Refused: no_such_dossier."""
    row = store.find(query, centre.code, code)
    if row is None:
        raise Refused("no_such_dossier")
    return row


def whole(centre: Centre, query: Query, code: str) -> Dossier:
    """A stored dossier with all that has a table of its own. Refused: no_such_dossier."""
    found = dossiers.find(query, centre.code, code)
    if found is None:
        raise Refused("no_such_dossier")
    return replace(found, **dossiers.lists(query, centre.code, code))


def papers_of(centre: Centre, query: Query, code: str) -> tuple[Paper, ...]:
    return tuple(Paper(**row) for row in store.papers(query, centre.code, code))


def put(centre: Centre, query: Query, dossier: Dossier) -> None:
    """Keeps the dossier with its lists."""
    dossiers.upsert(query, centre.code, [dossiers.to_row(dossier)], centre.clock())
    for name in dossiers.LISTS:
        dossiers.replace_list(query, centre.code, dossier.code, name, getattr(dossier, name))


def standing(centre: Centre, dossier: Dossier) -> dict[str, object]:
    """By what open dossiers are found: whether it is one, and until when it is in time; of what is
    promised for a day until that ends."""
    promised = promise(dossier, centre.working_time)
    if promised is not None and is_day(promised, centre.timezone):
        promised += _WHOLE_DAY
    return {
        "is_open": int(dossier.status in OPEN),
        "promised_at": stamp(promised) if promised else None,
    }


def total_of(fees: tuple[Fee, ...]) -> int | None:
    amounts = [one.amount for one in fees if one.amount is not None]
    return sum(amounts) if amounts else None


def _checked(centre: Centre, wish: Wish) -> Wish:
    """The wish as it is kept."""
    texts = ("owner", "address", "submitter")
    plain: dict[str, Any] = {name: one_line(getattr(wish, name)) for name in texts}
    numbers: dict[str, Any] = {
        name: plain_number(getattr(wish, name)) for name in ("phone", "id_number")
    }
    wish = replace(wish, **plain, **numbers)
    if not wish.owner:
        raise Refused("owner_needed")
    if wish.phone and not is_phone(wish.phone):
        raise Refused("phone_digits")
    if wish.id_number and not is_id_number(wish.id_number, wish.owner):
        raise Refused("bad_id_number")
    if wish.due_at is not None and is_past(centre, wish.due_at):
        raise Refused("due_past")
    papers = tuple(replace(one, name=one_line(one.name)) for one in wish.papers)
    fees = tuple(replace(one, name=one_line(one.name)) for one in wish.fees)
    return replace(wish, papers=papers, fees=fees)


def _digest(wish: Wish) -> str:
    """By which a request that is sent again is known to be the same."""
    facts = asdict(wish)
    del facts["ticket"]
    return hashlib.sha256(to_json(facts)).hexdigest()


def _next_code(centre: Centre, query: Query, rules: IntakeRules, now: datetime) -> str:
    """The next of its series that no dossier has, wherever that came from."""
    day = local_day(now, centre.timezone)
    series = rules.pattern.series(centre.code, day)
    while True:
        n = store.next_number(query, centre.code, series, rules.first_number)
        code = rules.pattern.code(centre.code, day, n)
        if dossiers.find(query, centre.code, code) is None:
            return code


def _queue_receipt(
    centre: Centre, query: Query, dossier: Dossier, form: Receipt, by: By, *, copy: int = 0
) -> str:
    language = centre.languages[0]
    data = form_data(centre, dossier, form, texts(language))
    if copy:
        data["copy_mark"] = jobs.copy_mark(centre, copy, language)
    return queue(
        centre, query, form.kind, data, actor=by.actor, dossier=dossier.code, counter=by.counter
    )


def _paper_row(paper: Paper) -> dict[str, object]:
    kept = asdict(paper)
    # Who counts papers without saying of which kind counts originals.
    kept["originals"] += kept.pop("count")
    return kept
