"""What another program has still to be told: the events after its own place in the table.

The place is kept in the store and moved on after the telling, so that nothing is lost when a
process dies, and what was told last may be told twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment
from kiosk.history import Event
from kiosk.office import devices
from kiosk.office.hall import read_devices
from kiosk.store import events, webhooks
from kiosk.webhooks import DEVICE, SAMPLE, headers, told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.webhooks import Webhook

LEASE: Final = timedelta(seconds=15)
"""Another process may tell a webhook once the one that did has not been heard for longer."""

TOLD_WITHIN: Final = timedelta(days=1)
"""What is older is told to nobody any more: whoever was called yesterday has gone home."""

PAGE: Final = 200

_TIMES: Final = ("issued_at", "called_at", "started_at", "ended_at")


@dataclass(frozen=True, slots=True)
class Delivery:
    seq: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be told, and the place after all that was looked at; ``more`` follows or not."""

    deliveries: tuple[Delivery, ...]
    end: int
    more: bool


def hold(centre: Centre, hook: Webhook, process: str) -> int | None:
    """The place after which the webhook is to be told; None while another process tells it.

    Takes it for this process, or renews that: call it well within ``LEASE``. One that was never
    told begins at the present end of the events.
    """
    now = centre.clock()
    with centre.database.read() as query:
        if is_others(webhooks.of(query, centre.code, hook.name), process, now):
            return None
    with centre.database.write() as query:
        row = webhooks.of(query, centre.code, hook.name)
        if is_others(row, process, now):
            return None
        last = events.last(query, centre.code)
        # After an older copy of the store was put back the place may lie beyond the end.
        seq = min(int(row["seq"]), last) if row else last
        webhooks.take(query, centre.code, hook.name, seq, process, now)
    return seq


def move_on(centre: Centre, hook: Webhook, process: str, seq: int) -> bool:
    """Keeps that all up to ``seq`` was told; False when another process tells it by now."""
    with centre.database.write() as query:
        return _moved(centre, query, hook, process, seq)


def skip(centre: Centre, hook: Webhook, process: str, seq: int, *, after: int, why: str) -> bool:
    """The same for what was not told, which an event says; ``after`` is the place before."""
    with centre.database.write() as query:
        if not _moved(centre, query, hook, process, seq):
            return False
        events.append(
            query,
            centre.code,
            centre.clock(),
            "webhook.skipped",
            actor=f"kiosk:{centre.kiosk}",
            details={"webhook": hook.name, "first": after + 1, "last": seq, "why": why},
        )
    return True


def leave(centre: Centre, hook: Webhook, process: str) -> None:
    """Gives the webhook up, so that another process need not wait for it."""
    with centre.database.write() as query:
        webhooks.leave(query, centre.code, hook.name, process)


def forget_others(centre: Centre, named: Collection[str]) -> None:
    """Drops the health of webhooks that kiosk.toml has no more; ``named`` are the devices of all
    that it has."""
    for known in read_devices(centre):
        of_webhook = known.kiosk == centre.kiosk and known.name.startswith(DEVICE)
        if of_webhook and known.name not in named:
            devices.forget(centre, known.name)


def too_old(centre: Centre, after: int) -> int | None:
    """The last event after that place which is too old to be told; None when none is."""
    since = centre.clock() - TOLD_WITHIN
    with centre.database.read() as query:
        first = events.since(query, centre.code, after, 1)
        if not first or moment(first[0]["at"]) >= since:
            return None
        return events.first_since(query, centre.code, since, after) - 1


def read_page(centre: Centre, hook: Webhook, after: int) -> Page:
    """What the webhook has still to be told, as far as one page of events holds it."""
    with centre.database.read() as query:
        rows = events.since(query, centre.code, after, PAGE)
        found = [
            delivery
            for row in rows
            if row["kind"] in hook.kinds and (delivery := _delivery(centre, query, row))
        ]
    end = int(rows[-1]["seq"]) if rows else after
    return Page(tuple(found), end, len(rows) == PAGE)


def sample_of(centre: Centre, hook: Webhook) -> tuple[Mapping[str, str], bytes]:
    """Headers and body like those of a call, about nobody."""
    at = centre.wall()
    facts: dict[str, object] = {"number": "A025", "service": next(iter(centre.services))}
    facts |= {"counter": next(iter(centre.counters)), "state": "called", "calls": 1}
    facts |= dict.fromkeys(_TIMES) | dict.fromkeys(_TIMES[:2], _here(centre, at))
    body = _body(centre, 0, SAMPLE, _here(centre, at), facts)
    return headers(hook, SAMPLE, name_of(centre, 0), int(at.timestamp()), body), body


def name_of(centre: Centre, seq: int) -> str:
    """By what a receiver knows a delivery again."""
    return f"{centre.code}-{seq}"


def is_others(row: Mapping[str, Any] | None, process: str, now: datetime) -> bool:
    """Whether another process has it, and was heard lately."""
    if row is None or row["process"] in (None, process):
        return False
    return abs(now - moment(row["seen_at"])) <= LEASE


def held(row: Mapping[str, Any] | None, process: str, now: datetime) -> bool:
    """Whether this process has it and said so lately."""
    if row is None or row["process"] != process:
        return False
    return abs(now - moment(row["seen_at"])) < LEASE / 3


def _moved(centre: Centre, query: Query, hook: Webhook, process: str, seq: int) -> bool:
    row = webhooks.of(query, centre.code, hook.name)
    if row is None or row["process"] != process:
        return False
    webhooks.take(query, centre.code, hook.name, seq, process, centre.clock())
    return True


def _delivery(centre: Centre, query: Query, row: Mapping[str, Any]) -> Delivery | None:
    rows = events.of_ticket(query, centre.code, row["ticket"], int(row["seq"]))
    story = told([_event(one) for one in rows])
    if story is None:
        return None
    times = (story.issued_at, story.called_at, story.started_at, story.ended_at)
    facts = {
        "number": story.number,
        "service": story.service,
        "counter": row["counter"],
        "state": story.state.value,
        "calls": story.calls,
        **{name: _here(centre, at) if at else None for name, at in zip(_TIMES, times, strict=True)},
    }
    at = _here(centre, moment(row["at"]))
    return Delivery(row["seq"], row["kind"], _body(centre, row["seq"], row["kind"], at, facts))


def _body(centre: Centre, seq: int, kind: str, at: str, facts: Mapping[str, object]) -> bytes:
    whole = {"office": centre.code, "seq": seq, "event": kind, "at": at, **facts}
    return json.dumps(whole, ensure_ascii=False).encode()


def _here(centre: Centre, at: datetime) -> str:
    """With the office's offset."""
    return at.astimezone(centre.timezone).isoformat()


def _event(row: Mapping[str, Any]) -> Event:
    return Event(row["seq"], moment(row["at"]), row["kind"], details=json.loads(row["details"]))
