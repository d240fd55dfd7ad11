from __future__ import annotations

import math
import os
import wave
from array import array
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from display.chime import RATE, chime, header, read_chime
from display.sinks import FileSound, NoSound
from display.sound import open_sink
from kiosk.board_config import BoardConfig

if TYPE_CHECKING:
    from pathlib import Path


def samples(pcm: bytes) -> list[float]:
    return [value / 32768 for value in array("h", pcm)]


def test_the_shipped_chime_is_what_our_synthesis_makes() -> None:
    shipped = (files("assets") / "sounds" / "chime.wav").read_bytes()
    assert shipped == header(len(chime())) + chime()


def test_the_chime_is_loud_enough_but_never_clips() -> None:
    peak = max(map(abs, samples(read_chime())))
    assert -6 <= 20 * math.log10(peak) <= -1


def test_the_chime_begins_and_ends_in_silence_and_does_not_click() -> None:
    heard = samples(read_chime())
    assert heard[0] == 0
    assert max(map(abs, heard[-RATE // 200 :])) < 0.001
    # A sine of 660 Hz at full level moves 0.086 from one sample to the next; a click moves more.
    assert max(abs(b - a) for a, b in pairwise(heard)) < 0.12


def test_the_chime_lasts_about_a_second() -> None:
    assert 0.5 <= len(samples(read_chime())) / RATE <= 1.2


def test_a_file_holds_every_sound_that_was_played_and_is_whole_after_each(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    path = tmp_path / "sounds" / "calls.wav"
    sink = FileSound(path, lambda *report: told.append(report))
    for times in (1, 2):
        sink.play(read_chime())
        with wave.open(str(path)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            assert file.readframes(file.getnframes()) == read_chime() * times
    FileSound(path, lambda *report: told.append(report)).play(read_chime())
    with wave.open(str(path)) as file:
        assert file.getnframes() * 2 == 3 * len(read_chime())
    assert set(told) == {("ok", "")}


def test_a_file_that_cannot_be_written_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    sink = FileSound(tmp_path, lambda *report: told.append(report))
    sink.play(read_chime())
    assert told[-1] == ("fault", "error")


def frames(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


def test_a_file_that_is_long_enough_is_put_aside_and_a_new_one_begins(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    path = tmp_path / "calls.wav"
    sink = FileSound(path, lambda *report: told.append(report), most=500)
    for sound in (b"11" * 100, b"22" * 100, b"33" * 100, b"44" * 100, b"55" * 100):
        sink.play(sound)

    assert sorted(one.name for one in tmp_path.iterdir()) == ["calls.1.wav", "calls.wav"]
    assert frames(tmp_path / "calls.1.wav") == b"33" * 100 + b"44" * 100
    assert frames(path) == b"55" * 100
    assert set(told) == {("ok", "")}


def test_a_file_that_an_older_kiosk_let_grow_beyond_what_wav_holds_is_put_aside(
    tmp_path: Path,
) -> None:
    told: list[tuple[str, str]] = []
    path = tmp_path / "calls.wav"
    path.touch()
    os.truncate(path, 2**32 + 1)
    FileSound(path, lambda *report: told.append(report)).play(read_chime())

    assert frames(path) == read_chime()
    assert set(told) == {("ok", "")}


def test_a_name_that_no_file_can_have_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    FileSound(tmp_path / "calls\0.wav", lambda *report: told.append(report)).play(read_chime())

    assert set(told) == {("fault", "error")}


@pytest.mark.qt_log_ignore("PulseAudioService")
def test_a_machine_without_a_sound_card_says_so_and_goes_on(qapp: object, tmp_path: Path) -> None:
    from PySide6.QtMultimedia import QMediaDevices

    told: list[tuple[str, str]] = []
    sink = open_sink(
        BoardConfig(sound="card"),
        tmp_path,
        lambda *report: told.append(report),
        lambda call: call(),
    )
    has_card = not QMediaDevices.defaultAudioOutput().isNull()
    assert told == [("ok", "") if has_card else ("fault", "unplugged")]
    sink.play(read_chime())
    sink.close()


def test_a_hall_without_sound_reports_nothing(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    sink = open_sink(
        BoardConfig(sound="none"),
        tmp_path,
        lambda *report: told.append(report),
        lambda call: call(),
    )
    assert isinstance(sink, NoSound)
    sink.play(b"")
    sink.close()
    assert told == []
