"""What `kiosk check` tells of reading aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk import troubles
from kiosk.check import inspect, table
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.devices import report
from kiosk.texts import texts
from tests.speaking import PSEUDO, pseudo_spoken
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.check_hall import Finding

OFFICE = f"{LEAST}\n[touch]\n"
WORDS = texts("vi")


def _rows(
    folder: Path, section: str, office: str = "", **said: tuple[str, str]
) -> dict[str, Finding]:
    """What is found by part, after devices ``said`` this."""
    file = folder / "kiosk.toml"
    file.write_text(OFFICE.replace("[[service]]", f"{office}\n[[service]]") + section, "utf-8")
    config = load(file)
    centre = open_centre(config)
    centre.database.prepare()
    for name, told in said.items():
        report(centre, name, *told)
    centre.database.close()
    return {one.part: one for one in inspect(config)}


def _told(
    folder: Path, section: str, said: tuple[str, str] | None = None
) -> list[tuple[bool, str]]:
    file = folder / "kiosk.toml"
    file.write_text(OFFICE + section, "utf-8")
    config = load(file)
    if said is not None:
        centre = open_centre(config)
        centre.database.prepare()
        report(centre, "speech", *said)
        centre.database.close()
    part = WORDS.say("device.speech")
    return [(one.ready, one.detail) for one in inspect(config) if one.part == part]


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "vi")


def test_without_speech_it_is_not_used(tmp_path: Path) -> None:
    assert _told(tmp_path, 'speech = "none"') == [(True, WORDS.say("cli.check.unused"))]


def test_a_missing_program_is_told_before_anything_runs(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert _told(tmp_path, "") == [(False, troubles.told("speech_missing", WORDS))]


def test_what_the_window_says_is_told(tmp_path: Path) -> None:
    assert _told(tmp_path, "", ("warning", "unplugged")) == [
        (False, troubles.told("unplugged", WORDS))
    ]


@pytest.mark.parametrize(
    ("hall", "ears", "warned"),
    [("USB", "USB Audio", True), ("usb audio", "USB", True), ("HDMI", "USB", False)],
)
def test_the_hall_and_the_earphones_need_a_card_each(
    tmp_path: Path, hall: str, ears: str, warned: bool
) -> None:
    cards = f'earphones = "plug"\nearphones_device = "{ears}"\n[board]\nsound_card = "{hall}"'
    told = _told(tmp_path, cards, ("ok", ""))
    assert ((True, WORDS.say("cli.check.same_card")) in told) == warned


def test_earphones_need_a_name(tmp_path: Path) -> None:
    told = _told(tmp_path, 'earphones = "plug"', ("ok", ""))

    assert told == [(True, WORDS.say("device.ok")), (False, WORDS.say("cli.check.earphones"))]


def test_with_nothing_running_only_what_was_tried_is_called_ready(tmp_path: Path) -> None:
    rows = _rows(tmp_path, 'speech = "file"\n[board]\nsound = "file"')
    speaks = rows[WORDS.say("device.speech")]

    for name in ("touch", "board", "sound", "speech"):
        assert rows[WORDS.say(f"device.{name}")].state == "unknown", name
    assert speaks.detail.startswith("espeak-ng: vi, en; ")


def test_a_language_without_a_voice_is_named_whether_it_runs_or_not(tmp_path: Path) -> None:
    part = f"{WORDS.say('device.speech')} {PSEUDO}"
    with pseudo_spoken(tmp_path):
        rows = _rows(tmp_path, 'speech = "file"', f'languages = ["vi", "{PSEUDO}"]')
        stopped, others = rows[part], rows[WORDS.say("device.speech")]
        centre = open_centre(load(tmp_path / "kiosk.toml"))
        report(centre, "speech", "ok")
        report(centre, f"speech {PSEUDO}", "warning", "speech_voice")
        centre.database.close()
        running = {one.part: one for one in inspect(load(tmp_path / "kiosk.toml"))}

    assert (stopped.state, stopped.detail) == ("warning", troubles.told("speech_voice", WORDS))
    assert others.detail.startswith("espeak-ng: vi; ")
    assert running[part] == stopped
    assert running[WORDS.say("device.speech")].state == "ready"


def test_a_warning_is_neither_ready_nor_a_failure(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "torn.png").write_bytes(b"no picture")
    text = 'speech = "none"\n[board]\nsound = "none"\nmedia = "media"'
    said = {"touch": ("warning", "emblem_unusable"), "board": ("warning", "media_broken")}
    rows = _rows(tmp_path, text, **said)
    board = rows[WORDS.say("device.board")]
    (line,) = [row for row in table((board,)).splitlines()]

    assert rows[WORDS.say("device.touch")].state == board.state == "warning"
    assert board.ready
    assert WORDS.say("cli.check.state.ready") not in line.lower()
    assert rows[WORDS.say("cli.check.media")].state == "warning"
