"""Pictures and commands as ESC/POS bytes.

The raster header, packing and strips are ours (GS v 0: 1d 76 30 00 xL xH yL yH, 1 is black, 8 dots
a byte); every other command is put together from python-escpos's constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escpos.constants import GS, HW_INIT, RT_STATUS, S_RASTER_N, TXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL import Image

STRIP_ROWS = 128
"""Rows sent at once; buffers of cheap printers overflow above 128 to 256."""
WIDEST = 72
"""Bytes in a row of 80 mm paper."""
GAP_ROWS = 8
"""Blank rows from which on they are fed instead of sent."""
TOKEN_LENGTH = 4

CENTRE: bytes = TXT_STYLE["align"]["center"]
CUT: bytes = GS + b"VB\x00"
"""Feeds to the cutter and cuts; a printer without one feeds to the tear bar."""
PAPER_QUERY: bytes = GS + b"r\x01"
RESTART: bytes = bytes(STRIP_ROWS * WIDEST) + HW_INIT + CUT
"""Ends whatever was interrupted: white dots for a strip that was cut short, which are nothing to a
printer that waits for a command; then what half a slip there is gets cut off."""
STATUS_QUERIES = (1, 2, 3, 4)

_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def encode(pictures: Iterable[Image.Image]) -> bytes:
    """The bytes that print each picture and cut after it."""
    start: bytes = HW_INIT + CENTRE
    return start + b"".join(b"".join(_strips(one)) + CUT for one in pictures)


def ask(query: int) -> bytes:
    """DLE EOT 1 to 4, which a printer answers at once, whatever it is doing."""
    command: bytes = RT_STATUS + bytes([query])
    return command


def fence(token: bytes) -> bytes:
    """Asks to be told when everything before it is done.

    GS ( H echoes ``token`` (four printable characters) when printing has ended; GS r, which nearly
    every printer knows, waits its turn in the same queue.
    """
    echo: bytes = GS + b"(H" + bytes([2 + TOKEN_LENGTH, 0]) + b"00" + token
    return echo + PAPER_QUERY


def _strips(picture: Image.Image) -> Iterator[bytes]:
    across = (picture.width + 7) // 8
    packed = picture.tobytes("raw", "1;I")
    rows = [packed[start : start + across] for start in range(0, len(packed), across)]
    for first, end, blank in _bands([not row.strip(b"\0") for row in rows]):
        for start in range(first, end, STRIP_ROWS):
            strip = rows[start : min(end, start + STRIP_ROWS)]
            yield _raster([b"\0"] * len(strip) if blank else _trimmed(strip))


def _bands(blanks: list[bool]) -> Iterator[tuple[int, int, bool]]:
    """Stretches of rows as (first, end, blank); a short blank one stays with what it stands in."""
    first = 0
    row = 0
    while row < len(blanks):
        end = row
        while end < len(blanks) and blanks[end]:
            end += 1
        if end - row >= GAP_ROWS:
            if first < row:
                yield first, row, False
            yield row, end, True
            first = end
        row = max(end, row + 1)
    if first < len(blanks):
        yield first, len(blanks), False


def _trimmed(rows: list[bytes]) -> list[bytes]:
    """The rows without what is blank on both sides: the printer centres what is left."""
    across = len(rows[0])
    left = min(across - len(row.lstrip(b"\0")) for row in rows)
    right = min(across - len(row.rstrip(b"\0")) for row in rows)
    side = min(left, right, (across - 1) // 2)
    return [row[side : across - side] for row in rows]


def _raster(rows: list[bytes]) -> bytes:
    header = len(rows[0]).to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    command: bytes = S_RASTER_N + header
    return command + _without_real_time(b"".join(rows))


def _without_real_time(data: bytes) -> bytes:
    """``data`` with a dot added wherever a printer would see a real-time command.

    Printers run 10 04, 10 05 and 10 14 even inside a picture. 10 is one lone dot, so it is a
    letter's edge and never part of a bar or a module; the dot beside it is darkened. That ends the
    search at once, as 18 starts no command and ends none.
    """
    if not any(command in data for command in _REAL_TIME):
        return data
    safe = data
    for command in _REAL_TIME:
        safe = safe.replace(command, b"\x18" + command[1:])
    return safe
