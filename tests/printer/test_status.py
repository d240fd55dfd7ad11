from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.status import (
    OK,
    PAPER_LOW,
    AutoStatus,
    Echo,
    Flow,
    Identity,
    PaperSensor,
    Parser,
    PrinterStatus,
    RealTime,
    Reason,
    Setting,
    fault,
    judge,
    judge_auto,
)

NOISE = st.lists(st.sampled_from([0x80, 0x91, 0xA0, 0xFF, 0xC3, 0x01, 0x02, 0x08])).map(bytes)
TOKENS = st.binary(min_size=4, max_size=4).map(lambda raw: bytes(0x21 + b % 94 for b in raw))


@pytest.mark.parametrize(
    ("data", "replies"),
    [
        (b"\x16\x12\x12\x12", (RealTime(0x16), RealTime(0x12), RealTime(0x12), RealTime(0x12))),
        (b"\x1e\x32\x7e", (RealTime(0x1E), RealTime(0x32), RealTime(0x7E))),
        (b"\x00", (PaperSensor(0x00),)),
        (b"\x0f", (PaperSensor(0x0F),)),
        (b"\x37\x22P001\x00", (Echo(b"P001"),)),
        (b"\x37\x22P0\x1301\x11\x00", (Flow(False), Flow(True), Echo(b"P001"))),
        (b"\x14\x00\x00\x00", (AutoStatus(b"\x14\x00\x00\x00"),)),
        (b"\x14\x00\x13\x03\x00", (Flow(False), AutoStatus(b"\x14\x00\x03\x00"))),
        (b"_TM-T20III\x00", (Identity(b"TM-T20III"),)),
        (b"\x37\x273\x1f6\x00", (Setting(3, b"6"),)),
        (b"\x37\x27\x113\x80\x12", (Flow(True), RealTime(0x12))),
        (b"\x37\x22P0\x12", (RealTime(0x12),)),
        (b"\x37\x16", (RealTime(0x16),)),
        (b"\x14\x00\x12", (RealTime(0x12),)),
        (b"\xff\x80\x01\x12", (RealTime(0x12),)),
    ],
)
def test_each_answer_is_known_by_its_fixed_bits(data: bytes, replies: tuple[object, ...]) -> None:
    assert Parser().feed(data) == replies


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), max_size=20))
def test_it_does_not_matter_where_the_bytes_are_cut(data: bytes, sizes: list[int]) -> None:
    pieces, rest = [], data
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    parser = Parser()
    replies = [reply for piece in (*pieces, rest) for reply in parser.feed(piece)]

    assert tuple(replies) == Parser().feed(data)


@given(NOISE, TOKENS, NOISE)
def test_an_echo_is_heard_through_noise(before: bytes, token: bytes, after: bytes) -> None:
    replies = Parser().feed(before + b"\x37\x22" + token + b"\x00" + after)

    assert Echo(token) in replies


@given(st.binary(max_size=200))
def test_after_any_noise_a_hundred_bytes_on_the_parser_hears_again(noise: bytes) -> None:
    parser = Parser()
    parser.feed(noise)
    parser.feed(b"\x80" * 2)

    assert parser.feed(b"\x37\x22P001\x00") == (Echo(b"P001"),)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((0x16, 0x12, 0x12, 0x12), OK),
        ((0x12, 0x12, 0x12, 0x12), OK),
        ((0x16, 0x12, 0x12, 0x1E), PAPER_LOW),
        ((0x1E, 0x32, 0x12, 0x7E), fault(Reason.PAPER_OUT)),
        ((0x16, 0x12, 0x12, 0x72), fault(Reason.PAPER_OUT)),
        ((0x1E, 0x16, 0x12, 0x12), fault(Reason.COVER_OPEN)),
        ((0x1E, 0x36, 0x12, 0x7E), fault(Reason.COVER_OPEN)),
        ((0x1E, 0x52, 0x1A, 0x12), fault(Reason.CUTTER)),
        ((0x1E, 0x52, 0x52, 0x12), fault(Reason.OVERHEATED)),
        ((0x1E, 0x52, 0x32, 0x12), fault(Reason.ERROR)),
        ((0x1E, 0x12, 0x12, 0x12), fault(Reason.ERROR)),
    ],
)
def test_the_worst_cause_names_the_state(
    answers: tuple[int, int, int, int], status: PrinterStatus
) -> None:
    assert judge(*answers) == status


@pytest.mark.parametrize(
    ("bits", "status"),
    [
        (b"\x14\x00\x00\x00", OK),
        (b"\x10\x00\x00\x0f", OK),
        (b"\x14\x00\x03\x00", PAPER_LOW),
        (b"\x1c\x00\x0f\x00", fault(Reason.PAPER_OUT)),
        (b"\x14\x00\x0c\x00", fault(Reason.PAPER_OUT)),
        (b"\x3c\x00\x00\x00", fault(Reason.COVER_OPEN)),
        (b"\x3c\x00\x0f\x00", fault(Reason.COVER_OPEN)),
        (b"\x1c\x08\x00\x00", fault(Reason.CUTTER)),
        (b"\x1c\x40\x00\x00", fault(Reason.OVERHEATED)),
        (b"\x1c\x20\x00\x00", fault(Reason.ERROR)),
        (b"\x1c\x04\x03\x00", fault(Reason.ERROR)),
        (b"\x1c\x00\x00\x00", fault(Reason.ERROR)),
    ],
)
def test_what_it_tells_by_itself_names_the_same_states(bits: bytes, status: PrinterStatus) -> None:
    assert judge_auto(bits) == status


ASB = b"\x1c\x00\x0f\x00"


@given(st.lists(st.sampled_from([b"\x12", b"\x7e", b"\x0f", b"\x37\x22P001\x00", ASB]), max_size=9))
def test_what_it_tells_by_itself_is_never_taken_for_an_answer(said: list[bytes]) -> None:
    kinds = {b"\x12": RealTime(0x12), b"\x7e": RealTime(0x7E), b"\x0f": PaperSensor(0x0F)}
    meant = {**kinds, b"\x37\x22P001\x00": Echo(b"P001"), ASB: AutoStatus(ASB)}

    assert Parser().feed(b"".join(said)) == tuple(meant[one] for one in said)
