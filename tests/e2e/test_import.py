"""Dossiers that a running office takes in by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.running import Hall, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "H15.50.05-261118-0007"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def test_a_file_laid_into_the_folder_is_known_at_the_kiosk(hall: Hall) -> None:
    inbox = hall.folder / "inbox"
    inbox.mkdir()
    hall.start("web", "import")
    hall.wait()
    # It begins when the file names a folder, and not before.
    with hall.config.open("a", encoding="utf-8") as file:
        file.write('\n[import]\nfolder = "inbox"\n')
    hall.wait_for_device("import", "ok")
    whole = hall.folder / "whole.json"
    whole.write_text(json.dumps([{"MaHoSo": CODE, "TrangThaiHoSo": "9"}]), "utf-8")
    whole.rename(inbox / "dossiers.json")

    def known() -> bool:
        answer = hall.api.post("/api/dossiers/lookup", json={"code": CODE})
        return answer.is_success and answer.json()["outlook"] == "ready"

    until(known, "the dossier is known")
    until(lambda: list((inbox / "done").glob("*dossiers.json")), "it is put away")
    # One that dies is started again, and goes on.
    hall.children()["import"].kill()
    bad = hall.folder / "bad"
    bad.write_text("no table at all\n", "utf-8")
    bad.rename(inbox / "bad.csv")
    hall.wait_for_device("import", "warning", "import_failed")
