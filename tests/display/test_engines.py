from __future__ import annotations

import math
import struct
import time
from array import array
from typing import TYPE_CHECKING

import pytest

from display.chime import RATE, header
from display.engines import Espeak, Piper, espeak, plain
from display.pcm import from_bytes, read_wav, resampled
from kiosk.errors import Unavailable
from kiosk.texts import languages, texts, told_to_technician

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Script = Callable[[str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Makes a program that stands where an engine does."""

    def made(body: str) -> str:
        path = tmp_path / "engine"
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)
        return str(path)

    return made


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / RATE


def test_a_sentence_becomes_sound_in_each_language_and_region() -> None:
    sentence = "Mời số không hai đến quầy số sáu"
    heard = {region: espeak("vi", region).speak(sentence) for region in ("north", "south")}
    assert all(1.5 < seconds(pcm) < 5 for pcm in heard.values())
    assert heard["north"] != heard["south"]
    assert 1 < seconds(espeak("en").speak("Number two, counter six, please.")) < 5
    assert 1 < seconds(espeak("fr").speak("Le numéro deux, guichet six.")) < 5


def test_a_sentence_is_read_and_never_obeyed(tmp_path: Path) -> None:
    mark, english = tmp_path / "m", espeak("en")
    short = english.speak("a")
    assert seconds(english.speak(f"-w m $(touch {mark})\n\0--help")) > seconds(short)
    assert not mark.exists()
    # Phonemes, markup that would be silent, and a command of espeak's own are words as others are.
    assert english.speak("[[tu:]]") != english.speak("[[Tri:]]")
    assert 1 < seconds(english.speak("a <break time='9s'/>")) < 8
    assert english.speak("a \x01200S") == english.speak("a 200S")


def test_nothing_to_say_needs_no_program() -> None:
    assert Espeak("vi", program="/nowhere").speak(" \n\t") == b""


def test_what_a_line_may_not_hold_is_left_out() -> None:
    assert plain(" Mo\u031b\u0300i\u00a0số\x01\n\u200b5 ") == "Mời số 5"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("exec sleep 60", "speech_silent"),
        ("exec >&-; exec sleep 60", "speech_silent"),
        ("cat >/dev/null; echo hello", "speech_garbage"),
        ("printf RIFF0000WAVEfmt", "speech_garbage"),
        ("exec cat /dev/zero", "speech_garbage"),
        ("echo 'the voice does not exist' >&2; exit 1", "speech_failed"),
        ("kill -9 $$", "speech_failed"),
        ("exit 0", "speech_garbage"),
    ],
)
def test_an_engine_that_fails_is_told_in_time_and_in_words(
    script: Script, body: str, code: str
) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable) as failed:
        Espeak("vi", program=script(body), seconds=0.5).speak("Mời số")
    assert failed.value.code == code
    assert time.monotonic() - began < 5
    for language in languages():
        assert "engine" in told_to_technician(failed.value, texts(language))


def test_a_missing_program_or_voice_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="speech_missing"):
        Espeak("vi", program=str(tmp_path / "none")).speak("Mời số")
    with pytest.raises(Unavailable, match="speech_model"):
        Piper(tmp_path / "vi.onnx").speak("Mời số")
    with pytest.raises(Unavailable, match="speech_voice"):
        espeak("xx").speak("Mời số")


def test_piper_is_asked_with_its_model_and_the_sentence_on_standard_input(
    script: Script, tmp_path: Path
) -> None:
    model = tmp_path / "vi.onnx"
    model.write_bytes(b"")
    program = script(
        f'[ "$*" = "--model {model} --output_file -" ] || exit 3\n'
        "exec espeak-ng -v vi --stdin --stdout"
    )
    assert seconds(Piper(model, program=program).speak("Mời số")) > 0.4


def wav(form: bytes, body: bytes) -> bytes:
    return b"".join(
        (b"RIFF", struct.pack("<I", 0x7FFFF024), b"WAVE", b"fmt ", struct.pack("<I", len(form)),
         form, b"data", struct.pack("<I", 0x7FFFF000), body)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("coding", "bits", "body"),
    [
        (1, 16, struct.pack("<4h", 8192, 8192, -8192, -8192)),
        (1, 8, bytes([160, 160, 96, 96])),
        (1, 24, b"\xff\x00\x20" * 2 + b"\x01\x00\xe0" * 2),
        (1, 32, struct.pack("<4i", 8192 << 16, 8192 << 16, -8192 << 16, -8192 << 16)),
        (3, 32, struct.pack("<4f", 0.25, 0.25, -0.25, -0.25)),
    ],
)
@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_usual_wav_file_is_read(
    coding: int, bits: int, body: bytes, extensible: bool, channels: int
) -> None:
    frame = bits // 8 * channels
    form = struct.pack("<HHIIHH", coding, channels, 22050, 22050 * frame, frame, bits)
    if extensible:
        kind = struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", coding) + bytes(14)
        form = struct.pack("<H", 0xFFFE) + form[2:] + kind
    samples, rate = read_wav(wav(form, body))
    wanted = [8192, 8192, -8192, -8192] if channels == 1 else [8192, -8192]
    assert rate == 22050
    assert list(samples) == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "form"),
        (b"ID3" + bytes(100), "form"),
        (header(0), "empty"),
        (header(0)[:36], "empty"),
        (wav(struct.pack("<HHIIHH", 85, 1, 22050, 0, 1, 16), b"\0\0"), "coding"),
        (wav(struct.pack("<HHIIHH", 1, 0, 22050, 0, 1, 16), b"\0\0"), "coding"),
        (wav(struct.pack("<HHIIHH", 1, 1, 0, 0, 1, 16), b"\0\0"), "coding"),
        (wav(b"\1\0", b"\0\0"), "form"),
    ],
)
def test_what_is_no_sound_is_said_to_be_none(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_wav(data)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 96000])
def test_a_tone_stays_the_same_tone_at_another_rate(rate: int) -> None:
    def tone(rate: int, hertz: float, count: int) -> list[float]:
        return [16000 * math.sin(2 * math.pi * hertz * n / rate) for n in range(count)]

    heard = resampled(array("h", map(round, tone(rate, 1000, rate // 5))), rate)
    wanted = tone(RATE, 1000, len(heard))
    assert len(heard) == pytest.approx(RATE / 5, abs=1)
    inner = slice(200, -200)
    worst = max(abs(a - b) for a, b in zip(heard[inner], wanted[inner], strict=True))
    assert worst < 16000 * 10 ** (-60 / 20)


def test_what_the_hall_cannot_play_is_filtered_out() -> None:
    high = array(
        "h", [round(16000 * math.sin(2 * math.pi * 30_000 * n / 96000)) for n in range(9600)]
    )
    assert max(map(abs, resampled(high, 96000)[100:-100])) < 16000 * 10 ** (-60 / 20)


def test_too_loud_a_sum_stands_at_the_largest_sample() -> None:
    square = array("h", ([32767] * 40 + [-32768] * 40) * 20)
    assert max(resampled(square, 24000)) == 32767
    assert from_bytes(b"\x01\x00\x02") == array("h", [1])
