"""What ``kiosk install`` lays out, judged by the programs that will read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.commands import usual_config
from kiosk.config import load
from kiosk.config_file import write_section
from kiosk.errors import Refused, Unavailable
from kiosk.install_commands import carry_out
from kiosk.installation import names
from kiosk.installation.first_config import first_config
from kiosk.installation.places import CURRENT, ENVIRONMENT
from kiosk.installation.plan import LAUNCHER
from kiosk.installation.steps import Command, File, Link, Machine, Step
from kiosk.installation.version import LOCK, MARK, Environment, offered

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from kiosk.texts import Texts

PRINTER: Final = {
    "SUBSYSTEM": "usbmisc",
    "ID_VENDOR_ID": "0dd4",
    "ID_MODEL_ID": "01a8",
    "ID_PATH": "pci-0000:00:14.0-usb-0:2:1.0",
}
SCANNER: Final = {
    "SUBSYSTEM": "tty",
    "ID_VENDOR_ID": "0c2e",
    "ID_MODEL_ID": "0b6a",
    "ID_SERIAL_SHORT": "18095B3E1F",
}


def kiosk(*words: object) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words], env={"LANGUAGE": "en"})
    if isinstance(done.exception, Refused | Unavailable):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


def under(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_an_installation_is_laid_out_once_and_what_people_changed_stays(tmp_path: Path) -> None:
    first = kiosk("install", "--root", tmp_path).output.splitlines()
    config = tmp_path / "etc/kiosk/kiosk.toml"
    config.write_text(config.read_text("utf-8") + "# Ours.\n", "utf-8")
    laid = under(tmp_path)
    unit = tmp_path / "etc/systemd/system/kiosk-web.service"

    assert kiosk("install", "--root", tmp_path).output == ""
    unit.write_text("[Service]\n", "utf-8")
    mended = kiosk("install", "--root", tmp_path).output

    assert mended.split() == ["write", str(unit)]
    assert under(tmp_path) == laid
    assert len(first) == len(laid) + 4, "a line for each file and each folder"
    assert config.stat().st_mode & 0o777 == 0o640
    assert config.parent.stat().st_mode & 0o777 == 0o750
    launcher = tmp_path / "usr/local/bin/kiosk"
    assert launcher.stat().st_mode & 0o777 == 0o755
    subprocess.run(["sh", "-n", str(launcher)], check=True)


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    told = kiosk("install", "--root", tmp_path, "--dry-run").output

    assert not list(tmp_path.iterdir())
    assert told == kiosk("install", "--root", tmp_path).output
    before = under(tmp_path)
    told = kiosk("uninstall", "--root", tmp_path, "--dry-run").output
    assert under(tmp_path) == before
    assert told == kiosk("uninstall", "--root", tmp_path).output


def test_an_uninstallation_keeps_the_data_and_a_purge_does_not(tmp_path: Path) -> None:
    kiosk("install", "--root", tmp_path)
    (tmp_path / "var/lib/kiosk/kiosk.db").write_bytes(b"all tickets")

    told = kiosk("uninstall", "--root", tmp_path).output

    assert set(under(tmp_path)) == {
        "etc/kiosk/kiosk.toml", "var/lib/kiosk/kiosk.db", "var/lib/kiosk/weston.ini"
    }  # fmt: skip
    assert f"rm -r {tmp_path}/etc/kiosk {tmp_path}/var/lib/kiosk" in told
    kiosk("uninstall", "--root", tmp_path, "--purge")
    assert under(tmp_path) == {}


def test_the_package_brings_no_file_that_people_or_the_program_write(tmp_path: Path) -> None:
    kiosk("install", "--root", tmp_path, "--packaged")

    laid = under(tmp_path)
    assert not [path for path in laid if path.startswith(("etc/", "var/", "usr/local/"))]
    assert "lib/systemd/system/kiosk-web.service" in laid


def test_who_is_not_root_changes_nothing_but_may_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(Refused, match="not_root"):
        kiosk("uninstall")
    assert "kiosk.target" in kiosk("uninstall", "--dry-run").output


def test_a_folder_without_a_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_wheels"):
        offered(tmp_path)
    (tmp_path / "motcua_kiosk-1.2.3-py3-none-any.whl").touch()
    with pytest.raises(Refused, match="no_wheels"):
        kiosk("install", "--root", tmp_path / "root", "--wheels", tmp_path)
    (tmp_path / LOCK).touch()
    assert offered(tmp_path) == "1.2.3"


def test_a_command_that_fails_tells_its_last_words() -> None:
    with pytest.raises(Unavailable) as told:
        Command(("sh", "-c", "echo no room; exit 1")).do(Machine())
    assert told.value.facts["told"] == "no room"
    Command(("false",), spared=True).do(Machine())


def test_a_link_is_moved_on_at_one_stroke(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    Link("/current", "versions/1").do(machine)
    step = Link("/current", "versions/2")

    assert step.due(machine)
    step.do(machine)

    assert str((tmp_path / "current").readlink()) == "versions/2"
    assert not step.due(machine)


def test_the_first_kiosk_toml_has_no_mistake_and_its_store_among_the_data(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(first_config(), "utf-8")

    config = load(path)

    assert str(config.store_path) == "/var/lib/kiosk/kiosk.db"
    assert config.printer.folder == "/var/lib/kiosk/slips"


def test_the_machines_kiosk_toml_is_meant_where_none_is_here(tmp_path: Path) -> None:
    here, installed = tmp_path / "here", tmp_path / "installed"

    assert usual_config(here, installed) == here
    installed.touch()
    assert usual_config(here, installed) == installed
    here.touch()
    assert usual_config(here, installed) == here


# The units.


# The names of devices.


def test_a_device_is_known_by_its_numbers_or_by_its_socket() -> None:
    printer = names.named(names.PRINTER, "/dev/usb/lp0", PRINTER)
    scanner = names.named(names.SCANNER, "/dev/ttyACM0", SCANNER)
    socket = names.named(names.PRINTER, "/dev/usb/lp0", PRINTER, by_port=True)

    text = names.rules([printer, scanner], "HDMI-A-1")

    assert text.splitlines()[1:] == [
        'ACTION!="remove", SUBSYSTEM=="usbmisc", ATTRS{idVendor}=="0dd4", '
        'ATTRS{idProduct}=="01a8", SYMLINK+="kiosk-printer"',
        'ACTION!="remove", SUBSYSTEM=="tty", ENV{ID_VENDOR_ID}=="0c2e", ENV{ID_MODEL_ID}=="0b6a", '
        'ENV{ID_SERIAL_SHORT}=="18095B3E1F", SYMLINK+="kiosk-scanner"',
        'ACTION!="remove", KERNEL=="event[0-9]*", ENV{ID_INPUT_TOUCHSCREEN}=="1", '
        'ENV{WL_OUTPUT}="HDMI-A-1"',
    ]
    assert 'ENV{ID_PATH}=="pci-0000:00:14.0-usb-0:2:1.0"' in socket.rule()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {**PRINTER, "SUBSYSTEM": "block"},
        {**PRINTER, "ID_MODEL_ID": ""},
        {**SCANNER, "ID_SERIAL_SHORT": '1", RUN+="/bin/sh'},
    ],
)
def test_what_cannot_be_named_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(Refused, match="device_unnameable"):
        names.named(names.PRINTER, "/dev/sda", told)


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="device_unnameable"):
        kiosk("install", "--dry-run", "--scanner", "/dev/no-such-scanner")


def test_what_was_asked_for_once_holds_until_something_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each update installs anew, and asks for nothing."""
    known = {"/dev/usb/lp0": PRINTER, "/dev/ttyACM0": SCANNER}
    monkeypatch.setattr(names, "ask", known.__getitem__)
    rules = tmp_path / f"etc/udev/rules.d/{names.FILE}"
    target = tmp_path / "etc/systemd/system/kiosk.target"
    kiosk("install", "--root", tmp_path, "--printer", "/dev/usb/lp0", "--no-windows")
    kiosk("install", "--root", tmp_path, "--scanner", "/dev/ttyACM0")
    write_section(load(tmp_path / "etc/kiosk/kiosk.toml"), "touch", {"screen": "HDMI-A-1"})

    kiosk("install", "--root", tmp_path)

    told = rules.read_text("utf-8")
    assert 'SYMLINK+="kiosk-printer"' in told
    assert 'SYMLINK+="kiosk-scanner"' in told
    assert 'ENV{WL_OUTPUT}="HDMI-A-1"' in told
    assert "kiosk-windows" not in target.read_text("utf-8")
    assert kiosk("install", "--root", tmp_path).output == ""
    (tmp_path / "etc/kiosk/kiosk.toml").write_text("[office", "utf-8")
    kiosk("install", "--root", tmp_path, "--printer", "", "--windows")
    assert "kiosk-windows" in target.read_text("utf-8")
    assert rules.read_text("utf-8").splitlines()[1:] == told.splitlines()[2:], "but the printer's"
    assert "HDMI-A-1" in (tmp_path / "var/lib/kiosk/weston.ini").read_text("utf-8")


# In folders that the kiosk's own user may write.


@pytest.mark.parametrize("kept", [True, False])
def test_root_follows_no_link_that_the_kiosk_has_laid(tmp_path: Path, kept: bool) -> None:
    machine, others = Machine(tmp_path), tmp_path / "shadow"
    others.write_text("secret", "utf-8")
    others.chmod(0o600)
    ours = File("/kiosk.toml", "ours", 0o640, ours=True, kept=kept)
    unfinished = tmp_path / ".kiosk.toml.new"
    unfinished.symlink_to(others)

    ours.do(machine)
    assert (tmp_path / "kiosk.toml").read_text("utf-8") == "ours"
    (tmp_path / "kiosk.toml").unlink()
    (tmp_path / "kiosk.toml").symlink_to(others)
    with pytest.raises(Refused, match="not_plain"):
        ours.due(machine)
    if kept:
        with pytest.raises(Refused, match="not_plain"):
            ours.do(machine)
    else:
        ours.do(machine)
    (tmp_path / "kiosk.toml").unlink()
    os.link(others, tmp_path / "kiosk.toml")
    with pytest.raises(Refused, match="not_plain"):
        ours.due(machine)

    assert others.read_text("utf-8") == "secret"
    assert others.stat().st_mode & 0o777 == 0o600


def test_a_folder_of_strangers_gives_no_kiosk_toml_to_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "kiosk.toml"
    here.touch()
    told = re.search("KIOSK_CONFIG=(.*)", LAUNCHER)
    assert told is not None

    monkeypatch.setenv("KIOSK_CONFIG", told[1])

    assert str(usual_config(here, tmp_path / "none")) == "/etc/kiosk/kiosk.toml"


@pytest.mark.parametrize(
    ("command", "may"),
    [("check", "-all"), ("alerts", "-all"), ("webhook", "-all"),
     ("restore", "-all,+dac_read_search"), ("import", "-all,+dac_read_search")],
)  # fmt: skip
def test_what_proves_the_hall_may_read_no_more_than_the_hall(
    tmp_path: Path, command: str, may: str
) -> None:
    """Else root would read a file of secrets that the hall cannot, and say that all is well."""
    environment = tmp_path / "environment"
    environment.write_text(
        "# The bucket.\nLITESTREAM_ACCESS_KEY_ID='a key'\nKIOSK_SMTP_PASSWORD=ab$cd&true `x` (;\n"
        'QUOTED="it\'s $(x)"\n$(touch x)=1\nnothing\n',
        "utf-8",
    )
    launcher = tmp_path / "kiosk"
    launcher.write_text(LAUNCHER.replace(ENVIRONMENT, str(environment)), "utf-8")
    called = tmp_path / "setpriv"
    called.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$LITESTREAM_ACCESS_KEY_ID" "$KIOSK_SMTP_PASSWORD"'
        ' "$QUOTED" "$@"\n',
        "utf-8",
    )
    root = tmp_path / "id"
    root.write_text("#!/bin/sh\necho 0\n", "utf-8")
    for program in (launcher, called, root):
        program.chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"

    told = subprocess.run(
        [launcher, command, "more"], env={"PATH": path}, check=True, capture_output=True, text=True
    ).stdout.splitlines()

    assert told == [
        "a key", "ab$cd&true `x` (;", "it's $(x)",
        "--reuid=kiosk", "--regid=kiosk", "--init-groups", f"--inh-caps={may}",
        f"--ambient-caps={may}", f"{CURRENT}/bin/kiosk", command, "more",
    ]  # fmt: skip


def test_a_store_elsewhere_leaves_its_kiosks_files_in_the_folder_of_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit may not write beside kiosk.toml."""
    path = tmp_path / "kiosk.toml"
    path.write_text(first_config(), "utf-8")
    config = write_section(load(path), "store", {"url": "postgresql:///hall"})
    assert config.beside_store("print").parent == tmp_path

    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/kiosk:/var/lib/other")

    assert str(config.beside_store("print")) == "/var/lib/kiosk/kiosk.toml.kiosk-1.print"


def test_a_version_that_another_python_was_made_for_is_due(tmp_path: Path) -> None:
    machine, step = Machine(tmp_path), Environment("1.2.3", tmp_path)
    mark = tmp_path / f"opt/kiosk/versions/1.2.3/{MARK}"
    assert step.due(machine)
    mark.parent.mkdir(parents=True)

    mark.write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n", "ascii")
    assert not step.due(machine)
    mark.write_text("3.1\n", "ascii")
    assert step.due(machine)


# The session of the screens.


# On the machine that we are on.


class Touching(Step):
    """Due until it was done."""

    def __init__(self, done: bool) -> None:
        self.is_done = done

    def due(self, machine: Machine) -> bool:
        return not self.is_done

    def do(self, machine: Machine) -> None:
        self.is_done = True

    def told(self, machine: Machine, words: Texts) -> str:
        return "changed"


@pytest.mark.parametrize(("done", "told"), [(False, ["changed", "run: true"]), (True, [])])
def test_what_only_takes_up_a_change_is_left_out_without_one(
    done: bool,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("LANGUAGE", "en")
    steps = [Touching(done), Command(("true",), booted=False)]
    steps.append(Command(("true",), booted=False, follows=False))

    carry_out(steps, Machine(), dry_run=False)

    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [*told, "run: true"]
