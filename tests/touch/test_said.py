"""All that is seen is said, in both languages; what is personal only where nobody else hears."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.texts import texts
from kiosk.touch import said
from kiosk.touch.answers import told_entry
from kiosk.touch.said import Hearing
from kiosk.touch.state import Screen, start
from tests.profile import LONG
from tests.touch.checks import top_sheet
from tests.touch.contents import fill
from tests.touch.office import CODE, office
from tests.touch.scene import buttons, read, shown
from tests.touch.screens import SCREENS
from tests.touch.test_traversal import FEW

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.texts import Texts
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open

SIGNS = re.compile(r"[\s.,:;·•–…()]+")


def _letters(text: str) -> str:
    return SIGNS.sub(" ", text).strip().lower()


def _spoken(touch: TouchWindow, words: Texts, hearing: Hearing) -> list[str]:
    """The screen, each control, and the help: what a person can have read aloud."""
    view, walk = touch.bridge.view, touch.operation.walk
    covered = walk.sheet is not None
    told = said.screen(view, walk.seen(), words, hearing, covered=covered)
    shown = Screen(view.screen)
    controls = [said.control(walk.described(item), shown, words, hearing) for item in walk.stops()]
    return [*told.head, *told.body, *controls, *said.help_with(view, words)]


def _hearing(touch: TouchWindow, *, alone: bool) -> Hearing:
    state = touch.bridge.state
    typed = touch.bridge.catalogue.state.entry if state.screen is Screen.SEARCH else state.entry
    own = told_entry(state.entry) if state.entry else ""
    return Hearing(alone=alone, earphones=True, typed=typed, own=own)


def _unsaid(touch: TouchWindow, spoken: list[str]) -> list[str]:
    """What is seen and was not said. An entry is said sign by sign, and never as it is masked."""
    heard = _letters(" ".join(spoken))
    top = top_sheet(touch.window.contentItem())
    off = [key.item for key in buttons(top) if not key.item.isEnabled()]
    seen = [item for item in shown(top) if item.inherits("QQuickLabel") and item.property("text")]
    entry = touch.bridge.view.keypad.entry
    texts_seen = {
        read(item)
        for item in seen
        if not item.parentItem().property("types")
        and not any(key.isAncestorOf(item) for key in off)
    }
    return sorted(
        text
        for text in texts_seen
        if len(text) > 1 and text != entry and _letters(text) not in heard
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_all_that_is_seen_is_said(open_touch: Open, tmp_path: Path, qtbot, language: str) -> None:
    words = texts(language)
    faults: list[str] = []
    for services in {id(each.services): each.services for each in SCREENS.values()}.values():
        centre = office(
            tmp_path / f"{len(services)}{id(services)}.db", services, public_url="https://mc.vn"
        )
        fill(centre)
        touch, seconds = open_touch(centre)
        for name, screen in SCREENS.items():
            brief = language != "vi" and not LONG and name not in FEW
            if screen.services is not services or brief:
                continue
            state = start(touch.bridge.state, seconds.now)
            touch.bridge.fold(
                replace(state, language=language, store_down=False, speaks=True, speech=True)
            )
            screen.go(centre, touch.bridge)
            qtbot.wait(1)
            faults += [
                f"{name}: {text}"
                for text in _unsaid(touch, _spoken(touch, words, _hearing(touch, alone=True)))
            ]
            faults += _leaks(touch, name, words)
    assert not faults, "\n".join(faults)


def _leaks(touch: TouchWindow, name: str, words: Texts) -> list[str]:
    """What a loudspeaker would tell of a dossier, of an own place, or of what was typed."""
    view, state = touch.bridge.view, touch.bridge.state
    spoken = " ".join(_spoken(touch, words, _hearing(touch, alone=False)))
    # The example of a code is nobody's.
    spoken = spoken.replace(view.keypad.hint, "") if view.keypad.hint else spoken
    facts = [state.entry, told_entry(state.entry)] if state.entry else []
    if state.answer is not None:
        dossier = view.dossier
        facts += [CODE, state.answer.procedure_name, dossier.title, dossier.now, dossier.take]
        facts += [step.where for step in dossier.steps]
        facts += [state.answer.phone_end or ""]
    if state.place is not None and view.screen in ("place", "cancel"):
        facts += [state.place.ticket.number, view.place.title, view.place.service]
    return [f"{name} tells {fact!r} to all" for fact in facts if len(fact) > 2 and fact in spoken]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_sign_that_was_typed_is_told_in_earphones_and_counted_on_a_loudspeaker(
    language: str,
) -> None:
    words = texts(language)
    ears, hall = Hearing(alone=True), Hearing(alone=False)

    assert said.typed("12", "123", words, ears) == "3"
    assert "3" in said.typed("12", "12", words, ears) or said.typed("12", "12", words, ears) == ""
    assert "7" not in said.typed("48", "487", words, hall)
    assert said.typed("48", "4", words, hall) == words.count("said.typed", 1)
    assert said.typed("4", "", words, ears) == words.say("said.cleared")
