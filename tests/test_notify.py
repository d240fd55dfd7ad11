"""systemd is told what it asked for, over the socket that it gave, and nothing else."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from kiosk.notify import Manager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["path", "abstract"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Where a service manager listens, as it names it in NOTIFY_SOCKET."""
    address = f"{tmp_path}/notify" if request.param == "path" else f"@kiosk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(address.replace("@", "\0", 1))
        listens.settimeout(5)
        yield address, listens


def test_ready_status_and_stopping_arrive_and_no_child_inherits_the_socket(
    door: tuple[str, socket.socket],
) -> None:
    address, listens = door
    environment = {"NOTIFY_SOCKET": address, "HOME": "/"}
    manager = Manager(environment)
    manager.ready()
    manager.status("Running: web")
    manager.status("Running: web")
    manager.alive()
    manager.stopping()

    assert environment == {"HOME": "/"}
    assert [listens.recv(200) for _ in range(3)] == [
        b"READY=1", b"STATUS=Running: web", b"STOPPING=1"
    ]  # fmt: skip


def test_the_watchdog_is_fed_twice_as_often_as_it_bites(
    door: tuple[str, socket.socket],
) -> None:
    address, listens = door
    now = [100.0]
    manager = Manager(
        {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": str(os.getpid())},
        lambda: now[0],
    )
    manager.ready()
    assert listens.recv(200) == b"READY=1"
    fed = []
    for _ in range(400):
        now[0] += 0.05
        manager.alive()
        listens.setblocking(False)
        try:
            fed.append((round(now[0]), listens.recv(200)))
        except BlockingIOError:
            continue

    assert fed == [(100, b"WATCHDOG=1"), (110, b"WATCHDOG=1")]


def test_who_is_not_ready_yet_asks_for_time(door: tuple[str, socket.socket]) -> None:
    """A large store may take minutes to be brought up to date."""
    address, listens = door
    manager = Manager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "20000000"})

    manager.alive()

    assert listens.recv(200) == b"WATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000000"


@pytest.mark.parametrize(
    "environment",
    [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}],
)
def test_where_nobody_asked_nothing_is_fed(environment: dict[str, str]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(f"\0kiosk-test-none-{os.getpid()}")
        listens.setblocking(False)
        manager = Manager({**environment, "NOTIFY_SOCKET": f"@kiosk-test-none-{os.getpid()}"})
        manager.alive()
        with pytest.raises(BlockingIOError):
            listens.recv(200)


def test_a_manager_that_is_gone_stops_nothing(tmp_path: Path, caplog) -> None:
    manager = Manager({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    manager.ready()
    manager.stopping()

    assert caplog.text.count("the service manager cannot be told") == 1
    assert not Manager({}).asked
