"""Files that are broken off, and go on; two at once; and an office's own words."""

from __future__ import annotations

import csv
import fcntl
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import alone
from kiosk.aside import SHOWN, Aside, BadRow, Lines, Objects
from kiosk.codes_seen import CodesSeen
from kiosk.dossiers import Channel, Status
from kiosk.errors import Refused
from kiosk.import_mapping import Words, load_words
from kiosk.import_procedures import import_procedures
from kiosk.imports import aside_of, import_dossiers
from kiosk.mistakes import BadConfig
from kiosk.office.dossiers import count_dossiers, look_up
from kiosk.tables import ImportReport, rejected_path
from tests.hall import centre_of
from tests.waiting import until

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

HEADER = "Mã hồ sơ,Chủ hồ sơ,Trạng thái,Ngày tiếp nhận"


pytestmark = pytest.mark.usefixtures("english")


def table(folder: Path, rows: int, bad: frozenset[int] = frozenset()) -> Path:
    """A file whose row n stands in line n + 1; the bad ones have a date that is none."""
    path = folder / "dossiers.csv"
    lines = (
        f"H57.132-260804-{n:05d},Nguyễn Văn An,4,{'hôm qua' if n in bad else '13/03/2026'}"
        for n in range(1, rows + 1)
    )
    path.write_text("\n".join((HEADER, *lines)), "utf-8")
    return path


class BrokenOff(Exception):
    """What ends an import in the middle, like a power cut."""


def break_off(centre: Centre, path: Path, after: int) -> None:
    """Takes in what comes before so many bytes of the file are read."""

    def cut(done: int, of: int) -> None:
        if after <= done < of:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        import_dossiers(centre, path, progress=cut)


def events(centre: Centre) -> list[dict[str, object]]:
    with centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = 'dossiers.imported' ORDER BY seq")
    return [json.loads(row["details"]) for row in rows]


def test_a_file_that_was_broken_off_goes_on_behind_what_is_stored(
    centre: Centre, tmp_path: Path
) -> None:
    bad = frozenset({3, 900, 2400, 2999})
    path = table(tmp_path, 3000, bad)
    break_off(centre, path, path.stat().st_size // 2)
    before = count_dossiers(centre)
    assert 0 < before < 2996
    with centre.database.read() as query:
        row = query.one("SELECT place, stored, ended_at FROM import_run")
    assert (row["stored"], row["ended_at"]) == (before, None)
    # What is stored is not even looked at again: it may have been changed meanwhile.
    with centre.database.write() as query:
        query.run("UPDATE dossier SET status = 10 WHERE code = 'H57.132-260804-00001'")
    report = import_dossiers(centre, path)
    assert (report.read, report.stored, report.new, report.unchanged) == (3000, 2996, 2996, 0)
    assert (report.bad, [one.line for one in report.rejected]) == (4, [4, 901, 2401, 3000])
    assert look_up(centre, "H57.132-260804-00001").status is Status.RETURNED
    with rejected_path(path).open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["4", "901", "2401", "3000"]
    assert [one["whole"] for one in events(centre)] == [False, True]
    assert import_dossiers(centre, path).stored == 1


def test_a_row_that_came_before_the_break_is_still_known_behind_it(
    centre: Centre, tmp_path: Path
) -> None:
    path = table(tmp_path, 2000, frozenset({5}))
    with path.open("a", encoding="utf-8") as file:
        file.write("\nH57.132-260804-00004,An,4,13/03/2026\nH57.132-260804-00005,An,4,13/03/2026")
    break_off(centre, path, path.stat().st_size // 2)
    report = import_dossiers(centre, path)
    assert [one.line for one in report.rejected] == [6, 2002]
    assert count_dossiers(centre) == 2000


def test_without_what_was_set_aside_a_file_begins_again(centre: Centre, tmp_path: Path) -> None:
    path = table(tmp_path, 2000, frozenset({5, 6}))
    break_off(centre, path, path.stat().st_size // 2)
    rejected_path(path).unlink()
    before = count_dossiers(centre)
    report = import_dossiers(centre, path)
    assert (report.stored, report.unchanged, report.bad) == (1998 - before, before, 2)


def test_records_go_on_too(centre: Centre, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.json"
    records = [{"MaHoSo": f"HS-{n:05d}", "TrangThaiHoSo": "4"} for n in range(3000)]
    records[10] = {"MaHoSo": "x"}
    path.write_text(json.dumps(records), "utf-8")
    break_off(centre, path, path.stat().st_size // 2)
    before = count_dossiers(centre)
    assert 0 < before < 2999
    report = import_dossiers(centre, path)
    assert (report.read, report.new, report.unchanged, report.bad) == (3000, 2999, 0, 1)
    assert [json.loads(line)["n"] for line in aside_of(path).read_text("utf-8").splitlines()] == [
        11
    ]


def test_an_import_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    url, path = f"sqlite:///{tmp_path / 'kiosk.db'}", table(tmp_path, 40_000, frozenset({7}))
    config = tmp_path / "kiosk.toml"
    shipped = Path(__file__).parents[1] / "kiosk.toml"
    config.write_text(shipped.read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "kiosk", "import", "dossiers", str(path), "--config"]
    centre = centre_of(url)
    running = subprocess.Popen([*command, str(config)], cwd=tmp_path)
    until(lambda: count_dossiers(centre) >= 2000)
    assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert count_dossiers(centre) < 39_999
    done = subprocess.run([*command, str(config)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "40000 rows: 39999 new dossiers, 0 changed, 0 as before" in done.stdout
    assert count_dossiers(centre) == 39_999
    centre.database.close()


def test_one_file_is_taken_in_by_one_program_at_a_time(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path, 3)
    monkeypatch.setattr(alone, "PATIENCE_SECONDS", 0.1)
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(Refused) as refused:
            import_dossiers(centre, path)
        with pytest.raises(Refused) as catalogue:
            import_procedures(centre, path)
    assert refused.value.code == catalogue.value.code == "import_under_way"
    assert import_dossiers(centre, path) == ImportReport(3, 3, 0)


def test_two_files_about_the_same_dossiers_come_in_at_once(store_url: str, tmp_path: Path) -> None:
    """Each dossier is as one of them says, whole, and its way tells of both."""
    folders = [tmp_path / name for name in ("one", "two")]
    centres = [centre_of(store_url) for _ in folders]
    for folder, status in zip(folders, ("4", "9"), strict=True):
        folder.mkdir()
        path = table(folder, 3000)
        path.write_text(path.read_text("utf-8").replace(",4,", f",{status},"), "utf-8")
    with ThreadPoolExecutor() as pool:
        reports = list(
            pool.map(
                lambda pair: import_dossiers(pair[0], pair[1] / "dossiers.csv"),
                zip(centres, folders, strict=True),
            )
        )
    assert sum(report.new for report in reports) == 3000
    assert sum(report.stored for report in reports) == 6000
    with centres[0].database.read() as query:
        rows = query.all("SELECT status, COUNT(*) AS n FROM dossier GROUP BY status")
        steps = query.one("SELECT COUNT(*) AS n FROM dossier_step")
    assert sum(row["n"] for row in rows) == 3000
    assert {row["status"] for row in rows} <= {4, 9}
    assert steps is not None
    # What it was, what came of it: received, the first status, the second.
    assert steps["n"] >= 2 * 3000
    for one in centres:
        one.database.close()


def test_a_trial_tells_what_would_become_of_the_file(centre: Centre, tmp_path: Path) -> None:
    path = table(tmp_path, 10, frozenset({10}))
    import_dossiers(centre, path)
    changed = path.read_text("utf-8").replace("-00002,Nguyễn Văn An,4", "-00002,Nguyễn Văn An,9")
    more = changed.replace(HEADER, f"{HEADER},Ghi chú") + "\nH57.132-260804-00011,,4,"
    path.write_text(more, "utf-8")
    report = import_dossiers(centre, path, dry=True)
    assert (report.read, report.stored, report.new, report.unchanged) == (11, 2, 1, 8)
    assert (report.bad, report.unread) == (1, ("Ghi chú",))
    assert ("Mã hồ sơ", "code") in report.columns
    assert count_dossiers(centre) == 9
    assert look_up(centre, "H57.132-260804-00002").status is Status.PROCESSING


# Words of an office


MAPPING = """
[columns]
"Số HS" = "code"
"Đang ở đâu" = "status"
"Trạng thái" = ""
"Ai giữ" = "handler"

[statuses]
"Sếp đang ký" = "Đang xử lý"
"Ra tủ" = 9

[channels]
"Cổng tỉnh" = 2

[fixed]
receiving_unit = "UBND phường Trung Tâm"
channel = "Cổng tỉnh"
"""


@pytest.fixture
def words(tmp_path: Path) -> Words:
    path = tmp_path / "words.toml"
    path.write_text(MAPPING, "utf-8")
    return load_words(path)


def test_an_office_says_what_its_own_words_mean(
    centre: Centre, tmp_path: Path, words: Words
) -> None:
    path = tmp_path / "dossiers.csv"
    path.write_text(
        "SO HS,Trạng thái,Đang ở đâu,Ai giữ\nHS-1,10,Sếp đang ký,Bình\nHS-2,10,ra tủ,\nHS-3,1,4,\n",
        "utf-8",
    )
    report = import_dossiers(centre, path, words=words)
    assert (report.stored, report.unread) == (3, ("Trạng thái",))
    told = [look_up(centre, f"HS-{n}") for n in (1, 2, 3)]
    assert [one.status for one in told] == [Status.PROCESSING, Status.FINISHED, Status.PROCESSING]
    assert {one.receiving_unit for one in told} == {"UBND phường Trung Tâm"}
    assert {one.channel for one in told} == {Channel.ONLINE}


def test_they_hold_for_records_too(centre: Centre, tmp_path: Path, words: Words) -> None:
    path = tmp_path / "dossiers.json"
    path.write_text(json.dumps([{"soHS": "HS-1", "DangODau": "Ra tủ"}]), "utf-8")
    assert import_dossiers(centre, path, words=words).stored == 1
    told = look_up(centre, "HS-1")
    assert (told.status, told.receiving_unit) == (Status.FINISHED, "UBND phường Trung Tâm")


def test_every_mistake_in_them_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text(
        'columns = { "A" = "cod", "B" = 7, "á" = "" }\nstatus = {}\nchannels = 3\n'
        '[statuses]\n"X" = "gì đó"\n"Y" = 11\n[fixed]\nunit = "U"\nfield = 3\n'
        'channel = "Trực tếp"\n',
        "utf-8",
    )
    with pytest.raises(BadConfig) as bad:
        load_words(path)
    assert [(one.where, one.key) for one in bad.value.problems] == [
        ("status", "unknown_key_near"),
        ('columns."A"', "mapping_field"),
        ('columns."B"', "mapping_field"),
        ('columns."á"', "mapping_twice"),
        ('statuses."X"', "mapping_word"),
        ('statuses."Y"', "mapping_word"),
        ("channels", "wrong"),
        ('fixed."unit"', "unknown_key"),
        ('fixed."field"', "text"),
        ('fixed."channel"', "mapping_word"),
    ]
    assert bad.value.problems[1].facts["known"] == "code"


@pytest.mark.parametrize("text", ["[columns", "\xff"])
def test_a_file_of_words_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "words.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadConfig) as bad:
        load_words(path)
    assert bad.value.problems[0].key in ("syntax_end", "unreadable")
    with pytest.raises(BadConfig):
        load_words(tmp_path / "none.toml")


# What is set aside, and which codes came


@pytest.mark.parametrize("form", [Lines(["a", "b"]), Objects()])
def test_what_was_set_aside_is_taken_up_as_far_as_it_is_secure(
    tmp_path: Path, form: Lines | Objects
) -> None:
    path = tmp_path / "aside"
    first = Aside(path, form, path)
    for line in (2, 5, 9):
        first.put(line, BadRow("dossier.reject.no_code"), ["đã", 'có "dấu"\nvà dòng'])
    assert first.secure(5) == 2
    first.close()
    again = Aside(path, form, path)
    assert again.take_up(5, 3) is None
    assert (again.count, again.rejected) == (0, ())


@pytest.mark.parametrize("form", [Lines(["a", "b"]), Objects()])
def test_its_rows_stay_word_for_word(tmp_path: Path, form: Lines | Objects) -> None:
    path = tmp_path / "aside"
    first = Aside(path, form, path)
    for line in (2, 5, 9):
        first.put(line, BadRow("dossier.reject.no_code"), ["đã", 'có "dấu"\nvà dòng'])
    first.close()
    whole = path.read_bytes()
    again = Aside(path, form, path)
    assert again.take_up(5, 2) == {2, 5}
    again.put(9, BadRow("dossier.reject.no_code"), ["đã", 'có "dấu"\nvà dòng'])
    again.settle()
    assert path.read_bytes() == whole
    assert sorted(one.name for one in tmp_path.iterdir()) == ["aside"]


def test_only_the_first_reasons_are_kept_in_memory(tmp_path: Path) -> None:
    aside = Aside(tmp_path / "aside", Objects(), tmp_path)
    for line in range(SHOWN + 5):
        aside.put(line, BadRow("dossier.reject.no_code"), None)
    aside.settle()
    assert (aside.count, len(aside.rejected)) == (SHOWN + 5, SHOWN)


CODES = st.one_of(
    st.from_regex(r"H57-(26080[45]|G)-[0-9]{1,8}", fullmatch=True),
    st.sampled_from(["H57-1-²", "H57-1-٣", "-", "", "7", "H57-1-", "H57-1-1", "H57-1-01"]),
)


@given(st.lists(CODES, max_size=60))
def test_codes_are_remembered_exactly(codes: list[str]) -> None:
    seen, known = CodesSeen(), set[str]()
    for code in codes:
        assert seen.add(code) == (code not in known)
        known.add(code)
