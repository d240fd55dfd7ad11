"""The office's own pictures, videos, notices and lines for the board: read from a folder, made
ready to be shown, and read again when something in it has changed.

What lies there may be anything: no file is trusted by its name or its size, none is followed
elsewhere, and none is read to an end that may never come. What cannot be shown is told, file by
file, and the rest is shown.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kiosk.media_films import LONGEST_VIDEO, VIDEOS, Films
from kiosk.media_schedule import SCHEDULE, SECONDS, When, read_schedule
from kiosk.notices import LARGEST, Flaw, Page, read_page
from kiosk.plain import one_line, readable
from kiosk.texts import languages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

LOOK_SECONDS: Final = 1.0
MOST_FILES: Final = 100
MOST_BYTES: Final = 30_000_000
MOST_PIXELS: Final = 24_000_000
"""Of a picture that must be decoded whole: 96 MB as RGBA."""
MOST_PIXELS_SCALED: Final = 120_000_000
"""Of a JPEG, which is decoded at a fraction of its size."""
LONGEST_SIDE: Final = 1920
"""Pixels of what is shown: at most 40 % of a screen."""
LEAST_SECONDS: Final = 3.0
MOST_LINES: Final = 40
LONGEST_LINE: Final = 110
"""Letters of one page of the ticker: about two lines on the board."""
PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_OTHER_VIDEOS: Final = frozenset({".wmv", ".mpg", ".mpeg", ".flv", ".3gp", ".ts", ".vob"})
TICKER: Final = "ticker"
_LEFT_ALONE: Final = frozenset({"thumbs.db", "desktop.ini"})
_BAD_DATA: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    MemoryError,
    struct.error,
    Warning,
)


@dataclass(frozen=True, slots=True)
class Item:
    """``kind`` is "picture", "video" or "notice". A picture has a ``file`` of ``size`` pixels,
    ready to be shown; a video one with a still of it, the file to ``play``, and its ``length`` in
    seconds, 0 for who knows; a notice its pages by language, "" for who reads none of the rest."""

    name: str
    kind: str
    when: When
    file: Path | None = None
    size: tuple[int, int] = (0, 0)
    play: Path | None = None
    length: float = 0.0
    pages: Mapping[str, Page] = field(default_factory=dict)

    def seconds(self, *, playing: bool = False) -> float:
        """How long it stands, or one page of it; a video that is ``playing`` to its end."""
        if self.when.seconds is None and playing and self.length:
            return min(max(self.length, LEAST_SECONDS), LONGEST_VIDEO)
        return self.when.seconds or SECONDS


@dataclass(frozen=True, slots=True)
class Media:
    """What the folder has, in the order of names; ``ticker`` are lines by language, "" for all.
    There is more to come as long as something is ``awaited``."""

    items: tuple[Item, ...] = ()
    ticker: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    awaited: bool = field(default=False, compare=False)

    def due(self, local: datetime) -> tuple[Item, ...]:
        """What is shown at this moment of the office's clock."""
        return tuple(item for item in self.items if item.when.holds(local))


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the folder, as it was seen: a change of any of these is a change of the file."""

    path: Path
    mode: int
    size: int
    time: int

    @property
    def mark(self) -> str:
        told = f"{self.path.name}\0{self.size}\0{self.time}"
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:24]


class _Unfit(Exception):  # no error of ours: the file's
    """The file cannot be shown; the key of the sentence that says why."""


def read_media(folder: Path, into: Path, films: Films | None = None) -> Media:
    """The folder as it is now. Pictures are made ready in ``into``; those there are not made
    anew. ``films`` is what is known of the videos from before."""
    try:
        found, crowd = _files(folder)
    except OSError:
        return Media(flaws=(Flaw(folder.name, "device.media_folder"),))
    if films is None:
        films = Films()
        films.begin()
    awaited = False
    flaws = [Flaw(readable(folder.name), "device.media_too_many")] if crowd else []
    names = {known.path.name for known in found}
    schedule: Mapping[str, When] = {}
    pages: dict[str, dict[str, Page]] = {}
    items: list[Item] = []
    ticker: dict[str, tuple[str, ...]] = {}
    for known in (one for one in found if one.path.name == SCHEDULE):
        try:
            schedule, wrong = read_schedule(_text(known))
            flaws += wrong
        except _Unfit as unfit:
            flaws.append(Flaw(SCHEDULE, str(unfit)))
    flaws += [
        Flaw(one_line(name), "device.media_schedule_no_file")
        for name in schedule
        if name not in names
    ]
    for known in found:
        path = known.path
        name, language = _language(path)
        when = schedule.get(path.name, When())
        try:
            match _kind(path):
                case "picture":
                    file, size = _ready(known, into)
                    items.append(Item(path.name, "picture", when, file, size))
                case "video":
                    with _opened(known, None) as stream:
                        film = films.of(stream, known.time / 1e9, into / f"{known.mark}.jpg")
                    if isinstance(film, str):
                        raise _Unfit(film)
                    if film is None:
                        awaited = True
                        continue
                    played = Item(path.name, "video", when, film.still, film.size)
                    items.append(replace(played, play=path, length=film.seconds))
                case "notice":
                    page = read_page(_text(known), name)
                    if not page.blocks:
                        raise _Unfit("device.media_empty")
                    if name not in pages:
                        pages[name] = {}
                        items.append(Item(path.name, "notice", when, pages=pages[name]))
                    pages[name][language] = page
                case "ticker":
                    ticker[language] = _lines(_text(known))
                case "":
                    pass
                case key:
                    raise _Unfit(key)
        except _Unfit as unfit:
            flaws.append(Flaw(readable(path.name), str(unfit)))
    return Media(tuple(items), ticker, tuple(flaws), awaited)


def _files(folder: Path) -> tuple[list[_Found], bool]:
    found = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith((".", "~")) or entry.name.lower() in _LEFT_ALONE:
            continue
        with suppress(FileNotFoundError):
            known = entry.stat(follow_symlinks=False)
            found.append(_Found(Path(entry.path), known.st_mode, known.st_size, known.st_mtime_ns))
    return found[:MOST_FILES], len(found) > MOST_FILES


def _language(path: Path) -> tuple[str, str]:
    name, _, language = path.stem.rpartition(".")
    return (name, language) if name and language in languages() else (path.stem, "")


def _kind(path: Path) -> str:
    """What the file is by its name, or the key of the sentence that says why it is not shown."""
    ending = path.suffix.lower()
    if ending in PICTURES:
        return "picture"
    if ending in VIDEOS:
        return "video"
    if ending == ".md":
        return "notice"
    if ending == ".txt" and _language(path)[0] == TICKER:
        return "ticker"
    if path.name == SCHEDULE:
        return ""
    return "device.media_video" if ending in _OTHER_VIDEOS else "device.media_unknown"


def opened(path: Path) -> IO[bytes]:
    """Opens it without waiting for anybody, and never what it leads to."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags), "rb")


def _opened(known: _Found, most: int | None) -> IO[bytes]:
    """The file itself, never what it leads to, and never one that waits or has no end."""
    if not stat.S_ISREG(known.mode):
        raise _Unfit("device.media_no_file")
    if most is not None and known.size > most:
        raise _Unfit("device.media_too_large")
    try:
        file = opened(known.path)
    except OSError:
        raise _Unfit("device.media_unreadable") from None
    now = os.fstat(file.fileno())
    if not stat.S_ISREG(now.st_mode) or (most is not None and now.st_size > most):
        file.close()
        raise _Unfit("device.media_too_large")
    return file


def _text(known: _Found) -> str:
    with _opened(known, LARGEST) as file:
        try:
            return file.read(LARGEST + 1).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise _Unfit("device.media_unreadable") from None


def _lines(text: str) -> tuple[str, ...]:
    lines = [part for line in text.splitlines() for part in _parts(one_line(line))]
    return tuple(lines[:MOST_LINES])


def _parts(line: str) -> Iterator[str]:
    """The line in pieces that stand on the board at one time, cut between words."""
    piece = ""
    for word in line.split():
        if piece and len(piece) + 1 + len(word) > LONGEST_LINE:
            yield piece
            piece = ""
        piece = f"{piece} {word[:LONGEST_LINE]}".strip()
    if piece:
        yield piece


def _ready(known: _Found, into: Path) -> tuple[Path, tuple[int, int]]:
    """The picture as a JPEG no larger than it is shown, upright and without a clear ground."""
    from PIL import Image, ImageOps

    target = into / f"{known.mark}.jpg"
    with _opened(known, MOST_BYTES) as file:
        if target.exists():
            with Image.open(target) as ready:
                return target, ready.size
        try:
            with Image.open(file, formats=("PNG", "JPEG", "WEBP")) as image:
                scaled = image.format == "JPEG" and not image.info.get("progressive")
                if image.width * image.height > (MOST_PIXELS_SCALED if scaled else MOST_PIXELS):
                    raise _Unfit("device.media_too_large")
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                whole = image.convert("RGBA" if image.has_transparency_data else "RGB")
                whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                ImageOps.exif_transpose(whole, in_place=True)
                flat = Image.new("RGB", whole.size, "white")
                flat.paste(whole, mask=whole if whole.mode == "RGBA" else None)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _Unfit("device.media_too_large") from None
        except _BAD_DATA:
            raise _Unfit("device.media_broken") from None
    try:
        flat.save(target.with_suffix(".part"), "JPEG", quality=88)
        target.with_suffix(".part").replace(target)
    except OSError:
        raise _Unfit("device.media_disk") from None
    return target, flat.size


class MediaFolder:
    """Looks at the folder every second on a thread of its own, and calls ``changed`` from
    there with what is to be shown; at once, and then whenever that is something else."""

    def __init__(self, folder: Path, changed: Callable[[Media], None]) -> None:
        self._folder = folder
        self._changed = changed
        self._stop = threading.Event()
        # A folder on a server that hangs must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="board-media", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(LOOK_SECONDS)

    def _run(self) -> None:
        before: Media | None = None
        seen: object = None
        films = Films(1, self._stop.is_set)
        films.begin(0)  # what needs no time is shown first
        with tempfile.TemporaryDirectory(prefix="kiosk-media-") as into:
            while True:
                now = _seen(self._folder)
                if before is None or before.awaited or now != seen:
                    media, seen = read_media(self._folder, Path(into), films), now
                    films.begin()
                    if media != before:
                        self._changed(media)
                        _drop(Path(into), before, media)
                    before = media
                if self._stop.wait(LOOK_SECONDS):
                    return


def _seen(folder: Path) -> Sequence[_Found] | None:
    try:
        return _files(folder)[0]
    except OSError:
        return None


def _drop(into: Path, before: Media | None, media: Media) -> None:
    """Takes away pictures that are in neither: one may still be on its way to the screen."""
    kept = {item.file for known in (before, media) if known for item in known.items}
    for file in into.iterdir():
        if file not in kept:
            with suppress(OSError):
                file.unlink()
