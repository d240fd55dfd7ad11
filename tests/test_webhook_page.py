"""The page for those who write receivers: what it says is what is sent."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.office import calls, webhooks
from kiosk.office.tickets import take_ticket
from kiosk.webhooks import KINDS, Webhook, headers, kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "webhooks.md").read_text("utf-8")
SECRET = b"a secret of this test"
HOOK = Webhook("signage", "http://127.0.0.1/", kinds_of("*"), SECRET)


def block(language: str) -> str:
    """The page's first one of that language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def is_from_kiosk() -> Callable[..., bool]:
    known: dict[str, Any] = {}
    exec(compile(block("python"), "docs/webhooks.md", "exec"), known)
    verify: Callable[..., bool] = known["is_from_kiosk"]
    return verify


def signed(body: bytes, at: float) -> str:
    return headers(HOOK, "ticket.called", "1", int(at), body)["X-Kiosk-Signature"]


def test_the_verifying_example_takes_what_the_kiosk_signs(
    is_from_kiosk: Callable[..., bool],
) -> None:
    body = '{"number": "Đ025"}'.encode()
    assert is_from_kiosk(SECRET, signed(body, time.time()), body)


def test_the_verifying_example_takes_nothing_else(is_from_kiosk: Callable[..., bool]) -> None:
    body, now = b"{}", time.time()
    right = signed(body, now)
    assert not is_from_kiosk(SECRET, right, b"{ }")
    assert not is_from_kiosk(b"another secret, as long", right, body)
    assert not is_from_kiosk(SECRET, signed(body, now - 3600), body)
    later = right.replace(f"t={int(now)}", f"t={int(now) + 1}")
    for wrong in ("", "t=", "v1=", "t=x,v1=y", "nonsense", later, right[:-1], right.upper()):
        assert not is_from_kiosk(SECRET, wrong, body)


def test_the_body_on_the_page_has_the_keys_of_a_real_one(centre: Centre) -> None:
    take_ticket(centre, service="A", actor="touch")
    calls.call_next(centre, 1, clerk="hoa")
    told = json.loads(webhooks.read_page(centre, HOOK, 0).deliveries[-1].body)
    shown = json.loads(block("json"))
    assert list(shown) == list(told)
    assert shown["event"] == told["event"] == "ticket.called"
    _, sample = webhooks.sample_of(centre, HOOK)
    assert list(json.loads(sample)) == list(told)


def test_the_page_names_every_event() -> None:
    assert set(re.findall(r"`(ticket\.\w+)`", PAGE)) == set(KINDS)
