"""A clip is one spoken word or phrase: how it is cut out of a recording, made as loud as all
others, and judged.

Levels are in dB of full scale. The *level* of a clip is that of its speech alone: the mean power of
those hundredths of a second that are no pause.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from operator import mul
from typing import Final

from display.chime import RATE
from display.pcm import LARGEST, clipped

LEVEL: Final = -20.0
LEVEL_SPREAD: Final = 0.5
"""How far a clip's level may lie from LEVEL: no two differ by more than 1 dB."""
PEAK: Final = -1.0
HEADROOM: Final = 0.5
"""By how much a limited clip stays below PEAK, so that another rate does not pass it."""
MOST_OFFSET: Final = 0.001
"""Of the mean, in full scale."""
MOST_SILENCE: Final = 0.010
MARGIN: Final = 0.006
"""Seconds that stay before the first sound and behind the last."""
FADE: Final = 0.004
QUIET: Final = -40.0
"""Below a clip's loudest hundredth of a second by this much is silence."""
PAUSE: Final = -25.0
"""Below it by this much is a pause within speech."""
SHORTEST, LONGEST = 0.06, 8.0
WEAK: Final = -45.0
"""A recording whose speech is weaker is mostly the noise of the room when it is raised."""
NOISE: Final = -25.0
"""What is left between and around the words must lie below the speech by this much."""
OVERDRIVEN: Final = 0.002
"""The share of samples at the very top, from which on a recording counts as overdriven."""
KNEE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Measure:
    """``level`` and ``peak`` in dB, ``offset`` in full scale, the rest in seconds."""

    level: float
    peak: float
    offset: float
    head: float
    tail: float
    seconds: float


def measure(samples: array[int], rate: int = RATE) -> Measure:
    """Of a clip without any sound the level is minus infinity and all of it is its head."""
    length = len(samples) / rate
    top = max(map(abs, samples), default=0)
    if not top:
        return Measure(-math.inf, -math.inf, 0.0, length, 0.0, length)
    first, last = _bounds(samples, rate)
    return Measure(
        level=decibels(math.sqrt(_power(samples, rate)) / LARGEST),
        peak=decibels(top / LARGEST),
        offset=abs(sum(samples) / len(samples)) / LARGEST,
        head=first / rate,
        tail=(len(samples) - last) / rate,
        seconds=length,
    )


def faults(measured: Measure) -> tuple[str, ...]:
    """What a finished clip does not keep: "silent", "level", "peak", "offset", "silence"."""
    if measured.level == -math.inf:
        return ("silent",)
    kept = {
        "level": abs(measured.level - LEVEL) <= LEVEL_SPREAD,
        "peak": measured.peak <= PEAK,
        "offset": measured.offset < MOST_OFFSET,
        "silence": max(measured.head, measured.tail) <= MOST_SILENCE,
    }
    return tuple(name for name, well in kept.items() if not well)


def finished(samples: array[int], rate: int = RATE) -> tuple[array[int], tuple[str, ...]]:
    """A recording as a clip, and what is wrong with the recording.

    Cut to its speech, without a constant part, at LEVEL, no sample above PEAK, its ends faded.
    Wrong may be: "silent", "short", "long", "weak" (too quiet), "overdriven", "noisy". With
    "silent" there is no clip.
    """
    centred = _centred(samples)
    if not any(centred):
        return array("h"), ("silent",)
    wrong = []
    if _share_at_top(samples) > OVERDRIVEN:
        wrong.append("overdriven")
    first, last = _bounds(centred, rate)
    if _is_noisy(centred, rate):
        wrong.append("noisy")
    margin = round(MARGIN * rate)
    cut = centred[max(0, first - margin) : last + margin]
    length = (last - first) / rate
    if not SHORTEST <= length <= LONGEST:
        wrong.append("short" if length < SHORTEST else "long")
    if decibels(math.sqrt(_power(cut, rate)) / LARGEST) < WEAK:
        wrong.append("weak")
    faded = _centred(_faded(_centred(cut), rate))
    return levelled(faded, rate), tuple(wrong)


def levelled(samples: array[int], rate: int = RATE) -> array[int]:
    """At LEVEL, with what would pass PEAK bent below it; unchanged when it is so already."""
    for _ in range(4):
        found = measure(samples, rate)
        if found.level == -math.inf:
            return samples
        if abs(found.level - LEVEL) <= LEVEL_SPREAD / 5 and found.peak <= PEAK:
            return samples
        samples = clipped(_bent(samples, 10 ** ((LEVEL - found.level) / 20)))
    return samples


def decibels(share: float) -> float:
    return 20 * math.log10(share) if share > 0 else -math.inf


def _bent(samples: array[int], gain: float) -> list[float]:
    """Louder by ``gain``; above KNEE more and more gently, so that nothing passes PEAK."""
    top = 10 ** ((PEAK - HEADROOM) / 20)
    if max(map(abs, samples)) * gain <= KNEE * LARGEST:
        return [value * gain for value in samples]
    room = top - KNEE
    found = []
    for value in samples:
        share = abs(value) * gain / LARGEST
        if share > KNEE:
            share = KNEE + room * math.tanh((share - KNEE) / room)
        found.append(math.copysign(share * LARGEST, value))
    return found


def _centred(samples: array[int]) -> array[int]:
    if not samples:
        return samples
    mean = sum(samples) / len(samples)
    return clipped([value - mean for value in samples])


def _faded(samples: array[int], rate: int) -> array[int]:
    count = min(round(FADE * rate), len(samples) // 2)
    found = list(map(float, samples))
    for n in range(count):
        share = 0.5 - 0.5 * math.cos(math.pi * n / count)
        found[n] *= share
        found[-1 - n] *= share
    return clipped(found)


def _frames(samples: array[int], seconds: float, rate: int) -> list[float]:
    """The mean power of each stretch of so many seconds."""
    size = max(1, round(seconds * rate))
    return [
        sum(map(mul, part, part)) / len(part)
        for at in range(0, len(samples), size)
        if (part := samples[at : at + size])
    ]


def _power(samples: array[int], rate: int) -> float:
    frames = _frames(samples, 0.01, rate)
    least = max(frames) * 10 ** (PAUSE / 10)
    speech = [power for power in frames if power >= least]
    return sum(speech) / len(speech)


def _bounds(samples: array[int], rate: int) -> tuple[int, int]:
    """Where the first sound begins and the last one ends, to a thousandth of a second."""
    loudest = max(_frames(samples, 0.01, rate))
    frames = _frames(samples, 0.001, rate)
    size = max(1, round(0.001 * rate))
    heard = [n for n, power in enumerate(frames) if power > loudest * 10 ** (QUIET / 10)]
    return heard[0] * size, min(len(samples), (heard[-1] + 1) * size)


def _share_at_top(samples: array[int]) -> float:
    top = max(map(abs, samples))
    return sum(abs(value) >= top for value in samples) / len(samples) if top > 0.98 * LARGEST else 0


def _is_noisy(samples: array[int], rate: int) -> bool:
    """Whether the quietest tenth of the recording is hardly quieter than its speech; only told of
    recordings with pauses, as a finished clip has none."""
    frames = sorted(_frames(samples, 0.02, rate))
    if len(frames) * 0.02 < 0.8:
        return False
    rest = frames[: max(1, len(frames) // 10)]
    return sum(rest) / len(rest) > _power(samples, rate) * 10 ** (NOISE / 10)
