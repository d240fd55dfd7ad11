from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from display.pane import LEAST_LINES, Slide, slide_at, slides
from kiosk.media import Item
from kiosk.media_schedule import When
from kiosk.notices import read_page

if TYPE_CHECKING:
    from pathlib import Path

WORDS = st.lists(st.text("abcđéư", min_size=1, max_size=9), min_size=1, max_size=60)


def measure(text: str) -> float:
    return len(text) * 0.5


def notice(**pages: str) -> Item:
    told = {
        language.removeprefix("all"): read_page(text, "name") for language, text in pages.items()
    }
    return Item("n.md", "notice", When(seconds=8), pages=told)


def test_pictures_and_pages_take_turns_each_for_its_time(tmp_path: Path) -> None:
    picture = Item("a.png", "picture", When(seconds=5), tmp_path / "a.jpg", (16, 9))
    shown = slides((picture, notice(all="# Một\n\nHai.")), ("vi", "en"), 20, 8, measure)
    assert [slide.seconds for slide in shown] == [5, 8]
    for now, title in ((0, ""), (4.9, ""), (5, "Một"), (12.9, "Một"), (13, ""), (1305, "Một")):
        found = slide_at(shown, now)
        assert found is not None
        assert found.title == title
    assert slide_at((), 3) is None


def test_a_notice_is_told_in_each_language_that_it_has() -> None:
    both = notice(all="# Một\n\nHai.", en="# One\n\nTwo.")
    assert [s.title for s in slides((both,), ("vi", "en"), 20, 8, measure)] == ["Một", "One"]
    assert [s.title for s in slides((both,), ("vi",), 20, 8, measure)] == ["Một"]
    one = notice(all="# Một\n\nHai.")
    assert [s.title for s in slides((one,), ("vi", "en"), 20, 8, measure)] == ["Một"]
    only = notice(en="# One\n\nTwo.")
    assert [s.title for s in slides((only,), ("vi",), 20, 8, measure)] == ["One"]


def test_in_a_small_pane_the_title_has_a_turn_of_its_own() -> None:
    small = slides((notice(all="# Một\n\nHai.\n\nBa."),), ("vi",), 20, LEAST_LINES + 1, measure)
    assert [(slide.title, len(slide.lines)) for slide in small] == [("Một", 0), ("", 2)]


def test_a_heading_stays_with_what_it_heads() -> None:
    text = "# Một\n\nHai.\n\nBa.\n\n## Bốn\n\nNăm.\n\nSáu."
    shown = slides((notice(all=text),), ("vi",), 20, 6.2, measure)
    assert [[line.text for line in slide.lines] for slide in shown] == [
        ["Hai.", "Ba."],
        ["Bốn", "Năm.", "Sáu."],
    ]


@given(WORDS, st.floats(6, 60), st.floats(5, 14), st.booleans())
def test_no_word_of_a_notice_is_lost_however_small_the_pane(
    words: list[str], width: float, lines: float, listed: bool
) -> None:
    text = "# T\n\n" + ("\n".join(f"- {word}" for word in words) if listed else " ".join(words))
    shown: tuple[Slide, ...] = slides((notice(all=text),), ("vi",), width, lines, measure)
    told = [word for slide in shown for line in slide.lines for word in line.text.split()]
    assert told == words
