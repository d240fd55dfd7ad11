"""What `kiosk check` tells of reading aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.check import inspect
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.devices import report
from kiosk.texts import texts

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = """
[office]
name = "UBND phường"
unit_code = "H15.50.05"
[[service]]
code = "A"
name = "Chứng thực"
[[counter]]
number = 1
services = ["A"]
[touch]
"""
WORDS = texts("vi")


def _told(folder: Path, touch: str, said: tuple[str, str] | None = None) -> list[tuple[bool, str]]:
    file = folder / "kiosk.toml"
    file.write_text(OFFICE + touch, "utf-8")
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

    assert _told(tmp_path, "") == [(False, WORDS.say("device.speech_missing"))]


def test_what_the_window_says_is_told(tmp_path: Path) -> None:
    assert _told(tmp_path, "", ("warning", "unplugged")) == [(False, WORDS.say("device.unplugged"))]


def test_earphones_need_a_name(tmp_path: Path) -> None:
    told = _told(tmp_path, 'earphones = "plug"', ("ok", ""))

    assert told == [(True, WORDS.say("device.ok")), (False, WORDS.say("cli.check.earphones"))]
