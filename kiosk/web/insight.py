"""The HTTP calls that look back: a day in figures, and the trail of who did what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from kiosk.calendar import office_day
from kiosk.day_figures import DayFigures, day_figures
from kiosk.office.audit import Found, Search, search_events
from kiosk.office.clerks import list_clerks
from kiosk.office.figures import read_day
from kiosk.web import access, orders, trail
from kiosk.web.answers import here
from kiosk.web.described import ERRORS, refusing
from kiosk.web.orders import LARGEST_COUNTER
from kiosk.web.rendering import spoken

if TYPE_CHECKING:
    from kiosk.day_figures import Flow
    from kiosk.office.centre import Centre

router = APIRouter(responses=ERRORS)


class FlowAnswer(BaseModel):
    """Times in whole seconds. ``nine_in_ten`` did not wait longer than that. Of the ``waits``,
    ``measured`` are those of services with a target, and ``kept`` of these were not longer than it;
    null where there are none."""

    given: int
    served: int
    missed: int
    mean_wait: int | None
    nine_in_ten: int | None
    longest_wait: int | None
    mean_serving: int | None
    waits: int
    measured: int
    kept: int | None


class ServiceFlow(FlowAnswer):
    service: str


class HourFlow(FlowAnswer):
    hour: int


class CounterFlowAnswer(BaseModel):
    """Times in whole seconds; ``clerks`` are their names, in the order in which they came."""

    counter: int
    clerks: tuple[str, ...]
    called: int
    served: int
    missed: int
    mean_serving: int | None
    open_for: int
    serving: int


class FiguresAnswer(BaseModel):
    day: date
    whole: FlowAnswer
    services: tuple[ServiceFlow, ...]
    hours: tuple[HourFlow, ...]
    counters: tuple[CounterFlowAnswer, ...]


class EventAnswer(BaseModel):
    """One event. ``actor`` did it: "clerk:LOGIN", "kiosk:NAME", "key:NAME", "touch", "keypad",
    "web", "import", "day" (when a day begins) or "operator" (at the command line). ``name`` is that
    clerk's, ``about`` that of the clerk to whom another did it. ``told`` says dossier and details
    in words, in the language that was asked for."""

    seq: int
    at: datetime
    kind: str
    actor: str
    name: str | None
    about: str | None
    counter: int | None
    number: str | None
    dossier: str | None
    details: dict[str, Any]
    told: tuple[str, ...]


class EventsAnswer(BaseModel):
    """Latest first; ``older`` is the ``before`` of the next page, null when there is none."""

    events: tuple[EventAnswer, ...]
    older: int | None


@router.get("/api/hall/figures")
async def read_figures(
    shared: access.Shared, who: access.ForHall, day: orders.FirstDay = None
) -> FiguresAnswer:
    """How an office day went so far: the whole, each service, each hour, each counter."""
    centre = shared.centre
    starts = centre.queue.day_starts
    wanted = day or office_day(centre.clock(), centre.timezone, starts)
    targets = {
        code: timedelta(minutes=known.target_minutes) if known.target_minutes else None
        for code, known in centre.services.items()
    }
    figures, clerks = await shared.archive.run(
        lambda: (
            day_figures(read_day(centre, wanted), targets, centre.timezone),
            list_clerks(centre),
        )
    )
    return _told(centre, wanted, figures, {clerk.login: clerk.name for clerk in clerks})


@router.get("/api/events", responses=refusing("no_such_number"))
async def read_events(
    request: Request,
    shared: access.Shared,
    who: access.ForAudit,
    day: orders.FirstDay = None,
    group: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$", examples=["counter"])] = None,
    clerk: Annotated[
        str | None, Query(max_length=32, description="A login: who did it, or whom it is about")
    ] = None,
    counter: Annotated[int | None, Query(ge=1, le=LARGEST_COUNTER)] = None,
    number: Annotated[str | None, Query(max_length=32, description="Of that day, or today")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="Only older ones")] = None,
) -> EventsAnswer:
    """What happened, from the latest back, a hundred at a time."""
    centre = shared.centre
    wanted = Search(day, group, clerk or None, counter, number or None, before)
    found = await shared.archive.run(lambda: search_events(centre, wanted))
    return _found(trail.reader(centre, spoken(request)), found)


def _told(centre: Centre, day: date, figures: DayFigures, names: dict[str, str]) -> FiguresAnswer:
    codes = [code for code in centre.services if code in figures.services]
    codes += [code for code in figures.services if code not in centre.services]
    return FiguresAnswer(
        day=day,
        whole=FlowAnswer.model_validate(_flow(figures.whole)),
        services=tuple(
            ServiceFlow.model_validate({"service": code, **_flow(figures.services[code])})
            for code in codes
        ),
        hours=tuple(
            HourFlow.model_validate({"hour": hour, **_flow(flow)})
            for hour, flow in figures.hours.items()
        ),
        counters=tuple(
            CounterFlowAnswer(
                counter=known.counter,
                clerks=tuple(names.get(login, login) for login in known.clerks),
                called=known.tally.called,
                served=known.tally.served,
                missed=known.tally.missed,
                mean_serving=_seconds(known.tally.mean_serving),
                open_for=round(known.open_for.total_seconds()),
                serving=round(known.serving.total_seconds()),
            )
            for known in figures.counters
        ),
    )


def _flow(flow: Flow) -> dict[str, int | None]:
    return {
        "given": flow.given,
        "served": flow.served,
        "missed": flow.missed,
        "mean_wait": _seconds(flow.mean_wait),
        "nine_in_ten": _seconds(flow.nine_in_ten),
        "longest_wait": _seconds(flow.longest_wait),
        "mean_serving": _seconds(flow.mean_serving),
        "waits": flow.waits,
        "measured": flow.measured,
        "kept": flow.kept,
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def _found(reader: trail.Reader, found: Found) -> EventsAnswer:
    return EventsAnswer(
        events=tuple(
            EventAnswer(
                seq=known.seq,
                at=here(reader.centre, known.at),
                kind=known.kind,
                actor=known.actor,
                name=known.name,
                about=known.about,
                counter=known.counter,
                number=known.number,
                dossier=known.dossier,
                details=dict(known.details),
                told=trail.told(reader, known),
            )
            for known in found.entries
        ),
        older=found.older,
    )
