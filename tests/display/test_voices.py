"""The voices: what ships, what an office brings, and what both do when something is missing."""

from __future__ import annotations

import math
import time
import unicodedata
from array import array
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from display.chime import RATE
from display.clips import LEVEL, faults, finished, levelled, measure
from display.engines import Espeak, espeak
from display.numbers import ALPHABET, number_clips, ticket_clips, words
from display.pcm import from_bytes, read_wav, resampled, to_bytes, wav
from display.recording import STORED_RATE, Made, from_engine, from_folder
from display.speech import (
    AT_A_COMMA,
    BETWEEN_PARTS,
    BETWEEN_SIGNS,
    LONGEST,
    Voice,
    fragment_clip,
    join,
    prompts,
    read_phrase,
    seconds,
    silence,
)
from display.voices import Lack, Order, clip_words, lacks, load, missing_words, shipped_phrase
from kiosk.errors import Unavailable
from kiosk.texts import texts
from tests.display.tones import tone
from tools import voice as shipping

if TYPE_CHECKING:
    from pathlib import Path

HALL = Order(("vi", "en"), "north", {}, {}, None, ("A", "Đ"), (1, 6, 21))
VOICES = [("vi", "north"), ("vi", "central"), ("vi", "south"), ("en", "north")]


@pytest.fixture(scope="module")
def spoken() -> dict[str, Voice]:
    return {voice.language: voice for voice in load(HALL)[0]}


# What ships.


@pytest.mark.parametrize(("language", "region"), VOICES)
def test_every_word_that_is_said_has_a_clip_and_each_keeps_the_measure(
    language: str, region: str
) -> None:
    assert list(shipping.check(language, region)) == []
    said = {clip for n in range(10_000) for clip in number_clips(n, language)}
    said |= set(ticket_clips("".join(ALPHABET) + "0123456789"))
    assert said <= {path.stem for path in shipping.folder(language, region).glob("*.wav")}


def test_all_clips_are_as_loud_as_one_another() -> None:
    found = [measure(*read_wav(path.read_bytes())) for path in sorted(shipping.ROOT.rglob("*.wav"))]
    assert len(found) > 200
    levels = [one.level for one in found]
    assert max(levels) - min(levels) <= 1.0
    assert max(one.peak for one in found) <= -1.0
    assert max(one.offset for one in found) < 0.001
    assert max(max(one.head, one.tail) for one in found) <= 0.010


def test_the_voices_that_ship_are_small() -> None:
    size = sum(path.stat().st_size for path in shipping.ROOT.rglob("*.wav"))
    assert size < 4_000_000


def test_the_script_makes_what_ships(tmp_path: Path) -> None:
    """A slice of it: other releases of espeak-ng speak a little differently, as long as."""
    wanted = {name: told for name, told in words("vi").items() if name.startswith("number-x")}
    made = list(from_engine(wanted, espeak("vi"), tmp_path))
    assert [one.wrong for one in made] == [()] * len(wanted)
    for name in wanted:
        own, _ = read_wav((tmp_path / f"{name}.wav").read_bytes())
        theirs, _ = read_wav((files("assets") / "voice" / "vi" / f"{name}.wav").read_bytes())
        assert len(own) == pytest.approx(len(theirs), rel=0.25)


# What is said.


def test_a_phrase_becomes_clips_and_pauses() -> None:
    phrase = read_phrase("Xin mời số {so}, đến quầy {quay}!")
    assert prompts(phrase, "vi", ["A10"], 21) == (
        "phrase-xin-mowfi-soos",
        BETWEEN_PARTS,
        "letter-a",
        BETWEEN_SIGNS,
        "number-1",
        BETWEEN_SIGNS,
        "number-0",
        AT_A_COMMA,
        "phrase-ddeesn-quaafy",
        BETWEEN_PARTS,
        "number-2",
        BETWEEN_SIGNS,
        "number-x10",
        BETWEEN_SIGNS,
        "number-x1",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mời đến quầy {quay}", "phrase_number"),
        ("{so} {so}", "phrase_number"),
        ("Mời số {so} đến {quầy}", "phrase_place"),
        ("Mời số {so} đến {quay} {quay}", "phrase_place"),
        ("Mời số {so} đến }", "phrase_place"),
        (f"{'a' * (LONGEST + 1)} {{so}}", "phrase_long"),
    ],
)
def test_a_phrase_that_cannot_be_said_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_phrase(text)


def test_other_words_never_find_a_clip_that_says_something_else() -> None:
    told = [
        "Mời số",
        "Mời sổ",
        "Mơi số",
        "Mời so",
        "mới số",
        "Moi so",
        "Mời  đến",
        "số",
        "数",
        "数字",
    ]
    assert len({fragment_clip(text) for text in told}) == len(told)
    assert fragment_clip("Mời số") == fragment_clip(unicodedata.normalize("NFD", "mời số"))
    assert all(fragment_clip(text).isascii() for text in told)
    assert len(fragment_clip("ế" * LONGEST)) < 130


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_joined_call_does_not_click_and_has_its_pauses(
    spoken: dict[str, Voice], language: str
) -> None:
    voice = spoken[language]
    parts = prompts(voice.phrase, language, ["A015"], 21)
    call = voice.say(["A015"], 21)
    inside = max(
        abs(b - a)
        for part in parts
        if isinstance(part, str)
        for a, b in pairwise(from_bytes(voice.clips[part]))
    )
    at, joins = 0, []
    samples = from_bytes(call)
    for part in parts:
        if at:
            joins.append(abs(samples[at] - samples[at - 1]))
        at += len(silence(part) if isinstance(part, float) else voice.clips[part]) // 2
    assert at == len(samples)
    assert max(joins) < 0.02 * 32767
    assert max(joins) < inside
    pauses = sum(part for part in parts if isinstance(part, float))
    words = sum(seconds(voice.clips[part]) for part in parts if isinstance(part, str))
    assert seconds(call) == pytest.approx(words + pauses, abs=0.001)
    measured = measure(samples)
    assert measured.level == pytest.approx(LEVEL, abs=1)
    assert measured.peak <= -1


def test_a_joined_call_is_about_as_long_as_the_sentence_spoken_in_one(
    spoken: dict[str, Voice],
) -> None:
    sentence = espeak("vi").speak("Mời số A, không, một, năm, đến quầy số sáu")
    whole = seconds(sentence) - measure(from_bytes(sentence)).tail
    joined = seconds(spoken["vi"].say(["A015"], 6))
    assert 0.6 * whole < joined < 1.2 * whole


def test_joining_takes_no_time(spoken: dict[str, Voice]) -> None:
    began = time.perf_counter()
    for _ in range(20):
        spoken["vi"].say(["A015"], 21)
    assert (time.perf_counter() - began) / 20 < 0.05


# What an office brings.


def own_clip(folder: Path, name: str, data: bytes | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.wav").write_bytes(wav(tone(500, 0.3)) if data is None else data)


def test_own_clips_come_before_those_that_ship_at_any_rate_and_as_loud(tmp_path: Path) -> None:
    own_clip(tmp_path / "vi", "number-6", wav(tone(500, 0.3, 0.9, 44100), 44100))
    ((voice,), told) = load(replace(HALL, languages=("vi",), folder=tmp_path))
    assert told == ()
    found = from_bytes(voice.clips["number-6"])
    assert len(found) / RATE == pytest.approx(0.3, abs=0.01)
    assert measure(found).level == pytest.approx(LEVEL, abs=0.2)


def test_a_phrase_without_clips_gives_way_to_the_shipped_one_and_is_told(tmp_path: Path) -> None:
    order = replace(
        HALL,
        languages=("vi",),
        phrases={"vi": "Kính mời số {so} vào quầy {quay}"},
        folder=tmp_path,
    )
    missing = (Lack("voice_words", "vi", ("Kính mời số", "vào quầy")),)
    assert lacks(order) == missing
    ((voice,), told) = load(order)
    assert told == missing
    assert voice.phrase == shipped_phrase("vi", "north")
    assert voice.can_say(["A001"], 6)

    assert set(missing_words(order, "vi").values()) == {"Kính mời số", "vào quầy"}
    list(from_engine(missing_words(order, "vi"), espeak("vi"), tmp_path / "vi"))
    ((voice,), told) = load(order)
    assert told == ()
    assert voice.phrase.text == "Kính mời số {so} vào quầy {quay}"
    assert seconds(voice.say(["A001"], 6)) > 2


@pytest.mark.parametrize("data", [b"", b"RIFF", bytes(6_000_000), wav(array("h"))])
def test_a_damaged_own_clip_gives_way_to_the_shipped_one_and_is_told(
    tmp_path: Path, data: bytes
) -> None:
    own_clip(tmp_path / "vi", "number-6", data)
    ((voice,), told) = load(replace(HALL, languages=("vi",), folder=tmp_path))
    assert told == (Lack("voice_clips", "vi", ("vi/number-6.wav",)),)
    ((shipped,), _) = load(replace(HALL, languages=("vi",)))
    assert voice.clips["number-6"] == shipped.clips["number-6"]


def test_a_folder_that_is_not_there_is_told_and_costs_nothing(tmp_path: Path) -> None:
    order = replace(HALL, folder=tmp_path / "none")
    missing = (Lack("voice_folder", "", (str(tmp_path / "none"),)),)
    assert lacks(order) == missing
    assert [voice.language for voice in load(order)[0]] == ["vi", "en"]


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> str:
    """A third language: a catalogue and nothing else; its sentences are those of English."""
    monkeypatch.setattr("display.voices.texts", lambda code: texts("en" if code == "km" else code))
    return "km"


def test_a_third_language_without_clips_is_not_spoken_and_says_so(third: str) -> None:
    order = replace(HALL, languages=("vi", third))
    (told,) = lacks(order)
    assert (told.code, told.language) == ("voice_mute", third)
    assert {"Number", "0", "A"} <= set(told.what)
    voices, again = load(order)
    assert [voice.language for voice in voices] == ["vi"]
    assert again == (told,)


def test_a_third_language_with_clips_of_its_own_is_spoken_digit_by_digit(
    third: str, tmp_path: Path
) -> None:
    order = replace(HALL, languages=(third,), folder=tmp_path)
    for name in clip_words(order, third):
        own_clip(tmp_path / third, name)
    ((voice,), told) = load(order)
    assert told == ()
    assert seconds(voice.say(["A01"], 21)) == pytest.approx(7 * 0.3, abs=0.6)


# Recordings.


def recorded(folder: Path, name: str, **changes: float) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    samples = tone(300, changes.get("seconds", 0.5), changes.get("level", 0.3), 22050)
    noise = changes.get("noise", 0)
    quiet = array("h", [round(noise * math.sin(n * n)) for n in range(11025)])
    path.write_bytes(wav(quiet + samples + quiet, 22050))
    return path


WANTED = {"number-6": "sáu", "number-x5": "lăm", "letter-a": "a", "phrase-mowfi-soos": "Mời số"}


def test_recordings_become_clips_by_their_words_their_signs_or_their_names(tmp_path: Path) -> None:
    said = tmp_path / "said"
    recorded(said, "Lăm.WAV", level=0.05)
    recorded(said, "6.wav", level=0.9)
    recorded(said, f"{unicodedata.normalize('NFD', 'mời số')}.wav")
    recorded(said, "letter-a.wav")
    made = {one.name: one for one in from_folder(WANTED, said, tmp_path / "clips")}
    assert made.keys() == WANTED.keys()
    assert all(one.wrong == () for one in made.values())
    for name in WANTED:
        samples, rate = read_wav((tmp_path / "clips" / f"{name}.wav").read_bytes())
        assert rate == STORED_RATE
        assert faults(measure(samples, rate)) == ()
        assert len(samples) / rate == pytest.approx(0.5, abs=0.03)


def wrong_of(made: list[Made], file: str) -> tuple[str, ...]:
    return next(one.wrong for one in made if one.file == file)


def test_what_is_wrong_with_a_recording_is_told_file_by_file(tmp_path: Path) -> None:
    said = tmp_path / "said"
    wanted = {f"number-{n}": str(n) for n in range(10)}
    recorded(said, "0.wav", level=0)
    recorded(said, "1.wav", level=0.002)
    recorded(said, "2.wav", seconds=0.03)
    recorded(said, "3.wav", noise=4000)
    recorded(said, "4.wav", seconds=9)
    loud = tone(300, 0.5, 0.99)
    loud = array("h", [max(-32767, min(32767, 4 * value)) for value in loud])
    (said / "5.wav").write_bytes(wav(loud))
    (said / "6.wav").write_bytes(b"ID3 this is no WAV file")
    (said / "7.wav").write_bytes(
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0U\0\1\0" + bytes(12) + b"data\0\0\0\0"
    )
    (said / "8.wav").mkdir()
    recorded(said, "music.wav")
    recorded(said, "number-1.wav")
    made = list(from_folder(wanted, said, tmp_path / "clips"))

    assert wrong_of(made, "0.wav") == ("silent",)
    assert "weak" in wrong_of(made, "1.wav") or "twice" in wrong_of(made, "1.wav")
    assert "short" in wrong_of(made, "2.wav")
    assert "noisy" in wrong_of(made, "3.wav")
    assert "long" in wrong_of(made, "4.wav")
    assert "overdriven" in wrong_of(made, "5.wav")
    assert wrong_of(made, "6.wav") == ("no_wav",)
    assert wrong_of(made, "7.wav") == ("coding",)
    assert wrong_of(made, "8.wav") == ("unreadable",)
    assert wrong_of(made, "music.wav") == ("unknown",)
    assert next(one for one in made if one.name == "number-9").wrong == ("missing",)
    assert not next(one for one in made if one.name == "number-9").is_usable
    assert [
        one.name for one in made if one.name and one.is_usable and "twice" not in one.wrong
    ] == [
        "number-1",
        "number-5",
    ]
    made_of = {path.stem for path in (tmp_path / "clips").iterdir()}
    assert made_of == {"number-1", "number-5"}


def test_a_recording_with_an_offset_and_hard_ends_becomes_a_clean_clip() -> None:
    hard = array("h", [round(6000 + 9000 * math.sin(n / 20)) for n in range(RATE // 2)])
    clip, wrong = finished(hard)
    found = measure(clip)
    assert wrong == ()
    assert faults(found) == ()
    assert clip[0] == clip[-1] == 0
    assert faults(measure(hard)) != ()


def test_a_peak_is_bent_and_not_cut_off() -> None:
    spiky = array("h", [(30000 if n % 400 == 0 else 700) * (-1) ** n for n in range(RATE)])
    found = measure(levelled(spiky))
    assert found.peak <= -1.0


def test_a_clip_that_is_well_already_stays_as_it_is(spoken: dict[str, Voice]) -> None:
    clip = from_bytes(spoken["vi"].clips["number-6"])
    assert to_bytes(levelled(clip)) == to_bytes(clip)
    assert resampled(clip, RATE) is clip


def test_joining_lacks_nothing_silently(spoken: dict[str, Voice]) -> None:
    with pytest.raises(KeyError):
        join(("number-nowhere",), spoken["vi"].clips)
    assert not spoken["vi"].can_say(["Z001"], 6)


def test_a_folder_that_takes_no_files_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    with pytest.raises(Unavailable, match="clips_unwritable"):
        list(from_engine({"number-6": "sáu"}, Espeak("vi"), file / "vi"))
    with pytest.raises(Unavailable, match="clips_unread"):
        list(from_folder({"number-6": "sáu"}, tmp_path / "none", tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
