"""What is said for a call: a phrase with the number and the counter, as a row of clips and pauses,
and these joined into one sound.

A phrase is written as people read it: "Mời số {so} đến quầy số {quay}". Its words between the two
places are *fragments*, a clip each; where a fragment has a comma or a full stop there is a pause.
Pauses are seconds. Sound is the hall's PCM (``display.chime``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from display.chime import BYTES_PER_SAMPLE, RATE
from display.numbers import NORTH, number_clips, ticket_clips

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBER, COUNTER = "{so}", "{quay}"
LONGEST: Final = 120
"""Letters of a fragment: so many make a file's name, and nobody listens longer."""

BETWEEN_SIGNS: Final = 0.05
BETWEEN_PARTS: Final = 0.09
BETWEEN_NUMBERS: Final = 0.25
AT_A_COMMA: Final = 0.22
AFTER_CHIME: Final = 0.1

Prompts = tuple[str | float, ...]
"""Names of clips, and pauses between them."""

_MARKS: Final = {
    "\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j", "\u0306": "w",
    "\u031b": "w",
}  # fmt: skip
_CIRCUMFLEX: Final = "\u0302"


@dataclass(frozen=True, slots=True)
class Phrase:
    """``pieces`` are fragments, NUMBER, COUNTER and pauses, in order."""

    text: str
    pieces: tuple[str | float, ...]

    @property
    def fragments(self) -> tuple[str, ...]:
        return tuple(
            piece
            for piece in self.pieces
            if isinstance(piece, str) and piece not in (NUMBER, COUNTER)
        )


@cache
def read_phrase(text: str) -> Phrase:
    """ValueError: "phrase_number" (no or a second {so}), "phrase_place" (another thing in braces, a
    second {quay}) or "phrase_long" (a fragment of more than LONGEST letters)."""
    told = " ".join(unicodedata.normalize("NFC", text).split())
    if told.count(NUMBER) != 1:
        raise ValueError("phrase_number")
    bare = told.replace(NUMBER, "").replace(COUNTER, "", 1)
    if "{" in bare or "}" in bare:
        raise ValueError("phrase_place")
    pieces: list[str | float] = []
    for part in re.split(r"(\{so\}|\{quay\}|[,.;:!?–]+)", told):
        words = part.strip()
        if part in (NUMBER, COUNTER):
            pieces.append(part)
        elif not re.search(r"\w", words):
            if words and pieces and isinstance(pieces[-1], str):
                pieces.append(AT_A_COMMA)
        elif len(words) > LONGEST:
            raise ValueError("phrase_long")
        else:
            pieces.append(words)
    while pieces and isinstance(pieces[-1], float):
        pieces.pop()
    return Phrase(told, tuple(pieces))


def fragment_clip(words: str) -> str:
    """The name of a fragment's clip: its letters as a Vietnamese keyboard types them ("Mời số" is
    "phrase-mowfi-soos"), so that other words never find a clip that says something else."""
    typed = "".join(map(_typed, unicodedata.normalize("NFC", words).lower()))
    name = re.sub(r"[^a-z0-9]+", "-", typed).strip("-")
    if not typed.isascii() or len(name) > 100:
        name = f"{name[:80]}-{sha256(typed.encode()).hexdigest()[:8]}".strip("-")
    return f"phrase-{name}"


def _typed(letter: str) -> str:
    if letter == "đ":
        return "dd"
    if letter in "’'":
        return ""
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    return base + "".join(base if mark == _CIRCUMFLEX else _MARKS.get(mark, mark) for mark in marks)


def prompts(phrase: Phrase, language: str, numbers: Sequence[str], counter: int) -> Prompts:
    """The phrase with these numbers and this counter in it."""
    found: list[str | float] = []
    for piece in phrase.pieces:
        if isinstance(piece, float):
            found.append(piece)
            continue
        if found and isinstance(found[-1], str):
            found.append(BETWEEN_PARTS)
        if piece == NUMBER:
            for n, number in enumerate(numbers):
                found += [BETWEEN_NUMBERS] if n else []
                found += _spaced(ticket_clips(number))
        elif piece == COUNTER:
            found += _spaced(number_clips(counter, language))
        else:
            found.append(fragment_clip(piece))
    return tuple(found)


def needed(
    phrases: Sequence[Phrase], language: str, codes: Sequence[str], counters: Sequence[int]
) -> tuple[str, ...]:
    """Every clip that calls of these services and counters may need, each once."""
    digits = "0123456789"
    found: dict[str, None] = {}
    for phrase in phrases:
        found |= dict.fromkeys(fragment_clip(words) for words in phrase.fragments)
    found |= dict.fromkeys(ticket_clips("".join(codes) + digits))
    for counter in counters:
        found |= dict.fromkeys(number_clips(counter, language))
    return tuple(found)


def join(parts: Prompts, clips: Mapping[str, bytes]) -> bytes:
    """One sound; a clip that is missing is a bug and raises KeyError."""
    return b"".join(silence(part) if isinstance(part, float) else clips[part] for part in parts)


@cache
def silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE) * BYTES_PER_SAMPLE)


def seconds(pcm: bytes) -> float:
    return len(pcm) / BYTES_PER_SAMPLE / RATE


@dataclass(frozen=True, slots=True)
class Voice:
    """One language as the hall speaks it; ``many`` calls several numbers to one counter."""

    language: str
    phrase: Phrase
    many: Phrase
    clips: Mapping[str, bytes]
    region: str = NORTH

    def say(self, numbers: Sequence[str], counter: int) -> bytes:
        phrase = self.many if len(numbers) > 1 else self.phrase
        return join(prompts(phrase, self.language, numbers, counter), self.clips)

    def can_say(self, numbers: Sequence[str], counter: int) -> bool:
        phrase = self.many if len(numbers) > 1 else self.phrase
        wanted = prompts(phrase, self.language, numbers, counter)
        return all(part in self.clips for part in wanted if isinstance(part, str))


def _spaced(clips: Sequence[str]) -> list[str | float]:
    found: list[str | float] = []
    for clip in clips:
        found += [BETWEEN_SIGNS, clip] if found else [clip]
    return found
