"""What kiosk.toml says of the pages: where they are served, and how."""

from __future__ import annotations

from pathlib import Path
from socket import gethostname

import pytest

from kiosk.texts import texts
from tests.test_config import LEAST, read, told


@pytest.mark.parametrize(("has", "lacks"), [("certificate", "key"), ("key", "certificate")])
def test_a_certificate_and_its_key_come_together(tmp_path: Path, has: str, lacks: str) -> None:
    (problem,) = told(tmp_path, f'{LEAST}\n[web]\n{has} = "web.pem"\n')

    assert problem == (
        f"web.{lacks}: certificate and key are needed together, or neither; here is only {has}."
    )


def test_the_files_of_a_certificate_stand_beside_the_configuration(tmp_path: Path) -> None:
    web = '[web]\ncertificate = "tls/web.pem"\nkey = "/etc/kiosk/web.key"\n'
    config = read(tmp_path, f"{LEAST}\n{web}")

    assert config.certificate_files == (tmp_path / "tls" / "web.pem", Path("/etc/kiosk/web.key"))
    assert read(tmp_path, LEAST).certificate_files is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "ip6-localhost"])
def test_this_machine_itself_is_served_in_plain(tmp_path: Path, host: str) -> None:
    config = read(tmp_path, f'{LEAST}\n[web]\nhost = "{host}"\n')

    assert (config.web.served_host, config.web.scheme, config.flaws) == (host, "http", [])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "kiosk-1", "localhost.vn"])
def test_the_network_is_served_with_a_certificate_or_when_it_is_said(
    tmp_path: Path, host: str
) -> None:
    web = f'{LEAST}\n[web]\nhost = "{host}"\n'
    config = read(tmp_path, web)
    assert config.web.served_host == "127.0.0.1"
    assert [problem.where for problem in config.flaws] == ["web.host"]
    for more in ("plain_http = true\n", 'certificate = "web.pem"\nkey = "web.key"\n'):
        config = read(tmp_path, web + more)
        assert (config.web.served_host, config.flaws) == (host, [])


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ("", "http://127.0.0.1:8080"),
        ('host = "0.0.0.0"\n', "http://127.0.0.1:8080"),
        ('host = "0.0.0.0"\nplain_http = true\n', f"http://{gethostname()}:8080"),
        ('host = "::"\ncertificate = "w"\nkey = "k"\n', f"https://{gethostname()}:8080"),
        ('host = "fd00::7"\nport = 8443\ncertificate = "w"\nkey = "k"\n', "https://[fd00::7]:8443"),
    ],
)
def test_staff_are_told_an_address_that_opens(tmp_path: Path, more: str, address: str) -> None:
    assert read(tmp_path, f"{LEAST}\n[web]\n{more}").web.address == address


PUBLIC = f"{LEAST}\n[public]\nenabled = true\n"


def test_the_pages_for_everybody_are_off_and_then_have_what_they_need(tmp_path: Path) -> None:
    assert not read(tmp_path, LEAST).public.enabled
    for host, site in (("127.0.0.1", ("127.0.0.1", "http")), ("0.0.0.0", ("0.0.0.0", "https"))):
        web = '[web]\ncertificate = "web.pem"\nkey = "web.key"\n' if site[1] == "https" else ""
        config = read(tmp_path, f'{PUBLIC}host = "{host}"\n{web}')
        known = config.public_site
        assert (known.served_host, known.scheme, config.flaws) == (*site, [])
    own = read(tmp_path, f'{PUBLIC}certificate = "own.pem"\nkey = "own.key"\n{web}')
    assert own.pair_of(own.public_site) == (tmp_path / "own.pem", tmp_path / "own.key")
    plain = read(tmp_path, f"{PUBLIC}plain_http = true\n{web}")
    assert (plain.public_site.scheme, plain.web.scheme) == ("http", "https")


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ("port = 8080\n", "public.port: port 8080 is that of [web]."),
        ('host = "0.0.0.0"\n', "public.host: there is no certificate, so '0.0.0.0' serves this"),
    ],
)
def test_what_keeps_everybody_out_ends_nothing_else(tmp_path: Path, more: str, flaw: str) -> None:
    config = read(tmp_path, PUBLIC + more)
    (found,) = config.flaws
    assert found.told(texts("en")).startswith(flaw)
    assert config.public_site.served_host == "127.0.0.1"
    assert read(tmp_path, f"{LEAST}\n[public]\n{more}").flaws == []


def test_half_a_certificate_for_everybody_is_a_mistake(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, f'{PUBLIC}certificate = "own.pem"\n')
    assert problem.startswith("public.key: ")


@pytest.mark.parametrize("url", ["motcua.vn", "https://", "https://[2001:db8::1/", "ftp://a.vn"])
def test_what_is_no_address_for_phones_is_told(tmp_path: Path, url: str) -> None:
    (problem,) = told(tmp_path, f'{LEAST}\n[web]\npublic_url = "{url}"\n')

    assert problem.startswith("web.public_url: ")


def test_no_two_things_share_a_key_of_the_clerks_page(tmp_path: Path) -> None:
    assert read(tmp_path, f'{LEAST}[keys]\nrecall = "7"\n').keys.recall == "7"
    for wrong in ('recall = "S"', 'recall = "r"', 'next = "Space"', 'undo = ""'):
        (problem,) = told(tmp_path, f"{LEAST}[keys]\n{wrong}\n")
        assert problem.startswith("keys")
