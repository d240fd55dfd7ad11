"""One press of a key at a counter: a transaction, the tickets it moves, and how to take it back."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pydantic_core import to_json

from kiosk import turns
from kiosk.calendar import moment, stamp
from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.figures import take_hold_back
from kiosk.office.journeys import sent_to
from kiosk.office.moves import AWAY, EVENTS, RELEASING, record
from kiosk.office.ordered import follow_orders
from kiosk.store import counters, events, tickets
from kiosk.tickets import (
    AT_COUNTER,
    SESSION_LIFE,
    Move,
    Ticket,
    TicketState,
    illegal,
    line_after,
    line_kept,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Counter

_MOMENTS: Final = ("called_at", "started_at", "ended_at", "waits_since", "announced_at")
_RESTORED: Final = (
    *_MOMENTS, "service", "place", "counter", "calls", "line", "misses", "reason", "outcome",
)  # fmt: skip

ANYBODY: Final = "*"
"""In place of the ticket that a clerk saw at the counter: whoever is there now is meant."""


@dataclass(slots=True, eq=False)
class Desk:
    """A counter inside one transaction; ``before`` holds the tickets as they were."""

    centre: Centre
    query: Query
    counter: Counter
    clerk: str
    now: datetime
    day: str
    before: dict[str, Ticket] = field(default_factory=dict)
    moves: list[tuple[int, str, Move]] = field(default_factory=list)
    called: tuple[Ticket, tuple[Ticket, ...]] | None = None
    memory: turns.Memory | None = None

    def move(
        self,
        ticket: Ticket,
        move: Move,
        details: Mapping[str, object] | None = None,
        **changes: Any,
    ) -> Ticket:
        moved = record(
            self.centre,
            self.query,
            ticket,
            move,
            self.now,
            actor=f"clerk:{self.clerk}",
            at_counter=self.counter.number,
            clerk=self.clerk,
            details=details,
            **changes,
        )
        self.before.setdefault(ticket.id, ticket)
        self.moves.append((moved.version, ticket.id, move))
        return moved

    def present(self, move: Move, meant: str | None) -> Ticket:
        """Who is at the counter; refused when that is not the ticket that the clerk meant.

        One of another day can only be ended: in today's line nobody would ever call it.
        """
        here = self._here()
        if meant is not None and (here is None or here.id != meant):
            self._refuse_gone(move, meant)
        if here is None:
            raise Refused("nobody_here", move=move.value)
        if here.day != self.day and move in (Move.PARK, Move.TRANSFER, Move.RETURN):
            raise Refused("other_day", number=here.number)
        return here

    def call(self, ticket: Ticket, why: Mapping[str, object]) -> Ticket:
        """Calls the ticket; its event says why, and how long the person has ``waited``.

        That is since the person last came to stand in this line: it goes on through a call that
        was undone and through the closing of the counter to which the person was sent, it begins
        anew when the person is back in line, and when the day begins for who was kept overnight.
        Nobody waits who was kept at a counter or was missing. All waits of a visit add up to its
        ``history.Visit.waiting``. Calls are counted anew: who was kept here had answered those.
        """
        waited = timedelta()
        if ticket.state is TicketState.WAITING:
            lined_up = events.lined_up(self.query, self.centre.code, ticket.id)
            waited = self.now - (lined_up or ticket.issued_at)
        return self.move(
            ticket,
            Move.CALL,
            {"calls": 1, "why": why, "waited": max(0, round(waited.total_seconds()))},
            counter=self.counter.number,
            calls=1,
            called_at=self.now,
            announced_at=self.now,
            started_at=None,
            ended_at=None,
            reason="",
        )

    def call_next(self) -> Ticket | None:
        """Calls whose turn it is at this counter."""
        heads = candidates(self.centre, self.query, self.day, self.counter, self.now)
        memory = self.remembered()
        choice = turns.choose(heads, self.counter, self.centre.rules, memory, self.now)
        if choice is None:
            return None
        self.called = (choice.ticket, heads)
        return self.call(choice.ticket, choice.why)

    def take_over(self, ticket: Ticket) -> Ticket:
        """Out of a counter at which nobody works any more, into the line: to be called from there.

        Taking the call back brings it to the line, and not to that counter again.
        """
        changes = {**AWAY, "counter": None, "line": line_kept(ticket)}
        return record(
            self.centre, self.query, ticket, Move.RETURN, self.now, actor=f"clerk:{self.clerk}",
            clerk=self.clerk, details={"kept_place": True, "left_at": ticket.counter}, **changes,
        )  # fmt: skip

    def end(self, ticket: Ticket, outcome: str | None = None) -> Ticket:
        """Ends the visit, or this service of a journey; the last ``outcome`` that is given counts.

        The visit of another day goes on where people are kept overnight; elsewhere its journey ends
        too, for in today's lines nobody has its number.
        """
        journey = tuple(code for code in ticket.journey if code in self.centre.services)
        if ticket.day != self.day and not self.centre.queue.keep_overnight:
            journey = ()
        details = {"outcome": outcome} if outcome else {}
        outcome = outcome or ticket.outcome
        if not journey:
            return self.move(ticket, Move.FINISH, details, ended_at=self.now, outcome=outcome)
        changes = {**AWAY, "service": journey[0], "journey": journey[1:], "outcome": outcome}
        line = line_after(ticket)
        gone = self.move(ticket, Move.GO_ON, {**details, "to": journey[0]}, line=line, **changes)
        if gone.day != self.day:
            days.leave_behind(self.centre, self.query, gone, self.day, self.now)
            return tickets.by_id(self.query, self.centre.code, gone.id) or gone
        return gone

    def end_present(self, outcome: str | None = None, *, seen: str | None = ANYBODY) -> None:
        """Makes room for a call; refused when the clerk ``seen`` another one here, or nobody."""
        here = self._here()
        if seen is None and here is not None:
            raise illegal(Move.CALL, here.state, here.number, here.counter)
        if seen not in (None, ANYBODY) and (here is None or here.id != seen):
            self._refuse_gone(Move.CALL, seen)
        if here is not None:
            self.end(here, outcome)

    def leave(self) -> None:
        """The clerk goes: who is served is finished; who was only called goes back to the line,
        or is kept here where no other counter would call him.

        Who was called on another day is dealt with as at the beginning of a day.
        Who was sent here goes back to the line of the service, if any counter takes that.
        """
        here = self._here()
        if here is not None and here.state is TicketState.CALLED:
            if here.day != self.day:
                days.leave_behind(self.centre, self.query, here, self.day, self.now)
            elif self._called_elsewhere(here.service):
                waits_for = sent_to(self.centre, self.query, here)
                changes = {**AWAY, "counter": waits_for, "line": line_kept(here)}
                self.move(here, Move.RETURN, {"kept_place": True}, **changes)
            else:
                self.move(here, Move.PARK, {"came": False})
        elif here is not None:
            self.end(here)
        self.release_sent()

    def release_sent(self) -> None:
        """Who was sent here may be called by any counter, if one takes the service."""
        sent = tickets.sent_to(self.query, self.centre.code, self.day, self.counter.number)
        for ticket in sent:
            if self.centre.counters_of(ticket.service):
                self.move(ticket, Move.RELEASE, counter=None)

    def remembered(self) -> turns.Memory:
        """What the counter remembers, read once."""
        if self.memory is None:
            known = counters.state(self.query, self.centre.code, self.counter.number)
            self.memory = recalled(known, self.day)
        return self.memory

    def remember(self) -> None:
        """Keeps what the next call, and taking this move back, will need."""
        if not self.moves:
            return
        number = self.counter.number
        memory = before = self.remembered()
        if self.called is not None:
            ticket, heads = self.called
            memory = turns.remember(memory, ticket, heads, self.counter, self.centre.rules)
        last_move = {
            "at": stamp(self.now),
            "clerk": self.clerk,
            "moves": [(seq, ticket, move.value) for seq, ticket, move in self.moves],
            "before": [_told(ticket) for ticket in self.before.values()],
            "memory": _kept(before),
        }
        recall = any(move is Move.RECALL for _, _, move in self.moves)
        counters.set_state(
            self.query,
            self.centre.code,
            number,
            self.day,
            to_json(_kept(memory)).decode(),
            None if recall else to_json(last_move).decode(),
        )

    def undo(self) -> str:
        """Takes the last move back; returns which it was."""
        number = self.counter.number
        known = counters.state(self.query, self.centre.code, number)
        known = known if known and known["day"] == self.day else None
        told = json.loads(known["last_move"]) if known and known["last_move"] else None
        if told is None or told["clerk"] != self.clerk:
            raise Refused("nothing_to_undo")
        limit = self.centre.queue.undo
        if abs(self.now - moment(told["at"])) > limit:
            raise Refused("undo_too_late", seconds=round(limit.total_seconds()))
        last = {ticket: seq for seq, ticket, _ in told["moves"]}
        restored = []
        for fields in told["before"]:
            ticket = tickets.by_id(self.query, self.centre.code, fields["id"])
            if ticket is None or ticket.version != last[ticket.id]:
                raise Refused("undo_moved")
            restored.append((ticket, _restored(ticket, fields)))
        versions = {}
        for seq, ticket_id, move in reversed(told["moves"]):
            versions[ticket_id] = events.append(
                self.query,
                self.centre.code,
                self.now,
                "ticket.undone",
                actor=f"clerk:{self.clerk}",
                ticket=ticket_id,
                counter=number,
                clerk=self.clerk,
                details={"undone": seq, "kind": EVENTS[Move(move)]},
            )
        self._forget_times(told, [back for _, back in restored])
        # First who leaves the counter, then who is back at it: it holds one at a time.
        for ticket, back in sorted(restored, key=lambda pair: pair[1].state in AT_COUNTER):
            back = replace(back, version=versions[ticket.id])
            tickets.update(self.query, self.centre.code, ticket, back)
        counters.set_state(
            self.query, self.centre.code, number, self.day, to_json(told["memory"]).decode(), None
        )
        return str(told["moves"][-1][2])

    def _here(self) -> Ticket | None:
        return tickets.at_counter(self.query, self.centre.code, self.counter.number)

    def _refuse_gone(self, move: Move, meant: str) -> NoReturn:
        known = tickets.by_id(self.query, self.centre.code, meant)
        if known is None:
            raise Refused("no_such_ticket")
        raise illegal(move, known.state, known.number, known.counter)

    def _called_elsewhere(self, service: str) -> bool:
        """Whether somebody works at another counter that takes the service."""
        since = self.now - SESSION_LIFE
        staffed = counters.staffed(self.query, self.centre.code, since) - {self.counter.number}
        return not staffed.isdisjoint(self.centre.counters_of(service))

    def _forget_times(self, told: Mapping[str, Any], restored: list[Ticket]) -> None:
        """The counter was not free after all: how long it was held is not known yet."""
        released = {ticket for _, ticket, move in told["moves"] if Move(move) in RELEASING}
        for ticket in restored:
            held = ticket.id in released and ticket.state in AT_COUNTER
            if held and ticket.called_at is not None:
                at = moment(told["at"])
                take_hold_back(self.centre, self.query, ticket.service, ticket.called_at, at)


@contextmanager
def at_desk(centre: Centre, number: int, clerk: str, *, calling: bool = False) -> Iterator[Desk]:
    """The counter for one transaction.

    Refused: unknown_counter, not_signed_in (somebody else works there by now), and if ``calling``
    counter_closed (by a supervisor, for the day), counter_paused.
    """
    centre.counter(number)
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        follow_orders(centre, query, day)
        touched = counters.touch_session(query, centre.code, number, clerk, day, now)
        if touched is None and counters.clerk_at(query, centre.code, number, now - SESSION_LIFE):
            raise Refused("not_signed_in")
        if calling and touched is not None:
            if touched.closed:
                raise Refused("counter_closed", counter=number)
            if touched.paused:
                raise Refused("counter_paused", counter=number)
        desk = Desk(centre, query, centre.counter(number), clerk, now, day)
        yield desk
        desk.remember()


def candidates(
    centre: Centre, query: Query, day: str, counter: Counter, now: datetime
) -> tuple[Ticket, ...]:
    """The heads of all lines that the counter may call from, who has waited too long in them
    behind a head that has not, and who was sent to it."""
    heads = tickets.heads(query, centre.code, day, counter.services)
    sent = tickets.sent_to(query, centre.code, day, counter.number)
    ageing = centre.rules.ageing
    if ageing is None or not heads:
        return (*heads, *sent)
    services = {head.service for head in heads}
    longest = tickets.waiting_longest(query, centre.code, day, services, now - ageing)
    return (*heads, *longest, *sent)


def recalled(known: Mapping[str, Any] | None, day: str) -> turns.Memory:
    """What a counter remembers of this day's calls, of its state in the store."""
    if known is None or known["day"] != day:
        return turns.Memory()
    return turns.Memory(**json.loads(known["memory"]))


def undoable(
    centre: Centre, known: Mapping[str, Any] | None, clerk: str | None, day: str, now: datetime
) -> tuple[str | None, datetime | None]:
    """The last move of a counter's state while it can be taken back, and until when.

    Not one of another clerk than ``clerk``, who works there now.
    """
    if known is None or not known["last_move"] or known["day"] != day:
        return None, None
    told = json.loads(known["last_move"])
    at = moment(told["at"])
    if clerk not in (None, told["clerk"]) or abs(now - at) > centre.queue.undo:
        return None, None
    return told["moves"][-1][2], at + centre.queue.undo


def _kept(memory: turns.Memory) -> dict[str, object]:
    return {"since": memory.since, "passes": memory.passes, "now": memory.now}


def _told(ticket: Ticket) -> dict[str, Any]:
    told = {name: getattr(ticket, name) for name in _RESTORED}
    moments = {name: stamp(at) for name in _MOMENTS if (at := told[name]) is not None}
    return {
        **told, **moments, "id": ticket.id, "state": ticket.state.value,
        "journey": list(ticket.journey),
    }  # fmt: skip


def _restored(ticket: Ticket, fields: Mapping[str, Any]) -> Ticket:
    values = {name: fields[name] for name in _RESTORED}
    moments = {name: moment(at) for name in _MOMENTS if (at := values[name]) is not None}
    return replace(
        ticket,
        **{**values, **moments},
        state=TicketState(fields["state"]),
        journey=tuple(fields["journey"]),
    )
