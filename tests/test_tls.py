"""kiosk tls: what it makes, keeps, refuses and tells; and the web's process that serves with it."""

from __future__ import annotations

import os
import socket
import ssl
import stat
from datetime import timedelta
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from typer.testing import CliRunner

from kiosk import tls
from kiosk.__main__ import app
from kiosk.authority import AUTHORITY_LIFE, CERTIFICATE_LIFE, read_authority
from kiosk.calendar import utc_now
from kiosk.check import inspect
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.texts import texts, told_to_technician
from kiosk.tls import files_of, host_of
from kiosk.web.certificate import read_term
from tests.e2e.running import Hall, until
from tests.test_config import LEAST, SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.tls import Files

WEB = "\n[web]   # mới\nport = {port} # cổng của phòng\n# Hỏi chị Lan.\n"
FOUND = ("kiosk-1", "kiosk-1.local", "192.168.1.20", "localhost", "127.0.0.1", "::1")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a name and an address of its own, in English."""
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(socket, "gethostname", lambda: "kiosk-1")
    monkeypatch.setattr(tls, "own_networks", lambda: [IPv4Interface("192.168.1.20/24")])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST + WEB.format(port=8080), "utf-8")
    return path


def kiosk(config: Path, *command: str) -> str:
    """What it prints; an expected trouble is raised as the caller of the process would tell it."""
    done = CliRunner().invoke(app, ["tls", *command, "--config", str(config)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def made(config: Path) -> Files:
    return files_of(load(config))


def names_in(config: Path) -> set[str]:
    files = made(config)
    return set(read_term((files.certificate, files.key)).names)


def contents(config: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in config.parent.iterdir()}


def turn_clock(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    monkeypatch.setattr(tls, "utc_now", lambda: utc_now() + ahead)


def test_a_certificate_is_made_named_in_the_file_and_explained(config: Path) -> None:
    told = kiosk(config, "init", "--name", "Một-Cửa.example.vn")
    files = made(config)

    assert load(config).certificate_files == (files.certificate, files.key)
    assert names_in(config) == {"xn--mt-ca-4b2bxf.example.vn", *FOUND}
    assert "một-cửa.example.vn" in told
    assert "https://192.168.1.20:8080" in told
    assert str(files.authority) in told
    der = ssl.PEM_cert_to_DER_cert(files.authority.read_text("ascii"))
    digest = x509.load_der_x509_certificate(der).fingerprint
    assert digest(hashes.SHA256()).hex(":").upper() in told
    assert digest(hashes.SHA1()).hex(":").upper() in told
    assert 'set host = "0.0.0.0"' in told
    assert kiosk(config, "show") == told.split("\n\n", 1)[1]


def test_keys_are_for_the_owner_alone_and_nothing_unfinished_is_left(config: Path) -> None:
    before = os.umask(0)
    try:
        kiosk(config, "init")
    finally:
        os.umask(before)

    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in config.parent.iterdir()}
    assert rights.pop("kiosk.toml") == 0o644
    assert rights == {
        "kiosk-ca.crt": 0o644,
        "kiosk-ca.key": 0o600,
        "kiosk-web.pem": 0o644,
        "kiosk-web.key": 0o600,
    }


def test_what_root_makes_belongs_to_the_user_of_the_folder(config: Path) -> None:
    if os.geteuid() == 0:
        for path in (config.parent, config):
            os.chown(path, 12345, 12345)
    kiosk(config, "init")

    owner = config.parent.stat().st_uid
    assert {path.stat().st_uid for path in config.parent.iterdir()} == {owner}


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("text", [LEAST, LEAST + WEB.format(port=8081), SHIPPED.read_text("utf-8")])
def test_every_other_line_of_the_file_stays(config: Path, text: str, mark: str) -> None:
    before = (mark + text).replace("\n", "\r\n")
    config.write_bytes(before.encode())
    config.chmod(0o640)
    kiosk(config, "init")
    after = config.read_bytes().decode()

    changed = ("certificate =", "key =")
    kept = [line for line in before.splitlines() if line and not line.startswith(changed)]
    assert [line for line in after.splitlines() if line in kept] == kept
    assert after.count("\n") == after.count("\r\n")
    assert after.startswith(mark + text[:5].replace("\n", "\r\n"))
    assert config.stat().st_mode & 0o777 == 0o640
    assert load(config).web.certificate == "kiosk-web.pem"


def test_a_second_run_changes_nothing_and_tells_what_there_is(config: Path) -> None:
    kiosk(config, "init")
    before = contents(config)
    told = kiosk(config, "init")

    assert contents(config) == before
    assert "There is a certificate already" in told
    until_day = texts("en").date((utc_now() + CERTIFICATE_LIFE).astimezone().date())
    assert until_day in told


def test_a_run_that_was_cut_off_before_the_file_was_written_is_finished(config: Path) -> None:
    text = config.read_text("utf-8")
    kiosk(config, "init")
    before = contents(config)
    config.write_text(text, "utf-8")
    kiosk(config, "init")

    assert contents(config) == before


def test_what_was_made_is_not_overwritten_without_force(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk(config, "init")
    before = contents(config)
    with pytest.raises(Refused, match="tls_there") as told:
        kiosk(config, "init", "--name", "10.1.2.3")
    assert "10.1.2.3" in told_to_technician(told.value, texts("en"))
    turn_clock(monkeypatch, CERTIFICATE_LIFE - timedelta(days=20))
    with pytest.raises(Refused, match="tls_there") as told:
        kiosk(config, "init")
    assert "ends soon" in told_to_technician(told.value, texts("en"))
    assert "ends soon" in kiosk(config, "show")
    made(config).key.write_text("xin chào", "utf-8")
    with pytest.raises(Refused, match="tls_there") as told:
        kiosk(config, "init")
    assert "kiosk-web.key" in told_to_technician(told.value, texts("vi"))
    del before["kiosk-web.key"]
    assert {name: text for name, text in contents(config).items() if name in before} == before


def test_a_renewal_keeps_the_authority_and_every_name(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk(config, "init", "--name", "10.1.2.3")
    made(config).key.write_bytes(b"lost")
    before = contents(config)
    turn_clock(monkeypatch, timedelta(days=700))
    told = kiosk(config, "init", "--force")
    after = contents(config)

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"kiosk-web.pem", "kiosk-web.key"}
    assert names_in(config) == {"10.1.2.3", *FOUND}
    assert "clerks' PCs need nothing" in told
    files = made(config)
    ends = read_term((files.certificate, files.key)).ends
    assert ends > utc_now() + CERTIFICATE_LIFE + timedelta(days=600)


def test_no_certificate_outlives_its_authority_and_an_old_authority_gives_none(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk(config, "init")
    files = made(config)
    first = files.authority.read_bytes()
    turn_clock(monkeypatch, AUTHORITY_LIFE - timedelta(days=120))
    kiosk(config, "init", "--force")
    assert files.authority.read_bytes() == first
    ends = x509.load_pem_x509_certificate(first).not_valid_after_utc
    assert read_term((files.certificate, files.key)).ends == ends
    turn_clock(monkeypatch, AUTHORITY_LIFE - timedelta(days=80))
    assert "An authority" in kiosk(config, "init", "--force")
    assert files.authority.read_bytes() != first


def test_a_renamed_machine_keeps_its_authority_and_is_told(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk(config, "init")
    before = made(config).authority.read_bytes()
    monkeypatch.setattr(socket, "gethostname", lambda: "kiosk-9")
    assert "does not hold: kiosk-9, kiosk-9.local" in kiosk(config, "init")
    told = kiosk(config, "init", "--force")

    assert "Left out" in told
    assert "kiosk-9" not in names_in(config)
    assert made(config).authority.read_bytes() == before
    with pytest.raises(Refused, match="tls_authority_names") as refused:
        kiosk(config, "init", "--force", "--name", "kiosk-9")
    assert "kiosk-9" in told_to_technician(refused.value, texts("vi"))


def test_a_stolen_authority_plays_no_other_site(config: Path) -> None:
    kiosk(config, "init", "--name", "motcua.example.vn")
    files = made(config)
    authority = read_authority(files.authority.read_bytes(), files.authority_key.read_bytes())

    for name in ("motcua.example.vn", "a.motcua.example.vn", "kiosk-1", "10.200.1.1", "fd00::7"):
        assert authority.permits(name), name
    for name in ("example.vn", "dichvucong.gov.vn", "xmotcua.example.vn", "8.8.8.8", "2001:db8::1"):
        assert not authority.permits(name), name


@pytest.mark.parametrize("gone", ["kiosk-ca.crt", "kiosk-ca.key"])
def test_half_an_authority_is_never_replaced(config: Path, gone: str) -> None:
    kiosk(config, "init")
    (config.parent / gone).unlink()
    before = contents(config)
    with pytest.raises(Refused, match="tls_authority_half") as told:
        kiosk(config, "init", "--force")

    assert gone in told_to_technician(told.value, texts("en"))
    assert contents(config) == before


@pytest.mark.parametrize("name", ["kiosk-ca.crt", "kiosk-ca.key"])
@pytest.mark.parametrize("spoilt", [b"xin chao", None])
def test_a_broken_authority_is_told_and_left(
    config: Path, tmp_path: Path, name: str, spoilt: bytes | None
) -> None:
    kiosk(config, "init")
    other = tmp_path / "other"
    other.mkdir()
    (other / "kiosk.toml").write_text(LEAST, "utf-8")
    kiosk(other / "kiosk.toml", "init")
    (config.parent / name).write_bytes(spoilt or (other / name).read_bytes())
    before = (config.parent / "kiosk-web.pem").read_bytes()
    with pytest.raises(Refused, match="tls_authority_broken"):
        kiosk(config, "init", "--force")

    assert (config.parent / "kiosk-web.pem").read_bytes() == before


def test_a_certificate_of_the_office_is_not_put_aside_without_force(config: Path) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write('certificate = "tls/ubnd.pem"\nkey = "tls/ubnd.key"\n')
    with pytest.raises(Refused, match="tls_other"):
        kiosk(config, "init")
    assert [*contents(config)] == ["kiosk.toml"]
    kiosk(config, "init", "--force")

    assert load(config).web.certificate == "kiosk-web.pem"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://một-cửa.example.vn", "xn--mt-ca-4b2bxf.example.vn"),
        ("https://MOTCUA.Example.VN:8443/hang-doi", "motcua.example.vn"),
        ("https://[2001:db8::1]:8443", "2001:db8::1"),
        ("http://10.20.30.40/", "10.20.30.40"),
        ("https://lan@motcua.example.vn./x", "motcua.example.vn"),
        ("https://motcua..vn", None),
        ("https://" + "a" * 64 + ".vn", None),
        ("https://%C3%A1.vn", None),
    ],
)
def test_the_host_of_the_public_address_is_in_it_where_it_is_one(
    config: Path, url: str, name: str | None
) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(f'public_url = "{url}"\n')
    kiosk(config, "init")

    assert names_in(config) == {*FOUND, *([name] if name else [])}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "một cửa",
        "a..b",
        "*.vn",
        "192.168.1.300",
        "1.2.3",
        "fe80::1%eth0",
        "a" * 64,
        "x/y",
        "-a",
    ],
)
def test_what_is_no_name_is_refused_before_anything_is_made(config: Path, name: str) -> None:
    with pytest.raises(Refused, match="bad_tls_name"):
        kiosk(config, "init", "--name", name)

    assert [*contents(config)] == ["kiosk.toml"]


def test_names_are_written_as_certificates_write_them() -> None:
    assert host_of(" PC_01. ") == "pc_01"
    assert host_of("[::1]") == "::1"
    assert host_of("FD00:0::1") == "fd00::1"


def test_without_a_certificate_there_is_nothing_to_show(config: Path) -> None:
    with pytest.raises(Refused, match="tls_none"):
        kiosk(config, "show")


def test_a_folder_that_cannot_be_written_is_told(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="folder_unwritable"):
        kiosk(config, "init")

    assert [*contents(config)] == ["kiosk.toml"]


def checked(config: Path) -> tuple[bool, str]:
    (found,) = [one for one in inspect(load(config)) if one.part == "Clerk page"]
    return found.ready, found.detail


def test_the_check_tells_how_the_certificate_is(config: Path) -> None:
    assert checked(config) == (True, "http://127.0.0.1 port 8080 is free")
    kiosk(config, "init")
    ready, told = checked(config)
    assert ready
    assert told.startswith("https://127.0.0.1 port 8080 is free; certificate valid until ")
    made(config).key.unlink()
    ready, told = checked(config)
    assert not ready
    assert f"The file {made(config).key}" in told
    assert "kiosk tls init" in told


def test_the_check_and_every_command_tell_why_the_network_is_not_served(config: Path) -> None:
    config.write_text(config.read_text("utf-8") + 'host = "0.0.0.0"\n', "utf-8")
    done = CliRunner().invoke(app, ["check", "--config", str(config)])

    assert done.exit_code == 1
    assert "web.host: without a certificate '0.0.0.0' serves this machine only" in done.output
    ready, told = checked(config)
    assert not ready
    assert "kiosk tls init" in told
    assert "plain_http = true" in told
    config.write_text(config.read_text("utf-8") + "plain_http = true\n", "utf-8")
    assert checked(config)[0]
    assert load(config).flaws == []


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    yield hall
    hall.close()


def serve_at(hall: Hall, *lines: str) -> None:
    text = hall.config.read_text("utf-8")
    at = f"port = {hall.port}\n"
    hall.config.write_text(text.replace(at, at + "".join(f"{line}\n" for line in lines)), "utf-8")


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_the_network_is_not_served_in_plain_unless_it_is_said(hall: Hall) -> None:
    """127.0.0.2 is served by who listens for everybody, not by who listens at 127.0.0.1."""
    serve_at(hall, 'host = "0.0.0.0"')
    hall.start("web", "print")
    hall.wait()
    hall.wait_for_device("web", "fault", "plain_http")
    assert not answers("127.0.0.2", hall.port)
    assert "without a certificate '0.0.0.0' serves this machine only" in hall.log()
    assert "NOT READY" in hall.kiosk("check").stdout
    hall.stop()
    serve_at(hall, "plain_http = true")
    hall.start("web")
    hall.wait()
    hall.wait_for_device("web", "ok")
    assert answers("127.0.0.2", hall.port)


def test_a_hall_serves_by_tls_and_a_key_that_is_lost_and_found_is_retried(hall: Hall) -> None:
    serve_at(hall, 'host = "0.0.0.0"')
    assert hall.kiosk("tls", "init").returncode == 0
    key = made(hall.config).key
    lost = key.rename(key.with_suffix(".lost"))
    hall.start("web", "print")
    until(lambda: f"The file {key}" in hall.log(), "the missing key is told")
    told = hall.kiosk("check").stdout
    assert f"The file {key}" in told
    lost.rename(key)
    trust = ssl.create_default_context(cafile=made(hall.config).authority)
    with httpx.Client(base_url=f"https://localhost:{hall.port}", verify=trust) as client:
        until(lambda: client.get("/healthz").status_code == 200, "it serves")
        devices = client.get("/healthz").json()["devices"]
        assert [d["state"] for d in devices if d["name"] == "web"] == ["ok"]
        assert client.post("/api/tickets", json={"service": "A"}).status_code == 201
    assert answers("127.0.0.2", hall.port)
    assert f"runs at https://0.0.0.0 port {hall.port}; certificate" in hall.kiosk("check").stdout
