"""The commands about keys and webhooks, as a technician runs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.office import keys
from kiosk.office.centre import open_centre
from kiosk.rights import Scope
from kiosk.webhooks import signature
from tests.receiving import receiving
from tests.technician import kiosk
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

    from tests.receiving import Receiver


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST, "utf-8")
    return path


def test_a_key_is_told_once_listed_and_removed(config: Path) -> None:
    added = kiosk(config, "key", "add", "Màn hình", "--scope", "board", "--scope", "tickets")
    (key,) = re.findall(r"^mk_[A-Za-z0-9_-]{43}$", added.output, re.MULTILINE)
    listed = kiosk(config, "key", "list").output
    assert "Màn hình" in listed
    assert "board, tickets" in listed
    assert key not in listed
    centre = open_centre(load(config))
    known = keys.key(centre, key)
    assert known is not None
    assert known.scopes == {Scope.BOARD, Scope.TICKETS}
    kiosk(config, "key", "remove", "Màn hình")
    assert keys.key(centre, key) is None
    centre.database.close()
    assert kiosk(config, "key", "list").output == ""


def test_a_key_needs_a_scope_that_there_is(config: Path) -> None:
    assert kiosk(config, "key", "add", "x").exit_code == 2
    assert kiosk(config, "key", "add", "x", "--scope", "everything").exit_code == 2
    with pytest.raises(Refused) as refused:
        kiosk(config, "key", "remove", "x")
    assert refused.value.code == "no_such_key"


def name_in(config: Path, receiver: Receiver) -> None:
    hook = f"""
[[webhook]]
name = "signage"
url = "{receiver.url}"
events = ["ticket.*"]
secret = "a secret of this test"
"""
    config.write_text(LEAST + hook, "utf-8")


@pytest.mark.parametrize("which", ["signage", "1", None])
def test_a_webhook_is_tried_with_a_signed_sample(config: Path, which: str | None) -> None:
    with receiving() as receiver:
        name_in(config, receiver)
        done = kiosk(config, "webhook", "test", which or receiver.url)
    (got,) = receiver.taken
    assert done.exit_code == 0
    assert "200 OK" in done.output
    assert "taken" in done.output
    assert got.headers["X-Kiosk-Event"] == got.told["event"] == "webhook.test"
    stamp = got.headers["X-Kiosk-Signature"]
    at = int(stamp.removeprefix("t=").partition(",")[0])
    assert stamp == signature(b"a secret of this test", at, got.body)


def test_what_a_receiver_says_is_shown_without_its_tricks(config: Path) -> None:
    with receiving() as receiver:
        name_in(config, receiver)
        receiver.answer = lambda handler: handler.say(403, b"\x1b[31mwrong\xff" + b"x" * 100_000)
        done = CliRunner().invoke(
            app, ["webhook", "test", "1", "--config", str(config)], env={"LANGUAGE": "en"}
        )
    assert "403 Forbidden" in done.output
    assert "wrong" in done.output
    assert "\x1b" not in done.output
    assert len(done.output) < 500
    assert isinstance(done.exception, Refused)
    assert done.exception.code == "webhook_refuses"


def test_a_webhook_that_is_not_there_is_told_as_that(config: Path) -> None:
    with receiving() as receiver:
        name_in(config, receiver)
    with pytest.raises(Unavailable) as away:
        kiosk(config, "webhook", "test", "signage")
    assert away.value.code == "webhook_unreachable"
    for which in ("2", "0", "other", "https://example.vn/"):
        with pytest.raises(Refused) as refused:
            kiosk(config, "webhook", "test", which)
        assert refused.value.code == "no_such_webhook"
