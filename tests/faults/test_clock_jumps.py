"""Clocks that jump beneath the real program, by libfaketime: numbers never begin anew, days do not
go back, and people are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.dossiers import Dossier, Status
from kiosk.office.incoming import store_dossiers
from kiosk.store import events
from tests.e2e.running import Hall
from tests.faults.findings import found
from tests.hall import OFFICE, centre_at
from tests.profile import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOUND: Final = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
JUMPS: Final = {
    "an hour back": "-3600",
    "a day ahead": "+86400",
    "a day back": "-86400",
    "1970": "@1970-01-01 03:00:00",
    "2038 and on": "@2038-02-01 03:00:00",
}
SOME: Final = ("a day back",)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def setting(hall: Hall, offset: str) -> None:
    """What every process takes for the time from now on."""
    path = hall.folder / "clock"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(offset, "ascii")
    unfinished.replace(path)


def environment(hall: Hall) -> dict[str, str]:
    assert _FOUND, "libfaketime is not installed: tools/system.sh test"
    return {
        "LD_PRELOAD": str(_FOUND[0]),
        "FAKETIME_TIMESTAMP_FILE": str(hall.folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        # What waits goes on waiting: the machine's clock jumps, its time does not.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


@pytest.mark.parametrize("jump", JUMPS if LONG else SOME)
def test_whatever_the_clock_does_no_number_is_given_twice(hall: Hall, jump: str) -> None:
    setting(hall, "+0")
    centre = centre_at(hall.folder / "kiosk.db")
    person = Dossier("HS-1", Status.RETURNED, owner_name="Somebody")
    store_dossiers(centre, [person], source="test")
    hall.start("web", **environment(hall))
    hall.wait()
    given = [hall.take() for _ in range(3)]
    setting(hall, JUMPS[jump])
    given += [hall.take() for _ in range(3)]
    if LONG and ("back" in jump or jump == "1970"):
        hall.wait_for_device("clock", "fault", "clock_back")
    # Back to the right time, as who sets it right does.
    setting(hall, "+0")
    given += [hall.take() for _ in range(3)]
    if LONG:
        hall.wait_for_device("clock", "ok")
    # libfaketime makes the short sleeps fail by which Python waits for the end of a child.
    assert hall.process is not None
    hall.process.kill()
    hall.process.wait()
    hall.process = None

    years = [int(one["issued_at"][:4]) for one in given]
    if "back" not in jump and "ahead" not in jump:
        assert years[3:6] == [int(jump[:4])] * 3
    assert len({one["id"] for one in given}) == 9
    with centre.database.read() as query:
        rows = query.all("SELECT day, n FROM ticket ORDER BY place")
        began = query.all("SELECT day FROM office_day")
        [kept] = query.all("SELECT owner_name FROM dossier")
        assert events.first_broken(query, OFFICE) is None
    centre.database.close()
    # Nobody in the hall holds the number of somebody else, of whatever day that is. A day ahead is
    # no other than the next morning: the first three have expired, and that day goes on afterwards.
    expected = [1, 2, 3, *range(1, 7)] if jump == "a day ahead" else list(range(1, 10))
    assert [row["n"] for row in rows] == expected
    assert len({(row["day"], row["n"]) for row in rows}) == 9
    # What leapt ahead has erased nobody.
    assert kept["owner_name"] == "Somebody"
    if jump in ("an hour back", "a day back", "1970"):
        assert len(began) == 1
    found("clock", f"{jump}, then right again", "libfaketime beneath the web", 1, "numbers go on")
