"""The outbox of slips: what the print process asks for and answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused
from kiosk.store import events, jobs
from kiosk.tickets import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

_LEADS_TO: Final = {
    "queued": frozenset({"sending", "failed"}),
    "sending": frozenset({"queued", "printed", "unknown", "failed"}),
    "unknown": frozenset({"printed"}),
    "printed": frozenset[str](),
    "failed": frozenset[str](),
}


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
    """The oldest slip of this kiosk that waits for the printer."""
    with centre.database.read() as query:
        row = jobs.next_queued(query, centre.code, centre.kiosk)
    return Job(row["id"], row["slip"], _read(row["data"]), row["copy"]) if row else None


def _read(data: str) -> Mapping[str, object] | None:
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def mark_sending(centre: Centre, job_id: str) -> None:
    """Written before the first byte goes out, so that a crash leaves an honest trace."""
    _settle(centre, job_id, "sending", "", "")


def settle(centre: Centre, job_id: str, state: str, evidence: str = "", reason: str = "") -> None:
    """The end of a job, with what proves it; or "queued" again when no byte went out."""
    _settle(centre, job_id, state, evidence, reason)


def recover(centre: Centre) -> tuple[str, ...]:
    """Marks unknown what was on the way when the print process died; returns those jobs."""
    with centre.database.read() as query:
        lost = [
            row["id"]
            for row in jobs.unsettled(query, centre.code, centre.kiosk)
            if row["state"] == "sending"
        ]
    for job_id in lost:
        _settle(centre, job_id, "unknown", "", "interrupted")
    return tuple(lost)


def test_page_data(centre: Centre, words: Texts, job_id: str, now: datetime) -> dict[str, object]:
    local = now.astimezone(centre.timezone)
    issued = words.say("slip.test.issued", time=f"{local:%H:%M:%S}", date=words.date(local.date()))
    return {
        "title": words.say("slip.test.title"),
        "lines": [centre.name, centre.kiosk, issued],
        "code": job_id,
        "url": f"{centre.code} {centre.kiosk}",
    }


def queue_test_page(centre: Centre, words: Texts) -> str:
    """Queues the page that a technician looks at; returns its job."""
    now = centre.clock()
    job_id = new_id()
    with centre.database.write() as query:
        place = events.append(
            query, centre.code, now, "job.tested", actor="operator", details={"job": job_id}
        )
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


def _settle(centre: Centre, job_id: str, state: str, evidence: str, reason: str) -> None:
    now = centre.clock()
    with centre.database.write() as query:
        row = _job(query, centre, job_id)
        if state == row["state"]:
            return  # said again, because the first time was not heard to be taken
        if state not in _LEADS_TO[row["state"]]:
            raise Refused("illegal_move", move=state, state=row["state"])
        jobs.set_state(query, centre.code, job_id, state, now, evidence=evidence, reason=reason)
        events.append(
            query,
            centre.code,
            now,
            f"job.{state}",
            actor=f"kiosk:{centre.kiosk}",
            ticket=row["ticket"],
            details={"job": job_id, "evidence": evidence, "reason": reason},
        )


def _job(query: Query, centre: Centre, job_id: str) -> Mapping[str, Any]:
    row = jobs.by_id(query, centre.code, job_id)
    if row is None:
        raise Refused("no_such_job", job=job_id)
    return row
