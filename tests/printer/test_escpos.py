from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from printer import escpos
from printer.decode import Decoder, Paper
from printer.raster import draw_slip
from printer.slips import draw
from tests.printer.samples import SLIPS

REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


def printed(data: bytes, dots: int) -> list[Image.Image]:
    decoder = Decoder(dots)
    decoder.feed(data)
    papers = [one.picture for one in decoder.run() if isinstance(one, Paper)]
    assert decoder.junk == 0
    return papers


@st.composite
def pictures(draw_from: st.DrawFn) -> Image.Image:
    across = draw_from(st.integers(1, 6))
    row = st.one_of(
        st.just(bytes(across)),
        st.binary(min_size=across, max_size=across),
        st.lists(
            st.sampled_from([0, 0x10, 0x04, 0x14, 0x05]), min_size=across, max_size=across
        ).map(bytes),
        # Each dot twice, from which halving may make real-time commands.
        st.lists(st.sampled_from([0, 0x03, 0x30, 0x33]), min_size=across, max_size=across).map(
            bytes
        ),
    )
    block = st.tuples(row, st.integers(1, 40)).map(lambda pair: pair[0] * pair[1])
    data = b"".join(draw_from(st.lists(block, min_size=1, max_size=12)))
    return Image.frombytes("1", (across * 8, len(data) // across), data, "raw", "1;I")


def rasters(data: bytes) -> list[tuple[int, int, bytes]]:
    """Width in bytes and rows, both on paper, and data of each strip."""
    found, place = [], data.find(b"\x1dv0")
    while place >= 0:
        wide, high = {0: (1, 1), 2: (1, 2), 3: (2, 2)}[data[place + 3]]
        across = int.from_bytes(data[place + 4 : place + 6], "little")
        rows = int.from_bytes(data[place + 6 : place + 8], "little")
        end = place + 8 + across * rows
        found.append((across * wide, rows * high, data[place + 8 : end]))
        place = end if data[end : end + 3] == b"\x1dv0" else -1
    return found


@given(pictures(), st.booleans())
def test_the_bytes_print_the_picture_or_a_dot_more_where_a_command_would_be_seen(
    picture: Image.Image, doubles: bool
) -> None:
    (paper,) = printed(escpos.encode([picture], doubles=doubles), picture.width)
    wanted = picture.tobytes("raw", "1;I")
    got = paper.tobytes("raw", "1;I")

    assert len(got) == len(wanted)
    assert all(b == a or (a == 0x10 and b == 0x18) for a, b in zip(wanted, got, strict=True))


@given(pictures(), st.booleans())
def test_no_picture_holds_a_real_time_command_or_a_strip_too_high_for_small_buffers(
    picture: Image.Image, doubles: bool
) -> None:
    data = escpos.encode([picture], doubles=doubles)
    strips = rasters(data)

    assert not any(command in data for command in REAL_TIME)
    assert sum(rows for _, rows, _ in strips) == picture.height
    assert max(rows for _, rows, _ in strips) <= escpos.STRIP_ROWS


@pytest.mark.parametrize("paper_mm", [58, 80])
@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_prints_dot_for_dot_by_either_way_of_sending(name: str, paper_mm: int) -> None:
    kind, data = SLIPS[name]
    (picture,) = draw_slip(draw(kind, data), paper_mm)
    for doubles in (True, False):
        (paper,) = printed(escpos.encode([picture], doubles=doubles), picture.width)

        assert paper.tobytes() == picture.tobytes()


def test_blank_rows_and_blank_sides_cost_next_to_nothing() -> None:
    picture = Image.new("1", (576, 800), 1)
    picture.paste(0, (280, 390, 296, 410))

    data = escpos.encode([picture])

    assert len(data) < 800 + 20 * 2 + 200
    assert {across for across, _, _ in rasters(data)} == {1, 2}


WORST = {"ticket-noted-en": 28_800, "ticket-long": 30_600, "ticket-large": 39_000}
"""All that a ticket can say, in English; the longest names; the largest letters that an office may
choose. 28.8 kB take 2.5 s at 115200 baud."""


@pytest.mark.parametrize("name", [name for name, (kind, _) in SLIPS.items() if kind == "ticket"])
def test_a_ticket_is_at_most_24_kilobytes_the_worst_a_few_more_and_58_mm_take_less(
    name: str,
) -> None:
    kind, sample = SLIPS[name]
    wide, narrow = (
        len(escpos.encode(draw_slip(draw(kind, sample), paper_mm), doubles=True))
        for paper_mm in (80, 58)
    )

    assert narrow <= wide <= WORST.get(name, 24_000)


def test_bars_are_sent_once_for_every_two_rows_and_once_for_two_dots_of_a_pair() -> None:
    blank = bytes(72)
    for row, sent in ((b"\xf3\x3c" * 36, 36), (b"\xf3\x3d" * 36, 72)):
        picture = Image.frombytes("1", (576, 117), row * 97 + blank * 20, "raw", "1;I")
        strips = rasters(escpos.encode([picture], doubles=True))

        assert [(across, rows) for across, rows, _ in strips] == [(72, 96), (72, 1), (1, 20)]
        assert [len(data) for _, _, data in strips] == [48 * sent, 72, 20]


def test_a_module_is_never_darkened_for_what_halving_would_make_of_it() -> None:
    row = bytes.fromhex("03000030") + bytes(68)
    picture = Image.frombytes("1", (576, 40), row * 40, "raw", "1;I")
    (paper,) = printed(escpos.encode([picture], doubles=True), 576)

    assert paper.tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("mode", "row"), [(0, b"\x00\xa0\x00"), (1, b"\xcc\x00"), (2, b"\x00\xa0\x00")]
)
def test_dots_of_double_size_are_put_together_as_a_printer_does(mode: int, row: bytes) -> None:
    data = b"\x1ba\x01\x1dv0" + bytes([mode, 1, 0, 1, 0]) + b"\xa0" + escpos.CUT
    (paper,) = printed(data, len(row) * 8)

    assert paper.tobytes("raw", "1;I") == row * (2 if mode & 2 else 1)


TICKET = draw_slip(draw(*SLIPS["ticket-vi"]), 80)
SENT = escpos.encode(TICKET, doubles=True) + escpos.fence(b"P001")


@given(st.integers(1, len(SENT) - 1))
def test_after_a_slip_that_was_cut_short_anywhere_the_next_one_is_whole(sent: int) -> None:
    asked = b"".join(escpos.ask(query) for query in escpos.STATUS_QUERIES)
    restarted = SENT[:sent] + escpos.PAD + asked * 3 + escpos.RESTART
    (*half, whole) = printed(restarted + escpos.encode(TICKET), 576)

    assert whole.tobytes() == TICKET[0].tobytes()
    assert len(half) <= 1


def test_each_piece_of_paper_is_cut() -> None:
    first = Image.new("1", (384, 20), 0)
    second = Image.new("1", (384, 30), 0)

    assert [one.height for one in printed(escpos.encode([first, second]), 384)] == [20, 30]


def test_the_fence_is_the_echo_and_the_paper_query_together() -> None:
    assert escpos.fence(b"P001") == b"\x1d(H\x06\x0000P001" + b"\x1dr\x01"
    assert [escpos.ask(n) for n in escpos.STATUS_QUERIES] == [
        b"\x10\x04\x01",
        b"\x10\x04\x02",
        b"\x10\x04\x03",
        b"\x10\x04\x04",
    ]
