"""Pictures and commands as ESC/POS bytes.

The raster header, packing and strips are ours (GS v 0: 1d 76 30 m xL xH yL yH, 1 is black, 8 dots
a byte; m is 0, 2 for rows that are printed twice, or 3 where each dot is printed twice in both
directions, which not every printer can); every other command is put together from
python-escpos's constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escpos.constants import GS, HW_INIT, RT_STATUS, S_RASTER_2H, S_RASTER_N, S_RASTER_Q, TXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL import Image

STRIP_ROWS = 128
"""Rows sent at once; buffers of cheap printers overflow above 128 to 256."""
WIDEST = 72
"""Bytes in a row of 80 mm paper."""
SPLIT_BYTES = 12
"""What a strip of its own must save: more than its header, for a strip costs a printer time too."""
DOUBLE_ROWS = 8
"""Rows from which on those that come twice are sent once and printed in double height."""
TOKEN_LENGTH = 4
FENCE_LENGTH = TOKEN_LENGTH + 10
"""Bytes of ``fence``."""

CENTRE: bytes = TXT_STYLE["align"]["center"]
CUT: bytes = GS + b"VB\x00"
"""Feeds to the cutter and cuts; a printer without one feeds to the tear bar."""
PAPER_QUERY: bytes = GS + b"r\x01"
AUTO_STATUS: bytes = GS + b"a\x0e"
"""Has the printer tell by itself, now and whenever it changes, whether it is on line, has an error,
and has paper."""
RESTART: bytes = bytes(STRIP_ROWS * WIDEST) + HW_INIT + CUT
"""Ends whatever was interrupted: white dots for a strip that was cut short, which are nothing to a
printer that waits for a command; then what half a slip there is gets cut off."""
PAD: bytes = bytes(8)
"""Ends the head of a command that was cut short, before questions can become its sizes."""
STATUS_QUERIES = (1, 2, 3, 4)

_HALVES = bytes(sum((byte >> 2 * place & 1) << place for place in range(4)) for byte in range(256))
"""Each second dot of eight, as four."""
_PAIRS = bytes(byte for byte in range(256) if not (byte ^ byte >> 1) & 0x55)
"""Eight dots of which each comes twice."""
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def encode(pictures: Iterable[Image.Image], *, doubles: bool = False) -> bytes:
    """The bytes that print each picture and cut after it; fewer for a printer that ``doubles``."""
    start: bytes = HW_INIT + CENTRE
    return start + b"".join(b"".join(_strips(one, doubles)) + CUT for one in pictures)


def telling(data: bytes) -> bytes:
    """``data`` with AUTO_STATUS before all that is printed, after the ESC @ that may end it."""
    start = len(HW_INIT) if data.startswith(HW_INIT) else 0
    return data[:start] + AUTO_STATUS + data[start:]


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


def _strips(picture: Image.Image, doubles: bool) -> Iterator[bytes]:
    across = (picture.width + 7) // 8
    packed = picture.tobytes("raw", "1;I")
    rows = [packed[start : start + across] for start in range(0, len(packed), across)]
    widths = [_width(row) for row in rows]
    done = 0
    for first, end in _doubles(rows) if doubles else ():
        yield from _singles(rows, widths, done, first)
        yield from _twice(rows[first:end:2], max(widths[first:end]))
        done = end
    yield from _singles(rows, widths, done, len(rows))


def _width(row: bytes) -> int:
    """Bytes that must be sent of it when the printer centres them; 1 of a blank row."""
    inked = row.rstrip(b"\0")
    if not inked:
        return 1
    return max(1, len(row) - 2 * min(len(row) - len(inked), len(row) - len(row.lstrip(b"\0"))))


def _doubles(rows: list[bytes]) -> Iterator[tuple[int, int]]:
    """Stretches of ink where each row comes twice, as in bars and in modules of even size."""
    first, blank = 0, bytes(len(rows[0]))
    while first < len(rows) - 1:
        end = first
        while end < len(rows) - 1 and rows[end] == rows[end + 1] != blank:
            end += 2
        if end - first >= DOUBLE_ROWS:
            yield first, end
        first = max(end, first + 1)


def _twice(rows: list[bytes], width: int) -> Iterator[bytes]:
    """Strips of rows that are printed twice, and of half their width where each dot comes twice."""
    start, rows = S_RASTER_2H, [_middle(row, width) for row in rows]
    halved = _halved(rows)
    if halved is not None:
        start, rows, width = S_RASTER_Q, halved, width // 2
    for first in range(0, len(rows), STRIP_ROWS // 2):
        yield _raster(start, rows[first : first + STRIP_ROWS // 2], width)


def _halved(rows: list[bytes]) -> list[bytes] | None:
    """The rows with each second dot only; None where a dot does not come twice.

    Nor where that would make a real-time command, for here a dot is a module of a code, and none
    may be added to it.
    """
    if len(rows[0]) % 2 or any(row.translate(None, _PAIRS) for row in rows):
        return None
    halved = [bytes.fromhex(row.translate(_HALVES).hex()[1::2]) for row in rows]
    data = b"".join(halved)
    return None if any(command in data for command in _REAL_TIME) else halved


def _singles(rows: list[bytes], widths: list[int], first: int, end: int) -> Iterator[bytes]:
    """Strips of these rows; neighbours of unlike width are one where a header would cost more."""
    strips: list[tuple[int, int]] = []
    for place in range(first, end):
        height, width = 1, widths[place]
        while strips:
            above, its_width = strips[-1]
            both = max(width, its_width)
            more = above * (both - its_width) + height * (both - width)
            if more > SPLIT_BYTES or above + height > STRIP_ROWS:
                break
            strips.pop()
            height, width = above + height, both
        strips.append((height, width))
    for height, width in strips:
        strip = [_middle(row, width) for row in rows[first : first + height]]
        yield _raster(S_RASTER_N, strip, width)
        first += height


def _middle(row: bytes, width: int) -> bytes:
    side = (len(row) - width) // 2
    return row[side : side + width]


def _raster(start: bytes, rows: list[bytes], width: int) -> bytes:
    data = b"".join(rows)
    header = width.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return start + header + _without_real_time(data)


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
