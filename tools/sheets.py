"""Contact sheets of the pictures in a folder.    python -m tools.sheets [FOLDER]

``make shots`` makes them after the pictures, many screens on each; whoever opens
FOLDER/sheets/index.html has looked through all of them in minutes.
"""

from __future__ import annotations

import html
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kiosk.ui.fonts import font_files

SIZES: Final = ("portrait", "landscape", "small", "desk", "phone", "58", "80")
LANGUAGES: Final = ("vi", "en")
ACROSS: Final = 2400
HIGH: Final = 3200
GAP: Final = 24
LABEL: Final = 34
GROUND: Final = "#3C4650"
INK: Final = "#FFFFFF"


def group_of(picture: Path) -> tuple[str, str]:
    """The sheet on which a picture stands, and what it is called there.

    ``touch-home-portrait-vi.png`` is "home" on the sheet "touch-portrait-vi".
    """
    kind, *rest = picture.stem.split("-")
    marks = [part for part in rest[-2:] if part in SIZES or part in LANGUAGES]
    face = rest[: len(rest) - len(marks)]
    return "-".join([kind, *marks]), "-".join(face) or kind


def sheets(folder: Path) -> list[Path]:
    """Writes the sheets and their index into FOLDER/sheets and returns their paths."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for picture in sorted(folder.glob("*.png")):
        groups[group_of(picture)[0]].append(picture)
    made = folder / "sheets"
    made.mkdir(exist_ok=True)
    for old in made.glob("*.png"):
        old.unlink()
    paths = [
        page for name, pictures in sorted(groups.items()) for page in _pages(made, name, pictures)
    ]
    links = "\n".join(
        f'<h2>{html.escape(path.stem)}</h2><img src="{html.escape(path.name)}" width="100%">'
        for path in paths
    )
    (made / "index.html").write_text(f"<!doctype html><meta charset=utf-8>\n{links}\n", "utf-8")
    return paths


def _pages(made: Path, name: str, pictures: list[Path]) -> list[Path]:
    """As many sheets as the pictures need, all of one size on each."""
    with Image.open(pictures[0]) as first:
        wide = first.width > first.height
        shape = first.height / first.width
    columns = min(len(pictures), 4 if wide else 6)
    width = (ACROSS - GAP) // columns - GAP
    rows = max(1, int((HIGH - GAP) // (width * shape + LABEL + GAP)))
    per = columns * rows
    pages = []
    for at in range(0, len(pictures), per):
        path = made / f"{name}{'' if len(pictures) <= per else f'-{at // per + 1}'}.png"
        _page(path, pictures[at : at + per], columns, width)
        pages.append(path)
    return pages


def _page(path: Path, pictures: list[Path], columns: int, width: int) -> None:
    font = ImageFont.truetype(str(font_files()[1]), 22)
    small = []
    for picture in pictures:
        with Image.open(picture) as opened:
            high = max(1, round(opened.height * width / opened.width))
            small.append(opened.convert("RGB").resize((width, high), Image.Resampling.LANCZOS))
    high = max(face.height for face in small) + LABEL + GAP
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * high + GAP), GROUND)
    draw = ImageDraw.Draw(sheet)
    for n, face in enumerate(small):
        x, y = GAP + n % columns * (width + GAP), GAP + n // columns * high
        draw.text((x, y), group_of(pictures[n])[1], INK, font)
        sheet.paste(face, (x, y + LABEL))
    sheet.save(path)


if __name__ == "__main__":
    found = sheets(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("shots"))
    print(f"{len(found)} sheets")
