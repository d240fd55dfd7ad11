"""What Prometheus is told, and that it learns of nobody."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
from prometheus_client.parser import text_string_to_metric_families

from kiosk.backups import back_up
from kiosk.config import load
from kiosk.office import calls, devices, tickets
from kiosk.office.centre import open_centre
from kiosk.web.current import Current
from tests.test_config import LEAST
from tests.waiting import until
from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kiosk.office.centre import Centre

CODE = "H15.50.05-261101-0001"


def read(hall: httpx.Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    found = {}
    for family in text_string_to_metric_families(hall.get("/metrics").text):
        for sample in family.samples:
            found[sample.name, frozenset(sample.labels.items())] = sample.value
    return found


def of(**labels: str) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())


@contextmanager
def asking(centre: Centre | Current) -> Iterator[httpx.Client]:
    with served(centre) as address, httpx.Client(base_url=address) as hall:
        yield hall


def test_prometheus_is_told_of_devices_the_day_and_the_process(
    centre: Centre, tmp_path: Path
) -> None:
    ours = replace(centre, disks={"disk": tmp_path})
    devices.report(ours, "printer", "warning", "paper_low")
    for _ in range(3):
        tickets.take_ticket(ours, service="A", actor="test")
    calls.call_next(ours, 2, clerk="")
    with asking(ours) as hall:
        found = read(hall)
    printer = of(kiosk=ours.kiosk, device="printer")

    assert found["kiosk_device_state", printer] == 1
    assert found["kiosk_device_since_seconds", printer] == ours.clock().timestamp()
    assert found["kiosk_tickets_today", of(service="A")] == 3
    assert found["kiosk_calls_today", of()] == 1
    assert found["kiosk_waiting", of(service="A")] == 2
    room = os.statvfs(tmp_path)
    assert found["kiosk_disk_total_bytes", of(disk="disk")] == room.f_blocks * room.f_frsize
    assert found["kiosk_disk_free_bytes", of(disk="disk")] > 0
    own = of(process="web")
    assert 10_000_000 < found["kiosk_process_resident_memory_bytes", own] < 2_000_000_000
    assert 0 < time.time() - found["kiosk_process_start_time_seconds", own] < 86400
    assert ("kiosk_last_copy_age_seconds", of()) not in found


def test_calls_are_counted_by_route_and_no_address_is_told(centre: Centre) -> None:
    with asking(centre) as hall:
        taken = hall.post("/api/tickets", json={"service": "A"}).json()["id"]
        for path in (f"/api/tickets/{taken}", f"/so/{taken}", f"/{CODE}", "/api/board"):
            hall.get(path)
        hall.request("PROPFIND", "/api/board")
        hall.post("/api/dossiers/lookup", json={"code": CODE})
        text = hall.get("/metrics").text
        found = read(hall)

    def counted(method: str, route: str, status: str) -> float:
        labels = of(method=method, route=route, status=status)
        return found["kiosk_http_request_seconds_count", labels]

    assert counted("GET", "/api/tickets/{ticket_id}", "2xx") == 1
    assert counted("GET", "/api/board", "2xx") == 1
    assert counted("GET", "none", "4xx") == 1
    assert counted("other", "/api/board", "4xx") == 1
    assert counted("POST", "/api/dossiers/lookup", "4xx") == 1
    assert taken not in text
    assert CODE not in text


def test_the_age_of_the_last_copy_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    (tmp_path / "copies").mkdir()
    path.write_text(f'{LEAST}\n[backup]\nfolder = "copies"\n', "utf-8")
    config = load(path)
    centre = open_centre(config)
    back_up(centre, tmp_path / "copies")
    with asking(Current(centre, config)) as hall:

        def found() -> Mapping[object, float]:
            return read(hall)

        until(lambda: ("kiosk_last_copy_age_seconds", of()) in found())
        assert 0 <= found()["kiosk_last_copy_age_seconds", of()] < 120
        assert found()["kiosk_disk_free_bytes", of(disk="disk_backup")] > 0
    centre.database.close()
