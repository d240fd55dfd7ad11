"""What is found is written into kiosk.toml, and nothing else of the file changes."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from kiosk import config_file
from kiosk.config import Config, load
from kiosk.errors import Refused, Unavailable
from kiosk.mistakes import BadConfig
from kiosk.printer_section import keys_of
from printer.settings import PrinterSettings
from tests.test_config import LEAST, SHIPPED

NETWORK = PrinterSettings(connection="network", host="192.168.1.50", port=9100)
SERIAL = PrinterSettings(
    connection="serial", device="/dev/serial/by-id/usb-1", baudrate=9600, flow="xonxoff"
)
USB = PrinterSettings(connection="usb", device="/dev/usb/lp0")
CUPS = PrinterSettings(connection="cups", device="hall")
ALL = [NETWORK, SERIAL, USB, CUPS]
OWN_HAND = (
    LEAST
    + """
[printer]   # behind the desk
connection = 'network' # changed by Lan on 3 May
host = "10.0.0.9"
# paper_mm = 80

# The scanner hangs on a wire.
[scanner]
connection = "none"
"""
)


def write_section(config: Config, keys: dict[str, str | int]) -> Config:
    return config_file.write_section(config, "printer", keys)


def file_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def changed(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("settings", ALL, ids=[one.connection for one in ALL])
@pytest.mark.parametrize("text", [SHIPPED.read_text("utf-8"), OWN_HAND, LEAST])
def test_the_file_means_the_same_but_for_the_printer(
    tmp_path: Path, text: str, settings: PrinterSettings
) -> None:
    path = file_of(tmp_path, text)
    before = load(path)
    after = write_section(before, keys_of(settings))

    assert after == load(path)
    for key, value in keys_of(settings).items():
        assert getattr(after.printer, key) == value
    assert after.model_copy(update={"printer": before.printer}) == before
    assert names_in(tmp_path) == ["kiosk.toml"]


def test_in_the_shipped_file_only_the_lines_of_the_keys_change(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8")
    path = file_of(tmp_path, text)
    write_section(load(path), keys_of(SERIAL))

    assert changed(text, path.read_text("utf-8")) == [
        '-connection = "preview"',
        '+connection = "serial"',
        '-device = ""',
        '+device = "/dev/serial/by-id/usb-1"',
        "-baudrate = 115200",
        '-flow = "rtscts"',
        "+baudrate = 9600",
        '+flow = "xonxoff"',
    ]


def test_comments_of_the_office_stay_where_they_were(tmp_path: Path) -> None:
    path = file_of(tmp_path, OWN_HAND)
    write_section(load(path), keys_of(USB))
    text = path.read_text("utf-8")

    assert [line for line in changed(OWN_HAND, text) if line[0] == "-"] == [
        "-connection = 'network' # changed by Lan on 3 May"
    ]
    assert "# changed by Lan on 3 May" in text
    assert "[printer]   # behind the desk" in text


def test_new_keys_stand_below_those_of_their_section_and_not_among_words_about_the_next(
    tmp_path: Path,
) -> None:
    path = file_of(tmp_path, OWN_HAND)
    config_file.write_section(load(path), "printer", {"device": "/dev/usb/lp0", "dpi": 180})

    lines = path.read_text("utf-8").splitlines()
    host = lines.index('host = "10.0.0.9"')
    assert lines[host + 1 : host + 6] == [
        'device = "/dev/usb/lp0"',
        "dpi = 180",
        "# paper_mm = 80",
        "",
        "# The scanner hangs on a wire.",
    ]


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    path = file_of(tmp_path, OWN_HAND)
    write_section(load(path), keys_of(USB))
    once = path.read_bytes()
    write_section(load(path), keys_of(USB))

    assert path.read_bytes() == once


def test_a_file_that_would_not_load_is_never_written(tmp_path: Path) -> None:
    path = file_of(tmp_path, OWN_HAND)
    with pytest.raises(Refused, match="section_unwritable"):
        write_section(load(path), {"connection": "pigeon", "device": "grey"})

    assert path.read_text("utf-8") == OWN_HAND
    assert names_in(tmp_path) == ["kiosk.toml"]


def test_a_file_that_would_mean_something_else_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, OWN_HAND)
    meddling = OWN_HAND.replace('"none"', '"keyboard"')
    monkeypatch.setattr(config_file, "_changed", lambda text, name, keys: meddling)
    with pytest.raises(Refused, match="section_unwritable"):
        write_section(load(path), {"host": "10.0.0.9"})

    assert path.read_text("utf-8") == OWN_HAND


def test_a_printer_that_is_no_section_is_left_to_a_person(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'printer = { connection = "preview" }\n' + LEAST)
    with pytest.raises(Refused, match="section_unwritable"):
        write_section(load(path), keys_of(USB))


def test_a_link_stays_a_link_and_the_rights_stay(tmp_path: Path) -> None:
    real = tmp_path / "etc"
    real.mkdir()
    path = file_of(real, OWN_HAND)
    path.chmod(0o640)
    link = tmp_path / "kiosk.toml"
    link.symlink_to(path)
    write_section(load(link), keys_of(USB))

    assert link.is_symlink()
    assert load(path).printer.connection == "usb"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, OWN_HAND)
    config = load(path)

    def full(self: Path, target: Path) -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unavailable, match="folder_unwritable"):
        write_section(config, keys_of(USB))

    assert names_in(tmp_path) == ["kiosk.toml"]
    assert path.read_text("utf-8") == OWN_HAND


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_the_line_ends_of_another_system_stay(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "kiosk.toml"
    before = (mark + OWN_HAND).replace("\n", "\r\n").encode()
    path.write_bytes(before)
    write_section(load(path), keys_of(SERIAL))

    after = path.read_bytes()
    assert load(path).printer.device == SERIAL.device
    assert after.startswith(mark.encode())
    assert after.count(b"\n") == after.count(b"\r\n")
    kept = [line for line in before.split(b"\r\n") if not line.startswith(b"connection = 'net")]
    assert set(kept) - {b'host = "10.0.0.9"'} <= set(after.split(b"\r\n"))


@pytest.mark.parametrize("connection", ["usb", "serial", "network", "cups"])
def test_a_printer_whose_place_is_not_known_yet_can_be_looked_for(
    tmp_path: Path, connection: str
) -> None:
    path = file_of(tmp_path, f'{LEAST}\n[printer]\nconnection = "{connection}"\npaper_mm = 58\n')
    with pytest.raises(BadConfig, match="printer"):
        load(path)
    written = write_section(load(path, printer_to_come=True), keys_of(NETWORK))
    assert (written.printer.connection, written.printer.host) == ("network", NETWORK.host)
    assert written.printer.paper_mm == 58
