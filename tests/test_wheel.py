"""What ships is complete: the wheel is built, installed alone, and started."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("kiosk", "printer", "display", "assets")
MADE_BY_TOOLS: Final = {".pyc", ".qmlc", ".jsc"}


def run(*command: str | Path, cwd: Path, given: str = "") -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean,
        input=given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel for itself and only borrows what the wheel depends on."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=venv.parent)
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    return venv


def test_the_wheel_holds_every_file_of_its_packages(wheel: Path) -> None:
    there = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in MADE_BY_TOOLS
    }

    assert not sorted(ours - there), "missing in the wheel; see [tool.hatch.build] and .gitignore"
    assert {Path(name).suffix for name in ours} >= {".py", ".qml", ".po", ".svg", ".wav"}


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_lists_what_it_needs_from_elsewhere(wheel: Path) -> None:
    """A software bill of materials where PEP 770 puts it: every locked package with its hashes."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if ".dist-info/sboms/" in name]
        told = json.loads(archive.read(name))
    locked = (ROOT / "requirements" / "postgres.txt").read_text("utf-8")
    listed = {(each["name"], each["version"]) for each in told["components"]}

    assert told["bomFormat"] == "CycloneDX"
    assert listed == set(re.findall(r"^([\w.-]+)==([^\s;\\]+)", locked, re.MULTILINE))
    assert all(each["hashes"] for each in told["components"])
    assert told["metadata"]["component"]["version"] in wheel.name


def test_the_wheel_bears_its_licences(wheel: Path) -> None:
    there = {name.split("/", 1)[1] for name in zipfile.ZipFile(wheel).namelist()}

    assert {"licenses/LICENSE", "licenses/assets/LICENSES.md"} <= there


def test_the_installed_program_is_not_the_checkout(installed: Path) -> None:
    code = "import assets, display, kiosk, printer; print(kiosk.__path__[0], assets.__path__[0])"

    for path in run(installed / "bin" / "python", "-c", code, cwd=installed).split():
        assert Path(path).is_relative_to(installed)


def test_the_installed_program_tells_its_commands(installed: Path) -> None:
    told = run(installed / "bin" / "kiosk", "--help", cwd=installed)

    for command in ("run", "demo", "check", "import", "clerk", "printer"):
        assert command in told


def test_the_installed_program_reads_every_sentence_and_picture(installed: Path) -> None:
    code = (
        "from importlib.resources import files\n"
        "from kiosk.texts import languages, texts\n"
        "for language in languages():\n"
        "    print(language, texts(language).say('language.name'))\n"
        "print(len([entry for entry in (files('assets') / 'icons').iterdir()]))\n"
    )
    vi, en, icons = run(installed / "bin" / "python", "-c", code, cwd=installed).splitlines()

    assert vi == "vi Tiếng Việt"
    assert en.startswith("en ")
    assert int(icons) > 20


def test_the_installed_program_finds_its_parts_ready(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shipped = (ROOT / "kiosk.toml").read_text("utf-8")
    (tmp_path / "kiosk.toml").write_text(shipped.replace("port = 8080", f"port = {port}"), "utf-8")
    kiosk = installed / "bin" / "kiosk"

    run(kiosk, "clerk", "add", "lan", "--name", "Lan", cwd=tmp_path, given="482915\n")
    told = run(kiosk, "check", cwd=tmp_path)

    assert "kiosk.db" in told
    assert str(port) in told
