"""Every change of the store sent to another place within a second, by litestream beside the hall.

It is a program of its own, on the PATH or by the extra ``replica``, started and watched by the
process ``upkeep``.
What opens a bucket stands in the environment, as its manual says (LITESTREAM_ACCESS_KEY_ID,
LITESTREAM_SECRET_ACCESS_KEY), and in no file of ours.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.config import Config

log = logging.getLogger(__name__)

DEVICE: Final = "stream"
KEPT: Final = "72h"
"""How long the place keeps what was, so that erased people are gone from it in days as well."""
STEADY_SECONDS: Final = 3.0
QUIET_SECONDS: Final = 30.0
"""So long after its last error all is well again."""
PAUSES: Final = (1.0, 5.0, 15.0, 60.0)
_STOP_SECONDS: Final = 5.0


def program() -> str | None:
    """Where litestream is: beside Python, as the extra puts it there, or on the path."""
    beside = Path(sys.executable).with_name("litestream")
    return str(beside) if beside.exists() else shutil.which("litestream")


def _url(config: Config) -> str:
    place = config.backup.stream
    return place if "://" in place else config.beside(place).as_uri()


def settings_file(config: Config) -> Path:
    """What litestream is told, written anew each time; no secret is in it. OSError."""
    store = config.store_path
    assert store is not None
    told = {
        "logging": {"type": "json", "level": "warn", "stderr": True},
        "snapshot": {"interval": "24h", "retention": KEPT},
        "dbs": [{"path": str(store), "replica": {"url": _url(config), "sync-interval": "1s"}}],
    }
    path = config.beside_store("stream.yml")
    # YAML holds all of JSON.
    path.write_text(json.dumps(told, indent=2), "utf-8")
    return path


def fetch(config: Config, to: Path) -> None:
    """The store as the other place has it, in a new file.

    Refused: no_stream, stream_missing, stream_empty (url, why).
    """
    litestream = program()
    if not config.backup.stream or config.store_path is None:
        raise Refused("no_stream")
    if litestream is None:
        raise Refused("stream_missing")
    try:
        command = [litestream, "restore", "-config", str(settings_file(config)), "-o", str(to)]
        # However long a large store takes over a slow line: whoever waits can end it.
        done = subprocess.run(  # noqa: S603 (ours)
            [*command, str(config.store_path)], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise Refused("stream_empty", url=config.backup.stream, why=error.strerror) from error
    if done.returncode or not to.exists():
        *_, last = ["–", *(done.stderr or done.stdout).strip().splitlines()]
        raise Refused("stream_empty", url=config.backup.stream, why=last)


class Streaming:
    """The program while it runs; ``report`` takes a state and its reason."""

    def __init__(self, config: Config, report: Callable[[str, str], None]) -> None:
        self._config = config
        self._report = report
        self._process: subprocess.Popen[str] | None = None
        self._failures = 0
        self._due = 0.0
        self._began = 0.0
        self._erred = float("-inf")

    def look(self) -> None:
        process, now = self._process, time.monotonic()
        if process is not None and process.poll() is not None:
            log.error("litestream ended with code %d", process.returncode)
            self._process = process = None
            self._failures += 1
            self._due = now + PAUSES[min(self._failures, len(PAUSES)) - 1]
            self._report("fault", "stream_stopped")
        if process is None:
            if now >= self._due:
                self._start()
        elif now - self._began > STEADY_SECONDS:
            if now - self._erred < QUIET_SECONDS:
                self._report("fault", "stream_failing")
            else:
                self._failures = 0
                self._report("ok", "")

    def _start(self) -> None:
        litestream = program()
        if litestream is None:
            self._due = time.monotonic() + PAUSES[-1]
            self._report("fault", "stream_missing")
            return
        try:
            command = [litestream, "replicate", "-config", str(settings_file(self._config))]
            if setpriv := shutil.which("setpriv"):
                # It must not go on alone when this process is killed.
                command = [setpriv, "--pdeathsig", "TERM", *command]
            self._process = subprocess.Popen(  # noqa: S603 (ours)
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True, errors="replace", env={**os.environ},
            )  # fmt: skip
        except OSError as error:
            log.error("litestream cannot be started: %s", error)
            self._due = time.monotonic() + PAUSES[-1]
            self._report("fault", "stream_stopped")
            return
        self._began = time.monotonic()
        threading.Thread(target=self._hear, args=(self._process,), name="stream").start()

    def _hear(self, process: subprocess.Popen[str]) -> None:
        """What it says goes into our log, and an error into the health record."""
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                with suppress(ValueError, AttributeError):
                    told = json.loads(line)
                    log.warning("litestream: %s %s", told.get("msg"), told.get("error", ""))
                    if told.get("level") in ("ERROR", "error"):
                        self._erred = time.monotonic()

    def stop(self) -> None:
        """Until ``look`` starts it again; what was written meanwhile is sent then."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
