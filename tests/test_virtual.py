"""``kiosk printer virtual`` where something stands in its way."""

from __future__ import annotations

import errno
import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Unavailable
from kiosk.virtual import Virtual, run_virtual

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
        with pytest.raises(Unavailable) as told:
            run_virtual(Virtual(port, tmp_path))
        with pytest.raises(Unavailable) as also:
            run_virtual(Virtual(0, tmp_path, control=port))

    for told_ in (told, also):
        assert (told_.value.code, told_.value.facts["port"]) == ("port_in_use", port)


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
