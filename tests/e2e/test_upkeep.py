"""Copies that a running office makes of its store by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.backups import copies
from tests.e2e.running import Hall, until
from tests.hall import OFFICE, centre_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def test_a_medium_comes_and_goes_and_a_kept_copy_has_every_ticket(hall: Hall) -> None:
    medium = hall.folder / "medium"
    hall.start("web", "upkeep")
    hall.wait()
    # It begins when the file names a folder, and says that the folder is not there.
    with hall.config.open("a", encoding="utf-8") as file:
        file.write('\n[backup]\nfolder = "medium"\nevery_minutes = 1\n')
    hall.wait_for_device("backup", "fault", "backup_no_folder")
    taken = [
        hall.api.post("/api/tickets", json={"service": "A"}).json()["number"] for _ in range(3)
    ]
    medium.mkdir()
    # One that dies is started again, and looks at once.
    hall.children()["upkeep"].kill()
    hall.wait_for_device("backup", "warning", "backup_same_disk")
    [copy] = copies(medium, OFFICE)
    kept = centre_at(copy.path)
    with kept.database.read() as query:
        found = [row["number"] for row in query.all("SELECT number FROM ticket ORDER BY n")]
    kept.database.close()
    assert found == taken
    # A restart makes no copy before the next one is due.
    before = hall.children()["upkeep"]
    before.kill()
    until(lambda: hall.children().get("upkeep", before) != before, "another one keeps the store")
    hall.wait_for_device("backup", "warning", "backup_same_disk")
    assert copies(medium, OFFICE) == [copy]
