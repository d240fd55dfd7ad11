"""The office's emblem from a file: looked at before anything draws it, and made small once.

A picture that cannot be used has a ``fault``, one of FAULTS: "empty" has nothing in it, "invisible"
the colour of its plate, "undrawn" kept whoever draws it too long. Windows draw the house's own sign
then, and staff are told.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from PIL import Image, UnidentifiedImageError

from kiosk.look import CONTROL, contrast

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST_BYTES: Final = 4_000_000
MOST_POINTS: Final = 4000
"""Across or down; a larger picture is a photograph, or meant to fill the memory."""
LEAST_POINTS: Final = 96
"""On the longer side; a smaller one would be shown as squares."""
KEPT_POINTS: Final = 512
"""No window shows an emblem larger."""
MOST_PARTS: Final = 5000
"""Elements of a drawing, each counted as often as it is used."""
WIDEST: Final = 8.0
"""How many times as wide as high, or as high as wide, a picture may be."""

FAULTS: Final = frozenset(
    {"missing", "no_picture", "too_large", "too_small", "too_narrow", "broken", "too_complex"}
    | {"empty", "invisible", "undrawn"}
)

_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError)
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_LINK: Final = re.compile(r"url\(\s*['\"]?(?!['\"]?#)|@import")
_COSTLY: Final = {"script", "image", "foreignObject", "iframe", "filter"}
_SHAPES: Final = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"}


class Unusable(Exception):
    """``fault`` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Emblem:
    """A picture that is safe to draw: ``kind`` is "png" or "svg", ``data`` its bytes."""

    kind: str
    data: bytes


def read_emblem(path: Path, plate: str) -> Emblem:
    """The picture, small and without empty edges; Unusable where it must not be shown.

    ``plate`` is the colour it will stand on: a picture that cannot be told from it is invisible.
    """
    raw = _bytes(path)
    if _is_drawing(raw):
        _check_drawing(raw)
        return Emblem("svg", raw)
    return Emblem("png", _small(raw, plate))


def fault_of(path: Path, plate: str) -> str | None:
    """What is wrong with the picture; None for a sound one."""
    try:
        read_emblem(path, plate)
    except Unusable as error:
        return error.fault
    return None


def _bytes(path: Path) -> bytes:
    """The whole file, when it is one and not too large."""
    try:
        if not path.is_file():
            raise Unusable("missing")
        if path.stat().st_size > MOST_BYTES:
            raise Unusable("too_large")
        return path.read_bytes()
    except (OSError, ValueError):
        raise Unusable("missing") from None


# PNG and JPEG


def _small(raw: bytes, plate: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(raw), formats=["PNG", "JPEG"])
        with opened:
            if max(opened.size) > MOST_POINTS:
                raise Unusable("too_large")
            opened.draft("RGB", (2 * KEPT_POINTS, 2 * KEPT_POINTS))
            picture = _eight_bits(opened).convert("RGBA")
    except UnidentifiedImageError:
        raise Unusable("no_picture") from None
    except Image.DecompressionBombError:
        raise Unusable("too_large") from None
    except _BROKEN:
        raise Unusable("broken") from None
    seen = _seen(picture)
    if seen is None:
        raise Unusable("empty")
    picture = picture.crop(seen)
    short, long = sorted(picture.size)
    if long < LEAST_POINTS:
        raise Unusable("too_small")
    if long > WIDEST * short:
        raise Unusable("too_narrow")
    picture.thumbnail((KEPT_POINTS, KEPT_POINTS), Image.Resampling.LANCZOS)
    check_seen(picture, plate)
    saved = io.BytesIO()
    picture.save(saved, "PNG")
    return saved.getvalue()


def _eight_bits(opened: Image.Image) -> Image.Image:
    """Levels of 16 bits would be cut at 255 by a conversion."""
    if not opened.mode.startswith("I"):
        return opened
    return opened.convert("I").point(lambda level: level * (1 / 257)).convert("L")


def check_seen(picture: Image.Image, plate: str) -> None:
    """Unusable where nothing is drawn at all ("empty"), or in the plate's colour ("invisible")."""
    if _seen(picture) is None:
        raise Unusable("empty")
    if not _stands_out(picture, plate):
        raise Unusable("invisible")


def _seen(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Within which edges anything is drawn."""
    return picture.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox()


def _stands_out(picture: Image.Image, plate: str) -> bool:
    """Whether at least a twentieth of what is drawn is plainly another colour than the plate."""
    page = Image.new("RGBA", picture.size, plate)
    page.alpha_composite(picture)
    few = page.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    drawn = picture.getchannel("A").resize((64, 64), Image.Resampling.BOX)
    solid = [value > 127 for value in drawn.tobytes()]
    colours = few.tobytes()
    at = [n for n, known in enumerate(solid) if known] or list(range(len(solid)))
    told = sum(contrast("#" + colours[3 * n : 3 * n + 3].hex(), plate) >= CONTROL for n in at)
    return told * 20 >= len(at)


# SVG


def _is_drawing(raw: bytes) -> bool:
    head = raw[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in raw[:20000]


def _check_drawing(raw: bytes) -> None:
    """A drawing by itself: nothing from elsewhere, no entities, no more parts than a sign has."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", raw, re.IGNORECASE):
        raise Unusable("too_complex")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314 (without entities, see above)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Unusable("broken") from None
    if _name(root) != "svg":
        raise Unusable("no_picture")
    named = {one.attrib["id"]: one for one in root.iter() if "id" in one.attrib}
    if any(_reaches_out(one) for one in root.iter()):
        raise Unusable("too_complex")
    if _parts(root, named, {}, ()) > MOST_PARTS:
        raise Unusable("too_complex")
    if not any(_name(one) in _SHAPES for one in root.iter()):
        raise Unusable("empty")
    _check_shape(root)


def _check_shape(root: ElementTree.Element) -> None:
    sides = [_length(root.attrib.get(side, "")) for side in ("width", "height")]
    box = re.split(r"[\s,]+", root.attrib.get("viewBox", "").strip())
    if len(box) == 4:
        sides = [_length(side) for side in box[2:]]
    if any(side is not None and (side <= 0 or side > 1e6) for side in sides):
        raise Unusable("broken")
    if None not in sides and max(filter(None, sides)) > WIDEST * min(filter(None, sides)):
        raise Unusable("too_narrow")


def _length(text: str) -> float | None:
    found = re.match(r"-?[\d.]+(e-?\d+)?", text.strip())
    try:
        return float(found[0]) if found and not text.strip().endswith("%") else None
    except ValueError:
        return None


def _reaches_out(element: ElementTree.Element) -> bool:
    """Whether it names another file or page, runs a program, holds a picture of its own, or asks
    for what takes a drawing program as long as it likes: filters and dashes."""
    if _name(element) in _COSTLY or "stroke-dasharray" in element.attrib:
        return True
    told = " ".join([*element.attrib.values(), element.text or ""])
    if "stroke-dasharray" in told:
        return True
    links = [value for name, value in element.attrib.items() if _bare(name) == "href"]
    return bool(_LINK.search(told)) or any(not link.strip().startswith("#") for link in links)


def _parts(
    element: ElementTree.Element,
    named: dict[str, ElementTree.Element],
    known: dict[ElementTree.Element, int],
    above: tuple[ElementTree.Element, ...],
) -> int:
    """How many elements are drawn for this one, whatever uses whatever; above the limit where one
    uses itself or they are nested too deep."""
    if element in above or len(above) > 60:
        return MOST_PARTS + 1
    if element not in known:
        inside = [*element, *_used(element, named)]
        total = 1 + sum(_parts(one, named, known, (*above, element)) for one in inside)
        known[element] = min(total, MOST_PARTS + 1)
    return known[element]


def _used(
    element: ElementTree.Element, named: dict[str, ElementTree.Element]
) -> Iterable[ElementTree.Element]:
    links = [value for name, value in element.attrib.items() if _bare(name) == "href"]
    links += re.findall(r"url\(\s*['\"]?(#[^)'\"]+)", " ".join(element.attrib.values()))
    return [named[link[1:]] for link in links if link[1:] in named]


def _name(element: ElementTree.Element) -> str:
    return _bare(element.tag) if isinstance(element.tag, str) else ""


def _bare(name: str) -> str:
    return _NAMESPACE.sub("", name)
