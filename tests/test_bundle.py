"""The report for support: what it needs, nothing of people, no secret."""

from __future__ import annotations

import logging
import string
import tomllib
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from kiosk import logs
from kiosk.bundle import pack
from kiosk.config import load
from kiosk.errors import Unavailable
from kiosk.imports import import_dossiers
from kiosk.masking import masked, only_hosts
from kiosk.office import clerks, enrolments, keys
from kiosk.office.centre import open_centre
from kiosk.office.devices import report_all
from kiosk.office.tickets import take_ticket
from kiosk.rights import Scope
from tests.e2e.test_canary import CANARIES, CODE, CSV
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

OFFICER: Final = "Vành Khuyên"
PIN: Final = "918273"
SECRETS: Final = (
    "pa55 of the store", "a secret of the hook", "t0ken-of-import", "chat-path-t0ken",
    "a secret of alerts", "left in a comment", "kythuat-canary", "smtp-user-canary",
)  # fmt: skip
MORE: Final = f"""
[import]
url = "https://mc.example.vn/hoso.csv?key={SECRETS[2]}"
[[webhook]]
name = "sms"
url = "https://sms.example.vn/in?token={SECRETS[2]}"
events = ["ticket.*"]
secret = "{SECRETS[1]}"
[alerts]
email.to = ["{SECRETS[6]}@huyen.example.vn"]
email.from = "kiosk@huyen.example.vn"
email.host = "mail.huyen.example.vn"
email.user = "{SECRETS[7]}"
webhook.url = "https://chat.example.vn/hooks/{SECRETS[3]}"
webhook.secret = "{SECRETS[4]}"
[log]
folder = "log"
# password = "{SECRETS[5]}"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office after a busy day with faults."""
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST + MORE, "utf-8")
    settings = load(path)
    centre = open_centre(settings)
    clerks.add_clerk(centre, "khuyen", f"Tô {OFFICER}", PIN)
    enrolments.add_device(centre, f"Tivi chị {OFFICER}")
    keys.add_key(centre, "sms", [Scope.BOARD])
    take_ticket(centre, service=next(iter(centre.services)), actor="test")
    (tmp_path / "dossiers.csv").write_text(CSV, "utf-8")
    import_dossiers(centre, tmp_path / "dossiers.csv")
    report_all(
        centre,
        {
            "printer": ("fault", "paper_out"),
            f"board Tivi chị {OFFICER}": ("warning", "board_not_current"),
            "keypad 3": ("ok", ""),
        },
    )
    centre.database.close()
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    logs.keep(tmp_path / "log", "web", 2, 1)
    try:
        int(f"{OFFICER} {PIN}")
    except ValueError:
        logging.getLogger("kiosk.test").exception("bug in GET %s %s", "/api/intake", CODE)
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    return path


def read(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as packed:
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


def test_support_reads_what_it_needs_and_nothing_of_people_nor_any_secret(
    config: Path, tmp_path: Path
) -> None:
    found = read(pack(config, tmp_path / "report.zip", tmp_path))

    leaks = [
        (secret, name)
        for name, text in found.items()
        for secret in (*CANARIES, CODE, OFFICER, PIN, *SECRETS)
        if secret.casefold() in text.casefold()
    ]
    assert leaks == []
    assert next(iter(found)) == "README.txt"
    assert all(name in found["README.txt"] for name in found if not name.startswith("logs/"))
    assert "paper_out Hết giấy." in found["health.txt"]
    assert "board ▒▒▒: warning" in found["health.txt"]
    assert "keypad 3: ok" in found["health.txt"]
    assert "device.changed device=printer state=fault reason=paper_out" in found["events.txt"]
    assert "whole yes" in found["store.txt"]
    assert "ticket 1" in found["store.txt"]
    assert "motcua-kiosk 0." in found["versions.txt"]
    assert "PySide6" in found["versions.txt"]
    assert "bytes free" in found["machine.txt"]
    assert "Máy in" in found["check.txt"]
    assert "ValueError" in found["logs/web.log.txt"]
    settings = tomllib.loads(found["kiosk.toml"])
    assert settings["webhook"][0]["url"] == "https://sms.example.vn/***"
    assert settings["alerts"]["email"]["to"] == ["***@huyen.example.vn"]
    assert settings["import"]["url"] == "https://mc.example.vn/hoso.csv"


@pytest.mark.parametrize("broken", ["settings", "store", "no store"])
def test_a_report_is_made_however_broken_the_office_is(
    config: Path, tmp_path: Path, broken: str
) -> None:
    store = load(config).store_path
    assert store is not None
    if broken == "settings":
        config.write_text("[office\n", "utf-8")
    elif broken == "store":
        for part in tmp_path.glob("kiosk.db*"):
            part.write_bytes(b"not a database, but long enough to be looked at" * 200)
    else:
        for part in tmp_path.glob("kiosk.db*"):
            part.unlink()
    found = read(pack(config, None, tmp_path))

    assert "motcua-kiosk" in found["versions.txt"]
    if broken == "settings":
        assert "not to be had" in found["kiosk.toml"]
        assert "kiosk.toml: syntax" in found["mistakes.txt"]
    elif broken == "store":
        assert "store_damaged" in found["store.txt"]
        assert "logs/web.log.txt" in found
    else:
        assert "is not there" in found["store.txt"]
        assert not store.exists()


def test_a_report_that_cannot_be_written_says_so(config: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="bundle_unwritable"):
        pack(config, tmp_path / "away" / "report.zip", tmp_path)


def test_of_an_address_in_a_log_only_the_host_is_left_and_a_mapping_is_no_pin() -> None:
    told = only_hosts("to https://chat.vn/hooks/T0KEN: refused; s3://KEY:SE/CRET@bucket/x away")
    assert told.startswith("to https://chat.vn/***")
    assert "T0KEN" not in told
    assert "CRET" not in told
    assert 'mapping = "m.toml"' in masked('[import]\nmapping = "m.toml"\n')
    assert "1234" not in masked('[x]\npin = "1234"\n')


WORDS: Final = st.text(string.ascii_letters + string.digits + " /#:@-_ạ", min_size=6, max_size=30)


@given(word=WORDS.map(lambda text: f"Zq{text.strip()}qZ"))
def test_no_secret_outlives_the_masking_wherever_it_stands(word: str) -> None:
    plain = word.replace("/", "").replace("@", "").replace("#", "").replace(" ", "")
    document = {
        "store": {"url": f"postgresql://kiosk:{word}@10.0.0.5/kiosk"},
        "import": {"url": f"https://mc.example.vn/x.csv?key={plain}", "key_file": "import.key"},
        "webhook": [{"name": "a", "url": f"https://a.vn/{plain}", "secret": word}],
        "alerts": {
            "email": {"to": [f"{plain.replace(':', '')}@b.vn"], "user": word},
            "webhook": {"url": f"http://b.vn:81/x/{plain}?y", "secret": word},
        },
        "later": {"smtp_password": word, "api_token": [word], "Pin": word},
    }
    text = tomlkit.dumps(document) + f"\n# {word}\n"
    told = masked(text)
    shown = tomllib.loads(told)

    assert word not in told
    assert plain not in told
    assert shown["import"]["key_file"] == "import.key"
    assert shown["store"]["url"].endswith("10.0.0.5/kiosk")
    assert shown["alerts"]["webhook"]["url"] == "http://b.vn:81/***"
