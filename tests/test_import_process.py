"""The process that takes files of dossiers in."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.config import load
from kiosk.import_folder import DONE, FAILED
from kiosk.import_process import Taking
from kiosk.mistakes import BadConfig
from kiosk.office.dossiers import count_dossiers, look_up
from kiosk.processes import Role, roles_of
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
from tests.test_import_sources import RECORD, config_file, names
from tests.test_import_url import Server, serving

pytestmark = pytest.mark.usefixtures("english")


@dataclass
class Running:
    states: list[tuple[str, str]] = field(default_factory=list)

    def report(self, state: str, reason: str) -> None:
        if not self.states or self.states[-1] != (state, reason):
            self.states.append((state, reason))


@contextmanager
def taking(centre: Centre, config: Path) -> Iterator[Running]:
    running, stop = Running(), threading.Event()
    taking = Taking(load(config), centre, running.report, stop)
    thread = threading.Thread(target=taking.run)
    thread.start()
    try:
        yield running
    finally:
        stop.set()
        thread.join()


def test_files_of_the_folder_come_in_and_bad_ones_are_told(
    centre: Centre, tmp_path: Path, inbox: Path
) -> None:
    (inbox / "good.json").write_text(json.dumps([RECORD, {"MaHoSo": "x"}]), "utf-8")
    (inbox / "bad.csv").write_text("Tên,Tuổi\nAn,7\n", "utf-8")
    config = config_file(tmp_path, '[import]\nfolder = "inbox"\n')
    with taking(centre, config) as running:
        until(lambda: ("warning", "import_failed") in running.states)
        assert look_up(centre, "HS-1").owner is None
        done, failed = names(inbox / DONE), names(inbox / FAILED)
        assert [name.split(" ", 2)[2] for name in done] == [
            "good.json", "good.json.rejected.jsonl", "good.json.report.txt",
        ]  # fmt: skip
        assert [name.split(" ", 2)[2] for name in failed] == ["bad.csv", "bad.csv.report.txt"]
        report = (inbox / FAILED / failed[1]).read_text("utf-8-sig")
        assert report.startswith("The file bad.csv has no column with the dossier code")
        for name in failed:
            (inbox / FAILED / name).unlink()
        until(lambda: running.states[-1] == ("ok", ""))


def test_an_address_is_asked_at_the_start_and_what_came_is_known(
    centre: Centre, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("Bearer abc\n", "utf-8")
    body = json.dumps({"data": [RECORD]}).encode()
    with serving(Server(body, headers={"ETag": '"7"'})) as server:
        config = config_file(tmp_path, f'[import]\nurl = "{server.url}"\nkey_file = "key"\n')
        for _ in range(2):
            with taking(centre, config) as running:
                until(lambda r=running: r.states == [("ok", "")])  # type: ignore[misc]
        server.headers["ETag"], server.status = '"8"', 503
        with taking(centre, config) as running:
            until(lambda: running.states == [("fault", "import_status")])
    assert [one.get("if-none-match") for one in server.asked] == [None, '"7"', '"7"']
    assert {one["authorization"] for one in server.asked} == {"Bearer abc"}
    assert count_dossiers(centre) == 1
    with centre.database.read() as query:
        (event,) = query.all("SELECT details FROM event WHERE kind = 'dossiers.imported'")
    assert json.loads(event["details"])["source"] == "127.0.0.1"
    assert not list(tmp_path.glob("*.pulled"))


def test_what_came_from_an_address_and_is_no_file_is_told_and_asked_for_again(
    centre: Centre, tmp_path: Path
) -> None:
    broken = Server(b'[{"MaHoSo": "HS-1", "TrangThaiHoSo": "4"}, {', headers={"ETag": '"1"'})
    with serving(broken) as server:
        config = config_file(tmp_path, f'[import]\nurl = "{server.url}"\n')
        with taking(centre, config) as running:
            until(lambda: running.states == [("fault", "import_unusable")])
    assert count_dossiers(centre) == 1
    with centre.database.read() as query:
        assert query.all("SELECT * FROM import_source") == []


def test_an_address_that_is_away_does_not_hold_the_folder_up(
    centre: Centre, tmp_path: Path, inbox: Path
) -> None:
    with serving(Server(status=503)) as server:
        text = f'[import]\nfolder = "inbox"\nurl = "{server.url}"\n'
        with taking(centre, config_file(tmp_path, text)) as running:
            until(lambda: running.states == [("fault", "import_status")])
            (inbox / "a.json").write_text(json.dumps([RECORD]), "utf-8")
            until(lambda: count_dossiers(centre) == 1)
    assert running.states == [("fault", "import_status")]


def test_other_words_ask_for_the_same_file_again(centre: Centre, tmp_path: Path) -> None:
    body = json.dumps([{"MaHoSo": "HS-1", "TrangThaiHoSo": "Ra tủ"}, RECORD]).encode()
    words = tmp_path / "words.toml"
    words.write_text('[statuses]\n"Khác" = 4\n', "utf-8")
    with serving(Server(body, headers={"ETag": '"7"'})) as server:
        text = f'[import]\nurl = "{server.url}"\nmapping = "words.toml"\n'
        for more in ("", '"Ra tủ" = 9\n'):
            words.write_text(words.read_text("utf-8") + more, "utf-8")
            with taking(centre, config_file(tmp_path, text)) as running:
                until(lambda r=running: r.states == [("ok", "")])  # type: ignore[misc]
    assert [one.get("if-none-match") for one in server.asked] == [None, None]
    # The last record about it counts.
    assert look_up(centre, "HS-1").status.value == 4
    assert [step.status.value for step in look_up(centre, "HS-1").steps] == [4, 9, 4]


def test_a_file_of_which_nothing_can_be_used_is_told(
    centre: Centre, tmp_path: Path, inbox: Path
) -> None:
    (inbox / "a.csv").write_text("Mã hồ sơ\nx\ny\n", "utf-8")
    with serving(Server(b'[{"MaHoSo": "x"}]', headers={"ETag": '"1"'})) as server:
        text = f'[import]\nfolder = "inbox"\nurl = "{server.url}"\n'
        with taking(centre, config_file(tmp_path, text)) as running:
            until(lambda: running.states == [("fault", "import_unusable")])
            until(lambda: len(names(inbox / FAILED)) == 3)


def test_a_key_or_words_that_cannot_be_read_are_told(centre: Centre, tmp_path: Path) -> None:
    address = 'url = "https://x.example/"\n'
    config = config_file(tmp_path, f'[import]\n{address}key_file = "none"\n')
    with taking(centre, config) as running:
        until(lambda: running.states == [("fault", "import_key_unread")])
    assert [flaw.key for flaw in load(config).flaws] == ["import_key_unread"]
    (tmp_path / "words.toml").write_text('[columns]\n"A" = "cod"\n', "utf-8")
    config = config_file(tmp_path, f'[import]\n{address}mapping = "words.toml"\n')
    with taking(centre, config) as running:
        until(lambda: running.states == [("fault", "import_mapping")])
    assert [flaw.key for flaw in load(config).flaws] == ["mapping_field"]


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/", "x.example", "https://an:pin@x.example/", "https:///", "http://x:99999/"],
)
def test_an_address_that_is_none_is_a_mistake_of_the_file(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadConfig) as bad:
        load(config_file(tmp_path, f'[import]\nurl = "{url}"\nfoldr = ""\n'))
    assert [(one.where, one.key) for one in bad.value.problems] == [
        ("import.url", "import_url"),
        ("import.foldr", "unknown_key_near"),
    ]
    assert bad.value.problems[1].facts["near"] == "folder"


def test_it_runs_where_the_file_names_a_source(tmp_path: Path) -> None:
    assert Role.IMPORT not in roles_of(config_file(tmp_path, "[import]\nfolder = ''\n"))
    assert Role.IMPORT in roles_of(config_file(tmp_path, "[import]\nfolder = 'inbox'\n"))
    assert Role.IMPORT in roles_of(config_file(tmp_path, "[import]\nurl = 'http://x'\n"))


@pytest.mark.parametrize(
    "name",
    [b"h\xf4 s\xf5.csv", "Danh sách hồ sơ đã tiếp nhận ".encode() * 6 + b".csv", b"a\nb.csv"],
    ids=["of another alphabet", "long", "of two lines"],
)
def test_whatever_a_file_is_called_it_comes_in(
    centre: Centre, tmp_path: Path, inbox: Path, name: bytes
) -> None:
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/" + name))
    path.write_text("Mã hồ sơ,Trạng thái\nHS-1,4\nx,4\n", "utf-8")
    with taking(centre, config_file(tmp_path, '[import]\nfolder = "inbox"\n')) as running:
        until(lambda: len(names(inbox / DONE)) == 3)
        until(lambda: running.states == [("ok", "")])
    assert count_dossiers(centre) == 1
    assert all(name.isprintable() for name in names(inbox / DONE))
