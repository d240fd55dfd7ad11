"""kiosk.toml changed key by key and as a whole: checked, kept with its comments, and told."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from kiosk import settings
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig
from kiosk.settings import Wish
from kiosk.veil import HIDDEN

SHIPPED = Path(__file__).parents[1] / "kiosk.toml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(SHIPPED.read_bytes())
    path.chmod(0o640)
    return path


def change(path: Path, **wishes: Any) -> tuple[settings.Change, ...]:
    opened = settings.open_settings(path)
    asked = [Wish(key.replace("__", "."), value) for key, value in wishes.items()]
    text, changes = settings.changes_to(path, settings.wished(path, asked), opened.digest)
    settings.keep(path, text)
    return changes


def wish(path: Path, key: str, value: Any) -> tuple[settings.Change, ...]:
    opened = settings.open_settings(path)
    text, changes = settings.changes_to(
        path, settings.wished(path, [Wish(key, value)]), opened.digest
    )
    settings.keep(path, text)
    return changes


def test_a_key_is_changed_and_nothing_else_of_the_file(path: Path) -> None:
    before = path.read_text().splitlines()
    (told,) = change(path, queue__late_minutes=45)
    after = path.read_text().splitlines()
    assert (told.key, told.old, told.new) == ("queue.late_minutes", 60, 45)
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ("late_minutes = 60", "late_minutes = 45")
    ]
    assert load(path).queue.late_minutes == 45
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("service[A].daily_limit", 100),
        ("service[A].hours", ["07:30-11:30", "mon-fri 13:30-17:00"]),
        ("service[Đ].target_minutes", 20),
        ("counter[2].services", ["F", "A"]),
        ("counter[2].services", None),
        ("calendar.closed", ["2026-12-31"]),
        ("office.name.en", "Service Centre"),
        ("office.parent.en", "People's Committee"),
        ("board.volume", 0.5),
        ("ticket.heading.vi", "Số của Ông/Bà"),
        ("service[A].icon", None),
    ],
)
def test_any_kind_of_setting_is_kept_and_told(path: Path, key: str, value: object) -> None:
    path.write_text(path.read_text().replace('code = "D"', 'code = "Đ"').replace('"D"]', '"Đ"]'))
    changes = wish(path, key, value)
    assert key in {told.key for told in changes}
    load(path)
    assert settings.open_settings(path).values.get(key) == value
    assert wish(path, key, value) == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("queue.late_minutes", -5),
        ("queue.late_minutes", "soon"),
        ("queue.nothing", 1),
        ("service[A].hours", ["25:00-26:00"]),
        ("counter[1].services", ["Z"]),
        ("office.unit_code", None),
        ("service[A].name", "x" * 10),
    ],
)
def test_a_wrong_value_is_told_and_the_file_stays_as_it_was(
    path: Path, key: str, value: object
) -> None:
    before = path.read_bytes()
    if key == "service[A].name":
        value = 7
    with pytest.raises(BadConfig):
        wish(path, key, value)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "key",
    [
        "service[Q].hours", "counter[99].services", "...", "[a].b.c", "service[A][B].x",
        "service", "queue..late_minutes", "",
    ],
)  # fmt: skip
def test_a_key_that_is_none_is_refused(path: Path, key: str) -> None:
    with pytest.raises(Refused, match="no_such_setting"):
        wish(path, key, 1)


def test_two_who_change_at_once_do_not_undo_each_other(path: Path) -> None:
    opened = settings.open_settings(path)
    change(path, queue__late_minutes=45)
    with pytest.raises(Refused, match="settings_changed"):
        settings.changes_to(path, opened.text, opened.digest)


def test_secrets_are_shown_to_nobody_and_kept_all_the_same(path: Path) -> None:
    path.write_text(
        path.read_text().replace(
            'url = "sqlite:///kiosk.db"', 'url = "postgresql://kiosk:pa55@10.0.0.1/kiosk"'
        )
        + '\n[[webhook]]\nname = "signage"\nurl = "https://s.example/k"\nevents = ["ticket.*"]\n'
        'secret = "a secret of the office"\n'
    )
    opened = settings.open_settings(path)
    for told in (opened.text, str(opened.values)):
        assert "pa55" not in told
        assert "a secret of the office" not in told
    assert HIDDEN in opened.text
    changes = change(path, queue__late_minutes=45)
    assert [told.key for told in changes] == ["queue.late_minutes"]
    kept = path.read_text()
    assert 'secret = "a secret of the office"' in kept
    assert "kiosk:pa55@10.0.0.1" in kept

    opened = settings.open_settings(path)
    text = opened.text.replace(HIDDEN, "another secret of 2026")
    text, changes = settings.changes_to(path, text, opened.digest)
    assert [(told.old, told.new) for told in changes] == [(HIDDEN, HIDDEN)]
    assert "another secret of 2026" in text


def test_secrets_in_comments_are_shown_to_nobody_and_kept_all_the_same(path: Path) -> None:
    lines = (
        '# url = "postgresql://kiosk:pa55@10.0.0.1/kiosk"\n'
        "#secret = 'off for now 2026'\n"
        '# secret="of a signage no more"\n'
        '# secret = "never closed\n'
        '[queue] # once with secret = "a#b of last year", see a#b\n'
    )
    path.write_text(path.read_text().replace("\n[queue]\n", f"\n{lines}"))
    opened = settings.open_settings(path)
    for told in ("pa55", "off for now", "signage no more", "never closed", "last year"):
        assert told not in opened.text
    assert opened.text.count(f'secret = "{HIDDEN}"') == 3
    assert opened.text.count("#") == path.read_text().count("#") - 1
    change(path, queue__late_minutes=45)
    assert lines in path.read_text()

    opened = settings.open_settings(path)
    fewer = opened.text.replace(f'# secret="{HIDDEN}"\n', "# the office was here\n")
    kept, changes = settings.changes_to(path, fewer, opened.digest)
    assert changes == ()
    assert kept == path.read_text().replace(
        '# secret="of a signage no more"\n', "# the office was here\n"
    )


def test_the_whole_text_is_taken_and_its_mistakes_are_all_told(path: Path) -> None:
    opened = settings.open_settings(path)
    wrong = opened.text.replace("late_minutes = 60", "late_minutes = -1\nlatest = 3")
    text, _ = settings.changes_to(path, wrong, opened.digest)
    with pytest.raises(BadConfig) as bad:
        settings.prove(path, text)
    assert len(bad.value.problems) == 2
    with pytest.raises(BadConfig):
        settings.changes_to(path, "[office", opened.digest)
    settings.prove(path, opened.text)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_file_written_on_windows_stays_one(path: Path, mark: bytes, end: bytes) -> None:
    path.write_bytes(mark + path.read_bytes().replace(b"\n", end))
    change(path, queue__late_minutes=45)
    raw = path.read_bytes()
    assert raw.startswith(mark)
    assert raw.count(b"\n") == raw.count(end)
    assert load(path).queue.late_minutes == 45


def test_where_nothing_can_be_written_nothing_is_lost(path: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "kiosk.toml"
    gone.parent.mkdir()
    gone.write_bytes(path.read_bytes())
    text = gone.read_text()
    moved = tmp_path / "moved"
    gone.parent.rename(moved)
    with pytest.raises((Unavailable, OSError)):
        settings.keep(gone, text)
    assert (moved / "kiosk.toml").read_text() == text
