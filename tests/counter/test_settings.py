"""counter.toml: every key stands in the shipped file, and every mistake is told at once."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from kiosk.counter.keys import ACTIONS, BY_CODE, by_key, caps
from kiosk.counter.memory import Kept, Memory
from kiosk.counter.settings import KeysConfig, PadConfig, Settings, WindowConfig, load_settings
from kiosk.mistakes import BadConfig
from kiosk.texts import texts

SHIPPED = Path(__file__).parents[2] / "counter.toml"
SERVER = "https://motcua:8443"


def read(tmp_path: Path, *lines: str) -> Settings:
    path = tmp_path / "counter.toml"
    path.write_text("\n".join(lines), "utf-8")
    return load_settings(path, server=SERVER)


def told(tmp_path: Path, *lines: str) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, *lines)
    return [problem.told(texts("en")) for problem in bad.value.problems]


def test_the_shipped_file_has_every_key_at_its_default() -> None:
    text = SHIPPED.read_text("utf-8")
    for name, model in {"window": WindowConfig, "keys": KeysConfig, "pad": PadConfig}.items():
        block = text.split(f"\n[{name}]\n")[1].split("\n[")[0]
        for key in model.model_fields:
            assert re.search(rf"^(# )?{key} = ", block, re.MULTILINE), f"[{name}] {key}"
    shipped = load_settings(SHIPPED, server=SERVER)

    assert shipped.model_copy(update={"path": None}) == load_settings(None, server=SERVER)
    assert {name for name in tomllib.loads(text)} == {"window", "keys", "pad"}


def test_a_server_is_enough_and_what_is_given_goes_before_the_file(tmp_path: Path) -> None:
    assert load_settings(None, server=SERVER).window.counter is None
    path = tmp_path / "counter.toml"
    path.write_text('[window]\nserver = "http://old"\ncounter = 3\n', "utf-8")
    settings = load_settings(path, server=f"{SERVER}/", counter=None)

    assert settings.window.server == SERVER
    assert settings.window.counter == 3


@pytest.mark.parametrize(
    "address",
    ["motcua", "ftp://motcua", "https://", "https://motcua/clerk", "https://motcua:99999",
     "https://a@motcua", "https://motcua?x=1", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadConfig) as bad:
        load_settings(None, server=address)

    assert [problem.where for problem in bad.value.problems] == ["window.server"]
    assert address in bad.value.problems[0].told(texts("en"))


def test_all_mistakes_are_told_at_once_with_their_place(tmp_path: Path) -> None:
    problems = told(
        tmp_path,
        "[window]",
        "counter = 0",
        'language = "fr"',
        'severs = "x"',
        "[keys]",
        'next = "Hyper"',
        'no_shows = "V"',
        "[pad]",
        "recall = 7",
    )

    assert [problem.split(":")[0] for problem in problems] == [
        "window.counter", "window.language", "window.severs", "keys.next", "keys.no_shows",
        "pad.recall",
    ]  # fmt: skip
    assert "server" in problems[2]
    assert "Hyper" in problems[3]


def test_a_key_for_two_actions_and_an_authority_that_is_not_there_are_told(tmp_path: Path) -> None:
    problems = told(
        tmp_path, "[window]", 'authority = "kiosk-ca.crt"', "[keys]", 'alarm = "r"', "[pad]",
        'undo = ["Enter"]',
    )  # fmt: skip

    assert [problem.split(":")[0] for problem in problems] == [
        "window.authority", "keys.alarm", "pad.undo",
    ]  # fmt: skip
    assert str(tmp_path / "kiosk-ca.crt") in problems[0]


def test_no_server_and_a_file_that_is_not_there_or_broken_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as bad:
        load_settings(None)
    assert bad.value.problems[0].where == "window.server"
    for text in (None, b"\xff\xfe", b"[window"):
        path = tmp_path / "broken.toml"
        if text is not None:
            path.write_bytes(text)
        with pytest.raises(BadConfig):
            load_settings(path, server=SERVER)


def test_keys_are_named_as_the_caps_show_them_however_they_are_written(tmp_path: Path) -> None:
    settings = read(tmp_path, "[keys]", 'next = ["space", "f5"]', 'alarm = ""')
    table = settings.keys.table()

    assert list(table) == list(ACTIONS)
    assert table["next"] == ("Space", "F5")
    assert caps(table)["alarm"] == ""
    assert by_key(table)["F5"] == "next"


def test_a_numeric_pad_and_the_main_block_have_the_same_keys() -> None:
    # linux/input-event-codes.h: KEY_KP7, KEY_KPENTER, KEY_KPDOT, KEY_7, KEY_ENTER, KEY_DOT
    assert [BY_CODE[code] for code in (71, 96, 83)] == [BY_CODE[code] for code in (8, 28, 52)]
    assert [BY_CODE[code] for code in (30, 44, 16, 50)] == ["A", "Z", "Q", "M"]
    assert [BY_CODE[code] for code in (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)] == list(
        "0123456789"
    )


def test_what_is_kept_is_the_user_s_alone_and_survives_a_broken_file(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "new" / "folder")
    kept = Kept(devices={SERVER: "secret"}, place=(4, 5), small=True, login="hoa", counter="3")
    assert memory.keep(kept)
    path = tmp_path / "new" / "folder" / "counter.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert Memory(path.parent).kept == kept

    path.write_text(json.dumps({"place": "x", "small": 3, "login": None, "devices": {"a": 1}}))
    assert Memory(path.parent).kept == Kept()
    path.write_text("{", "utf-8")
    assert Memory(path.parent).kept == Kept()


def test_what_cannot_be_kept_holds_for_today(tmp_path: Path, caplog) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    memory = Memory(tmp_path / "file")

    assert not memory.keep(Kept(login="hoa"))
    assert memory.kept.login == "hoa"
    assert "cannot be written" in caplog.text
