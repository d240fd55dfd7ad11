"""A full disk, and one that makes errors, beneath the real program: people are told, nothing is
damaged, no number is lost or given twice, and it goes on by itself."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk import reserve
from kiosk.database.sqlite import Sqlite
from kiosk.errors import Unavailable
from tests.e2e.running import Hall, until
from tests.faults.findings import found
from tests.faults.full_disk import (
    EIO,
    ENOSPC,
    READ,
    SYNC,
    WRITE,
    environment,
    failing,
    fill,
    sometimes,
)
from tests.hall import OFFICE, centre_at
from tests.profile import LONG
from tests.test_backups import take

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from printer.virtual import VirtualPrinter


UNHEARD: Final = "health cannot be written"


@pytest.fixture
def hall(tmp_path: Path, printer: VirtualPrinter) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer.port)
    yield hall
    hall.close()


def told(hall: Hall) -> str:
    """What a citizen is told who takes a number now; "" for the number."""
    answer = hall.api.post("/api/tickets", json={"service": "A"})
    return "" if answer.status_code == 201 else str(answer.json()["code"])


def jobs(hall: Hall) -> list[str]:
    store = centre_at(hall.folder / "kiosk.db")
    with store.database.read() as query:
        rows = query.all("SELECT state FROM print_job ORDER BY place")
    store.database.close()
    return [row["state"] for row in rows]


def numbers(folder: Path) -> list[str]:
    """All that were given, by a store that is whole."""
    store = centre_at(folder / "kiosk.db")
    assert store.database.whole()
    with store.database.read() as query:
        rows = query.all("SELECT number, n FROM ticket WHERE office = :o ORDER BY n", o=OFFICE)
    store.database.close()
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["number"] for row in rows]


def test_a_disk_that_is_full_is_told_at_once_and_costs_no_number(hall: Hall) -> None:
    hall.start("web", **environment(hall.folder))
    hall.wait()
    web = hall.children()["web"].pid
    given = [hall.take()["number"] for _ in range(2)]
    for point, error, code in ((WRITE, ENOSPC, "store_full"), (SYNC, EIO, "store_io")):
        with failing(hall.folder, web, point, error):
            answer = hall.api.post("/api/tickets", json={"service": "A"})
            assert (answer.status_code, answer.json()["code"]) == (503, code)
            assert answer.json()["message"]
        given.append(hall.take()["number"])
    assert hall.stop() == 0
    assert numbers(hall.folder) == given


def test_the_reserve_is_made_of_real_blocks_and_given_up_for_the_next_number(
    tmp_path: Path,
) -> None:
    store = tmp_path / "kiosk.db"
    centre = centre_at(store)
    centre.database.prepare()
    assert reserve.keep(store)
    kept = reserve.place(store)
    assert kept.stat().st_blocks * 512 >= reserve.BYTES
    assert reserve.keep(store)
    assert isinstance(centre.database, Sqlite)
    with centre.database.write() as query:
        # No page more than there are, as on a disk without room.
        query.run("PRAGMA max_page_count = 1")
    with pytest.raises(Unavailable, match="store_full"):
        take(centre, 500)
    assert not kept.exists()
    centre.database.close()


if LONG:

    def test_a_full_disk_is_told_costs_no_number_and_prints_nothing_twice(hall: Hall) -> None:
        hall.start("web", "print", **environment(hall.folder))
        hall.wait()
        given = [hall.take()["number"] for _ in range(3)]
        until(lambda: jobs(hall) == ["printed"] * 3, "all are printed")
        web, printing = (hall.children()[name].pid for name in ("web", "print"))
        met = hall.log().count(UNHEARD)
        with failing(hall.folder, printing, WRITE, ENOSPC):
            given += [hall.take()["number"] for _ in range(2)]
            with failing(hall.folder, web, WRITE, ENOSPC):
                answer = hall.api.post("/api/tickets", json={"service": "A"})
                assert (answer.status_code, answer.json()["code"]) == (503, "store_full")
                assert answer.json()["message"]
                hall.wait_for_device("store", "fault", "store_full")
                until(lambda: hall.log().count(UNHEARD) >= met + 2, "both processes met it")
        began = time.monotonic()
        given.append(hall.take()["number"])
        until(lambda: not {*jobs(hall)} & {"queued", "sending"}, "each slip has ended")
        hall.wait_for_device("store", "ok")
        recovery = time.monotonic() - began
        assert set(jobs(hall)) <= {"printed", "unknown"}
        assert hall.stop() == 0
        assert numbers(hall.folder) == given
        found(
            "disk",
            "no write succeeds in two processes at once",
            "libfiu, ENOSPC at pwrite of web and print",
            1,
            "no number for the moment, please see the help desk",
            seconds=[recovery],
        )

    @pytest.fixture
    def disk(tmp_path: Path) -> Iterator[Path]:
        """A small file system of its own, which only the system's administrator can make."""
        path = tmp_path / "disk"
        path.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=112m", "tmpfs", str(path)], check=True)
        yield path
        subprocess.run(["umount", "--lazy", str(path)], check=True)

    def test_a_day_on_a_full_disk_goes_on_with_the_reserve_then_is_told_then_goes_on(
        disk: Path, printer: VirtualPrinter
    ) -> None:
        hall = Hall(disk, printer.port)
        hall.start("web", "print", "upkeep")
        hall.wait()
        hall.take()
        kept = reserve.place(disk / "kiosk.db")
        until(kept.exists, "there is a reserve")
        filler = fill(disk)
        given = 1

        def give() -> int:
            """Until the first refusal, each of eight at once."""
            taken, codes = [], []

            def one() -> None:
                with httpx.Client(base_url=hall.api.base_url, timeout=30) as api:
                    refused = 0
                    while refused < 5:
                        answer = api.post("/api/tickets", json={"service": "A"})
                        if answer.status_code == 201:
                            taken.append(1)
                            refused = 0
                        else:
                            codes.append(answer.json()["code"])
                            refused += 1
                            time.sleep(1)

            threads = [threading.Thread(target=one) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert set(codes) == {"store_full"}
            return len(taken)

        hall.wait_for_device("reserve", "warning", "reserve_given")
        assert not kept.exists()
        on_reserve = give()
        given += on_reserve
        assert on_reserve > 2000
        hall.wait_for_device("store", "fault", "store_full")
        began = time.monotonic()
        filler.unlink()
        until(lambda: told(hall) == "", "numbers are given again")
        recovery, before = time.monotonic() - began, given
        given += 1
        until(kept.exists, "the reserve is kept again")
        until(lambda: hall.device("reserve") is None, "nothing is told of it any more")
        assert hall.stop() == 0
        hall.close()
        assert len(numbers(disk)) == given
        found(
            "disk",
            "full, to the last byte",
            f"a small file system, filled beside {before} numbers",
            1,
            f"{on_reserve} more numbers on the reserve; then: please see the help desk",
            seconds=[recovery],
        )

    @pytest.mark.parametrize(
        ("point", "error"), [(WRITE, ENOSPC), (WRITE, EIO), (SYNC, EIO), (READ, EIO)]
    )
    def test_a_disk_that_fails_now_and_then_loses_nothing(
        hall: Hall, point: str, error: int
    ) -> None:
        """One call in two hundred fails, in all processes, for half a minute."""
        hall.start("web", "print", "upkeep", **environment(hall.folder))
        hall.wait()
        hall.take()
        given = {1: "A001"}
        for child in hall.children().values():
            sometimes(hall.folder, child.pid, point, error, 0.005)
        deadline, asked, refused = time.monotonic() + 30, 0, 0
        while time.monotonic() < deadline:
            wish = f"tap-{asked:012}"
            for _ in range(200):
                answer = hall.api.post("/api/tickets", json={"service": "A", "request_id": wish})
                if answer.status_code == 201:
                    break
                assert answer.status_code == 503, answer.text
                refused += 1
            else:
                raise AssertionError("no number in 200 tries")
            asked += 1
            given[len(given) + 1] = answer.json()["number"]
        hall.stop()
        assert set(numbers(hall.folder)) == set(given.values())
        assert len(set(given.values())) == len(given)
        found(
            "disk",
            f"{os.strerror(error)} at {point.rpartition('/')[2]}, one call in two hundred",
            "libfiu in web, print and upkeep, half a minute",
            asked,
            f"of {asked} numbers {refused} times told to try again",
        )
