"""A loudspeaker on a real sound server: calls, an unplugged card, a server that hangs, earphones.

Run in a session of its own with pipewire, pipewire-pulse and wireplumber; prints what it saw. The
arguments are a folder for what the outputs played and the process that is to hang. The cards are
made by the server alone, so what Linux tells of them stands in a file of ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop

import display.speaker
from display.chime import RATE
from display.pcm import to_bytes
from display.sound import CardSound
from display.speaker import Speaker
from kiosk.board import Board, Call
from kiosk.touch_config import TouchConfig
from kiosk.ui.threads import GuiPost
from tests.display.tones import tone
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
LISTED = """ 0 [hall           ]: USB-Audio - hall
                      Sound Works hall at usb-0000:00:14.0-1, full speed
"""
STICK = """ 1 [ears           ]: USB-Audio - ears
                      Sound Works ears at usb-0000:00:14.0-2, full speed
"""
LONG = to_bytes(tone(700, 6.0))
"""Until another sound takes its place."""


class Hall:
    def __init__(self, cards: Path) -> None:
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
        report = self.speaker.heard_of_sink
        self.sink = CardSound(report, self.post.post, "hall", cards=cards)
        self.speaker.attach(self.sink)
        self.speaker.hear(Board(NOON, 0, (), ()))
        self.speaker.ready(())

    def call(self) -> None:
        self.seq += 1
        call = Call(self.seq, f"A{self.seq:03d}", self.seq, NOON, 1)
        self.speaker.hear(Board(NOON, self.seq, (call,), ()))

    def until(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Lives on as the window does; notes how long nothing else could be done."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (self.told, self.speaker.waiting)
            began = time.monotonic()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            self.speaker.look()
            self.longest = max(self.longest, time.monotonic() - began)
            time.sleep(0.005)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > until)

    def quiet(self) -> bool:
        return not self.speaker.waiting and not self.speaker.speaking and not self.sink.is_busy


def pactl(*command: str) -> str:
    done = subprocess.run(["pactl", *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def plug(name: str) -> str:
    return pactl("load-module", "module-null-sink", f"sink_name={name}", f"rate={RATE}")


def plays_on() -> str:
    """The names of the outputs that play something now."""
    numbers = dict(line.split("\t")[:2] for line in pactl("list", "short", "sinks").splitlines())
    inputs = [line.split("\t") for line in pactl("list", "short", "sink-inputs").splitlines()]
    return " ".join(sorted({numbers[one[1]] for one in inputs if one[1] in numbers})) or "nothing"


@contextmanager
def recorded(name: str, path: Path) -> Iterator[None]:
    form = ("--format=s16le", "--channels=1", f"--rate={RATE}", "--raw", "--latency-msec=20")
    with path.open("wb") as file:
        ear = subprocess.Popen(["parec", f"--device={name}.monitor", *form], stdout=file)
        yield
        ear.terminate()
        ear.wait()


def is_silent(heard: Path) -> bool:
    """Whether nothing was heard of late: the last words have come out of the recorder."""
    tail = heard.read_bytes()[-RATE // 5 * 2 :]
    return not any(tail)


def main(folder: Path, server: int) -> None:
    display.speaker.HANGS_AFTER = 1.0  # type: ignore[misc] # a test waits less long
    app = QCoreApplication([])
    cards = folder / "cards"
    cards.write_text(LISTED + STICK)
    module, _ = plug("hall"), plug("ears")
    pactl("set-default-sink", "ears")
    heard = folder / "hall.raw"
    with recorded("hall", heard):
        hall = Hall(cards)
        hall.until(lambda: heard.stat().st_size > RATE and ("ok", "") in hall.told)
        says(hall)
        hangs(hall, server)
        hall.until(lambda: is_silent(heard))
    with recorded("ears", folder / "ears.raw"):
        goes_and_comes(hall, cards, module)
    hall.sink.close()
    keep_apart(hall, cards)
    del app


def says(hall: Hall) -> None:
    hall.call()
    hall.until(hall.quiet)
    hall.volume = 0.5
    hall.call()
    hall.call()
    hall.until(hall.quiet)
    print("said", hall.seq)


def hangs(hall: Hall, server: int) -> None:
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


def goes_and_comes(hall: Hall, cards: Path, module: str) -> None:
    """Pulled out in the middle of a call, while Qt goes on to list it."""
    hall.call()
    hall.until(lambda: hall.sink.is_busy)
    hall.told.clear()
    began = time.monotonic()
    cards.write_text(STICK)
    pactl("unload-module", module)
    hall.until(lambda: hall.told[-1:] == [("fault", "unplugged")])
    print("gone", f"{time.monotonic() - began:.3f}")
    hall.call()
    hall.until(hall.quiet)
    hall.sink.play(LONG)
    hall.wait(0.5)
    after = set(hall.told[hall.told.index(("fault", "unplugged")) :])
    print("unplugged", len(after), *hall.told[-1], plays_on())
    hall.until(hall.quiet)
    hall.told.clear()
    cards.write_text(LISTED + STICK)
    plug("hall")
    hall.until(lambda: hall.told[-1:] == [("ok", "")])
    hall.call()
    hall.until(hall.quiet)
    hall.sink.play(LONG)
    hall.until(lambda: plays_on() != "nothing")
    print("plugged", *hall.told[-1], plays_on())


def keep_apart(hall: Hall, cards: Path) -> None:
    """The hall's calls and the touch window's speech, where the system prefers the other's card."""
    from kiosk.touch.outlets import CardOutlet

    calls = CardSound(lambda *_: None, hall.post.post, "", ("EARS",), cards)
    calls.play(LONG)
    hall.until(lambda: plays_on() != "nothing")
    print("calls", after_changes(hall, "hall", "ears"))
    calls.close()
    settings = TouchConfig(earphones="plug", earphones_device="ears")
    for name, to in (("private", settings), ("aloud", TouchConfig())):
        hall.until(lambda: plays_on() == "nothing")
        speech = CardOutlet(to, lambda *_: None, "hall", cards)
        speech.play(LONG, 1.0)
        hall.until(lambda: plays_on() != "nothing")
        print(name, speech.alone, after_changes(hall, "ears", "hall"))
        speech.close()


def after_changes(hall: Hall, *others: str) -> str:
    """Where it plays after the system preferred these, one after the other."""
    places = []
    for other in others:
        pactl("set-default-sink", other)
        hall.wait(0.3)
        places.append(plays_on())
    return " ".join(places)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
