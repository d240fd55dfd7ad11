"""A slip as the printer of this office will print it, saved as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Unavailable
from kiosk.office.centre import open_centre
from kiosk.office.examples import example
from kiosk.texts import texts
from printer.raster import draw_slip
from printer.slips import draw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kiosk.config import Config


def save_preview(
    config: Config, kind: str, language: str, path: Path
) -> tuple[tuple[Path, ...], Mapping[str, object]]:
    """The file of each piece of paper (``path``, and the same with -2, -3 for further pieces), and
    what stands on it."""
    name, data = example(open_centre(config), kind, texts(language))
    pictures = draw_slip(draw(name, data), config.printer.paper_mm, config.printer.dpi)
    paths = [path, *(path.with_stem(f"{path.stem}-{n}") for n in range(2, len(pictures) + 1))]
    try:
        for picture, place in zip(pictures, paths, strict=True):
            picture.save(place, format="PNG", optimize=True)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=path.absolute().parent) from error
    return tuple(paths), data
