"""What a web board is told beside the changes: the office's pictures, notices and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from display.pane import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kiosk.media import Item, Media

PICTURES: Final = "/board/media/"
VIDEOS: Final = "/board/video/"
PLAYED: Final = {".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm"}
"""What a browser plays, as a rule; of the other videos it shows the still."""


class BlockAnswer(BaseModel):
    """``kind`` is "heading", "text", "item", "head" or "row"; ``mark`` stands before the text."""

    kind: str
    text: str
    mark: str


class SlideAnswer(BaseModel):
    """A ``picture`` by its address, a ``video`` by that of its file, with the picture for who
    cannot play it, or a notice with ``title`` and ``blocks`` in the language ``lang``; it stands
    for ``seconds``."""

    kind: str
    seconds: float
    picture: str | None = None
    video: str | None = None
    lang: str | None = None
    title: str | None = None
    blocks: tuple[BlockAnswer, ...] | None = None


class BoardMediaAnswer(BaseModel):
    """``ticker`` are lines by language, "" for all."""

    items: tuple[SlideAnswer, ...]
    ticker: dict[str, tuple[str, ...]]


class BoardSeenAnswer(BaseModel):
    """A page made for another ``mark`` is out of date."""

    mark: str
    media: BoardMediaAnswer


def seen(mark: str, media: Media, due: Iterable[Item], languages: Sequence[str]) -> BoardSeenAnswer:
    slides = tuple(slide for item in due for slide in _slides(item, languages))
    return BoardSeenAnswer(
        mark=mark, media=BoardMediaAnswer(items=slides, ticker=dict(media.ticker))
    )


def _slides(item: Item, languages: Sequence[str]) -> Iterator[SlideAnswer]:
    seconds = item.seconds()
    if item.file is not None:
        picture, video = f"{PICTURES}{item.file.name}", _video(item)
        if video:
            seconds = item.seconds(playing=True)
            yield SlideAnswer(kind="video", seconds=seconds, picture=picture, video=video)
        else:
            yield SlideAnswer(kind="picture", seconds=seconds, picture=picture)
        return
    for language, page in pages_of(item, languages):
        blocks = tuple(
            BlockAnswer(
                kind=block.kind,
                text=" – ".join(filter(None, block.cells)) or block.text,
                mark=block.mark,
            )
            for block in page.blocks
        )
        yield SlideAnswer(
            kind="notice", seconds=seconds, lang=language, title=page.title, blocks=blocks
        )


def _video(item: Item) -> str:
    """The address of a video that a browser plays."""
    if item.play is None or item.file is None or item.play.suffix.lower() not in PLAYED:
        return ""
    return f"{VIDEOS}{item.file.stem}"
