"""Later versions of the program as wheels and bundles, made of today's by small changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.installation.version import LOCK, running
from tools.bundle import make_bundle, make_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
NAME: Final = "motcua_kiosk"
ADDS: Final = (
    'BACK: Final = "CREATE TABLE remark (office TEXT NOT NULL, ticket TEXT NOT NULL,'
    ' PRIMARY KEY (office, ticket));"\nMIGRATIONS = (*MIGRATIONS, BACK)\n'
)
"""The next version's tables."""
ENDS: Final = "\nraise SystemExit(70)\n"
"""What a process that cannot do ends with."""
SPOILS: Final = 'MIGRATIONS = (*MIGRATIONS, "ALTER TABLE no_such_table ADD COLUMN x TEXT;")\n'


def today(folder: Path) -> Path:
    """The wheel of this source."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def wheels(folder: Path, wheel: Path, version: str, appended: Mapping[str, str]) -> Path:
    """A folder as tools/wheels.sh gathers it: the wheel under another ``version``, with a text at
    the end of some of its files; what it stands on is borrowed from the tests' environment."""
    folder.mkdir(parents=True)
    renamed(folder, wheel, version, appended)
    _borrow(folder)
    return folder


def renamed(folder: Path, wheel: Path, version: str, appended: Mapping[str, str]) -> None:
    before = f"{NAME}-{running()}"
    with (
        zipfile.ZipFile(wheel) as old,
        zipfile.ZipFile(folder / f"{NAME}-{version}-py3-none-any.whl", "w") as new,
    ):
        for entry in old.infolist():
            data = old.read(entry) + appended.get(entry.filename, "").encode()
            if entry.filename == f"{before}.dist-info/METADATA":
                data = data.replace(f"\nVersion: {running()}\n".encode(), b"\nVersion: %b\n"
                                    % version.encode(), 1)  # fmt: skip
            name = entry.filename.replace(before, f"{NAME}-{version}", 1)
            if name.endswith("/RECORD"):
                data = data.replace(before.encode(), f"{NAME}-{version}".encode())
            new.writestr(name, data)


def bundle(wheels: Path, private: Path) -> Path:
    target = wheels.with_suffix(".bundle")
    make_bundle(wheels, private, target)
    return target


def _borrow(folder: Path) -> None:
    lent = folder / "borrowed-1.0-py3-none-any.whl"
    inside = {
        "borrowed.pth": f"{sysconfig.get_path('purelib')}\n",
        "borrowed-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: borrowed\nVersion: 1.0\n",
        "borrowed-1.0.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
        "borrowed-1.0.dist-info/RECORD": "borrowed.pth,,\nborrowed-1.0.dist-info/METADATA,,\n"
        "borrowed-1.0.dist-info/WHEEL,,\nborrowed-1.0.dist-info/RECORD,,\n",
    }
    with zipfile.ZipFile(lent, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name, text)
    digest = hashlib.sha256(lent.read_bytes()).hexdigest()
    (folder / LOCK).write_text(f"borrowed==1.0 --hash=sha256:{digest}\n", "utf-8")


def main() -> None:
    """For tools/try_systemd.sh: a good and a bad bundle of all the wheels in the folder WHEELS,
    with their key, into the folder OUT."""
    given, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True)
    (ours,) = given.glob(f"{NAME}-*.whl")
    make_keys(out / "private.pem", out / "key.pem")
    for name, version, changes in (
        ("bad", "9.1", {"kiosk/schema.py": ADDS, "kiosk/web/process.py": ENDS}),
        ("good", "9.2", {"kiosk/schema.py": ADDS}),
    ):
        folder = out / name
        shutil.copytree(given, folder, ignore=shutil.ignore_patterns(ours.name))
        renamed(folder, ours, version, changes)
        bundle(folder, out / "private.pem")


if __name__ == "__main__":
    main()
