"""How the kiosk is: for people and watchdogs as JSON, for Prometheus as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from kiosk.errors import Refused, Unavailable
from kiosk.office import hall
from kiosk.web import access, answers
from kiosk.web.described import ERRORS, ERRORS_BESIDE_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.board import Board, DeviceHealth
    from kiosk.office.hall import OpenJob

router = APIRouter(
    dependencies=[Depends(access.anyone)],
    responses={status: ERRORS[status] for status in (401, 422)},
)

_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def read_health(shared: access.Shared) -> answers.Health:
    """200 while the web answers; ``devices`` tell what is out of order, the store among them."""
    centre = shared.centre
    trouble = shared.trouble()
    try:
        devices = await shared.reader.run(lambda: hall.read_devices(centre))
    except (Unavailable, Refused) as error:
        trouble, devices = error.code, ()
    told = tuple(answers.device(centre, known) for known in devices)
    if trouble is not None:
        now = centre.clock().astimezone(centre.timezone)
        store = answers.DeviceAnswer(
            name="store", state="fault", reason=trouble, kiosk=centre.kiosk, since=now
        )
        told = (store, *told)
    worst = "fault" if any(known.state == "fault" for known in told) else "ok"
    return answers.Health(status=worst, devices=told)


@router.get("/metrics", response_class=PlainTextResponse, responses=ERRORS_BESIDE_TEXT)
async def read_metrics(shared: access.Shared) -> PlainTextResponse:
    """Gauges of this moment in Prometheus' text format."""
    centre = shared.centre
    board, devices, jobs = await shared.reader.run(
        lambda: (hall.read_board(centre), hall.read_devices(centre), hall.read_jobs(centre))
    )
    text = "".join(_metrics(board, devices, jobs, streams=len(shared.feed)))
    return PlainTextResponse(text, media_type=_FORMAT)


def _metrics(
    board: Board, devices: Iterable[DeviceHealth], jobs: Iterable[OpenJob], *, streams: int
) -> Iterable[str]:
    yield _head("kiosk_events_total", "counter", "Events written since the store began")
    yield _line("kiosk_events_total", {}, board.seq)
    yield _head("kiosk_waiting", "gauge", "People who wait now, by service")
    for line in board.lines:
        yield _line("kiosk_waiting", {"service": line.code}, line.waiting)
    yield _head("kiosk_device_fault", "gauge", "1 while the device is in fault")
    for device in devices:
        labels = {"kiosk": device.kiosk, "device": device.name, "reason": device.reason}
        yield _line("kiosk_device_fault", labels, int(device.state == "fault"))
    yield _head("kiosk_print_jobs", "gauge", "Slips that have not come out for certain, by state")
    states = [job.state for job in jobs]
    for state in ("queued", "sending", "unknown", "failed"):
        yield _line("kiosk_print_jobs", {"state": state}, states.count(state))
    yield _head("kiosk_streams", "gauge", "Browsers that follow the changes now")
    yield _line("kiosk_streams", {}, streams)


def _head(name: str, kind: str, told: str) -> str:
    return f"# HELP {name} {told}\n# TYPE {name} {kind}\n"


def _line(name: str, labels: Mapping[str, str], value: int) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value}\n" if told else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
