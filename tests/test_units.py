"""The units, the firewall and the session of the screens, judged by the programs that read them."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.config import load
from kiosk.config_file import write_section
from kiosk.installation.first_config import first_config
from kiosk.installation.machine_files import firewall
from kiosk.installation.session import weston_ini, write_session
from kiosk.installation.units import SERVICES, units
from kiosk.mistakes import BadConfig
from kiosk.processes import Role

if TYPE_CHECKING:
    from pathlib import Path


EXPOSURE: Final = 25
"""Tenths of what ``systemd-analyze security`` gives, 0 for shut to 100 for open."""


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("units")
    for name, text in units().items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_every_role_of_the_hall_has_one_unit() -> None:
    roles = [role for service in SERVICES for role in service.roles]

    assert sorted(roles) == sorted(set(Role) - {Role.COUNTER})
    target = units()["kiosk.target"]
    assert all(f"Wants={service.unit}\n" in target for service in SERVICES)
    without = units(windows=False)["kiosk.target"]
    assert "kiosk-windows" not in without
    assert "kiosk-web" in without


@pytest.mark.parametrize("name", [name for name in units() if name.endswith(".service")])
def test_a_unit_is_hardly_exposed(name: str, laid_out: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager",
         str(laid_out / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_systemd_understands_every_unit(laid_out: Path, tmp_path: Path) -> None:
    """What the units start is not on this machine, so something that is stands in its place."""
    for path in laid_out.iterdir():
        text = re.sub(r"(?m)^(Exec\w+=)[+-]*/\S+", r"\1/bin/true", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "kiosk" in line]
    assert (done.returncode, told) == (0, [])


def test_the_firewall_is_understood(tmp_path: Path) -> None:
    rules = tmp_path / "nftables.conf"
    rules.write_text(firewall(8080, 8090), "utf-8")
    away = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]

    done = subprocess.run(
        [*away, "nft", "--check", "--file", str(rules)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    wrong = rules.read_text("utf-8").replace("policy drop", "policy maybe")
    rules.write_text(wrong, "utf-8")
    assert subprocess.run([*away, "nft", "-c", "-f", str(rules)], capture_output=True).returncode


def test_the_name_of_a_screen_is_one_line_and_brings_nothing_into_the_session(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kiosk.toml"
    injected = r'screen = "HDMI-A-1\n[core]\nmodules=/tmp/x.so"'
    for section in ("touch", "board"):
        head, begin, rest = first_config().partition(f"\n[{section}]\n")
        path.write_text(head + begin + rest.replace('screen = ""', injected, 1), "utf-8")
        with pytest.raises(BadConfig) as bad:
            load(path)
        assert [problem.key for problem in bad.value.problems] == ["screen_letters"]

    path.write_text(first_config(), "utf-8")
    serial = write_section(load(path), "touch", {"screen": "DELL 24 N° 7"})

    assert "[output]" not in weston_ini(serial), "the window asks for it itself"


def test_the_session_pins_each_window_to_the_screen_that_kiosk_toml_names(tmp_path: Path) -> None:
    path, written = tmp_path / "kiosk.toml", tmp_path / "weston.ini"
    office = first_config()
    path.write_text(office, "utf-8")
    assert "[output]" not in weston_ini(load(path)), "the windows ask for their screens"
    assert write_session(path, written)

    path.write_text(
        office.replace('screen = ""\nfullscreen = true\n# How far', 'screen = "DP-1"\n# How far')
        .replace("turned = 0", "turned = 90")
        .replace('screen = ""\n', 'screen = ["HDMI-A-1", "HDMI-A-2"]\n'),
        "utf-8",
    )

    assert write_session(path, written)
    assert not write_session(path, written), "nothing changed"
    assert written.read_text("utf-8").partition("[output]")[2].split("\n\n[output]\n") == [
        "\nname=DP-1\napp-ids=motcua-kiosk-touch\ntransform=rotate-90",
        "name=HDMI-A-1\napp-ids=motcua-kiosk-board",
        "name=HDMI-A-2\napp-ids=motcua-kiosk-board-2\n",
    ]


def test_a_spoilt_kiosk_toml_leaves_the_session_as_it_is(tmp_path: Path) -> None:
    path, written = tmp_path / "kiosk.toml", tmp_path / "weston.ini"
    path.write_text("[office", "utf-8")

    assert write_session(path, written), "any session is better than none"
    before = written.read_text("utf-8")
    assert "kiosk-shell.so" in before
    assert not write_session(path, written)
    assert written.read_text("utf-8") == before
