"""The lane for writes: what waits is committed together, and nobody is told before."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.store import events
from kiosk.web.lanes import MOST_AT_ONCE, ShortLane, WritingLane
from tests.hall import MORNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OFFICE = "H15.50.05"
PATIENCE = 30.0


class Counted(Sqlite):
    """A store that tells how many batches it made, and can lose one at its end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.batches = 0
        self.lose = False

    @contextmanager
    def batch(self) -> Iterator[None]:
        self.batches += 1
        with super().batch():
            yield
            if self.lose:
                raise Unavailable("store_io")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Counted]:
    store = Counted(tmp_path / "kiosk.db")
    store.prepare()
    yield store
    store.close()


def note(store: Sqlite) -> int:
    with store.write() as query:
        return events.append(query, OFFICE, MORNING, "test.noted", actor="test")


def note_and_refuse(store: Sqlite) -> int:
    note(store)
    with store.write() as query:
        events.append(query, OFFICE, MORNING, "test.noted", actor="test")
        raise Refused("closed_hours")


def last(store: Sqlite) -> int:
    with store.read() as query:
        return events.last(query, OFFICE)


def at_once(store: Sqlite, *works: Callable[[], Any]) -> list[Any]:
    """What each work gave or raised, when all came while the lane was busy."""

    async def all_of_them() -> list[Any]:
        lane = WritingLane("test-write", store)
        begun, go = threading.Event(), threading.Event()

        def block() -> None:
            begun.set()
            assert go.wait(PATIENCE)

        with closing(lane):
            first = asyncio.create_task(lane.run(block))
            await asyncio.to_thread(begun.wait, PATIENCE)
            waiting = [asyncio.create_task(lane.run(work)) for work in works]
            await asyncio.sleep(0)
            go.set()
            await first
            return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_a_single_write_is_no_batch(store: Counted) -> None:
    assert at_once(store, lambda: note(store)) == [1]
    assert store.batches == 0


def test_what_waits_is_committed_together_and_in_order(store: Counted) -> None:
    told = at_once(store, *[lambda: note(store)] * 5)

    assert told == [1, 2, 3, 4, 5]
    assert store.batches == 1
    assert last(store) == 5


def test_more_than_a_batch_holds_waits_for_the_next(store: Counted) -> None:
    told = at_once(store, *[lambda: note(store)] * (MOST_AT_ONCE + 2))

    assert told == list(range(1, MOST_AT_ONCE + 3))
    assert store.batches == 2


def test_a_refusal_in_the_middle_is_told_to_its_own_asker_alone(store: Counted) -> None:
    told = at_once(store, lambda: note(store), lambda: note_and_refuse(store), lambda: note(store))

    assert (told[0], told[2]) == (1, 3)
    assert isinstance(told[1], Refused)
    assert last(store) == 3


def test_nobody_is_told_of_a_ticket_whose_commit_failed(store: Counted) -> None:
    store.lose = True
    told = at_once(store, lambda: note(store), lambda: note_and_refuse(store), lambda: note(store))

    assert all(isinstance(answer, Unavailable) for answer in told)
    assert last(store) == 0


def test_nobody_is_told_before_the_commit(store: Counted) -> None:
    answered: list[int] = []

    def look() -> int:
        answered.append(last(Sqlite(store.path)))
        return note(store)

    assert at_once(store, lambda: note(store), look) == [1, 2]
    assert answered == [0]


def test_closing_lets_the_work_under_way_end_and_drops_the_rest(store: Counted) -> None:
    async def close() -> tuple[int, bool]:
        lane = WritingLane("test-write", store)
        begun, go = threading.Event(), threading.Event()

        def slow() -> int:
            begun.set()
            assert go.wait(PATIENCE)
            return note(store)

        first = asyncio.create_task(lane.run(slow))
        await asyncio.to_thread(begun.wait, PATIENCE)
        dropped = asyncio.create_task(lane.run(lambda: note(store)))
        await asyncio.sleep(0)
        threading.Timer(0.05, go.set).start()
        lane.close()
        await asyncio.wait([first, dropped])
        return first.result(), dropped.cancelled()

    assert asyncio.run(close()) == (1, True)
    assert last(store) == 1


def test_a_short_lane_refuses_at_once_what_it_cannot_do_soon() -> None:
    async def work() -> None:
        lane, gate = ShortLane("test", 3), threading.Event()
        held = [asyncio.create_task(lane.run(lambda: gate.wait(PATIENCE))) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as busy:
            await lane.run(gate.is_set)
        gate.set()
        assert await asyncio.gather(*held) == [True] * 3
        assert busy.value.code == "too_busy"
        assert await lane.run(gate.is_set)
        lane.close()

    asyncio.run(work())
