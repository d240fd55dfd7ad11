"""What the server says of the office and of one counter, as facts; pure.

KeyError, TypeError or ValueError when it says something else than this program knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kiosk.dossiers import Status
from kiosk.look import FORM, Look, weaknesses
from kiosk.tickets import TicketState

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE: Final = (TicketState.CALLED, TicketState.SERVING)


@dataclass(frozen=True, slots=True)
class Person:
    """A ticket as its clerk sees it; ``version`` is the last event about it."""

    id: str
    number: str
    service: str
    state: TicketState
    calls: int
    waits_since: datetime
    called_at: datetime | None
    started_at: datetime | None
    due_at: datetime | None
    taken_back_until: datetime | None
    line: str
    reason: str
    misses: int
    journey: tuple[str, ...]
    version: int
    dossier: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What anybody may know of the dossier for which a number was taken; ``fee`` is in đồng."""

    code: str
    procedure: str
    status: Status
    due_at: datetime | None
    fee: int | None
    fee_paid: bool


@dataclass(frozen=True, slots=True)
class Pause:
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """The last move, and until when it can be taken back."""

    move: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    raised_at: datetime
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The counter at ``at``, after the event ``seq``; the rest is only told to the clerk."""

    at: datetime
    seq: int
    counter: int
    current: Person | None
    waiting: tuple[Person, ...]
    waiting_total: int
    parked: tuple[Person, ...]
    missed: tuple[Person, ...]
    paused: Pause | None
    undo: Undo | None
    closed: bool
    working: frozenset[int]
    """The counters at which somebody works."""
    alarm: Alarm | None
    devices: tuple[Mapping[str, Any], ...]
    jobs: tuple[Mapping[str, Any], ...]
    warnings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A service, an outcome or a reason, with its names by language."""

    code: str
    names: Mapping[str, str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    kiosk: str
    services: Mapping[str, Named]
    counters: tuple[int, ...]
    outcomes: tuple[Named, ...]
    pauses: tuple[Named, ...]
    look: Look = field(default_factory=Look)
    """The reasons for a pause; without any a clerk gives one in words."""


def read_person(said: Mapping[str, Any]) -> Person:
    return Person(
        id=str(said["id"]),
        number=str(said["number"]),
        service=str(said["service"]),
        state=TicketState(said["state"]),
        calls=int(said["calls"]),
        waits_since=_moment(said["waits_since"]),
        called_at=_moment_maybe(said["called_at"]),
        started_at=_moment_maybe(said["started_at"]),
        due_at=_moment_maybe(said["due_at"]),
        taken_back_until=_moment_maybe(said["taken_back_until"]),
        line=str(said["line"]),
        reason=str(said["reason"]),
        misses=int(said["misses"]),
        journey=tuple(map(str, said["journey"])),
        version=int(said["version"]),
        dossier=said["dossier"],
    )


def read_dossier(said: Mapping[str, Any]) -> Dossier:
    return Dossier(
        code=str(said["code"]),
        procedure=str(said["procedure_name"]),
        status=Status(said["status"]),
        due_at=_moment_maybe(said["promised_at"]),
        fee=said["fee"],
        fee_paid=bool(said["fee_paid"]),
    )


def read_desk(said: Mapping[str, Any]) -> Desk:
    current, paused, undo, alarm = (said[k] for k in ("current", "paused", "undo", "alarm"))
    return Desk(
        at=_moment(said["at"]),
        seq=int(said["seq"]),
        counter=int(said["counter"]),
        current=read_person(current) if current else None,
        waiting=tuple(map(read_person, said["waiting"])),
        waiting_total=int(said["waiting_total"]),
        parked=tuple(map(read_person, said["parked"])),
        missed=tuple(map(read_person, said["missed"])),
        paused=Pause(str(paused["reason"]), _moment(paused["since"])) if paused else None,
        undo=Undo(str(undo["move"]), _moment(undo["until"])) if undo else None,
        closed=bool(said["closed"]),
        working=frozenset(map(int, said["working"])),
        alarm=Alarm(_moment(alarm["raised_at"]), alarm["answered_by"]) if alarm else None,
        devices=tuple(said["devices"]),
        jobs=tuple(said["jobs"]),
        warnings=tuple(said["warnings"]),
    )


def read_office(said: Mapping[str, Any]) -> Office:
    services = (_named(one) for one in said["services"])
    return Office(
        kiosk=str(said["kiosk"]),
        services={one.code: one for one in services},
        counters=tuple(int(one["number"]) for one in said["counters"]),
        outcomes=tuple(_named(one) for one in said["outcomes"]),
        pauses=tuple(_named(one) for one in said["reasons"] if one["kind"] == "pause"),
        look=_look(said.get("look")),
    )


def _look(said: object) -> Look:
    """The office's colours, where they can be read; an older server tells none."""
    told = said if isinstance(said, dict) else {}
    colours = {name: str(told.get(name, "")) for name in ("action", "ground")}
    own: dict[str, Any] = {name: one for name, one in colours.items() if FORM.fullmatch(one)}
    look = Look(**own)
    return Look() if weaknesses(look) else look


def without(desk: Desk, ticket: str) -> Desk:
    """The counter when nobody with this ticket waits, is kept or was missed there."""

    def others(people: tuple[Person, ...]) -> tuple[Person, ...]:
        return tuple(person for person in people if person.id != ticket)

    return replace(
        desk,
        waiting=others(desk.waiting),
        parked=others(desk.parked),
        missed=others(desk.missed),
    )


def situation(desk: Desk) -> tuple[object, ...]:
    """What an alert may be about. One more who waits is no reason to take it from sight."""
    here = desk.current
    present = (here.id, here.state, here.calls) if here else None
    kept = tuple(person.id for person in (*desk.parked, *desk.missed))
    return present, desk.paused, desk.closed, bool(desk.waiting), kept


def _named(said: Mapping[str, Any]) -> Named:
    return Named(str(said["code"]), dict(said["names"]), str(said.get("kind", "")))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_maybe(text: str | None) -> datetime | None:
    return _moment(text) if text else None
