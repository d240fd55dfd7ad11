from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.demo import run_demo
from kiosk.errors import Refused
from kiosk.mistakes import BadConfig
from kiosk.office.centre import open_centre
from kiosk.printing import lock_path
from kiosk.texts import texts

ROOT = Path(__file__).resolve().parents[2]
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


def config_on(folder: Path, url: str) -> Path:
    path = folder / "kiosk.toml"
    text = (ROOT / "kiosk.toml").read_text("utf-8")
    assert 'url = "sqlite:///kiosk.db"' in text
    path.write_text(text.replace('url = "sqlite:///kiosk.db"', f'url = "{url}"'), "utf-8")
    return path


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kiosk@10.0.0.5/kiosk",
        "postgresql://kiosk:s3cret@10.0.0.5:5433/kiosk?sslmode=require",
        "postgresql://one:5432,two:5432/kiosk?target_session_attrs=read-write",
        "postgresql:///kiosk?host=/run/postgresql",
        "postgres://server/kiosk",
    ],
)
def test_a_store_in_postgresql_has_no_file_and_the_print_lock_stands_beside_the_configuration(
    tmp_path: Path, url: str
) -> None:
    config = load(config_on(tmp_path, url))

    assert config.store_path is None
    assert config.located(config.store.url) == url
    assert lock_path(config) == tmp_path / "kiosk.toml.kiosk-1.print"
    assert "s3cret" not in open_centre(config).database.place


@pytest.mark.parametrize(
    "url",
    ["postgresql//kiosk:s3cret@server/kiosk", "postgresql://kiosk:s3cret@server", "sqlite:///",
     "mysql://kiosk:s3cret@server/kiosk"],
)  # fmt: skip
def test_a_mistyped_address_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadConfig) as caught:
        load(config_on(tmp_path, url))
    (problem,) = caught.value.problems
    for language in ("vi", "en"):
        told = problem.told(texts(language))
        assert "postgresql://kiosk@" in told
        assert "s3cret" not in told


def test_the_demo_leaves_an_office_in_postgresql_alone(tmp_path: Path) -> None:
    config = config_on(tmp_path, "postgresql://kiosk:s3cret@server/kiosk")
    with pytest.raises(Refused, match="demo_elsewhere") as caught:
        run_demo(tmp_path / "demo", config)

    assert "s3cret" not in str(caught.value)
