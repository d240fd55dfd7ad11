"""Which Chromium the page tests drive: what tools/browser.sh finds, else Playwright's own."""

from __future__ import annotations

import subprocess
from pathlib import Path


def chromium() -> str | None:
    """The path for Playwright's ``executable_path``; None stands for its own build."""
    script = Path(__file__).resolve().parents[1] / "tools" / "browser.sh"
    found = subprocess.run([script], capture_output=True, text=True)
    return found.stdout.strip() or None
