from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from kiosk.alert_config import AlertsConfig
from kiosk.config import Config, ServiceConfig, load
from kiosk.mistakes import BadConfig
from kiosk.office.centre import open_centre
from kiosk.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_an_office_is_called_otherwise_in_another_language(tmp_path: Path) -> None:
    names = """name.vi = "Một cửa"
name.en = "One-stop shop"
parent.en = "Ward"
"""
    centre = open_centre(read(tmp_path, LEAST.replace('name = "Một cửa"\n', names, 1)))

    assert (centre.name, centre.parent) == ("Một cửa", "")
    assert (centre.name_in("en"), centre.parent_in("en")) == ("One-stop shop", "Ward")
    assert (centre.name_in("vi"), centre.parent_in("vi")) == ("Một cửa", "")


def keys_of(section: BaseModel) -> Iterator[str]:
    """As the file has them: ``email.to`` of a part within the section."""
    for name, field in type(section).model_fields.items():
        part, key = getattr(section, name), field.alias or name
        if isinstance(part, BaseModel) and isinstance(section, AlertsConfig):
            yield from (f"{key}.{inner}" for inner in keys_of(part))
        else:
            yield key


def test_the_shipped_file_has_every_key_at_its_default() -> None:
    """Each key of each section, active or commented, and each active one equal to the default."""
    text = SHIPPED.read_text("utf-8")
    config = load(SHIPPED)
    for name, field in Config.model_fields.items():
        section = getattr(config, name)
        if name in {"path", "office"} or isinstance(section, tuple):
            continue
        assert section == field.default, f"[{name}] differs from the defaults"
        block = text.split(f"\n[{field.alias or name}]\n")[1].split("\n[")[0]
        for key in keys_of(section):
            assert re.search(rf"^(# )?{key}(\.\w+\.vi)? = ", block, re.MULTILINE), f"[{name}] {key}"
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
hours = ["11:30-7:30"]
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
        "web.port: must be a whole number, not '80'.",
        "service[1].code: 'a' must be one to four capital letters, such as A.",
        "service[1].name: a Vietnamese name (vi) is needed, and only these languages: vi, en.",
        "service[1].hours[1]: '11:30-7:30' must read like \"07:30-11:30\" or"
        ' "mon-fri 07:30-11:30"; to midnight "22:00-24:00", over it "22:00-02:00".',
        "counter[2].number: 1 stands twice.",
        "counter[1].services: there is no 'Z'. There is: a.",
    ]


@pytest.mark.parametrize(
    ("connection", "section", "key"),
    [
        ("network", "printer", "host"),
        ("usb", "printer", "device"),
        ("serial", "printer", "device"),
        ("cups", "printer", "device"),
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
        ("[office\n", "kiosk.toml: not valid TOML at line 1, column 8."),
        (b"\xff\xfe\x00".decode("latin-1"), "kiosk.toml: not valid TOML at line 1, column 1."),
        ("a = 1\na = 2\n", "at line 2, column 6: this key or section stands above already."),
        ("[a]\n[b]\n[a]\n", "column 3: this key or section stands above already."),
        ('a = "x\nb = 1\n', "at line 1, column 7: the closing quote is missing."),
        ('a = [1, "x', "kiosk.toml: not valid TOML: the file ends too early"),
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


@pytest.mark.parametrize("password", ["s3c ret", "pa@s3c", "pa@s3c/ret", "pa/s3c", "s3c/ret@x"])
def test_a_password_that_would_be_read_as_something_else_is_refused_and_hidden(
    tmp_path: Path, password: str
) -> None:
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, f'{LEAST}[store]\nurl = "postgresql://kiosk:{password}@server/kiosk"\n')

    told = bad.value.problems[0].told(texts("en"))
    assert "kiosk:***@server/kiosk" in told
    assert "%40" in told
    assert "s3c" not in told


def test_the_rules_of_the_queue_are_as_written(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        LEAST
        + """
        [[service]]
        code = "B"
        name = "Hộ tịch"
        then = ["A"]
        [queue]
        day_starts = "05:00"
        overnight = "keep"
        ageing_minutes = 0
        undo_seconds = 20
        [[counter]]
        number = 7
        services = ["A"]
        order = "weight"
        weights = [3]
        [[priority]]
        code = "TE"
        name = "Trẻ nhỏ"
        one_in = 3
        [[reason]]
        code = "break"
        kind = "pause"
        name = "Nghỉ"
        """,
    )
    rules = config.queue_rules()

    assert (rules.day_starts, rules.keep_overnight) == (time(5), True)
    assert (rules.ageing, rules.undo.total_seconds()) == (None, 20)
    assert config.counters()[7].weights == (3,)
    assert config.priorities()["TE"].one_in == 3
    assert config.services()["B"].then == ("A",)
    assert [reason.kind for reason in config.reasons()] == ["pause"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('[queue]\nday_starts = "5:00"', "queue.day_starts: '5:00' must read like"),
        ('[queue]\novernight = "delete"', "queue.overnight: "),
        ("[queue]\nagein_minutes = 5", "queue.agein_minutes: "),
        ('[[counter]]\nnumber = 7\norder = "weight"', "counter[2].weights: needs one number"),
        (
            '[[counter]]\nnumber = 7\nservices = ["A"]\nweights = [2]',
            "counter[2].weights: needs one number for each service when",
        ),
        ('[[reason]]\ncode = "x"\nname = "X"', "reason[1].kind: "),
        (
            '[[reason]]\ncode = "x"\nkind = "call"\nname = "X"\n' * 2,
            "reason[2].code: ",
        ),
        (
            '[[outcome]]\ncode = "x"\nname = "X"\n[[outcome]]\ncode = "x"\nname = "Y"',
            "outcome[2].code: ",
        ),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_its_place(
    tmp_path: Path, more: str, expected: str
) -> None:
    (problem,) = told(tmp_path, f"{LEAST}\n{more}\n")

    assert problem.startswith(expected)


def test_a_journey_leads_to_services_that_there_are(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, LEAST.replace('code = "A"', 'code = "A"\nthen = ["Z"]'))

    assert problem.startswith("service[1].then: ")


def test_a_service_stands_once_in_a_list(tmp_path: Path) -> None:
    more = LEAST + 'services = ["A", "A", "A"]\n'
    assert told(tmp_path, more) == ["counter[1].services: 'A' stands twice."]
    more = f'{LEAST}[[service]]\ncode = "B"\nname.vi = "B"\nthen = ["A", "A"]\n'
    assert told(tmp_path, more) == ["service[2].then: 'A' stands twice."]


@pytest.mark.parametrize(
    ("board", "says"),
    [
        ('zones = ["hal"]', "board.zones[1]: there is no 'hal'. Did you mean “hall”?"),
        ('zones = ["east"]', "board.zones[1]: there is no 'east'. There is: hall."),
        ('screen = ["DP-1", "DP-1"]', "board.screen: the screen 'DP-1' is named twice."),
        ("screen = 3", "board.screen"),
    ],
)
def test_a_board_that_cannot_be_is_told(tmp_path: Path, board: str, says: str) -> None:
    (problem,) = told(tmp_path, f"{LEAST}\n[board]\n{board}\n")
    assert says in problem


def test_a_board_has_one_screen_or_several(tmp_path: Path) -> None:
    one, two = (
        read(tmp_path, f"{LEAST}\n[board]\nscreen = {screens}\n").board.screen
        for screens in ('"DP-1"', '["DP-1", "T-7"]')
    )
    assert (one, two) == (("DP-1",), ("DP-1", "T-7"))


def test_a_mistake_is_told_without_what_is_secret_in_it(tmp_path: Path) -> None:
    lines = """
[alerts.webhook]
url = "ftp://chat.example.vn/hooks/T0KEN"
secret = "a secret of sixteen"
[backup]
folder = "medium"
stream = ["s3://KEY:SE/CRET@bucket"]
"""
    with pytest.raises(BadConfig) as bad:
        read(tmp_path, f"{LEAST}{lines}")

    told = " ".join(problem.told(texts("en")) for problem in bad.value.problems)
    assert "alerts.webhook.url" in told
    assert "backup.stream" in told
    assert not [one for one in ("T0KEN", "CRET", "sixteen") if one in told]
