"""Sounds that tests make, and how loud and how many they are when heard again."""

from __future__ import annotations

import math
from array import array

from display.chime import RATE


def tone(hertz: float, seconds: float, level: float = 0.5, rate: int = RATE) -> array[int]:
    """A sine of this share of full scale, its ends faded."""
    count, fade = round(seconds * rate), rate // 200
    return array(
        "h",
        [
            round(
                32767
                * level
                * min(1.0, n / fade, (count - n) / fade)
                * math.sin(2 * math.pi * hertz * n / rate)
            )
            for n in range(count)
        ],
    )


def bursts(
    samples: array[int], rate: int = RATE, least: int = 300
) -> list[tuple[float, float, int]]:
    """Stretches of sound as (begin, end, peak), where at least 150 ms of quiet lie between."""
    size = rate // 100
    loud = [max(map(abs, samples[at : at + size])) for at in range(0, len(samples), size)]
    found: list[tuple[float, float, int]] = []
    for n, peak in enumerate(loud):
        if peak < least:
            continue
        at = n * size / rate
        if found and at - found[-1][1] < 0.15:
            found[-1] = (found[-1][0], at + 0.01, max(found[-1][2], peak))
        else:
            found.append((at, at + 0.01, peak))
    return found
