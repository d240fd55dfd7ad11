"""kiosk.toml changed key by key and as a whole: checked, kept with its comments, and told."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest

from kiosk import settings
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig
from kiosk.settings import Wish
from kiosk.veil import HIDDEN, unveiled, veiled

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


WITH_SECRETS = """
[[webhook]]
name = "tv"
url = "https://s.example/k?token=t0ken-of-signage&x=1"
events = ["ticket.*"]
secret = "a secret of the office" # before: secret = "the one before it"

# [[webhook]]
# name = "board"
# url = "http://u:pa55-of-board@b.example/k"
# "secret" = 'off for now 2026'
# SECRET = \"\"\"in three quotes\"\"\"
# secret = "never closed
# see a#b and https://s.example:8080/k@b
"""
SECRETS = (
    "pa55", "t0ken-of", "a secret of", "the one before", "off for now", "in three", "never closed",
)  # fmt: skip


@pytest.fixture
def guarded(path: Path) -> Path:
    url = 'url = "postgresql://kiosk:pa55%40rd@10.0.0.1:5432/kiosk"'
    path.write_text(path.read_text().replace('url = "sqlite:///kiosk.db"', url) + WITH_SECRETS)
    return path


def test_secrets_are_shown_to_nobody_and_kept_all_the_same(guarded: Path) -> None:
    before = guarded.read_text()
    opened = settings.open_settings(guarded)
    for told in SECRETS:
        assert told not in opened.text + str(opened.values)
    assert opened.values["store.url"] == f"postgresql://kiosk:{HIDDEN}1@10.0.0.1:5432/kiosk"
    assert "see a#b and https://s.example:8080/k@b" in opened.text
    changes = change(guarded, queue__late_minutes=45)
    assert [told.key for told in changes] == ["queue.late_minutes"]
    assert guarded.read_text() == before.replace("late_minutes = 60", "late_minutes = 45")


def test_a_secret_comes_back_wherever_its_line_went(guarded: Path) -> None:
    """A webhook is switched off with a "#" before each line, moved to the end, and on again."""
    first, second = '[[webhook]]\nname = "tv"', '# [[webhook]]\n# name = "board"'
    before = guarded.read_text()
    opened = settings.open_settings(guarded)
    head, _, rest = opened.text.partition(first)
    hook, _, board = (first + rest).partition(second)
    off = "".join(f"# {line}\n" for line in hook.splitlines() if line)
    text, changes = settings.changes_to(guarded, head + second + board + off, opened.digest)
    assert HIDDEN not in text
    assert all(secret in text for secret in SECRETS)
    assert '# secret = "a secret of the office" # before: secret = "the one before it"' in text
    assert "# \"secret\" = 'off for now 2026'" in text
    assert {told.key.split(".")[0] for told in changes} == {"webhook[tv]"}
    guarded.write_text(text)

    opened = settings.open_settings(guarded)
    head, mark, rest = opened.text.partition(f"# {first.replace(chr(10), chr(10) + '# ')}")
    on = "".join(line.removeprefix("# ") for line in (mark + rest).splitlines(keepends=True))
    text, _ = settings.changes_to(guarded, head + on, opened.digest)
    assert sorted(filter(None, text.splitlines())) == sorted(filter(None, before.splitlines()))


def test_a_password_that_no_address_may_hold_is_hidden_too() -> None:
    wrong = 'url = "postgres:kiosk:pa55 w/@rd@10.0.0.1/kiosk"\n'
    assert veiled(wrong) == f'url = "postgres:kiosk:{HIDDEN}1@10.0.0.1/kiosk"\n'
    assert unveiled(veiled(wrong), wrong) == wrong


def test_a_changed_secret_is_told_without_it(guarded: Path) -> None:
    opened = settings.open_settings(guarded)
    text = re.sub(rf'(?m)^secret = "{HIDDEN}\d+"', 'secret = "another secret of 2026"', opened.text)
    text, changes = settings.changes_to(guarded, text, opened.digest)
    assert [(told.key, told.old, told.new) for told in changes] == [
        ("webhook[tv].secret", HIDDEN, HIDDEN)
    ]
    assert 'secret = "another secret of 2026"' in text
    moved = opened.text.replace("https://s.example", "https://t.example")
    _, (told,) = settings.changes_to(guarded, moved, opened.digest)
    assert (told.old, told.new) == ("https://s.example/***", "https://t.example/***")


def test_the_store_s_password_goes_to_no_other_address(guarded: Path) -> None:
    opened = settings.open_settings(guarded)
    moved = opened.text.replace("@10.0.0.1:5432", "@10.0.0.9:5432")
    with pytest.raises(BadConfig) as bad:
        settings.changes_to(guarded, moved, opened.digest)
    assert [(p.where, p.key) for p in bad.value.problems] == [("store.url", "password_again")]
    typed = moved.replace(f"{HIDDEN}1@", "new@")
    text, _ = settings.changes_to(guarded, typed, opened.digest)
    assert "postgresql://kiosk:new@10.0.0.9:5432/kiosk" in text


def test_what_stands_for_no_known_secret_is_refused(guarded: Path) -> None:
    opened = settings.open_settings(guarded)
    with pytest.raises(BadConfig) as bad:
        settings.changes_to(guarded, f"{opened.text}# {HIDDEN}99\n", opened.digest)
    assert [p.key for p in bad.value.problems] == ["still_hidden"]


def test_a_name_that_gets_a_second_language_is_one_change(path: Path) -> None:
    changes = change(path, office__name__en="Public service centre of the ward")
    assert [told.key for told in changes] == ["office.name.en"]
    path.write_text(re.sub(r"(?m)^parent\b.*$", 'parent = "UBND"', path.read_text()))
    changes = change(path, office__parent__vi="UBND phường")
    assert [(told.key, told.old, told.new) for told in changes] == [
        ("office.parent.vi", "UBND", "UBND phường")
    ]


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


def test_what_lets_in_by_its_address_is_not_kept_for_ever(path: Path) -> None:
    hook = 'webhook.url = "https://chat.example.vn/hooks/T0KEN-1"\n'
    text = path.read_text().replace('webhook.url = ""\n', hook)
    assert hook in text
    path.write_text(text)
    opened = settings.open_settings(path)
    text = opened.text.replace("T0KEN-1", "T0KEN-2")
    _, (told,) = settings.changes_to(path, text, opened.digest)
    assert told.key == "alerts.webhook.url"
    assert told.new == "https://chat.example.vn/***"
    assert "T0KEN" not in str(told)
