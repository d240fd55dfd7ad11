"""Finds the clips of the hall's voices: an office's own, and those that ship.

Nothing here speaks at the cost of silence: own clips that are missing or damaged give way to the
shipped ones, a phrase that has no clips to the shipped phrase, and each is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from display.clips import levelled
from display.numbers import NORTH, words
from display.pcm import read_wav, resampled, to_bytes
from display.speech import Phrase, Voice, fragment_clip, needed, read_phrase
from kiosk.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

MOST_BYTES: Final = 5_000_000
"""Of a clip's file; a minute of sound."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an office wants to be able to say.

    ``folder`` holds its own clips, a folder for each language, None without any; ``phrases`` and
    ``many`` are its templates by language, and ``codes`` and ``counters`` what is called.
    """

    languages: tuple[str, ...]
    region: str
    phrases: Mapping[str, str]
    many: Mapping[str, str]
    folder: Path | None
    codes: tuple[str, ...]
    counters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """What the voice does without: ``code`` is "voice_mute" (a language that cannot be spoken),
    "voice_words" (fragments without a clip, so that the shipped phrase is said), "voice_clips"
    (own clips that cannot be used) or "voice_folder" (no folder of own clips, though one is named;
    of no language); ``what`` are the words, the files or the folder."""

    code: str
    language: str
    what: tuple[str, ...]


def shipped_phrase(language: str, region: str, *, many: bool = False) -> Phrase:
    """From the catalogue; the south says it in its own words."""
    say, places = texts(language).say, {"so": "{so}", "quay": "{quay}"}
    if language == "vi" and region == "south":
        text = say("voice.south.many", **places) if many else say("voice.south.call", **places)
    else:
        text = say("voice.many", **places) if many else say("voice.call", **places)
    return read_phrase(text)


def phrases_of(order: Order, language: str) -> tuple[Phrase, Phrase]:
    """As this office says them: for one number, and for several."""
    one, many = order.phrases.get(language), order.many.get(language)
    usual = shipped_phrase(language, order.region)
    more = shipped_phrase(language, order.region, many=True)
    return (read_phrase(one) if one else usual), (read_phrase(many) if many else more)


def clip_words(order: Order, language: str) -> dict[str, str]:
    """Every clip that the office needs in a language, with the words to be spoken."""
    phrases = phrases_of(order, language)
    known = words(language, order.region)
    known |= {fragment_clip(part): part for phrase in phrases for part in phrase.fragments}
    return {name: known[name] for name in needed(phrases, language, order.codes, order.counters)}


def lacks(order: Order) -> tuple[Lack, ...]:
    """What is missing, by the names of the files alone."""
    return _no_folder(order) + tuple(
        lack for language in order.languages for lack in _choose(order, language)[1]
    )


def _no_folder(order: Order) -> tuple[Lack, ...]:
    if order.folder is None or order.folder.is_dir():
        return ()
    return (Lack("voice_folder", "", (str(order.folder),)),)


def shipped_share(order: Order, language: str) -> tuple[int, int]:
    """How many of the clips that the office needs are not its own, and of how many."""
    wanted = clip_words(order, language)
    own = _listed(order.folder / language) if order.folder is not None else set()
    return sum(name not in own for name in wanted), len(wanted)


def missing_words(order: Order, language: str) -> dict[str, str]:
    """Of the clips that the office needs those that are nowhere, with their words."""
    there = {name for place in _places(order, language) for name in _listed(place)}
    return {name: told for name, told in clip_words(order, language).items() if name not in there}


def load(order: Order) -> tuple[tuple[Voice, ...], tuple[Lack, ...]]:
    """The voices of the languages that can be spoken, in order, and what they do without."""
    voices: list[Voice] = []
    told = list(_no_folder(order))
    for language in order.languages:
        chosen, missing = _choose(order, language)
        told += missing
        if chosen is None:
            continue
        (phrase, many), names = chosen
        clips, damaged = _read_all(order, language, names)
        if damaged:
            told.append(Lack("voice_clips", language, damaged))
        if not clips.keys() >= set(names):
            mute = tuple(name for name in names if name not in clips)
            told.append(Lack("voice_mute", language, mute))
            continue
        voices.append(Voice(language, phrase, many, clips, order.region))
    return tuple(voices), tuple(told)


def _choose(
    order: Order, language: str
) -> tuple[tuple[tuple[Phrase, Phrase], tuple[str, ...]] | None, tuple[Lack, ...]]:
    """The phrases that can be said, with the names of all their clips; None where none can."""
    wanted = phrases_of(order, language)
    told: list[Lack] = []
    usual = (
        shipped_phrase(language, order.region),
        shipped_phrase(language, order.region, many=True),
    )
    there = {name for place in _places(order, language) for name in _listed(place)}
    said: list[Phrase] = []
    without: dict[str, None] = {}
    for phrase, shipped in zip(wanted, usual, strict=True):
        missing = [part for part in phrase.fragments if fragment_clip(part) not in there]
        without |= dict.fromkeys(missing)
        said.append(shipped if missing else phrase)
    if without and {fragment_clip(part) for each in usual for part in each.fragments} <= there:
        told.append(Lack("voice_words", language, tuple(without)))
    names = needed(said, language, order.codes, order.counters)
    if not set(names) <= there:
        known = clip_words(order, language) | {
            fragment_clip(part): part for phrase in said for part in phrase.fragments
        }
        absent = tuple(known[name] for name in names if name not in there)
        return None, (*told, Lack("voice_mute", language, absent))
    return ((said[0], said[1]), names), tuple(told)


def _places(order: Order, language: str) -> Iterator[Traversable | Path]:
    """Where clips are looked for, the best place first."""
    if order.folder is not None:
        yield order.folder / language
    shipped = files("assets") / "voice" / language
    if language == "vi" and order.region != NORTH:
        yield shipped / order.region
    yield shipped


def _listed(place: Traversable | Path) -> set[str]:
    try:
        return {
            one.name.removesuffix(".wav") for one in place.iterdir() if one.name.endswith(".wav")
        }
    except OSError:
        return set()


def _read_all(
    order: Order, language: str, names: Sequence[str]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The clips, and the files of the office's own that cannot be used."""
    clips: dict[str, bytes] = {}
    damaged: list[str] = []
    own = order.folder / language if order.folder is not None else None
    for place in _places(order, language):
        there = _listed(place)
        for name in names:
            if name in clips or name not in there:
                continue
            try:
                clips[name] = _read(place / f"{name}.wav", own=place == own)
            except (OSError, ValueError):
                damaged.append(f"{language}/{name}.wav")
    return clips, tuple(damaged)


def _read(file: Any, *, own: bool) -> bytes:
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError("long")
    samples, rate = read_wav(data)
    there = resampled(samples, rate)
    # The shipped ones are level; those of a person may come from anywhere.
    return to_bytes(levelled(there) if own else there)
