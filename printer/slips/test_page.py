"""The test page: what a technician looks at before letting people in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import Align, Band, Code, Cut, Feed, Number, Qr, Rule, Ruler, Slip, Text, Weight
from printer.slips.fields import optional_text, refuse_unknown, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

GLYPHS: Final = (
    "AĂÂBCDĐEÊ FGHIJKLMN OÔƠPQRST UƯVWXYZ",
    "ÀẢÃÁẠ ẰẲẴẮẶ ẦẨẪẤẬ ÈẺẼÉẸ ỀỂỄẾỆ ÌỈĨÍỊ",
    "ÒỎÕÓỌ ỒỔỖỐỘ ỜỞỠỚỢ ÙỦŨÚỤ ỪỬỮỨỰ ỲỶỸÝỴ",
    "aăâbcdđeê fghijklmn oôơpqrst uưvwxyz",
    "àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị",
    "òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ",
    "0123456789 đ ₫ % & / · – “ ” ( ) + #",
)
"""Every letter of Vietnamese with every tone; not a sentence, so it belongs to no language file."""

DOSSIER_CODES: Final = ("H57.132-260804-0583", "000.00.16.H40-261120-0001")
"""A code in each of the two national forms: bars where they fit, QR where not."""

_SIZES: Final = (scale.FINE, scale.BODY, scale.LEAD, scale.TITLE, scale.VALUE)
_SAMPLE: Final = "Nghiêng Ấp Ở Ẵ 0189"


@dataclass(frozen=True, slots=True)
class TestPageData:
    """What the test page says, as ready sentences."""

    __test__ = False

    title: str
    lines: tuple[str, ...]
    code: str
    url: str
    copy_mark: str | None = None


def read(data: Mapping[str, object]) -> TestPageData:
    """The page in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    refuse_unknown(data, [field.name for field in fields(TestPageData)])
    return TestPageData(
        title=text(data, "title"),
        lines=texts(data, "lines"),
        code=text(data, "code"),
        url=text(data, "url"),
        copy_mark=optional_text(data, "copy_mark"),
    )


def draw(page: TestPageData) -> Slip:
    return Slip(
        (
            Ruler(),
            Feed(1.5),
            *((Band(page.copy_mark), Feed(1.5)) if page.copy_mark else ()),
            Text(page.title, scale.TITLE, Weight.BOLD),
            *(Text(line) for line in page.lines),
            Feed(1.5),
            Rule(),
            Feed(1.0),
            *(Text(glyphs, align=Align.LEFT) for glyphs in GLYPHS),
            Feed(1.0),
            *(
                Text(f"{weight.value} {_SAMPLE}", weight=weight, align=Align.LEFT)
                for weight in Weight
            ),
            Feed(1.0),
            *(Text(f"{size} mm {_SAMPLE}", size, align=Align.LEFT, floor=size) for size in _SIZES),
            Feed(1.0),
            Rule(0.125),
            Feed(1.0),
            Rule(0.25),
            Feed(1.0),
            Rule(0.375),
            Feed(2.0),
            Number("A025"),
            Feed(2.5),
            Code(page.code, page.code),
            *(line for code in DOSSIER_CODES for line in (Feed(1.5), Code(code, code))),
            Feed(1.5),
            Qr(page.url, page.url),
            Feed(1.5),
            Ruler(),
            Feed(2.0),
            Cut(),
        )
    )
