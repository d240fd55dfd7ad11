"""Webhooks: which events another program is told, what of each, and how the telling is signed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.tickets import ENDED, TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.history import Event

KINDS: Final = (
    "ticket.issued",
    "ticket.called",
    "ticket.recalled",
    "ticket.started",
    "ticket.finished",
    "ticket.went_on",
    "ticket.no_show",
    "ticket.missed",
    "ticket.parked",
    "ticket.transferred",
    "ticket.returned",
    "ticket.released",
    "ticket.cancelled",
    "ticket.expired",
    "ticket.kept",
    "ticket.undone",
)
"""All that happens to a ticket, but that it was given a class, which is told to nobody. No other
event goes out: they name staff, devices and dossiers."""

SAMPLE: Final = "webhook.test"
"""The kind of what ``kiosk webhook test`` sends, so that no board shows it as a call."""

DEVICE: Final = "webhook "
"""What stands before a webhook's name where its health is told."""

LONGEST_PAUSE: Final = 300.0
"""Seconds between two tries to reach a program that has been away for long."""

_AFTER: Final = {
    "ticket.called": TicketState.CALLED,
    "ticket.started": TicketState.SERVING,
    "ticket.parked": TicketState.PARKED,
    "ticket.finished": TicketState.FINISHED,
    "ticket.no_show": TicketState.NO_SHOW,
    "ticket.cancelled": TicketState.CANCELLED,
    "ticket.expired": TicketState.EXPIRED,
}
_BACK_IN_LINE: Final = frozenset(
    {"ticket.went_on", "ticket.missed", "ticket.transferred", "ticket.returned"}
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events of these kinds go, and the secret with which they are signed; without one, b"",
    nothing is sent."""

    name: str
    url: str
    kinds: frozenset[str]
    secret: bytes = field(repr=False)

    @property
    def device(self) -> str:
        return f"{DEVICE}{self.name}"


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket as it was right after an event, from its events up to that one."""

    number: str
    service: str
    issued_at: datetime | None
    state: TicketState = TicketState.WAITING
    calls: int = 0
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


def kinds_of(pattern: str) -> frozenset[str]:
    """The kinds that are meant: one, or with ``ticket.*`` all; nothing for what is no kind."""
    if pattern.endswith("*"):
        return frozenset(kind for kind in KINDS if kind.startswith(pattern[:-1]))
    return frozenset({pattern}) & frozenset(KINDS)


def told(events: Sequence[Event]) -> Story | None:
    """The ticket after the last of its events, which are all up to that one, in order.

    None where no event says its number, as in a store of the first release.
    """
    undone = {event.details.get("undone") for event in events if event.kind == "ticket.undone"}
    story = _begun(events)
    if story is None:
        return None
    for event in events:
        if event.seq not in undone:
            story = _moved(story, event)
    return story


def _begun(events: Iterable[Event]) -> Story | None:
    for event in events:
        if "number" in event.details:
            issued_at = event.at if event.kind == "ticket.issued" else None
            return Story(event.details["number"], event.details.get("service", ""), issued_at)
    return None


def _moved(story: Story, event: Event) -> Story:
    if event.kind == "ticket.recalled":
        return replace(story, calls=event.details.get("calls", story.calls + 1))
    if event.kind in _BACK_IN_LINE:
        goal = event.details.get("to")
        moves = event.kind in ("ticket.went_on", "ticket.transferred")
        service = goal if moves and isinstance(goal, str) else story.service
        return Story(story.number, service, story.issued_at)
    state = _AFTER.get(event.kind)
    if state is None:
        return story
    if state is TicketState.CALLED:
        return Story(
            story.number, story.service, story.issued_at, state, calls=1, called_at=event.at
        )
    if state is TicketState.SERVING:
        return replace(story, state=state, started_at=event.at)
    return replace(story, state=state, ended_at=event.at if state in ENDED else None)


def signature(secret: bytes, at: int, body: bytes) -> str:
    """The value of X-Kiosk-Signature; ``at`` is the Unix time at which it is sent."""
    digest = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def headers(hook: Webhook, kind: str, delivery: str, at: int, body: bytes) -> Mapping[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "motcua-kiosk",
        "Connection": "close",
        "X-Kiosk-Event": kind,
        "X-Kiosk-Delivery": delivery,
        "X-Kiosk-Signature": signature(hook.secret, at, body),
    }


def pause(failures: int) -> float:
    """Seconds until the next try after so many failures in a row."""
    return min(2.0 ** min(failures - 1, 20), LONGEST_PAUSE)


def reason_of(status: int) -> str:
    """Why an answer of that status is none that takes an event; "" for one that is."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "webhook_redirect"
    return "webhook_refuses" if 400 <= status < 500 else "webhook_fails"
