"""The outbox of slips: what the print process asks for and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk.board import SlipState
from kiosk.calendar import stamp
from kiosk.errors import Refused
from kiosk.office import days, outbox
from kiosk.office.moves import ticket_of_today
from kiosk.office.procedure_slips import KIND, is_wanted
from kiosk.office.slips import read_facts, read_slip
from kiosk.office.tickets import place_of, slip_facts
from kiosk.store import events, jobs, rolls, tickets
from kiosk.texts import texts
from kiosk.tickets import TicketState, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts
    from kiosk.tickets import Ticket

_HELD: Final = timedelta(hours=1)
_COMES_OUT: Final = timedelta(seconds=15)
"""As long as a slip is waited for (``printer.state.Pace.fence``)."""
_NO_PROOF: Final = frozenset({"sent", "status"})
_LEADS_TO: Final = {
    "queued": frozenset({"sending", "failed"}),
    "sending": frozenset({"queued", "printed", "unknown", "failed"}),
    "unknown": frozenset({"printed"}),
    "printed": frozenset[str](),
    "failed": frozenset[str](),
}
_UNDER_WAY: Final = frozenset({"queued", "sending"})
_IN_DOUBT: Final = frozenset({"unknown", "failed"})
_ON_PAPER: Final = frozenset({"printed", "unknown"})
"""What has used paper, or may have; a late answer does not use it twice."""
_TO_BE_SERVED: Final = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.PARKED})


@dataclass(frozen=True, slots=True)
class Job:
    """A slip to print, as ``printer.slips`` wants it; ``copy`` counts reprints, 0 is the first.

    ``data`` is None when what the store holds cannot be read.
    """

    id: str
    slip: str
    data: Mapping[str, object] | None
    copy: int


def next_job(centre: Centre) -> Job | None:
    """The oldest slip of this kiosk that waits for the printer; those nobody needs any more, as
    many may be after hours without paper, are dropped."""
    while True:
        with centre.database.read() as query:
            row = jobs.next_queued(query, centre.code, centre.kiosk)
            ticket = _ticket_of(centre, query, row)
            needed = row is None or _is_needed(centre, query, row, ticket)
        if row is None:
            return None
        if needed:
            data = read_slip(centre, row["data"], ticket)
            return Job(row["id"], row["slip"], data, row["copy"])
        with centre.database.write() as query:
            # It may have come back into the line, or staff may have dropped it, since it was read.
            row = jobs.next_queued(query, centre.code, centre.kiosk)
            ticket = _ticket_of(centre, query, row)
            if row is not None and not _is_needed(centre, query, row, ticket):
                drop_in(query, centre, row, f"kiosk:{centre.kiosk}")


def _ticket_of(centre: Centre, query: Query, row: Mapping[str, Any] | None) -> Ticket | None:
    """The ticket whose paper the job is; None for a form."""
    if row is None or row["slip"] != "ticket" or row["ticket"] is None:
        return None
    return tickets.by_id(query, centre.code, row["ticket"])


def _is_needed(centre: Centre, query: Query, row: Mapping[str, Any], ticket: Ticket | None) -> bool:
    """Whether the slip is a form, a list for somebody who may stand there, or a ticket for somebody
    who is still to be served.

    A reprint was asked for by a clerk, and is needed as long as its day lasts.
    """
    if row["slip"] == KIND:
        return is_wanted(row, centre.clock())
    if ticket is None:
        return True
    if days.is_over(centre, query, ticket.day, centre.clock()):
        return False
    return row["copy"] > 0 or ticket.state in _TO_BE_SERVED


def mark_sending(
    centre: Centre, job_id: str, millimetres: int = 0, *, process: str | None = None
) -> None:
    """Written before the first byte goes out, so that a crash leaves an honest trace; with the
    length of paper that the slip takes.

    Refused("outbox_taken") when ``process`` does not have the outbox any more.
    """
    _settle(centre, job_id, "sending", "", "", millimetres, process)


def settle(centre: Centre, job_id: str, state: str, evidence: str = "", reason: str = "") -> None:
    """The end of a job, with what proves it; or "queued" again when no byte went out."""
    _settle(centre, job_id, state, evidence, reason)


def recover(centre: Centre) -> tuple[str, ...]:
    """Marks unknown what was on the way when the print process died; returns those jobs."""
    with centre.database.read() as query:
        lost = [
            row["id"]
            for row in jobs.unsettled(query, centre.code)
            if row["state"] == "sending" and row["kiosk"] == centre.kiosk
        ]
    for job_id in lost:
        _settle(centre, job_id, "unknown", "", "interrupted")
    return tuple(lost)


def may_be_torn(centre: Centre) -> bool:
    """Whether a slip of late may have stopped half-way, so that the printer holds its half.

    That staff no longer want the slip, or want another, takes no paper out of the printer. Nor is
    one out that was only sent, or of which the printer said no more than that it is well.
    """
    now = centre.clock()
    with centre.database.read() as query:
        if jobs.lost_since(query, centre.code, centre.kiosk, now - _HELD):
            return True
        came_out = events.of_late(
            query, centre.code, "job.printed", f"kiosk:{centre.kiosk}", now - _COMES_OUT
        )
    return any(told["evidence"] in _NO_PROOF for told in came_out)


def slip_of(centre: Centre, ticket_id: str) -> SlipState:
    """Where the paper is of a ticket that this kiosk gave."""
    with centre.database.read() as query:
        states = jobs.unsettled_of(query, centre.code, centre.kiosk, ticket_id)
    if not states:
        return SlipState.PRINTED
    return SlipState.WAITING if _IN_DOUBT.isdisjoint(states) else SlipState.IN_DOUBT


def queue_test_page(centre: Centre, words: Texts, *, clerk: str | None = None) -> str:
    """Queues the page that a technician looks at; returns its job. ``clerk`` asked for it at the
    window, or somebody at the command line."""
    now = centre.clock()
    job_id = new_id()
    with centre.database.write() as query:
        place = events.append(
            query, centre.code, now, "job.tested",
            actor=f"clerk:{clerk}" if clerk else "operator", clerk=clerk,
            details={"job": job_id},
        )  # fmt: skip
        jobs.insert(
            query,
            centre.code,
            job_id=job_id,
            kiosk=centre.kiosk,
            place=place,
            ticket=None,
            slip="test",
            data=test_page_data(centre, words, job_id, now),
            now=now,
        )
    return job_id


def confirm(centre: Centre, job_id: str, *, clerk: str) -> None:
    """A clerk has seen the paper of a slip that was in doubt.

    Refused: no_such_job, job_settled, job_waiting (it will still print by itself).
    """
    with centre.database.write() as query:
        row = _open_job(query, centre, job_id)
        if row["state"] in _UNDER_WAY:
            raise Refused("job_waiting")
        if row["state"] not in _IN_DOUBT:
            raise Refused("job_settled", state=row["state"])
        now, evidence = centre.clock(), f"clerk:{clerk}"
        jobs.set_state(
            query, centre.code, job_id, "printed", now, evidence=evidence, reason="confirmed"
        )
        jobs.forget(query, centre.code, job_id)
        _note(query, centre, row, "confirmed", evidence, now)


def drop(centre: Centre, job_id: str, *, clerk: str) -> None:
    """Nobody wants the slip any more; one in doubt stays so, for it may be on paper all the same.

    Refused: no_such_job, job_settled, job_waiting (it prints now).
    """
    with centre.database.write() as query:
        row = _open_job(query, centre, job_id)
        if row["state"] == "sending":
            raise Refused("job_waiting")
        if row["state"] not in _IN_DOUBT | {"queued"}:
            raise Refused("job_settled", state=row["state"])
        drop_in(query, centre, row, f"clerk:{clerk}")


def reprint(centre: Centre, job_id: str, *, clerk: str) -> str:
    """Queues the slip once more, marked as a reprint with its number; returns the new job.

    Also one that was dropped, or said to have come out, by mistake. The one before can be reprinted
    no more, so copies are counted up. Refused: no_such_job, job_waiting (it will still print by
    itself), job_settled (there is a later one), job_forgotten (a form that was done with),
    job_unreadable.
    """
    with centre.database.write() as query:
        return reprint_in(centre, query, job_id, clerk=clerk)


def reprint_in(centre: Centre, query: Query, job_id: str, *, clerk: str) -> str:
    """The same as a part of a write."""
    now, new = centre.clock(), new_id()
    row = _job(query, centre, job_id)
    if row["reason"] == "reprinted":
        raise Refused("job_settled", state=row["state"])
    if row["state"] in _UNDER_WAY:
        raise Refused("job_waiting")
    data, copy = read_facts(row["data"]), row["copy"] + 1
    if not row["data"]:
        raise Refused("job_forgotten")
    if data is None:
        raise Refused("job_unreadable")
    jobs.set_reason(query, centre.code, job_id, "reprinted")
    place = _note(query, centre, row, "reprinted", f"clerk:{clerk}", now)
    mark = copy_mark(centre, copy, data.get("language"))
    data = _as_it_is_now(centre, query, row, data, now)
    jobs.insert(
        query,
        centre.code,
        job_id=new,
        kiosk=row["kiosk"],
        place=place,
        ticket=row["ticket"],
        slip=row["slip"],
        data={**data, "copy_mark": mark},
        copy=copy,
        now=now,
    )
    jobs.forget(query, centre.code, job_id)
    return new


def reprint_ticket(centre: Centre, wanted: str, *, clerk: str) -> str:
    """The same for the last slip of a ticket of today: by its id, or its number, also typed short.

    Refused: no_such_number, no_slip, and what ``reprint`` says.
    """
    with centre.database.read() as query:
        day = days.today(centre, query, centre.clock())
        ticket = ticket_of_today(centre, query, wanted, day)
        last = jobs.last_of(query, centre.code, ticket.id)
    if last is None:
        raise Refused("no_slip", number=ticket.number)
    return reprint(centre, last, clerk=clerk)


def copy_mark(centre: Centre, copy: int, language: object) -> str:
    """Says that a paper is a reprint: to the office, and to whoever reads another language."""
    first = centre.languages[0]
    spoken = [first, *(code for code in centre.languages if code == language != first)]
    return " · ".join(texts(code).say("slip.reprint", n=copy) for code in spoken)


def _as_it_is_now(
    centre: Centre, query: Query, row: Mapping[str, Any], data: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """What a reprint tells: of a ticket that is still in the hall, who is ahead of it by now."""
    ticket = _ticket_of(centre, query, row)
    day = days.today(centre, query, now)
    if ticket is None or ticket.state not in _TO_BE_SERVED or ticket.day != day:
        return data
    if "language" not in data:
        return data  # the sentences of an earlier version's store
    place = place_of(centre, query, ticket, now, day)
    return {**slip_facts(place, data["language"]), "printed_at": stamp(now)}


def _open_job(query: Query, centre: Centre, job_id: str) -> Mapping[str, Any]:
    """The job, unless staff have already decided about it."""
    row = _job(query, centre, job_id)
    if row["reason"] in jobs.DECIDED:
        raise Refused("job_settled", state=row["state"])
    return row


def drop_in(query: Query, centre: Centre, row: Mapping[str, Any], actor: str) -> None:
    """Gives a job up for good; of a form nothing is kept."""
    now = centre.clock()
    if row["state"] == "queued":
        jobs.set_state(query, centre.code, row["id"], "failed", now, reason="dropped")
    else:
        jobs.set_reason(query, centre.code, row["id"], "dropped")
    jobs.forget(query, centre.code, row["id"])
    _note(query, centre, row, "dropped", actor, now)


def _note(
    query: Query, centre: Centre, row: Mapping[str, Any], decided: str, actor: str, now: datetime
) -> int:
    """Writes what was decided about a job; returns the event's sequence."""
    return events.append(
        query,
        centre.code,
        now,
        f"job.{decided}",
        actor=actor,
        ticket=row["ticket"],
        details={"job": row["id"], "before": row["state"]},
    )


def test_page_data(centre: Centre, words: Texts, job_id: str, now: datetime) -> dict[str, object]:
    local = now.astimezone(centre.timezone)
    issued = words.say("slip.test.issued", time=f"{local:%H:%M:%S}", date=words.date(local.date()))
    return {
        "title": words.say("slip.test.title"),
        "lines": [centre.name_in(words.language), centre.kiosk, issued],
        "code": job_id,
        "url": f"{centre.code} {centre.kiosk}",
    }


def _settle(
    centre: Centre,
    job_id: str,
    state: str,
    evidence: str,
    reason: str,
    millimetres: int | None = None,
    process: str | None = None,
) -> None:
    now = centre.clock()
    with centre.database.write() as query:
        if process is not None:
            outbox.check(centre, query, process)
        row = _job(query, centre, job_id)
        if state == row["state"]:
            return  # said again, because the first time was not heard to be taken
        if state not in _LEADS_TO[row["state"]]:
            raise Refused("job_settled", move=state, state=row["state"])
        # A slip that comes out late after all is not reprinted anew, nor asked about.
        decided = row["reason"] if row["reason"] in jobs.DECIDED else reason
        jobs.set_state(
            query,
            centre.code,
            job_id,
            state,
            now,
            evidence=evidence,
            reason=decided,
            millimetres=millimetres,
        )
        if state == "printed":
            jobs.forget(query, centre.code, job_id)
        if row["state"] == "sending" and state in _ON_PAPER and row["millimetres"]:
            rolls.use(query, centre.code, centre.kiosk, row["millimetres"], now)
        events.append(
            query,
            centre.code,
            now,
            f"job.{state}",
            actor=f"kiosk:{centre.kiosk}",
            ticket=row["ticket"],
            details={"job": job_id, "evidence": evidence, "reason": decided},
        )


def _job(query: Query, centre: Centre, job_id: str) -> Mapping[str, Any]:
    row = jobs.by_id(query, centre.code, job_id)
    if row is None:
        raise Refused("no_such_job", job=job_id)
    return row
