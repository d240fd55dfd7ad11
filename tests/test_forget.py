"""Who asks the office to be forgotten is, also by copies that are put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.backups import back_up
from kiosk.config import load
from kiosk.dossiers import Dossier, Status
from kiosk.errors import Refused
from kiosk.office.centre import open_centre
from kiosk.office.incoming import store_dossiers
from kiosk.restoring import restore
from kiosk.store import dossiers, events
from tests.hall import OFFICE, centre_at
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

CANARY = "Canary Hoang Yen 0987001234"


def run(config: Path, *words: str, line: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(
        app, ["forget", *words, "--config", str(config)], env={"LANGUAGE": "en"}, input=line
    )
    if isinstance(done.exception, Refused):
        return 1, done.exception.code
    return done.exit_code, done.stdout


def test_the_office_forgets_who_asks_for_it_and_keeps_what_is_open(tmp_path: Path) -> None:
    config_file, medium = tmp_path / "kiosk.toml", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    centre = open_centre(load(config_file))
    mine: dict[str, Any] = {"owner_name": CANARY, "phone": "+84 987 001 234",
                            "id_number": "079 199 008877"}  # fmt: skip
    store_dossiers(centre, [
        Dossier("HS-1", Status.RETURNED, "Khai sinh", **mine),
        Dossier("HS-2", Status.PROCESSING, "Khai sinh", **mine),
        Dossier("HS-3", Status.RETURNED, "Khai sinh", owner_name="Somebody Else"),
    ], source="test")  # fmt: skip
    made = back_up(centre, medium).copy
    centre.database.close()

    (tmp_path / "kiosk.db.before-20260101T000000Z").touch()
    assert run(config_file, "--phone", line="0987 001 235\n") == (1, "forget_unknown")
    assert run(config_file, "--phone", line="hello\n") == (1, "bad_phone")
    assert run(config_file, "--dossier", "HS-2", "--yes") == (1, "forget_open")
    assert run(config_file, "--dossier", "HS-1", "--phone")[0] == 2
    code, told = run(config_file, "--phone", line="0987 001 234\n")
    assert code == 0
    assert "0987" not in told
    assert "Nothing was erased" in told
    code, told = run(config_file, "--citizen-id", "--yes", line="079199008877|x|An|01011990\n")
    assert code == 0
    assert run(config_file, "--dossier", "HS-1", "--yes") == (1, "forget_done")
    assert "30 days at most" in told
    assert str(tmp_path / "kiosk.db.before-20260101T000000Z") in told

    def people(store: Centre) -> list[str]:
        with store.database.read() as query:
            rows = query.all("SELECT code FROM dossier WHERE owner_name IS NOT NULL ORDER BY code")
            assert events.first_broken(query, store.code) is None
        return [row["code"] for row in rows]

    centre = open_centre(load(config_file))
    assert people(centre) == ["HS-2", "HS-3"]
    with centre.database.read() as query:
        [event] = query.all("SELECT * FROM event WHERE kind = 'data.forgotten'")
    assert (event["dossier"], event["details"]) == (None, '{"erased":{"dossiers":1}}')
    # A copy from before knows the person; neither a damaged store nor a lost one brings it back.
    for path in (tmp_path / "kiosk.db", tmp_path / "kiosk.db.forgotten"):
        centre.database.close()
        path.unlink()
        assert people(centre_at(made.path)) == ["HS-1", "HS-2", "HS-3"]
        centre = open_centre(load(config_file))
        assert restore(centre, made.path).erased == 1
        centre = open_centre(load(config_file))
        assert people(centre) == ["HS-2", "HS-3"]
    # One from afterwards knows of it: there is nothing to erase again.
    made = back_up(centre, medium).copy
    centre.database.close()
    (tmp_path / "kiosk.db").unlink()
    assert restore(open_centre(load(config_file)), made.path).erased == 0


@pytest.mark.parametrize("line", ["", "dossier HS-1\n", "dossier HS-1 2026-1"])
def test_who_was_forgotten_and_came_again_is_still_known_after_a_restore(
    tmp_path: Path, line: str
) -> None:
    """But for a list that does not say when it was asked: then what was asked for holds."""
    config_file, medium = tmp_path / "kiosk.toml", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    store, listed = tmp_path / "kiosk.db", tmp_path / "kiosk.db.forgotten"

    def told(status: Status) -> Path:
        centre = open_centre(load(config_file))
        known = Dossier("HS-1", status, "Khai sinh", owner_name=CANARY)
        store_dossiers(centre, [known], source="test")
        made = back_up(centre, medium).copy
        centre.database.close()
        # Two copies of one second would have one name.
        return made.path.rename(medium / f"{len(list(medium.glob('*.db')))}.db")

    def owner_after(copy: Path) -> str | None:
        centre = open_centre(load(config_file))
        restore(centre, copy)
        centre = open_centre(load(config_file))
        with centre.database.read() as query:
            found = dossiers.find(query, centre.code, "HS-1")
        centre.database.close()
        assert found is not None
        return found.owner_name

    at_work = told(Status.PROCESSING)
    told(Status.RETURNED)
    assert run(config_file, "--dossier", "HS-1", "--yes")[0] == 0
    again = told(Status.PROCESSING)
    if line:
        for path in (listed, medium / f"kiosk-{OFFICE}.forgotten"):
            path.write_text(line, "utf-8")
    assert owner_after(again) == (None if line else CANARY)
    store.unlink()
    assert owner_after(at_work) is None
