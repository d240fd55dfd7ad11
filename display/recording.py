"""Makes clips from recordings or with an engine, and says what is wrong with each.

A clip is stored as a WAV file of STORED_RATE under its name. A recording is found by its file's
name: that of the clip ("number-x5"), its words ("lăm") or their sign ("5", "A").
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from display.chime import RATE
from display.clips import faults, finished, levelled, measure
from display.numbers import ALPHABET, letter_clip
from display.pcm import from_bytes, read_wav, resampled, wav
from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from display.engines import Engine

STORED_RATE: Final = 24_000
MOST_BYTES: Final = 50_000_000
USELESS: Final = frozenset(
    {"silent", "short", "long", "noisy", "unreadable", "no_wav", "coding", "huge"}
)
"""What a recording must not have: no clip is written of it, and what was there is said on."""


@dataclass(frozen=True, slots=True)
class Made:
    """One clip: ``file`` is what it was made from ("" for an engine), ``wrong`` what is to be told.

    Wrong may be what ``clips.finished`` and ``clips.faults`` find; "missing" (no recording),
    "unreadable" (the file cannot be read), "no_wav", "coding", "huge"; "twice" (a second recording,
    which is left aside) or "unknown" (a file that is no clip's; ``name`` is then "").
    """

    name: str
    words: str
    file: str = ""
    wrong: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_usable(self) -> bool:
        return not USELESS & set(self.wrong) and "missing" not in self.wrong


def from_engine(wanted: Mapping[str, str], engine: Engine, to: Path) -> Iterator[Made]:
    """Every clip, spoken by the engine; Unavailable when it fails or the folder takes no file."""
    for name, words in wanted.items():
        samples = from_bytes(engine.speak(f"{words}."))
        yield _made(name, words, samples, RATE, to)


def from_folder(wanted: Mapping[str, str], folder: Path, to: Path) -> Iterator[Made]:
    """Every clip, from the recordings of a folder; then the files that belong to none."""
    known = _names(wanted)
    found: dict[str, Path] = {}
    aside: list[Made] = []
    for path in _recordings(folder):
        name = known.get(_plain(path.stem))
        if name is None:
            aside.append(Made("", "", path.name, ("unknown",)))
        elif name in found:
            aside.append(Made(name, wanted[name], path.name, ("twice",)))
        else:
            found[name] = path
    for name, words in wanted.items():
        path_of = found.get(name)
        if path_of is None:
            yield Made(name, words, "", ("missing",))
        else:
            yield _from_file(name, words, path_of, to)
    yield from aside


def _from_file(name: str, words: str, path: Path, to: Path) -> Made:
    try:
        if path.stat().st_size > MOST_BYTES:
            return Made(name, words, path.name, ("huge",))
        samples, rate = read_wav(path.read_bytes())
    except OSError:
        return Made(name, words, path.name, ("unreadable",))
    except ValueError as error:
        wrong = {"coding": "coding", "empty": "silent"}.get(str(error), "no_wav")
        return Made(name, words, path.name, (wrong,))
    return _made(name, words, samples, rate, to, path.name)


def _made(name: str, words: str, samples: array[int], rate: int, to: Path, file: str = "") -> Made:
    cut, wrong = finished(samples, rate)
    if USELESS & set(wrong):
        return Made(name, words, file, wrong)
    clip = levelled(resampled(cut, rate, STORED_RATE), STORED_RATE)
    found = measure(clip, STORED_RATE)
    _write(to / f"{name}.wav", wav(clip, STORED_RATE))
    return Made(name, words, file, (*wrong, *faults(found)), found.seconds)


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise Unavailable("clips_unwritable", path=str(path), why=error.strerror or "") from error


def _recordings(folder: Path) -> list[Path]:
    try:
        files = [path for path in folder.iterdir() if path.suffix.lower() == ".wav"]
    except OSError as error:
        raise Unavailable("clips_unread", path=str(folder), why=error.strerror or "") from error
    return sorted(path for path in files if not path.name.startswith("."))


def _names(wanted: Mapping[str, str]) -> dict[str, str]:
    """The clip that a file's name stands for; the clip's own name before its words."""
    signs = {letter.lower(): letter_clip(letter) for letter in ALPHABET}
    signs |= {name.removeprefix("number-"): name for name in wanted if name.startswith("number-")}
    found = {sign: name for sign, name in signs.items() if name in wanted}
    found |= {_plain(words): name for name, words in reversed(list(wanted.items()))}
    return found | {name: name for name in wanted}


def _plain(text: str) -> str:
    """Names as people and their systems write them: any case, composed or not, _ for a space."""
    return " ".join(unicodedata.normalize("NFC", text).lower().replace("_", " ").split())
