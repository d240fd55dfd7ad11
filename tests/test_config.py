from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.config import Config, ServiceConfig, load
from kiosk.mistakes import BadConfig
from kiosk.texts import texts

SHIPPED = Path(__file__).parents[1] / "kiosk.toml"
LEAST = """
[office]
name = "Một cửa"
unit_code = "H15.50.05"
[[service]]
code = "A"
name.vi = "Chứng thực"
[[counter]]
number = 1
"""


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, "utf-8")
    return load(path)


def told(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, text)
    return [problem.told(texts("en")) for problem in bad.value.problems]


def test_codes_numbers_and_names_are_enough(tmp_path: Path) -> None:
    config = read(tmp_path, LEAST)

    assert config.counters()[1].services == ("A",)
    assert config.services()["A"].hours == ()
    assert config.store_path == tmp_path / "kiosk.db"
    assert config.web.public_url is None


def test_the_shipped_file_has_every_key_at_its_default() -> None:
    """Each key of each section, active or commented, and each active one equal to the default."""
    text = SHIPPED.read_text("utf-8")
    config = load(SHIPPED)
    for name, field in Config.model_fields.items():
        section = getattr(config, name)
        if name in {"path", "office"} or isinstance(section, tuple):
            continue
        assert section == field.default, f"[{name}] differs from the defaults"
        block = text.split(f"\n[{name}]\n")[1].split("\n[")[0]
        for key in type(section).model_fields:
            assert re.search(rf"^(# )?{key} = ", block, re.MULTILINE), f"[{name}] {key}"
    service_block = text.split("[[service]]")[1]
    for key in ServiceConfig.model_fields:
        assert re.search(rf"^(# )?{key}(\.vi)? = ", service_block, re.MULTILINE), key


def test_all_mistakes_are_told_at_once_with_their_place_and_a_hint(tmp_path: Path) -> None:
    problems = told(
        tmp_path,
        """
[office]
name = "Một cửa"
unit_code = "h"
timezone = "Asia/Ho_Chi_Min"
[printer]
conection = "usb"
paper_mm = 70
[web]
port = "80"
[[service]]
code = "a"
name.en = "Certification"
hours = ["11:30-07:30"]
[[counter]]
number = 1
services = ["Z"]
[[counter]]
number = 1
""",
    )

    assert problems == [
        "office.unit_code: 'h' must be an identifier such as H15.50.05.",
        "office.timezone: there is no time zone 'Asia/Ho_Chi_Min'."
        " Did you mean “Asia/Ho_Chi_Minh”?",
        "printer.paper_mm: 70 cannot be used; choose one of: 58, 80.",
        "printer.conection: there is no such key. Did you mean “connection”?",
        "service[1].code: 'a' must be one to four capital letters, such as A.",
        "service[1].name: a Vietnamese name (vi) is needed, and only these languages: vi, en.",
        "service[1].hours[1]: '11:30-07:30' must read like \"07:30-11:30\", start before end.",
        "counter[2].number: 1 stands twice.",
        "counter[1].services: there is no 'Z'. There is: a.",
    ]


@pytest.mark.parametrize(
    ("connection", "section", "key"),
    [
        ("network", "printer", "host"),
        ("usb", "printer", "device"),
        ("serial", "printer", "device"),
        ("serial", "scanner", "device"),
    ],
)
def test_a_connection_needs_its_address(
    tmp_path: Path, connection: str, section: str, key: str
) -> None:
    (problem,) = told(tmp_path, f'{LEAST}\n[{section}]\nconnection = "{connection}"\n')

    assert problem.startswith(f"{section}.{key}: ")


def test_keys_of_a_connection_that_is_not_used_are_accepted(tmp_path: Path) -> None:
    more = '[printer]\nconnection = "network"\nhost = "10.0.0.9"\ndevice = "/dev/usb/lp0"\n'

    assert read(tmp_path, LEAST + more).printer.host == "10.0.0.9"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[office\n", "not valid TOML"),
        (b"\xff\xfe\x00".decode("latin-1"), "not valid TOML"),
        ('[office]\nname = "x"\n', "this key is needed"),
    ],
)
def test_a_broken_file_is_told_not_raised(tmp_path: Path, text: str, start: str) -> None:
    assert any(start in problem for problem in told(tmp_path, text))


def test_a_file_that_is_no_text_and_one_that_is_not_there_are_told(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    for path in (binary, tmp_path / "absent.toml", tmp_path):
        with pytest.raises(BadConfig) as bad:
            load(path)
        assert [problem.where for problem in bad.value.problems] == [str(path)]


def test_every_told_mistake_has_its_sentence_in_every_language(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, LEAST.replace('name = "Một cửa"', "nam = 3") + "[web]\nhost = 7\n")

    for language in ("vi", "en"):
        assert all(problem.told(texts(language)) for problem in bad.value.problems)
