"""What is personal is read in earphones alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.texts import texts as sentences
from kiosk.touch.state import Screen
from tests.touch.keying import strike, strikes
from tests.touch.office import CODE
from tests.touch.scene import at
from tests.touch.visit import office_of_owners

if TYPE_CHECKING:
    from pathlib import Path


WORDS = sentences("vi")


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
