"""The face of all windows, from the package that ships it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from kiosk.errors import Unavailable

FAMILY: Final = "Be Vietnam Pro"
PACKAGE: Final = "fontpkg_be_vietnam_pro"
STYLES: Final = ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")


def font_files() -> tuple[Path, ...]:
    """The files of the face; Unavailable("font_missing") names the first that is not there."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("font_missing", font=FAMILY)
    folder = Path(spec.submodule_search_locations[0]) / "files"
    files = tuple(folder / f"BeVietnamPro-{style}.ttf" for style in STYLES)
    for file in files:
        if not file.is_file():
            raise Unavailable("font_missing", font=file.name)
    return files


def load_fonts() -> None:
    """Makes the face known to Qt and the application's own; once per process is enough."""
    if FAMILY not in QFontDatabase.families():
        for file in font_files():
            if QFontDatabase.addApplicationFont(str(file)) < 0:
                raise Unavailable("font_missing", font=file.name)
    QGuiApplication.setFont(QFont(FAMILY))
