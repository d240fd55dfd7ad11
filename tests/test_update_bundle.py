"""Which bundles a machine takes: whole ones, of whom it trusts, that lead forward and back."""

from __future__ import annotations

import base64
import json
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from kiosk.backups import back_up
from kiosk.check import _update
from kiosk.config import load
from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.installation.booted import BootedHall
from kiosk.installation.bundle import MANIFEST, SIGNATURE, check_bundle, rank, read_bundle, unpack
from kiosk.installation.places import CURRENT, UNFINISHED
from kiosk.installation.steps import Link, Machine
from kiosk.installation.update import Update
from kiosk.installation.version import folder_of
from kiosk.office.tickets import take_ticket
from kiosk.schema import MIGRATIONS
from kiosk.texts import texts
from kiosk.trial import try_on
from tests.hall import MORNING, OFFICE, centre_at
from tools.bundle import make_bundle, make_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LEAST: Final = (
    f'[office]\nname = "UBND"\nunit_code = "{OFFICE}"\n[[service]]\ncode = "A"\n'
    'name.vi = "Chứng thực"\n[[counter]]\nnumber = 1\n'
)
HERE: Final = f"3.{sys.version_info.minor}"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    make_keys(tmp_path / "private.pem", folder / "ours.pem")
    return folder


@pytest.fixture
def made(tmp_path: Path, keys: Path) -> Path:
    """A bundle of two small wheels."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "motcua_kiosk-2.0-py3-none-any.whl").write_bytes(b"the program" * 1000)
    minor = sys.version_info.minor
    (wheels / f"fast-1.0-cp3{minor}-cp3{minor}-manylinux_2_17_x86_64.whl").write_bytes(b"fast")
    (wheels / "requirements.txt").write_text("fast==1.0\n", "utf-8")
    make_bundle(wheels, tmp_path / "private.pem", tmp_path / "2.0.bundle")
    return tmp_path / "2.0.bundle"


def remade(made: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with other files in it."""
    with zipfile.ZipFile(made) as old:
        inside = {name: old.read(name) for name in old.namelist()}
    change(inside)
    target = made.with_name("other.bundle")
    with zipfile.ZipFile(target, "w") as new:
        for name, data in inside.items():
            new.writestr(name, data)
    return target


def test_a_bundle_of_whom_one_trusts_is_unpacked_whole(made: Path, keys: Path, tmp_path: Path):
    bundle = read_bundle(made, keys)
    check_bundle(bundle, "1.9.9")
    unpack(bundle, tmp_path / "out")

    assert (bundle.version, bundle.pythons) == ("2.0", (HERE,))
    wheels = {path.name: path.read_bytes() for path in (tmp_path / "wheels").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == wheels
    assert bundle.size == sum(map(len, wheels.values()))


def test_what_an_unpacking_left_half_done_is_gone(made: Path, keys: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "evil-1.0-py3-none-any.whl").touch()
    unpack(read_bundle(made, keys), tmp_path / "out")

    assert not (tmp_path / "out" / "evil-1.0-py3-none-any.whl").exists()


def test_a_stranger_signs_in_vain(made: Path, tmp_path: Path):
    strange = tmp_path / "strange"
    strange.mkdir()
    make_keys(tmp_path / "other.pem", strange / "theirs.pem")

    with pytest.raises(Refused, match="bundle_untrusted"):
        read_bundle(made, strange)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_without_a_key_nothing_is_taken(made: Path, tmp_path: Path, content: bytes):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "odd.pem").write_bytes(content)

    with pytest.raises(Refused, match="bundle_no_keys"):
        read_bundle(made, empty)
    with pytest.raises(Refused, match="bundle_no_keys"):
        read_bundle(made, tmp_path / "nowhere")


def altered(**facts: Any) -> Callable[[dict[str, bytes]], None]:
    def change(inside: dict[str, bytes]) -> None:
        inside[MANIFEST] = json.dumps({**json.loads(inside[MANIFEST]), **facts}).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        altered(version="3.0"),
        altered(files={}),
        lambda inside: inside.update({SIGNATURE: b"no base64!"}),
        lambda inside: inside.update({SIGNATURE: base64.b64encode(b"short")}),
        lambda inside: inside.update({SIGNATURE: b""}),
    ],
)
def test_an_altered_manifest_is_nobodys(made: Path, keys: Path, change):
    with pytest.raises(Refused, match="bundle_untrusted"):
        read_bundle(remade(made, change), keys)


def test_a_changed_wheel_is_found_and_one_that_was_added_too(
    made: Path, keys: Path, tmp_path: Path
):
    def swap(inside: dict[str, bytes]) -> None:
        name = next(name for name in inside if "motcua" in name)
        inside[name] = b"evil program" * 1000

    with pytest.raises(Refused, match="bundle_damaged"):
        unpack(read_bundle(remade(made, swap), keys), tmp_path / "out")
    for name in ("wheels/evil-1.0-py3-none-any.whl", "../evil.txt", "/etc/evil"):
        with pytest.raises(Refused, match="bundle_unreadable"):
            read_bundle(remade(made, lambda inside, name=name: inside.update({name: b"x"})), keys)


def test_a_stick_that_is_pulled_and_a_place_that_cannot_be_written_are_told(
    made: Path, keys: Path, tmp_path: Path
):
    bundle = read_bundle(made, keys)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="bundle_not_unpacked") as told:
        unpack(bundle, tmp_path / "file" / "out")
    assert told.value.facts["why"] == "Not a directory"
    whole = made.read_bytes()
    made.unlink()
    with pytest.raises(Unavailable, match="bundle_not_unpacked"):
        unpack(bundle, tmp_path / "out")
    made.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unavailable, match="bundle_not_unpacked"):
        unpack(bundle, tmp_path / "out")


def test_what_is_no_bundle_says_so(made: Path, keys: Path, tmp_path: Path):
    with pytest.raises(Refused, match="bundle_no_file"):
        read_bundle(tmp_path / "gone.bundle", keys)
    whole = made.read_bytes()
    for odd in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole[100:] + b"\0" * 40):
        (tmp_path / "odd.bundle").write_bytes(odd)
        with pytest.raises(Refused, match=r"bundle_(unreadable|untrusted)"):
            read_bundle(tmp_path / "odd.bundle", keys)


def signed(made: Path, tmp_path: Path, **facts: Any) -> Path:
    """Their maker's own signature on whatever the manifest says."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key: Any = load_pem_private_key((tmp_path / "private.pem").read_bytes(), None)

    def change(inside: dict[str, bytes]) -> None:
        altered(**facts)(inside)
        inside[SIGNATURE] = base64.b64encode(key.sign(inside[MANIFEST]))

    return remade(made, change)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"version": "1.0"}, "bundle_not_newer"),
        ({"version": "0.9.12"}, "bundle_not_newer"),
        ({"pythons": ["3.9"]}, "bundle_python"),
        ({"fits": len(MIGRATIONS) + 1}, "bundle_too_far"),
        ({"form": 2}, "bundle_unreadable"),
        ({"version": "../../etc"}, "bundle_unreadable"),
        ({"version": None}, "bundle_unreadable"),
        ({"files": {"../../etc/passwd": "0"}}, "bundle_unreadable"),
        ({"files": []}, "bundle_unreadable"),
        ({"fits": "x"}, "bundle_unreadable"),
    ],
)
def test_what_does_not_lead_forward_is_refused(
    made: Path, keys: Path, tmp_path: Path, facts: dict[str, Any], code: str
):
    with pytest.raises(Refused, match=code):
        check_bundle(read_bundle(signed(made, tmp_path, **facts), keys), "1.0")


def test_versions_are_numbers_and_no_words() -> None:
    assert sorted(["0.10", "0.9.1", "0.9", "1.0"], key=rank) == ["0.9", "0.9.1", "0.10", "1.0"]


def test_the_trial_reads_a_copy_of_the_store_and_finds_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text(LEAST, "utf-8")
    centre = centre_at(tmp_path / "kiosk.db", lambda: MORNING)
    take_ticket(centre, service="A", actor="test")
    back_up(centre, tmp_path)
    centre.database.close()
    (copy,) = tmp_path.glob("kiosk-*.db")
    shutil.copy(copy, tmp_path / "altered.db")
    altered_copy = Sqlite(tmp_path / "altered.db")
    with altered_copy.write() as query:
        query.run("UPDATE event SET actor = 'somebody' WHERE seq = 1")
    altered_copy.close()

    assert try_on(tmp_path / "kiosk.toml", copy) == 0
    assert capsys.readouterr().out
    with pytest.raises(Refused, match="trial_unsound"):
        try_on(tmp_path / "kiosk.toml", tmp_path / "altered.db")


def test_check_tells_of_an_update_that_was_broken_off(tmp_path: Path) -> None:
    words = texts("en")
    (tmp_path / "note.json").touch()

    (found,) = _update(tmp_path / "note.json", words)
    assert found.doubt == "warning"
    assert "sudo kiosk update" in found.detail
    assert _update(tmp_path / "none", words) == []


class Machines(Machine):
    """One that notes what would be run on it."""

    asked: ClassVar[list[tuple[str, ...]]] = []

    def run(self, command: Sequence[str], lines: int = 5) -> None:
        self.asked.append(tuple(command))


def test_a_hall_that_systemd_runs_is_started_anew_though_nothing_but_the_link_has_changed(
    tmp_path: Path,
) -> None:
    (tmp_path / "kiosk.toml").write_text(LEAST, "utf-8")
    machine = Machines(tmp_path)
    BootedHall(machine, load(tmp_path / "kiosk.toml")).begin()

    assert machine.asked == [
        ("/opt/kiosk/current/bin/kiosk", "install", "--no-start"),
        ("systemctl", "restart", "kiosk.target"),
    ]


class Halls:
    """A hall whose new version does not even start."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.begun: list[str] = []
        self.measure: object = None

    def known(self) -> dict[str, list[str]]:
        return {"units": ["kiosk-web.service"], "faults": []}

    def measure_by(self, known: object) -> None:
        self.measure = known

    def begin(self) -> None:
        self.begun.append(self._machine.at(CURRENT).readlink().name)
        if self.begun[-1] == "0.2":
            raise Unavailable("command_failed", command="systemctl", told="no such unit")

    def trouble(self) -> str | None:
        return None

    def starts(self) -> int:
        return 0


@pytest.mark.parametrize("linked", ["0.1", "0.2"])
def test_a_version_that_cannot_be_started_goes_back_whenever_the_power_failed(
    tmp_path: Path, linked: str
) -> None:
    """Before the link moved, or after it; what it is measured by is how it was before."""
    machine = Machine(tmp_path)
    for version in ("0.1", "0.2"):
        machine.at(folder_of(version)).mkdir(parents=True)
    Link(CURRENT, f"versions/{linked}").do(machine)
    known = {"units": ["kiosk-web.service"], "faults": ["printer"]}
    note = {"from": "0.1", "to": "0.2", "known": known}
    machine.at(UNFINISHED).write_text(json.dumps(note), "utf-8")
    hall, told = Halls(machine), []
    update = Update(
        machine, hall, lambda key, **_: told.append(key), tmp_path / "kiosk.toml",
        well_seconds=1.0, steady_seconds=0.0,
    )  # fmt: skip

    with pytest.raises(Refused, match="update_returned"):
        update.finish()

    assert hall.begun == ["0.2", "0.1"]
    assert hall.measure == known
    assert machine.at(CURRENT).readlink().name == "0.1"
    assert not machine.at(UNFINISHED).exists()
    assert not machine.at(folder_of("0.2")).exists()
    assert told == ["update.returning"]


def test_the_trial_tells_every_mistake_of_a_file_that_it_does_not_understand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text('[office]\nnmae = "x"\n', "utf-8")

    assert try_on(tmp_path / "kiosk.toml", tmp_path / "copy.db") == 2
    told = capsys.readouterr().err
    assert "office.nmae" in told
    assert "Traceback" not in told
