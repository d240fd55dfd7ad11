"""Makes docs/reliability.md of what the fault tests found: python -m tools.reliability FOLDER.

The folder is the one that KIOSK_FINDINGS named while the tests ran. Of a fault that was tried in
several runs the last one counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final

GROUPS: Final = {
    "start": "Start",
    "process": "A process dies or hangs",
    "store": "The store",
    "disk": "The disk",
    "device": "Printer, scanner, screen",
    "clock": "The clock",
    "network": "The network",
    "soak": "A long time",
}
HEAD: Final = """# Reliability, as measured

Written by `python -m tools.reliability` from what the fault tests found (`make faults` with
`KIOSK_FINDINGS=FOLDER`), not by hand. Times run from the fault until the work goes on.
"""
COLUMNS: Final = (
    "fault", "how injected", "times tried", "what the citizen saw", "what was lost",
    "recovery: median", "worst", "target",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs") / "reliability.md")
    given = parser.parse_args()
    findings = read(given.folder)
    if not findings:
        sys.stderr.write(f"no findings in {given.folder}\n")
        return 1
    given.out.write_text(render(findings), "utf-8")
    print(f"{given.out}: {len(findings)} faults")
    return 0


def read(folder: Path) -> list[dict[str, Any]]:
    """The last finding of each fault, in the order of the groups and then of their files."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            finding = json.loads(line)
            known = found.get(path.name)
            if known is None or finding["at"] >= known["at"]:
                found[path.name] = finding
    order = list(GROUPS)
    return sorted(found.values(), key=lambda one: (order.index(one["group"]), one["fault"]))


def render(findings: list[dict[str, Any]]) -> str:
    machines = sorted({finding["machine"] for finding in findings})
    days = sorted(finding["at"][:10] for finding in findings)
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    lines = [HEAD, f"Measured {when} on:", ""]
    lines += [f"- {machine}" for machine in machines]
    for group, title in GROUPS.items():
        rows = [finding for finding in findings if finding["group"] == group]
        if rows:
            lines += ["", f"## {title}", "", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
            lines += [_row(_cells(finding)) for finding in rows]
    return "\n".join((*lines, ""))


def _cells(finding: dict[str, Any]) -> list[str]:
    seconds, target = finding["seconds"], finding["target"]
    return [
        finding["fault"],
        finding["injected"],
        f"{finding['times']:,}".replace(",", " "),
        finding["seen"],
        finding["lost"],
        _time(median(seconds)) if seconds else "–",
        _time(max(seconds)) if seconds else "–",
        f"≤ {target:g} s" if target else "–",
    ]


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else "< 0.1 s"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
