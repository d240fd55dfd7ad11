"""How the kiosk is: for people and watchdogs as JSON, for Prometheus as text."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from kiosk import troubles
from kiosk.board import DeviceHealth
from kiosk.disks import look
from kiosk.errors import Refused, Unavailable
from kiosk.health import Trouble
from kiosk.office import hall
from kiosk.office.devices import STORE
from kiosk.office.readings import read_readings
from kiosk.rights import Scope
from kiosk.running import running
from kiosk.web import access, answers, metrics
from kiosk.web.described import ERRORS, ERRORS_BESIDE_TEXT, opened_by
from kiosk.web.examples import METRICS
from kiosk.web.refusals import spoken_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kiosk.disks import Room
    from kiosk.office.centre import Centre
    from kiosk.running import Running
    from kiosk.texts import Texts
    from kiosk.web.parts import Parts

T = TypeVar("T")

router = APIRouter(
    dependencies=[Depends(access.anyone)],
    responses={status: ERRORS[status] for status in (401, 403, 422, 429)},
)

_FORMAT: Final = CONTENT_TYPE_PLAIN_0_0_4


@router.get("/healthz", openapi_extra=opened_by(Scope.BOARD))
async def read_health(request: Request, shared: access.Shared) -> answers.Health:
    """200 while the web answers; ``devices`` tell what is out of order, the store among them."""
    centre = shared.centre
    devices = await _read(shared, lambda: hall.read_devices(centre))
    words = spoken_words(request, centre.languages)
    told = tuple(_told(centre, known, words) for known in _with_store(shared, devices or ()))
    worst = "fault" if any(known.state == "fault" for known in told) else "ok"
    return answers.Health(status=worst, devices=told)


@router.get(
    "/metrics",
    openapi_extra=opened_by(Scope.BOARD),
    response_class=PlainTextResponse,
    responses=ERRORS_BESIDE_TEXT
    | {200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": METRICS}}}},
)
async def read_metrics(shared: access.Shared) -> PlainTextResponse:
    """What is so at this moment, in Prometheus' text format; less while the store is away."""
    centre = shared.centre
    found = await _read(shared, lambda: read_readings(centre))
    devices = _with_store(shared, found.devices if found else ())
    disks, processes = await shared.archive.run(lambda: _machine(centre))
    now, streams = centre.wall().timestamp(), len(shared.feed)
    families = chain(
        metrics.hall_metrics(found) if found else (),
        metrics.device_metrics(devices),
        metrics.machine_metrics(disks, shared.copies.medium, processes, now, streams=streams),
    )
    return PlainTextResponse(metrics.told(families, shared.calls), media_type=_FORMAT)


def _machine(centre: Centre) -> tuple[dict[str, Room | None], tuple[Running, ...]]:
    return {name: look(path) for name, path in centre.disks.items()}, running("web")


async def _read(shared: Parts, work: Callable[[], T]) -> T | None:
    """What ``work`` reads; None when the store is away, which is noted."""
    try:
        found = await shared.reader.run(work)
    except (Unavailable, Refused) as error:
        shared.unread.note(error.code)
        return None
    shared.unread.note(None)
    return found


def _with_store(shared: Parts, devices: Iterable[DeviceHealth]) -> tuple[DeviceHealth, ...]:
    """The health record; a store that is away cannot say so itself."""
    trouble, kiosk = _trouble(shared), shared.centre.kiosk
    if trouble is None:
        return tuple(devices)
    now = shared.centre.wall()
    store = DeviceHealth(kiosk, STORE, "fault", trouble.code, trouble.since, now)
    return (store, *(one for one in devices if (one.kiosk, one.name) != (kiosk, STORE)))


def _told(centre: Centre, known: DeviceHealth, words: Texts) -> answers.ToldDeviceAnswer:
    return answers.ToldDeviceAnswer(
        name=known.name,
        state=known.state,
        reason=known.reason,
        kiosk=known.kiosk,
        since=answers.here(centre, known.since),
        told=troubles.what(known.reason, words),
        do=troubles.mend(known.reason, words),
    )


def _trouble(shared: Parts) -> Trouble | None:
    """What keeps the store from being read, or else written, since the first of both began."""
    known = [trouble for trouble in (shared.unread.trouble, shared.trouble()) if trouble]
    if not known:
        return None
    return Trouble(known[0].code, min(trouble.since for trouble in known))
