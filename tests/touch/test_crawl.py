"""Every screen in every mode, language and size: whole, legible, touchable, named and within reach.

``make test`` goes through rounds of what is furthest apart, all switches off and all on, in the
shortest words and the longest, in which each pair of mode, language and size occurs once at least;
with KIOSK_FAULTS=long every combination is gone through.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor
from PySide6.QtQml import QQmlProperty, qmlContext

from kiosk.touch.offers import PLAIN
from kiosk.touch.state import start
from tests.profile import LONG
from tests.speaking import PSEUDO, pseudo_spoken
from tests.touch.checks import faults_of, look_at
from tests.touch.conftest import SIZES
from tests.touch.contents import fill
from tests.touch.office import office
from tests.touch.scene import buttons, labels
from tests.touch.screens import SCREENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.state import State
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open

MODES = {
    "standard": frozenset[str](),
    "big": frozenset({"big"}),
    "contrast-reach": frozenset({"contrast", "reach"}),
    "all": frozenset({"big", "contrast", "reach"}),
}
"""What people switch on; every two of the three switches are on together, and apart."""
LANGUAGES = ("vi", "en", PSEUDO)


class Round(NamedTuple):
    mode: str
    language: str
    size: str


def pairwise(rounds: Iterable[Round]) -> list[Round]:
    """A few of them, in which every pair that occurs in all of them occurs too."""
    every = list(rounds)
    missing = {pair for each in every for pair in _pairs(each)}
    chosen = []
    while missing:
        best = max(every, key=lambda each: len(missing & _pairs(each)))
        chosen.append(best)
        missing -= _pairs(best)
    return chosen


def _pairs(each: Round) -> set[tuple[tuple[str, str], ...]]:
    return set(combinations(each._asdict().items(), 2))


EVERY = [Round(*each) for each in product(MODES, LANGUAGES, SIZES)]
APART = [
    each for each in EVERY if each.mode in ("standard", "all") and each.language in ("vi", PSEUDO)
]
ROUNDS = EVERY if LONG else pairwise(APART)
PICTURED = [each for each in ROUNDS if LONG or each.mode in ("standard", "all")]
"""Both sets of colours, in every size: contrast takes a third of the time of a round."""


def test_the_rounds_have_every_pair_of_mode_language_and_size() -> None:
    few = pairwise(APART)

    assert {pair for each in few for pair in _pairs(each)} == {
        pair for each in APART for pair in _pairs(each)
    }
    assert len(few) <= len(APART) // 2


@pytest.fixture(scope="module", autouse=True)
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_spoken(tmp_path_factory.mktemp("spoken")):
        yield


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_whole_legible_touchable_named_and_within_reach(
    open_touch: Open, tmp_path: Path, size: str
) -> None:
    faults: list[str] = []
    for services in {id(one.services): one.services for one in SCREENS.values()}.values():
        centre = office(
            tmp_path / f"{len(services)}{id(services)}.db",
            services,
            public_url="https://mc.vn",
            languages=LANGUAGES,
        )
        fill(centre)
        touch, _ = open_touch(centre, size)
        for each, (name, screen) in product(ROUNDS, SCREENS.items()):
            if each.size == size and screen.services is services:
                touch.bridge.fold(visit(touch, each))
                screen.go(centre, touch.bridge)
                found = faults_of(look_at(touch, SIZES[size][1][0], picture=each in PICTURED))
                faults += [f"{'-'.join(each)} {name}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def test_the_crawl_sees_what_it_should(open_touch: Open, centre: Centre) -> None:
    """Each of its eyes, on a screen that was spoilt for it."""
    touch, _ = open_touch(centre)
    root = touch.window.contentItem()
    words = next(one for one in labels(root) if one.name == "Hộ tịch").item
    access = next(one for one in buttons(root) if one.name == "Trợ năng").item
    spoilt = {
        "contrast of": (words, "color", QColor("#999999")),
        "truncated": (words, "maximumLineCount", 0),
        "capitals of": (words, "minimumPixelSize", 4),
        "too small to touch": (access, "height", 20.0),
        "mm between": (access, "width", 900.0),
        "over the edge of": (access, "height", 8.0),
    }
    for told, (item, name, value) in spoilt.items():
        before = item.property(name)
        item.setProperty(name, value)
        if told == "truncated":
            item.setProperty("width", 12.0)
            item.setProperty("height", 20.0)
        if told == "capitals of":
            item.setProperty("width", 30.0)
            item.setProperty("height", 12.0)
        found = faults_of(look_at(touch, SIZES["portrait"][1][0], picture=True))
        assert any(told in fault for fault in found), told
        item.setProperty(name, before)
    QQmlProperty(access, "Accessible.name", qmlContext(access)).write("")
    assert any("without a name" in fault for fault in faults_of(look_at(touch, 268, picture=False)))


@pytest.mark.parametrize("size", SIZES if LONG else ["small"])
def test_no_screen_complains_while_what_people_switch_on_changes(
    open_touch: Open, tmp_path: Path, size: str
) -> None:
    """QML's warnings, as of a loop of bindings, fail the test (``qt_log_level_fail``).

    A screen that comes with a mode has none of those which it has when the mode comes to it.
    """
    for services in {id(one.services): one.services for one in SCREENS.values()}.values():
        centre = office(tmp_path / f"{id(services)}.db", services, public_url="https://mc.vn")
        fill(centre)
        touch, _ = open_touch(centre, size)
        for screen in SCREENS.values():
            if screen.services is services:
                touch.bridge.fold(visit(touch, Round("standard", "vi", size)))
                screen.go(centre, touch.bridge)
                QCoreApplication.processEvents()
                for mode in ("big", "contrast-reach"):
                    on = {name: name in MODES[mode] for name in ("big", "contrast", "reach")}
                    touch.bridge.fold(replace(touch.bridge.state, **on))
                    QCoreApplication.processEvents()


def visit(touch: TouchWindow, each: Round) -> State:
    """A visit that begins, with what people switched on for it."""
    state = start(touch.bridge.state, touch.bridge.now())
    on = {mode: mode in MODES[each.mode] for mode in ("big", "contrast", "reach")}
    touch.bridge.offers = PLAIN
    return replace(state, language=each.language, store_down=False, speaks=True, **on)
