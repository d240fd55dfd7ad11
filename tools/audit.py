"""Asks the public list of weaknesses for those of our locked packages: ``python -m tools.audit``.

Exit code 0: none is known. 1: some are, and are told. 3: the list could not be asked, so that
nothing is known, which is told too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("postgres", "dev", "build")
"""All that is installed anywhere: postgres holds runtime."""
UNKNOWN: Final = 3
SECONDS: Final = 10


def main() -> int:
    weak, unknown, known = [], [], 0
    for lock in LOCKS:
        told = _ask(ROOT / "requirements" / f"{lock}.txt")
        if told is None:
            unknown.append(f"everything in requirements/{lock}.txt")
            continue
        for package in told:
            if "skip_reason" in package:
                unknown.append(str(package["name"]))
                continue
            known += 1
            weak += [
                f"{package['name']} {package['version']} has {weakness['id']}"
                f" ({', '.join(weakness['aliases'])}); mended in"
                f" {', '.join(weakness['fix_versions']) or 'no version yet'}"
                for weakness in package["vulns"]
            ]
    if weak:
        print("\n".join(dict.fromkeys(weak)))
        return 1
    if unknown:
        print(f"NOT AUDITED, the list of weaknesses gave no answer: {len(set(unknown))} packages")
        return UNKNOWN
    print(f"{known} locked packages without a known weakness")
    return 0


def _ask(lock: Path) -> list[dict[str, Any]] | None:
    """What pip-audit says of each package; None when it could not ask at all."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes"),
        *("--disable-pip", "--format", "json", "--progress-spinner", "off"),
        *("--timeout", str(SECONDS)),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        told = json.loads(done.stdout)
    except json.JSONDecodeError:
        print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer")
        return None
    found: list[dict[str, Any]] = told["dependencies"]
    return found


if __name__ == "__main__":
    sys.exit(main())
