from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.import_words import fold
from kiosk.keypads import frames
from kiosk.keypads.frames import (
    LAST_ADDRESS,
    LONGEST_PAYLOAD,
    LONGEST_TEXT,
    Decoder,
    Frame,
    Kind,
    Mode,
    Show,
    Sign,
    Sound,
    State,
    encode,
)
from kiosk.keypads.showing import ERRORS
from kiosk.presses import Press
from kiosk.texts import languages, texts

PAGE = Path(__file__).parents[2] / "docs" / "keypads.md"
TEXT = st.text(st.sampled_from([*map(chr, range(0x20, 0x7F)), "Đ"]), max_size=LONGEST_PAYLOAD)
HEX4 = st.integers(0, 0xFFFF).map("{:04X}".format)
FRAMES = st.builds(
    Frame,
    st.integers(1, LAST_ADDRESS),
    st.sampled_from("PSOLKH"),
    TEXT,
    st.booleans(),
) | st.builds(Frame, st.integers(1, LAST_ADDRESS), st.just(""), st.just(""), st.just(True))
PRESSES = st.builds(
    Press,
    HEX4,
    st.integers(1, 255),
    HEX4,
    st.sampled_from("NRSMFTPIZ"),
    st.text("0123456789", max_size=12),
    st.integers(0, 99).map(lambda tenths: tenths / 10),
)
SHOWS = st.builds(
    Show,
    HEX4,
    st.sampled_from(State),
    st.integers(0, 255),
    HEX4,
    st.sampled_from(Sound),
    st.booleans(),
    st.sampled_from([" ", *ERRORS.values()]),
    st.integers(0, 999),
    st.text(st.sampled_from([*map(chr, range(0x20, 0x7F)), "Đ"]), max_size=LONGEST_TEXT),
)


def decoded(data: bytes) -> list[Frame]:
    return Decoder().feed(data)


@given(st.lists(FRAMES, max_size=6), st.lists(st.integers(1, 20), max_size=30))
def test_frames_do_not_depend_on_how_the_bytes_arrive(sent: list[Frame], cuts: list[int]) -> None:
    line, decoder, found, at = b"".join(map(encode, sent)), Decoder(), [], 0
    for cut in [*cuts, len(line)]:
        found += decoder.feed(line[at : at + cut])
        at += cut

    assert found == sent
    assert decoder.noise == 0


@given(FRAMES, st.data())
def test_a_frame_with_one_wrong_byte_is_no_other_frame(frame: Frame, data: st.DataObject) -> None:
    whole = bytearray(encode(frame))
    if frame.kind == Kind.IDLE:
        return
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))

    assert [found for found in decoded(bytes(whole)) if found.kind != Kind.IDLE] == []


@given(st.binary(max_size=80), FRAMES)
def test_after_noise_and_a_pause_every_frame_is_found(noise: bytes, frame: Frame) -> None:
    decoder = Decoder()
    decoder.feed(noise)
    decoder.clear()

    assert decoder.feed(encode(frame)) == [frame]


@given(st.binary(max_size=60), FRAMES)
def test_noise_without_a_pause_hides_a_frame_no_longer_than_the_longest(
    noise: bytes, frame: Frame
) -> None:
    found = decoded(noise + encode(frame) + bytes(LONGEST_PAYLOAD + 7))

    assert frame in found or frame.kind == Kind.IDLE


@given(FRAMES, st.data(), FRAMES)
def test_a_frame_that_was_cut_short_hides_no_later_one(
    cut: Frame, data: st.DataObject, frame: Frame
) -> None:
    begun = encode(cut)
    begun = begun[: data.draw(st.integers(0, len(begun) - 1))]

    assert frame in decoded(begun + encode(frame) + bytes(LONGEST_PAYLOAD + 7))


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_whatever_comes_the_decoder_holds_no_more_than_one_frame(chunks: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in chunks:
        for frame in decoder.feed(chunk):
            assert len(frame.payload) <= LONGEST_PAYLOAD
        assert len(decoder._held) < LONGEST_PAYLOAD + 7


@given(PRESSES)
def test_a_press_is_read_as_it_was_sent(press: Press) -> None:
    (frame,) = decoded(encode(frames.pressing(7, press)))

    assert frames.read_press(frame.payload) == press
    assert (frame.address, frame.answers) == (7, True)


@given(SHOWS)
def test_what_a_keypad_shows_is_read_as_it_was_sent(show: Show) -> None:
    (frame,) = decoded(encode(frames.showing(7, show)))

    assert frames.read_show(frame.payload) == show


@given(st.sampled_from(Mode), st.integers(0, 5), st.sampled_from(["", "A001", "ĐKKD10000"]))
def test_what_a_board_shows_is_read_as_it_was_sent(mode: Mode, blink: int, text: str) -> None:
    sign = Sign(mode, blink, text)
    (frame,) = decoded(encode(frames.signing(99, sign)))

    assert frames.read_sign(frame.payload) == sign


@given(TEXT)
def test_a_payload_that_is_none_is_refused_and_never_raises(payload: str) -> None:
    for read, pattern in (
        (frames.read_press, r"[0-9A-F]{6}\d\d[0-9A-F]{4}[A-Z]\d{0,12}"),
        (frames.read_sign, r"[NDPC][0-5].{0,9}"),
        (frames.read_show, r"[0-9A-F]{10}[012][01][CVNPXE][ A-Z]\d{3}.{0,16}"),
    ):
        told = read(payload)
        assert told is None or re.fullmatch(pattern, payload)


def test_a_press_without_a_sequence_is_none() -> None:
    assert frames.read_press("1A2B00000000N") is None


def test_the_checksum_is_the_one_that_its_catalogue_tells() -> None:
    assert frames.checksum(b"123456789") == 0x29B1


def test_every_word_fits_the_display_of_a_keypad_in_every_language() -> None:
    for language in languages():
        words = texts(language).under("keypad.word.")
        assert set(ERRORS) | {"otherwise"} == set(words)
        for key, word in words.items():
            folded = fold(word).upper()
            assert re.fullmatch(rf"[ -~]{{1,{LONGEST_TEXT}}}", folded), (language, key, folded)


EXAMPLES = {
    "The host polls keypad 3": frames.poll(3),
    "Keypad 3 has nothing": Frame(3, Kind.IDLE, answers=True),
    "Keypad 3 has lost its session": Frame(3, Kind.HELLO, answers=True),
    "The host gives it the session 7F3A": frames.opening(3, "7F3A"),
    "Keypad 3 tells its first press, key next": frames.pressing(
        3, Press("7F3A", 1, "0000", "N", "", 0.1)
    ),
    "Keypad 3 tells its second, 12 and transfer": frames.pressing(
        3, Press("7F3A", 2, "9C21", "T", "12", 0.0)
    ),
    "The host acknowledges the first, A001 is called, 4 wait": frames.showing(
        3, Show("7F3A", State.CALLED, 1, "9C21", Sound.DONE, False, " ", 4, "A001")
    ),
    "The host says why the second was not done": frames.showing(
        3,
        Show("7F3A", State.CALLED, 2, "9C21", Sound.ERROR, False, "D", 4, "KHONG CO QUAY DO"),
    ),
    "Number board 3 shows Đ012 and blinks": frames.signing(3, Sign(Mode.NUMBER, 5, "Đ012")),
    "Number board 3 shows dashes": frames.signing(3, Sign(Mode.DASHES)),
}


@pytest.mark.parametrize("what", EXAMPLES)
def test_the_examples_of_the_page_are_what_goes_over_the_line(what: str) -> None:
    page = PAGE.read_text("utf-8")
    row = re.search(rf"(?m)^\| {re.escape(what)} \| `([0-9A-F ]+)` \|$", page)

    assert row, f"docs/keypads.md lacks: | {what} | `{encode(EXAMPLES[what]).hex(' ').upper()}` |"
    assert bytes.fromhex(row[1]) == encode(EXAMPLES[what])
