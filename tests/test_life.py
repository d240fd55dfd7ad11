"""A process ticks for as long as each of its parts beats, and says which one does not."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from kiosk.life import END_SECONDS, SETTLE_SECONDS, START_SECONDS, Life, Restart
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hall import Seconds


@pytest.fixture
def life(seconds: Seconds) -> Life:
    life = Life("web", clock=seconds)
    life.ready()
    return life


def test_a_part_is_late_when_its_beat_stays_away_and_in_time_again_with_the_next(
    life: Life, seconds: Seconds
) -> None:
    with life.part("loop", 10.0) as loop, life.part("store", 60.0):
        seconds.now += 9.0
        assert life.late() is None
        seconds.now += 2.0
        assert life.late() == "loop"
        loop.beat()
        assert life.late() is None
        seconds.now += 55.0
        loop.beat()
        assert life.late() == "store"
    assert life.late() is None


def test_the_first_beat_may_wait_for_a_store_that_is_brought_up_to_date(
    life: Life, seconds: Seconds
) -> None:
    with life.part("store", 60.0, first=1800.0) as store:
        seconds.now += 1700.0
        assert life.late() is None
        store.beat()
        seconds.now += 61.0
        assert life.late() == "store"


def test_work_that_lawfully_takes_long_is_not_late_until_it_stands_still(
    life: Life, seconds: Seconds
) -> None:
    with life.part("import", 30.0) as part:
        with part.at_length(900.0):
            for _ in range(5):
                seconds.now += 800.0
                assert life.late() is None
                part.beat()
            seconds.now += 901.0
            assert life.late() == "import"
        assert life.late() is None
        seconds.now += 31.0
        assert life.late() == "import"


def test_a_start_and_an_end_that_do_not_come_are_late(seconds: Seconds) -> None:
    life = Life("windows", clock=seconds)
    seconds.now += START_SECONDS + 1
    assert life.late() == "start"
    life.ready()
    assert life.late() is None
    life.ends()
    seconds.now += END_SECONDS + 1
    assert life.late() == "end"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Its reading end is closed in the end; the other one is the life's, until the process ends."""
    reads, tells = os.pipe()
    yield reads, tells
    os.close(reads)


def test_the_supervisor_hears_ready_ticks_and_which_part_stands_still(
    pipe: tuple[int, int], seconds: Seconds
) -> None:
    reads, tells = pipe
    os.set_blocking(reads, False)
    heard: list[bytes] = []

    def hears(word: bytes) -> bool:
        with suppress(BlockingIOError):
            heard.extend(os.read(reads, 4096).splitlines())
        return word in heard

    life = Life("web", tells, clock=seconds)
    life.ready()
    until(lambda: hears(b"ready"))
    until(lambda: hears(b"tick"))
    with life.part("loop", 5.0) as loop:
        seconds.now += 6.0
        until(lambda: hears(b"late loop"))
        heard.clear()
        loop.beat()
        until(lambda: hears(b"tick"))


def test_who_was_missed_steps_back_only_when_it_has_settled(
    pipe: tuple[int, int], seconds: Seconds
) -> None:
    _, tells = pipe
    stepped = threading.Event()
    life = Life("web", tells, settled=stepped.set, clock=seconds)
    life.ready()
    assert not stepped.is_set()
    seconds.now += SETTLE_SECONDS
    assert stepped.wait(20)


def test_nobody_waits_for_a_supervisor_that_does_not_listen(seconds: Seconds) -> None:
    reads, tells = os.pipe()
    os.set_blocking(tells, False)
    with suppress(BlockingIOError):
        while True:
            os.write(tells, b"." * 4096)
    life = Life("web", tells, clock=seconds)
    life.ready()
    os.close(reads)


def test_why_a_process_was_started_again_is_told_it_in_one_word() -> None:
    assert Restart.read(str(Restart("hung", 3))) == Restart("hung", 3)
    with pytest.raises(ValueError, match="invalid literal"):
        Restart.read("hung")
