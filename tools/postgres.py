"""A PostgreSQL server of one's own, for tests and measurements: made, used and thrown away."""

from __future__ import annotations

import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg

from kiosk.database.postgres import Postgres

PATIENCE: Final = 30.0
TEMPLATE: Final = "kiosk_template"
LOOK_SECONDS: Final = 0.05
PORTS: Final = (15_000, 30_000)
"""Below those that Linux gives to whoever connects (32768 and up)."""
_PR_SET_PDEATHSIG: Final = 1


def binaries() -> Path:
    """Where the server's programs are: the newest that Debian's packages brought, or PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parts[-3]),
    )
    named = shutil.which("postgres")
    if not found and not named:
        raise FileNotFoundError(
            "There is no PostgreSQL server on this machine; tools/system.sh test installs it"
            " (Debian, Ubuntu: apt-get install postgresql)"
        )
    return found[-1].parent if found else Path(str(named)).parent


def _user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; its package made a user for it."""
    if os.geteuid():
        return {}
    names = [name for name in ("postgres", "nobody") if _exists(name)]
    entry = pwd.getpwnam(names[0])
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _lasting_port() -> int:
    """A free port that stays free while the server is stopped: none that the system hands out."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """A cluster in a folder of its own on a free port of loopback; may be stopped and started.

    Unless it is ``synced`` it does not wait for the disk: what its processes wrote outlives them,
    and no test turns off the machine. Text is ordered as ICU does it for Vietnamese, unlike in
    SQLite.
    """

    def __init__(self, *, synced: bool = False) -> None:
        self._synced = synced
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-postgres-"))
        self.data = self.folder / "data"
        self._bin = binaries()
        self._as = _user()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._run(
            "initdb", "--pgdata", str(self.data), "--username", "kiosk", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu",
            "--icu-locale", "vi", "--no-sync", "--data-checksums",
        )  # fmt: skip
        self.port = _lasting_port()

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        return f"postgresql://kiosk@127.0.0.1:{port or self.port}/{database}"

    def start(self) -> None:
        """Starts it unless it runs, and waits until it answers.

        After a hard stop the system may still hold what the killed ones had in common; then it is
        started again.
        """
        deadline = time.monotonic() + PATIENCE
        while self._process is None or self._process.poll() is not None:
            self._process = self._launch()
            self._await_answer(deadline)

    def _launch(self) -> subprocess.Popen[bytes]:
        switch = "on" if self._synced else "off"
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "fsync": switch,
            "full_page_writes": switch,
            "autovacuum": switch,
            "max_connections": 100,
            "shared_buffers": "64MB",
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._bin / "postgres", "-D", self.data, *chosen],
                stdout=log, stderr=log, preexec_fn=_die_with_parent, **self._as,
            )  # fmt: skip

    def _await_answer(self, deadline: float) -> None:
        """Until the server answers or is gone; raises RuntimeError with its log when time is up."""
        assert self._process is not None
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text("utf-8")) from None
                time.sleep(LOOK_SECONDS)
                if self._process.poll() is not None:
                    return
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it quickly; with SIGQUIT as a crash does, and with SIGKILL even harder."""
        if self._process is None:
            return
        children = []
        if how is signal.SIGKILL:
            self._process.send_signal(signal.SIGSTOP)
            children = self._children()
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process = None

    def _children(self) -> list[int]:
        assert self._process is not None
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in path.read_text("ascii").split()]

    def run(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """One statement as the administrator."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def make_database(self, *, empty: bool = False) -> str:
        """The URL of a new database with today's tables or none; ``drop_database`` ends it."""
        name, source = f"kiosk_{next(self._numbers)}", "template0" if empty else TEMPLATE
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        return self.url(name)

    def make_template(self) -> None:
        self.run(f"CREATE DATABASE {TEMPLATE}")
        store = Postgres(self.url(TEMPLATE), "X")
        store.prepare()
        store.close()

    def drop_database(self, url: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self._bin / program, *words], cwd=self.folder, capture_output=True, text=True,
            check=False, **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")
