"""The chime before a call: two soft notes, our own synthesis.

``python -m display.chime`` writes the shipped file anew. Sound is 16-bit
mono PCM, 48 000 samples a second, everywhere in the hall.
"""

from __future__ import annotations

import math
import struct
from importlib.resources import files
from pathlib import Path
from typing import Final

RATE: Final = 48_000
BYTES_PER_SAMPLE: Final = 2
SECONDS: Final = 1.1
PEAK_DBFS: Final = -3.0
ATTACK_SECONDS: Final = 0.012
RELEASE_SECONDS: Final = 0.12

# (Hz, start in seconds, seconds until a 1/e of it is left): E5, then C5 a third below.
NOTES: Final = ((659.255, 0.0, 0.24), (523.251, 0.34, 0.30))
# (multiple of the note, share, how much faster it dies away): near a struck bar of wood.
PARTIALS: Final = ((1.0, 1.0, 1.0), (2.0, 0.22, 1.8), (3.0, 0.07, 2.6))


def chime() -> bytes:
    """The chime as PCM; the same bytes each time."""
    wave = [_pressure(n / RATE) for n in range(int(RATE * SECONDS))]
    gain = 32767 * 10 ** (PEAK_DBFS / 20) / max(map(abs, wave))
    return struct.pack(f"<{len(wave)}h", *(round(gain * value) for value in wave))


def header(data_bytes: int) -> bytes:
    """The 44 bytes before the samples of a WAV file."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, 1, RATE,
        RATE * BYTES_PER_SAMPLE, BYTES_PER_SAMPLE, 8 * BYTES_PER_SAMPLE, b"data", data_bytes,
    )  # fmt: skip


def read_chime() -> bytes:
    """The shipped chime as PCM."""
    return (files("assets") / "sounds" / "chime.wav").read_bytes()[len(header(0)) :]


def _pressure(at: float) -> float:
    left = SECONDS - at
    fade = 0.5 - 0.5 * math.cos(math.pi * min(1.0, left / RELEASE_SECONDS))
    return fade * sum(_note(at - start, hertz, decay) for hertz, start, decay in NOTES)


def _note(at: float, hertz: float, decay: float) -> float:
    if at < 0:
        return 0.0
    attack = 0.5 - 0.5 * math.cos(math.pi * min(1.0, at / ATTACK_SECONDS))
    return attack * sum(
        share * math.exp(-at * faster / decay) * math.sin(2 * math.pi * hertz * multiple * at)
        for multiple, share, faster in PARTIALS
    )


def main() -> None:
    pcm = chime()
    target = Path(__file__).resolve().parents[1] / "assets" / "sounds" / "chime.wav"
    target.write_bytes(header(len(pcm)) + pcm)


if __name__ == "__main__":
    main()
