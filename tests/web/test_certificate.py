"""The web over TLS: real sockets, certificates of every age, renewals good and bad."""

from __future__ import annotations

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from playwright.sync_api import expect

from kiosk.authority import CERTIFICATE_LIFE, pem_of
from kiosk.calendar import utc_now
from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.office.tickets import take_ticket
from kiosk.texts import texts, told_to_technician
from kiosk.web import certificate as module
from kiosk.web.certificate import Certificate, Term, read_term
from kiosk.web.server import serve
from kiosk.web.sockets import listen
from tests.hall import centre_at
from tests.waiting import until
from tests.web.browsing import paged
from tests.web.certificates import EXPIRED, NAMES, given
from tests.web.serving import PIN, add_clerks, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre
    from tests.web.certificates import Given

DAY = timedelta(days=1)


@pytest.fixture
def mine(tmp_path: Path) -> Given:
    return given(tmp_path)


@pytest.fixture
def said() -> list[tuple[str, str]]:
    """What was told of the device "web", in order."""
    return []


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)


@contextmanager
def over_tls(centre: Centre, mine: Given, said: list[tuple[str, str]]) -> Iterator[str]:
    certificate = Certificate(mine.files, utc_now, lambda *told: said.append(told))
    with served(centre, certificate=certificate) as address:
        yield address


def shown(address: str, context: ssl.SSLContext) -> bytes:
    """The certificate that a new connection is shown, or what a browser says against it."""
    url = httpx.URL(address)
    with (
        socket.create_connection((url.host, url.port), 5) as plain,
        context.wrap_socket(plain, server_hostname=url.host) as secure,
    ):
        return secure.getpeercert(binary_form=True) or b""


def blind() -> ssl.SSLContext:
    """A browser whose user clicked the warning away."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def leaf(mine: Given) -> bytes:
    pem = x509.load_pem_x509_certificate(mine.files[0].read_bytes())
    return pem.public_bytes(serialization.Encoding.DER)


def test_a_pc_that_trusts_the_authority_is_served_and_its_cookie_is_for_tls_only(
    centre: Centre, mine: Given, said: list[tuple[str, str]]
) -> None:
    with (
        over_tls(centre, mine, said) as address,
        httpx.Client(base_url=address, verify=mine.browser()) as client,
    ):
        body = {"clerk": "hoa", "pin": PIN, "counter": 1}
        answer = client.post("/api/session", json=body)
        assert answer.status_code == 200
        name, *marks = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-kiosk_session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} == set(marks)
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        assert client.post("/api/counters/1/next", json={}).status_code == 204
        assert client.get("/healthz").json()["status"] == "ok"
        ended = client.delete("/api/session").headers["set-cookie"]
        assert ended.startswith('__Host-kiosk_session=""')
        assert "Secure" in ended
        assert client.post("/api/counters/1/next", json={}).status_code == 401
    assert said[0] == ("ok", "")


def test_the_page_is_signed_into_by_tls_without_its_script(
    centre: Centre, mine: Given, said: list[tuple[str, str]]
) -> None:
    with (
        over_tls(centre, mine, said) as address,
        httpx.Client(base_url=address, verify=mine.browser()) as client,
    ):
        page = client.post("/clerk", data={"clerk": "hoa", "pin": PIN, "counter": "1"})
        assert page.status_code == 303
        assert page.headers["set-cookie"].startswith("__Host-kiosk_session=")
        assert "csrf" in client.get(page.headers["location"]).text


def test_a_clerk_works_in_a_real_browser_though_the_certificate_has_expired(
    mine: Given, tmp_path: Path, browser: Browser
) -> None:
    """Chromium keeps a __Host- cookie only when it is as such a cookie must be."""
    mine.give(EXPIRED)
    centre = centre_at(tmp_path / "live.db", utc_now)
    add_clerks(centre)
    with (
        Health(centre) as health,
        served(
            centre, certificate=Certificate(mine.files, utc_now, partial(health.report, "web"))
        ) as address,
        paged(browser, trusts_all=True) as page,
    ):
        take_ticket(centre, service="A", actor="test")
        page.goto(f"{address}/clerk")
        page.locator("#login").fill("hoa")
        page.locator("#pin").fill(PIN)
        page.locator("#counter").select_option("1")
        page.keyboard.press("Enter")
        expect(page.locator("#link")).to_have_attribute("data-state", "live")
        page.locator("#next").click()
        expect(page.locator("#number")).to_have_text("A001")
        expect(page.locator("body")).to_contain_text(texts("vi").say("device.certificate_expired"))
        (cookie,) = page.context.cookies()
        assert cookie["name"] == "__Host-kiosk_session"
        assert cookie["secure"]
    centre.database.close()


def test_who_speaks_plain_or_old_tls_or_trusts_nobody_gets_no_answer_and_harms_none(
    centre: Centre, mine: Given, said: list[tuple[str, str]]
) -> None:
    with over_tls(centre, mine, said) as address:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(address.replace("https", "http") + "/healthz")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{address}/healthz", verify=ssl.create_default_context())
        old = blind()
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError):
            shown(address, old)
        newer = mine.browser()
        newer.maximum_version = ssl.TLSVersion.TLSv1_2
        assert shown(address, newer) == leaf(mine)


def test_a_browser_insists_on_tls_for_a_day_and_never_beyond_the_certificate(
    centre: Centre, mine: Given, said: list[tuple[str, str]], tmp_path: Path
) -> None:
    def strict(age: timedelta) -> str | None:
        mine.give(age)
        with over_tls(centre, mine, said) as address:
            answer = httpx.get(f"{address}/healthz", verify=blind())
        return answer.headers.get("strict-transport-security")

    assert strict(timedelta()) == "max-age=86400"
    (seconds,) = [strict(CERTIFICATE_LIFE - timedelta(minutes=9))]
    assert 400 < int((seconds or "").removeprefix("max-age=")) <= 540
    assert strict(EXPIRED) is None
    assert strict(-2 * DAY) is None
    with served(centre) as address:
        assert "strict-transport-security" not in httpx.get(f"{address}/healthz").headers


def test_a_renewed_certificate_is_used_without_a_restart_and_no_connection_is_lost(
    centre: Centre, mine: Given, said: list[tuple[str, str]]
) -> None:
    with (
        over_tls(centre, mine, said) as address,
        httpx.Client(base_url=address, verify=mine.browser()) as client,
    ):
        before = leaf(mine)
        assert client.get("/healthz").status_code == 200
        assert shown(address, mine.browser()) == before
        mine.give()
        assert leaf(mine) != before
        until(lambda: shown(address, mine.browser()) == leaf(mine))
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda mine: mine.files[0].unlink(), "certificate_missing"),
        (lambda mine: put(mine.files[1], b""), "key_broken"),
        (lambda mine: put(mine.files[0], mine.files[0].read_bytes()[:300]), "certificate_broken"),
        (lambda mine: half_renewed(mine, 0), "key_differs"),
        (lambda mine: half_renewed(mine, 1), "key_differs"),
    ],
)
def test_a_renewal_that_cannot_be_used_is_told_and_the_old_one_serves(
    centre: Centre,
    mine: Given,
    said: list[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
    spoil: object,
    reason: str,
) -> None:
    assert callable(spoil)
    with over_tls(centre, mine, said) as address:
        before, files = leaf(mine), [path.read_bytes() for path in mine.files]
        spoil(mine)
        until(lambda: said[-1] == ("warning", reason))
        assert shown(address, mine.browser()) == before
        for path, content in zip(mine.files, files, strict=True):
            put(path, content)
        until(lambda: said[-1] == ("ok", ""))
        assert shown(address, mine.browser()) == before
    kept = [r.message for r in caplog.records if r.name == module.__name__]
    assert len(kept) == 1
    assert str(mine.folder) in kept[0]


def put(path: Path, content: bytes) -> None:
    """At one stroke: whoever looks at the file meanwhile finds nothing that is half of either."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def half_renewed(mine: Given, kept: int) -> None:
    """The certificate (0) or the key (1) is still the one before."""
    elsewhere = mine.folder / "elsewhere"
    elsewhere.mkdir()
    renewed = replace(mine, folder=elsewhere)
    renewed.give()
    put(mine.files[1 - kept], renewed.files[1 - kept].read_bytes())


def test_an_expired_certificate_serves_and_staff_are_told(
    centre: Centre, mine: Given, said: list[tuple[str, str]]
) -> None:
    mine.give(EXPIRED)
    with over_tls(centre, mine, said) as address:
        assert said[-1] == ("fault", "certificate_expired")
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            shown(address, mine.browser())
        assert httpx.get(f"{address}/healthz", verify=blind()).status_code == 200
        mine.files[1].unlink()
        mine.give()
        until(lambda: said[-1] == ("ok", ""))
        assert shown(address, mine.browser()) == leaf(mine)


@pytest.mark.parametrize(
    ("life", "left", "told"),
    [
        (800 * DAY, 31 * DAY, ("ok", "")),
        (800 * DAY, 30 * DAY, ("warning", "certificate_ends_soon")),
        (800 * DAY, timedelta(seconds=1), ("warning", "certificate_ends_soon")),
        (800 * DAY, timedelta(), ("fault", "certificate_expired")),
        (800 * DAY, 801 * DAY, ("fault", "certificate_early")),
        # One that a program renews every few weeks is not warned of all its life.
        (47 * DAY, 16 * DAY, ("ok", "")),
        (47 * DAY, 15 * DAY, ("warning", "certificate_ends_soon")),
    ],
)
def test_the_end_is_told_beforehand(
    life: timedelta, left: timedelta, told: tuple[str, str]
) -> None:
    ends = datetime.fromisoformat("2027-05-01T00:00:00+00:00")

    assert Term(ends - life, ends, ()).judged(ends - left) == told


def test_what_a_certificate_says_is_read_whatever_its_date(mine: Given) -> None:
    for age in (timedelta(), EXPIRED, -2 * DAY):
        mine.give(age)
        term = read_term(mine.files)
        assert term.names == NAMES
        assert abs(utc_now() - age + CERTIFICATE_LIFE - term.ends) < timedelta(minutes=1)


def test_files_from_windows_are_read_too(mine: Given) -> None:
    for path in mine.files:
        crlf = b"\xef\xbb\xbfT\xc3\xaan: m\xe1\xbb\x99t c\xe1\xbb\xada\n" + path.read_bytes()
        path.write_bytes(crlf.replace(b"\n", b"\r\n"))

    assert read_term(mine.files).names == NAMES


def as_der(mine: Given) -> None:
    mine.files[0].write_bytes(leaf(mine))


def locked(mine: Given) -> None:
    key = serialization.load_pem_private_key(mine.files[1].read_bytes(), None)
    lock = serialization.BestAvailableEncryption(b"secret")
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        pem = key.private_bytes(serialization.Encoding.PEM, form, lock)
        mine.files[1].write_bytes(pem)
        with pytest.raises(Unavailable, match="key_broken"):
            read_term(mine.files)


def for_clients(mine: Given) -> None:
    """The same certificate, for another purpose."""
    authority = mine.authority
    known = x509.load_pem_x509_certificate(mine.files[0].read_bytes())
    other = (
        x509.CertificateBuilder()
        .subject_name(known.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(known.public_key())
        .serial_number(7)
        .not_valid_before(known.not_valid_before_utc)
        .not_valid_after(known.not_valid_after_utc)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    mine.files[0].write_bytes(pem_of(other))


def as_folder(mine: Given) -> None:
    mine.files[0].unlink()
    mine.files[0].mkdir()


def turned(mine: Given) -> None:
    """The authority's certificate first, as some tools write it."""
    mine.files[0].write_bytes(pem_of(mine.authority.certificate) + mine.files[0].read_bytes())


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda mine: mine.files[0].unlink(), "certificate_missing"),
        (lambda mine: mine.files[1].unlink(), "certificate_missing"),
        (as_folder, "certificate_unreadable"),
        (as_der, "certificate_broken"),
        (lambda mine: mine.files[0].write_text("xin chào"), "certificate_broken"),
        (
            lambda mine: mine.files[0].write_text(
                "-----BEGIN CERTIFICATE-----\nxin chào\n-----END CERTIFICATE-----\n"
            ),
            "certificate_broken",
        ),
        (lambda mine: mine.files[1].write_text("xin chào"), "key_broken"),
        (
            lambda mine: mine.files[1].write_text(
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
            ),
            "key_broken",
        ),
        (locked, "key_broken"),
        (lambda mine: half_renewed(mine, 0), "key_differs"),
        (turned, "key_differs"),
        (for_clients, "certificate_unfit"),
    ],
)
def test_what_cannot_serve_is_told_by_its_file_and_its_mend(
    mine: Given, spoil: object, code: str
) -> None:
    assert callable(spoil)
    spoil(mine)
    with pytest.raises(Unavailable) as lost:
        read_term(mine.files)

    assert lost.value.code == code
    for language in ("vi", "en"):
        words = texts(language)
        assert str(mine.folder) in told_to_technician(lost.value, words)
        assert words.has(f"device.{code}")


def test_a_bug_while_it_looks_ends_the_server_and_is_not_passed_over(
    centre: Centre, mine: Given
) -> None:
    fails, stop = threading.Event(), threading.Event()

    def told(*_: str) -> None:
        if fails.is_set():
            raise RuntimeError("a bug")

    certificate = Certificate(mine.files, utc_now, told)
    listener = listen("127.0.0.1", 0)
    with ThreadPoolExecutor(1) as pool:
        serving = pool.submit(
            serve,
            centre,
            "127.0.0.1",
            0,
            listener=listener,
            started=fails.set,
            stop=stop,
            certificate=certificate,
        )
        try:
            with pytest.raises(RuntimeError, match="a bug"):
                serving.result(20)
        finally:
            stop.set()
