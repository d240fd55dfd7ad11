"""The touch window read aloud: by one key, private in earphones, gone with the visit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtMultimedia import QMediaDevices
from PySide6.QtTest import QTest

from display.chime import RATE
from display.engines import Espeak, espeak
from display.pcm import read_wav
from kiosk.texts import texts as sentences
from kiosk.touch.access import STEPS_DB, gain
from kiosk.touch.outlets import Route, route
from kiosk.touch.state import DEFAULT_VOLUME, Screen
from kiosk.touch_config import TouchConfig
from kiosk.ui.outputs import Output
from tests.speaking import PSEUDO, pseudo_spoken
from tests.touch.keying import Ear, burst, strike, strikes, walk_to
from tests.touch.office import CODE, issued, office
from tests.touch.scene import at, find, name_of, texts, touch
from tests.touch.screens import SCREENS, fill
from tests.touch.visit import office_of_owners

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open

WORDS = sentences("vi")


@pytest.fixture
def speaking(open_touch: Open, centre, qtbot):
    """A window that can speak, nothing said yet; ``earphones`` go in and out by ``outlet.plug``."""

    def open_speaking(shown=centre, **settings):
        window, seconds = open_touch(shown, **{"speech": "file", "earphones": "plug", **settings})
        qtbot.waitUntil(lambda: window.bridge.state.speaks)
        return window, seconds, Ear(window)

    return open_speaking


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


# What is personal


def test_a_dossier_is_read_in_earphones_and_not_on_the_loudspeaker(speaking, centre, qtbot) -> None:
    window, seconds, ear = speaking()
    strike(window, seconds, "*")
    ear.all(qtbot)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    window.reader.look()
    aloud = " ".join(ear.all(qtbot))
    window.reader.outlet.plug(alone=True)
    window.reader.look()
    in_earphones = " ".join(ear.all(qtbot))
    window.reader.repeat()
    qtbot.waitUntil(lambda: window.reader.speaker.speaking)
    window.reader.outlet.plug(alone=False)
    pulled = " ".join(ear.all(qtbot))

    assert WORDS.say("said.use_earphones") in aloud
    for fact in ("Đã có kết quả", CODE, "trích lục hộ tịch", "8.000"):
        assert fact in in_earphones
        assert fact not in aloud
    assert not any(fact in pulled for fact in ("Đã có kết quả", CODE))


@pytest.mark.parametrize("earphones", ["never", "plug"])
def test_no_digit_that_is_typed_is_ever_told_to_all(
    speaking, tmp_path: Path, clock, qtbot, earphones: str
) -> None:
    owners = office_of_owners(tmp_path, clock)
    window, seconds, ear = speaking(owners, earphones=earphones)
    strike(window, seconds, "*")
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    window.bridge.fold(replace(window.bridge.state, screen=Screen.PROVE))
    window.reader.look()
    ear.all(qtbot)
    strikes(window, seconds, "345*56")
    typed = window.bridge.state.entry
    told = ear.all(qtbot)
    strike(window, seconds, "#")
    qtbot.waitUntil(lambda: at(window, "dossier"))
    window.reader.look()

    assert typed == "3456"
    assert told[-1] == WORDS.count("said.typed", 4)
    assert not any(sign in "3456" for sentence in told for sign in sentence if sign != "4")
    told = [*told, *ear.all(qtbot)]
    ask = "said.ask_counter" if earphones == "never" else "said.use_earphones"
    assert told[-1] == WORDS.say(ask) or WORDS.say(ask) in told
    assert not any("Bình" in sentence or "N***" in sentence for sentence in told)


def test_digits_come_back_one_by_one_in_earphones(speaking, qtbot) -> None:
    window, seconds, ear = speaking()
    window.reader.outlet.plug(alone=True)
    window.bridge.openKeypad()
    qtbot.wait(1)
    window.reader.look()
    ear.all(qtbot)
    heard = []
    for key in "26*":
        strike(window, seconds, key)
        heard += ear.all(qtbot)

    assert heard == ["2", "6", WORDS.say("said.erased", sign="6")]


def test_what_one_person_heard_is_not_kept_for_the_next(speaking, qtbot) -> None:
    window, _, ear = speaking()
    window.reader.outlet.plug(alone=True)
    window.reader.look()
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    window.reader.look()
    ear.all(qtbot)

    assert CODE not in repr(vars(window.reader.speaker))


# Scanners and people at one window


def test_a_scanner_that_types_never_operates_the_window(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    here = window.operation.walk.item
    seconds.now += 1
    burst(window, "5555#5*5", Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()
    burst(window, "5", Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()
    unmoved = (at(window, "home") or at(window, "unreadable"), window.bridge.state.speech)
    seconds.now += 5
    window.bridge.leave()
    burst(window, CODE, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at(window, "dossier"))

    assert here is not None
    assert unmoved == (True, False)
    assert issued(centre) == 0


def test_a_scan_while_somebody_types_types_nothing(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    window.bridge.openKeypad()
    qtbot.wait(1)
    strikes(window, seconds, "26")
    before = window.bridge.state.entry
    seconds.now += 1
    burst(window, "12345", Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()

    assert window.bridge.state.entry == before != ""


def test_a_key_that_is_held_down_is_one_press(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    for _ in range(30):
        seconds.now += 0.6
        plain = Qt.KeyboardModifier.NoModifier
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_5, plain, "5", True)
        window.eventFilter(window.window, held)
        window.operation.look()

    assert issued(centre) == 0
    assert at(window, "home")


def test_keys_of_the_system_do_nothing(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    for modifier in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier):
        strike(window, seconds, "5", modifier)

    assert at(window, "home")


# Where one is


def ratio(one: QColor, other: QColor) -> float:
    """The contrast of WCAG."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    shares = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_mark_is_seen_while_keys_are_used_and_a_touch_takes_it_away(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    before = window.window.property("focused")
    strike(window, seconds, Qt.Key.Key_Tab)
    marked = window.window.property("focused")
    touch(window.window, QPointF(2, 2))

    assert before is None
    assert marked is not None
    assert window.window.property("focused") is None


@pytest.mark.parametrize("contrast", [False, True])
def test_the_mark_stands_out_on_the_glass(speaking, qtbot, contrast: bool) -> None:
    window, seconds, _ = speaking()
    window.bridge.fold(replace(window.bridge.state, contrast=contrast))
    box = find(window.window, name_of(window, "A")).rect
    beside = QPointF(box.left() - 5, box.center().y()).toPoint()
    before = window.window.grabWindow().pixelColor(beside)
    strike(window, seconds, Qt.Key.Key_Tab)
    after = window.window.grabWindow().pixelColor(beside)

    assert ratio(before, after) >= 3


def test_the_place_in_the_round_outlives_a_change_of_the_hall(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strikes(window, seconds, "666")
    here = window.operation.walk.item
    fill(centre)
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "12 người chờ" in texts(window.window))
    window.reader.look()

    assert here is not None
    assert window.operation.walk.item == here


def test_a_sheet_holds_the_walk_and_gives_it_back(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    strikes(window, seconds, "*66")
    here = window.operation.walk.item
    strike(window, seconds, "*")
    inside = window.operation.walk.described(window.operation.walk.item).name
    strike(window, seconds, "#")

    assert inside == "Đọc to"
    assert not window.bridge.state.menu
    assert window.operation.walk.item == here


def test_a_finger_finds_first_and_acts_when_it_comes_again(speaking, centre, qtbot) -> None:
    window, seconds, ear = speaking()
    touch(window.window, find(window.window, "Đọc to").rect.center())
    window.reader.look()
    ear.all(qtbot)
    box = find(window.window, name_of(window, "C")).rect.center()
    seconds.now += 1
    touch(window.window, box)
    found = ear.all(qtbot)
    silent = issued(centre)
    touch(window.window, box)
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert found[0].startswith("Đất đai")
    assert silent == 0


def test_a_finger_that_slides_hears_what_it_comes_to(speaking, centre, qtbot) -> None:
    window, _, ear = speaking()
    window.bridge.switchMode("speech")
    window.reader.look()
    ear.all(qtbot)
    places = [find(window.window, name_of(window, code)).rect.center() for code in "ABC"]
    QTest.mousePress(window.window, Qt.MouseButton.LeftButton, pos=places[0].toPoint())
    heard = ear.all(qtbot)
    for place in places[1:]:
        QTest.mouseMove(window.window, place.toPoint())
        heard += ear.all(qtbot)
    QTest.mouseRelease(window.window, Qt.MouseButton.LeftButton, pos=places[-1].toPoint())

    assert [sentence.split(",")[0] for sentence in heard] == ["Chứng thực", "Hộ tịch", "Đất đai"]
    assert issued(centre) == 0


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


# Outputs


HALL, STICK = "Built-in Audio", "USB Audio Device"


PLUG = {"earphones": "plug", "earphones_device": "USB"}


@pytest.mark.parametrize(
    ("settings", "outputs", "plugged", "wanted"),
    [
        ({}, [HALL], False, Route(0, alone=False)),
        ({}, [], False, Route(None, alone=False)),
        ({"speaker": "usb"}, [HALL, STICK], False, Route(1, alone=False)),
        ({"speaker": "usb"}, [HALL], False, Route(None, alone=False)),
        (PLUG, [HALL], False, Route(0, alone=False)),
        (PLUG, [HALL, STICK], True, Route(1, alone=True)),
        # Qt still lists what was pulled out, or lists it not yet.
        (PLUG, [HALL, STICK], False, Route(0, alone=False)),
        (PLUG, [STICK], False, Route(None, alone=False)),
        (PLUG, [HALL], True, Route(0, alone=False)),
        ({**PLUG, "earphones": "always"}, [HALL], False, Route(None, alone=True)),
        ({**PLUG, "earphones": "always"}, [STICK], False, Route(0, alone=True)),
        ({"earphones": "always"}, [HALL], False, Route(0, alone=True)),
        ({"earphones": "plug"}, [HALL, STICK], True, Route(0, alone=False)),
        ({**PLUG, "earphones": "never"}, [HALL, STICK], True, Route(0, alone=False)),
    ],
)
def test_earphones_are_known_by_the_card_that_comes_with_them(
    settings: dict[str, str], outputs: list[str], plugged: bool, wanted: Route
) -> None:
    there = [Output(name, name) for name in outputs]
    main = 0 if outputs else -1
    assert route(there, main, TouchConfig(**settings), plugged=plugged) == wanted


@pytest.mark.parametrize(
    ("settings", "outputs", "wanted"),
    [
        ({}, [HALL, STICK], Route(1, alone=False)),
        ({}, [HALL], Route(None, alone=False)),
        ({"speaker": "built-in"}, [HALL, STICK], Route(0, alone=False)),
        ({"earphones": "always"}, [HALL, STICK], Route(1, alone=True)),
        ({"earphones": "always"}, [HALL], Route(None, alone=True)),
        ({"earphones": "always", "earphones_device": "Audio"}, [HALL], Route(None, alone=True)),
        ({"earphones": "plug", "earphones_device": "in"}, [HALL], Route(None, alone=False)),
    ],
)
def test_nothing_is_read_aloud_on_the_card_of_the_hall(
    settings: dict[str, str], outputs: list[str], wanted: Route
) -> None:
    """Unless the office names it for both; and nothing personal even then."""
    there = [Output(name, name) for name in outputs]
    assert route(there, 0, TouchConfig(**settings), HALL, plugged=True) == wanted


@pytest.mark.qt_log_ignore("PulseAudioService")
def test_without_a_sound_card_it_is_not_offered(open_touch: Open, tmp_path: Path, qtbot) -> None:
    """As on the machines that test this, and many a PC of an office."""
    window, _ = open_touch(office(tmp_path / "kiosk.db"), speech="card")
    has_card = not QMediaDevices.defaultAudioOutput().isNull()

    assert ("speech", "ok" if has_card else "unplugged") in window.reports
    assert has_card or not window.bridge.state.speaks
