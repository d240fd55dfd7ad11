"""From one version to the next while people take numbers, and back where the next does not do."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.config import load
from kiosk.errors import Refused
from kiosk.installation.booted import faults
from kiosk.installation.places import CONFIG_FILE, CURRENT, KEYS, TRIAL, UNFINISHED, VERSIONS
from kiosk.installation.steps import Link, Machine
from kiosk.installation.update import Update
from kiosk.installation.version import Environment, folder_of, running
from kiosk.schema import MIGRATIONS
from tests.e2e.next_versions import ADDS, ENDS, SPOILS, bundle, today, wheels
from tests.e2e.running import OFFICE, free_port, until
from tests.profile import LONG
from tools.bundle import make_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD: Final = "9.1"
BAD: Final = "9.2"
SPOILT: Final = "9.3"


class Running:
    """The machine's hall as processes of the test: the real program, without systemd above it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.config = machine.at(CONFIG_FILE)
        self._log = machine.at("/var/lib/kiosk/log")
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        self.end()
        program = self._machine.at(CURRENT) / "bin/kiosk"
        command = [program, "run", "--role", "web", "--role", "print", "--config", self.config]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": ""}
            )

    def known(self) -> dict[str, list[str]]:
        return {}

    def measure_by(self, known: object) -> None:
        """All must be well, whatever it was."""

    def trouble(self) -> str | None:
        found = faults(load(self.config))
        return "/healthz" if found is None else ", ".join(sorted(found)) or None

    def starts(self) -> int:
        return self._log.read_text("utf-8").count("starting it again")

    def end(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None


class People(threading.Thread):
    """Take numbers one after the other; whoever gets no answer asks again, as a kiosk does."""

    def __init__(self, port: int) -> None:
        super().__init__(name="people")
        self._api = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5)
        self.done = threading.Event()
        self.numbers: list[str] = []

    def run(self) -> None:
        person = 0
        while not self.done.wait(0.02):
            asked = {"service": "A", "request_id": f"person-{person}"}
            try:
                answer = self._api.post("/api/tickets", json=asked)
            except httpx.TransportError:
                continue
            if answer.status_code == 201:
                self.numbers.append(answer.json()["number"])
                person += 1
        self._api.close()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder / "private.pem", folder / "public.pem")
    return folder / "private.pem", folder / "public.pem"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return today(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def machine(tmp_path: Path, wheel: Path, keys: tuple[Path, Path]) -> Machine:
    """A machine in a folder, with today's version installed and its office set up."""
    machine = Machine(tmp_path / "machine")
    for path in (CONFIG_FILE, f"{KEYS}/public.pem", TRIAL):
        machine.at(path).parent.mkdir(parents=True, exist_ok=True)
    machine.at(f"{KEYS}/public.pem").write_bytes(keys[1].read_bytes())
    text = OFFICE.format(printer=9, scanner="/dev/none", web=free_port())
    text = text.replace('connection = "network"', 'connection = "preview"')
    text += '\n[store]\nurl = "sqlite:///../../var/lib/kiosk/kiosk.db"\n'
    machine.at(CONFIG_FILE).write_text(text, "utf-8")
    Environment(running(), wheels(tmp_path / "today", wheel, running(), {})).do(machine)
    Link(CURRENT, f"versions/{running()}").do(machine)
    return machine


@pytest.fixture
def hall(machine: Machine) -> Iterator[Running]:
    hall = Running(machine)
    hall.begin()
    until(lambda: hall.trouble() is None, "today's version runs")
    yield hall
    hall.end()


def version_of(machine: Machine) -> str:
    return machine.at(CURRENT).readlink().name


def updating(machine: Machine, hall: Running) -> tuple[Update, list[str]]:
    told: list[str] = []

    def say(key: str, **facts: object) -> None:
        told.append(key.removeprefix("update."))

    return Update(
        machine,
        hall,
        say,
        hall.config,
        store=load(hall.config).store_path,
        well_seconds=60.0,
        steady_seconds=2.0,
    ), told


@pytest.fixture
def people(hall: Running) -> Iterator[People]:
    people = People(load(hall.config).web.port)
    people.start()
    yield people
    people.done.set()
    people.join()


def goes_on(people: People, what: str) -> None:
    before = len(people.numbers)
    until(lambda: len(people.numbers) > before, what)


def all_of(people: People, machine: Machine) -> None:
    """Nobody's number was lost, and the store knows of no other."""
    people.done.set()
    people.join()
    told = people.numbers
    assert told == [f"A{n:03d}" for n in range(1, len(told) + 1)]
    with closing(sqlite3.connect(machine.at("/var/lib/kiosk/kiosk.db"))) as store:
        assert store.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
        (issued,) = store.execute("SELECT count(*) FROM ticket").fetchone()
    # The last one may have had no answer any more.
    assert issued in (len(told), len(told) + 1)
    [kept] = machine.at("/var/lib/kiosk").glob("kiosk.db.before-*")
    with closing(sqlite3.connect(kept)) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert 0 < before.execute("SELECT count(*) FROM ticket").fetchone()[0] <= issued


def test_a_version_that_does_not_do_takes_itself_back_and_no_number_is_lost(
    tmp_path: Path,
    machine: Machine,
    hall: Running,
    people: People,
    wheel: Path,
    keys: tuple[Path, Path],
) -> None:
    changes = {"kiosk/schema.py": ADDS, "kiosk/web/process.py": ENDS}
    bad = bundle(wheels(tmp_path / "bad", wheel, BAD, changes), keys[0])
    update, told = updating(machine, hall)
    goes_on(people, "numbers are given")

    with pytest.raises(Refused, match="update_returned"):
        update.carry_out(bad)

    assert told[-3:] == ["switching", "watching", "returning"]
    assert version_of(machine) == running()
    assert not machine.at(folder_of(BAD)).exists()
    goes_on(people, "the old version goes on with the store that the other one left")
    all_of(people, machine)
    _finish_what_a_power_cut_broke_off(machine, hall)


def _finish_what_a_power_cut_broke_off(machine: Machine, hall: Running) -> None:
    """The link had moved, and nobody had looked whether the new version does."""
    update, told = updating(machine, hall)
    with pytest.raises(Refused, match="update_none"):
        update.finish()
    note = {"from": "0.0.9", "to": running(), "known": {}}
    machine.at(UNFINISHED).write_text(json.dumps(note), "utf-8")
    with pytest.raises(Refused, match="update_unfinished"):
        update.carry_out(machine.at("/any"))
    update.finish()

    assert told == ["watching", "done"]
    assert version_of(machine) == running()
    assert not machine.at(UNFINISHED).exists()


if LONG:

    def test_an_update_loses_no_number(
        tmp_path: Path,
        machine: Machine,
        hall: Running,
        people: People,
        wheel: Path,
        keys: tuple[Path, Path],
    ) -> None:
        good = bundle(wheels(tmp_path / "good", wheel, GOOD, {"kiosk/schema.py": ADDS}), keys[0])
        update, told = updating(machine, hall)
        goes_on(people, "numbers are given")

        update.carry_out(good)

        goes_on(people, "the new version goes on")
        all_of(people, machine)
        assert version_of(machine) == GOOD
        steps = ["proved", "installing", "copying", "kept", "trying"]
        assert told == [*steps, "switching", "watching", "done"]
        assert {path.name for path in machine.at(VERSIONS).iterdir()} == {running(), GOOD}
        assert not machine.at(UNFINISHED).exists()
        assert not machine.at(TRIAL).exists()

    def test_a_version_that_cannot_use_the_store_changes_nothing(
        tmp_path: Path, machine: Machine, hall: Running, wheel: Path, keys: tuple[Path, Path]
    ) -> None:
        changes = {"kiosk/schema.py": SPOILS}
        spoilt = bundle(wheels(tmp_path / "spoilt", wheel, SPOILT, changes), keys[0])
        update, told = updating(machine, hall)

        with pytest.raises(Refused, match="update_refused") as refused:
            update.carry_out(spoilt)

        assert "no_such_table" in str(refused.value.facts["told"])
        assert "switching" not in told
        assert version_of(machine) == running()
        assert hall.trouble() is None
        assert not machine.at(TRIAL).exists()
        assert list(machine.at("/var/lib/kiosk").glob("kiosk.db.before-*")) == []
