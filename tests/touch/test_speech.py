"""The touch window read aloud: by one key, private in earphones, gone with the visit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from display.chime import RATE
from display.engines import Espeak, espeak
from display.pcm import read_wav
from kiosk.texts import texts as sentences
from kiosk.touch.access import STEPS_DB, gain
from kiosk.touch.state import DEFAULT_VOLUME
from tests.speaking import PSEUDO, pseudo_spoken
from tests.touch.contents import fill
from tests.touch.keying import Ear, strike, strikes, walk_to
from tests.touch.office import issued, office
from tests.touch.scene import at, find, texts, touch
from tests.touch.screens import SCREENS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open

WORDS = sentences("vi")


# Switching on and off


@pytest.mark.parametrize("name", ["home", "not-found", "unavailable", "keypad", "access"])
def test_one_key_begins_to_speak_on_any_screen(speaking, centre, qtbot, name: str) -> None:
    window, seconds, ear = speaking()
    SCREENS[name].go(centre, window.bridge)
    qtbot.wait(1)
    strike(window, seconds, "*")
    heard = ear.all(qtbot)

    assert heard[0] == WORDS.say("said.on")
    assert WORDS.say("said.keys") in heard
    assert len(heard) > 4


def test_one_button_on_every_screen_begins_to_speak_and_ends_it(speaking, qtbot) -> None:
    window, seconds, ear = speaking()
    touch(window.window, find(window.window, "Đọc to").rect.center())
    window.reader.look()
    began = ear.all(qtbot)
    for _ in range(2):
        seconds.now += 1
        touch(window.window, find(window.window, "Đọc to").rect.center())
    window.reader.look()

    assert WORDS.say("said.touch") in began
    assert ear.all(qtbot)[-1] == WORDS.say("said.off")
    assert not window.bridge.state.speech


def test_earphones_that_go_in_begin_to_speak_and_the_keys_are_told(speaking, qtbot) -> None:
    window, _, ear = speaking()
    window.reader.outlet.plug(alone=True)
    window.reader.look()

    assert WORDS.say("said.keys") in ear.all(qtbot)
    assert window.bridge.state.speech


def test_nothing_is_offered_where_no_engine_speaks_and_staff_are_told(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(
        centre, speech="file", engine=lambda _: Espeak("vi", program="no-such-program")
    )
    qtbot.waitUntil(lambda: ("speech", "speech_missing") in window.reports)
    offered = "Đọc to" in texts(window.window)
    strike(window, seconds, "*")

    assert not offered
    assert not window.bridge.state.speech
    assert window.bridge.state.menu


def test_a_language_without_a_voice_takes_reading_aloud_from_no_other(
    tmp_path: Path, open_touch: Open, qtbot
) -> None:
    """With the real engine, which has none for our long pseudo-language."""
    spoken = ("vi", "en", PSEUDO)
    made = replace(office(tmp_path / "kiosk.db"), languages=spoken)
    with pseudo_spoken(tmp_path):
        window, seconds = open_touch(made, speech="file", engine=None)
        qtbot.waitUntil(lambda: window.bridge.state.speaks)
        offered = {}
        for language in spoken:
            window.bridge.speak(language)
            offered[language] = bool(window.bridge.view.chrome.read)
        window.bridge.speak("vi")
        strike(window, seconds, "*")
        ear = Ear(window)
        window.bridge.speak(PSEUDO)
        window.reader.look()
        parting = ear.all(qtbot)
        strike(window, seconds, "*")

    assert offered == {"vi": True, "en": True, PSEUDO: False}
    assert {("speech", "ok"), (f"speech {PSEUDO}", "speech_voice")} <= set(window.reports)
    assert parting == [WORDS.say("said.off")]
    assert (window.bridge.state.speech, window.bridge.state.menu) == (False, True)


def test_an_engine_that_dies_leaves_a_window_that_works_and_one_that_comes_back_speaks(
    speaking, centre, qtbot
) -> None:
    programs = itertools.chain(["espeak-ng"] * 2, ["false"] * 3, itertools.repeat("espeak-ng"))
    window, seconds, _ = speaking(engine=lambda code: Espeak(code, program=next(programs)))
    strike(window, seconds, "*")
    qtbot.waitUntil(lambda: ("speech", "speech_failed") in window.reports)
    window.reader.look()
    died = window.bridge.state.speaks, window.bridge.state.speech
    walk_to(window, seconds, "Hộ tịch")
    strike(window, seconds, "5")
    qtbot.waitUntil(lambda: at(window, "ticket"))
    window.reader.speaker.probe()
    window.reader.speaker.probe()
    qtbot.waitUntil(lambda: window.bridge.state.speaks)

    assert died == (False, False)
    assert issued(centre) == 1


# A whole visit


def test_a_ticket_is_taken_with_twelve_keys_and_all_of_it_is_told(speaking, centre, qtbot) -> None:
    fill(centre)
    window, seconds, ear = speaking()
    strike(window, seconds, "*")
    walk_to(window, seconds, "Đất đai")
    chosen = ear.all(qtbot)[-1]
    strike(window, seconds, "5")
    qtbot.waitUntil(lambda: at(window, "ticket"))
    window.reader.look()
    told = " ".join(ear.all(qtbot))
    strike(window, seconds, "#")

    assert chosen.startswith("Đất đai, 12 người chờ")
    assert all(part in told for part in ("C013", "Đất đai", "12 người", "Quầy 1 · 4", "phiếu"))
    assert told.endswith("Xong. Nút bấm.")
    assert at(window, "home")


def test_the_ticket_waits_until_it_was_heard(speaking, qtbot) -> None:
    window, seconds, _ = speaking(engine=espeak, ticket_seconds=8)
    strikes(window, seconds, "*5")
    qtbot.waitUntil(lambda: at(window, "ticket"))
    window.reader.look()
    for _ in range(10):
        seconds.now += 5
        window.bridge.tick()
    heard_out = at(window, "ticket")
    window.reader.hush()
    seconds.now += 15
    window.bridge.tick()
    still = at(window, "ticket")
    seconds.now += 2
    window.bridge.tick()

    assert heard_out
    assert still
    assert at(window, "home")


def test_who_listens_has_twice_the_time_from_the_end_of_speech(speaking, qtbot) -> None:
    window, seconds, ear = speaking(idle_seconds=30)
    strike(window, seconds, "*")
    seconds.now += 100
    window.bridge.tick()
    while_it_spoke = window.bridge.view.warn.shown
    ear.all(qtbot)
    seconds.now += 59
    window.bridge.tick()
    before = window.bridge.view.warn.shown
    seconds.now += 2
    window.bridge.tick()
    window.reader.look()

    assert (while_it_spoke, before) == (False, False)
    assert ear.all(qtbot)[0] == WORDS.say("touch.warning.title")
    strike(window, seconds, "6")
    assert not window.bridge.view.warn.shown
    assert ear.all(qtbot)[0] == WORDS.say("said.stayed")


def test_nothing_of_it_is_left_for_the_next_person(speaking, qtbot) -> None:
    window, seconds, ear = speaking(idle_seconds=30, warning_seconds=20)
    strikes(window, seconds, "*33")
    loud = window.bridge.state.volume
    ear.all(qtbot)
    seconds.now += 200
    window.bridge.tick()
    window.reader.look()
    seconds.now += 100
    window.operation.tick()
    state = window.bridge.state

    assert loud == len(STEPS_DB) - 1
    assert (state.speech, state.volume, state.menu) == (False, DEFAULT_VOLUME, False)
    assert window.window.property("focused") is None
    assert ear.all(qtbot) == [WORDS.say("said.off")]


# Interrupting, repeating, pausing, how loud


@pytest.mark.parametrize("action", ["6", "x", "touch", "scan"])
def test_speech_stops_before_any_action_of_the_person_ends(speaking, qtbot, action: str) -> None:
    window, seconds, _ = speaking(engine=espeak)
    strike(window, seconds, "*")
    qtbot.waitUntil(lambda: window.reader.outlet.sounds)
    seconds.now += 1
    if action == "touch":
        touch(window.window, QPointF(2, 2))
    elif action == "scan":
        window.scanned(b"\x00")
    else:
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, action)
        window.eventFilter(window.window, key)

    # In the same turn: nothing has run since.
    assert not window.reader.outlet.sounds
    assert not window.reader.speaker.speaking


def test_it_is_repeated_and_held_on_request(speaking, qtbot) -> None:
    window, seconds, ear = speaking(engine=espeak)
    strike(window, seconds, "*")
    qtbot.waitUntil(lambda: window.reader.outlet.sounds)
    strike(window, seconds, "7")
    held = (window.reader.outlet.sounds, window.reader.speaker.speaking)
    strike(window, seconds, "7")
    went_on = window.reader.outlet.sounds
    ear.heard.clear()
    strike(window, seconds, "0")
    qtbot.waitUntil(lambda: bool(ear.heard))

    assert held == (False, True)
    assert went_on
    assert ear.sentences[0] == WORDS.say("touch.home.question")


def test_louder_and_quieter_are_steps_that_end_somewhere() -> None:
    gains = [gain(step) for step in range(len(STEPS_DB))]

    assert gains == sorted(set(gains))
    assert gains[-1] == 1
    # One of them at least 12 dB above the lowest (EN 301 549, 5.1.3.11).
    assert gains[DEFAULT_VOLUME] / gains[0] >= 10 ** (12 / 20)


def test_how_loud_it_is_can_be_heard_in_the_sound_itself(speaking, tmp_path: Path, qtbot) -> None:
    window, seconds, _ = speaking(engine=espeak)
    strike(window, seconds, "*")
    peaks = []
    for keys in ("3", "1111"):
        (tmp_path / "speech.wav").unlink()
        strikes(window, seconds, keys)
        qtbot.waitUntil(lambda: window.reader.outlet.sounds)
        samples, rate = read_wav((tmp_path / "speech.wav").read_bytes())
        peaks.append(max(map(abs, samples)))

    assert rate == RATE
    assert peaks[0] / peaks[1] > 10 ** (12 / 20)


def test_the_sheet_shows_the_volume_and_its_keys(speaking, qtbot) -> None:
    window, seconds, ear = speaking()
    strikes(window, seconds, "**")
    shown = texts(window.window)
    find(window.window, "Tăng âm lượng")

    assert "Âm lượng 3 trên 5" in shown
    assert "Đang chọn" in " ".join(ear.all(qtbot))


def test_a_search_is_typed_and_what_it_finds_is_counted(speaking, centre, qtbot) -> None:
    fill(centre)
    window, seconds, ear = speaking()
    window.bridge.refresh()
    qtbot.waitUntil(lambda: bool(window.bridge.catalogue.state.fields))
    strike(window, seconds, "*")
    seconds.now += 1
    window.bridge.catalogue.startSearch()
    qtbot.wait(1)
    window.reader.look()
    ear.all(qtbot)
    for letter in "ket":
        strike(window, seconds, letter)

    def is_told() -> bool:
        window.reader.look()
        found = len(window.bridge.catalogue.view.search.main.lines)
        return ear.sentences[-1:] == [WORDS.count("said.found", found)]

    qtbot.waitUntil(is_told)

    assert window.bridge.catalogue.state.entry == "ket"


def test_it_speaks_the_vietnamese_of_the_region(speaking, tmp_path: Path, qtbot) -> None:
    """Of its own accord: each region's voice sounds differently."""
    spoken = {}
    for region in ("north", "south"):
        window, seconds, _ = speaking(engine=None, region=region)
        strike(window, seconds, "*")
        qtbot.waitUntil(lambda window=window: window.reader.outlet.sounds)
        spoken[region] = window.reader.speaker._kept["vi", WORDS.say("said.on")]

    assert spoken["north"] == espeak("vi").speak(WORDS.say("said.on"))
    assert spoken["south"] == espeak("vi", "south").speak(WORDS.say("said.on"))
    assert spoken["north"] != spoken["south"]


def test_it_speaks_the_language_that_is_shown(speaking, qtbot) -> None:
    asked: list[str] = []

    def engine(language: str):
        asked.append(language)
        return espeak(language)

    window, seconds, ear = speaking(engine=engine)
    strike(window, seconds, "*")
    asked.clear()
    window.bridge.speak("en")
    window.reader.look()
    qtbot.waitUntil(lambda: bool(ear.sentences) and "What" in ear.sentences[-1])

    assert set(asked) == {"en"}
