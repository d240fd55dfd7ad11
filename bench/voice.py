"""The hall's voice: how long one waits for one's part, and how fast a call is heard.

The days are simulated with the row, the loudspeaker and the clips of the product; only the clock is
ours, so the same seed gives the same day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from bench.figures import Figure, took
from display.chime import read_chime
from display.speaker import Speaker
from display.speech import AFTER_CHIME, Voice, seconds
from display.voices import Order, load
from kiosk.board import Board, Call

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from display.announce import Part

HOURS: Final = 8.0
GAP_SECONDS: Final = 180.0
"""Between two calls of a counter, on average; by chance, as people come and finish."""
MORNING: Final = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
CODES: Final = ("A", "B", "C", "D", "E", "F")
RECENT: Final = 40
HALLS: Final = (10, 20, 30)
SEEDS: Final = (1, 2, 3)
CALLS: Final = 40


def voices_of(languages: tuple[str, ...], counters: int) -> tuple[Voice, ...]:
    order = Order(languages, "north", {}, {}, None, CODES, tuple(range(1, counters + 1)))
    return load(order)[0]


@dataclass
class Day:
    """What was heard: ``waits`` are seconds from the call until one's own words begin; ``spans``
    when each part began and ended; ``dropped`` the calls that were answered before."""

    waits: list[float] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    said: list[Call] = field(default_factory=list)
    made: list[Call] = field(default_factory=list)
    dropped: list[Call] = field(default_factory=list)
    more: list[Part] = field(default_factory=list)
    deepest: int = 0


@dataclass
class Ears:
    """A sink that plays in simulated time."""

    day: Day
    now: float = 0.0
    speaker: Speaker | None = None

    @property
    def is_busy(self) -> bool:
        return bool(self.day.spans) and self.now < self.day.spans[-1][1]

    def play(self, pcm: bytes, volume: float) -> None:
        assert self.speaker is not None
        part = self.speaker.part
        assert part is not None
        self.day.spans.append((self.now, self.now + seconds(pcm)))
        self._note(part)

    def restart(self) -> None:
        raise AssertionError("nothing hangs in simulated time")

    def _note(self, part: Part) -> None:
        """When the words for these calls begin."""
        chime = seconds(read_chime()) + AFTER_CHIME if part.chime else 0.0
        if part.calls[0] in self.day.said:
            self.day.more.append(part)
            return
        for call in part.calls:
            self.day.waits.append(self.now + chime - (call.at - MORNING).total_seconds())
            self.day.said.append(call)


def simulate(
    counters: int, voices: Sequence[Voice], *, times: int = 1, seed: int = 1, hours: float = HOURS
) -> Day:
    """One day; a counter's next call means that its last one was answered."""
    chance = random.Random(seed)
    day = Day()
    ears = Ears(day)
    speaker = Speaker(
        read_chime(),
        range(1, counters + 1),
        times=times,
        clock=lambda: ears.now,
        volume=lambda: 1.0,
        report=lambda *_: None,
    )
    ears.speaker = speaker
    speaker.attach(ears)
    speaker.hear(Board(MORNING, 0, (), ()))
    speaker.ready(voices)
    present: dict[int, Call] = {}
    for at, counter in _arrivals(counters, hours, chance):
        _until(speaker, ears, at)
        number = len(day.made)
        call = Call(
            number + 1,
            f"{CODES[counter % len(CODES)]}{number // 6 % 999 + 1:03d}",
            counter,
            MORNING + timedelta(seconds=at),
            1,
        )
        day.made.append(call)
        before = {one.seq for one in speaker.waiting}
        present[counter] = call
        called = {one.seq for one in present.values()}
        recent = tuple(reversed(day.made[-RECENT:]))
        answered = frozenset(one.seq for one in recent if one.seq not in called)
        speaker.hear(Board(call.at, call.seq, recent, (), answered=answered))
        day.dropped += [one for one in day.made[-RECENT:] if one.seq in before & answered]
        day.deepest = max(day.deepest, len(speaker.waiting))
    _until(speaker, ears, hours * 3600 + 600)
    return day


def _arrivals(counters: int, hours: float, chance: random.Random) -> list[tuple[float, int]]:
    found = []
    for counter in range(1, counters + 1):
        at = chance.expovariate(1 / GAP_SECONDS)
        while at < hours * 3600:
            found.append((at, counter))
            at += chance.expovariate(1 / GAP_SECONDS)
    return sorted(found)


def _until(speaker: Speaker, ears: Ears, end: float) -> None:
    """Lets time go on, as the window's timer does."""
    while (due := speaker.due) is not None and due <= end:
        ears.now = max(ears.now, due)
        speaker.look()
    ears.now = end


def measure(folder: Path) -> list[Figure]:
    """``folder`` is empty and writable."""
    return [*_waits(), *_work(), *_first_sample(folder)]


def _waits() -> list[Figure]:
    voices = voices_of(("vi", "en"), max(HALLS))
    figures = []
    for counters in HALLS:
        for spoken in (voices[:1], voices):
            days = [simulate(counters, spoken, seed=seed) for seed in SEEDS]
            waits = sorted(wait for day in days for wait in day.waits)
            told = f"{counters} counters, {' + '.join(one.language for one in spoken)}"
            p95 = quantiles(waits, n=100)[94]
            target = "<= 10 s" if counters == 20 else ""
            figures.append(Figure(f"wait for one's words, {told}", waits, "s"))
            figures.append(Figure(f"  p95 of it, {len(days)} days", [p95], "s", target=target))
            if len(spoken) > 1:
                more = sum(len(day.more) for day in days) / len(waits)
                figures.append(Figure("  also said in English", [100 * more], "%"))
            dropped = sum(len(day.dropped) for day in days) / sum(len(day.made) for day in days)
            figures.append(Figure("  answered before they were said", [100 * dropped], "%"))
    return figures


def _work() -> list[Figure]:
    (voice,) = voices_of(("vi",), 20)
    pcm = voice.say(["A025"], 16)
    floor = median(took(lambda: bytes(bytearray(pcm))) for _ in range(200))
    joins = [took(lambda: voice.say(["A025"], 16)) for _ in range(200)]
    loads = [took(lambda: voices_of(("vi",), 20)) for _ in range(5)]
    return [
        Figure("joining a call (floor: copying its bytes)", joins, "ms", floor, "<= 5 ms"),
        Figure("loading the voice of an office, on a thread of its own", loads),
    ]


def _first_sample(folder: Path) -> list[Figure]:
    """From a clerk's call to the chime in the sink, on a real board and a real store; the floor is
    the same call until a bare reader of the store's changes sees it."""
    from bench.chime import board_hears, reader_sees

    floor = median(reader_sees(folder / "floor", CALLS))
    heard = board_hears(folder / "board", CALLS)
    name = "call to first sample of the chime (floor: to a bare reader)"
    return [Figure(name, heard, "ms", floor, "<= 300 ms")]
