"""``kiosk printer virtual`` where something stands in its way."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from kiosk.errors import Unavailable
from kiosk.texts import texts
from kiosk.virtual import Virtual, run_virtual
from printer.escpos import ask, encode, fence

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def signals() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for option, virtual in (
            ("--tcp", Virtual(port, tmp_path)),
            ("--control", Virtual(0, tmp_path, control=port)),
        ):
            with pytest.raises(Unavailable, match="virtual_port_in_use") as told:
                run_virtual(virtual)

            assert told.value.facts == {"port": port, "option": option}
            for language in ("vi", "en"):
                sentence = texts(language).say(f"unavailable.{told.value.code}", **told.value.facts)
                assert f"{port}" in sentence
                assert option in sentence
                assert "[web]" not in sentence


@pytest.mark.usefixtures("signals")
def test_a_folder_that_cannot_be_written_is_told_by_its_name(tmp_path: Path) -> None:
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc")):
        (tmp_path / "file").touch()
        with pytest.raises(Unavailable) as told:
            run_virtual(Virtual(0, folder))

        assert (told.value.code, told.value.facts) == ("folder_unwritable", {"path": folder})


@pytest.mark.usefixtures("signals")
def test_a_machine_without_a_serial_line_to_spare_is_not_a_port_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> tuple[int, int]:
        raise OSError(errno.ENOENT, "out of pty devices")

    monkeypatch.setattr(os, "openpty", fail)
    with pytest.raises(OSError, match="out of pty devices"):
        run_virtual(Virtual(None, tmp_path))


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "kiosk", "printer", "virtual", *options]


def told(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError(pattern)


def test_the_command_plays_the_model_that_was_asked_for_and_breaks_when_told(
    tmp_path: Path,
) -> None:
    options = ["--tcp", "0", "--control", "0", "--model", "clone", "--without", "paper_sensor"]
    options += ["--paper", "58", "--speed", "1000", "--buffer", "2", "--folder", str(tmp_path)]
    with subprocess.Popen(
        command(*options),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "LANGUAGE": "en"},
    ) as process:  # fmt: skip
        port = int(told(process, r"127\.0\.0\.1:(\d+)"))
        url = told(process, r"(http://[\d.:]+/)")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
            wire.sendall(encode([Image.new("1", (384, 80), 0)]) + fence(b"P001") + b"\x1dI\x43")
            assert wire.recv(99) == b"_TM-T88V\x00"
            assert httpx.get(url).json()["slips"] == 1
            assert httpx.post(url, json={"fault": "paper_out"}).status_code == 200
            wire.sendall(ask(4))
            assert wire.recv(1) == b"\x7e"
            assert process.stdin is not None
            process.stdin.write("fire\n\n")
            process.stdin.flush()
            assert told(process, r"Not known: (.*)") == "fire"
            assert told(process, r"(ok: 1 slips, 0 torn pieces, 0.01 m of paper)")
            wire.sendall(ask(4))
            assert wire.recv(1) == b"\x12"
        process.terminate()
        assert process.wait(10) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["slip-00001.png"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--tcp", "0", "--pty"],
        ["--tcp", "0", "--model", "pigeon"],
        ["--tcp", "0", "--without", "name"],
        ["--tcp", "0", "--paper", "112"],
        ["--tcp", "0", "--speed", "0"],
    ],
)
def test_what_no_printer_can_be_is_a_mistake_of_usage(options: list[str]) -> None:
    assert subprocess.run(command(*options), capture_output=True, check=False).returncode == 2
