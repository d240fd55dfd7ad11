"""Notices of the office: Markdown files in a folder, as plain structured text.

Nothing of a file is more than text: HTML in it is shown as it is written, an address and a picture
as their words, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kiosk.plain import one_line
from kiosk.texts import languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LARGEST: Final = 32 * 1024
"""Bytes of one file: some twenty pages of a screen."""
MOST_PAGES: Final = 30
MOST_COLUMNS: Final = 4
LONGEST_BLOCK: Final = 320
"""Letters of one block: a longer paragraph is cut between its sentences, so that each fits a screen
also in large letters."""
_SENTENCE: Final = re.compile(r"(?<=[.;:!?…])\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """``kind`` is "heading", "text", "item", "head" or "row" (of a table). An item has its ``mark``
    and ``depth`` from 0, a row has ``cells`` and no text."""

    kind: str
    text: str = ""
    mark: str = ""
    depth: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    blocks: tuple[Block, ...]


class Flaw(NamedTuple):
    """A file that is not shown: its name, and the key of the sentence that says why."""

    file: str
    key: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One page by language; "" is the one for who reads none of the others."""

    name: str
    pages: Mapping[str, Page]

    def page(self, language: str) -> Page:
        return self.pages.get(language) or self.pages.get("") or next(iter(self.pages.values()))


class Notices:
    """The notices of a folder by the names of their files; read anew when a file has changed."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self._notices: tuple[Notice, ...] = ()
        self.flaws: tuple[Flaw, ...] = ()

    def read(self) -> tuple[Notice, ...]:
        """All that can be shown; ``flaws`` tell what cannot. No folder has none."""
        files = self._files()
        seen = tuple((path.name, time, size) for path, time, size in files)
        if seen != self._seen:
            self._notices, self.flaws = _read_all(files)
            self._seen = seen
        return self._notices

    def _files(self) -> list[tuple[Path, int, int]]:
        found = []
        with suppress(OSError):
            for path in sorted(self._folder.iterdir()) if self._folder else ():
                if path.suffix == ".md" and not path.name.startswith("."):
                    with suppress(OSError):
                        known = path.stat()
                        found.append((path, known.st_mtime_ns, known.st_size))
        return found


def _read_all(
    files: Sequence[tuple[Path, int, int]],
) -> tuple[tuple[Notice, ...], tuple[Flaw, ...]]:
    pages: dict[str, dict[str, Page]] = {}
    flaws = []
    for path, _, size in files:
        name, _, language = path.stem.rpartition(".")
        if language not in languages() or not name:
            name, language = path.stem, ""
        page = _read_file(path, size)
        if isinstance(page, Flaw):
            flaws.append(page)
        elif name not in pages and len(pages) == MOST_PAGES:
            flaws.append(Flaw(path.name, "notices.too_many"))
        else:
            pages.setdefault(name, {})[language] = page
    return tuple(Notice(name, told) for name, told in pages.items()), tuple(flaws)


def _read_file(path: Path, size: int) -> Page | Flaw:
    if size > LARGEST:
        return Flaw(path.name, "notices.too_long")
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Flaw(path.name, "notices.unreadable")
    page = read_page(text, path.stem)
    return page if page.blocks else Flaw(path.name, "notices.empty")


def read_page(text: str, name: str = "") -> Page:
    """The page that a Markdown text makes; its first heading is the title, else ``name``."""
    # Few offices have notices, and no process but the touch window's reads them.
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    blocks = list(_blocks(tokens))
    title = next((block for block in blocks if block.kind == "heading"), None)
    if title is not None:
        blocks.remove(title)
    told = title.text if title else " ".join(name.replace("-", " ").replace("_", " ").split())
    return Page(told, tuple(blocks))


def _blocks(tokens: Sequence[Any]) -> Iterator[Block]:
    lists: list[int | None] = []
    mark, kind = "", "text"
    cells: list[str] = []
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                n = lists[-1]
                mark = "•" if n is None else f"{n}."
                lists[-1] = None if n is None else n + 1
            case "heading_open":
                kind = "heading"
            case "heading_close":
                kind = "text"
            case "tr_open":
                cells = []
            case "thead_open" | "tbody_open":
                kind = "head" if token.type == "thead_open" else "row"
            case "table_close":
                kind = "text"
            case "tr_close":
                yield Block(kind, cells=tuple(cells[:MOST_COLUMNS]))
            case "inline" if kind in ("head", "row"):
                cells.append("; ".join(_lines(token)))
            case "inline" if kind == "heading":
                yield Block(kind, " ".join(_lines(token)))
            case "inline":
                for line in _lines(token):
                    depth = max(0, len(lists) - 1)
                    for part in parts(line):
                        yield Block("item" if lists else "text", part, mark, depth)
                        mark = ""
            case "fence" | "code_block":
                for line in filter(None, map(one_line, token.content.splitlines())):
                    yield Block("text", line)


def _lines(token: Any) -> list[str]:
    """The words of a paragraph, without what only decorates them, on as many lines as it forces."""
    text = ""
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline" | "image" | "html_inline":
                text += child.content
            case "softbreak":
                text += " "
            case "hardbreak":
                text += "\n"
    return [line for line in map(one_line, text.split("\n")) if line]


def parts(line: str) -> Iterator[str]:
    """The line in pieces of at most LONGEST_BLOCK letters, cut between sentences or words."""
    piece = ""
    for sentence in _SENTENCE.split(line):
        words = [sentence] if len(sentence) <= LONGEST_BLOCK else sentence.split()
        for word in words:
            if piece and len(piece) + 1 + len(word) > LONGEST_BLOCK:
                yield piece
                piece = ""
            piece = f"{piece} {word}".strip()
    if piece:
        yield piece
