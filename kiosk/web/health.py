"""How the kiosk is: for people and watchdogs as JSON, for Prometheus as text."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from kiosk.errors import Refused, Unavailable
from kiosk.health import Trouble
from kiosk.office import hall
from kiosk.office.rolls import read_rolls
from kiosk.rights import Scope
from kiosk.web import access, answers
from kiosk.web.described import ERRORS, ERRORS_BESIDE_TEXT, opened_by
from kiosk.web.examples import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kiosk.board import Board
    from kiosk.office.hall import OpenJob
    from kiosk.office.rolls import Roll
    from kiosk.web.parts import Parts

T = TypeVar("T")

router = APIRouter(
    dependencies=[Depends(access.anyone)],
    responses={status: ERRORS[status] for status in (401, 403, 422, 429)},
)

_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", openapi_extra=opened_by(Scope.BOARD))
async def read_health(shared: access.Shared) -> answers.Health:
    """200 while the web answers; ``devices`` tell what is out of order, the store among them."""
    centre = shared.centre
    devices = await _read(shared, lambda: hall.read_devices(centre))
    told = tuple(answers.device(centre, known) for known in devices or ())
    trouble = _trouble(shared)
    if trouble is not None:
        since = trouble.since.astimezone(centre.timezone)
        store = answers.DeviceAnswer(
            name="store", state="fault", reason=trouble.code, kiosk=centre.kiosk, since=since
        )
        told = (store, *told)
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
    """Gauges of this moment in Prometheus' text format; fewer while the store is away."""
    centre = shared.centre
    found = await _read(
        shared,
        lambda: (
            hall.read_board(centre),
            hall.read_devices(centre),
            hall.read_jobs(centre),
            read_rolls(centre),
        ),
    )
    board, devices, jobs, rolls = found or (None, (), (), ())
    faults = [(known.kiosk, known.name, known.reason, known.state == "fault") for known in devices]
    if trouble := _trouble(shared):
        faults.insert(0, (centre.kiosk, "store", trouble.code, True))
    parts = (
        _hall_metrics(board, jobs) if board else (),
        _paper_metrics(rolls) if board else (),
        _process_metrics(faults, streams=len(shared.feed)),
    )
    return PlainTextResponse("".join(chain(*parts)), media_type=_FORMAT)


async def _read(shared: Parts, work: Callable[[], T]) -> T | None:
    """What ``work`` reads; None when the store is away, which is noted."""
    try:
        found = await shared.reader.run(work)
    except (Unavailable, Refused) as error:
        shared.unread.note(error.code)
        return None
    shared.unread.note(None)
    return found


def _trouble(shared: Parts) -> Trouble | None:
    """What keeps the store from being read, or else written, since the first of both began."""
    known = [trouble for trouble in (shared.unread.trouble, shared.trouble()) if trouble]
    if not known:
        return None
    return Trouble(known[0].code, min(trouble.since for trouble in known))


def _hall_metrics(board: Board, jobs: Iterable[OpenJob]) -> Iterable[str]:
    yield _head("kiosk_events_total", "counter", "Events written since the store began")
    yield _line("kiosk_events_total", {}, board.seq)
    yield _head("kiosk_waiting", "gauge", "People who wait now, by service")
    for line in board.lines:
        yield _line("kiosk_waiting", {"service": line.code}, line.waiting)
    yield _head("kiosk_print_jobs", "gauge", "Slips that have not come out for certain, by state")
    states = [job.state for job in jobs]
    for state in ("queued", "sending", "unknown", "failed"):
        yield _line("kiosk_print_jobs", {"state": state}, states.count(state))


def _paper_metrics(rolls: Iterable[Roll]) -> Iterable[str]:
    told = "Paper printed since the roll was changed, by kiosk"
    yield _head("kiosk_paper_millimetres", "gauge", told)
    for roll in rolls:
        yield _line("kiosk_paper_millimetres", {"kiosk": roll.kiosk}, roll.millimetres)


def _process_metrics(
    faults: Iterable[tuple[str, str, str, bool]], *, streams: int
) -> Iterable[str]:
    yield _head("kiosk_device_fault", "gauge", "1 while the device is in fault")
    for kiosk, device, reason, fault in faults:
        labels = {"kiosk": kiosk, "device": device, "reason": reason}
        yield _line("kiosk_device_fault", labels, int(fault))
    yield _head("kiosk_streams", "gauge", "Browsers that follow the changes now")
    yield _line("kiosk_streams", {}, streams)


def _head(name: str, kind: str, told: str) -> str:
    return f"# HELP {name} {told}\n# TYPE {name} {kind}\n"


def _line(name: str, labels: Mapping[str, str], value: int) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value}\n" if told else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
