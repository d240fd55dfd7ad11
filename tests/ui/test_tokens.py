"""One place says how things look: QML names colours, sizes and times, and has none of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = {"Theme.qml", "Tones.qml", "BoardColors.qml"}
FILES = [
    path
    for package in ("kiosk", "display")
    for path in sorted((ROOT / package).rglob("*.qml"))
    if path.name not in HERE
]
SIZED = r"(border\.width|radius|spacing|(?:[a-z]+\.)*[a-zA-Z]*[mM]argins?|[a-z]+Padding)"
NOT_IN_QML = {
    r"#[0-9A-Fa-f]{3,8}\"": "name a colour of Theme",
    r"\bcolor: \"(?!transparent)": "name a colour of Theme",
    r"\bQt\.(rgba|hsla|hsva|lighter|darker|tint)\(": "make the colour in kiosk/look.py",
    r"\bfont\.pixelSize: (?!100$)\d": "use Theme.caps: letters are millimetres",
    rf"\b{SIZED}: [1-9]\d*$": "use Theme.mm, Theme.hair or Theme.rim",
    rf"\b{SIZED}: .*\? [1-9]\d* :|\b{SIZED}: .*\? .* : [1-9]\d*$": "use Theme.mm or Theme.rim",
    r"^\s*(height|width): [2-9]$": "use Theme.hair",
    r"\bduration: \d": "use Theme.calm",
}
"""A font of 100 pixels is one to measure with."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_colour_size_or_time_stands_outside_the_theme(path: Path) -> None:
    # What is given in millimetres is as it should be.
    text = re.sub(r"Theme\.\w+\([^\n]*\)", "mm", path.read_text("utf-8"))
    found = [
        f"{path.name}:{number}: {mend}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, mend in NOT_IN_QML.items()
        if re.search(pattern, line)
    ]

    assert not found, "\n".join(found)


def test_motion_is_calm() -> None:
    theme = (ROOT / "kiosk" / "ui" / "Theme.qml").read_text("utf-8")
    times = {int(time) for time in re.findall(r"int calm: (\d+)", theme)}

    assert times
    assert all(150 <= time <= 250 for time in times)
