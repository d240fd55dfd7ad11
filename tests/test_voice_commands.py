"""The hall's voice in kiosk.toml and on the command line, as a technician meets it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from display.chime import RATE, read_chime
from display.clips import faults, measure
from display.pcm import read_wav, wav
from display.recording import STORED_RATE
from display.voices import clip_words
from display.voices import load as load_voices
from kiosk.check import inspect
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.texts import operator_texts
from tests.display.tones import tone
from tests.speaking import PSEUDO, pseudo_spoken
from tests.technician import kiosk
from tests.test_config import LEAST, SHIPPED, told

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.check import Finding


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST, "utf-8")
    return path


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('phrase = "Mời đến quầy {quay}"', "voice.phrase: the phrase needs {so} once"),
        ('phrase = "Số {so}, {so}"', "voice.phrase: the phrase needs {so} once"),
        ('phrase.en = "{so} at {counter}"', "voice.phrase: a phrase has two places to fill in"),
        ('phrase.fr = "{so} {quay}"', "voice.phrase:"),
        ('many = "Mời {quay}"', "voice.many: the phrase needs {so} once"),
        ('region = "west"', "voice.region: 'west' cannot be used; choose one of:"),
        (
            'languages = ["vi", "xx"]',
            "voice.languages[2]: there is no language 'xx'; there are: vi",
        ),
        ('languages = ["vi", "vi"]', "voice.languages: 'vi' stands twice"),
        ("times = 3", "voice.times: 3 cannot be used; choose one of: 1, 2"),
        (
            "quiet = [{ hours = '25:00-13:00', volume = 0.4 }]",
            "voice.quiet[1].hours: '25:00-13:00'",
        ),
        ("quiet = [{ hours = '11:00-13:00', volume = 4.0 }]", "voice.quiet[1].volume: "),
        ("quiet = [{ hours = '11:00-13:00' }]", "voice.quiet[1].volume: "),
        ('regoin = "south"', "voice.regoin: there is no such key. Did you mean “region”?"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, section: str, problem: str) -> None:
    (found,) = told(tmp_path, f"{LEAST}\n[voice]\n{section}\n")
    assert found.startswith(problem)


def test_a_zone_that_no_counter_is_in_is_told(tmp_path: Path) -> None:
    (found,) = told(tmp_path, f'{LEAST}zone = "dat-dai"\n[board]\nzones = ["dat-dia"]\n')
    assert found == "board.zones[1]: there is no 'dat-dia'. Did you mean “dat-dai”?"


def test_the_list_names_every_clip_of_the_office_with_its_words(config: Path) -> None:
    config.write_text(f"{LEAST}\n[voice]\nregion = 'south'\n", "utf-8")
    listed = dict(
        line.split(None, 1) for line in kiosk(config, "voice", "list").output.splitlines()
    )
    assert listed["phrase-towsi-quaafy-soos.wav"] == "tới quầy số"
    assert listed["number-5.wav"] == "năm"
    assert listed["letter-a.wav"] == "a"
    english = kiosk(config, "voice", "list", "--language", "en").output
    assert "phrase-number.wav" in english
    with pytest.raises(Refused, match="voice_language"):
        kiosk(config, "voice", "list", "--language", "xx")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_office_records_about_as_many_words_as_the_readme_says(language: str) -> None:
    """19 as shipped; 50 for 22 letters and sixty counters; a counter 25 has words of its own."""
    shipped = load(SHIPPED)
    order = shipped.voice.order(shipped.services(), shipped.counters(), shipped.beside)
    later = replace(order, counters=(*order.counters, 25))
    large = replace(order, codes=tuple("ABCDEFGHIKLMNOPQRSTUVX"), counters=tuple(range(1, 61)))
    counts = [len(clip_words(each, language)) for each in (order, later, large)]
    assert counts == {"vi": [19, 21, 40], "en": [19, 20, 50]}[language]


def test_a_call_is_written_into_a_file_as_the_hall_hears_it(config: Path, tmp_path: Path) -> None:
    config.write_text(f"{LEAST}\n[voice]\nlanguages = ['vi', 'en']\n", "utf-8")
    both, english = tmp_path / "both.wav", tmp_path / "english.wav"
    assert kiosk(config, "voice", "say", "a025", "6", "--to", str(both)).exit_code == 0
    kiosk(config, "voice", "say", "A025", "6", "--language", "en", "--to", str(english))
    samples, rate = read_wav(both.read_bytes())
    assert rate == RATE
    assert samples.tobytes().startswith(read_chime())
    assert len(samples) > len(read_wav(english.read_bytes())[0]) > len(read_chime()) / 2 + RATE
    assert kiosk(config, "voice", "say", "25A", "6", "--to", str(both)).exit_code == 2
    with pytest.raises(Unavailable, match="clips_unwritable"):
        kiosk(config, "voice", "say", "A025", "6", "--to", str(tmp_path / "none" / "x.wav"))


def test_words_of_a_new_phrase_are_told_and_then_made(config: Path, tmp_path: Path) -> None:
    voice = 'phrase = "Kính mời số {so} vào quầy {quay}"\nclips = "giong"\n'
    config.write_text(f"{LEAST}\n[voice]\n{voice}", "utf-8")

    def found() -> tuple[str, str]:
        line = next(
            one
            for one in inspect(load(config))
            if one.part in ("Giọng gọi số", "Voice of the calls")
        )
        return line.state, line.detail

    state, detail = found()
    assert state == "warning"
    assert "Kính mời số, vào quầy" in detail
    done = kiosk(config, "voice", "build")
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        0,
        f"2 of 2 clips can be used, in {tmp_path / 'giong' / 'vi'}",
    )
    state, detail = found()
    assert state == "ready"
    assert "Kính mời" not in detail
    assert "en" in detail  # a language of the office that is not spoken
    for path in (tmp_path / "giong" / "vi").iterdir():
        samples, rate = read_wav(path.read_bytes())
        assert (rate, faults(measure(samples, rate))) == (STORED_RATE, ())


def test_recordings_are_made_into_clips_and_what_lacks_is_told(
    config: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    said.mkdir()
    listed = [line.split(None, 1) for line in kiosk(config, "voice", "list").output.splitlines()]
    for n, (name, words) in enumerate(listed):
        (said / (f"{words}.wav" if n % 2 else name)).write_bytes(
            wav(tone(300, 0.4, 0.2, 22050), 22050)
        )
    done = kiosk(config, "voice", "build", "--from", str(said))
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].endswith(
        'write clips = "voice" into [voice] of kiosk.toml.'
    )
    (said / listed[0][0]).unlink()
    (said / "song.wav").write_bytes(b"no sound")
    (said / listed[2][0]).write_bytes(wav(tone(300, 9, 0.2, 22050), 22050))
    done = kiosk(config, "voice", "build", "--from", str(said), "--to", str(tmp_path / "to"))
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert f"  {listed[0][0]} ({listed[0][1]}): there is no recording." in lines
    assert "  song.wav: its name belongs to no words that are needed (kiosk voice list)." in lines
    assert (
        f"  {listed[2][0]} ({listed[2][1]}): too long; record only its own words in each file."
        in lines
    )
    assert lines[-2].startswith(f"{len(listed) - 2} of {len(listed)} clips can be used")
    assert lines[-1] == f"vi: 2 of {len(listed)} clips are those of the shipped voice"
    assert not (tmp_path / "to" / "vi" / listed[2][0]).exists()


def test_a_folder_that_is_not_there_and_a_mixture_of_voices_are_told(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    config.write_text(f"{LEAST}\n[voice]\nclips = 'giong'\n", "utf-8")

    def line() -> Finding:
        (found,) = (one for one in inspect(load(config)) if one.part == "Voice of the calls")
        return found

    assert line().state == "warning"
    assert f"there is no folder {tmp_path / 'giong'}" in line().detail
    settings = load(config)
    order = settings.voice.order(settings.services(), settings.counters(), settings.beside)
    voices, lacks = load_voices(order)
    assert ([voice.language for voice in voices], [lack.code for lack in lacks]) == (
        ["vi"],
        ["voice_folder"],
    )
    own = tmp_path / "giong" / "vi"
    own.mkdir(parents=True)
    own.joinpath("number-2.wav").write_bytes(wav(tone(300, 0.4, 0.2, STORED_RATE), STORED_RATE))
    wanted = len(kiosk(config, "voice", "list").output.splitlines())
    assert line().state == "ready"
    assert f"vi: {wanted - 1} of {wanted} clips are those of the shipped voice" in line().detail


def test_what_the_hall_works_without_is_a_warning_at_a_command(config: Path) -> None:
    config.write_text(f"{LEAST}\n[look]\nemblem = 'none.png'\n", "utf-8")
    done = kiosk(config, "voice", "list")
    assert done.exit_code == 0
    assert f"{config} has one warning; the program goes on:" in done.stderr


FLAWS = """
[ticket]
logo = "none.png"
[look]
emblem = "none.png"
[voice]
clips = "none"
phrase = "Kính mời số {so} vào quầy {quay}"
[board]
media = "media"
"""


def test_what_has_something_in_its_place_is_no_failure_of_the_check(
    config: Path, tmp_path: Path
) -> None:
    for folder in ("media", "notices"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "torn.md").write_bytes(b"\xff\xfe\x00")

    def failures() -> tuple[set[str], set[str]]:
        found = inspect(load(config))
        return (
            {one.part for one in found if not one.ready},
            {one.part for one in found if one.state == "warning"},
        )

    failing, _ = failures()
    config.write_text(LEAST + FLAWS, "utf-8")
    still, warned = failures()
    says = operator_texts().say
    assert still == failing
    assert {says(f"cli.check.{part}") for part in ("config", "media", "notices", "voice")} <= warned


def test_a_language_that_nobody_can_call_in_is_one(config: Path, tmp_path: Path) -> None:
    spoken = f'languages = ["vi", "{PSEUDO}"]'
    text = LEAST.replace("[office]", f"[office]\n{spoken}")
    config.write_text(f"{text}\n[voice]\n{spoken}\n", "utf-8")
    with pseudo_spoken(tmp_path):
        part = operator_texts().say("cli.check.voice")
        (line,) = [one for one in inspect(load(config)) if one.part == part]
    assert line.state == "not_ready"


def test_nothing_to_make_is_said_so(config: Path) -> None:
    done = kiosk(config, "voice", "build")
    assert (done.exit_code, done.output) == (0, "No clip is missing.\n")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("--from", "x", "--engine", "espeak"), "Choose one of the two"),
        (("--engine", "piper"), "needs its voice too"),
        (("--engine", "espeak", "--model", "x.onnx"), "goes with"),
        (("--engine", "festival"), "festival"),
    ],
)
def test_a_wrong_use_is_told_as_one(config: Path, wrong: tuple[str, ...], says: str) -> None:
    done = kiosk(config, "voice", "build", *wrong)
    assert (done.exit_code, says in done.output) == (2, True)


def test_an_engine_that_is_not_there_is_told(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="speech_missing"):
        kiosk(config, "voice", "build", "--engine", "espeak")
    model = tmp_path / "vi.onnx"
    with pytest.raises(Unavailable, match="speech_model"):
        kiosk(config, "voice", "build", "--engine", "piper", "--model", str(model))


def test_without_sound_nothing_is_missed(config: Path) -> None:
    config.write_text(f"{LEAST}\n[board]\nsound = 'none'\n[voice]\nlanguages = []\n", "utf-8")
    (line,) = [
        one for one in inspect(load(config)) if one.part in ("Giọng gọi số", "Voice of the calls")
    ]
    assert line.ready
