from __future__ import annotations

import os
import queue
import random
import tty
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanner import Framer, SerialScanner, Wedge
from kiosk.scans import MAX_FRAME, DossierScan, Unreadable, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = b"H57.132-260804-0583"
OTHER = b"H57.132-260804-0584"
DEADLINE = 30.0


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\x03\r\n", b"\x04"])
def test_a_frame_ends_at_every_terminator_in_use(end: bytes) -> None:
    assert Framer().feed(CODE + end, 1.0) == [CODE]


def test_a_start_sign_begins_a_frame_and_is_not_part_of_it() -> None:
    assert Framer().feed(b"\x02" + CODE + b"\x03\x02" + OTHER + b"\x03", 1.0) == [CODE, OTHER]


@given(st.lists(st.integers(1, 40), max_size=20))
def test_frames_do_not_depend_on_how_the_bytes_arrive(cuts: list[int]) -> None:
    line, framer, frames, at = CODE + b"\r\n" + OTHER + b"\r\n", Framer(), [], 0
    for cut in [*cuts, len(line)]:
        frames += framer.feed(line[at : at + cut], 1.0)
        at += cut
    assert frames == [CODE, OTHER]


def test_a_scanner_without_a_terminator_is_heard_once_it_falls_silent() -> None:
    framer = Framer()
    assert framer.feed(CODE, 1.0) == []
    assert framer.tick(1.09) == []
    assert framer.tick(1.11) == [CODE]
    assert framer.tick(9.0) == []


def test_silence_between_two_frames_parts_them() -> None:
    framer = Framer()
    assert framer.feed(CODE, 1.0) == []
    assert framer.feed(OTHER + b"\r", 1.2) == [CODE, OTHER]


def test_noise_is_one_unreadable_frame_and_the_next_code_is_read() -> None:
    framer = Framer()
    frames = framer.feed(b"x" * 10_000, 1.0)
    assert [parse(frame) for frame in frames] == [Unreadable("too_long")]
    assert framer.feed(b"x" * 10_000, 1.01) == []
    assert framer.feed(b"\r" + CODE + b"\r", 1.02) == [CODE]


def test_silence_ends_noise_too() -> None:
    framer = Framer()
    assert len(framer.feed(b"x" * 600, 1.0)) == 1
    assert framer.feed(CODE + b"\r", 1.2) == [CODE]


@given(st.lists(st.binary(max_size=700), max_size=8))
def test_no_frame_is_empty_or_longer_than_one_byte_too_many(chunks: list[bytes]) -> None:
    framer = Framer()
    frames = [frame for n, chunk in enumerate(chunks) for frame in framer.feed(chunk, n / 50)]
    assert all(0 < len(frame) <= MAX_FRAME + 1 for frame in frames)


def test_a_code_that_keeps_coming_is_one_scan() -> None:
    framer = Framer()
    seen = [framer.feed(CODE + b"\r", at) for at in (1.0, 1.4, 2.5, 3.9)]
    assert seen == [[CODE], [], [], []]
    assert framer.feed(OTHER + b"\r", 4.0) == [OTHER]
    assert framer.feed(CODE + b"\r", 4.1) == [CODE]
    assert framer.feed(CODE + b"\r", 5.7) == [CODE]


def _type(wedge: Wedge, text: str, start: float, apart: float) -> list[bytes]:
    frames = [wedge.key(key, start + n * apart) for n, key in enumerate(text)]
    return [frame for frame in frames if frame is not None]


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_fast_keys_that_end_in_enter_or_tab_are_a_scan(end: str) -> None:
    assert _type(Wedge(), CODE.decode() + end, 5.0, 0.02) == [CODE]


def test_a_person_who_types_is_no_scanner() -> None:
    assert _type(Wedge(), CODE.decode() + "\r", 5.0, 0.12) == []
    assert _type(Wedge(), "12345\r", 5.0, 0.01) == []


def test_a_slow_key_before_the_scan_is_not_part_of_it() -> None:
    wedge = Wedge()
    assert wedge.key("q", 4.0) is None
    assert _type(wedge, CODE.decode() + "\r", 5.0, 0.02) == [CODE]


def test_shift_keys_between_count_for_nothing() -> None:
    wedge = Wedge()
    for n, letter in enumerate("ABCDEFG"):
        wedge.key("", 1 + n * 0.02)
        wedge.key(letter, 1 + n * 0.02)
    assert wedge.key("\r", 1.14) == b"ABCDEFG"


def test_ten_thousand_keys_are_one_unreadable_scan() -> None:
    frames = _type(Wedge(), "é" * 10_000 + "\r", 1.0, 0.001)
    assert [parse(frame) for frame in frames] == [Unreadable("too_long")]


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 1)), max_size=40))
def test_no_keys_ever_raise(keys: list[tuple[str, float]]) -> None:
    wedge, now = Wedge(), 0.0
    for text, pause in keys:
        now += pause
        wedge.key(text, now)


class Bench:
    """A desk with a socket: scanners (ptys) are plugged in and out behind one device name."""

    def __init__(self, device: Path) -> None:
        self.device = device
        self.frames: queue.Queue[bytes] = queue.Queue()
        self.health: queue.Queue[tuple[str, str]] = queue.Queue()
        self.scanner = SerialScanner(
            str(device),
            9600,
            self.frames.put,
            lambda state, reason: self.health.put((state, reason)),
            retry_seconds=(0.01, 0.02),
        )
        self._ends: list[int] = []

    def plug(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        self._ends = [master, slave]
        self.device.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        self.device.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = []

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._ends[0], data) :]

    def frame(self) -> bytes:
        return self.frames.get(timeout=DEADLINE)

    def state(self) -> tuple[str, str]:
        return self.health.get(timeout=DEADLINE)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "scanner")
    yield bench
    bench.scanner.stop()
    bench.unplug()


def test_codes_from_a_serial_line_arrive_whole(bench: Bench) -> None:
    bench.plug()
    bench.scanner.start()
    assert bench.state() == ("ok", "")
    bench.send(b"]C0" + CODE + b"\r")
    assert parse(bench.frame()) == DossierScan(CODE.decode(), certain=True)
    bench.send(b"\n\x02" + OTHER[:7])
    bench.send(OTHER[7:] + b"\x03\r\n")
    assert bench.frame() == OTHER
    bench.send(CODE)
    assert bench.frame() == CODE


def test_noise_on_the_line_loses_no_later_code(bench: Bench) -> None:
    bench.plug()
    bench.scanner.start()
    assert bench.state() == ("ok", "")
    bench.send(random.Random(7).randbytes(10_000) + b"\r" + CODE + b"\r")
    while bench.frame() != CODE:
        pass
    bench.send(CODE + b"\r" + OTHER + b"\r")
    assert bench.frame() == OTHER


def test_a_scanner_may_be_absent_and_may_come_and_go(bench: Bench) -> None:
    bench.scanner.start()
    assert bench.state() == ("fault", "unplugged")
    for code in (CODE, OTHER):
        bench.plug()
        assert bench.state() == ("ok", "")
        bench.send(code + b"\r")
        assert bench.frame() == code
        bench.unplug()
        assert bench.state() == ("fault", "unplugged")
    assert bench.health.empty()


def test_a_device_that_is_no_serial_line_is_a_fault_and_no_crash(bench: Bench) -> None:
    bench.device.write_text("no line")
    bench.scanner.start()
    assert bench.state() == ("fault", "unplugged")
    bench.device.unlink()
    bench.plug()
    assert bench.state() == ("ok", "")


def test_a_scanner_that_was_never_started_stops_as_well(bench: Bench) -> None:
    bench.scanner.stop()
