from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bench.voice import simulate, voices_of
from display.announce import MOST_WAITING
from display.chime import read_chime
from display.speaker import BREATH, HANGS_AFTER, Loading, Speaker
from display.speech import Voice, seconds
from display.voices import Lack, Order
from kiosk.board import Board, Call
from kiosk.voice_config import VoiceConfig

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def voices() -> tuple[Voice, ...]:
    return voices_of(("vi", "en"), 30)


@dataclass
class Tape:
    """A sink that notes what it plays, and is busy as long as it is told to."""

    played: list[tuple[bytes, float]] = field(default_factory=list)
    is_busy: bool = False
    restarts: int = 0

    def play(self, pcm: bytes, volume: float) -> None:
        self.played.append((pcm, volume))

    def restart(self) -> None:
        self.restarts += 1
        self.is_busy = False


@dataclass
class Room:
    """A loudspeaker, its clock and what is reported of it."""

    now: float = 100.0
    volume: float = 0.8
    told: list[tuple[str, str]] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    tape: Tape = field(default_factory=Tape)

    def __post_init__(self) -> None:
        self.speaker = Speaker(
            read_chime(),
            range(1, 31),
            times=1,
            clock=lambda: self.now,
            volume=lambda: self.volume,
            report=lambda *told: self.told.append(told),
            later=lambda after, call: self.later.append(after),
        )
        self.speaker.attach(self.tape)
        self.speaker.hear(Board(NOON, 0, (), ()))

    def calls(self, *counters: int, answered: frozenset[int] = frozenset()) -> None:
        made = [Call(n, f"A{n:03d}", counter, NOON, 1) for n, counter in enumerate(counters, 1)]
        self.speaker.hear(Board(NOON, len(made), tuple(made[::-1]), (), answered=answered))

    def after(self, passed: float) -> None:
        self.now += passed
        self.speaker.look()


def test_one_after_the_other_and_never_over_one_another(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.ready(voices[:1])
    room.calls(3, 5)
    first = seconds(room.tape.played[0][0])
    assert [c.counter for c in room.speaker.speaking] == [3]
    assert [c.counter for c in room.speaker.waiting] == [5]
    assert room.later == [first + BREATH]
    room.after(first + BREATH - 0.01)
    assert len(room.tape.played) == 1
    room.after(0.02)
    assert len(room.tape.played) == 2
    assert [c.counter for c in room.speaker.speaking] == [5]
    room.after(60)
    assert (room.speaker.speaking, room.speaker.due) == ((), None)


def test_a_call_counts_as_being_said_until_its_last_language(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.ready(voices)
    room.calls(3)
    room.after(seconds(room.tape.played[0][0]) + BREATH / 2)
    assert [c.counter for c in room.speaker.speaking] == [3]
    room.after(BREATH)
    assert room.tape.played[1][0] == voices[1].say(["A001"], 3)
    room.after(60)
    assert room.speaker.speaking == ()


def test_nothing_is_said_before_the_voices_are_there_and_then_nothing_is_lost(
    voices: tuple[Voice, ...],
) -> None:
    room = Room()
    room.calls(3)
    assert room.tape.played == []
    room.speaker.ready(voices)
    assert room.tape.played[0][0].startswith(read_chime())
    assert room.tape.played[0][0].endswith(voices[0].say(["A001"], 3))


def test_without_voices_there_is_the_chime() -> None:
    room = Room()
    room.speaker.ready(())
    room.calls(3)
    assert room.tape.played == [(read_chime(), 0.8)]


def test_a_sample_is_heard_as_loud_as_it_is_asked_for_and_never_beside_a_call(
    voices: tuple[Voice, ...],
) -> None:
    room, sample = Room(), Call(0, "A000", 3, NOON, 1)
    too_early = room.speaker.sample(sample, 0.5)
    room.speaker.ready(voices)
    assert room.speaker.sample(sample, 0.5)
    pcm, volume = room.tape.played[0]
    room.calls(5)
    while_it_sounds = room.speaker.sample(sample, 0.5)
    room.after(seconds(pcm) + BREATH)
    between_languages = room.speaker.sample(sample, 0.5)

    assert (too_early, while_it_sounds, between_languages) == (False, False, False)
    assert (pcm.endswith(voices[0].say(["A000"], 3)), volume) == (True, 0.5)
    assert [one.counter for one in room.speaker.speaking] == [5]
    assert [volume for _, volume in room.tape.played] == [0.5, 0.8]


def test_each_announcement_is_as_loud_as_its_hour_allows(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.ready(voices[:1])
    room.calls(3, 5)
    room.volume = 0.3
    room.after(20)
    assert [volume for _, volume in room.tape.played] == [0.8, 0.3]


def test_quiet_hours_are_those_of_the_office() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    quiet = [{"hours": "11:30-13:30", "volume": 0.2}, {"hours": "mon 07:00-17:00", "volume": 0.5}]
    voice = VoiceConfig.model_validate({"quiet": quiet})
    monday = datetime(2026, 11, 23, tzinfo=zone)
    at = {hour: voice.volume(0.8, monday + timedelta(hours=hour), zone) for hour in (6, 8, 12, 18)}
    assert at == {6: 0.8, 8: 0.5, 12: 0.2, 18: 0.8}
    assert voice.volume(0.8, monday + timedelta(days=1, hours=8), zone) == 0.8


def test_a_card_that_does_not_end_is_begun_anew(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.ready(voices[:1])
    room.calls(3, 5)
    room.tape.is_busy = True
    first = seconds(room.tape.played[0][0])
    room.after(first + HANGS_AFTER - 0.1)
    assert (len(room.tape.played), room.tape.restarts) == (1, 0)
    room.after(0.2)
    assert (len(room.tape.played), room.tape.restarts) == (2, 1)


def test_of_a_hall_that_wants_no_sound_nothing_is_told(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.ready(voices, [Lack("voice_words", "vi", ("xin mời",))])
    assert room.told == []


def test_staff_are_told_what_the_voices_lack_and_first_of_the_card(
    voices: tuple[Voice, ...], caplog: pytest.LogCaptureFixture
) -> None:
    room = Room()
    room.speaker.heard_of_sink("ok", "")
    room.speaker.ready(voices, [Lack("voice_words", "vi", ("xin mời",))])
    assert room.told[-1] == ("warning", "voice_words")
    assert "xin mời" in caplog.text
    room.speaker.heard_of_sink("fault", "unplugged")
    assert room.told[-1] == ("fault", "unplugged")
    room.speaker.heard_of_sink("ok", "")
    assert room.told[-1] == ("warning", "voice_words")


def test_too_many_calls_are_told_until_the_row_is_short_again(voices: tuple[Voice, ...]) -> None:
    room = Room()
    room.speaker.heard_of_sink("ok", "")
    room.speaker.ready(voices[:1])
    room.calls(*(n % 30 + 1 for n in range(MOST_WAITING + 10)))
    assert room.told[-1] == ("warning", "voice_behind")
    for _ in range(MOST_WAITING):
        room.after(30)
    assert room.told[-1] == ("ok", "")


def test_the_voices_are_loaded_beside_all_else() -> None:
    room, done, threads = Room(), threading.Event(), set()

    def post(call: object) -> None:
        threads.add(threading.current_thread())
        assert callable(call)
        call()
        done.set()

    order = Order(("vi",), "south", {}, {}, None, ("A",), (3,))
    due: list[Callable[[], None]] = []
    begun = Loading(order, room.speaker, post, lambda after, call: due.append(call))
    room.calls(3)
    assert room.tape.played == []
    due[0]()
    begun.close()
    assert done.is_set()
    assert threading.main_thread() not in threads
    assert len(room.tape.played[0][0]) > len(read_chime())


@pytest.mark.parametrize(("languages", "times"), [(("vi",), 1), (("vi", "en"), 2)])
def test_at_twenty_counters_one_waits_ten_seconds_for_ones_announcement(
    voices: tuple[Voice, ...], languages: tuple[str, ...], times: int
) -> None:
    spoken = [voice for voice in voices if voice.language in languages]
    day = simulate(20, spoken, times=times, hours=2.5)
    assert quantiles(day.waits, n=100)[94] <= 10
    assert all(end <= begin for (_, end), (begin, _) in pairwise(day.spans))
    order = [call.seq for call in day.said]
    assert order == sorted(order)
    assert len(day.made) > 800
    assert {c.seq for c in day.made} == set(order) | {c.seq for c in day.dropped}
