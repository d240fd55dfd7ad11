"""What Prometheus is told of the kiosk: of the moment from the store, and of calls as they come.

A label never says who: services, kiosks, devices, and of an address the route that answers it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prometheus_client import Metric
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kiosk.board import DeviceHealth
    from kiosk.disks import Room
    from kiosk.office.readings import Readings
    from kiosk.running import Running
    from kiosk.web.copies import Medium

STATES: Final = ("queued", "sending", "unknown", "failed")
ELSEWHERE: Final = "none"
"""The route of what nobody answers, so that strangers who try addresses make no new lines."""
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds."""

disable_created_metrics()  # type: ignore[no-untyped-call]


class Calls:
    """Counts the calls of one application, and how long each took until its answer began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._seconds = Histogram(
            "kiosk_http_request_seconds",
            "Until the answer began, by route, method and status",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(method, route, f"{status // 100}xx").observe(seconds)


class Counting:
    """The layer that tells ``calls`` of each call."""

    def __init__(self, app: ASGIApp, calls: Calls) -> None:
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", ELSEWHERE)
                took = time.perf_counter() - began
                self._calls.note(_method(scope["method"]), route, message["status"], took)
            await send(message)

        await self._app(scope, receive, noted)


def _method(method: str) -> str:
    return method if method in ("GET", "HEAD", "POST", "PUT", "DELETE") else "other"


class _Told:
    """Families that are known already, as a registry wants to have them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def told(families: Iterable[Metric], calls: Calls) -> bytes:
    """All of it in Prometheus' text format."""
    moment = CollectorRegistry(auto_describe=False)
    moment.register(_Told(families))
    return generate_latest(moment) + generate_latest(calls.registry)


def hall_metrics(readings: Readings) -> Iterator[Metric]:
    board = readings.board
    yield CounterMetricFamily("kiosk_events", "Events written since the store began", board.seq)
    waiting = {line.code: line.waiting for line in board.lines}
    yield _by("kiosk_waiting", "People who wait now, by service", "service", waiting)
    given = {line.code: readings.given.get(line.code, 0) for line in board.lines}
    yield _by("kiosk_tickets_today", "Numbers given today, by service", "service", given)
    yield _one("kiosk_calls_today", "Numbers called today", readings.calls)
    states = [job.state for job in readings.jobs]
    jobs = {state: states.count(state) for state in STATES}
    yield _by("kiosk_print_jobs", "Slips that have not come out for certain", "state", jobs)
    rolls = {roll.kiosk: roll.millimetres for roll in readings.rolls}
    told = "Paper printed since the roll was changed"
    yield _by("kiosk_paper_millimetres", told, "kiosk", rolls)


def device_metrics(devices: Sequence[DeviceHealth]) -> Iterator[Metric]:
    labels = ("kiosk", "device", "reason")
    fault = GaugeMetricFamily("kiosk_device_fault", "1 while the device is in fault", labels=labels)
    state = GaugeMetricFamily(
        "kiosk_device_state", "0 ok, 1 warning, 2 fault", labels=("kiosk", "device")
    )
    since = GaugeMetricFamily(
        "kiosk_device_since_seconds",
        "When that state began, since 1970",
        labels=("kiosk", "device"),
    )
    for one in devices:
        fault.add_metric((one.kiosk, one.name, one.reason), int(one.state == "fault"))
        rank = ("ok", "warning", "fault").index(one.state)
        state.add_metric((one.kiosk, one.name), rank)
        since.add_metric((one.kiosk, one.name), one.since.timestamp())
    yield from (fault, state, since)


def machine_metrics(
    disks: Mapping[str, Room | None],
    medium: Medium | None,
    processes: Iterable[Running],
    now: float,
    *,
    streams: int,
) -> Iterator[Metric]:
    """``now`` is in seconds since 1970."""
    known = {name: room for name, room in disks.items() if room is not None}
    if medium is not None and medium.room is not None:
        known["disk_backup"] = medium.room
    free = {name: room.free for name, room in known.items()}
    total = {name: room.total for name, room in known.items()}
    yield _by("kiosk_disk_free_bytes", "Free room on a disk", "disk", free)
    yield _by("kiosk_disk_total_bytes", "All room on a disk", "disk", total)
    files = {name: room.files for name, room in known.items() if room.files is not None}
    yield _by("kiosk_disk_free_files", "Places for new files on a disk", "disk", files)
    if medium is not None and medium.last is not None:
        age = max(0.0, now - medium.last.timestamp())
        yield _one("kiosk_last_copy_age_seconds", "Since the store was copied last", age)
    running = tuple(processes)
    memory = {one.role: one.resident for one in running}
    started = {one.role: one.started for one in running}
    told = "Memory that a process of this machine holds"
    yield _by("kiosk_process_resident_memory_bytes", told, "process", memory)
    told = "When a process of this machine began, since 1970"
    yield _by("kiosk_process_start_time_seconds", told, "process", started)
    yield _one("kiosk_streams", "Browsers that follow the changes now", streams)


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family
