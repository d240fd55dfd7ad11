"""Webhooks told by several processes and kiosks, and over TLS."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.office import webhooks
from kiosk.office.hall import read_devices
from tests.hall import centre_of
from tests.receiving import receiving
from tests.waiting import until
from tests.web.test_deliveries import begun, health_of, hook_to, issued, place, take, telling

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody has signed, with its key."""
    path = tmp_path / "receiver.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(path), "-out", str(tmp_path / "trusted.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + (tmp_path / "trusted.pem").read_bytes())
    return path


def test_a_certificate_that_nobody_trusts_is_told_and_nothing_sent(
    centre: Centre, certificate: Path
) -> None:
    with receiving(certificate=certificate) as receiver, begun(centre, hook_to(receiver)):
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_certificate"))
    assert receiver.got == []


def test_a_certificate_of_the_offices_own_is_trusted_where_it_is_named(
    centre: Centre, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("trusted.pem")))
    with receiving(certificate=certificate) as receiver, begun(centre, hook_to(receiver)):
        take(centre, 2)
        until(lambda: len(receiver.taken) == 2)
    other = replace(hook_to(receiver), url=receiver.url.replace("127.0.0.1", "localhost"))
    with receiving(receiver, certificate=certificate), telling(centre, other):
        take(centre)
        until(lambda: health_of(centre) == ("fault", "webhook_certificate"))
    assert len(receiver.taken) == 2


def test_one_process_tells_and_another_takes_over_when_it_is_silent(
    centre: Centre, clock: Clock
) -> None:
    with receiving() as receiver:
        hook = hook_to(receiver)
        assert webhooks.hold(centre, hook, "dead") is not None
        take(centre, 2)
        with telling(centre, hook):
            assert webhooks.hold(centre, hook, "other") is None
            clock.forward(seconds=webhooks.LEASE.total_seconds() - 1)
            assert webhooks.hold(centre, hook, "other") is None
            assert receiver.got == []
            clock.forward(seconds=2)
            until(lambda: len(receiver.taken) == 2)
            assert webhooks.hold(centre, hook, "dead") is None
            assert not webhooks.move_on(centre, hook, "dead", 1)
    assert receiver.seqs() == issued(centre)
    assert webhooks.hold(centre, hook, "dead") is not None


def test_two_kiosks_on_one_store_tell_each_event_once(postgres_url: str) -> None:
    one, two = (centre_of(postgres_url, kiosk=name) for name in ("kiosk-1", "kiosk-2"))
    with receiving() as receiver:
        hook = hook_to(receiver)
        with telling(one, hook), telling(two, hook):
            until(lambda: place(one, hook) is not None)
            take(one, 10)
            take(two, 10)
            until(lambda: len(receiver.taken) >= 20)
            told = [device.kiosk for device in read_devices(one) if device.name == hook.device]
            assert len(told) == 1
        assert receiver.seqs() == issued(one)
    for centre in (one, two):
        centre.database.close()
