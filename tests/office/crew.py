"""Several processes of one office, told what to do at the same moment, and killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from types import TracebackType

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 30.0

Command = dict[str, Any]
Answer = dict[str, Any]


def command(what: str, now: datetime, /, **facts: object) -> Command:
    return {"do": what, "now": now.isoformat(), "with": facts}


class Worker:
    """One process with its own centre; started again when it is told something after it died."""

    def __init__(self, path: str, kiosk: str) -> None:
        self._path = path
        self.kiosk = kiosk
        self.opening: dict[str, Any] = {}
        self._socket: socket.socket | None = None
        self._lines: Any = None
        self.pid = 0

    def open(self, store: str, code: str, rules: Mapping[str, object]) -> None:
        """Opens the store, anew when it is open; the process stays if it lives."""
        self.opening = {"store": store, "code": code, "kiosk": self.kiosk, "rules": dict(rules)}
        if self._socket is not None:
            self._introduce()

    def tell(self, commands: Sequence[Command], dies: int | None = None) -> None:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(PATIENCE)
            self._socket.connect(self._path)
            self._lines = self._socket.makefile("rwb")
            self._introduce()
        self._write({"all": list(commands), "dies": dies})

    def hear(self) -> list[Answer] | None:
        """The answers to all commands; None when the process died before it had them."""
        heard: list[Answer] | None = self._read()
        if heard is None:
            self.close()
        return heard

    def kill(self) -> None:
        """As when its plug is pulled: nothing is finished, nothing is said."""
        if self._socket is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._lines.close()
            self._socket.close()
            self._socket = None

    def _introduce(self) -> None:
        self._write(self.opening)
        told = self._read()
        assert told is not None
        self.pid = told["ok"]

    def _write(self, message: object) -> None:
        self._lines.write(json.dumps(message).encode() + b"\n")
        self._lines.flush()

    def _read(self) -> Any:
        with suppress(ConnectionResetError):
            line = self._lines.readline()
            if line.endswith(b"\n"):
                return json.loads(line)
        return None


class Crew:
    """The processes; ``with Crew(folder, kiosks) as crew``."""

    def __init__(self, folder: Path, kiosks: Sequence[str]) -> None:
        self._path = str(folder / "crew")
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.office.worker", self._path],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self._parent.stdout is not None
        assert self._parent.stdout.readline() == b"ready\n"
        self.workers = [Worker(self._path, kiosk) for kiosk in kiosks]

    def open(self, store: str, code: str, rules: Mapping[str, object]) -> None:
        for worker in self.workers:
            worker.open(store, code, rules)

    def together(
        self, acts: Mapping[int, tuple[Sequence[Command], int | None]]
    ) -> dict[int, list[Answer] | None]:
        """Several at once: by worker its commands, and after how many statements it dies."""
        for worker, (commands, dies) in acts.items():
            self.workers[worker].tell(commands, dies)
        return {worker: self.workers[worker].hear() for worker in acts}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self.workers:
            worker.close()
        self._parent.terminate()
        self._parent.wait(PATIENCE)
        assert self._parent.stdout is not None
        self._parent.stdout.close()
