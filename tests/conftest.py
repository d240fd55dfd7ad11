"""What every test stands on: Qt without a screen, drawn by the software renderer."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
# Tests trust no authority of the world; without this each client reads the whole list of them.
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)

from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from PySide6.QtGui import QGuiApplication

import kiosk.ui  # noqa: F401 (what it mends, every process that calls Qt needs)
from kiosk.office import identity
from printer.virtual import VirtualPrinter
from tests.hall import Clock, Seconds, centre_at
from tests.postgres import Server
from tests.profile import LONG
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter
    from pytestqt.qtbot import QtBot

    from kiosk.office.centre import Centre

# Chance looks for new cases where somebody reads what it finds: in ``make faults``.
settings.register_profile(
    "house", deadline=None, derandomize=not LONG, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


class Teller:
    """Tells of a failure at once: a run that is cut off has no summary."""

    def __init__(self, terminal: TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.ensure_newline()
            self._terminal.section(f"{report.nodeid} ({report.when})", "-")
            self._terminal.line(report.longreprtext)


def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(Teller(terminal))


@pytest.fixture(scope="session", autouse=True)
def quick_secrets() -> Iterator[None]:
    """A PIN is proven a hundred times as fast as where somebody could guess it: tests sign in some
    thousand times. Processes of a hall that tests start take their own time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_HASHER", PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Waits as long as all else does: five seconds are short where many tests run at once."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=round(PATIENCE * 1000))
    return qtbot


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, started for the first test that needs it."""
    server = Server()
    try:
        server.start()
        server.make_template()
        yield server
    finally:
        server.close()


@pytest.fixture
def postgres_url(server: Server) -> Iterator[str]:
    """A database with today's tables and nothing in them."""
    url = server.make_database()
    yield url
    server.drop_database(url)


@pytest.fixture(scope="session")
def spare_server() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def own_server(spare_server: Server) -> Server:
    """Another server, which runs when the test begins and which it may stop."""
    spare_server.start()
    return spare_server


@pytest.fixture
def own_url(own_server: Server) -> Iterator[str]:
    """An empty database of it, without any tables."""
    url = own_server.make_database(empty=True)
    yield url
    own_server.start()
    own_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of either kind: what a test asks of it must hold on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kiosk.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs the command line reads English."""
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where other software lays its files."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    """A ticket printer on the network that prints whatever it is sent."""
    with VirtualPrinter(tcp=0) as printer:
        yield printer


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    yield centre
    centre.database.close()
