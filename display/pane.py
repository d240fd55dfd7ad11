"""What stands in the board's pane: pictures and pages of notices, in turn; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kiosk.media import Item
    from kiosk.notices import Block, Page

TITLE: Final = 1.25
"""The size of a title in that of the text."""
SPACE: Final = 0.45
"""Between two blocks, in lines."""
LEAST_LINES: Final = 3
"""Below a title; with less a sentence would be cut at every turn."""
BLANK: Final = 0.3
"""Between two words, in em."""


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a notice; ``mark`` stands before it."""

    text: str
    mark: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Slide:
    """``picture`` is the path of a picture; without one there are a title and the lines of a
    notice's page. The ``video`` at this address is played over it. It stands for ``seconds``."""

    seconds: float
    picture: str = ""
    title: str = ""
    lines: tuple[Line, ...] = ()
    video: str = ""


def slides(
    items: Iterable[Item],
    languages: Sequence[str],
    width: float,
    lines: float,
    measure: Callable[[str], float],
    *,
    playing: bool = False,
) -> tuple[Slide, ...]:
    """All that takes turns. ``width`` is a line's room in em and ``lines`` how many there are;
    ``measure`` says how wide a text is in em. Videos are stills without ``playing``."""
    found = []
    for item in items:
        if item.file is not None:
            video = item.play.absolute().as_uri() if playing and item.play else ""
            stands = item.seconds(playing=bool(video))
            found.append(Slide(stands, picture=str(item.file), video=video))
            continue
        for _, page in pages_of(item, languages):
            found += _paged(page, item.seconds(), width, lines, measure)
    return tuple(found)


def pages_of(item: Item, languages: Sequence[str]) -> tuple[tuple[str, Page], ...]:
    """The pages of a notice in the hall's languages, each with the first of them that it serves;
    what it has where it has none of these."""
    found: list[tuple[str, Page]] = []
    for language in languages:
        page = item.pages.get(language) or item.pages.get("")
        if page is not None and all(page is not other for _, other in found):
            found.append((language, page))
    return tuple(found or item.pages.items())


def slide_at(shown: Sequence[Slide], now: float) -> Slide | None:
    """Whose turn it is at ``now``, in steady seconds."""
    left = now % (sum(slide.seconds for slide in shown) or 1.0)
    for slide in shown:
        if left < slide.seconds:
            return slide
        left -= slide.seconds
    return shown[-1] if shown else None


def _paged(
    page: Page, seconds: float, width: float, lines: float, measure: Callable[[str], float]
) -> list[Slide]:
    """The page in slides that fit; a block that fits none is cut between words."""

    def tall(text: str, size: float = 1.0) -> float:
        return _lines(text, width / size, measure) * size

    room = lines - tall(page.title, TITLE) - SPACE
    title, before = page.title, []
    if room < LEAST_LINES:
        # In a small pane the title has a turn of its own.
        before, title, room = [Slide(seconds, title=page.title)], "", lines
    found: list[list[Line]] = [[]]
    left = room
    for block in _cut(page.blocks, width, max(1, int(room)), measure):
        need = tall(f"{block.mark} {block.text}") + SPACE
        if need > left + SPACE and found[-1]:
            # A heading stays with what it heads.
            kept = [found[-1].pop()] if found[-1][-1].bold and len(found[-1]) > 1 else []
            found.append(kept)
            left = room - sum(tall(each.text) + SPACE for each in kept)
        found[-1].append(block)
        left -= need
    return before + [Slide(seconds, title=title, lines=tuple(each)) for each in found if each]


def _lines(text: str, width: float, measure: Callable[[str], float]) -> int:
    """On how many lines the text stands, broken between words."""
    lines, left = 1, width
    for word in text.split():
        wide = measure(word)
        if wide > left and left < width:
            lines, left = lines + 1, width
        lines += max(0, math.ceil(wide / width) - 1)
        left -= wide + BLANK
    return lines


def _cut(
    blocks: Iterable[Block], width: float, most: int, measure: Callable[[str], float]
) -> Iterable[Line]:
    for block in blocks:
        text = " – ".join(filter(None, block.cells)) or block.text
        mark, bold = block.mark, block.kind in ("heading", "head")
        piece = ""
        for word in text.split():
            longer = f"{piece} {word}".strip()
            if piece and _lines(f"{mark} {longer}", width, measure) > most:
                yield Line(piece, mark, bold)
                mark, longer = "", word
            piece = longer
        if piece:
            yield Line(piece, mark, bold)
