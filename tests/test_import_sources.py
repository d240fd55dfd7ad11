"""Where dossiers come from by themselves: a folder, and another program's address."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from kiosk.config import load
from kiosk.errors import Unavailable
from kiosk.import_folder import DONE, FAILED, SETTLED_SECONDS, Folder, pauses
from kiosk.import_process import Taking
from kiosk.import_url import Version, fetch
from kiosk.mistakes import BadConfig
from kiosk.office.dossiers import count_dossiers, look_up
from kiosk.processes import Role, roles_of
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

NOON = datetime(2026, 11, 29, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
OFFICE = """
[office]
name = "Trung tâm"
unit_code = "H15.50.05"

[[service]]
code = "A"
name.vi = "Chứng thực"

[[counter]]
number = 1
"""
RECORD = {"MaHoSo": "HS-1", "TrangThaiHoSo": "4", "ChuHoSo": "Nguyễn Văn An"}


@pytest.fixture(autouse=True)
def english_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


def config_file(folder: Path, more: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(OFFICE + more, "utf-8")
    return path


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def settled(folder: Folder, seconds: Seconds) -> Path | None:
    """What is taken once nothing has changed for long enough."""
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS
    return folder.next()


def names(folder: Path) -> list[str]:
    there = folder.iterdir() if folder.exists() else ()
    return sorted(path.name for path in there if path.is_file())


# The folder


def test_a_file_is_taken_when_nothing_of_it_changes_any_more(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    path = inbox / "a.csv"
    path.write_text("Mã hồ sơ\n", "utf-8")
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS - 0.1
    with path.open("a", encoding="utf-8") as file:
        file.write("HS-1\n")
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS
    taken = folder.next()
    assert taken is not None
    assert taken.name == "a.csv"
    assert names(inbox) == []
    # Until it is put away it is the next one, also for a process that comes after a crash.
    assert Folder(inbox, "kiosk-1", seconds).next() == taken
    folder.put_away(taken, "report", NOON)
    assert folder.next() is None
    head = "2026-11-29 120000"
    assert names(inbox / DONE) == [f"{head} a.csv", f"{head} a.csv.report.txt"]


def test_a_file_that_a_program_still_writes_is_left_however_quiet_it_is(
    inbox: Path, seconds: Seconds
) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    with (inbox / "a.csv").open("w", encoding="utf-8") as file:
        file.write("half")
        file.flush()
        assert settled(folder, seconds) is None
        seconds.now += 100
        assert folder.next() is None
    assert folder.next() is not None


@pytest.mark.parametrize(
    "name",
    [
        ".a.csv", "~$a.xlsx", "a.csv.part", "a.csv.TMP", "a.csv.filepart", "a.csv.rejected.csv",
        "a.json.rejected.jsonl", "a.csv.report.txt", "signage.secret", "a",
    ],
)  # fmt: skip
def test_what_is_no_finished_file_is_left_alone(inbox: Path, seconds: Seconds, name: str) -> None:
    (inbox / name).write_text("x", "utf-8")
    (inbox / "folder.csv").mkdir()
    assert settled(Folder(inbox, "kiosk-1", seconds), seconds) is None
    assert (inbox / name).exists()


def test_the_oldest_file_comes_first(inbox: Path, seconds: Seconds) -> None:
    for age, name in ((30, "b.csv"), (10, "a.csv"), (20, "c.csv")):
        (inbox / name).write_text("x", "utf-8")
        os.utime(inbox / name, (1_700_000_000 - age, 1_700_000_000 - age))
    folder = Folder(inbox, "kiosk-1", seconds)
    taken = [settled(folder, seconds)]
    for _ in range(2):
        assert taken[-1] is not None
        folder.put_away(taken[-1], "", NOON)
        taken.append(folder.next())
    assert [path.name for path in taken if path] == ["b.csv", "c.csv", "a.csv"]


def test_of_two_kiosks_one_takes_a_file(inbox: Path, seconds: Seconds) -> None:
    one, two = (Folder(inbox, name, seconds) for name in ("kiosk-1", "kiosk-2"))
    (inbox / "a.csv").write_text("x", "utf-8")
    assert (one.next(), two.next()) == (None, None)
    seconds.now += SETTLED_SECONDS
    assert one.next() is not None
    assert two.next() is None


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


def test_files_of_one_name_in_one_second_stay_apart(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    for text in ("one", "two", "three"):
        (inbox / "a.csv").write_text(text, "utf-8")
        taken = settled(folder, seconds)
        assert taken is not None
        folder.put_away(taken, text, NOON)
    done = [path.read_text("utf-8-sig") for path in (inbox / DONE).iterdir()]
    assert sorted(done) == sorted(["one", "two", "three"] * 2)


def test_a_folder_that_is_away_or_shut_is_told(inbox: Path, seconds: Seconds) -> None:
    with pytest.raises(Unavailable) as away:
        Folder(inbox / "none", "kiosk-1", seconds).next()
    assert away.value.code == "import_folder_missing"
    (inbox / "kiosk.toml").write_text("", "utf-8")
    with pytest.raises(Unavailable) as own:
        Folder(inbox, "kiosk-1", seconds).next()
    assert own.value.code == "import_folder_own"
    (inbox / "kiosk.toml").unlink()
    (inbox / DONE).write_text("in the way", "utf-8")
    with pytest.raises(Unavailable) as shut:
        Folder(inbox, "kiosk-1", seconds).next()
    assert shut.value.code == "import_folder_unwritable"


def test_what_has_lain_in_done_long_enough_is_removed(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    (inbox / "a.csv").write_text("x", "utf-8")
    taken = settled(folder, seconds)
    assert taken is not None
    folder.put_away(taken, "report", NOON)
    now = time.time()
    folder.clear(2, now + 47 * 3600)
    assert len(names(inbox / DONE)) == 2
    folder.clear(2, now + 49 * 3600)
    assert names(inbox / DONE) == []


def test_pauses_grow_to_the_last() -> None:
    assert list(islice(pauses((5.0, 15.0)), 4)) == [5.0, 15.0, 15.0, 15.0]


# The address


@dataclass
class Server:
    """Another program: what it answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    cut: bool = False


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append({name.lower(): value for name, value in self.headers.items()})
            etag = server.headers.get("ETag")
            same = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if same else server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            if same:
                self.end_headers()
                return
            self.send_header("Content-Length", str(len(server.body) + 7 * server.cut))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at ``asked``."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}/dossiers?token=x"
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def test_what_has_changed_at_an_address_is_fetched(tmp_path: Path) -> None:
    into = tmp_path / "pulled"
    with serving(Server(b"[1]", headers={"ETag": '"7"', "Last-Modified": "Sun"})) as server:
        version = fetch(server.url, "Bearer abc", Version(), into, lambda: False)
        assert (version, into.read_bytes()) == (Version('"7"', "Sun"), b"[1]")
        assert fetch(server.url, "", Version('"7"', "Sun"), into, lambda: False) is None
    assert server.asked[0]["authorization"] == "Bearer abc"
    assert "if-none-match" not in server.asked[0]
    assert server.asked[1]["if-none-match"] == '"7"'
    assert "authorization" not in server.asked[1]


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (Server(status=401), "import_refused"),
        (Server(status=404), "import_refused"),
        (Server(status=500), "import_status"),
        (Server(status=302, headers={"Location": "http://elsewhere.example/"}), "import_redirect"),
        (Server(b"half", cut=True), "import_unreachable"),
        (Server(b"x", headers={"Content-Encoding": "gzip"}), "import_garbage"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_fetched_is_told(tmp_path: Path, server: Server, code: str) -> None:
    with serving(server), pytest.raises(Unavailable) as told:
        fetch(server.url, "", Version(), tmp_path / "pulled", lambda: False)
    assert told.value.code == code


def test_an_address_where_nobody_answers_is_told(tmp_path: Path) -> None:
    with serving(Server()) as server:
        pass
    with pytest.raises(Unavailable) as told:
        fetch(server.url, "", Version(), tmp_path / "pulled", lambda: False)
    assert told.value.code == "import_unreachable"


# Both at work


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
