"""Faults of a disk put into the running program's own processes, by libfiu."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.e2e.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

ENOSPC: Final = 28
EIO: Final = 5
WRITE: Final = "posix/io/rw/pwrite"
SYNC: Final = "posix/io/sync/fdatasync"
READ: Final = "posix/io/rw/pread"

_LIBRARIES: Final = ("fiu_run_preload.so", "fiu_posix_preload.so")
_FOLDERS: Final = [path for path in Path("/usr/lib").glob("**/fiu") if path.is_dir()]
PRELOAD: Final = " ".join(str(_FOLDERS[0] / name) for name in _LIBRARIES) if _FOLDERS else ""
"""What ``fiu-run -x`` loads before a program."""


def environment(folder: Path) -> dict[str, str]:
    """For a program whose processes listen on pipes of their own in the folder."""
    assert PRELOAD, "libfiu is not installed: tools/system.sh test"
    return {"LD_PRELOAD": PRELOAD, "FIU_CTRL_FIFO": str(folder / "fiu"), "FIU_ENABLE": ""}


def order(folder: Path, process: int, command: str) -> None:
    """Tells one process what fails from now on, and waits until it has heard."""
    pipe = folder / f"fiu-{process}"
    until(lambda: Path(f"{pipe}.in").exists(), "the process listens")
    answered: list[bytes] = []

    def hear() -> None:
        answered.append(Path(f"{pipe}.out").read_bytes())

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    Path(f"{pipe}.in").write_text(f"{command}\n", "ascii")
    thread.join(20)
    assert answered == [b"0\n"], f"{command}: {answered}"


@contextmanager
def failing(folder: Path, process: int, point: str, error: int) -> Iterator[None]:
    """Meanwhile each such call of the process fails with that error."""
    order(folder, process, f"enable name={point},failinfo={error}")
    try:
        yield
    finally:
        if Path(f"/proc/{process}").exists():
            order(folder, process, f"disable name={point}")


def sometimes(folder: Path, process: int, point: str, error: int, chance: float) -> None:
    """From now on so many of these calls fail."""
    order(
        folder,
        process,
        f"enable_random name={point},failinfo={error},probability={chance}",
    )


def fill(folder: Path) -> Path:
    """Takes all the room that is left on the folder's disk."""
    path = folder / "filler"
    with path.open("ab") as file:
        for size in (1 << 20, 4096, 512):
            try:
                while True:
                    os.write(file.fileno(), b"\0" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return path
