"""What supervisor and reception see of the whole hall, in the event ``hall`` of the stream."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from kiosk.web.answers import (
    AlarmAnswer,
    DeviceAnswer,
    JobAnswer,
    alarm,
    device,
    here,
    here_maybe,
    job,
)
from kiosk.web.desk_answers import ComingAnswer, WarningAnswer, coming, warnings_for
from kiosk.web.rating_answers import HallRatingsAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.appointments import Appointment
    from kiosk.board import Board, DeviceHealth
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJobs
    from kiosk.office.overview import CounterState, Overview


class CounterStateAnswer(BaseModel):
    """``state`` is "closed" (for the day, by a supervisor), "empty" (nobody is signed in),
    "paused", "called", "serving" or "free". ``changed`` says that it takes other services than
    kiosk.toml has; ``sent`` people wait for this counter alone."""

    number: int
    zone: str
    services: tuple[str, ...]
    changed: bool
    closed: bool
    state: str
    since: datetime | None
    clerk: str | None
    ticket: str | None
    service: str | None
    reason: str
    sent: int
    kept: tuple[str, ...]


class LineStateAnswer(BaseModel):
    """``longest`` is since when whoever waits longest does; ``overdue`` of those who wait have
    waited for more than the ``target`` in minutes. ``given`` numbers of today, of ``limit``."""

    service: str
    waiting: int
    longest: datetime | None
    overdue: int
    target: int | None
    open_counters: tuple[int, ...]
    refusal: str | None
    opens_at: datetime | None
    given: int
    limit: int | None
    limited: bool
    lifted: bool


class HallAnswer(BaseModel):
    """The whole hall. ``alarms`` and ``ratings`` are for supervisors alone; the latter is null too
    where the office asks for none. A page made for another ``mark`` is out of date."""

    at: datetime
    seq: int
    mark: str
    counters: tuple[CounterStateAnswer, ...]
    lines: tuple[LineStateAnswer, ...]
    alarms: tuple[AlarmAnswer, ...]
    warnings: tuple[WarningAnswer, ...]
    appointments: tuple[ComingAnswer, ...]
    appointments_total: int
    devices: tuple[DeviceAnswer, ...]
    jobs: tuple[JobAnswer, ...]
    jobs_total: int
    ratings: HallRatingsAnswer | None = None


def hall(
    centre: Centre,
    board: Board,
    overview: Overview,
    devices: Iterable[DeviceHealth],
    jobs: OpenJobs,
    appointments: Iterable[Appointment],
    mark: str,
) -> HallAnswer:
    expected, total = coming(centre, appointments, centre.services)
    lines = {line.code: line for line in board.lines}
    return HallAnswer(
        at=here(centre, board.at),
        seq=board.seq,
        mark=mark,
        counters=tuple(_counter(centre, known) for known in overview.counters),
        lines=tuple(
            LineStateAnswer(
                service=known.service,
                waiting=known.waiting,
                longest=here_maybe(centre, known.longest),
                overdue=known.overdue,
                target=centre.services[known.service].target_minutes,
                open_counters=lines[known.service].open_counters,
                refusal=lines[known.service].refusal,
                opens_at=here_maybe(centre, lines[known.service].opens_at),
                given=known.given,
                limit=known.limit,
                limited=known.limited,
                lifted=known.lifted,
            )
            for known in overview.lines
        ),
        alarms=tuple(alarm(centre, known) for known in overview.alarms),
        warnings=warnings_for(centre, board, centre.services),
        appointments=expected,
        appointments_total=total,
        devices=tuple(device(centre, known) for known in devices),
        jobs=tuple(job(centre, known) for known in jobs.shown),
        jobs_total=jobs.total,
    )


def _counter(centre: Centre, known: CounterState) -> CounterStateAnswer:
    return CounterStateAnswer(
        number=known.number,
        zone=known.zone,
        services=known.services,
        changed=known.changed,
        closed=known.closed,
        state=known.state,
        since=here_maybe(centre, known.since),
        clerk=known.clerk,
        ticket=known.ticket.number if known.ticket else None,
        service=known.ticket.service if known.ticket else None,
        reason=known.reason,
        sent=known.sent,
        kept=known.kept,
    )
