from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from display.pcm import from_bytes
from tests.display.tones import bursts
from tests.test_config import LEAST

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sound_server(tmp_path: Path) -> Iterator[tuple[dict[str, str], int]]:
    """A sound server of its own: its environment, and the process that cards are asked by."""
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bus.stdout is not None
    environment = {**os.environ, **home, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
    processes = [bus]
    try:
        for name in ("pipewire", "wireplumber", "pipewire-pulse"):
            with (tmp_path / f"{name}.log").open("w") as log:
                processes.append(subprocess.Popen([name], env=environment, stdout=log, stderr=log))
            if name == "pipewire":
                wait_for(lambda: (tmp_path / "pipewire-0").exists())
        wait_for(lambda: "auto_null" in ask("pactl", "info", env=environment))
        yield environment, processes[-1].pid
    finally:
        for process in reversed(processes):
            process.kill()
            process.communicate()


def wait_for(holds: object, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    assert callable(holds)
    while not holds():
        assert time.monotonic() < deadline, "the sound server does not start"
        time.sleep(0.05)


def ask(*command: str, env: dict[str, str]) -> str:
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=30).stdout


def test_a_card_says_all_in_order_and_its_troubles_hold_nothing_up(
    sound_server: tuple[dict[str, str], int], tmp_path: Path
) -> None:
    """Played, unplugged, plugged in again, and a server that hangs: by what the outputs gave out.
    Nothing of it reaches the earphones of the touch window, which the system prefers."""
    environment, server = sound_server
    done = subprocess.run(
        [sys.executable, "-m", "tests.display.card", str(tmp_path), str(server)],
        cwd=ROOT,
        env={**environment, "QT_LOGGING_RULES": "qt.multimedia*=false"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["said"] == "3"
    assert said["hung"].startswith("fault hung longest ")
    assert float(said["hung"].split()[-1]) < 1.0
    assert said["after"] == "ok "
    assert float(said["gone"]) < 2.0
    assert said["unplugged"] == "1 fault unplugged nothing"
    assert said["plugged"] == "ok  hall"
    assert said["calls"] == "hall hall"
    assert said["private"] == "True ears ears"
    assert said["aloud"] == "False ears ears"

    heard = bursts(from_bytes((tmp_path / "hall.raw").read_bytes()))
    assert len(heard) >= 3
    for begin, end, _ in heard[:3]:
        assert 0.25 < end - begin < 0.6
    assert all(begin - end >= 0.2 for (_, end, _), (begin, _, _) in pairwise(heard[:3]))
    loud, soft, again = (peak for _, _, peak in heard[:3])
    assert soft == pytest.approx(again, rel=0.1)
    assert soft < loud / 2

    # What a server moves to another output before Linux is asked again.
    leaked = bursts(from_bytes((tmp_path / "ears.raw").read_bytes()))
    assert sum(end - begin for begin, end, _ in leaked) < 0.5


OFFICE = f"""{LEAST}
[web]
port = 18094
[board]
sound_card = "hall"
[touch]
speaker = "gone"
"""


def test_check_finds_the_outputs_before_anything_runs(
    sound_server: tuple[dict[str, str], int], tmp_path: Path
) -> None:
    environment, _ = sound_server
    environment = {**environment, "LANGUAGE": "en"}
    for name in ("hall", "kiosk"):
        sink = (f"sink_name={name}", f"sink_properties=device.description={name}")
        assert ask("pactl", "load-module", "module-null-sink", *sink, env=environment)
    (tmp_path / "kiosk.toml").write_text(OFFICE, "utf-8")
    command = [sys.executable, "-m", "kiosk", "check", "--config", str(tmp_path / "kiosk.toml")]
    told = ask(*command, env={**environment, "PYTHONPATH": str(ROOT)})
    rows = {part: rest for part, *rest in (re.split("  +", row) for row in told.splitlines())}

    assert rows["Sound"] == ["ready", "hall"]
    state, detail = rows["Reading aloud"]
    assert state == "NOT KNOWN"
    assert detail.startswith("espeak-ng: vi, en; the right sound output is not seen; there are: ")
    assert {"hall", "kiosk"} <= set(re.findall(r"\w+", detail.split("there are: ")[1]))
