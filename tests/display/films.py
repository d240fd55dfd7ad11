"""Small real videos, written by hand: motion JPEG in an AVI file."""

from __future__ import annotations

import io
import os
import struct
import time
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

COLOURS = ("#0B5D3B", "#B3152B", "#FFD54A")


def film(
    path: Path,
    seconds: float = 1.0,
    size: tuple[int, int] = (160, 90),
    fps: int = 10,
    *,
    aged: bool = True,
) -> None:
    """Writes a video that has one colour of ``COLOURS`` after another; one that is ``aged`` is not
    taken for a file that is still being copied."""
    frames = []
    for n in range(round(seconds * fps)):
        told = io.BytesIO()
        Image.new("RGB", size, COLOURS[n * len(COLOURS) // round(seconds * fps)]).save(told, "JPEG")
        frames.append(told.getvalue())
    path.write_bytes(_avi(frames, size, fps))
    if aged:
        long_ago = time.time() - 60
        os.utime(path, (long_ago, long_ago))


def _avi(frames: list[bytes], size: tuple[int, int], fps: int) -> bytes:
    """As in Microsoft's "AVI RIFF File Reference"."""
    width, height = size
    most = max(map(len, frames))
    head = struct.pack(
        "<14I",
        1_000_000 // fps,
        most * fps,
        0,
        0x10,
        len(frames),
        0,
        1,
        most,
        width,
        height,
        *[0] * 4,
    )
    stream = struct.pack(
        "<4s4sIHHIIIIIIII4H",
        *(
            b"vids",
            b"MJPG",
            0,
            0,
            0,
            0,
            1,
            fps,
            0,
            len(frames),
            most,
            0xFFFFFFFF,
            0,
            0,
            0,
            width,
            height,
        ),
    )
    shape = struct.pack(
        "<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0
    )
    told = _list(
        b"hdrl",
        _chunk(b"avih", head) + _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", shape)),
    )
    pictures = [_chunk(b"00dc", frame) for frame in frames]
    index, at = b"", 4
    for frame, picture in zip(frames, pictures, strict=True):
        index += struct.pack("<4sIII", b"00dc", 0x10, at, len(frame))
        at += len(picture)
    body = told + _list(b"movi", b"".join(pictures)) + _chunk(b"idx1", index)
    return _chunk(b"RIFF", b"AVI " + body)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
