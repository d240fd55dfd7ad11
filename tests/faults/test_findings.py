"""What the fault tests find becomes the table of docs/reliability.md, and nothing else does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.faults.findings import found

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_table_is_made_of_the_last_finding_of_each_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KIOSK_FINDINGS", raising=False)
    found("process", "web killed", "SIGKILL", 1, "nothing")
    assert not list(tmp_path.iterdir())
    folder = tmp_path / "findings"
    monkeypatch.setenv("KIOSK_FINDINGS", str(folder))
    found("store", "power cut", "replayed writes", 2000, "a dark screen")
    found("process", "web killed", "SIGKILL", 1, "nothing", seconds=[9.0], target=5)
    found("process", "web killed", "SIGKILL", 3, "a | b", seconds=[1.0, 4.25, 2.0], target=5)
    told = capsys.readouterr().out
    page = tmp_path / "reliability.md"
    made = subprocess.run(
        [sys.executable, "-m", "tools.reliability", str(folder), "--out", str(page)], check=False
    )
    empty = subprocess.run(
        [sys.executable, "-m", "tools.reliability", str(tmp_path)], check=False, stderr=-1
    )

    assert (made.returncode, empty.returncode) == (0, 1)
    assert "web killed x 3: lost nothing; back after 2.0 s, at worst 4.2 s" in told
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert rows[2] == ("| web killed | SIGKILL | 3 | a / b | nothing | 2.0 s | 4.2 s | ≤ 5 s |")
    assert rows[-1] == (
        "| power cut | replayed writes | 2 000 | a dark screen | nothing | – | – | – |"
    )
    assert len(rows) == 6
