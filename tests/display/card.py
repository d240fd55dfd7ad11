"""A loudspeaker on a real sound server: calls, an unplugged card, a server that hangs.

Run in a session of its own with pipewire, pipewire-pulse and wireplumber; prints what it saw. The
arguments are a file for what the card played and the process that is to hang.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop

import display.speaker
from display.chime import RATE
from display.pcm import to_bytes
from display.sound import open_sink
from display.speaker import Speaker
from kiosk.board import Board, Call
from kiosk.board_config import BoardConfig
from kiosk.ui.threads import GuiPost
from tests.display.tones import tone

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PLUG = ("pactl", "load-module", "module-null-sink", "sink_name=hall", f"rate={RATE}")


class Hall:
    def __init__(self) -> None:
        self.post = GuiPost()
        self.told: list[tuple[str, str]] = []
        self.volume = 1.0
        self.seq = 0
        self.longest = 0.0
        self.speaker = Speaker(
            to_bytes(tone(700, 0.3)),
            range(1, 100),
            times=1,
            clock=time.monotonic,
            volume=lambda: self.volume,
            report=lambda *told: self.told.append(told),
        )
        board = BoardConfig(sound="card", sound_card="hall")
        self.sink = open_sink(board, Path(), self.speaker.heard_of_sink, self.post.post)
        self.speaker.attach(self.sink)
        self.speaker.hear(Board(NOON, 0, (), ()))
        self.speaker.ready(())

    def call(self) -> None:
        self.seq += 1
        call = Call(self.seq, f"A{self.seq:03d}", self.seq, NOON, 1)
        self.speaker.hear(Board(NOON, self.seq, (call,), ()))

    def until(self, holds: Callable[[], bool], seconds: float = 8.0) -> None:
        """Lives on as the window does; notes how long nothing else could be done."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (self.told, self.speaker.waiting)
            began = time.monotonic()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            self.speaker.look()
            self.longest = max(self.longest, time.monotonic() - began)
            time.sleep(0.005)

    def quiet(self) -> bool:
        return not self.speaker.waiting and not self.speaker.speaking and not self.sink.is_busy


def pactl(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main(recording: Path, server: int) -> None:
    display.speaker.HANGS_AFTER = 1.0  # type: ignore[misc] # a test waits less long
    app = QCoreApplication([])
    module = pactl(*PLUG)
    listen = ("parec", "--device=hall.monitor", "--format=s16le", "--channels=1", f"--rate={RATE}")
    with recording.open("wb") as file:
        ear = subprocess.Popen([*listen, "--raw", "--latency-msec=20"], stdout=file)
        hall = Hall()
        hall.until(lambda: recording.stat().st_size > RATE and ("ok", "") in hall.told)

        hall.call()
        hall.until(hall.quiet)
        hall.volume = 0.5
        hall.call()
        hall.call()
        hall.until(hall.quiet)
        print("said", hall.seq)

        os.kill(server, signal.SIGSTOP)
        hall.call()
        hall.call()
        hall.longest = 0.0
        hall.until(lambda: hall.told[-1] == ("fault", "hung"))
        print("hung", *hall.told[-1], "longest", f"{hall.longest:.3f}")
        os.kill(server, signal.SIGCONT)
        hall.until(lambda: hall.told[-1] == ("ok", ""))
        hall.until(hall.quiet)
        print("after", *hall.told[-1])

        time.sleep(0.3)
        ear.terminate()
        ear.wait()
        pactl("pactl", "unload-module", module)
        hall.until(lambda: hall.told[-1] == ("fault", "unplugged"))
        hall.call()
        hall.until(hall.quiet)
        print("unplugged", *hall.told[-1])
        pactl(*PLUG)
        hall.until(lambda: hall.told[-1] == ("ok", ""))
        hall.call()
        hall.until(lambda: hall.sink.is_busy)
        hall.until(hall.quiet)
        print("plugged", *hall.told[-1])
        hall.sink.close()
    del app


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
