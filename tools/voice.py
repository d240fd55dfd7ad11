"""Makes the voices that ship, with espeak-ng, when words or their sound were changed.

python -m tools.voice            writes assets/voice anew
python -m tools.voice --check    says whether all clips of all words are there and as they must be
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from display.clips import faults, measure
from display.engines import REGIONS, WORDS_PER_MINUTE, espeak
from display.numbers import NORTH, words
from display.pcm import read_wav
from display.recording import STORED_RATE, from_engine
from display.speech import fragment_clip
from display.voices import shipped_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1] / "assets" / "voice"
LANGUAGES: Final = (("vi", REGIONS), ("en", (NORTH,)))
SPEEDS: Final = (WORDS_PER_MINUTE, 120, 90)
"""Words per minute; espeak-ng says some short words too fast to be caught, so these are slower."""
SHORTEST: Final = 0.2


def shipped(language: str, region: str) -> dict[str, str]:
    """Every clip of a voice, with its words."""
    phrases = [shipped_phrase(language, region, many=many) for many in (False, True)]
    parts = {fragment_clip(part): part for phrase in phrases for part in phrase.fragments}
    return {**words(language, region), **parts}


def folder(language: str, region: str) -> Path:
    return ROOT / language if region == NORTH else ROOT / language / region


def make(language: str, region: str) -> Iterator[str]:
    where, wanted = folder(language, region), shipped(language, region)
    for speed in SPEEDS:
        all_made = list(from_engine(wanted, espeak(language, region, speed), where))
        for made in all_made:
            if made.wrong:
                yield f"{language} {region} {made.name} ({made.words}): {', '.join(made.wrong)}"
        wanted = {made.name: made.words for made in all_made if made.seconds < SHORTEST}
    for path in sorted(where.glob("*.wav")):
        if path.stem not in shipped(language, region):
            path.unlink()


def check(language: str, region: str) -> Iterator[str]:
    there = {path.stem: path for path in folder(language, region).glob("*.wav")}
    wanted = shipped(language, region)
    for name in sorted(wanted.keys() ^ there.keys()):
        yield f"{language} {region} {name}: {'missing' if name in wanted else 'said nowhere'}"
    for name, path in sorted(there.items()):
        samples, rate = read_wav(path.read_bytes())
        wrong = [*faults(measure(samples, rate)), *(["rate"] if rate != STORED_RATE else [])]
        if wrong:
            yield f"{language} {region} {name}: {', '.join(wrong)}"


def main(arguments: list[str]) -> int:
    work = check if arguments == ["--check"] else make
    problems = [
        problem
        for language, regions in LANGUAGES
        for region in regions
        for problem in work(language, region)
    ]
    print("\n".join(problems) or "the voices are whole")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
