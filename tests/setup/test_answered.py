"""Setup without anybody at the keyboard: a file answers."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from kiosk import printer_search
from kiosk.__main__ import app
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.office.centre import open_centre
from kiosk.office.clerks import list_clerks
from kiosk.printer_search import Places
from printer.virtual import VirtualPrinter
from tests.setup.test_terminal import Port

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

LEAST = """\
[office]
name.vi = "Một cửa phường Thử"
unit_code = "H15.50.07"
kiosk = "kiosk-7"

[services]
office = "commune"
on = ["A", "B", "F"]
counters = 2
counter.1 = ["A", "B"]
counter.2 = ["F"]

[printer]
paper_mm = 58

[screens]
touch = "HDMI-1"
boards = ["DP-1", "DP-2"]

[clerk]
name = "Nguyễn Thị Lan"
login = "lan"
pin = "246810"
"""


def setup(path: Path, file: Path, *words: str) -> Result:
    given = ["setup", "--answers", str(file), "--config", str(path), *words]
    done = CliRunner().invoke(app, given)
    if isinstance(done.exception, Refused | Unavailable):
        raise done.exception
    return done


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "answers.toml"
    file.write_text(LEAST, "utf-8")
    file.chmod(0o600)
    return file


def test_many_machines_are_set_up_alike(path: Path, file: Path) -> None:
    done = setup(path, file)

    assert done.exit_code == 0, done.output
    config = load(path)
    assert (config.kiosk.name, config.office.unit_code) == ("kiosk-7", "H15.50.07")
    assert tomllib.loads(path.read_text("utf-8"))["office"]["parent"] == "", "no other office's"
    assert {n: c.services for n, c in config.counters().items()} == {1: ("A", "B"), 2: ("F",)}
    assert (config.touch.screen, config.board.screen) == ("HDMI-1", ("DP-1", "DP-2"))
    assert (config.printer.connection, config.printer.paper_mm) == ("preview", 58)
    assert config.calendar.sessions
    assert load(path).store_path == path.parent / "kiosk.db"
    centre = open_centre(config)
    assert [one.login for one in list_clerks(centre)] == ["lan"]
    centre.database.close()

    # The same file again is no mistake, and adds nobody.
    done = setup(path, file)
    assert done.exit_code == 0, done.output
    centre = open_centre(load(path))
    assert [one.login for one in list_clerks(centre)] == ["lan"]
    centre.database.close()

    changed = file.with_suffix(".json")
    changed.write_text(json.dumps({"web": {"reach": "network", "port": 8443}}))
    done = setup(path, changed, "web")
    assert done.exit_code == 0, done.output
    config = load(path)
    assert (config.web.host, config.web.port) == ("0.0.0.0", 8443)
    assert config.certificate_files is not None
    assert config.kiosk.name == "kiosk-7"


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(path: Path, file: Path) -> None:
    text = LEAST.replace("H15.50.07", "h15").replace('login = "lan"\n', "")
    text = text.replace("counters = 2", 'counters = "two"').replace("boards", "bords")
    text = text.replace("paper_mm = 58", "paper_mm = 57")
    file.write_text(f'{text}\n[web]\nport = 99999\n[colour]\nof = "red"\n', "utf-8")
    done = setup(path, file)

    assert done.exit_code == 2
    for told in (
        "office.unit_code: 'h15' must be",
        "services.counters: Type a number.",
        "printer.paper_mm: Choose a number from 1 to 2. In the file: 80, 58.",
        "clerk.login: An answer is needed.",
        "web.port: ",
        "screens.bords: There is no such question. Did you mean “screens.boards”?",
        "colour.of: There is no such question.",
    ):
        assert told in done.output
    assert list(path.parent.iterdir()) == []


def test_a_body_above_that_is_no_more_is_taken_out(path: Path, file: Path) -> None:
    for told, kept in (("UBND xã Cũ", "UBND xã Cũ"), ("", "")):
        file.write_text(LEAST.replace("[office]", f'[office]\nparent.vi = "{told}"'), "utf-8")
        assert setup(path, file).exit_code == 0
        assert tomllib.loads(path.read_text("utf-8"))["office"]["parent"] == kept


def test_a_file_of_answers_that_is_not_there_is_told(path: Path, file: Path) -> None:
    with pytest.raises(Unavailable, match="setup_answers_away"):
        setup(path, file.with_name("other.toml"))
    assert not path.exists()


def test_a_pin_that_others_can_read_is_refused(path: Path, file: Path) -> None:
    file.chmod(0o644)
    with pytest.raises(Refused, match="setup_answers_open"):
        setup(path, file)
    assert not path.exists()


@pytest.mark.parametrize("text", ["[1]", "{", '"x"'])
def test_what_is_no_file_of_answers_is_refused(path: Path, file: Path, text: str) -> None:
    broken = file.with_suffix(".json")
    broken.write_text(text)
    with pytest.raises(Refused, match="setup_answers_broken"):
        setup(path, broken)


def test_the_only_printer_that_answers_is_found(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    none = tmp_path / "none"
    file.write_text(LEAST.replace("[printer]", '[printer]\nplace = "find"'), "utf-8")
    assert "printer.place: " in setup(path, file).output

    with VirtualPrinter(pty=True) as printer:
        ports = [Port(printer.device)]
        places = Places(
            none, none, lambda: ports, none, list, lpstat=str(none), usb_interfaces=none
        )
        monkeypatch.setattr(printer_search, "HERE", places)
        done = setup(path, file)
    assert done.exit_code == 0, done.output
    assert load(path).printer.device == printer.device
