from __future__ import annotations

import subprocess
import sys

OPEN = """
import sys
{before}
from kiosk.database import open_database
from kiosk.errors import Unavailable
from kiosk.processes import guarded
import kiosk.__main__, kiosk.office.centre
open_database("sqlite:///kiosk.db", "X")
print("psycopg" in sys.modules)
sys.exit(guarded(lambda: open_database("postgresql://server/kiosk", "X") and 0))
"""


def opened(before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", OPEN.format(before=before)],
        capture_output=True,
        text=True,
        check=False,
        env={"LANGUAGE": "en"},
    )


def test_an_office_on_sqlite_needs_no_driver_of_postgresql() -> None:
    done = opened("sys.modules['psycopg'] = None")

    assert done.returncode == 1
    assert "pip install -r requirements/postgres.txt" in done.stderr


def test_the_driver_is_loaded_only_for_postgresql() -> None:
    done = opened("")

    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
