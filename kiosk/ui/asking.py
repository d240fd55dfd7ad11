"""Which outputs for sound there are, asked by a process of its own.

A sound server that hangs keeps whoever asks it for half a minute, and the libraries that ask cost
20 MB. Run as a program it prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.ui.outputs import CARDS, Output, Outputs

SECONDS: Final = 8.0


@dataclass(frozen=True, slots=True)
class Found:
    """``main`` is the index of the system's own output, or -1; ``cards`` what Linux tells of its
    cards."""

    all: tuple[Output, ...] = ()
    main: int = -1
    cards: str = ""


def ask_outputs(seconds: float = SECONDS) -> Found | None:
    """What there is for this user now; None where no answer comes in time."""
    if not _has_sound():
        return Found()
    command = [sys.executable, "-P", "-m", "kiosk.ui.asking"]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no shell)
            command, capture_output=True, timeout=seconds, check=True
        )
        told = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Found(tuple(Output(*one) for one in told["all"]), told["main"], told["cards"])


def _has_sound() -> bool:
    """Whether there is any card or sound server to ask, which spares most machines without sound
    the second that it takes."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    sockets = (folder / "pulse" / "native", folder / "pipewire-0")
    return (
        CARDS.exists() or "PULSE_SERVER" in os.environ or any(socket.exists() for socket in sockets)
    )


def _print() -> None:
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication([])
    there = Outputs()
    found = [[one.key, one.name] for one in there.all]
    print(json.dumps({"all": found, "main": there.main, "cards": there.text}))  # noqa: T201
    there.close()
    app.quit()


if __name__ == "__main__":
    _print()
