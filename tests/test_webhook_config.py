from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kiosk.check import inspect
from kiosk.config import load
from kiosk.mistakes import BadConfig
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.texts import texts
from kiosk.webhook_config import WebhookConfig
from kiosk.webhooks import KINDS
from tests.test_config import LEAST, SHIPPED, told

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.check_hall import Finding

HOOK = """
[[webhook]]
name = "signage"
url = "https://signage.example.vn/kiosk"
events = ["ticket.*"]
"""
GOOD = HOOK + 'secret_file = "signage.secret"\n'


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "signage.secret"
    path.write_text("0123456789abcdef\n", "utf-8")
    path.chmod(0o600)
    return path


def flaws(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST + text, "utf-8")
    return [flaw.told(texts("en")) for flaw in load(path).flaws]


def test_a_webhook_has_its_secret_from_a_file_of_its_own(tmp_path: Path, secret: Path) -> None:
    assert flaws(tmp_path, GOOD) == []
    (hook,) = load(tmp_path / "kiosk.toml").webhooks()
    assert (hook.name, hook.url) == ("signage", "https://signage.example.vn/kiosk")
    assert hook.secret == b"0123456789abcdef"
    assert hook.kinds == frozenset(KINDS)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.unlink(), "there is no file"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot read"),
        (lambda path: path.write_text("short"), "16 characters"),
        (lambda path: path.write_text(""), "16 characters"),
        (lambda path: path.chmod(0o644), "chmod 600"),
        (lambda path: path.chmod(0o640), "chmod 600"),
    ],
)
def test_a_bad_file_is_told_and_the_hall_works(
    tmp_path: Path, secret: Path, spoil: object, says: str
) -> None:
    spoil(secret)  # type: ignore[operator]
    (flaw,) = flaws(tmp_path, GOOD)
    assert flaw.startswith("webhook[1].secret_file: ")
    assert says in flaw


@pytest.mark.parametrize(
    ("line", "where", "says"),
    [
        ('url = "ftp://example.vn/"', "url", "must be an address"),
        ('url = "signage.example.vn"', "url", "must be an address"),
        ('url = "https:///kiosk"', "url", "must be an address"),
        ('url = "https://a.vn:99999/"', "url", "must be an address"),
        ('url = "https://a.vn:x/"', "url", "must be an address"),
        ('url = "https://a.vn/#part"', "url", "must be an address"),
        ('url = "https://a.vn/a b"', "url", "must be an address"),
        ('url = "https://bệnh.vn/"', "url", "must be an address"),
        ('url = "https://a.vn/\\r\\nX: y"', "url", "must be an address"),
        ('url = "https://kiosk:hunter2@a.vn/"', "url", "user name"),
        ('events = ["ticket.caled"]', "events[1]", "“ticket.called”"),
        ('events = ["ticket.called", "session.opened"]', "events[2]", "no event"),
        ("events = []", "events", "at least one"),
        ('name = "màn hình"', "name", "plain letters"),
        ('secret = "0123456789"', "secret", "16 characters"),
        ('secret = ""', "secret", "16 characters"),
        ('secret_flie = "x"', "secret_flie", "“secret_file”"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, line: str, where: str, says: str) -> None:
    key = line.partition(" ")[0]
    text = "\n".join(known for known in GOOD.splitlines() if not known.startswith(f"{key} "))
    if key == "secret":
        text = text.replace('secret_file = "signage.secret"', "")
    (problem,) = told(tmp_path, LEAST + text + f"\n{line}\n")
    assert problem.startswith(f"webhook[1].{where}: "), problem
    assert says in problem
    assert "hunter2" not in problem
    assert "0123456789" not in problem


@pytest.mark.parametrize(
    "more", ["", 'secret = "0123456789abcdef"\nsecret_file = "signage.secret"\n']
)
def test_a_webhook_has_one_secret(tmp_path: Path, more: str) -> None:
    (problem,) = told(tmp_path, LEAST + HOOK + more)
    assert problem.startswith("webhook[1]: needs secret_file or secret")
    assert "0123456789abcdef" not in problem


def test_two_webhooks_have_two_names(tmp_path: Path, secret: Path) -> None:
    with pytest.raises(BadConfig) as bad:
        flaws(tmp_path, GOOD + GOOD)
    assert [problem.where for problem in bad.value.problems] == ["webhook[2].name"]


def test_the_shipped_file_tells_every_key_and_event_of_a_webhook() -> None:
    block = SHIPPED.read_text("utf-8").partition("# Other programs that are told")[2]
    for key in WebhookConfig.model_fields:
        assert re.search(rf"^# {key} = ", block, re.MULTILINE), key
    for kind in KINDS:
        assert re.search(rf"\b{kind.removeprefix('ticket.')}\b", block), kind


def test_check_says_how_each_webhook_goes(tmp_path: Path, secret: Path) -> None:
    assert flaws(tmp_path, GOOD) == []
    config = load(tmp_path / "kiosk.toml")
    centre = open_centre(config)
    centre.database.prepare()

    def line() -> Finding:
        (line,) = [one for one in inspect(config) if one.part == "Webhook signage"]
        return line

    def found() -> tuple[bool, str]:
        return line().ready, line().detail

    assert line().state == "unknown"
    devices.report(centre, "webhook signage", "warning", "webhook_silent")
    assert line().state == "warning"
    devices.report(centre, "webhook signage", "fault", "webhook_refuses")
    assert not found()[0]
    assert found()[1].startswith("https://signage.example.vn/kiosk: ")
    centre.database.close()
    secret.unlink()
    config = load(tmp_path / "kiosk.toml")
    assert not found()[0]
