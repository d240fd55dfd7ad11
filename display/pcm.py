"""Sound as numbers: WAV files in, the hall's PCM out (16-bit mono, ``display.chime.RATE``).

Samples are ``array("h")`` or bytes of little-endian 16-bit values; rates are samples a second.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from functools import cache
from operator import mul
from typing import Final

from display.chime import RATE

LARGEST: Final = 32767
SIDE_TAPS: Final = 8
"""Half the length of the resampling filter, in samples of the lower rate."""
KAISER: Final = 8.0
"""The window of that filter: images and aliases at least 80 dB down."""
PASS: Final = 0.92
"""The share of the band that is kept where the rate falls; where it rises all of it is."""
RATES: Final = (4000, 384_000)

INTEGERS, FLOATS, EXTENSIBLE = 1, 3, 0xFFFE


def read_wav(data: bytes) -> tuple[array[int], int]:
    """The samples of a WAV file, its channels mixed into one, and their rate.

    Takes whole numbers of 8 to 32 bits and floats, and files of programs that did not know their
    length yet; ValueError with "form" (no WAV), "coding" or "empty" otherwise.
    """
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("form")
    at, form = 12, b""
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = body
        elif name == b"data":
            return _decoded(form, body)
        at += 8 + size + size % 2
    raise ValueError("empty" if form else "form")


def _decoded(form: bytes, body: bytes) -> tuple[array[int], int]:
    if len(form) < 16:
        raise ValueError("form")
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if coding == EXTENSIBLE and len(form) >= 26:
        coding = int.from_bytes(form[24:26], "little")
    if not RATES[0] <= rate <= RATES[1] or not 1 <= channels <= 8:
        raise ValueError("coding")
    samples = _whole(body, coding, bits)
    if channels > 1:
        whole = len(samples) - len(samples) % channels
        tracks = [samples[channel:whole:channels] for channel in range(channels)]
        samples = array("h", [round(sum(at) / channels) for at in zip(*tracks, strict=True)])
    if not samples:
        raise ValueError("empty")
    return samples, rate


def _whole(body: bytes, coding: int, bits: int) -> array[int]:
    width = bits // 8
    body = body[: len(body) - len(body) % width] if width else b""
    if (coding, bits) == (INTEGERS, 16):
        return from_bytes(body)
    if (coding, bits) == (INTEGERS, 8):
        return array("h", [(value - 128) * 256 for value in body])
    if coding == INTEGERS and bits in (24, 32):
        found = bytearray(len(body) // width * 2)
        found[0::2], found[1::2] = body[width - 2 :: width], body[width - 1 :: width]
        return from_bytes(bytes(found))
    if (coding, bits) == (FLOATS, 32):
        values = struct.unpack(f"<{len(body) // 4}f", body)
        return clipped([value * LARGEST if math.isfinite(value) else 0.0 for value in values])
    raise ValueError("coding")


def wav(samples: array[int], rate: int = RATE) -> bytes:
    """A whole WAV file of 16 bits."""
    body = to_bytes(samples)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, INTEGERS, 1, rate, 2 * rate, 2, 16)
    size = struct.pack("<I", 4 + len(form) + 8 + len(body))
    return b"RIFF" + size + b"WAVE" + form + b"data" + struct.pack("<I", len(body)) + body


def from_bytes(pcm: bytes) -> array[int]:
    samples = array("h", pcm[: len(pcm) - len(pcm) % 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def to_bytes(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


def clipped(values: list[float]) -> array[int]:
    """Rounded to whole samples; what is too loud stands at the largest."""
    try:
        return array("h", map(round, values))
    except OverflowError:
        return array("h", [round(max(-LARGEST, min(LARGEST, value))) for value in values])


def resampled(samples: array[int], rate: int, to: int = RATE) -> array[int]:
    """The same sound at another rate: a windowed sinc for each of the phases between samples."""
    if rate == to or not samples:
        return samples
    divisor = math.gcd(rate, to)
    up, down = to // divisor, rate // divisor
    side = math.ceil(SIDE_TAPS * max(1.0, rate / to))
    length = len(samples) * up // down
    nothing = array("h", bytes(2 * side))
    padded = nothing + samples + nothing + array("h", bytes(2 * down))
    found = [0.0] * length
    for phase in range(min(up, length)):
        first, between = divmod(phase * down, up)
        taps = _taps(between, up, side, min(1.0, to / rate))
        count = len(range(phase, length, up))
        rows = [padded[first + 1 + n :: down][:count] for n in range(2 * side)]
        if between == 0 and rate < to:
            # At a sample the weights are 1 and 0: what was there stays.
            found[phase::up] = rows[side - 1]
        elif len(taps) == 2 * SIDE_TAPS:
            found[phase::up] = _weighed(taps, rows)
        else:
            found[phase::up] = [sum(map(mul, taps, window)) for window in zip(*rows, strict=True)]
    return clipped(found)


def _weighed(taps: tuple[float, ...], rows: list[array[int]]) -> list[float]:
    """The sums written out: four times as fast, and the rates of engines come this way."""
    k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, ka, kb, kc, kd, ke, kf = taps
    return [
        k0 * r0 + k1 * r1 + k2 * r2 + k3 * r3 + k4 * r4 + k5 * r5 + k6 * r6 + k7 * r7
        + k8 * r8 + k9 * r9 + ka * ra + kb * rb + kc * rc + kd * rd + ke * re + kf * rf
        for r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, ra, rb, rc, rd, re, rf
        in zip(*rows, strict=True)
    ]  # fmt: skip


@cache
def _taps(between: int, up: int, side: int, band: float) -> tuple[float, ...]:
    """Weights of the samples around a point ``between / up`` behind one of them; their sum is 1."""
    cut, at = PASS * band if band < 1 else 1.0, between / up
    weights = []
    for n in range(2 * side):
        x = at - (n - side + 1)
        window = _bessel(KAISER * math.sqrt(max(0.0, 1 - (x / side) ** 2))) / _bessel(KAISER)
        weights.append(window * (math.sin(math.pi * cut * x) / (math.pi * x) if x else cut))
    total = sum(weights)
    return tuple(weight / total for weight in weights)


@cache
def _bessel(x: float) -> float:
    """The modified Bessel function of order 0, by its series."""
    term = total = 1.0
    for k in range(1, 40):
        term *= (x / (2 * k)) ** 2
        total += term
    return total
