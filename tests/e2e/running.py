"""The whole program as real processes, with a virtual printer and a scanner on a serial line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tty
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PIN = "135790"
PATIENCE = 30.0
PAUSE = threading.Event()
"""Never set: between two looks at a condition."""

OFFICE = """
[office]
name = "Trung tâm Phục vụ hành chính công"
parent = "UBND phường Trung Tâm"
unit_code = "H15.50.05"

[printer]
connection = "network"
host = "127.0.0.1"
port = {printer}

[scanner]
connection = "serial"
device = "{scanner}"

[board]
sound = "file"

[web]
port = {web}

[[service]]
code = "A"
name.vi = "Chứng thực"

[[service]]
code = "F"
name.vi = "Trả kết quả"
returns_results = true

[[counter]]
number = 1
services = ["A"]

[[counter]]
number = 2
services = ["A", "F"]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true answer; AssertionError when it does not come in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            answer = true()
            if answer:
                return answer
        PAUSE.wait(0.05)
    raise AssertionError(f"{what}: not within {patience} s")


class Hall:
    """One running office; ``api`` speaks to its web as a device of the hall."""

    def __init__(self, folder: Path, printer: int, scanner: str = "/dev/absent-scanner") -> None:
        self.folder = folder
        self.port = free_port()
        self.config = folder / "kiosk.toml"
        text = OFFICE.format(printer=printer, scanner=scanner, web=self.port)
        self.config.write_text(text, "utf-8")
        self.api = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10)
        self.process: subprocess.Popen[str] | None = None

    def kiosk(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One command of the program, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *words, "--config", str(self.config)],
            input=given, capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "LANGUAGE": "en"},
        )  # fmt: skip

    def start(self, *roles: str, under: Sequence[str] = (), **environment: str) -> None:
        """``under`` is a command that runs the program, such as strace."""
        chosen = [part for role in roles for part in ("--role", role)]
        log = (self.folder / "log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            [*under, sys.executable, "-m", "kiosk", "run", *chosen, "--config", str(self.config)],
            stdout=log, stderr=log, text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "en", **environment},
        )  # fmt: skip
        log.close()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def wait(self) -> None:
        until(lambda: self.api.get("/healthz").status_code == 200, "the web answers")

    def device(self, name: str) -> dict[str, Any] | None:
        devices = self.api.get("/healthz").json()["devices"]
        return next((device for device in devices if device["name"] == name), None)

    def wait_for_device(self, name: str, state: str, reason: str | None = None) -> None:
        def stands() -> bool:
            device = self.device(name)
            told = device is not None and device["state"] == state
            return told and (reason is None or device["reason"] == reason)

        until(stands, f"{name} is {state} {reason or ''}")

    def children(self) -> dict[str, psutil.Process]:
        """The children by the roles they play, as far as they run."""
        assert self.process is not None
        found = {}
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                    line = child.cmdline()
                    roles = [line[n + 1] for n, word in enumerate(line) if word == "--role"]
                    if roles:
                        found["+".join(roles)] = child
        return found

    def take(self, service: str = "A", **more: str) -> dict[str, Any]:
        answer = self.api.post("/api/tickets", json={"service": service, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def sign_in(self, login: str, counter: int) -> httpx.Client:
        clerk = httpx.Client(base_url=self.api.base_url, timeout=10)
        answer = clerk.post("/api/session", json={"clerk": login, "pin": PIN, "counter": counter})
        assert answer.status_code == 200, answer.text
        clerk.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return clerk

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.process = None
        return code

    def close(self) -> None:
        self.api.close()
        if self.process is not None and self.process.poll() is None:
            self.stop()


@contextmanager
def serial_line(path: Path) -> Iterator[int]:
    """A serial line that appears at ``path``; yields the far end, where a scanner writes."""
    far, near = os.openpty()
    tty.setraw(near)
    path.unlink(missing_ok=True)
    path.symlink_to(os.ttyname(near))
    try:
        yield far
    finally:
        path.unlink(missing_ok=True)
        os.close(near)
        os.close(far)
