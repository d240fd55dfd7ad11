"""X servers of the tests' own, for windows that are shown and touched as in a hall."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def screen(folder: Path, width: int, height: int) -> Iterator[tuple[str, Path]]:
    """A server: how it is called, and the file in ``folder`` that holds what it shows."""
    reader, writer = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-fbdir", str(folder)]
    command += ["-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            yield f":{pipe.readline().strip()}", folder / "Xvfb_screen0"
    finally:
        server.terminate()
        server.wait(10)


def touch(display: str, x: int, y: int) -> None:
    """A finger, which X11 tells as a pointer, at that pixel."""
    command = ["xdotool", "mousemove", str(x), str(y), "click", "1"]
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True)
