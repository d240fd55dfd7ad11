"""An emblem from a file is shown as it is meant, or the drawn one is and staff know why."""

from __future__ import annotations

import struct
import time
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PySide6.QtGui import QImage

from kiosk.check import inspect
from kiosk.config import load
from kiosk.emblem import FAULTS, KEPT_POINTS, Unusable, fault_of, read_emblem
from kiosk.emblem_drawing import drawn_emblem
from kiosk.look import Look
from kiosk.texts import texts
from kiosk.ui.dress import dressed
from tests.test_config import LEAST

WHITE, RED = "#FFFFFF", "#B3152B"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}">{inside}</svg>'
DISC = '<circle cx="12" cy="12" r="9" fill="#0a5"/>'


def drawing(inside: str = DISC, w: float = 24, h: float = 24) -> bytes:
    return SVG.format(inside=inside, w=w, h=h).encode()


def picture(
    size: tuple[int, int], fill: object = (200, 30, 40, 255), kind: str = "PNG", mode: str = "RGBA"
) -> bytes:
    """A disc with nothing around it."""
    made = Image.new(mode, size, (255, 255, 255, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(made).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=fill)
    saved = BytesIO()
    made.save(saved, kind)
    return saved.getvalue()


def bomb(across: int, down: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(4000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


NESTED = "".join(
    f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" if n else f'<g id="g0">{DISC}</g>'
    for n in range(12)
)
ENTITIES = b"""<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>
<svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>"""


FILES = [
    (picture((400, 400)), None),
    (picture((300, 300), "navy", "JPEG", "RGB"), None),
    (picture((1600, 300)), None),
    (picture((300, 1600)), None),
    (picture((96, 96)), None),
    (drawing(), None),
    (drawing(w=240, h=40), None),
    (picture((400, 400), (0, 0, 0, 0)), "empty"),
    (picture((400, 400), (250, 250, 250, 255)), "invisible"),
    (picture((32, 32)), "too_small"),
    (picture((2000, 96)), "too_narrow"),
    (drawing(w=2400, h=40), "too_narrow"),
    (picture((5000, 100)), "too_large"),
    (bomb(60000, 60000), "too_large"),
    (bomb(3000, 3000), "broken"),
    (picture((400, 400))[:300], "broken"),
    (bytes(5_000_000), "too_large"),
    (b"", "no_picture"),
    (b"GIF89a" + bytes(100), "no_picture"),
    (drawing()[:60], "broken"),
    (drawing(""), "empty"),
    (drawing('<image href="/etc/passwd"/>'), "too_complex"),
    (drawing('<use href="http://example.vn/a.svg#b"/>' + DISC), "too_complex"),
    (drawing("<style>a{fill:url(http://example.vn)}</style>" + DISC), "too_complex"),
    (drawing("<script>1</script>" + DISC), "too_complex"),
    (drawing('<path stroke-dasharray="0.00001" d="M0 0H9"/>'), "too_complex"),
    (drawing(NESTED), "too_complex"),
    (drawing('<g id="a"><use href="#a"/></g>' + DISC), "too_complex"),
    (ENTITIES, "too_complex"),
]


@pytest.mark.parametrize(("raw", "fault"), FILES, ids=range(len(FILES)))
def test_a_picture_is_used_or_told_why_not(tmp_path: Path, raw: bytes, fault: str | None) -> None:
    path = tmp_path / "emblem"
    path.write_bytes(raw)
    begun = time.monotonic()

    assert fault_of(path, WHITE) == fault
    assert time.monotonic() - begun < 1, "whatever it is, it takes no time"
    assert dressed(Look(emblem=path)).fault == (fault or "")


def test_what_is_no_file_is_missing(tmp_path: Path) -> None:
    assert fault_of(tmp_path, WHITE) == "missing"
    assert fault_of(tmp_path / "none.png", WHITE) == "missing"
    assert fault_of(Path("/dev/zero"), WHITE) == "missing"


@given(st.binary(max_size=400), st.sampled_from([b"", b"<svg ", picture((100, 100))[:200]]))
def test_no_bytes_do_harm(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, head: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "emblem-by-chance"
    path.write_bytes(head + raw)

    with suppress(Unusable):
        assert read_emblem(path, WHITE).data


def test_a_large_picture_is_made_small_once_and_loses_its_empty_edges(tmp_path: Path) -> None:
    page = Image.new("RGBA", (3000, 3000), (0, 0, 0, 0))
    page.paste(Image.open(BytesIO(picture((800, 400)))), (2000, 100))
    path = tmp_path / "emblem.png"
    page.save(path)

    with Image.open(BytesIO(read_emblem(path, WHITE).data)) as small:
        assert small.size == (KEPT_POINTS, KEPT_POINTS // 2)
        assert small.getpixel((0, 0))[3] == 0, "what was transparent stays so"


def test_a_white_sign_needs_a_coloured_plate(tmp_path: Path, qapp) -> None:
    png, svg = tmp_path / "white.png", tmp_path / "white.svg"
    png.write_bytes(picture((400, 400), "white"))
    svg.write_bytes(drawing('<circle cx="12" cy="12" r="9" fill="#fff"/>'))

    for path in (png, svg):
        assert dressed(Look(emblem=path)).fault == "invisible"
        shown = dressed(Look(emblem=path, emblem_colour=RED))
        assert shown.fault == ""
        assert shown.told["standard"]["emblem"] == RED


@pytest.mark.parametrize(
    ("raw", "ratio"), [(picture((1200, 300)), 4.0), (drawing(w=20, h=80), 0.25)]
)
def test_wide_and_high_ones_keep_their_shape(
    tmp_path: Path, qapp, raw: bytes, ratio: float
) -> None:
    path = tmp_path / "emblem"
    path.write_bytes(raw)
    shown = dressed(Look(emblem=path))

    assert shown.told["emblem"]["ratio"] == pytest.approx(ratio, rel=0.02)
    assert isinstance(shown.picture, QImage)


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "emblem.png"
    assert dressed(Look(emblem=path)).fault == "missing"
    path.write_bytes(picture((200, 200)))
    assert dressed(Look(emblem=path)).fault == ""


def test_every_fault_has_a_sentence() -> None:
    for language in ("vi", "en"):
        assert all(texts(language).has(f"config.emblem_{fault}") for fault in FAULTS)


WHITE_SIGN = drawing('<circle cx="12" cy="12" r="9" fill="#fff"/>')
NO_INK = drawing('<circle cx="12" cy="12" r="9" fill="none"/>')


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (WHITE_SIGN, "cannot be seen on #FFFFFF. Choose another emblem_colour."),
        (NO_INK, "has nothing in it"),
        (picture((400, 400), (0, 0, 0, 0)), "has nothing in it"),
    ],
)
def test_check_tells_of_what_only_shows_once_it_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, told: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    (tmp_path / "emblem").write_bytes(raw)
    path = tmp_path / "kiosk.toml"
    path.write_text(f'{LEAST}\n[look]\nemblem = "emblem"\n', "utf-8")
    (line,) = [one for one in inspect(load(path)) if str(path) in one.detail]
    assert line.state == "warning"
    assert told in line.detail
    assert ("emblem_colour" in line.detail) == (raw == WHITE_SIGN)


def test_a_drawing_is_drawn_by_a_process_of_its_own_as_windows_show_it(tmp_path: Path) -> None:
    path = tmp_path / "emblem.svg"
    path.write_bytes(drawing(w=24, h=12))
    with Image.open(BytesIO(drawn_emblem(path, WHITE))) as shown:
        assert shown.size == (KEPT_POINTS, KEPT_POINTS // 2)
        assert shown.convert("RGB").getpixel((256, 250)) == (0, 170, 85)
    with pytest.raises(Unusable, match="undrawn"):
        drawn_emblem(path, WHITE, seconds=0.001)
