"""The whole way: a clerk calls, and the board's window lets it be said into a file."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

from display.chime import BYTES_PER_SAMPLE, read_chime
from display.speech import seconds
from display.voices import Order, load
from kiosk.office.calls import call_next, finish, no_show, start
from kiosk.office.hall import read_board
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter
from kiosk.voice_config import VoiceConfig
from tests.display.conftest import COMMUNE, commune, services
from tests.display.test_speaker import Tape

if TYPE_CHECKING:
    from tests.display.conftest import Hall


def order(*languages: str) -> Order:
    return Order(languages, "north", {}, {}, None, ("A", "B"), (1, 2, 3, 4, 5, 6))


def heard(hall: Hall) -> bytes:
    with wave.open(str(hall.folder / "calls.wav")) as file:
        return file.readframes(file.getnframes())


def test_a_call_is_heard_in_both_languages_after_the_chime(hall: Hall) -> None:
    spoken = order("vi", "en")
    voices, _ = load(spoken)
    hall.voice, hall.order = VoiceConfig(languages=("vi", "en")), spoken
    board = hall.open(sound="file")
    hall.until(lambda: board.speaker._voices is not None)
    ticket = hall.call("A", 6)
    hall.until(lambda: bool(heard(hall)))
    assert [c.number for c in board.speaker.speaking] == [ticket.number]
    said = heard(hall)
    assert said.startswith(read_chime())
    assert said.endswith(voices[0].say([ticket.number], 6))
    hall.after(seconds(said) + 0.5)
    more = voices[1].say([ticket.number], 6)
    assert heard(hall) == said + more
    hall.after(seconds(more) + 0.1)
    assert board.speaker.speaking == ()
    assert len(heard(hall)) % BYTES_PER_SAMPLE == 0


def test_who_came_meanwhile_is_not_called_any_more(hall: Hall) -> None:
    hall.voice, hall.order = VoiceConfig(), order("vi")
    board = hall.open(sound="file")
    hall.until(lambda: board.speaker._voices is not None)
    hall.call("A", 1)
    hall.call("A", 2)
    third = hall.call("B", 3)
    hall.until(lambda: len(board.speaker.waiting) == 2)
    start(hall.centre, 2, clerk="mai")
    hall.until(lambda: len(board.speaker.waiting) == 1)
    assert [c.number for c in board.speaker.waiting] == [third.number]
    no_show(hall.centre, 3, clerk="mai")
    hall.until(lambda: not board.speaker.waiting)


def test_the_board_knows_which_calls_were_answered(hall: Hall) -> None:
    hall.call("A", 1)
    assert read_board(hall.centre).answered == frozenset()
    start(hall.centre, 1, clerk="mai")
    board = read_board(hall.centre)
    assert board.answered == {board.calls[0].seq}
    finish(hall.centre, 1, clerk="mai")
    take_ticket(hall.centre, service="A", actor="test")
    call_next(hall.centre, 1, clerk="mai")
    board = read_board(hall.centre)
    assert [call.seq in board.answered for call in board.calls] == [False, True]


def test_a_board_says_the_calls_of_its_zones_only(hall: Hall) -> None:
    entries = services(*COMMUNE)
    zones = {1: "land", 2: "hall"}
    counters = {n: Counter(n, tuple(entries), zone) for n, zone in zones.items()}
    hall.centre = commune(hall.centre, counters=counters)
    board = hall.open(sound="file", zones=("land",))
    hall.call("A", 2)
    ticket = hall.call("A", 1)
    hall.until(lambda: bool(board.speaker.speaking))
    assert [c.number for c in board.speaker.speaking] == [ticket.number]
    assert board.speaker.waiting == ()
    assert heard(hall) == read_chime()


def test_a_silent_hall_stays_silent(hall: Hall) -> None:
    hall.voice, hall.order = VoiceConfig(), order("vi")
    board = hall.open(sound="none")
    hall.call("A", 1)
    hall.until(lambda: bool(board.bridge.shown.hero.number))
    assert not (hall.folder / "calls.wav").exists()


def test_a_new_volume_counts_from_the_next_call_on_in_the_same_window(hall: Hall) -> None:
    hall.voice, hall.order = VoiceConfig(), order("vi")
    board, tape = hall.open(sound="none", volume=0.8), Tape()
    board.speaker.attach(tape)
    hall.until(lambda: board.speaker._voices is not None)
    hall.call("A", 1)
    hall.until(lambda: len(tape.played) == 1)
    busy = board.sample(0.3)
    hall.after(60)
    board.follow_loudness(0.4, hall.voice)
    hall.call("A", 2)
    hall.until(lambda: len(tape.played) == 2)
    hall.after(60)
    sampled = board.sample(0.3)

    assert (busy, sampled) == (False, True)
    assert [volume for _, volume in tape.played] == [0.8, 0.4, 0.3]
